"""The cases that Python and the VBA of the workbook must answer alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from pytest import approx

from smarketing_xl.errors import CellError
from udfs.functions import FORMULAS
from udfs.values import to_serial

Case = tuple[Any, ...]
BLANK = None
GRADES = (("A", 80.0), ("B", 50.0), ("C", 0.0))
FRIDAY, MONDAY, NEW_YEAR = 46024 + 17 / 24, 46027 + 10 / 24, 46023.0  # 2, 5 and 1 January 2026
OFFICE = (BLANK, BLANK, BLANK, BLANK)
MONTHS = ((46023.0,), (46082.0,), (46054.0,))
QUOTAS = ((9_000.0,), (0.0,), (28_000.0,))

# Single cells, each formula with numbers as people have them.
USUAL: dict[str, Case] = {
    "QUOTA_FROM_GROWTH": (1_500_000.0, 0.2),
    "REQUIRED_CUSTOMERS": (1_000_000.0, 300_000.0, BLANK),
    "REQUIRED_LEADS": (1_000_000.0, 300_000.0, 0.1, BLANK),
    "REQUIRED_CONVERSION": (400.0, 600_000.0, 10_000.0),
    "LEAD_VALUE": (6_000.0, 0.15),
    "QUOTA_PROBABILITY": (22.0, 100.0, 50.0, 3.0, 20.0, BLANK),
    "LEADS_FOR_PROBABILITY": (0.9, 100.0, 50.0, 3.0, 20.0, BLANK),
    "CONVERSION_RANGE": (300.0, 2_000.0, BLANK),
    "FUNNEL_VOLUMES": (10.0, 0.25, BLANK),
    "LEAD_GRADE": (50.0, GRADES),
    "LEADS_DUE": (NEW_YEAR, MONTHS, QUOTAS, 100.0, 0.5, 31.0),
    "BUSINESS_HOURS": (FRIDAY, MONDAY, *OFFICE),
    "FOLLOW_UP_DUE": (FRIDAY, 2.0, *OFFICE),
    "SLA_STATUS": (FRIDAY, BLANK, 2.0, MONDAY, *OFFICE),
    "SLA_PACE": (60.0, 110.0, FRIDAY, *OFFICE),
    "CAC": (12_000.0, 30.0),
    "COST_PER_LEAD": (12_000.0, 400.0),
    "MARKETING_ROI": (30_000.0, 12_000.0),
}
# What a cell may hold instead: nothing, texts, errors, truth, too little, too much, dates.
EDGES = (
    BLANK,
    "",
    "a lot",
    "5",
    CellError.NA,
    CellError.DIV0,
    CellError.NUM,
    "#REF!",
    True,
    False,
    0.0,
    0.5,
    1.0,
    1.5,
    -1.0,
    -0.5,
    24.0,
    1e9,
    1e301,
    NEW_YEAR,
    MONDAY,
)

CASES: list[tuple[str, Case]] = [
    ("QUOTA_FROM_GROWTH", (1_500_000.0, -1.5)),
    ("REQUIRED_CUSTOMERS", (1_000_000.0, 300_000.0, False)),
    ("REQUIRED_LEADS", (1_000_000.0, 5_000.0, 0.04, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 0.1, False)),
    ("REQUIRED_LEADS", (1_000_000.0, BLANK, 0.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 0.1, "yes")),
    ("REQUIRED_LEADS", (True, 0.5, 1.0, BLANK)),
    ("REQUIRED_CONVERSION", (10.0, 600_000.0, 10_000.0)),
    ("QUOTA_PROBABILITY", (220.0, 180_000.0, 6_000.0, 300.0, 2_000.0)),
    ("QUOTA_PROBABILITY", (1.0, 100.0, 100.0, 0.0, 1.0)),
    ("QUOTA_PROBABILITY", (5.0, 0.0, 100.0, 0.0, 1.0)),
    ("QUOTA_PROBABILITY", (220.0, 180_000.0, 6_000.0, 300.0, 2_000.0, 0.8)),
    ("QUOTA_PROBABILITY", (40.0, 18_000.0, 6_000.0, 3.0, 20.0, 1.5)),
    ("LEADS_FOR_PROBABILITY", (0.9, 18_000.0, 6_000.0, 30.0, 200.0, 0.8)),
    ("LEADS_FOR_PROBABILITY", (0.9, 180_000.0, 6_000.0, 300.0, 2_000.0)),
    ("LEADS_FOR_PROBABILITY", (0.0, 180_000.0, 6_000.0, 300.0, 2_000.0)),
    ("BUSINESS_HOURS", (MONDAY, FRIDAY, 8.5, 20.0, "1-6", BLANK)),
    ("BUSINESS_HOURS", (2.5, 60.0, 8.5, 20.0, " 1 - 2, 4;7", BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 18.0, 9.0, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 0.375, 0.75, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 22.0, 6.0, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 0.375, 1.0, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 9.0, 9.0, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 9.0, 25.0, BLANK, BLANK)),
    ("FOLLOW_UP_DUE", (FRIDAY, 30.0, 22.0, 0.25, BLANK, BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 9.0, 18.0, "0-5", BLANK)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, 9.0, 18.0, "5-1", BLANK)),
    ("FOLLOW_UP_DUE", (46025.0, 0.0, *OFFICE)),
    ("FOLLOW_UP_DUE", (46025.0, 9.0, *OFFICE)),
    ("FOLLOW_UP_DUE", (46025.0, 1_000.0, BLANK, BLANK, "2,4", BLANK)),
    ("FOLLOW_UP_DUE", (46025.0, 1_000.0, 0.0, 24.0, 3.0, BLANK)),
    ("SLA_STATUS", (FRIDAY, FRIDAY, 2.0, MONDAY, *OFFICE)),
    ("SLA_STATUS", (FRIDAY, MONDAY, 1.0, MONDAY, *OFFICE)),
    ("SLA_STATUS", (FRIDAY, MONDAY + 1, 1.0, MONDAY, *OFFICE)),  # to be called tomorrow
    ("SLA_STATUS", (FRIDAY, BLANK, 8.0, MONDAY, *OFFICE)),
    ("SLA_STATUS", (FRIDAY, BLANK, 3.0, MONDAY, *OFFICE)),
    ("SLA_PACE", (60.0, 110.0, 46053.99, *OFFICE)),
    ("LEADS_DUE", (MONDAY, MONTHS, QUOTAS, 100.0, 0.5, 0.0)),
    ("LEADS_DUE", (NEW_YEAR + 400, MONTHS, QUOTAS, 100.0, 0.5, 400.0)),
    ("LEADS_DUE", (NEW_YEAR - 400, MONTHS, QUOTAS, 100.0, 0.5, 31.0)),
    ("LEADS_DUE", (NEW_YEAR, MONTHS, QUOTAS[:2], 100.0, 0.5, 31.0)),
    ("LEADS_DUE", (NEW_YEAR, (*MONTHS[:2], (46110.0,)), QUOTAS, 100.0, 0.5, 31.0)),
    ("LEADS_DUE", (NEW_YEAR, (*MONTHS[:2], (46090.0,)), QUOTAS, 100.0, 0.5, 31.0)),
    ("LEADS_DUE", (NEW_YEAR, (*MONTHS[:2], ("x",)), QUOTAS, 100.0, 0.5, 31.0)),
    ("LEADS_DUE", (NEW_YEAR, MONTHS, (*QUOTAS[:2], (-1.0,)), 100.0, 0.5, 31.0)),
]
RANGES: list[tuple[str, Case]] = [
    ("REQUIRED_LEADS", (((1e6,), (BLANK,), ("x",), (-5.0,)), 300_000.0, 0.1, BLANK)),
    ("LEAD_VALUE", (((100.0,), (200.0,)), ((0.1, 0.2, 0.5),))),
    ("LEAD_VALUE", (((1.0,), (2.0,), (3.0,)), ((0.5,), (0.5,)))),
    ("FUNNEL_VOLUMES", (10 / 3, ((0.5,), (0.2,), (BLANK,)), BLANK)),
    ("FUNNEL_VOLUMES", (10.0, ((0.5, 0.2),), BLANK)),
    ("FUNNEL_VOLUMES", (10.0, ((0.5,), (2.0,), (0.1,)), BLANK)),
    ("FUNNEL_VOLUMES", (10.0, ((0.5,), (2.0,), ("x",), (0.1,)), BLANK)),
    ("FUNNEL_VOLUMES", (((10.0, "x", -1.0, BLANK, 7.0, BLANK),), ((0.5,), (0.3,)), BLANK)),
    ("FUNNEL_VOLUMES", (((10.0,), (7.0,)), ((0.5,), (0.3,)), False)),
    ("FUNNEL_VOLUMES", (((10.0,), (7.0,)), ((0.5, CellError.NA, 0.3),), BLANK)),
    ("FUNNEL_VOLUMES", (((10.0, 7.0),), 0.5, BLANK)),
    ("FUNNEL_VOLUMES", (((10.0,), (7.0,)), 0.5, BLANK)),
    ("FUNNEL_VOLUMES", (((10.0, 7.0), (10.0, 7.0)), 0.5, BLANK)),
    ("FUNNEL_VOLUMES", (((BLANK,), (BLANK,)), 0.5, BLANK)),
    ("FUNNEL_VOLUMES", (((1e301,), (1.0,)), ((1e-5, 1e-5),), BLANK)),
    ("CONVERSION_RANGE", (((300.0,), (3.0,)), ((2_000.0,), (2.0,)), BLANK)),
    ("CONVERSION_RANGE", (((300.0, 0.0),), ((2_000.0, 10.0),), 0.9)),
    ("CONVERSION_RANGE", (300.0, 2_000.0, 0.99)),
    ("LEAD_GRADE", (((90.0,), (79.9,), ("x",), (-1.0,)), GRADES)),
    ("LEAD_GRADE", (50.0, (("A", 80.0), ("B", 80.0)))),
    ("LEADS_DUE", (((NEW_YEAR,), ("x",), (BLANK,)), MONTHS, QUOTAS, 100.0, 0.5, 45.0)),
    ("LEADS_DUE", ((("x",), (BLANK,)), MONTHS, QUOTAS, 100.0, 7.0, 45.0)),
    ("LEADS_DUE", (((NEW_YEAR,), ("x",)), MONTHS, QUOTAS[:2], 100.0, 0.5, 45.0)),
    ("LEADS_DUE", (MONDAY, MONTHS, QUOTAS, ((100.0,), (BLANK,), (-1.0,)), 0.5, 31.0)),
    ("LEADS_DUE", (MONDAY, MONTHS, QUOTAS, 100.0, ((0.5, 0.2, 7.0),), ((31.0,), (45.5,)))),
    ("LEADS_DUE", (((MONDAY,), (MONDAY + 40,)), MONTHS, QUOTAS, 3.0, 0.7, ((0.0, "x", 1e4),))),
    ("BUSINESS_HOURS", (((FRIDAY,), (BLANK,), ("x",)), MONDAY, *OFFICE)),
    ("BUSINESS_HOURS", (FRIDAY, MONDAY, ((9.0,), (8.0,)), BLANK, BLANK, BLANK)),
    ("FOLLOW_UP_DUE", (((FRIDAY,), (MONDAY,)), ((1.0, -1.0),), *OFFICE)),
    ("SLA_STATUS", (FRIDAY, ((BLANK,), (FRIDAY,), ("x",)), 2.0, MONDAY, *OFFICE)),
    ("SLA_STATUS", (FRIDAY, BLANK, 2.0, ((MONDAY,), (FRIDAY,), (BLANK,), ("x",)), *OFFICE)),
    ("SLA_STATUS", (FRIDAY, ((BLANK,), (MONDAY,)), 1.0, ((FRIDAY, MONDAY, MONDAY + 1),), *OFFICE)),
    ("SLA_PACE", (((60.0,), (9.0,)), 110.0, ((FRIDAY,), (BLANK,)), *OFFICE)),
]


def edges(name: str, mixed: int = 60) -> list[Case]:
    """The usual cells of a formula with each in turn at every edge, and some with several there."""
    usual = USUAL[name]
    there = [_edges(name, argument.name) for argument in FORMULAS[name].arguments]
    single = [
        (*usual[:at], edge, *usual[at + 1 :])
        for at, possible in enumerate(there)
        for edge in possible
    ]
    draw = random.Random(name)
    several = [
        tuple(draw.choice((cell, *possible)) for cell, possible in zip(usual, there, strict=True))
        for _case in range(mixed)
    ]
    return [usual, *single, *several]


def _edges(name: str, argument: str) -> list[Any]:
    """What may stand in an argument: no moving clock, no countries, which only Python knows, and
    no long sums, over which the interpreters would sit for minutes."""
    if argument == "as_of":
        return [edge for edge in EDGES if edge not in (BLANK, "")]
    if argument == "holidays":
        return [BLANK, "", CellError.NUM]
    if name in ("QUOTA_PROBABILITY", "LEADS_FOR_PROBABILITY"):
        return [edge for edge in EDGES if edge not in (NEW_YEAR, MONDAY)]
    return list(EDGES)


def cases(name: str) -> list[Case]:
    """Every case of a formula: at the edges, and those worth a line of their own."""
    return edges(name) + [given for of, given in CASES + RANGES if of == name]


def differences(name: str, given: list[Case], vba: Callable[..., Any]) -> list[str]:
    """Where VBA shows something else than Python, in words; numbers to nine digits."""
    found = []
    for cells in given:
        python, shown = expected(name, cells), as_rows(vba(name, *cells))
        close = [[approx(c, rel=1e-9) if type(c) is float else c for c in row] for row in python]
        if shown != close:
            found.append(f"{name}{cells}: VBA {shown}, Python {python}")
    return found


def expected(name: str, cells: Case) -> Any:
    """What Python answers, as Excel shows it."""
    from udfs.excel import rows

    return rows(FORMULAS[name].call(*cells))


def as_rows(shown: Any) -> list[list[Any]]:
    """What VBA answered, as rows: a single row may come as a plain array, a cell as it is. Dates
    are the numbers that a sheet keeps for them."""
    if isinstance(shown, dt.datetime):
        return [[to_serial(shown)]]
    if not isinstance(shown, tuple | list):
        return [[shown]]
    if not shown or not isinstance(shown[0], tuple | list):
        return [list(shown)]
    return [list(row) for row in shown]
