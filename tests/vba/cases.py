"""The cases that Python and the VBA of the workbook must answer alike."""

from __future__ import annotations

from typing import Any

from udfs.functions import FORMULAS

BLANK = None
GRADES = (("A", 80.0), ("B", 50.0), ("C", 0.0))

CASES: list[tuple[str, tuple[Any, ...]]] = [
    ("QUOTA_FROM_GROWTH", (1_500_000.0, 0.2)),
    ("QUOTA_FROM_GROWTH", (1_500_000.0, -1.5)),
    ("REQUIRED_CUSTOMERS", (1_000_000.0, 300_000.0, BLANK)),
    ("REQUIRED_CUSTOMERS", (1_000_000.0, 300_000.0, False)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 0.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 5_000.0, 0.04, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 0.1, False)),
    ("REQUIRED_LEADS", ("a lot", 300_000.0, 0.1, BLANK)),
    ("REQUIRED_LEADS", (-1.0, 300_000.0, 0.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 0.0, 0.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, BLANK, 0.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 1.1, BLANK)),
    ("REQUIRED_LEADS", (1_000_000.0, 300_000.0, 0.1, "yes")),
    ("REQUIRED_LEADS", (True, 0.5, 1.0, BLANK)),
    ("REQUIRED_CONVERSION", (400.0, 600_000.0, 10_000.0)),
    ("REQUIRED_CONVERSION", (10.0, 600_000.0, 10_000.0)),
    ("LEAD_VALUE", (6_000.0, 0.15)),
    ("CAC", (12_000.0, 30.0)),
    ("CAC", (12_000.0, 0.0)),
    ("COST_PER_LEAD", (12_000.0, 400.0)),
    ("MARKETING_ROI", (30_000.0, 12_000.0)),
    ("MARKETING_ROI", (-30_000.0, 12_000.0)),
    ("QUOTA_PROBABILITY", (220.0, 180_000.0, 6_000.0, 300.0, 2_000.0)),
    ("QUOTA_PROBABILITY", (1.0, 100.0, 100.0, 0.0, 1.0)),
    ("QUOTA_PROBABILITY", (5.0, 0.0, 100.0, 0.0, 1.0)),
    ("QUOTA_PROBABILITY", (5.0, 600.0, 100.0, 2.0, 1.0)),
    ("LEADS_FOR_PROBABILITY", (0.9, 180_000.0, 6_000.0, 300.0, 2_000.0)),
    ("LEADS_FOR_PROBABILITY", (0.0, 180_000.0, 6_000.0, 300.0, 2_000.0)),
]
RANGES: list[tuple[str, tuple[Any, ...]]] = [
    ("REQUIRED_LEADS", (((1e6,), (BLANK,), ("x",), (-5.0,)), 300_000.0, 0.1, BLANK)),
    ("LEAD_VALUE", (((100.0,), (200.0,)), ((0.1, 0.2, 0.5),))),
    ("LEAD_VALUE", (((1.0,), (2.0,), (3.0,)), ((0.5,), (0.5,)))),
    ("FUNNEL_VOLUMES", (10 / 3, ((0.5,), (0.2,), (BLANK,)), BLANK)),
    ("FUNNEL_VOLUMES", (10.0, ((0.5, 0.2),), BLANK)),
    ("FUNNEL_VOLUMES", (10.0, ((0.5,), (2.0,), (0.1,)), BLANK)),
    ("CONVERSION_RANGE", (((300.0,), (3.0,)), ((2_000.0,), (2.0,)), BLANK)),
    ("CONVERSION_RANGE", (((300.0, 0.0),), ((2_000.0, 10.0),), 0.9)),
    ("CONVERSION_RANGE", (300.0, 2_000.0, 0.99)),
    ("LEAD_GRADE", (((90.0,), (79.9,), ("x",), (-1.0,)), GRADES)),
    ("LEAD_GRADE", (50.0, GRADES)),
    ("LEAD_GRADE", (50.0, (("A", 80.0), ("B", 80.0)))),
]


def expected(name: str, cells: tuple[Any, ...]) -> Any:
    """What Python answers, as Excel shows it."""
    from udfs.excel import rows

    return rows(FORMULAS[name].call(*cells))


def as_rows(shown: Any) -> list[list[Any]]:
    """What VBA answered, as rows: a single row may come as a plain array, a cell as it is."""
    if not isinstance(shown, tuple | list):
        return [[shown]]
    if not shown or not isinstance(shown[0], tuple | list):
        return [list(shown)]
    return [list(row) for row in shown]
