"""Step 4: what the CRM knows: leads, customers, interactions, spend."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import (
    DEAL_STATUS,
    INTERACTION_KINDS,
    REASONS,
    SLA_STATUSES,
    STATUS,
    YES_NO,
)

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
LINE = Column(
    "line",
    N_("Line"),
    width=14,
    help=N_("Team, region or product, as in the table of lines; blank where there is one only."),
)
CONSENTS = (
    Column(
        "consent",
        N_("Consent"),
        width=10,
        help=N_(
            "Yes: may be written to and called. Once one lead has an entry, those without a yes "
            "are in no export and on no list."
        ),
    ),
    Column("consent_on", N_("Consent on"), Kind.DATE, width=13, help=N_("When it was given.")),
    Column(
        "consent_by",
        N_("Consent by"),
        width=18,
        help=N_("How it was given, or to whom: web form, signed at the fair, Eva."),
    ),
    Column(
        "do_not_contact",
        N_("Do not contact"),
        width=12,
        help=N_("Yes: nobody writes or calls, whatever else is said; also not its duplicates."),
    ),
)
"""Texts, as people and CRMs write them: `leads.consent` reads them, no cell of them is refused."""
_CONTACT = tuple(column for column in _PERSON if column.key in ("email", "phone", "company"))
_TRAITS = tuple(column for column in _PERSON if column not in _CONTACT)
LEADS = Table(
    "Leads",
    "leads",
    (  # whom to call and why, then what the CRM knows, then how the score came about
        Column("lead_id", N_("Lead ID"), required=True, width=11),
        Column("name", N_("Name"), width=22),
        Column("status", N_("Status"), Kind.CHOICE, choices=STATUS, width=13),
        Column(
            "grade",
            N_("Grade"),
            ours=True,
            width=8,
            help=N_("Type another over it and it stays; clear it to go back to the rules."),
        ),
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
        Column(
            "why",
            N_("Why"),
            ours=True,
            width=48,
            help=N_("✓ met, with its points; ✗ missed; ? not known: the cell is blank."),
        ),
        Column("owner", N_("Owner"), width=16, help=N_("The salesperson who follows up.")),
        *_CONTACT,
        Column("created", N_("Created"), Kind.TIME, width=17),
        *_TRAITS,
        LINE,
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
        *CONSENTS,
        Column("persona", N_("Best persona"), ours=True, width=18),
        Column(
            "score",
            N_("Fit score"),
            Kind.NUMBER,
            ours=True,
            width=8,
            help=N_("Fit with the persona, 0 to 100."),
        ),
        Column(
            "rule_grade",
            N_("Grade by rule"),
            ours=True,
            width=13,
            help=N_("What the personas say. ✎: the grade was typed by hand."),
        ),
        Column(
            "interest",
            N_("Engagement"),
            Kind.NUMBER,
            ours=True,
            width=10,
            help=N_("What the lead did lately, 0 to 100."),
        ),
        Column(
            "rating",
            N_("Combined (A1–D4)"),
            ours=True,
            width=8,
            help=N_("Grade and engagement in one: A1 is the best, D4 the last."),
        ),
        Column(
            "qualified", N_("Qualified (MQL)"), Kind.YES_NO, ours=True, choices=YES_NO, width=10
        ),
        Column(
            "improve",
            N_("What would raise it"),
            ours=True,
            width=32,
            help=N_(
                "What can change: what the lead does, or blanks to ask for. Never its industry."
            ),
        ),
        Column("duplicate_of", N_("Duplicate of"), ours=True, width=13),
        Column(
            "merged",
            N_("Merged IDs"),
            ours=True,
            width=13,
            help=N_("Leads that were merged into this one: an import passes them over."),
        ),
    ),
    key=("lead_id",),
    open=True,
)
DEALS = Table(
    "Deals",
    "deals",
    (
        Column("deal_id", N_("Deal ID"), required=True, width=12),
        Column("name", N_("Name"), width=24),
        Column("lead_id", N_("Lead ID"), width=11),
        Column("email", N_("E-mail"), width=26),
        Column("phone", N_("Phone"), width=18),
        Column("company", N_("Company"), width=22),
        Column("owner", N_("Owner"), width=16),
        LINE,
        Column("source", N_("Source"), width=16),
        Column("stage", N_("Stage"), width=20, help=N_("As the CRM names it.")),
        Column(
            "probability",
            N_("Stage probability"),
            Kind.SHARE,
            width=14,
            help=N_("Share of the deals in this stage that are won. Blank: the measured share."),
        ),
        Column("amount", N_("Amount"), Kind.MONEY),
        Column("currency", N_("Currency"), width=10),
        Column("created", N_("Created"), Kind.TIME, width=17),
        Column("expected", N_("Expected close"), Kind.DATE, width=15),
        Column("closed", N_("Closed"), Kind.DATE, help=N_("When it was won or lost.")),
        Column("status", N_("Status"), Kind.CHOICE, choices=DEAL_STATUS, width=11),
    ),
    key=("deal_id",),
    help=N_("Won deals are customers, open ones are pipeline."),
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
        Column("kind", N_("Type"), Kind.CHOICE, choices=INTERACTION_KINDS, width=13),
        Column(
            "by",
            N_("Salesperson"),
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
        LINE,
    ),
    key=("month", "channel", "campaign", "line"),
    open=True,
)
RATES = Table(
    "Rates",
    "rates",
    (
        Column("currency", N_("Currency"), required=True, width=12, help=N_("Such as USD.")),
        Column("month", N_("Month"), Kind.MONTH, help=N_("From then on. Blank: always.")),
        Column(
            "rate",
            N_("Worth in ours"),
            Kind.NUMBER,
            required=True,
            width=16,
            decimals=6,
            help=N_("What one of it is worth in our currency."),
        ),
    ),
    key=("currency", "month"),
    help=N_("Rates: what others are worth in ours"),
    open=True,
)
