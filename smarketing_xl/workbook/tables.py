"""Every table of the workbook, declared once: sheets, columns, types, who writes them, lists."""

from __future__ import annotations

from smarketing_xl.texts import N_
from smarketing_xl.workbook.schema import Choices, Column, Kind, Table

SHEETS: dict[str, str] = {
    "home": N_("Home"),
    "personas": N_("Personas"),
    "goals": N_("Goals"),
    "leads": N_("Leads"),
    "customers": N_("Customers"),
    "interactions": N_("Interactions"),
    "spend": N_("Spend"),
    "sla": N_("SLA"),
    "attribution": N_("Attribution"),
    "review": N_("Review"),
    "learned": N_("Learned"),
    "log": N_("Log"),
    "lists": N_("Lists"),
    "journal": N_("Journal"),
}
HIDDEN = {"journal"}

# --- closed lists -------------------------------------------------------------------------------

OPERATORS = Choices(
    "Operators",
    {
        "is": N_("is"),
        "is_not": N_("is not"),
        "one_of": N_("one of"),
        "contains": N_("contains"),
        "between": N_("between"),
        "at_least": N_("at least"),
        "at_most": N_("at most"),
        "before": N_("before"),
        "after": N_("after"),
        "within": N_("within (days)"),
        "is_blank": N_("is blank"),
        "is_not_blank": N_("is not blank"),
    },
)
YES_NO = Choices("YesNo", {"yes": N_("Yes"), "no": N_("No")})
STATUS = Choices(
    "Statuses",
    {
        "new": N_("New"),
        "accepted": N_("Accepted"),
        "rejected": N_("Rejected"),
        "opportunity": N_("Opportunity"),
        "won": N_("Won"),
        "lost": N_("Lost"),
    },
)
REASONS = Choices(
    "Reasons",
    {
        "no_budget": N_("No budget"),
        "not_decider": N_("Not the decision maker"),
        "no_need": N_("No need now"),
        "unreachable": N_("Cannot be reached"),
        "wrong_data": N_("Wrong contact data"),
        "competitor": N_("Chose a competitor"),
        "outside_persona": N_("Does not fit the persona"),
    },
)
INTERACTION_KINDS = Choices(
    "InteractionKinds",
    {
        "visit": N_("Visit"),
        "form": N_("Form"),
        "ad": N_("Ad"),
        "email": N_("E-mail"),
        "call": N_("Call"),
        "meeting": N_("Meeting"),
        "event": N_("Event"),
        "message": N_("Message"),
    },
)
SLA_STATUSES = Choices(
    "SlaStatuses",
    {
        "in_time": N_("In time"),
        "due": N_("Due"),
        "due_soon": N_("Due soon"),
        "late": N_("Late"),
        "contacted_late": N_("Contacted late"),
        "not_qualified": N_("Not qualified"),
        "closed": N_("Closed"),
    },
)
PACES = Choices(
    "Paces",
    {
        "ahead": N_("Ahead"),
        "on_track": N_("On track"),
        "behind": N_("Behind"),
        "met": N_("Met"),
        "missed": N_("Missed"),
        "not_started": N_("Not started"),
    },
)
DUTIES = Choices(
    "Duties",
    {
        "first_contact": N_("First contact"),
        "attempts": N_("More attempts"),
        "decision": N_("Accept or reject"),
    },
)
CHOICES: tuple[Choices, ...] = (
    OPERATORS, YES_NO, STATUS, REASONS, INTERACTION_KINDS, SLA_STATUSES, PACES, DUTIES,
)  # fmt: skip

# --- step 1: personas ---------------------------------------------------------------------------

