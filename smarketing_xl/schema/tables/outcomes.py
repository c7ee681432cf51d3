"""What came: leads, customers and revenue by month, from the one account; the measured funnel."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Choices, Column, Kind, Table
from smarketing_xl.schema.tables.intervals import AT_LEAST_AT_MOST, interval

FUNNEL_GROUPS = Choices(
    "FunnelGroups",
    {
        "all": N_("All"),
        "month": N_("Month"),
        "source": N_("Source"),
        "owner": N_("Owner"),
        "persona": N_("Best persona"),
        "line": N_("Line"),
    },
)
OUTCOMES = Table(
    "Outcomes",
    "outcomes",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True, help=N_("Blank: nothing dates them.")),
        Column("line", N_("Line"), ours=True, width=14),
        Column("owner", N_("Owner"), ours=True, width=18),
        Column(
            "leads",
            N_("Leads"),
            Kind.WHOLE,
            ours=True,
            width=9,
            help=N_("Created in the month; duplicates and merged leads are not counted."),
        ),
        Column("qualified", N_("Qualified (MQL)"), Kind.WHOLE, ours=True, width=12),
        Column("accepted", N_("Accepted (SAL)"), Kind.WHOLE, ours=True, width=12),
        Column("opportunities", N_("Opportunities (SQL)"), Kind.WHOLE, ours=True, width=14),
        Column(
            "won",
            N_("Won so far"),
            Kind.WHOLE,
            ours=True,
            width=10,
            help=N_("Of the leads created in the month."),
        ),
        Column(
            "customers",
            N_("New customers"),
            Kind.WHOLE,
            ours=True,
            width=11,
            help=N_("Won in the month, whenever their lead came."),
        ),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
    ),
    key=("month", "line", "owner"),
    help=N_("What came, by month: every sheet reads these numbers"),
)
MEASURED_FUNNEL = Table(
    "MeasuredFunnel",
    "outcomes",
    (
        Column("group", N_("By"), Kind.CHOICE, ours=True, choices=FUNNEL_GROUPS, width=17),
        Column("name", N_("Which"), ours=True, width=13),
        Column(
            "stage",
            N_("Stage"),
            ours=True,
            help=N_("A lead that reached a stage reached those before it."),
            width=26,
        ),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column(
            "conversion",
            N_("Conversion"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("Of the stage before; leads still on their way are allowed for."),
        ),
        *interval(labels=AT_LEAST_AT_MOST),
        Column(
            "of_all",
            N_("Of all leads"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("The same, of all leads."),
        ),
        Column("median", N_("Median days"), Kind.NUMBER, ours=True, width=10),
        Column("most", N_("90 % within"), Kind.NUMBER, ours=True, width=10),
    ),
    key=("group", "name", "stage"),
    help=N_("The measured funnel: from lead to customer"),
)
PIPELINE = Table(
    "Pipeline",
    "outcomes",
    (
        Column("owner", N_("Owner"), ours=True, width=18),
        Column("deals", N_("Open deals"), Kind.WHOLE, ours=True, width=10),
        Column("amount", N_("Amount"), Kind.MONEY, ours=True),
        Column(
            "weighted",
            N_("Weighted by stage"),
            Kind.MONEY,
            ours=True,
            width=14,
            help=N_("Amount x probability of its stage, else the share of closed deals won."),
        ),
        Column("past_due", N_("Past their date"), Kind.WHOLE, ours=True, width=11),
        Column("without_amount", N_("Without an amount"), Kind.WHOLE, ours=True, width=12),
    ),
    key=("owner",),
    help=N_("Open deals, by owner"),
)
UNMATCHED = Table(
    "Unmatched",
    "outcomes",
    (
        Column("table", N_("Table"), ours=True, width=13),
        Column("row_id", N_("ID"), ours=True, width=14),
        Column("lead_id", N_("Lead ID"), ours=True, width=14),
        Column("reason", N_("Why"), ours=True, width=44),
    ),
    key=("table", "row_id"),
    help=N_("Deals and customers that belong to no lead"),
)
