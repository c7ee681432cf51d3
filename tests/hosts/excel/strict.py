"""A double of what Excel's objects do to a program that writes cells, where it hurts.

It is not Excel: it keeps the values of the file host's engine and takes from Excel's object model
only what its documentation, and the tracker of xlwings, say of ranges:

- an array written over rows that a filter hides puts its first row into every row that is shown
  (https://github.com/xlwings/xlwings/issues/747, #679, #1483, #2619);
- a text is taken as if typed: =, numbers; an apostrophe keeps it text
  (https://learn.microsoft.com/office/vba/api/excel.range.value);
- a cell formatted as currency is a Decimal of four digits (Range.Value, against Range.Value2);
- a time is one with a zone, which means nothing (pywin32's `pywintypes.datetime`);
- an error is a whole number, CVErr of 2007 for #DIV/0!; xlwings knows those of before Microsoft 365
  (https://learn.microsoft.com/office/vba/api/excel.xlcverror; xlwings/_xlwindows.py);
- a single cell is a scalar, not rows of cells;
- an array with a text above 911 characters is refused, such a text alone is not (Excel 2003; 2007
  from 8,203; newer ones take it: https://support.microsoft.com/kb/818808);
- a cell holds 32,767 characters
  (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3);
- cells of a protected sheet raise (https://learn.microsoft.com/office/vba/api/excel.worksheet.protect);
- a workbook that only a cloud has, has no path (xlwings raises in `fullname`);
- AutoFilter, its Filters and what it hides (https://learn.microsoft.com/office/vba/api/excel.autofilter),
  SpecialCells(xlCellTypeVisible), EntireRow.Hidden: None where a range has both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings as xw

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts import file
from smarketing_xl.hosts.file.xlwings_api import engine, ranges, tables_and_names

LONGEST, LONGEST_IN_ARRAY = 32_767, 911
CVERR = -2146828288
ERRORS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029,
    "#NUM!": 2036, "#N/A": 2042, "#GETTING_DATA": 2043, "#SPILL!": 2045, "#FIELD!": 2049,
    "#CALC!": 2050,
}  # fmt: skip
KNOWN_TO_XLWINGS = {CVERR + ERRORS[text] for text in list(ERRORS)[:7]}


class ComError(Exception):
    """As pywin32 raises what Excel refuses."""


@dataclass
class Filtered:
    """A table's filter: what each column must show; blank where nothing is filtered."""

    wanted: dict[int, str] = field(default_factory=dict)  # field → text shown


@dataclass
class StrictExcel:
    """The state that Excel keeps beside the cells."""

    book: xw.Book
    filters: dict[str, Filtered] = field(default_factory=dict)
    hidden: set[tuple[str, int]] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)
    currency: set[tuple[str, int, int]] = field(default_factory=set)
    errors: dict[tuple[str, int, int], str] = field(default_factory=dict)
    in_cloud: bool = False
    writes: int = 0  # of values and of formulas, each a call
    drawn_writes: int = 0  # while the screen was drawn, or all calculated after each

    def filter(self, table: str, column: int, shown: str) -> None:
        self.filters.setdefault(table, Filtered()).wanted[column] = shown

    def filtered_rows(self, sheet: str) -> set[int]:
        """The rows of a sheet that filters or people hide."""
        rows = {row for name, row in self.hidden if name == sheet}
        for live in self.book.sheets[sheet].tables:
            found = self.filters.get(live.name)
            for column, shown in found.wanted.items() if found else ():
                area = live.impl.range.area
                cells = live.impl.range.sheet.model
                rows |= {
                    row
                    for row in range(area.top + 1, area.bottom + 1)
                    if str(cells.value(row, area.left + column - 1)) != shown
                }
        return rows


@contextmanager
def strict_excel(path: Path) -> Iterator[StrictExcel]:
    """A workbook as if open in Excel: the file host's engine, with Excel's ways put on it."""
    book = file.open_book(path)
    state = StrictExcel(book)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.Engine, "name", "excel")
        patch.setattr(engine.Engine, "clean_value_data", staticmethod(_cleaned))
        patch.setattr(ranges.Range, "raw_value", _raw_value(state))
        patch.setattr(ranges.Range, "formula", _formula(state))
        patch.setattr(ranges.Range, "api", property(lambda it: _RangeApi(state, it)), raising=False)
        patch.setattr(tables_and_names.Table, "api", property(lambda it: _ListObject(state, it)))
        patch.setattr(engine.Sheet, "api", property(lambda it: _Worksheet(state, it)))
        patch.setattr(engine.Book, "fullname", property(lambda it: _fullname(state, it)))
        yield state


def _fullname(state: StrictExcel, book: Any) -> str:
    if state.in_cloud:
        raise xw.XlwingsError("Couldn't find the local path of your cloud workbook")
    return str(book.document.path)


def _raw_value(state: StrictExcel) -> property:
    known = ranges.Range.raw_value

    def read(cells: Any) -> Any:
        rows = [
            [_given(state, cells, row, column, value) for column, value in enumerate(line)]
            for row, line in enumerate(known.fget(cells))
        ]
        return rows[0][0] if cells.area.size == 1 else rows

    def write(cells: Any, value: Any) -> None:
        if cells.sheet.name in state.protected:
            raise ComError("The cell or chart you're trying to change is on a protected sheet.")
        state.writes += 1
        app = cells.sheet.book.app
        state.drawn_writes += app.screen_updating or app.calculation != "manual"
        rows = cells._spread(value)
        area = cells.area
        if area.size > 1 and max(map(_length, chain(*rows))) > LONGEST_IN_ARRAY:
            raise ComError("Run-time error 1004: Application-defined or object-defined error")
        rows = [[_typed(cell) for cell in line] for line in rows]
        hidden = state.filtered_rows(cells.sheet.name) & set(range(area.top, area.bottom + 1))
        if not hidden:
            cells._cells.write(area, rows)
            return
        for row in range(area.top, area.bottom + 1):
            if row not in hidden:
                cells._cells.write(Area(row, area.left, row, area.right), rows[:1])

    return property(read, write)


