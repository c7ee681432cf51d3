"""Step 3: the agreement, promised against delivered."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import DUTIES, PACES, SLA_STATUSES
from smarketing_xl.schema.tables.intervals import AT_LEAST_AT_MOST, interval

_FORECAST = (
    Column(
        "forecast",
        N_("Leads expected"),
        Kind.WHOLE,
        ours=True,
        width=12,
        help=N_("By the end of the month, going on as this month and those before it."),
    ),
    Column(
        "low", N_("at least"), Kind.WHOLE, ours=True, width=9, help=N_("In nine of ten months.")
    ),
    Column(
        "high", N_("at most"), Kind.WHOLE, ours=True, width=9, help=N_("In nine of ten months.")
    ),
)
SLA_MARKETING = Table(
    "SlaMarketing",
    "sla",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True),
        Column("promised", N_("Leads promised"), Kind.WHOLE, ours=True, width=16),
        Column(
            "planned",
            N_("Leads due"),
            Kind.WHOLE,
            width=11,
            formula='=IF(COUNTIFS(Plan[month],[@month])=0,"",'
            "SUMIFS(Plan[leads_due],Plan[month],[@month]))",
            help=N_("By the plan as it is now; blank beyond it."),
            optional=True,
        ),
        Column("delivered", N_("Leads delivered"), Kind.WHOLE, ours=True, width=16),
        Column("promised_qualified", N_("Qualified promised"), Kind.WHOLE, ours=True, width=18),
        Column("delivered_qualified", N_("Qualified delivered"), Kind.WHOLE, ours=True, width=18),
        Column(
            "to_date",
            N_("Promised to date"),
            Kind.NUMBER,
            ours=True,
            width=16,
            help=N_("The promised leads, in proportion to the working time that has passed."),
        ),
        Column(
            "pace",
            N_("Pace"),
            Kind.SHARE,
            ours=True,
            width=9,
            help=N_("Delivered for each promised to date; leads or qualified, the one behind."),
        ),
        *_FORECAST,
        Column("state", N_("State"), Kind.CHOICE, ours=True, choices=PACES, width=13),
    ),
    key=("month",),
)
SLA_PROMISES = Table(
    "SlaPromises",
    "sla",
    (
        Column(
            "group",
            N_("Grade or persona"),
            width=20,
            help=N_("A grade or a persona of which marketing promises a number of its own."),
        ),
        Column("promised", N_("Leads promised a month"), Kind.WHOLE, width=16),
        Column("delivered", N_("Delivered this month"), Kind.WHOLE, ours=True, width=14),
        Column("to_date", N_("Promised to date"), Kind.NUMBER, ours=True, width=14),
        Column("pace", N_("Pace"), Kind.SHARE, ours=True, width=9),
        *_FORECAST,
        Column("value_promised", N_("Value promised"), Kind.MONEY, ours=True, width=16),
        Column(
            "value_delivered",
            N_("Value delivered"),
            Kind.MONEY,
            ours=True,
            width=16,
            help=N_("Leads x lead-to-customer rate x average revenue."),
        ),
        Column("state", N_("State"), Kind.CHOICE, ours=True, choices=PACES, width=13),
    ),
    key=("group",),
    help=N_("Marketing: promises by grade or persona, this month"),
)
SLA_SALES = Table(
    "SlaSales",
    "sla",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True),
        Column("owner", N_("Owner"), ours=True, width=18),
        Column("assigned", N_("Assigned"), Kind.WHOLE, ours=True, width=10),
        Column(
            "judged",
            N_("of which were due"),
            Kind.WHOLE,
            ours=True,
            width=10,
            help=N_("Leads promised a contact that were contacted, or whose time is over."),
            optional=True,
        ),
        Column("in_time", N_("Contacted in time"), Kind.WHOLE, ours=True, width=16),
        Column("in_time_share", N_("Share in time"), Kind.SHARE, ours=True, width=13),
        Column("median_hours", N_("Median hours"), Kind.NUMBER, ours=True, width=13),
        Column("attempts", N_("Attempts per lead"), Kind.NUMBER, ours=True, width=16),
        Column("accepted", N_("Accepted"), Kind.WHOLE, ours=True, width=10),
        Column(
            "outside",
            N_("of which outside the persona"),
            Kind.WHOLE,
            ours=True,
            width=15,
            help=N_("Accepted by sales though their grade is not a qualified one."),
        ),
        Column(
            "by_hand",
            N_("Grades by hand"),
            Kind.WHOLE,
            ours=True,
            width=14,
            help=N_("Leads whose grade someone typed over the one of the rules."),
        ),
        Column("rejected", N_("Rejected"), Kind.WHOLE, ours=True, width=10),
        Column("reasons", N_("Reasons"), ours=True, width=30),
        Column("undecided", N_("Undecided"), Kind.WHOLE, ours=True, width=11),
        Column("won", N_("Won"), Kind.WHOLE, ours=True, width=8),
    ),
    key=("month", "owner"),
)

SLA_LINES = Table(
    "SlaLines",
    "sla",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True),
        Column("line", N_("Line"), ours=True, width=16),
        Column(
            "promised",
            N_("Leads promised"),
            Kind.NUMBER,
            ours=True,
            width=12,
            help=N_("The month's promise, parted as the lines need leads (table Lines)."),
        ),
        Column("delivered", N_("Leads delivered"), Kind.WHOLE, ours=True, width=12),
        Column("delivered_qualified", N_("Qualified delivered"), Kind.WHOLE, ours=True, width=12),
        Column("assigned", N_("Assigned"), Kind.WHOLE, ours=True, width=10),
        Column("judged", N_("of which were due"), Kind.WHOLE, ours=True, width=10),
        Column("in_time", N_("Contacted in time"), Kind.WHOLE, ours=True, width=12),
        Column("in_time_share", N_("Share in time"), Kind.SHARE, ours=True, width=10),
        Column(
            "late",
            N_("Late now"),
            Kind.WHOLE,
            ours=True,
            width=9,
            help=N_("Leads of that month that are late today."),
        ),
        Column("accepted", N_("Accepted"), Kind.WHOLE, ours=True, width=10),
        Column("rejected", N_("Rejected"), Kind.WHOLE, ours=True, width=10),
        Column("won", N_("Won"), Kind.WHOLE, ours=True, width=8),
    ),
    key=("month", "line"),
    help=N_("By line: what was promised, delivered and worked"),
)
SLA_LATE = Table(
    "SlaLate",
    "sla",
    (
        Column("owner", N_("Owner"), ours=True, width=18),
        Column("lead_id", N_("Lead ID"), ours=True, width=11),
        Column("name", N_("Name"), ours=True, width=22),
        Column("company", N_("Company"), ours=True, width=22),
        Column("phone", N_("Phone"), ours=True, width=18),
        Column("grade", N_("Grade"), ours=True, width=8),
        Column("duty", N_("What is due"), Kind.CHOICE, ours=True, choices=DUTIES, width=18),
        Column("due", N_("Due"), Kind.TIME, ours=True, width=17),
        Column(
            "hours_late",
            N_("Office hours late"),
            Kind.NUMBER,
            ours=True,
            width=12,
            decimals=0,
            help=N_("Negative: so many are left."),
        ),
        Column(
            "sla_status", N_("SLA status"), Kind.CHOICE, ours=True, choices=SLA_STATUSES, width=13
        ),
    ),
    key=("lead_id", "duty"),
    help=N_("Late or about to be: worst first"),
)
SLA_CONTACT = Table(
    "SlaContact",
    "sla",
    (
        Column("grade", N_("Grade"), ours=True, width=8),
        Column("promised", N_("Hours promised"), Kind.NUMBER, ours=True, width=12),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column(
            "median",
            N_("Median"),
            Kind.NUMBER,
            ours=True,
            width=12,
            help=N_("Office hours; leads still waiting count with their hours so far."),
        ),
        Column("most", N_("90 % within"), Kind.NUMBER, ours=True, width=14),
        Column("in_time_share", N_("Share in time"), Kind.SHARE, ours=True, width=13),
    ),
    key=("grade",),
    help=N_("Hours to the first contact, of the last 90 days"),
)
_PAYS = (
    Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
    Column("won", N_("Won"), Kind.WHOLE, ours=True, width=8),
    Column(
        "conversion",
        N_("Conversion"),
        Kind.SHARE,
        ours=True,
        width=12,
        help=N_("Share that becomes a customer; leads still open are allowed for."),
    ),
    *interval(labels=AT_LEAST_AT_MOST),
)
SLA_SPEED = Table(
    "SlaSpeed",
    "sla",
    (Column("hours", N_("First contact within"), ours=True, width=20), *_PAYS),
    key=("hours",),
    help=N_("Conversion by hours to the first contact: observed"),
)
SLA_ATTEMPTS = Table(
    "SlaAttempts",
    "sla",
    (
        Column("attempt", N_("Attempt"), Kind.WHOLE, ours=True, width=10),
        *_PAYS,
        Column(
            "of_all_won",
            N_("Customers reached so far"),
            Kind.SHARE,
            ours=True,
            width=14,
            help=N_("Share of all customers that sales accepted with at most so many attempts."),
        ),
    ),
    key=("attempt",),
    help=N_("Conversion after each attempt: observed"),
)
SLA_EFFECT = Table(
    "SlaEffect",
    "sla",
    (
        Column("attempt", N_("One more attempt"), Kind.WHOLE, ours=True, width=10),
        Column("leads", N_("Leads that got it"), Kind.WHOLE, ours=True, width=10),
        Column("others", N_("Leads that did not"), Kind.WHOLE, ours=True, width=10),
        Column(
            "difference",
            N_("Difference of conversion"),
            Kind.SHARE,
            ours=True,
            width=12,
            help=N_("Among leads open a week after the attempt before, of like grade and source."),
        ),
        *interval(),
        Column("said", N_("In words"), ours=True, width=50),
    ),
    key=("attempt",),
    help=N_("Is one more attempt worth it? Observations, not an experiment"),
)
SLA_SPEED_EFFECT = Table(
    "SlaSpeedEffect",
    "sla",
    (
        Column("hours", N_("First contact within"), ours=True, width=20),
        Column("leads", N_("Leads that got it"), Kind.WHOLE, ours=True, width=10),
        Column("others", N_("Leads that did not"), Kind.WHOLE, ours=True, width=10),
        Column(
            "difference",
            N_("Difference of conversion"),
            Kind.SHARE,
            ours=True,
            width=12,
            help=N_("Among leads open and not called until then, of like grade and source."),
        ),
        *interval(),
        Column("said", N_("In words"), ours=True, width=60),
    ),
    key=("hours",),
    help=N_("Is calling sooner worth it? Observations, not an experiment"),
)
SLA_LINE = Table(
    "SlaLine",
    "sla",
    (
        Column("day", N_("Day"), Kind.DATE, ours=True, width=12),
        Column("promised", N_("Leads promised"), Kind.NUMBER, ours=True, width=12),
        Column("delivered", N_("Leads delivered"), Kind.WHOLE, ours=True, width=12),
        Column("promised_qualified", N_("Qualified promised"), Kind.NUMBER, ours=True, width=12),
        Column("delivered_qualified", N_("Qualified delivered"), Kind.WHOLE, ours=True, width=12),
    ),
    key=("day",),
    help=N_("This month, day by day"),
)
HOLIDAYS = Table(
    "Holidays",
    "lists",
    (
        Column("country", N_("Country"), ours=True, width=11),
        Column("day", N_("Day"), Kind.DATE, ours=True, width=12),
        Column("holiday", N_("Holiday"), ours=True, width=34),
    ),
    key=("country", "day"),
    help=N_(
        "Public holidays of the country in the agreement, for formulas in a workbook without "
        "macros: Update SLA writes them. Rows without a country are your own closing days."
    ),
)
