"""What the sales history teaches about personas."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import OPERATORS, YES_NO
from smarketing_xl.schema.tables.intervals import interval

_LOW_HIGH = interval(Kind.NUMBER, width=8, decimals=2)
_LOW_HIGH_SHARES = interval(width=8)
PROPOSAL = Table(
    "Proposal",
    "learned",
    (
        Column(
            "take",
            N_("Use"),
            Kind.YES_NO,
            ours=True,
            choices=YES_NO,
            width=8,
            help=N_("Yes: this row goes to Personas when you adopt the suggestions."),
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
            decimals=2,
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
        Column("of_best", N_("Of the best customers"), Kind.SHARE, ours=True),
        Column("of_rest", N_("Of other customers"), Kind.SHARE, ours=True),
        Column("of_lost", N_("Of lost leads"), Kind.SHARE, ours=True),
        Column(
            "information_value",
            N_("Information value"),
            Kind.NUMBER,
            ours=True,
            decimals=2,
            width=16,
            help=N_("Of the attribute. Below 0.02 says nothing; above 0.3 says a lot."),
        ),
        Column(
            "chance",
            N_("Chance finding"),
            Kind.NUMBER,
            ours=True,
            decimals=3,
            help=N_("Share of such findings that chance alone would give, for all that was tried."),
        ),
        Column("flag", N_("Note"), ours=True, width=44),
    ),
    help=N_("Suggested criteria, from the sales history."),
)
FINDINGS = Table(
    "Findings",
    "learned",
    (
        Column("attribute", N_("Attribute"), ours=True, width=22),
        Column("verdict", N_("Verdict"), ours=True, width=22),
        Column(
            "information_value",
            N_("Information value"),
            Kind.NUMBER,
            ours=True,
            decimals=2,
            width=16,
        ),
        *_LOW_HIGH,
        Column("chance", N_("Chance finding"), Kind.NUMBER, ours=True, decimals=3),
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
            N_("Lowest fit score"),
            Kind.NUMBER,
            ours=True,
            width=9,
            help=N_("Suggested: puts a tenth of the leads in the first grade."),
        ),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column("conversion", N_("Conversion"), Kind.SHARE, ours=True, width=11),
        *_LOW_HIGH_SHARES,
        Column("lift", N_("Lift"), Kind.NUMBER, ours=True, decimals=2, width=8),
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
            decimals=3,
            width=8,
            help=N_("Chance that one of the best scores above another lead; 0.5 is a coin."),
        ),
        *_LOW_HIGH,
        Column("behind", N_("Persona behind by"), Kind.NUMBER, ours=True, decimals=3, width=16),
        Column(
            "lift_top", N_("Lift of the top tenth"), Kind.NUMBER, ours=True, decimals=2, width=18
        ),
        Column("said", N_("In words"), ours=True, width=70),
    ),
    key=("model",),
    help=N_("The readable persona beside models that nobody can read."),
)
PERSONA_CALIBRATION = Table(
    "PersonaCalibration",
    "learned",
    (
        Column("score_from", N_("Fit score from"), Kind.NUMBER, ours=True, width=10),
        Column("score_to", N_("Fit score to"), Kind.NUMBER, ours=True, width=10),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("predicted", N_("Expected"), Kind.SHARE, ours=True, width=10),
        Column("observed", N_("Became customers"), Kind.SHARE, ours=True, width=16),
        *_LOW_HIGH_SHARES,
    ),
    key=("score_from",),
    help=N_("Probability that a lead of this fit score becomes a customer."),
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
            decimals=2,
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
        Column("said", N_("Suggested change"), ours=True, width=70),
    ),
    key=("criterion",),
    help=N_("What sales rejects although it passes the persona."),
)
LEARNED = (
    PROPOSAL, FINDINGS, PERSONA_GRADES, PERSONA_MODELS, PERSONA_CALIBRATION, PERSONA_DRIFT,
    PERSONA_REJECTIONS,
)  # fmt: skip
