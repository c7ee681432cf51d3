"""Reading the workbook: tables by name, columns by header, named cells; typed and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw
from numpy.typing import NDArray

from smarketing_xl.a1.areas import LAST_ROW, Area
from smarketing_xl.book.contents import (
    as_cells,
    cell_values,
    current,
    is_typed,
    plain_value,
    table_values,
)
from smarketing_xl.book.once import known_now, look_for_table
from smarketing_xl.book.pasted import rows_below
from smarketing_xl.errors import BadData, Fault, WorkbookError
from smarketing_xl.i18n import (
    LANGUAGES,
    Language,
    _,
    format_number,
    format_percent,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import (
    DATES,
    NUMBERS,
    as_text,
    typed,
    unfit,
    with_ranges,
)
from smarketing_xl.schema.model import (
    Cell,
    Column,
    Kind,
    Table,
)
from smarketing_xl.schema.named_cells import CELLS, OWN_CURRENCY

LANGUAGE_NAME = "smarketing_language"
SMALL = 64  # rows of a table that are read with its headers, in one call, and of those below it


def language(book: xw.Book) -> Language:
    """The language the workbook was made in; English where it does not say."""
    known = known_now()
    refers_to = known.language or _refers_to(book, LANGUAGE_NAME).strip('="')
    spoken: Language = next((each for each in LANGUAGES if each == refers_to), "en")
    known.language = spoken
    return spoken


def _refers_to(book: xw.Book, name: str) -> str:
    """What a name stands for; nothing where there is none."""
    known = known_now().refers_to
    if name not in known:
        try:
            known[name] = str(_names(book)(name).refers_to)
        except Exception:  # each host has its own error for a name that is not there
            known[name] = ""
    return known[name]


def _names(book: xw.Book) -> xw.main.Names:
    """The workbook's names."""
    known = known_now()
    known.names = book.names if known.names is None else known.names
    return known.names


def has_name(book: xw.Book, name: str) -> bool:
    """Whether a name is in the workbook: those made before it lack it."""
    return _refers_to(book, name) != ""


