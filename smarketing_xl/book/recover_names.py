"""Named cells that are gone: their row was deleted, or their name; put back with their defaults."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import xlwings as xw

from smarketing_xl.a1.areas import Area
from smarketing_xl.book import read
from smarketing_xl.book.contents import Formula
from smarketing_xl.book.named import declared_content
from smarketing_xl.book.once import table_index
from smarketing_xl.book.recover_tables import Step, home_sheets
from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.i18n import LANGUAGES, _, translate
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Cell, Kind
from smarketing_xl.schema.named_cells import CELLS

_Place = tuple[int, int]


def lost_names(book: xw.Book) -> list[Cell]:
    """The named cells that stand for nothing, or are not in the workbook as they must be."""
    return [
        cell
        for cell in CELLS
        if _standing(book, cell) is None
        and not (cell.optional and not read.has_name(book, cell.name))
    ]


def faults_of_names(book: xw.Book, lost: Sequence[Cell]) -> list[Fault]:
    """A fault for each named cell that is gone."""
    faults = []
    for cell in lost:
        sheet = _(tables.SHEETS[cell.sheet])
        remedy = _("Repair puts it back with its default value")
        if not home_sheets(book, cell.sheet):
            remedy = _("Its sheet is gone: copy your data into a new workbook: smarketing new")
        faults.append(
            Fault(
                _("The cell {name} ({label}) is gone").format(name=cell.name, label=_(cell.label)),
                remedy,
                sheet,
            )
        )
    return faults


def put_back_names(book: xw.Book) -> list[Step]:
    """How each lost name comes back: on its sheet, under its label, with its default."""
    steps: list[Step] = []
    lost = lost_names(book)
    for name in dict.fromkeys(cell.sheet for cell in lost):
        for sheet in home_sheets(book, name)[:1]:
            cells = [cell for cell in lost if cell.sheet == name]
            steps += _put_back_on(book, sheet, cells, name)
    return steps


def _put_back_on(book: xw.Book, sheet: xw.Sheet, lost: Sequence[Cell], name: str) -> Iterator[Step]:
    standing = [cell for cell in CELLS if cell.sheet == name and cell not in lost]
    ranges = [cell_range for cell in standing if (cell_range := _standing(book, cell)) is not None]
    used = {(cell_range.row, cell_range.column) for cell_range in ranges}
    grid = _grid(sheet)
    areas = [
        Area.parse(live.range.get_address(False, False))
        for home, live in table_index(book).values()
        if home.name == sheet.name
    ]
    for cell in lost:
        label, value = _home(cell, used, grid, areas)
        used.add(value)
        grid[label] = _(cell.label)
        message = _("{sheet}, row {row}: {label} is there again, with its default value").format(
            sheet=sheet.name, row=value[0], label=_(cell.label)
        )
        yield message, partial(_put_back, book, sheet, cell, label, value)


def _standing(book: xw.Book, cell: Cell) -> xw.Range | None:
    try:
        return read.named_range(book, cell.name)
    except WorkbookError:
        return None


def _home(
    cell: Cell, used: set[_Place], grid: dict[_Place, Any], areas: Sequence[Area]
) -> tuple[_Place, _Place]:
    """Where label and value stand: the label that is still there, else the end of its block.

    used: the values of other named cells. grid: all that stands on the sheet. areas: its tables.
    """
    across = len(used) > 1 and len({row for row, _column in used}) == 1
    beside = (1, 0) if across else (0, 1)
    labels = _labels(cell)
    for at, text in grid.items():
        if str(text).strip() in labels:
            value = at[0] + beside[0], at[1] + beside[1]
            if value not in used and not isinstance(grid.get(value), str):
                return at, value
    for label in _free(used, grid, across):
        value = label[0] + beside[0], label[1] + beside[1]
        if not any(at in grid or at in used or _inside(at, areas) for at in (label, value)):
            return label, value
    raise AssertionError("a sheet has no end")


def _labels(cell: Cell) -> set[str]:
    """How the cell is labelled, in any language, with its unit or without."""
    titles = [(translate(cell.label, each), translate(cell.unit, each)) for each in LANGUAGES]
    return {title for title, _unit in titles} | {f"{title} ({unit})" for title, unit in titles}


def _grid(sheet: xw.Sheet) -> dict[_Place, Any]:
    used = sheet.used_range
    return {
        (used.row + down, used.column + across): cell
        for down, row in enumerate(used.options(ndim=2).value)
        for across, cell in enumerate(row)
        if cell not in (None, "")
    }


def _inside(at: _Place, areas: Sequence[Area]) -> bool:
    """Whether a cell stands in a table, or right below one."""
    return any(
        area.left <= at[1] <= area.right and area.top <= at[0] <= area.bottom + 1 for area in areas
    )


def _free(used: set[_Place], grid: dict[_Place, Any], across: bool) -> Iterator[_Place]:
    """Cells for a label, the nearest first: beside the last named cell, or below everything."""
    if across:
        row = next(iter(used))[0] - 1
        first = max(column for _row, column in used) + 1
        yield from ((row, column) for column in range(first, first + 200))
    if used and not across:
        column = Counter(column for _row, column in used).most_common(1)[0][0] - 1
        first = max(row for row, _column in used) + 1
        yield from ((row, max(column, 1)) for row in range(first, first + 200))
    last = max((row for row, _column in grid), default=4)
    yield from ((row, 2) for row in range(last + 2, last + 200))


def _put_back(book: xw.Book, sheet: xw.Sheet, cell: Cell, label: _Place, value: _Place) -> None:
    spoken = read.language(book)
    place = sheet.range(value)
    sheet.range(label).value = translate(cell.label, spoken)
    if place.value in (None, ""):
        _fill(book, place, cell, spoken)
    refers_to = "=" + _quoted(sheet.name) + "!" + place.get_address(True, True)
    try:
        book.names(cell.name).refers_to = refers_to
    except Exception:  # each host has its own error for a name that is not there
        book.names.add(cell.name, refers_to)


def _fill(book: xw.Book, place: xw.Range, cell: Cell, spoken: Any) -> None:
    value: Any = declared_content(book, cell)
    if isinstance(value, Formula):
        place.formula = str(value)
    else:
        if cell.choices:
            value = cell.choices.shown(spoken).get(str(value), value)
        if isinstance(value, dt.date):
            value = dt.datetime.combine(value, dt.time())
        place.value = value
    if cell.kind in _FORMATS:
        place.number_format = _FORMATS[cell.kind]


_FORMATS = {Kind.SHARE: "0 %", Kind.DATE: "yyyy-mm-dd", Kind.MONTH: "mmm yyyy"}


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
