"""Excel tables in Calc: database ranges with a header row, known by their names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts.base import Collection
from smarketing_xl.hosts.calc.office import CalcObject, NamedObject, enum, struct
from smarketing_xl.hosts.calc.ranges import Range
from smarketing_xl.hosts.calc.values import CONTENTS, NOTES, TYPED

if TYPE_CHECKING:
    from smarketing_xl.hosts.calc.books import Sheet


class Tables(CalcObject, Collection["Table"]):
    """The tables of a sheet, as xlwings knows them: Calc's database ranges that stand there."""

    def __init__(self, parent: Sheet) -> None:
        self.parent = parent

    @property
    def api(self) -> Any:
        """The document's database ranges as Calc's own object."""
        return self.parent.book.api.DatabaseRanges

    def _items(self) -> list[Table]:
        ranges = self.api
        here = self.parent.index - 1
        return [
            Table(self.parent, name)
            for name in ranges.getElementNames()
            if ranges.getByName(name).getDataArea().Sheet == here
        ]

    def add(
        self, *, source: xw.Range, name: str | None = None, has_headers: bool = True, **_others: Any
    ) -> Table:
        """Make a range with a header row a table.

        name: the next free Table1, Table2 … where none is given. Raises NotImplementedError for a
        range without headers.
        """
        if not has_headers:
            raise NotImplementedError("A table needs a header row")
        name = name or f"Table{len(self.api.getElementNames()) + 1}"
        self.api.addNewByName(name, source.api.getRangeAddress())
        self.api.getByName(name).ContainsHeader = True
        return Table(self.parent, name)


class Table(NamedObject):
    """A table, as xlwings knows one: a named database range of the document."""

    def __init__(self, parent: Sheet, name: str) -> None:
        self.parent = parent
        super().__init__(name)

    @property
    def api(self) -> Any:
        """The table as Calc's own object."""
        return self.parent.book.api.DatabaseRanges.getByName(self._name)

    @property
    def display_name(self) -> str:
        """The table's name as formulas use it; Calc, unlike Excel, has no other."""
        return self._name

    @property
    def area(self) -> Area:
        """All of it, with the header row."""
        at = self.api.getDataArea()
        return Area(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1)

    @property
    def show_headers(self) -> bool:
        """Whether the table's first row names the columns."""
        return bool(self.api.ContainsHeader)

    @property
    def show_totals(self) -> bool:
        """Whether the table's last row is a totals row."""
        return bool(self.api.TotalsRow)

    @property
    def range(self) -> Range:
        """All of it, with the header row."""
        return Range(self.parent, self.area)

    @property
    def header_row_range(self) -> Range | None:
        """The row of headers; None where it is switched off."""
        area = self.area
        if not self.show_headers:
            return None
        return Range(self.parent, Area(area.top, area.left, area.top, area.right))

    @property
    def data_body_range(self) -> Range | None:
        """The rows below the header, a totals row included; None where there are none."""
        area = self.area
        first = area.top + self.show_headers
        if first > area.bottom:
            return None
        return Range(self.parent, Area(first, area.left, area.bottom, area.right))

    def resize(self, range: xw.Range) -> None:
        """Give it another extent; new rows look and calculate like the last one."""
        before, after = self.area, range.impl.area
        totals = int(self.show_totals)
        if totals and after.bottom != before.bottom:
            self._move_totals(before, after)
        self.api.setDataArea(range.api.getRangeAddress())
        if after.bottom > before.bottom > before.top:
            self._continue(
                replace(before, bottom=before.bottom - totals),
                replace(after, bottom=after.bottom - totals),
            )

    def _move_totals(self, before: Area, after: Area) -> None:
        """Its last row, with its formulas and looks, to where the last row will be."""
        row = self._cells(before.bottom, before.left, before.bottom, before.right)
        place = struct(
            "com.sun.star.table.CellAddress",
            Sheet=self.parent.index - 1,
            Row=after.bottom - 1,
            Column=before.left - 1,
        )
        self.parent.api.moveRange(place, row.getRangeAddress())

    def _continue(self, before: Area, after: Area) -> None:
        """Formats, validation and calculated columns of the last row, for empty rows below it."""
        top, left, right = before.bottom + 1, after.left, after.right
        if self._cells(top, left, after.bottom, right).queryContentCells(CONTENTS).getCount():
            return
        new = self._cells(top, left, top, right)
        formulas = []
        for row in range(max(before.top + 1, before.bottom - 1), before.bottom + 1):
            self._copy(self._cells(row, left, row, right), top)
            formulas.append(new.getFormulaArray()[0])
        new.clearContents(TYPED | NOTES)
        for column, (one, other) in enumerate(zip(formulas[0], formulas[-1], strict=True)):
            if one != other:
                new.getCellByPosition(column, 0).clearContents(CONTENTS)
        downwards = enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
        self._cells(top, left, after.bottom, right).fillAuto(downwards, 1)

    def _cells(self, top: int, left: int, bottom: int, right: int) -> Any:
        return Range(self.parent, Area(top, left, bottom, right)).api

    def _copy(self, source: Any, row: int) -> None:
        """Copy cells to another row of the same columns."""
        address = source.getRangeAddress()
        place = struct(
            "com.sun.star.table.CellAddress",
            Sheet=address.Sheet,
            Row=row - 1,
            Column=address.StartColumn,
        )
        self.parent.api.copyRange(place, address)
