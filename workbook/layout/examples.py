"""What a new workbook already holds: an example to type over, so that nothing starts blank."""

from __future__ import annotations

import datetime as dt

from smarketing_xl.texts import N_, _
from smarketing_xl.workbook.tables import LEADS

_RETAIL = N_("Retail chain")
_LOGISTICS = N_("Logistics firm")
_PERSONAS = [
    (_RETAIL, "industry", "is", N_("Retail"), 30, "yes"),
    (_RETAIL, "job_title", "one_of", N_("Owner; Director; Manager"), 25, "no"),
    (_RETAIL, "employees", "between", "50; 500", 20, "no"),
    (_RETAIL, "source", "one_of", N_("Referral; Event"), 15, "no"),
    (_RETAIL, "email", "is_not_blank", None, 10, "no"),
    (_LOGISTICS, "industry", "is", N_("Logistics"), 30, "yes"),
    (_LOGISTICS, "employees", "at_least", 100, 30, "no"),
    (_LOGISTICS, "job_title", "contains", N_("Operations"), 25, "no"),
    (_LOGISTICS, "email", "is_not_blank", None, 15, "no"),
]
_GRADES = [("A", 80, "yes", 4), ("B", 60, "yes", 8), ("C", 40, "no", 24), ("D", 0, "no", None)]
_FUNNEL = [
    (N_("Lead"), 0.5),
    (N_("Qualified lead"), 0.5),
    (N_("Opportunity"), 0.6),
    (N_("Customer"), None),
]
_SEASONS = (0.07, 0.08, 0.09, 0.08, 0.09, 0.09, 0.07, 0.04, 0.09, 0.10, 0.11, 0.09)

Row = dict[str, object]


def rows(table: str) -> list[Row]:
    """The rows that a table starts with, by the keys of its columns, in the language spoken."""
    return {
        "Personas": _personas,
        "Grades": _grades,
        "Funnel": _funnel,
        "Plan": _plan,
    }.get(table, list)()


def _personas() -> list[Row]:
    return [
        {
            "persona": _(persona),
            "attribute": _(LEADS[attribute].label),
            "operator": operator,
            "value": _(value) if isinstance(value, str) else value,
            "weight": weight,
            "required": required,
        }
        for persona, attribute, operator, value, weight, required in _PERSONAS
    ]


def _grades() -> list[Row]:
    keys = ("grade", "lowest", "qualified", "first_contact_hours")
    return [dict(zip(keys, row, strict=True)) for row in _GRADES]


def _funnel() -> list[Row]:
    return [{"stage": _(stage), "to_next": to_next} for stage, to_next in _FUNNEL]


def _plan() -> list[Row]:
    return [
        {"month": dt.date(2026, month, 1), "share": share}
        for month, share in enumerate(_SEASONS, start=1)
    ]
