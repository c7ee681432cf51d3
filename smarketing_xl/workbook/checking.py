"""Check workbook: what is broken or cannot be, where, and how to mend it (see `repairing`)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import xlwings as xw

from smarketing_xl.errors import Fault, SmarketingError, WorkbookError
from smarketing_xl.texts import _, percent, written
from smarketing_xl.workbook import reading, tables
from smarketing_xl.workbook.cells import ANSWERS, CELLS
from smarketing_xl.workbook.reading import Place
from smarketing_xl.workbook.schema import Kind, Table
from smarketing_xl.workbook.values import DATES

EARLIEST, LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")


def check(book: xw.Book) -> list[Fault]:
    """Every fault of the workbook: tables, headers, types, dates, keys, goals. Changes nothing."""
    faults: list[Fault] = []
    for table in tables.TABLES:
        faults += _caught(lambda table=table: _table(book, table))  # type: ignore[misc]
    for cell in CELLS:
        faults += _caught(lambda cell=cell: reading.read_cells(book, [cell]) and [])  # type: ignore[misc]
    return faults + _caught(lambda: _goals(book))


def there(book: xw.Book, table: Table) -> list[Place]:
    """The place of a table, or none where it is gone."""
    try:
        return [reading.find(book, table)]
    except WorkbookError:
        return []


def rows_below(place: Place) -> int:
    """How many rows stand right below a table that people fill, and are no part of it."""
    offset = next((place.offsets[key] for key in place.table.key if key in place.offsets), None)
    if not place.table.open or offset is None:
        return 0
    rows = 0
    while place.block(place.height - 1 + rows, offset, 1, 1).value not in (None, ""):
        rows += 1
    return rows


def makes_a_year(shares: float) -> bool:
    """Whether shares of months add up, as far as typed percentages do."""
    return 0.999 <= shares <= 1.001


def goes_in_circles(book: xw.Book, name: str) -> bool:
    """Whether an input is a formula over an answer that is computed from it."""
    place = reading.named_range(book, name)
    formula = str(place.formula or "").lower().replace("$", "")
    if not formula.startswith("="):
        return False
    named = [cell.name for cell in ANSWERS]
    cells = [reading.named_range(book, answer) for answer in named]
    by_address = [
        cell.get_address(False, False).lower() for cell in cells if cell.sheet == place.sheet
    ]
    words = set(re.findall(r"[a-z_][a-z0-9_.]*", formula))
    return not words.isdisjoint([*named, *by_address])


def _caught(look: Callable[[], object]) -> list[Fault]:
    try:
        found = look()
    except SmarketingError as error:
        return list(error.faults)
    return found if isinstance(found, list) else []


def _table(book: xw.Book, table: Table) -> list[Fault]:
    place = reading.find(book, table)
    faults = [
        Fault(
            _("The column is missing from the table {name}").format(name=table.name),
            _("Put the header back; it may have been renamed"),
            place.sheet.name,
            place.top,
            column.title(reading.language(book)),
        )
        for column in table
        if column.key not in place.offsets
    ]
    rows = rows_below(place)
    if rows:
        faults.append(
            Fault(
                _("{count} rows stand below the table {name} and are no part of it").format(
                    count=written(rows), name=table.name
                ),
                _("Take them in: drag the table's corner down"),
                place.sheet.name,
                place.top + place.height,
            )
        )
    faults += _caught(lambda: reading.read(book, table))
    frame = reading.read(book, table, checked=())
    for column in table:
        if column.kind in DATES and column.key in frame:
            dates = frame[column.key]
            faults += _at(
                frame[(dates < EARLIEST) | (dates > LATEST)],
                column.title(reading.language(book)),
                column.key,
                _("is an impossible date"),
                _("Type the right year"),
            )
        if column.kind is Kind.SHARE and column.key in frame and not column.ours:
            shares = frame[column.key]
            faults += _at(
                frame[(shares < 0) | (shares > 1)],
                column.title(reading.language(book)),
                column.key,
                _("is not a share between 0 % and 100 %"),
                _("Type a percentage"),
            )
    identity = [key for key in table.key if key in frame]
    if table.open and identity:
        repeated = frame[frame.duplicated(identity) & frame[identity].notna().all(axis=1)]
        faults += _at(
            repeated,
            table[identity[0]].title(reading.language(book)),
            identity[0],
            _("stands twice in the table {name}").format(name=table.name),
            _("Delete one of the rows, or give it another key"),
        )
    return faults


def _at(rows: pd.DataFrame, header: str, key: str, problem: str, remedy: str) -> list[Fault]:
    sheet = str(rows.attrs.get("sheet", ""))
    return [
        Fault(problem, remedy, sheet, int(row), header, rows.at[row, key])
        for row in rows.index.to_list()
    ]


def _goals(book: xw.Book) -> list[Fault]:
    """A quota that depends on what is computed from it can never settle."""
    faults = []
    for name in ("quota", "avg_revenue", "conv_rate", "last_year_sales", "growth_target"):
        if goes_in_circles(book, name):
            place = reading.named_range(book, name)
            faults.append(
                Fault(
                    _("depends on an answer that is computed from it"),
                    _("Type a number, or a formula over other inputs"),
                    place.sheet.name,
                    place.row,
                    name,
                    place.formula,
                )
            )
    shares = reading.read(book, tables.PLAN)["share"].sum()
    if not makes_a_year(shares):
        place_ = reading.find(book, tables.PLAN)
        faults.append(
            Fault(
                _("The shares of the year add up to {sum}").format(sum=percent(shares, 1)),
                _("Change them until they add up to 100 %"),
                place_.sheet.name,
                place_.top,
            )
        )
    return faults