PERSONAS = Table(
    "Personas",
    "personas",
    (
        Column("persona", N_("Persona"), required=True, width=20),
        Column(
            "attribute",
            N_("Attribute"),
            required=True,
            width=18,
            help=N_("The header of any column of the Leads table."),
        ),
        Column("operator", N_("Operator"), Kind.CHOICE, required=True, choices=OPERATORS),
        Column(
            "value",
            N_("Value"),
            Kind.ANY,
            width=30,
            help=N_("Several values: separated by ; — between: lowest; highest."),
        ),
        Column(
            "weight",
            N_("Weight"),
            Kind.NUMBER,
            required=True,
            help=N_("Points when the criterion is met; negative points count against the lead."),
        ),
        Column(
            "required",
            N_("Required"),
            Kind.YES_NO,
            choices=YES_NO,
            help=N_("Yes: a lead that misses it does not fit this persona at all."),
        ),
    ),
    help=N_("One row a criterion. The ideal customer, agreed by marketing and sales."),
    open=True,
    key=("persona", "attribute", "operator", "value"),
)
GRADES = Table(
    "Grades",
    "personas",
    (
        Column("grade", N_("Grade"), required=True, width=9),
        Column("lowest", N_("Lowest score"), Kind.NUMBER, required=True),
        Column(
            "qualified",
            N_("Qualified"),
            Kind.YES_NO,
            required=True,
            choices=YES_NO,
            help=N_("Yes: sales must take a lead of this grade."),
        ),
        Column(
            "first_contact_hours",
            N_("Hours to first contact"),
            Kind.NUMBER,
            help=N_("Office hours within which sales promises the first contact."),
            width=22,
        ),
    ),
    key=("grade",),
)
INTEREST = Table(
    "Interest",
    "personas",
    (
        Column("kind", N_("Interaction"), Kind.CHOICE, required=True, choices=INTERACTION_KINDS),
        Column(
            "points",
            N_("Points"),
            Kind.NUMBER,
            required=True,
            width=9,
            help=N_("What one is worth on its day. 10 points make an interest of 50."),
        ),
        Column(
            "half_life",
            N_("Half-life in days"),
            Kind.NUMBER,
            required=True,
            width=16,
            help=N_("After so many days half of the points are left."),
        ),
    ),
    key=("kind",),
    help=N_("What a lead does, and how long it counts."),
)

# --- step 2: goals ------------------------------------------------------------------------------

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
        Column("volume", N_("Needed"), Kind.WHOLE, ours=True),
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
            formula="=REQUIRED_CUSTOMERS([@quota],avg_revenue)",
        ),
        Column(
            "leads",
            N_("Leads"),
            Kind.WHOLE,
            formula="=REQUIRED_LEADS([@quota],avg_revenue,conv_rate)",
        ),
        Column(
            "leads_due",
            N_("Leads due"),
            Kind.WHOLE,
            ours=True,
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
            formula="=REQUIRED_CUSTOMERS([@quota],[@avg_revenue])",
        ),
        Column(
            "leads",
            N_("Leads needed"),
            Kind.WHOLE,
            formula="=REQUIRED_LEADS([@quota],[@avg_revenue],[@conv_rate])",
        ),
        Column(
            "chance",
            N_("Chance with the plan's leads"),
            Kind.SHARE,
            formula="=QUOTA_PROBABILITY(leads_needed,[@quota],[@avg_revenue],"
            "ROUND([@conv_rate]*past_leads,0),past_leads)",
            help=N_("Probability to meet the quota with the leads that the goals above ask for."),
        ),
    ),
    key=("scenario",),
    help=N_("Quotas, revenues and conversion rates side by side: type what might come."),
)

# --- what the CRM knows -------------------------------------------------------------------------

