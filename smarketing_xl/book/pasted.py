"""Rows that people pasted right under a table: part of it, as they are in Excel.

Excel takes in what is typed or pasted under a table; other programs write it there and leave the
table as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from smarketing_xl.a1.areas import LAST_ROW, Area
from smarketing_xl.book.contents import rows_under
from smarketing_xl.errors import Fault
from smarketing_xl.i18n import _, format_number

if TYPE_CHECKING:
    from smarketing_xl.book.read import TablePlace

_FIRST, _MOST = 4, 16_384  # rows looked at together

Row = Sequence[Any]


def rows_below(place: TablePlace) -> tuple[int, int]:
    """How many rows right below an open table belong to it, and how many after them do not.

    They follow one another without a gap, are known by the table's key or fill more than one cell.
    Those that belong to it calculate nothing that the table does not, and no row of totals stands
    in between.
    """
    rows = _rows_below(place) if place.table.open else []
    if not rows:
        return 0, 0
    free = _first_table_below(place) - place.top - place.height - place.totals
    rows = rows[: max(free, 0)]
    if place.totals:
        return 0, len(rows)
    pasted = _without_calculations(place, rows)
    return pasted, max(len(rows) - pasted - 1, 0)  # the next one is a sum of those above


def faults_below(place: TablePlace) -> list[Fault]:
    """Rows right under a table: those that count as its own, those that something keeps out."""
    name = place.table.name
    problems = []
    if place.pasted:
        problem = _("{count} rows stand right below the table {name} and count as part of it")
        problems.append((place.pasted, problem, _("The next update takes them in"), -place.pasted))
    if place.outside:
        remedy = _("Take them in: drag the table's corner down")
        if place.totals:
            remedy = _("Cut them, and paste them above the row of totals")
        problem = _("{count} rows stand below the table {name} and are no part of it")
        problems.append((place.outside, problem, remedy, place.totals))
    return [
        Fault(
            problem.format(count=format_number(rows), name=name),
            remedy,
            place.sheet.name,
            place.top + place.height + at,
        )
        for rows, problem, remedy, at in problems
    ]


def _rows_below(place: TablePlace) -> list[Row]:
    first = place.height - 1 + place.totals
    identity = [place.offsets[key] for key in place.table.key if key in place.offsets]

    def is_record(row: Row) -> bool:
        filled = [at for at, cell in enumerate(row) if cell not in (None, "")]
        return len(filled) > 1 or any(at in identity for at in filled)

    rows: list[Row] = []
    size = _FIRST
    while True:
        size = min(size, LAST_ROW - place.top - first - len(rows))
        if size < 1:
            return rows
        block = rows_under(replace(place, height=place.height + len(rows)), size)
        more = list(takewhile(is_record, block))
        rows += more
        if len(more) < len(block):
            return rows
        size = min(size * 4, _MOST)


def _first_table_below(place: TablePlace) -> int:
    """The row in which another table begins under this one."""
    below = LAST_ROW + 1
    left, right = place.left, place.left + len(place.headers) - 1
    for live in place.sheet.tables:
        if live.name == place.table.name:
            continue
        area = Area.parse(live.range.get_address(False, False))
        if area.top > place.top and area.left <= right and area.right >= left:
            below = min(below, area.top)
    return below


def _without_calculations(place: TablePlace, rows: Sequence[Row]) -> int:
    """How many of the rows come before one that calculates, such as a sum under the column."""
    if not rows:
        return 0
    formulas = place.block(place.height - 2, 0, len(rows) + 1, len(place.headers)).formula
    last, *below = [row if isinstance(row, tuple | list) else (row,) for row in formulas]
    calculated = {column for column, cell in enumerate(last) if str(cell).startswith("=")}
    for at, (row, values) in enumerate(zip(below, rows, strict=True)):
        for column, (cell, value) in enumerate(zip(row, values, strict=True)):
            if str(cell).startswith("=") and cell != value and column not in calculated:
                return at
    return len(rows)
