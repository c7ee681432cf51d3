"""A worksheet in memory: what its cells hold now, and what has been written since it was read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smarketing_xl.a1.areas import Area, Place
from smarketing_xl.errors import CellError, Fault, WorkbookError
from smarketing_xl.hosts.file.model.rename import follow_headers
from smarketing_xl.hosts.file.parts.cell_values import Grid
from smarketing_xl.hosts.file.parts.cell_xml import LONGEST_TEXT, escape, tidy
from smarketing_xl.hosts.file.parts.package import reading
from smarketing_xl.hosts.file.parts.sheet_xml import Formula, SheetXml
from smarketing_xl.hosts.file.parts.workbook_xml import SheetEntry
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document

_FEW = 64  # areas up to this size are remembered cell by cell


class Sheet:
    """One worksheet of a document. Rows and columns count from 1."""

    def __init__(self, document: Document, entry: SheetEntry) -> None:
        self.document = document
        self.entry = entry
        self.forget()

    def forget(self) -> None:
        """Drop everything read and written: the file is as it is."""
        self.areas: list[Area] = []
        self.places: dict[int, set[int]] = defaultdict(set)
        self.looks: dict[Place, int] = {}
        self.lost_formulas: set[Place] = set()
        self.reshaped = False
        self.settled = False
        for name in ("xml", "grid", "formulas"):
            self.__dict__.pop(name, None)

    @property
    def name(self) -> str:
        """The sheet's name, as on its tab."""
        return self.entry.name

    @property
    def changed(self) -> bool:
        """Whether anything must be written."""
        return bool(self.areas or self.places or self.looks or self.reshaped)

    @cached_property
    def xml(self) -> SheetXml:
        """The part, taken apart into rows."""
        with reading(self.document.path.name, self.entry.part):
            return SheetXml(self.document.package.read(self.entry.part), self.name)

    @cached_property
    def grid(self) -> Grid:
        """Every value from A1 on: row by row, rows may be of different lengths."""
        return self.document.values(self)

    @cached_property
    def formulas(self) -> dict[Place, Formula]:
        """Every formula, new ones included."""
        with reading(self.document.path.name, self.entry.part):
            return self.xml.formulas()

    def formulas_in(self, area: Area) -> list[tuple[Place, Formula]]:
        """The formulas of an area, by row and column."""
        formulas = self.formulas
        if area.size < len(formulas):
            return [(place, formulas[place]) for place in area if place in formulas]
        return [(place, formula) for place, formula in formulas.items() if place in area]

    # --- reading ------------------------------------------------------------------------------

    def value(self, row: int, column: int) -> Any:
        """What a cell holds; None where it is blank."""
        if row > len(self.grid):
            return None
        cells = self.grid[row - 1]
        held = cells[column - 1] if column <= len(cells) else None
        return None if held == "" else held

    def values(self, area: Area) -> Grid:
        """What an area holds, as rows of equal length."""
        left, right = area.left - 1, area.right
        width = right - left
        rows = []
        for cells in self.grid[area.top - 1 : area.bottom]:
            row = cells[left:right]
            if "" in row:  # what a formula answers may be an empty text
                row = [None if cell == "" else cell for cell in row]
            row.extend([None] * (width - len(row)))
            rows.append(row)
        rows.extend([None] * width for _i in range(area.shape[0] - len(rows)))
        return rows

    def first_filled_row(self, area: Area) -> int | None:
        """The first row of an area in which anything stands; None where nothing does."""
        for offset, cells in enumerate(self.grid[area.top - 1 : area.bottom]):
            if any(cell not in (None, "") for cell in cells[area.left - 1 : area.right]):
                return area.top + offset
        rows = [place[0] for place in self.formulas if place in area]
        return min(rows, default=None)

    @property
    def used(self) -> Area | None:
        """The smallest area from A1 that holds every value; None for an empty sheet."""
        bottom = right = 0
        for row, cells in enumerate(self.grid, 1):
            width = len(cells)
            while width and cells[width - 1] in (None, ""):
                width -= 1
            if width:
                bottom, right = row, max(right, width)
        return Area(1, 1, bottom, right) if bottom else None

    # --- writing ------------------------------------------------------------------------------

    def check_writable(self, area: Area) -> None:
        """WorkbookError where the sheet is protected and any of the cells is locked."""
        if not self.xml.protected:
            return
        for place in area:
            if self.document.styles.is_locked(self.style(*place)):
                raise WorkbookError(
                    Fault(
                        _("The sheet is protected"),
                        _("Unprotect it: Review, Unprotect Sheet"),
                        self.name,
                        place[0],
                    )
                )

    def write(self, area: Area, rows: Sequence[Sequence[Any]]) -> None:
        """Put values into an area of the same shape; text stays text."""
        self.check_writable(area)
        self._free(area)
        grid = self.grid
        left, right = area.left - 1, area.right
        _reach(grid, area.bottom, left)
        for row, values in zip(range(area.top - 1, area.bottom), rows, strict=True):
            cells = grid[row]
            if len(cells) < left:
                cells.extend([None] * (left - len(cells)))
            cells[left:right] = [tidy(value) for value in values]
        self._check_lengths(area)
        self._remember(area)
        follow_headers(self, area)
        self.document.note_written(self, area)

    def write_formula(self, row: int, column: int, text: str) -> None:
        """Put a formula (without "=") into a cell; its value is calculated before it is read."""
        area = Area(row, column, row, column)
        self.check_writable(area)
        self._free(area)
        _reach(self.grid, row, column)
        self.grid[row - 1][column - 1] = None
        self.formulas[row, column] = Formula(text, f"<f>{escape(text)}</f>")
        self._remember(area)
        self.document.note_written(self, area)

    def respell(self, place: Place, text: str) -> None:
        """Write a formula another way that means the same: its value stays."""
        formula = self.formulas[place]
        if formula.area is None:
            formula.xml, formula.group = f"<f>{escape(text)}</f>", ""
        else:
            formula.xml = re.sub(r">[^<]*<", lambda _old: f">{escape(text)}<", formula.xml, count=1)
        formula.text = text
        self.places[place[0]].add(place[1])

    def wipe(self, area: Area) -> None:
        """Take cells away: what they hold, and how they look."""
        self._free(area)
        for cells in self.grid[area.top - 1 : area.bottom]:
            held = min(len(cells), area.right) - area.left + 1
            cells[area.left - 1 : area.right] = [None] * max(held, 0)
        for row in range(area.top, area.bottom + 1):
            if row in self.xml.rows:
                self.xml.drop_cells(row, area.left, area.right)
            self.places[row].difference_update(range(area.left, area.right + 1))
        self.reshaped = True
        self.document.note_written(self, area)

    def calculates(self, area: Area) -> bool:
        """Whether an area shows the answer of any formula."""
        return any(
            place in area or (formula.area is not None and formula.area.meets(area))
            for place, formula in self.formulas.items()
        )

    def respill(self, anchor: Place, shape: Place, rows: Grid) -> Grid:
        """Give a dynamic array the cells it needs now; what it shows there.

        Cells it no longer needs are cleared. Where something is in its way it shows an error.
        """
        formula = self.formulas[anchor]
        old = formula.area
        assert old is not None
        new = Area(*anchor, anchor[0] + shape[0] - 1, anchor[1] + shape[1] - 1)
        blocked = any(
            place not in old and (self.value(*place) is not None or place in self.formulas)
            for place in new
        )
        if blocked:
            new, rows = Area(*anchor, *anchor), [[CellError.VALUE]]
        for place in old if new != old else ():
            if place not in new:
                self.refresh(*place, None)
        formula.area = new
        formula.xml = re.sub(r' ref="[^"]*"', f' ref="{new}"', formula.xml, count=1)
        return rows

    def refresh(self, row: int, column: int, value: Any) -> None:
        """Take the calculated value of a formula."""
        _reach(self.grid, row, column)
        self.grid[row - 1][column - 1] = value
        self.places[row].add(column)

    def written(self) -> Area | None:
        """The smallest area that holds every cell written; None where there is none."""
        rows = [row for row, columns in self.places.items() if columns]
        columns: set[int] = set().union(*self.places.values())
        areas = list(self.areas)
        if rows:
            areas.append(Area(min(rows), min(columns), max(rows), max(columns)))
        if not areas:
            return None
        return Area(
            min(area.top for area in areas),
            min(area.left for area in areas),
            max(area.bottom for area in areas),
            max(area.right for area in areas),
        )

    def vanished(self) -> list[Area]:
        """Cells that held a formula in the file and hold none now."""
        if not self.lost_formulas:
            return []
        return [Area(*place, *place) for place in self.lost_formulas - self.formulas.keys()]

    def restyle(self, place: Place, style: int) -> None:
        """Give a cell another style."""
        self.looks[place] = style

    def style(self, row: int, column: int) -> int:
        """The style of a cell now."""
        return self.looks.get((row, column)) or self.xml.style(row, column)

    def _free(self, area: Area) -> None:
        """Take formulas out of the way of values; parts of array formulas cannot be."""
        formulas = self.formulas
        if not formulas:
            return
        cells: Iterable[Place] = area if area.size < len(formulas) else list(formulas)
        hit = [place for place in cells if place in area and place in formulas]
        for formula in list(formulas.values()):
            if formula.area and formula.area.meets(area) and not area.holds(formula.area):
                raise WorkbookError(
                    Fault(
                        _("A part of an array formula cannot be written"),
                        _("Write beside it, or delete the whole formula first"),
                        sheet=self.name,
                        row=formula.area.top,
                    )
                )
        groups = {formulas[place].group for place in hit} - {""}
        for place in hit:
            del formulas[place]
            self.lost_formulas.add(place)
        for place, formula in formulas.items() if groups else ():
            if formula.group in groups:
                formula.xml, formula.group = f"<f>{escape(formula.text)}</f>", ""
                self.places[place[0]].add(place[1])

    def _remember(self, area: Area) -> None:
        if area.size > _FEW:
            if area not in self.areas:
                self.areas.append(area)
            return
        for row in range(area.top, area.bottom + 1):
            self.places[row].update(range(area.left, area.right + 1))

    def _check_lengths(self, area: Area) -> None:
        faults = [
            Fault(
                _("Text is longer than a cell can hold"),
                _("Shorten it to 32,767 characters"),
                self.name,
                row,
                value=value,
            )
            for row in range(area.top, area.bottom + 1)
            for value in self.grid[row - 1][area.left - 1 : area.right]
            if type(value) is str and len(value) > LONGEST_TEXT
        ]
        if faults:
            raise WorkbookError(faults)


def _reach(grid: Grid, row: int, column: int) -> None:
    """Make the grid long and wide enough for a cell."""
    while len(grid) < row:
        grid.append([])
    cells = grid[row - 1]
    cells.extend([None] * (column - len(cells)))