_PERSON = (
    Column("email", N_("E-mail"), width=28),
    Column("phone", N_("Phone"), width=18),
    Column("company", N_("Company"), width=22),
    Column("job_title", N_("Job title"), width=22),
    Column("industry", N_("Industry"), width=16),
    Column("employees", N_("Employees"), Kind.WHOLE, width=12),
    Column("city", N_("City")),
    Column("country", N_("Country"), width=12),
    Column("age", N_("Age"), Kind.WHOLE, width=8),
    Column("income", N_("Income"), Kind.MONEY),
    Column("goal", N_("Goal"), width=22),
    Column("source", N_("Source"), width=16),
    Column("campaign", N_("Campaign"), width=20),
)
LEADS = Table(
    "Leads",
    "leads",
    (
        Column("lead_id", N_("Lead ID"), required=True, width=11),
        Column("created", N_("Created"), Kind.TIME, width=17),
        Column("name", N_("Name"), width=22),
        *_PERSON,
        Column("owner", N_("Owner"), width=16, help=N_("The salesperson who follows up.")),
        Column(
            "assigned",
            N_("Assigned on"),
            Kind.TIME,
            width=17,
            help=N_(
                "When its owner got it, if later than created: given to someone else, or opened "
                "again. The promised hours count from then."
            ),
        ),
        Column("status", N_("Status"), Kind.CHOICE, choices=STATUS, width=13),
        Column(
            "decided",
            N_("Decided"),
            Kind.TIME,
            help=N_("When sales accepted or rejected it."),
            width=17,
        ),
        Column("reason", N_("Reason"), Kind.CHOICE, choices=REASONS, width=22),
        Column("closed", N_("Closed"), Kind.DATE, help=N_("When it was won or lost.")),
        Column("revenue", N_("Revenue"), Kind.MONEY),
        Column("persona", N_("Best persona"), ours=True, width=18),
        Column(
            "score",
            N_("Score"),
            Kind.NUMBER,
            ours=True,
            width=8,
            help=N_("Fit with the persona, 0 to 100."),
        ),
        Column(
            "grade",
            N_("Grade"),
            ours=True,
            width=8,
            help=N_("Type another over it and it stays; clear it to go back to the rules."),
        ),
        Column(
            "rule_grade",
            N_("Grade by rule"),
            ours=True,
            width=13,
            help=N_("What the personas say. ✎: the grade beside it was typed by hand."),
        ),
        Column(
            "interest",
            N_("Interest"),
            Kind.NUMBER,
            ours=True,
            width=10,
            help=N_("What the lead did lately, 0 to 100."),
        ),
        Column(
            "rating",
            N_("Rating"),
            ours=True,
            width=8,
            help=N_("Grade and interest in one: A1 is the best."),
        ),
        Column("qualified", N_("Qualified"), Kind.YES_NO, ours=True, choices=YES_NO, width=10),
        Column("why", N_("Why"), ours=True, width=48),
        Column("improve", N_("What would raise it"), ours=True, width=32),
        Column("duplicate_of", N_("Duplicate of"), ours=True, width=13),
        Column(
            "priority",
            N_("Priority"),
            Kind.WHOLE,
            ours=True,
            width=9,
            help=N_("1 is called first."),
        ),
        Column("follow_up_due", N_("Follow-up due"), Kind.TIME, ours=True, width=17),
        Column(
            "sla_status", N_("SLA status"), Kind.CHOICE, ours=True, choices=SLA_STATUSES, width=15
        ),
    ),
    key=("lead_id",),
    open=True,
)
CUSTOMERS = Table(
    "Customers",
    "customers",
    (
        Column("customer_id", N_("Customer ID"), required=True, width=13),
        Column("lead_id", N_("Lead ID"), width=11),
        Column("won_on", N_("Customer since"), Kind.DATE, width=15),
        Column("name", N_("Name"), width=22),
        *_PERSON,
        Column("revenue", N_("Revenue"), Kind.MONEY),
        Column("margin", N_("Margin"), Kind.MONEY),
    ),
    key=("customer_id",),
    open=True,
)
INTERACTIONS = Table(
    "Interactions",
    "interactions",
    (
        Column("lead_id", N_("Lead ID"), required=True, width=11),
        Column("time", N_("Time"), Kind.TIME, required=True, width=17),
        Column("channel", N_("Channel"), width=18),
        Column("campaign", N_("Campaign"), width=22),
        Column("kind", N_("Kind"), Kind.CHOICE, choices=INTERACTION_KINDS, width=13),
        Column(
            "by",
            N_("By"),
            width=16,
            help=N_("The salesperson, in a follow-up. Blank: a marketing touchpoint."),
        ),
    ),
    open=True,
)
SPEND = Table(
    "Spend",
    "spend",
    (
        Column("month", N_("Month"), Kind.MONTH, required=True),
        Column("channel", N_("Channel"), required=True, width=18),
        Column("campaign", N_("Campaign"), width=22),
        Column("cost", N_("Cost"), Kind.MONEY, required=True),
    ),
    key=("month", "channel", "campaign"),
    open=True,
)

