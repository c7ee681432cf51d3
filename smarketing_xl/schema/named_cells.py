"""Every named cell of the workbook, declared once: goals and the terms of the agreement."""

from __future__ import annotations

import datetime as dt

from smarketing_xl.i18n import N_
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Cell, Former, Kind
from smarketing_xl.schema.tables import CREDIT_BY, RATE_FROM, YES_NO

GOALS: tuple[Cell, ...] = (
    Cell("last_year_sales", N_("Last year's sales"), Kind.MONEY, "goals", 1_500_000, low=0),
    Cell("growth_target", N_("Growth target"), Kind.SHARE, "goals", 0.2, low=-1, high=10),
    Cell(
        "quota",
        N_("Quota"),
        Kind.MONEY,
        "goals",
        "=last_year_sales*(1+growth_target)",
        formula=formulas.quota_of_year("Lines[quota]", "last_year_sales", "growth_target"),
        low=0,
        help=N_(
            "Sales of the year: the sum of the lines, where there are any. Type over it to set it."
        ),
        formerly=Former(
            "QUOTA_FROM_GROWTH",
            ("last_year_sales", "growth_target"),
            lambda sales, growth: sales * (1 + growth),
        ),
    ),
    Cell(
        "existing_revenue",
        N_("of it from existing customers"),
        Kind.MONEY,
        "goals",
        0,
        low=0,
        help=N_("What customers of earlier years will bring: no lead is needed for it."),
        optional=True,
    ),
    Cell(
        "sales_revenue",
        N_("of it found by sales itself"),
        Kind.MONEY,
        "goals",
        0,
        low=0,
        help=N_("What sales brings without a lead from marketing."),
        optional=True,
    ),
    Cell(
        "avg_revenue",
        N_("Average revenue per customer (deal size)"),
        Kind.MONEY,
        "goals",
        6_000,
        low=0,
        help=N_("What one new customer brings in a year."),
    ),
    Cell(
        "revenue_spread",
        N_("Spread of that revenue"),
        Kind.SHARE,
        "goals",
        0.6,
        low=0,
        high=10,
        help=N_("Standard deviation over average: 0 % if all bring the same, 100 % varies a lot."),
        optional=True,
    ),
    Cell(
        "rate_from",
        N_("Lead-to-customer rate follows"),
        Kind.CHOICE,
        "goals",
        "typed",
        choices=RATE_FROM,
        help=N_("What is typed below, the funnel's stages, or what was measured."),
        optional=True,
    ),
    Cell(
        "typed_rate",
        N_("Lead-to-customer rate, typed"),
        Kind.SHARE,
        "goals",
        0.15,
        low=0,
        high=1,
        optional=True,
    ),
    Cell(
        "conv_rate",
        N_("Lead-to-customer rate"),
        Kind.SHARE,
        "goals",
        0.15,
        formula=formulas.conversion_rate(
            "rate_from",
            "typed_rate",
            "INDEX(MeasuredRates[conversion],1)",
            "Funnel[stage]",
            "Funnel[to_next]",
        ),
        low=0,
        high=1,
        help=N_("Share of leads that become customers, as chosen above. Type over it to set it."),
    ),
    Cell(
        "cycle_days",
        N_("Sales cycle"),
        Kind.WHOLE,
        "goals",
        45,
        low=0,
        high=1825,
        unit=N_("days"),
        help=N_("From the first contact to the signature, on average."),
    ),
    Cell("first_month", N_("First month"), Kind.MONTH, "goals", dt.date(2026, 1, 1)),
    Cell(
        "past_leads",
        N_("Leads counted last year"),
        Kind.WHOLE,
        "goals",
        2_000,
        low=0,
        help=N_("With the customers they became: how sure the lead-to-customer rate is."),
    ),
    Cell("past_won", N_("of which became customers"), Kind.WHOLE, "goals", 300, low=0),
    Cell(
        "example",
        N_("Example"),
        Kind.MONEY,
        "goals",
        help=N_("Its last year's sales: type your own above, and no sheet says Example."),
        optional=True,
    ),
)
ANSWERS: tuple[Cell, ...] = (
    Cell(
        "marketing_quota",
        N_("Marketing must bring"),
        Kind.MONEY,
        "goals",
        formula=formulas.unless_blank(
            formulas.marketing_quota("quota", "existing_revenue", "sales_revenue"), "quota"
        ),
        help=N_("The quota less what existing customers and sales bring by themselves."),
        optional=True,
    ),
    Cell(
        "customers_needed",
        N_("Customers needed"),
        Kind.WHOLE,
        "goals",
        formula=formulas.unless_blank(
            formulas.required_customers("marketing_quota", "avg_revenue"),
            "marketing_quota",
            "avg_revenue",
        ),
        help=N_("New customers from marketing's leads."),
    ),
    Cell(
        "leads_needed",
        N_("Leads needed"),
        Kind.WHOLE,
        "goals",
        formula=formulas.unless_blank(
            formulas.required_leads("marketing_quota", "avg_revenue", "conv_rate"),
            "marketing_quota",
            "avg_revenue",
            "conv_rate",
        ),
        help=N_("Customers needed, divided by the lead-to-customer rate."),
    ),
    Cell(
        "lead_worth",
        N_("Value of a lead"),
        Kind.MONEY,
        "goals",
        formula=formulas.unless_blank(
            formulas.lead_value("avg_revenue", "conv_rate"), "avg_revenue", "conv_rate"
        ),
        help=N_("Average revenue, times the lead-to-customer rate."),
    ),
    Cell(
        "quota_chance",
        N_("Probability to meet the quota"),
        Kind.SHARE,
        "goals",
        formula=formulas.unless_blank(
            formulas.quota_probability(
                "leads_needed",
                "customers_needed",
                "past_won",
                "past_leads",
                "marketing_quota",
                "avg_revenue",
                "revenue_spread",
            ),
            "leads_needed",
            "past_won",
            "past_leads",
        ),
        help=N_(
            "With that many leads, given how sure the lead-to-customer rate and the revenue are."
        ),
    ),
    *(
        Cell(
            f"leads_{round(100 * share)}",
            label,
            Kind.WHOLE,
            "goals",
            formula=f'=IF(COUNTIFS(LeadsForProbability[wanted],{share})=0,"",'
            f"INDEX(LeadsForProbability[leads],MATCH({share},LeadsForProbability[wanted],0)))",
            help=N_("By the table Leads for a probability, where you can type others."),
            optional=True,
        )
        for share, label in (
            (0.5, N_("Leads for 50 %")),
            (0.8, N_("Leads for 80 %")),
            (0.9, N_("Leads for 90 %")),
        )
    ),
)
CAPACITY_ANSWERS: tuple[Cell, ...] = (
    Cell(
        "lead_capacity",
        N_("Leads that sales can work"),
        Kind.WHOLE,
        "goals",
        formula="=SUM(Capacity[in_year])",
        help=N_("In the year, by the table Capacity; blank there: not known."),
        optional=True,
    ),
)


