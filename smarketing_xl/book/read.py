"""Reading the workbook: tables by name, columns by header, named cells; typed and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.errors import BadData, Fault, WorkbookError
from smarketing_xl.i18n import (
    LANGUAGES,
    Language,
    _,
    format_number,
    format_percent,
    translate,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import (
    DATES,
    NUMBERS,
    as_text,
    typed,
    unfit,
)
from smarketing_xl.schema.model import (
    Cell,
    Column,
    Kind,
    Table,
)
from smarketing_xl.schema.named_cells import CELLS

LANGUAGE_NAME = "smarketing_language"


def language(book: xw.Book) -> Language:
    """The language the workbook was made in; English where it does not say."""
    for name in book.names:
        if name.name == LANGUAGE_NAME:
            said = name.refers_to.strip('="')
            return next((known for known in LANGUAGES if known == said), "en")
    return "en"


@dataclass(frozen=True)
class TablePlace:
    """Where a table stands now: sheet, first row and column (1-based), size, headers."""

    table: Table
    sheet: xw.Sheet
    live: xw.Table
    top: int
    left: int
    height: int  # with the header row
    headers: tuple[str, ...]
    new: int = 0  # so many of the last headers are yet to be written

    @property
    def offsets(self) -> dict[str, int]:
        """Key of a known column, or header of a user's, → offset from the left."""
        known = self.table.headers()
        named: dict[str, int] = {}
        for offset, header in enumerate(self.headers):
            named.setdefault(known.get(header.strip().lower(), header), offset)
        return named

    def block(self, row: int, offset: int, height: int, width: int) -> xw.Range:
        """Cells inside the table: row counts from 0 below the header."""
        top, left = self.top + 1 + row, self.left + offset
        return self.sheet.range((top, left), (top + height - 1, left + width - 1))


def find_table(book: xw.Book, table: Table) -> TablePlace:
    """The table, on whatever sheet it stands. Raises WorkbookError if it is gone."""
    titles = {translate(tables.SHEETS[table.sheet], each) for each in LANGUAGES}
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.name not in titles):
        for live in sheet.tables:
            if live.name == table.name:
                header = live.header_row_range
                titles = header.options(ndim=1).value
                return TablePlace(
                    table,
                    sheet,
                    live,
                    header.row,
                    header.column,
                    live.range.shape[0],
                    tuple("" if title is None else str(title) for title in titles),
                )
    raise WorkbookError(
        _("The table {name} is not in this workbook").format(name=table.name),
        _(
            "Undo what took it away; where its headers still stand, run Check workbook in Excel "
            "or Calc; or copy your data into a new workbook: smarketing new"
        ),
    )


def has_table(book: xw.Book, table: Table) -> bool:
    """Whether a table is there: workbooks made before it lack it."""
    return any(live.name == table.name for sheet in book.sheets for live in sheet.tables)


def read_table(book: xw.Book, table: Table, checked: Collection[str] | None = None) -> pd.DataFrame:
    """A table as a typed data frame.

    Columns are named by the schema's keys, people's own columns by their headers; the index is the
    row on the sheet and `attrs["sheet"]` its sheet. Rows that people left blank are skipped.
    checked: the columns whose bad cells are faults (all of the table's by default); in the others a
    bad cell reads as blank. Raises BadData with every fault, WorkbookError for a missing column.
    """
    place = find_table(book, table)
    absent = [column for column in table if column.required and column.key not in place.offsets]
    if absent:
        raise WorkbookError(
            [
                Fault(
                    _("The column is missing from the table {name}").format(name=table.name),
                    _("Name a column so, or put the header back"),
                    place.sheet.name,
                    place.top,
                    column.title(language(book)),
                )
                for column in absent
            ]
        )
    raw = raw_frame(place)
    frame, faults = _typed_frame(raw, place, checked)
    if faults:
        raise BadData(faults)
    return frame


def raw_frame(place: TablePlace) -> pd.DataFrame:
    """The table's cells as they are, blank rows skipped; columns by key or header."""
    keys = {offset: key for key, offset in place.offsets.items()}
    width = len(place.headers)
    rows = place.height - 1
    values = cell_values(place.block(0, 0, rows, width)) if rows else []
    cells = np.empty((rows, width), dtype=object)
    if rows:
        cells[:] = values
    frame = pd.DataFrame(
        {key: cells[:, offset] for offset, key in keys.items()},
        index=pd.RangeIndex(place.top + 1, place.top + 1 + rows),
        dtype=object,
    )
    ours = place.table.ours if len(place.table.ours) < len(place.table.columns) else ()
    told = frame[[key for key in frame if key not in ours] or list(frame)]
    frame = frame[told.notna().any(axis=1)]
    frame.attrs["sheet"] = place.sheet.name
    return frame