# --- step 3: the agreement ----------------------------------------------------------------------

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
            help=N_("Leads x conversion rate x average revenue."),
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
            help=N_("Negative: so many are left."),
        ),
        Column(
            "sla_status", N_("SLA status"), Kind.CHOICE, ours=True, choices=SLA_STATUSES, width=13
        ),
    ),
    key=("lead_id", "duty"),
    help=N_("Late or about to be: worst first"),
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
    Column("low", N_("at least"), Kind.SHARE, ours=True, width=9),
    Column("high", N_("at most"), Kind.SHARE, ours=True, width=9),
)
SLA_SPEED = Table(
    "SlaSpeed",
    "sla",
    (Column("hours", N_("First contact within"), ours=True, width=20), *_PAYS),
    key=("hours",),
    help=N_("What calling soon is worth"),
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
    help=N_("What one more attempt is worth"),
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

# --- steps 4 and 5: history and feedback --------------------------------------------------------

_CREDIT = (
    Column("first", N_("First touch"), Kind.NUMBER, ours=True, width=12),
    Column("last", N_("Last touch"), Kind.NUMBER, ours=True, width=12),
    Column("linear", N_("Linear"), Kind.NUMBER, ours=True, width=10),
    Column("time_decay", N_("Time decay"), Kind.NUMBER, ours=True, width=12),
    Column("position", N_("Position based"), Kind.NUMBER, ours=True, width=14),
    Column("markov", N_("Markov"), Kind.NUMBER, ours=True, width=10),
    Column(
        "low",
        N_("Low"),
        Kind.NUMBER,
        ours=True,
        width=8,
        help=N_("Lower end of the 95 % interval of Markov."),
    ),
    Column(
        "high",
        N_("High"),
        Kind.NUMBER,
        ours=True,
        width=8,
        help=N_("Upper end of the 95 % interval of Markov."),
    ),
    Column("shapley", N_("Shapley"), Kind.NUMBER, ours=True, width=10),
    Column("revenue", N_("Revenue"), Kind.MONEY, ours=True, help=N_("Revenue credited by Markov.")),
    Column("cost", N_("Cost"), Kind.MONEY, ours=True),
    Column("cac", N_("CAC"), Kind.MONEY, ours=True, help=N_("Cost per new customer.")),
    Column("roi", N_("Return"), Kind.SHARE, ours=True, help=N_("(Revenue - cost) / cost.")),
    Column("share", N_("Share of budget"), Kind.SHARE, ours=True, width=15),
    Column("proposed", N_("Proposed share"), Kind.SHARE, ours=True, width=15),
)
ATTRIBUTION = Table(
    "Attribution",
    "attribution",
    (Column("channel", N_("Channel"), ours=True, width=20), *_CREDIT),
    key=("channel",),
)
CAMPAIGNS = Table(
    "Campaigns",
    "attribution",
    (Column("campaign", N_("Campaign"), ours=True, width=24), *_CREDIT),
    key=("campaign",),
)
NEW_CUSTOMERS = Table(
    "NewCustomers",
    "attribution",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True),
        Column("source", N_("Source"), ours=True, width=20),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
    ),
    key=("month", "source"),
)
LOG = Table(
    "Log",
    "log",
    (
        Column("when", N_("When"), Kind.TIME, ours=True, width=18),
        Column("who", N_("Who"), ours=True, width=16),
        Column("what", N_("What was filled"), ours=True, width=28),
        Column("rows", N_("Rows"), Kind.WHOLE, ours=True, width=9),
        Column("inputs", N_("With which inputs"), ours=True, width=80),
    ),
)
JOURNAL = Table(
    "Journal",
    "journal",
    (
        Column("fill", N_("Fill"), Kind.WHOLE, ours=True),
        Column("part", N_("Part"), Kind.WHOLE, ours=True),
        Column("what", N_("What was filled"), ours=True, width=28),
        Column("data", N_("Data"), ours=True, width=20),
    ),
    key=("fill", "part"),
    help=N_("What the last fills replaced, for Undo last fill."),
)

