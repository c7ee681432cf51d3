"""What a new workbook already holds: an example to type over, so that nothing starts blank."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from smarketing_xl.i18n import N_, _
from smarketing_xl.personas.interest import WEIGHTS
from smarketing_xl.sample import settings
from smarketing_xl.schema.formulas import unless_blank

NAMES = (  # of the sample's personas and stages, said in the workbook's language
    N_("Clinic manager"),
    N_("Academy owner"),
    N_("Retail marketer"),
    N_("Visitor"),
    N_("Lead"),
    N_("Qualified lead"),
    N_("Opportunity"),
    N_("Customer"),
)

Row = dict[str, Any]


def rows(table: str) -> list[Row]:
    """The rows that a table starts with, by the keys of its columns, in the language spoken.

    A text that starts with `=` is a formula.
    """
    match table:
        case "Personas":
            return _personas()
        case "Grades":
            return _rows(settings.grades())
        case "Interest":
            return [{"kind": kind, **vars(weight)} for kind, weight in WEIGHTS.items()]
        case "Funnel":
            return _funnel()
        case "Plan":
            return _plan()
        case "Outlook" | "Lines" | "Capacity" | "SlaMarketing":
            return [{"blank": None}]  # a row with its formulas
        case "LeadsForProbability":
            return [{"wanted": share} for share in (0.5, 0.8, 0.9)]
        case "Scenarios":
            return _scenarios()
    return []


def _personas() -> list[Row]:
    return [
        row
        | {
            "persona": _(str(row["persona"])),
            "attribute": _(str(row["attribute"])),
        }
        for row in _rows(settings.personas())
    ]


def _funnel() -> list[Row]:
    stages = settings.funnel()
    stages["stage"] = [_(stage) for stage in stages["stage"]]
    return _rows(stages)


def _plan() -> list[Row]:
    """Twelve months that follow the first."""
    return [
        {
            "month": unless_blank(f"=EDATE(first_month,{number})", "first_month"),
            "share": float(share),
        }
        for number, share in enumerate(settings.plan()["share"])
    ]


def _scenarios() -> list[Row]:
    keys = ("scenario", "quota", "avg_revenue", "conv_rate")
    return [
        dict(zip(keys, row, strict=True))
        for row in (
            (_("This plan"), "=quota", *_of_plan("=avg_revenue", "=conv_rate")),
            (_("Best case"), "=quota", *_of_plan("=avg_revenue*1.1", "=MIN(1,conv_rate*1.2)")),
            (_("Worst case"), "=quota", *_of_plan("=avg_revenue*0.9", "=conv_rate*0.8")),
        )
    ]


def _of_plan(revenue: str, rate: str) -> tuple[str, str]:
    """Revenue and rate of a scenario, from those of the plan."""
    return unless_blank(revenue, "avg_revenue"), unless_blank(rate, "conv_rate")


def _rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as cells: blanks None, dates without a time, yes and no as entries."""
    return [
        {str(key): _cell(cell) for key, cell in row.items()} for row in frame.to_dict("records")
    ]


def _cell(cell: object) -> object:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, pd.Timestamp):
        return dt.date(cell.year, cell.month, cell.day)
    return None if pd.isna(cell) else cell  # type: ignore[call-overload]
