"""Writing to a workbook that Excel has open: what its user hid, switched off or protected.

Excel puts an array that is written over rows hidden by a filter into other rows
(https://github.com/xlwings/xlwings/issues/679). So every row is shown while tables are written, and
the filter put back afterwards, also after a failure. What is said here of `api` is Excel's own
object model: https://learn.microsoft.com/office/vba/api/excel.autofilter.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.book.read import TablePlace

AND, OR, VALUES = 1, 2, 7  # XlAutoFilterOperator
REMEMBERED = (0, AND, OR, 3, 4, 5, 6, VALUES, 11)  # not those by colour or icon
VISIBLE = 12  # XlCellType


@dataclass(frozen=True)
class Filter:
    """What the filter button of one column was set to."""

    field: int
    criteria: Any
    operator: int
    second: Any


@contextmanager
def ready_to_write(places: Sequence[TablePlace]) -> Iterator[None]:
    """Excel with every row of these tables shown, not drawing and not calculating meanwhile.

    Raises WorkbookError for a protected sheet, and for a filter that could not be put back. On
    other hosts nothing is done. On a Mac filters stay: what lands elsewhere is found by reading it
    back.
    """
    if not places or not is_excel(places[0].sheet.book):
        yield
        return
    with ExitStack() as put_back:
        put_back.enter_context(_undisturbed(places[0].sheet.book.app))
        if sys.platform != "darwin":
            for place in {place.sheet.name: place for place in places}.values():
                _check_protection(place)
            for place in {place.table.name: place for place in places}.values():
                if place.live is not None:
                    put_back.enter_context(_filter_lifted(place.live.api, place))
            for sheet in {place.sheet.name: place for place in places}.values():
                if sheet.sheet.api.AutoFilterMode:
                    put_back.enter_context(_filter_lifted(sheet.sheet.api, sheet))
            for place in {place.table.name: place for place in places}.values():
                put_back.enter_context(_rows_shown(place))
        yield


def is_excel(book: xw.Book) -> bool:
    """Whether the workbook is open in Excel."""
    return bool(book.app.engine.name == "excel")


@contextmanager
def _undisturbed(app: xw.App) -> Iterator[None]:
    """Neither drawn nor calculated until all is written; then as it was."""
    screen, calculation = app.screen_updating, app.calculation
    try:
        app.screen_updating = False
        app.calculation = "manual"
        yield
    finally:
        with suppress(Exception):
            app.calculation = calculation
        with suppress(Exception):
            app.screen_updating = screen


def _check_protection(place: TablePlace) -> None:
    if place.sheet.api.ProtectContents:
        raise WorkbookError(
            Fault(
                _("The sheet is protected"),
                _("Take the protection off: Review, Unprotect Sheet; then repeat the step"),
                place.sheet.name,
            )
        )


@contextmanager
def _filter_lifted(owner: Any, place: TablePlace) -> Iterator[None]:
    """All rows of a filtered table or sheet shown; then filtered again.

    owner: a ListObject or a Worksheet of Excel: what has an AutoFilter.
    """
    auto_filter = owner.AutoFilter
    if auto_filter is None or not auto_filter.FilterMode:
        yield
        return
    filters = _filters(auto_filter, place)
    area = auto_filter.Range
    auto_filter.ShowAllData()
    try:
        yield
    finally:
        for each in filters:
            area.AutoFilter(each.field, each.criteria, each.operator or AND, each.second)


def _filters(auto_filter: Any, place: TablePlace) -> list[Filter]:
    filters = []
    for field in range(1, auto_filter.Filters.Count + 1):
        each = auto_filter.Filters.Item(field)
        if not each.On:
            continue
        try:
            operator = int(each.Operator or 0)
            criteria = each.Criteria1
            second = each.Criteria2 if operator in (AND, OR) else None
        except Exception as error:  # such as months ticked in a list of dates
            raise _cannot_be_put_back(place) from error
        if operator not in REMEMBERED:
            raise _cannot_be_put_back(place)
        filters.append(Filter(field, criteria, operator, second))
    return filters


def _cannot_be_put_back(place: TablePlace) -> WorkbookError:
    return WorkbookError(
        Fault(
            _("The rows of {table} are filtered in a way that cannot be put back").format(
                table=place.table.name
            ),
            _("Take the filter away: Data, Clear; then repeat the step"),
            place.sheet.name,
            place.top,
        )
    )


@contextmanager
def _rows_shown(place: TablePlace) -> Iterator[None]:
    """Rows that people hid or grouped away are shown; then hidden again."""
    runs = _hidden_runs(place)
    for first, last in runs:
        place.sheet.range(f"{first}:{last}").api.EntireRow.Hidden = False
    try:
        yield
    finally:
        for first, last in runs:
            place.sheet.range(f"{first}:{last}").api.EntireRow.Hidden = True


def _hidden_runs(place: TablePlace) -> list[tuple[int, int]]:
    """The first and last row of each run of hidden rows of a table."""
    column = place.block(-1, 0, place.height, 1).api
    hidden = column.EntireRow.Hidden
    top, last = place.top, place.top + place.height - 1
    if hidden is False:
        return []
    if hidden is True:
        return [(top, last)]
    areas = column.SpecialCells(VISIBLE).Areas
    shown = sorted((area.Row, area.Row + area.Rows.Count) for area in areas)
    edges = [(top, top), *shown, (last + 1, last + 1)]
    return [(before[1], after[0] - 1) for before, after in pairwise(edges) if before[1] < after[0]]