# --- what the sales history teaches -------------------------------------------------------------

_LOW_HIGH = (
    Column(
        "low", N_("Low"), Kind.NUMBER, ours=True, width=8, help=N_("Lower end of the interval.")
    ),
    Column(
        "high", N_("High"), Kind.NUMBER, ours=True, width=8, help=N_("Upper end of the interval.")
    ),
)
_LOW_HIGH_SHARES = (
    Column("low", N_("Low"), Kind.SHARE, ours=True, width=8),
    Column("high", N_("High"), Kind.SHARE, ours=True, width=8),
)
PROPOSAL = Table(
    "Proposal",
    "learned",
    (
        Column(
            "take",
            N_("Take"),
            Kind.YES_NO,
            ours=True,
            choices=YES_NO,
            width=8,
            help=N_("Yes: this row goes to Personas when you adopt the proposal."),
        ),
        Column("persona", N_("Persona"), ours=True, width=20),
        Column("attribute", N_("Attribute"), ours=True, width=22),
        Column("operator", N_("Operator"), Kind.CHOICE, ours=True, choices=OPERATORS),
        Column("value", N_("Value"), Kind.ANY, ours=True, width=30),
        Column("weight", N_("Weight"), Kind.NUMBER, ours=True, width=9),
        Column("required", N_("Required"), Kind.YES_NO, ours=True, choices=YES_NO, width=10),
        Column(
            "lift",
            N_("Lift"),
            Kind.NUMBER,
            ours=True,
            width=8,
            help=N_("How many times as often they are among the best customers as everybody is."),
        ),
        *_LOW_HIGH,
        Column(
            "support",
            N_("Share of history"),
            Kind.SHARE,
            ours=True,
            help=N_("Share of the history that has this trait."),
        ),
        Column(
            "information_value",
            N_("Information value"),
            Kind.NUMBER,
            ours=True,
            width=16,
            help=N_("Of the attribute. Below 0.02 says nothing; above 0.3 says a lot."),
        ),
        Column(
            "chance",
            N_("Chance finding"),
            Kind.NUMBER,
            ours=True,
            help=N_("Share of such findings that chance alone would give, for all that was tried."),
        ),
        Column("flag", N_("Beware"), ours=True, width=44),
    ),
    help=N_("Criteria proposed from the sales history."),
)
FINDINGS = Table(
    "Findings",
    "learned",
    (
        Column("attribute", N_("Attribute"), ours=True, width=22),
        Column("verdict", N_("Verdict"), ours=True, width=22),
        Column("information_value", N_("Information value"), Kind.NUMBER, ours=True, width=16),
        *_LOW_HIGH,
        Column("chance", N_("Chance finding"), Kind.NUMBER, ours=True),
        Column("said", N_("In words"), ours=True, width=70),
    ),
    key=("attribute", "said"),
    help=N_("What was found about each attribute."),
)
PERSONA_GRADES = Table(
    "PersonaGrades",
    "learned",
    (
        Column("grade", N_("Grade"), ours=True, width=9),
        Column(
            "lowest",
            N_("Lowest score"),
            Kind.NUMBER,
            ours=True,
            width=9,
            help=N_("Proposed: puts a tenth of the leads in the first grade."),
        ),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column("conversion", N_("Conversion"), Kind.SHARE, ours=True, width=11),
        *_LOW_HIGH_SHARES,
        Column("lift", N_("Lift"), Kind.NUMBER, ours=True, width=8),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
        Column("per_lead", N_("Revenue per lead"), Kind.MONEY, ours=True, width=16),
    ),
    key=("grade",),
    help=N_("On history that was not learned from: what each grade brought."),
)
PERSONA_MODELS = Table(
    "PersonaModels",
    "learned",
    (
        Column("model", N_("Model"), ours=True, width=24),
        Column(
            "auc",
            N_("AUC"),
            Kind.NUMBER,
            ours=True,
            width=8,
            help=N_("Chance that one of the best scores above another lead; 0.5 is a coin."),
        ),
        *_LOW_HIGH,
        Column("behind", N_("Persona behind by"), Kind.NUMBER, ours=True, width=16),
        Column("lift_top", N_("Lift of the top tenth"), Kind.NUMBER, ours=True, width=18),
    ),
    key=("model",),
    help=N_("The readable persona beside models that nobody can read."),
)
PERSONA_CALIBRATION = Table(
    "PersonaCalibration",
    "learned",
    (
        Column("score_from", N_("Score from"), Kind.NUMBER, ours=True, width=10),
        Column("score_to", N_("Score to"), Kind.NUMBER, ours=True, width=10),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("predicted", N_("Expected"), Kind.SHARE, ours=True, width=10),
        Column("observed", N_("Became customers"), Kind.SHARE, ours=True, width=16),
        *_LOW_HIGH_SHARES,
    ),
    key=("score_from",),
    help=N_("Probability that a lead of this score becomes a customer."),
)
PERSONA_DRIFT = Table(
    "PersonaDrift",
    "learned",
    (
        Column("what", N_("Trait"), ours=True, width=34),
        Column("before", N_("When agreed"), Kind.SHARE, ours=True, width=12),
        Column("now", N_("Now"), Kind.SHARE, ours=True, width=9),
        Column(
            "psi",
            N_("Stability index"),
            Kind.NUMBER,
            ours=True,
            width=13,
            help=N_("Below 0.1 nothing moved; above 0.25 look at the persona again."),
        ),
        Column("said", N_("In words"), ours=True, width=44),
    ),
    key=("what",),
    help=N_("How the leads have changed since the persona was agreed."),
)
PERSONA_REJECTIONS = Table(
    "PersonaRejections",
    "learned",
    (
        Column("criterion", N_("Criterion"), ours=True, width=34),
        Column("decided", N_("Decided"), Kind.WHOLE, ours=True, width=10),
        Column("rejected", N_("Rejected"), Kind.WHOLE, ours=True, width=10),
        Column("share", N_("Share rejected"), Kind.SHARE, ours=True, width=13),
        *_LOW_HIGH_SHARES,
        Column("reason", N_("Most frequent reason"), ours=True, width=24),
        Column("said", N_("Proposed change"), ours=True, width=70),
    ),
    key=("criterion",),
    help=N_("What sales rejects although it passes the persona."),
)
LEARNED = (
    PROPOSAL, FINDINGS, PERSONA_GRADES, PERSONA_MODELS, PERSONA_CALIBRATION, PERSONA_DRIFT,
    PERSONA_REJECTIONS,
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    PERSONAS, GRADES, INTEREST, FUNNEL, PLAN, SCENARIOS, LEADS, CUSTOMERS, INTERACTIONS, SPEND,
    SLA_PROMISES, SLA_MARKETING, SLA_SALES, SLA_LATE, SLA_SPEED, SLA_ATTEMPTS, SLA_LINE,
    ATTRIBUTION, CAMPAIGNS, NEW_CUSTOMERS, *LEARNED, LOG, JOURNAL,
)  # fmt: skip
