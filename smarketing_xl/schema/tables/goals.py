"""Step 2: the funnel, the plan, scenarios."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Column, Kind, Table

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
            formula=formulas.stage_volume("quota", "avg_revenue", "[@to_next]", "Funnel[to_next]"),
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
        Column("quota", N_("Quota"), Kind.MONEY, formula="=quota*[@share]"),
        Column(
            "customers",
            N_("Customers"),
            Kind.WHOLE,
            formula=formulas.required_customers("[@quota]", "avg_revenue"),
        ),
        Column(
            "leads",
            N_("Leads"),
            Kind.WHOLE,
            formula=formulas.required_leads("[@quota]", "avg_revenue", "conv_rate"),
        ),
        Column(
            "leads_due",
            N_("Leads due"),
            Kind.WHOLE,
            ours=True,
            formula=formulas.leads_due(
                "[@month]", "Plan[month]", "Plan[quota]", "avg_revenue", "conv_rate", "cycle_days"
            ),
            help=N_("Leads to bring in this month so that the sales of later months can close."),
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
        Column("conv_rate", N_("Conversion rate"), Kind.SHARE, required=True),
        Column(
            "customers",
            N_("Customers needed"),
            Kind.WHOLE,
            formula=formulas.required_customers("[@quota]", "[@avg_revenue]"),
        ),
        Column(
            "leads",
            N_("Leads needed"),
            Kind.WHOLE,
            formula=formulas.required_leads("[@quota]", "[@avg_revenue]", "[@conv_rate]"),
        ),
        Column(
            "chance",
            N_("Chance with the plan's leads"),
            Kind.SHARE,
            formula=formulas.quota_probability(
                "leads_needed",
                "[@customers]",
                "ROUND([@conv_rate]*past_leads,0)",
                "past_leads",
            ),
            help=N_("Probability to meet the quota with the leads that the goals above ask for."),
        ),
    ),
    key=("scenario",),
    help=N_("Quotas, revenues and conversion rates side by side: type what might come."),
)
