"""Step 2: the funnel, the plan, scenarios."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.intervals import AT_LEAST_AT_MOST, interval

_PART = "IF(quota=0,1,marketing_quota/quota)"
"""What marketing must bring of every month's quota."""
_REVENUE = ("[@avg_revenue]", "avg_revenue")
_RATE = ("[@conv_rate]", "conv_rate")
_MONTHS = ("[@month]", "Plan[month]", "Plan[quota]", _PART)

FUNNEL = Table(
    "Funnel",
    "goals",
    (
        Column("stage", N_("Stage"), required=True, width=18),
        Column(
            "to_next",
            N_("Conversion to next"),
            Kind.SHARE,
            help=N_("Share of this stage that reaches the next; blank in the last row."),
            width=18,
        ),
        Column(
            "volume",
            N_("Needed"),
            Kind.WHOLE,
            ours=True,
            formula=formulas.unless_blank(
                formulas.stage_volume(
                    "marketing_quota", "avg_revenue", "[@to_next]", "Funnel[to_next]"
                ),
                "marketing_quota",
                "avg_revenue",
                "INDEX(Funnel[to_next],1)",
            ),
        ),
    ),
    key=("stage",),
)
PLAN = Table(
    "Plan",
    "goals",
    (
        Column("month", N_("Month"), Kind.MONTH, required=True),
        Column("share", N_("Share of the year"), Kind.SHARE, required=True, width=16),
        Column(
            "quota",
            N_("Quota"),
            Kind.MONEY,
            formula=formulas.unless_blank(
                formulas.month_quota("quota", "[@share]", "Plan[share]"), "quota"
            ),
        ),
        Column(
            "customers",
            N_("Customers"),
            Kind.WHOLE,
            formula=formulas.unless_blank(
                formulas.month_customers(*_MONTHS, "avg_revenue"), "quota", "avg_revenue"
            ),
        ),
        Column(
            "leads",
            N_("Leads"),
            Kind.WHOLE,
            formula=formulas.unless_blank(
                formulas.month_leads(*_MONTHS, "avg_revenue", "conv_rate"),
                "quota",
                "avg_revenue",
                "conv_rate",
            ),
        ),
        Column(
            "leads_due",
            N_("Leads due"),
            Kind.WHOLE,
            ours=True,
            formula=formulas.unless_blank(
                formulas.leads_due(*_MONTHS, "avg_revenue", "conv_rate", "cycle_days"),
                "quota",
                "avg_revenue",
                "conv_rate",
            ),
            help=N_("Leads to bring in this month so that the sales of later months can close."),
        ),
        Column(
            "came_revenue",
            N_("Revenue that came"),
            Kind.MONEY,
            formula=formulas.came("[@month]", "Outcomes[revenue]"),
        ),
        Column(
            "came_customers",
            N_("New customers"),
            Kind.WHOLE,
            formula=formulas.came("[@month]", "Outcomes[customers]"),
            width=11,
        ),
        Column(
            "came_leads",
            N_("Leads that came"),
            Kind.WHOLE,
            formula=formulas.came("[@month]", "Outcomes[leads]"),
            width=11,
        ),
        Column(
            "came_qualified",
            N_("Qualified that came"),
            Kind.WHOLE,
            formula=formulas.came("[@month]", "Outcomes[qualified]"),
            width=11,
        ),
        Column(
            "total",
            N_("Revenue, added up"),
            Kind.MONEY,
            formula=formulas.so_far("[@month]", "Plan[month]", "Plan[came_revenue]", "as_of"),
        ),
        Column(
            "gap",
            N_("Ahead (+) or behind (-)"),
            Kind.MONEY,
            formula=formulas.unless_blank(
                formulas.gap(
                    "[@month]",
                    "Plan[month]",
                    "Plan[came_revenue]",
                    "Plan[quota]",
                    "as_of",
                    "month_passed",
                ),
                "quota",
            ),
            help=N_("Revenue that came less the quota, both added up; this month's as it passes."),
        ),
        Column(
            "expected",
            N_("Revenue expected"),
            Kind.MONEY,
            formula=formulas.expected_in("[@month]", "Outlook[expected]", "Outlook[name]"),
            help=N_("What came and what is to come, as Update plan forecast it."),
        ),
    ),
    key=("month",),
)

