"""Step 2: the funnel, the plan, scenarios."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Column, Kind, Table

_PART = "IF(quota=0,1,marketing_quota/quota)"
"""What marketing must bring of every month's quota."""
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
                    "[@month]", "Plan[month]", "Plan[came_revenue]", "Plan[quota]", "as_of"
                ),
                "quota",
            ),
            help=N_("Revenue that came, added up, less the quota, added up."),
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
