"""Step 1: the ideal customer, grades, interest."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import INTERACTION_KINDS, OPERATORS, YES_NO

PERSONAS = Table(
    "Personas",
    "personas",
    (
        Column("persona", N_("Persona"), required=True, width=22),
        Column(
            "attribute",
            N_("Attribute"),
            required=True,
            width=20,
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
        Column("lowest", N_("Lowest fit score"), Kind.NUMBER, required=True),
        Column(
            "qualified",
            N_("Qualified (MQL)"),
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
        Column("kind", N_("Type"), Kind.CHOICE, required=True, choices=INTERACTION_KINDS),
        Column(
            "points",
            N_("Points"),
            Kind.NUMBER,
            required=True,
            width=9,
            help=N_("What one is worth on its day. 10 points make an engagement of 50."),
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
