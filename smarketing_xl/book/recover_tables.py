"""Tables of ours that are gone but for their headers: called otherwise, or made plain cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

import xlwings as xw

from smarketing_xl.a1.areas import Area
from smarketing_xl.book.read import has_table
from smarketing_xl.i18n import _
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table

Step = tuple[str, Callable[[], object]]
"""What would be done, in words, and what does it."""


def restorations(book: xw.Book) -> list[Step]:
    """How each lost table comes back, where its headers leave no doubt. Changes nothing."""
    lost = [table for table in tables.TABLES if not has_table(book, table)]
    strangers = list(_strangers(book)) if lost else []
    steps = []
    for table in lost:
        called = [live for live, headers in strangers if _whose(headers, lost) == [table]]
        if len(called) == 1:
            steps.append(_renamed(table, called[0]))
        elif not called and book.app.engine.name != "file":  # a file takes in no new table
            plain = [
                area for sheet in home_sheets(book, table.sheet) for area in _plain(sheet, table)
            ]
            steps += [_made(table, area) for area in plain if len(plain) == 1]
    return steps


def _renamed(table: Table, live: xw.Table) -> Step:
    message = _("{sheet}: the table {old} is called {name} again").format(
        sheet=live.range.sheet.name, old=live.name, name=table.name
    )
    return message, partial(setattr, live, "name", table.name)


def _made(table: Table, area: xw.Range) -> Step:
    message = _("{sheet}: the cells {area} become the table {name} again").format(
        sheet=area.sheet.name, area=area.get_address(False, False), name=table.name
    )
    return message, partial(area.sheet.tables.add, source=area, name=table.name)


def _strangers(book: xw.Book) -> Iterator[tuple[xw.Table, list[object]]]:
    """Tables that are not called as one of ours, and their headers."""
    ours = {table.name for table in tables.TABLES}
    for sheet in book.sheets:
        for live in sheet.tables:
            if live.name not in ours and live.header_row_range is not None:
                yield live, live.header_row_range.options(ndim=1).value


def _whose(headers: Sequence[object], some: Sequence[Table]) -> list[Table]:
    return [table for table in some if _fits(headers, table)]


def _fits(headers: Sequence[object], table: Table) -> bool:
    """Whether every header of the table is there; no other one where people may add none."""
    known = table.headers()
    keys = [known.get(str(header).strip().lower()) for header in headers]
    return set(table.keys) <= set(keys) and (table.open or None not in keys)


def home_sheets(book: xw.Book, sheet: str) -> list[xw.Sheet]:
    """The sheets that are called as one of ours, in any language. sheet: as in `SHEETS`."""
    titles = tables.sheet_names(sheet)
    return [each for each in book.sheets if each.name in titles]


def _plain(sheet: xw.Sheet, table: Table) -> Iterator[xw.Range]:
    """Cells in no table that are headed like this one, down to the first blank row."""
    used = sheet.used_range
    grid = used.options(ndim=2).value
    taken = [_area(live.range) for live in sheet.tables]
    for at, row in enumerate(grid):
        for left, right in _runs(row):
            if not _fits(row[left:right], table):
                continue
            bottom = at + 1
            while bottom < len(grid) and any(_filled(cell) for cell in grid[bottom][left:right]):
                bottom += 1
            corner = used.row + at, used.column + left
            end = used.row + max(bottom - 1, at + 1), used.column + right - 1
            if not any(Area(*corner, *end).meets(other) for other in taken):
                yield sheet.range(corner, end)


def _runs(row: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Where filled cells stand side by side: first, and the one after the last."""
    for filled, places in groupby(range(len(row)), key=lambda at: _filled(row[at])):
        if filled:
            first, *others = places
            yield first, first + len(others) + 1


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _area(cells: xw.Range) -> Area:
    return Area.parse(cells.get_address(False, False))