def _came_in_year(counted: str) -> str:
    return formulas.came_in_year(
        f"Outcomes[{counted}]", "as_of", f"Plan[came_{counted}]", "Plan[month]"
    )


YEAR: tuple[Cell, ...] = (
    Cell(
        "as_of",
        N_("As of"),
        Kind.DATE,
        "goals",
        formula='=IF(report_date<>"",INT(report_date),IF(COUNT(Outlook[as_of])=0,TODAY(),'
        "MAX(Outlook[as_of])))",
        help=N_("The day of the SLA's report, else that of the last forecast, else today."),
        optional=True,
    ),
    Cell(
        "month_passed",
        N_("Of this month passed by then"),
        Kind.SHARE,
        "goals",
        formula=formulas.month_passed(
            "as_of", "SlaMarketing[month]", "SlaMarketing[promised]", "SlaMarketing[to_date]"
        ),
        help=N_(
            "Of its working time, as the SLA counts it; before the SLA is filled, of its days."
        ),
        optional=True,
    ),
    Cell(
        "came_revenue",
        N_("Revenue so far"),
        Kind.MONEY,
        "goals",
        formula=_came_in_year("revenue"),
        help=N_("Of new customers won in the months of the plan, else in the calendar year."),
        optional=True,
    ),
    Cell(
        "quota_by_now",
        N_("Quota by then"),
        Kind.MONEY,
        "goals",
        formula=formulas.unless_blank(
            formulas.planned_by("as_of", "month_passed", "Plan[month]", "Plan[quota]"), "quota"
        ),
        help=N_("Months over, and this one as far as it has passed."),
        optional=True,
    ),
    Cell(
        "came_customers",
        N_("New customers so far"),
        Kind.WHOLE,
        "goals",
        formula=_came_in_year("customers"),
        optional=True,
    ),
    Cell(
        "customers_by_now",
        N_("Customers planned by then"),
        Kind.NUMBER,
        "goals",
        formula=formulas.unless_blank(
            formulas.planned_by("as_of", "month_passed", "Plan[month]", "Plan[customers]"),
            "customers_needed",
        ),
        optional=True,
    ),
    Cell(
        "came_leads",
        N_("Leads so far"),
        Kind.WHOLE,
        "goals",
        formula=_came_in_year("leads"),
        help=N_("Created in the same months; duplicates are not counted."),
        optional=True,
    ),
    Cell(
        "leads_by_now",
        N_("Leads due by then"),
        Kind.NUMBER,
        "goals",
        formula=formulas.unless_blank(
            formulas.planned_by("as_of", "month_passed", "Plan[month]", "Plan[leads_due]"),
            "leads_needed",
        ),
        optional=True,
    ),
    Cell(
        "expected_revenue",
        N_("Revenue expected in the year"),
        Kind.MONEY,
        "goals",
        formula='=IF(COUNT(Outlook[came])=0,"",INDEX(Outlook[came],1)'
        "+INDEX(Outlook[customers],1)*INDEX(Outlook[deal],1))",
        help=N_("What came and what is to come: the sheet Forecast says how sure that is."),
        optional=True,
    ),
    Cell(
        "year_chance",
        N_("Probability to end on quota"),
        Kind.SHARE,
        "goals",
        formula=formulas.unless_blank(
            formulas.forecast_probability(
                "INDEX(Outlook[deal],1)",
                "quota",
                "INDEX(Outlook[came],1)",
                "INDEX(Outlook[customers],1)",
                "INDEX(Outlook[deviation],1)",
                "INDEX(Outlook[deal],1)",
                "INDEX(Outlook[spread],1)",
            ),
            "quota",
        ),
        help=N_("Of what came, of leads and deals still open, and of leads still to come."),
        optional=True,
    ),
)
APART = "✗"
"""What a cell of AGREE begins with where two numbers differ that should not."""
AGREE: tuple[Cell, ...] = (
    Cell(
        "agree_shares",
        N_("Shares of the year"),
        Kind.TEXT,
        "goals",
        formula='=IF(ABS(SUM(Plan[share])-1)<=0.001,"✓","✗ "&FIXED(SUM(Plan[share])*100,1)&" %")',
        help=N_("The months' shares add up to 100 %; else months get their part of the quota."),
        optional=True,
    ),
    Cell(
        "agree_funnel",
        N_("Funnel and lead-to-customer rate"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            '=IF(COUNTIFS(Funnel[volume],">="&leads_needed-1,Funnel[volume],'
            '"<="&leads_needed+1)>0,"✓","✗ "&IFERROR(FIXED(INDEX(Funnel[volume],2),0),"?"))',
            "leads_needed",
        ),
        help=N_("A stage of the funnel needs as many leads as the goals; else its second does."),
        optional=True,
    ),
    Cell(
        "agree_rate",
        N_("Rate typed and rate counted"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            formulas.within_count(
                "conv_rate",
                "past_won",
                "past_leads",
                "INDEX(MeasuredRates[low],1)",
                "INDEX(MeasuredRates[high],1)",
            ),
            "conv_rate",
        ),
        help=N_("The rate lies where the leads measured, else last year's counted, allow, 95 %."),
        optional=True,
    ),
    Cell(
        "agree_lines",
        N_("Lines and goals"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            formulas.agree_lines("Lines[quota]", "Lines[leads]", "quota", "leads_needed"),
            "leads_needed",
        ),
        help=N_("Quota and leads of all lines / those of the goals."),
        optional=True,
    ),
    Cell(
        "agree_signed",
        N_("Agreement signed and goals"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            '=IF(N(signed_quota)=0,"✓",IF(AND(ABS(signed_quota/quota-1)<0.005,'
            'ABS(signed_leads/leads_needed-1)<0.005),"✓",'
            '"✗ "&FIXED(signed_quota,0)&", "&FIXED(signed_leads,0)))',
            "leads_needed",
        ),
        help=N_("Quota and leads of the last agreement / the goals now: print and sign it again."),
        optional=True,
    ),
    Cell(
        "agree_revenue",
        N_("Revenue typed and revenue seen"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            '=IF(came_customers=0,"✓",IF(ABS(came_revenue/came_customers/avg_revenue-1)<='
            '2*MAX(revenue_spread,0.05)/SQRT(came_customers),"✓",'
            '"✗ "&FIXED(came_revenue/came_customers,0)))',
            "avg_revenue",
        ),
        help=N_("What this year's new customers brought on average agrees with the revenue typed."),
        optional=True,
    ),
    Cell(
        "agree_promise",
        N_("SLA's promise and plan"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            "=IF(ABS(12*sla_leads-SUM(Plan[leads_due]))<=MAX(12,0.02*SUM(Plan[leads_due])),"
            '"✓","✗ "&FIXED(12*sla_leads,0)&" / "&FIXED(SUM(Plan[leads_due]),0))',
            "sla_leads",
        ),
        help=N_("Leads promised in twelve months / leads that the plan has due in them."),
        optional=True,
    ),
    Cell(
        "agree_capacity",
        N_("Capacity and need"),
        Kind.TEXT,
        "goals",
        formula=formulas.unless_blank(
            '=IF(OR(N(lead_capacity)=0,lead_capacity>=leads_needed),"✓",'
            '"✗ "&FIXED(lead_capacity,0)&" / "&FIXED(leads_needed,0))',
            "leads_needed",
        ),
        help=N_("Leads that the salespeople can work in the year / leads needed."),
        optional=True,
    ),
)
TERMS: tuple[Cell, ...] = (
    Cell(
        "sla_leads",
        N_("Leads per month"),
        Kind.WHOLE,
        "sla",
        formula=formulas.unless_blank("=ROUNDUP(leads_needed/12,0)", "leads_needed"),
        low=0,
        help=N_(
            "As the plan has them due by month, else a twelfth of the year's. Type over it to set."
        ),
    ),
    Cell("sla_qualified", N_("Qualified leads per month"), Kind.WHOLE, "sla", 60, low=0),
    Cell("sla_attempts", N_("Attempts per lead"), Kind.WHOLE, "sla", 4, low=0, high=100),
    Cell(
        "sla_attempt_days",
        N_("Attempts within"),
        Kind.WHOLE,
        "sla",
        10,
        low=1,
        high=365,
        unit=N_("working days"),
    ),
    Cell(
        "sla_decide_days",
        N_("Accept or reject within"),
        Kind.WHOLE,
        "sla",
        5,
        low=0,
        high=365,
        unit=N_("working days"),
    ),
    Cell(
        "office_open",
        N_("Office opens"),
        Kind.CLOCK,
        "sla",
        9,
        help=N_("A clock time such as 9:00; or all shifts of a day: 9:00-14:00, 16:00-19:00."),
    ),
    Cell(
        "office_close",
        N_("Office closes"),
        Kind.CLOCK,
        "sla",
        18,
        help=N_("A clock time such as 18:00; before it opens: on the next morning."),
    ),
    Cell(
        "office_other",
        N_("Other hours"),
        Kind.TEXT,
        "sla",
        help=N_("Of some days or months: 5: 8-15; Aug: 8-15; Dec 5: closed. 5 is Friday."),
        optional=True,
    ),
    Cell(
        "office_days",
        N_("Working days"),
        Kind.TEXT,
        "sla",
        "1-5",
        help=N_("1 is Monday: 1-5, or 1,2,3,4,6."),
    ),
    Cell(
        "contact_kinds",
        N_("Counts as contact"),
        Kind.TEXT,
        "sla",
        N_("Call; Meeting; Message; E-mail answered"),
        help=N_("Types of interaction, as on the sheet Interactions, with ; between them."),
        optional=True,
    ),
    Cell(
        "holiday_country",
        N_("Public holidays of"),
        Kind.TEXT,
        "sla",
        "ES",
        help=N_("Two-letter country, with a region if needed: ES, ES-MD, US-CA. Blank: none."),
    ),
    Cell(
        "office_zone",
        N_("Time zone of the office"),
        Kind.TEXT,
        "sla",
        help=N_("Such as Europe/Madrid. Blank: as in the tables."),
    ),
    Cell(
        "data_zone",
        N_("Time zone of the tables"),
        Kind.TEXT,
        "sla",
        help=N_("If the CRM exports another, such as UTC. Blank: that of the office."),
    ),
    Cell(
        "report_date",
        N_("As of"),
        Kind.TIME,
        "sla",
        help=N_("Blank: now."),
    ),
)
AGREEMENT: tuple[Cell, ...] = (
    Cell("company", N_("Company"), Kind.TEXT, "sla", help=N_("As it signs the agreement.")),
    Cell("marketing_head", N_("For marketing"), Kind.TEXT, "sla", help=N_("Who signs.")),
    Cell("sales_head", N_("For sales"), Kind.TEXT, "sla", help=N_("Who signs.")),
    Cell("agreed_from", N_("Valid from"), Kind.DATE, "sla"),
    Cell("agreed_to", N_("Valid to"), Kind.DATE, "sla"),
)
LEARNING: tuple[Cell, ...] = (
    Cell(
        "lost_after_days",
        N_("Open leads count as lost after"),
        Kind.WHOLE,
        "sla",
        low=1,
        high=3650,
        unit=N_("days"),
        help=N_("For Learn persona: leads that nobody closed. Blank: open leads teach nothing."),
        optional=True,
    ),
)
SIGNED: tuple[Cell, ...] = (
    Cell(
        "signed_quota",
        N_("Quota of the last agreement"),
        Kind.MONEY,
        "sla",
        low=0,
        help=N_("Written by Agreement PDF; the goals are compared with it."),
        optional=True,
    ),
    Cell(
        "signed_leads",
        N_("Leads of the last agreement"),
        Kind.WHOLE,
        "sla",
        low=0,
        help=N_("Leads that its quota needs."),
        optional=True,
    ),
)
ATTRIBUTION_SETTINGS: tuple[Cell, ...] = (
    Cell(
        "credit_by",
        N_("Credit by"),
        Kind.CHOICE,
        "attribution",
        "customers",
        choices=CREDIT_BY,
        help=N_("What the models share out: customers, revenue or margin."),
    ),
    Cell(
        "lookback_days",
        N_("Look-back"),
        Kind.WHOLE,
        "attribution",
        180,
        low=1,
        high=3650,
        unit=N_("days"),
        help=N_("Touches longer before the sale do not count."),
    ),
    Cell(
        "open_days",
        N_("Open after the last touch"),
        Kind.WHOLE,
        "attribution",
        low=1,
        high=3650,
        unit=N_("days"),
        help=N_("After so many days without a touch a lead counts as lost. Blank: the look-back."),
    ),
    Cell(
        "count_open",
        N_("Open counts as lost"),
        Kind.YES_NO,
        "attribution",
        "no",
        choices=YES_NO,
        help=N_("No: leads without a sale count as far as sales of their age are known."),
    ),
    Cell(
        "skip_direct",
        N_("Skip direct visits"),
        Kind.YES_NO,
        "attribution",
        "no",
        choices=YES_NO,
        help=N_("Yes: direct visits get credit only where a journey has no other touch."),
    ),
    Cell(
        "merge_repeats",
        N_("Merge repeated touches"),
        Kind.YES_NO,
        "attribution",
        "no",
        choices=YES_NO,
        help=N_("Yes: touches of the same channel in a row count once."),
    ),
    Cell(
        "half_life_days",
        N_("Half-life of time decay"),
        Kind.NUMBER,
        "attribution",
        7,
        low=0.01,
        high=3650,
        unit=N_("days"),
    ),
    Cell(
        "first_weight",
        N_("Weight of the first touch"),
        Kind.SHARE,
        "attribution",
        0.4,
        low=0,
        high=1,
    ),
    Cell(
        "last_weight", N_("Weight of the last touch"), Kind.SHARE, "attribution", 0.4, low=0, high=1
    ),
    Cell(
        "markov_order",
        N_("Memory of Markov"),
        Kind.WHOLE,
        "attribution",
        1,
        low=1,
        high=4,
        unit=N_("touches"),
        help=N_("How many touches back the next step depends on."),
    ),
    Cell(
        "elasticity",
        N_("Response to spend"),
        Kind.NUMBER,
        "attribution",
        0.5,
        low=0.01,
        high=0.99,
        help=N_("1 % more spent on a channel brings so many % more revenue."),
    ),
    Cell(
        "most_change",
        N_("Largest change of budget"),
        Kind.SHARE,
        "attribution",
        0.3,
        low=0,
        high=10,
        help=N_("No channel's share moves by more, unless you type limits for it."),
    ),
    Cell(
        "by_company",
        N_("Journeys of companies"),
        Kind.YES_NO,
        "attribution",
        "no",
        choices=YES_NO,
        help=N_("Yes: all people of a company (column Company) walk one journey."),
        optional=True,
    ),
)
OWN_CURRENCY = Cell(
    "own_currency",
    N_("Our currency"),
    Kind.TEXT,
    "rates",
    help=N_("Three letters, such as USD. Imports turn amounts in others into it, by the rates."),
    optional=True,
)

_ENTERED = {
    "last_year_sales", "growth_target", "avg_revenue", "revenue_spread", "typed_rate", "cycle_days",
    "first_month", "past_leads", "past_won", "example", "sla_qualified", "sla_attempts",
    "sla_attempt_days", "sla_decide_days", "holiday_country",
}  # fmt: skip
TO_ENTER: tuple[Cell, ...] = tuple(cell for cell in (*GOALS, *TERMS) if cell.name in _ENTERED)
"""Inputs that nobody can know but the teams: blank in a new workbook."""

CELLS: tuple[Cell, ...] = (
    *GOALS, *ANSWERS, *CAPACITY_ANSWERS, *YEAR, *AGREE, *TERMS, *AGREEMENT, *LEARNING, *SIGNED,
    *ATTRIBUTION_SETTINGS, OWN_CURRENCY,
)  # fmt: skip