SCENARIOS = Table(
    "Scenarios",
    "goals",
    (
        Column("scenario", N_("Scenario"), required=True, width=20),
        Column("quota", N_("Quota"), Kind.MONEY, required=True),
        Column("avg_revenue", N_("Revenue per customer"), Kind.MONEY, required=True),
        Column("conv_rate", N_("Lead-to-customer rate"), Kind.SHARE, required=True),
        Column(
            "customers",
            N_("Customers needed"),
            Kind.WHOLE,
            formula=formulas.unless_blank(
                formulas.required_customers("[@quota]", "[@avg_revenue]"),
                "[@quota]",
                "[@avg_revenue]",
            ),
        ),
        Column(
            "leads",
            N_("Leads needed"),
            Kind.WHOLE,
            formula=formulas.unless_blank(
                formulas.required_leads("[@quota]", "[@avg_revenue]", "[@conv_rate]"),
                "[@quota]",
                "[@avg_revenue]",
                "[@conv_rate]",
            ),
        ),
        Column(
            "chance",
            N_("Chance with the plan's leads"),
            Kind.SHARE,
            formula=formulas.unless_blank(
                formulas.quota_probability(
                    "leads_needed",
                    "[@customers]",
                    "ROUND([@conv_rate]*past_leads,0)",
                    "past_leads",
                    "[@quota]",
                    "[@avg_revenue]",
                    "revenue_spread",
                ),
                "leads_needed",
                "past_leads",
                "[@customers]",
                "[@conv_rate]",
            ),
            help=N_("Probability to meet the quota with the leads that the goals above ask for."),
        ),
    ),
    key=("scenario",),
    help=N_("Quotas, revenues and conversion rates side by side: type what might come."),
)
LINES = Table(
    "Lines",
    "goals",
    (
        Column("line", N_("Line"), required=True, width=16),
        Column("quota", N_("Quota"), Kind.MONEY, help=N_("The goals' quota is their sum.")),
        Column(
            "avg_revenue",
            N_("Revenue per customer"),
            Kind.MONEY,
            help=N_("Blank: as the goals say."),
        ),
        Column(
            "conv_rate",
            N_("Lead-to-customer rate"),
            Kind.SHARE,
            help=N_("Blank: as the goals say."),
        ),
        Column(
            "customers",
            N_("Customers needed"),
            Kind.WHOLE,
            formula=formulas.line_customers("[@quota]", _PART, *_REVENUE),
        ),
        Column(
            "leads",
            N_("Leads needed"),
            Kind.WHOLE,
            formula=formulas.line_leads("[@quota]", _PART, *_REVENUE, *_RATE),
        ),
        Column(
            "capacity",
            N_("Leads that sales can work"),
            Kind.WHOLE,
            width=12,
            formula='=IF(COUNTIFS(Capacity[line],[@line])=0,"",'
            "SUMIFS(Capacity[in_year],Capacity[line],[@line]))",
            help=N_("In the year, by the table Capacity."),
        ),
        *(
            Column(
                f"came_{key}",
                label,
                kind,
                formula=formulas.of_line("[@line]", f"Outcomes[{key}]", "Plan[month]"),
                width=12,
            )
            for key, label, kind in (
                ("leads", N_("Leads that came"), Kind.WHOLE),
                ("customers", N_("New customers"), Kind.WHOLE),
                ("revenue", N_("Revenue that came"), Kind.MONEY),
            )
        ),
        Column(
            "cost",
            N_("Cost"),
            Kind.MONEY,
            formula=formulas.of_line("[@line]", "Spend[cost]", "Plan[month]", "Spend[line]"),
            help=N_("Of the sheet Spend, in the months of the plan."),
        ),
        Column(
            "cac",
            N_("Cost per customer"),
            Kind.MONEY,
            width=12,
            formula='=IF(OR([@cost]="",N([@came_customers])=0),"",[@cost]/[@came_customers])',
        ),
    ),
    key=("line",),
    help=N_("Lines: teams, regions or products; what each must bring, and what came"),
)
CAPACITY = Table(
    "Capacity",
    "goals",
    (
        Column("seller", N_("Salesperson"), width=18, required=True),
        Column("line", N_("Line"), width=14, help=N_("Team, region or product; blank: all.")),
        Column("start", N_("Starts"), Kind.MONTH, help=N_("Blank: there from the first month.")),
        Column("end", N_("Leaves"), Kind.MONTH, help=N_("The last month; blank: stays.")),
        Column(
            "ramp",
            N_("Ramp in months"),
            Kind.NUMBER,
            width=10,
            help=N_("Months until a new salesperson works as many leads as the others."),
        ),
        Column("leads", N_("Leads a month"), Kind.NUMBER, width=10),
        Column(
            "quota",
            N_("Quota"),
            Kind.MONEY,
            help=N_("Of the year. The sheet Forecast says how likely it is; blank: none."),
        ),
        Column(
            "in_year",
            N_("Leads in the year"),
            Kind.WHOLE,
            formula=formulas.unless_blank(
                formulas.sales_capacity("[@start]", "[@end]", "[@ramp]", "[@leads]", "first_month"),
                "first_month",
            ),
            width=11,
        ),
    ),
    key=("seller", "line"),
    help=N_("Capacity: leads that sales can work"),
)
MEASURED_RATES = Table(
    "MeasuredRates",
    "goals",
    (
        Column("line", N_("Line"), ours=True, width=16, help=N_("Blank: all of them.")),
        Column("first", N_("Leads from"), Kind.DATE, ours=True, width=12),
        Column("last", N_("until"), Kind.DATE, ours=True, width=12),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("won", N_("Won"), Kind.WHOLE, ours=True, width=8),
        Column(
            "conversion",
            N_("Lead-to-customer rate"),
            Kind.SHARE,
            ours=True,
            width=11,
            decimals=1,
            help=N_("Within a year; leads still on their way are allowed for."),
        ),
        *interval(decimals=1, labels=AT_LEAST_AT_MOST),
        Column("priced", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column(
            "avg_revenue", N_("Average revenue per customer (deal size)"), Kind.MONEY, ours=True
        ),
        Column("spread", N_("Its spread"), Kind.SHARE, ours=True, width=9),
        Column("dated", N_("Sales with dates"), Kind.WHOLE, ours=True, width=11),
        Column(
            "cycle_days",
            N_("Sales cycle"),
            Kind.WHOLE,
            ours=True,
            width=9,
            help=N_("Median days from lead to sale."),
        ),
    ),
    key=("line",),
    help=N_("What was measured: rates to take into the goals, and from how many"),
)
_SURE = ("past_won", "past_leads")
_TO_BRING = ("customers_needed", *_SURE, "marketing_quota", "avg_revenue", "revenue_spread")
_WANTED = ("[@wanted]", "[@unsure]")
LEADS_FOR_PROBABILITY = Table(
    "LeadsForProbability",
    "goals",
    (
        Column(
            "wanted",
            N_("Probability wanted"),
            Kind.SHARE,
            required=True,
            width=12,
            help=N_("To meet the quota. Type another, above 0 % and below 100 %."),
        ),
        Column(
            "leads",
            N_("Leads needed"),
            Kind.WHOLE,
            formula=formulas.leads_for_probability(
                "[@wanted]",
                "marketing_quota",
                "[@unsure]",
                "[@try3]",
                "[@likely3]",
                "[@try2]",
                "[@likely2]",
            ),
        ),
        Column(
            "chance",
            N_("Probability with so many"),
            Kind.SHARE,
            decimals=1,
            formula="=IF(ISNUMBER([@leads]),"
            + formulas.quota_probability("[@leads]", *_TO_BRING)[1:]
            + ",[@leads])",
        ),
        Column(
            "unsure",
            N_("How unsure"),
            Kind.NUMBER,
            decimals=3,
            formula=formulas.unless_blank(
                formulas.how_unsure(
                    "[@wanted]", "marketing_quota", "avg_revenue", *_SURE, "revenue_spread"
                ),
                "marketing_quota",
                "avg_revenue",
                *_SURE,
            ),
            help=N_(
                "Here and at the right: how the leads are found, step by step; told from a handful "
                "of leads, they may end a few leads beside."
            ),
        ),
        Column(
            "try1",
            N_("First try"),
            Kind.WHOLE,
            formula=formulas.first_try(*_WANTED, "marketing_quota", "avg_revenue", *_SURE),
            width=10,
        ),
        Column(
            "likely1",
            N_("its normal deviate"),
            Kind.NUMBER,
            decimals=3,
            formula=formulas.how_likely("[@wanted]", "[@try1]", *_TO_BRING),
            width=10,
        ),
        Column(
            "try2",
            N_("Second try"),
            Kind.WHOLE,
            formula=formulas.next_try(*_WANTED, "[@try1]", "[@likely1]"),
            width=10,
        ),
        Column(
            "likely2",
            N_("normal deviate of the second"),
            Kind.NUMBER,
            decimals=3,
            formula=formulas.how_likely("[@wanted]", "[@try2]", *_TO_BRING),
            width=10,
        ),
        Column(
            "try3",
            N_("Third try"),
            Kind.WHOLE,
            formula=formulas.next_try(*_WANTED, "[@try2]", "[@likely2]", "[@try1]", "[@likely1]"),
            width=10,
        ),
        Column(
            "likely3",
            N_("normal deviate of the third"),
            Kind.NUMBER,
            decimals=3,
            formula=formulas.how_likely("[@wanted]", "[@try3]", *_TO_BRING),
            width=10,
        ),
    ),
    key=("wanted",),
    help=N_("Leads for a probability to meet the quota"),
)