def _formula(state: StrictExcel) -> property:
    known = ranges.Range.formula

    def write(cells: Any, text: str) -> None:
        state.writes += 1
        known.fset(cells, text)

    return property(known.fget, write)


def _given(state: StrictExcel, cells: Any, down: int, across: int, value: Any) -> Any:
    place = cells.sheet.name, cells.area.top + down, cells.area.left + across
    if place in state.currency and isinstance(value, int | float):
        return Decimal(f"{value:.4f}")
    value = state.errors.get(place, value)
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=dt.UTC)
    return CVERR + ERRORS[value] if isinstance(value, str) and value in ERRORS else value


def _cleaned(
    data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
) -> Any:
    """As xlwings/_xlwindows.py does."""

    def clean(value: Any) -> Any:
        if value in ("", None):
            return empty_as
        if isinstance(value, dt.datetime):
            assert value.tzinfo is not None
            return datetime_builder(
                year=value.year, month=value.month, day=value.day, hour=value.hour,
                minute=value.minute, second=value.second, microsecond=value.microsecond,
                tzinfo=None,
            )  # fmt: skip
        if number_builder is not None and isinstance(value, float):
            return number_builder(value)
        if type(value) is int and value in KNOWN_TO_XLWINGS:
            assert not err_to_str
            return None
        return value

    return [[clean(value) for value in row] for row in data]


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str) else 0


def _typed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST + 1:
        raise ComError("more than a cell holds")
    if value.startswith("'"):
        return value[1:]
    assert not value.startswith("="), "a text that Excel would take for a formula"
    try:
        return float(value)
    except ValueError:
        return value


class _ListObject:
    def __init__(self, state: StrictExcel, table: Any) -> None:
        self.state, self.table = state, table

    @property
    def AutoFilter(self) -> _AutoFilter:  # noqa: N802
        return _AutoFilter(self.state, self.table)


class _AutoFilter:
    def __init__(self, state: StrictExcel, table: Any) -> None:
        self.state, self.table = state, table
        self._found = state.filters.setdefault(table.name, Filtered())

    @property
    def FilterMode(self) -> bool:  # noqa: N802
        return bool(self._found.wanted)

    @property
    def Filters(self) -> Any:  # noqa: N802
        def item(number: int) -> Any:
            shown = self._found.wanted.get(number)
            if shown is None:
                return SimpleNamespace(On=False)
            return SimpleNamespace(On=True, Criteria1=f"={shown}", Operator=0)

        return SimpleNamespace(Count=self.table.range.area.shape[1], Item=item)

    @property
    def Range(self) -> Any:  # noqa: N802
        def auto_filter(number: int, criteria: str, operator: int = 1, second: Any = None) -> None:
            assert criteria.startswith("=") and operator in (1, 7) and second is None
            self._found.wanted[number] = criteria[1:]

        return SimpleNamespace(AutoFilter=auto_filter)

    def ShowAllData(self) -> None:  # noqa: N802
        assert self.FilterMode, "ShowAllData method of Worksheet class failed"
        self._found.wanted.clear()


class _Worksheet:
    AutoFilterMode = False

    def __init__(self, state: StrictExcel, sheet: Any) -> None:
        self.ProtectContents = sheet.name in state.protected


class _RangeApi:
    def __init__(self, state: StrictExcel, cells: Any) -> None:
        self.state, self.cells = state, cells

    @property
    def EntireRow(self) -> _Rows:  # noqa: N802
        return _Rows(self.state, self.cells)

    def SpecialCells(self, kind: int) -> Any:  # noqa: N802
        assert kind == 12 and self.cells.area.size > 1, "a single cell stands for its whole sheet"
        hidden = self.state.filtered_rows(self.cells.sheet.name)
        area = self.cells.area
        shown = [row for row in range(area.top, area.bottom + 1) if row not in hidden]
        starts = [row for row in shown if row - 1 not in shown]
        found = []
        for start in starts:
            end = start
            while end + 1 in shown:
                end += 1
            found.append(SimpleNamespace(Row=start, Rows=SimpleNamespace(Count=end - start + 1)))
        return SimpleNamespace(Areas=found)


class _Rows:
    def __init__(self, state: StrictExcel, cells: Any) -> None:
        object.__setattr__(self, "_of", (state, cells))

    def _numbers(self) -> range:
        area = self._of[1].area
        return range(area.top, area.bottom + 1)

    @property
    def Hidden(self) -> bool | None:  # noqa: N802
        state, cells = self._of
        hidden = state.filtered_rows(cells.sheet.name)
        found = {row in hidden for row in self._numbers()}
        return found.pop() if len(found) == 1 else None

    @Hidden.setter
    def Hidden(self, value: bool) -> None:  # noqa: N802
        state, cells = self._of
        rows = {(cells.sheet.name, row) for row in self._numbers()}
        state.hidden = state.hidden | rows if value else state.hidden - rows
