"""Rows that people pasted right under a table: part of it, as they are in Excel.

Excel takes in what is typed or pasted under a table; other programs write it there and leave the
table as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.a1.areas import LAST_ROW, Area
from smarketing_xl.book.once import table_index

if TYPE_CHECKING:
    from smarketing_xl.book.read import TablePlace

_FIRST, _MOST = 4, 16_384  # rows looked at together

Row = Sequence[Any]


def pasted_rows(book: xw.Book, place: TablePlace) -> int:
    """How many rows below an open table belong to it.

    They follow one another without a gap, are known by the table's key or fill more than one cell,
    and calculate nothing that the table does not. A row of totals in between keeps them out.
    """
    if not place.table.open or place.totals:
        return 0
    rows = _rows_below(place)
    if not rows:
        return 0
    bottom = place.top + place.height - 1
    free = _first_table_below(book, place) - bottom - 1
    return _without_calculations(place, rows[:free])


def rows_outside(place: TablePlace) -> int:
    """How many rows stand right below a table that people fill, and are no part of it."""
    return len(_rows_below(place)) if place.table.open else 0


def _rows_below(place: TablePlace) -> list[Row]:
    width = len(place.headers)
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
        block = place.block(first + len(rows), 0, size, width).options(ndim=2).value
        more = list(takewhile(is_record, block))
        rows += more
        if len(more) < len(block):
            return rows
        size = min(size * 4, _MOST)


def _first_table_below(book: xw.Book, place: TablePlace) -> int:
    """The row in which another table begins under this one."""
    below = LAST_ROW + 1
    left, right = place.left, place.left + len(place.headers) - 1
    for sheet, live in table_index(book).values():
        if sheet.name != place.sheet.name or live.name == place.table.name:
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