@dataclass(frozen=True)
class TablePlace:
    """Where a table stands now: sheet, first row and column (1-based), size, headers."""

    table: Table
    sheet: xw.Sheet
    live: xw.Table  # None of a named cell (see book.named)
    top: int
    left: int
    height: int  # header and rows of data, pasted ones too; not the totals
    headers: tuple[str, ...]
    new: int = 0  # so many of the last headers are yet to be written
    totals: int = 0  # 1 where a row of totals stands below the data
    pasted: int = 0  # so many of the last rows stand right below what is the table now
    outside: int = 0  # so many rows stand below it that cannot be taken in

    @cached_property
    def sheet_name(self) -> str:
        """The sheet's name, asked for once."""
        return str(self.sheet.name)

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Key of a known column, or header of a user's, → offset from the left.

        Ours come first: a later column with a name that one of ours has, or had, is the user's.
        """
        known = self.table.headers()
        named: dict[str, int] = {}
        for offset, header in enumerate(self.headers):
            key = known.get(header.strip().lower(), header)
            named.setdefault(header if key in named else key, offset)
        return named

    def block(self, row: int, offset: int, height: int, width: int) -> xw.Range:
        """Cells inside the table: row counts from 0 below the header."""
        top, left = self.top + 1 + row, self.left + offset
        return self.sheet.range((top, left), (top + height - 1, left + width - 1))


def find_table(book: xw.Book, table: Table) -> TablePlace:
    """The table, on whatever sheet it stands. Raises WorkbookError if it is gone."""
    known = known_now()
    if table.name not in known.places:
        known.places[table.name] = _look_for(book, table)
    return known.places[table.name]


def _look_for(book: xw.Book, table: Table) -> TablePlace:
    location = look_for_table(book, table.name, _home(table))
    if location is None:
        raise WorkbookError(
            _("The table {name} is not in this workbook").format(name=table.name),
            _(
                "Undo what took it away; where its headers still stand, run Check workbook in "
                "Excel or Calc; or copy your data into a new workbook: smarketing new"
            ),
        )
    sheet, live = location
    area = Area.parse(live.range.get_address(False, False))
    totals = int(bool(live.show_totals))
    height = area.shape[0] - totals
    small = height <= SMALL
    last = min(area.bottom + SMALL, LAST_ROW) if small else area.top
    titles, *rows = cell_values(sheet.range((area.top, area.left), (last, area.right)))
    if small and height > 1:
        known_now().values[table.name] = as_cells(rows[: height - 1])
    if small:
        known_now().below[table.name] = area.bottom + 1, rows[height - 1 + totals :]
    place = TablePlace(
        table,
        sheet,
        live,
        area.top,
        area.left,
        height,
        tuple("" if title is None else str(title) for title in titles),
        totals=totals,
    )
    if not place.offsets.keys() >= set(table.keys) and not live.show_headers:
        raise WorkbookError(
            Fault(
                _("The table {name} shows no headers").format(name=table.name),
                _("Switch them on: Table Design, Header Row"),
                sheet.name,
            )
        )
    pasted, outside = rows_below(place)
    return replace(place, height=place.height + pasted, pasted=pasted, outside=outside)


def has_table(book: xw.Book, table: Table) -> bool:
    """Whether a table is there: workbooks made before it lack it."""
    return look_for_table(book, table.name, _home(table)) is not None


def _home(table: Table) -> set[str]:
    """How the sheet is called on which the table was made, in any language."""
    return tables.sheet_names(table.sheet)


def read_table(book: xw.Book, table: Table, checked: Collection[str] | None = None) -> pd.DataFrame:
    """A table as a typed data frame.

    Columns are named by the schema's keys, people's own columns by their headers; the index is the
    row on the sheet and `attrs["sheet"]` its sheet. Rows that people left blank are skipped.
    checked: the columns whose bad cells are faults (all of the table's by default); in the others a
    bad cell reads as blank. In records (leads, customers, interactions, spend) one bad cell does
    not stop all the others: it reads as blank, and `unread_cells` tells of it. Raises BadData with
    every fault of any other table, WorkbookError for a missing column.
    """
    frame, faults = read_with_faults(book, table, checked)
    if faults and table not in tables.RECORDS:
        raise BadData(faults)
    known_now().unread |= dict.fromkeys(faults)
    return frame


def ranges_kept(book: xw.Book, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """A table as `read_table` reads it, with the ranges (11-50) in its columns of numbers."""
    raw = raw_frame(find_table(book, table))
    measured = [c.key for c in table if c.kind in NUMBERS and not c.ours and c.key in raw]
    return frame.assign(
        **{key: with_ranges(frame[key], raw.loc[frame.index, key]) for key in measured}
    )


def unread_cells() -> list[Fault]:
    """The cells of records that were to be read since `reading_once`, and could not."""
    return list(known_now().unread)


def read_with_faults(
    book: xw.Book, table: Table, checked: Collection[str] | None = None
) -> tuple[pd.DataFrame, list[Fault]]:
    """A table as `read_table` reads it, with the faults of its cells instead of an error.

    checked: the keys of columns whose bad cells are faults; all where none are given. Returns the
    rows, a cell that could not be read being blank, and a fault for each such cell.
    Raises WorkbookError where the table or a required column is gone.
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
    return _typed_frame(raw_frame(place), place, checked)


def raw_frame(place: TablePlace) -> pd.DataFrame:
    """The table's cells as they are, blank rows skipped; columns by key or header.

    A row in which nothing stands but what columns calculate is blank.
    """
    keys = {offset: key for key, offset in place.offsets.items()}
    rows = place.height - 1
    values = table_values(place)
    frame = pd.DataFrame(
        {key: values[:, offset] for offset, key in keys.items()},
        index=pd.RangeIndex(place.top + 1, place.top + 1 + rows),
        dtype=object,
    )
    filled = frame.notna()
    typed_in = [c.key for c in place.table if c.key in frame and not (c.ours or c.formula)]
    beside = [key for key in place.offsets if key not in place.table.keys]
    if not typed_in:
        frame = frame[filled.any(axis=1)]
    else:
        alone = filled[beside].any(axis=1) & ~filled[typed_in].any(axis=1)
        stays = filled[typed_in].any(axis=1) | (alone & _is_typed(place, beside, alone))
        frame = frame[stays]
    frame.attrs["sheet"] = place.sheet_name
    return frame


def _is_typed(
    place: TablePlace, columns: Sequence[str], rows: pd.Series[bool]
) -> NDArray[np.bool_]:
    """Which of some rows hold in these columns anything that no formula calculates."""
    if not rows.any():
        return np.zeros(len(rows), dtype=np.bool_)
    contents = current(place, [place.offsets[key] for key in columns], place.height - 1)
    return np.array([any(map(is_typed, row)) for row in contents], dtype=np.bool_)


def _typed_frame(
    raw: pd.DataFrame, place: TablePlace, checked: Collection[str] | None
) -> tuple[pd.DataFrame, list[Fault]]:
    faults: list[Fault] = []
    out: dict[str, pd.Series[Any]] = {}
    sheet = raw.attrs["sheet"]
    for column in place.table:
        if column.key not in raw:
            out[column.key] = typed(pd.Series(None, index=raw.index, dtype=object), column)[0]
            continue
        out[column.key], bad = typed(raw[column.key], column)
        if checked is not None and column.key not in checked:
            continue
        header = place.headers[place.offsets[column.key]]
        faults += [
            unfit(column, sheet, header, int(row), raw.at[row, column.key])
            for row in raw.index[bad]
        ]
    for header in map(str, raw.columns):
        if header not in out:
            out[header] = raw[header].infer_objects()
    frame = pd.DataFrame(out, index=raw.index)
    frame.attrs["sheet"] = sheet
    return frame, faults


def named_range(book: xw.Book, name: str) -> xw.Range:
    """The cell of a name. Raises WorkbookError if the name is gone, or its cell."""
    cells = known_now().named
    if name not in cells:
        cells[name] = _named_range(book, name)
    return cells[name]


def _named_range(book: xw.Book, name: str) -> xw.Range:
    try:
        named = _names(book)(name)
    except Exception:  # each host has its own error for a name that is not there
        raise WorkbookError(
            _("The named cell {name} is not in this workbook").format(name=name),
            _("Run Check workbook: it offers to put it back"),
        ) from None
    try:
        return named.refers_to_range
    except Exception:  # and for one that stands for nothing
        raise WorkbookError(
            _("The name {name} stands for no cell any more").format(name=name),
            _("Run Check workbook: it offers to put it back"),
        ) from None


def read_cells(book: xw.Book, wanted: Iterable[Cell]) -> dict[str, Any]:
    """Named cells, typed and checked, by name. Blank cells answer None.

    Where a cell holds a function that it held in former versions, its inputs are read and its value
    computed: the function may not be there to do it. Raises BadData with every fault.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for cell in wanted:
        if cell.optional and not has_name(book, cell.name):
            values[cell.name] = None
            continue
        place = named_range(book, cell.name)
        value = plain_value(place.value)
        former = cell.formerly
        if former and str(place.formula).replace(" ", "").startswith(f"={former.function}("):
            given = read_cells(book, [it for it in CELLS if it.name in former.inputs])
            inputs = [given[name] for name in former.inputs]
            value = None if None in inputs else former.rule(*inputs)
        fault = _misfit(cell, value, place)
        if fault:
            faults.append(fault)
        values[cell.name] = None if value is None or value == "" else _plain(cell, value)
    if faults:
        raise BadData(faults)
    return values


def own_currency(book: xw.Book) -> str:
    """The currency of the workbook's amounts, as it was typed; blank where nobody has said it."""
    return str(read_cells(book, [OWN_CURRENCY])[OWN_CURRENCY.name] or "").strip()


_MOST = 1e15
"""What a sheet shows to the last digit; no sum of money is more."""


def _misfit(cell: Cell, value: object, place: xw.Range) -> Fault | None:
    if value is None or value == "":
        return None

    def fault(problem: str, remedy: str) -> Fault:
        return Fault(problem, remedy, place.sheet.name, place.row, _(cell.label), value)

    if cell.choices and _entry(cell, value) is None:
        labels = ", ".join(cell.choices.shown(language(place.sheet.book)).values())
        return fault(_("is not in the list"), _("Choose one of: {labels}").format(labels=labels))
    if cell.kind in DATES and not isinstance(value, dt.date):
        return fault(_("is not a date"), _("Type it as a date, not as text"))
    if cell.kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return fault(_("is not a number"), _("Type it as a number, without units or text"))
        low = -np.inf if cell.low is None else cell.low
        high = _MOST if cell.high is None else cell.high
        if not low <= value <= high:
            return fault(_("is out of range"), _range(cell))
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