def cell_values(cells: xw.Range) -> list[list[Any]]:
    """What a range holds, row by row."""
    rows = cells.options(ndim=2).value
    return [[plain_value(cell) for cell in row] for row in rows]


def plain_value(cell: Any) -> Any:
    """A cell as every host has it: Excel hands over currencies as decimals."""
    return float(cell) if type(cell) is Decimal else cell


def _typed_frame(
    raw: pd.DataFrame, place: TablePlace, checked: Collection[str] | None
) -> tuple[pd.DataFrame, list[Fault]]:
    faults: list[Fault] = []
    out: dict[str, pd.Series[Any]] = {}
    for column in place.table:
        if column.key not in raw:
            out[column.key] = typed(pd.Series(None, index=raw.index, dtype=object), column)[0]
            continue
        out[column.key], bad = typed(raw[column.key], column)
        if checked is not None and column.key not in checked:
            continue
        header = place.headers[place.offsets[column.key]]
        faults += [
            unfit(column, place.sheet.name, header, int(row), raw.at[row, column.key])
            for row in raw.index[bad]
        ]
    for header in map(str, raw.columns):
        if header not in out:
            out[header] = raw[header].infer_objects()
    frame = pd.DataFrame(out, index=raw.index)
    frame.attrs["sheet"] = place.sheet.name
    return frame, faults


def named_range(book: xw.Book, name: str) -> xw.Range:
    """The cell of a name. Raises WorkbookError if the name is gone."""
    for known in book.names:
        if known.name.lower() == name.lower():
            return known.refers_to_range
    raise WorkbookError(
        _("The named cell {name} is not in this workbook").format(name=name),
        _("Name the cell so again: Formulas, Name Manager"),
    )


def read_cells(book: xw.Book, wanted: Iterable[Cell]) -> dict[str, Any]:
    """Named cells, typed and checked, by name. Blank cells answer None.

    Where a cell holds the formula it was built with, its inputs are read and its value computed,
    so that a result not yet recalculated is never trusted. Raises BadData with every fault.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for cell in wanted:
        if cell.optional and not any(name.name.lower() == cell.name for name in book.names):
            values[cell.name] = None
            continue
        place = named_range(book, cell.name)
        value = plain_value(place.value)
        if cell.name == "quota" and str(place.formula).replace(" ", "").startswith(
            "=QUOTA_FROM_GROWTH("
        ):
            value = _quota(book)
        fault = _misfit(cell, value, place)
        if fault:
            faults.append(fault)
        values[cell.name] = None if value is None or value == "" else _plain(cell, value)
    if faults:
        raise BadData(faults)
    return values


def _quota(book: xw.Book) -> float:
    from smarketing_xl.funnel import quota_from_growth

    inputs = [cell for cell in CELLS if cell.name in ("last_year_sales", "growth_target")]
    given = read_cells(book, inputs)
    return float(quota_from_growth(given["last_year_sales"], given["growth_target"]))


def _misfit(cell: Cell, value: object, place: xw.Range) -> Fault | None:
    if value is None or value == "":
        return None
    at = (place.sheet.name, place.row, cell.name, value)
    if cell.choices and _entry(cell, value) is None:
        labels = ", ".join(cell.choices.shown(language(place.sheet.book)).values())
        return Fault(
            _("is not in the list"), _("Choose one of: {labels}").format(labels=labels), *at
        )
    if cell.kind in DATES and not isinstance(value, dt.date):
        return Fault(_("is not a date"), _("Type it as a date, not as text"), *at)
    if cell.kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return Fault(_("is not a number"), _("Type it as a number, without units or text"), *at)
        low = -np.inf if cell.low is None else cell.low
        high = np.inf if cell.high is None else cell.high
        if not low <= value <= high:
            return Fault(_("is out of range"), _range(cell), *at)
    return None


def _range(cell: Cell) -> str:
    """What a number may be, as a remedy."""
    shown = format_percent if cell.kind is Kind.SHARE else format_number
    low, high = (None if end is None else shown(end, 2) for end in (cell.low, cell.high))
    if high is None:
        return _("Type a number of at least {low}").format(low=low)
    if low is None:
        return _("Type a number of at most {high}").format(high=high)
    return _("Type a number from {low} to {high}").format(low=low, high=high)


def _entry(cell: Cell, value: object) -> str | None:
    known: dict[str, str] = cell.choices.known() if cell.choices else {}
    return known.get(as_text(value).strip().lower())


def _plain(cell: Cell, value: Any) -> Any:
    if cell.choices:
        entry = _entry(cell, value)
        return entry == "yes" if cell.kind is Kind.YES_NO else entry
    if cell.kind is Kind.WHOLE and isinstance(value, float):
        return round(value)
    return as_text(value) if cell.kind is Kind.TEXT else value


def column_of(table: Table, key: str) -> Column | None:
    """The schema's column of that key; None for a column of the user's own."""
    return next((column for column in table if column.key == key), None)
