"""xlwings' Range over a sheet in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area
from smarketing_xl.a1.formulas import moved
from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.hosts.base import Cells
from smarketing_xl.hosts.file.xlwings_api.base import FileObject
from smarketing_xl.hosts.file.xlwings_api.notes import Note, note_at
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.xlwings_api.engine import Sheet
    from smarketing_xl.hosts.file.xlwings_api.tables_and_names import Table

_STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class Range(FileObject, Cells):
    """A rectangle of cells of one sheet."""

    sheet: Sheet

    @property
    def _cells(self) -> Any:
        return self.sheet.model

    def end(self, direction: str) -> Range:
        """As Ctrl with an arrow key: the edge of the block of cells, or of the sheet."""
        down, across = _STEPS[direction]
        row, column = self.area.top, self.area.left
        used = self._cells.used or Area(1, 1, 1, 1)
        filled = self._filled(row, column) and self._filled(row + down, column + across)
        while True:
            after = row + down, column + across
            if not (1 <= after[0] <= LAST_ROW and 1 <= after[1] <= LAST_COLUMN):
                break
            if filled and not self._filled(*after):
                break
            row, column = after
            if not filled and self._filled(row, column):
                break
            if row > used.bottom and down > 0:
                row = LAST_ROW
            if column > used.right and across > 0:
                column = LAST_COLUMN
        return Range(self.sheet, Area(row, column, row, column))

    @property
    def row_height(self) -> float:
        """0 where the first row is hidden, as by a filter; else that of a new sheet, in points."""
        return 0.0 if self.area.top in self._cells.xml.hidden_rows() else 15.0

    def _filled(self, row: int, column: int) -> bool:
        return row > 0 and column > 0 and self._cells.value(row, column) is not None

    def expand(self, mode: str = "table") -> Range:
        from xlwings import Range as Outer
        from xlwings.expansion import expanders

        expanded: Range = expanders[mode].expand(Outer(impl=self)).impl
        return expanded

    @property
    def current_region(self) -> Range:
        """The block of cells around, bounded by blank rows and columns."""
        area = self.area
        while True:
            rows = range(max(area.top - 1, 1), min(area.bottom + 1, LAST_ROW) + 1)
            columns = range(max(area.left - 1, 1), min(area.right + 1, LAST_COLUMN) + 1)
            around = Area(rows[0], columns[0], rows[-1], columns[-1])
            held = [cell for cell in _border(around, area) if self._filled(*cell)]
            if not held:
                return Range(self.sheet, area)
            for cell in held:
                area = Area(
                    min(area.top, cell[0]), min(area.left, cell[1]),
                    max(area.bottom, cell[0]), max(area.right, cell[1]),
                )  # fmt: skip

    # --- values -------------------------------------------------------------------------------

    @property
    def raw_value(self) -> list[list[Any]]:
        return list(self._document.calculated(self._cells, self._within()))

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self._cells.write(self.area, self._spread(value))

    @property
    def _document(self) -> Any:
        return self.sheet.book.document

    def _within(self) -> Area:
        """The area, whole rows and columns cut to what is used."""
        area = self.area
        if area.size <= 5_000_000:
            return area
        used = self._cells.used or Area(1, 1, 1, 1)
        bottom, right = min(area.bottom, used.bottom), min(area.right, used.right)
        return Area(area.top, area.left, max(bottom, area.top), max(right, area.left))

    def _spread(self, value: Any) -> Sequence[Sequence[Any]]:
        """One value, a row or a table of values, in the shape of this range."""
        rows, columns = self.shape
        if not isinstance(value, list | tuple):
            if self.area.size > 5_000_000:
                raise WorkbookError(
                    _("That many cells cannot be written at once"), _("Choose a smaller range")
                )
            return [[value] * columns] * rows
        if not value or not isinstance(value[0], list | tuple):
            value = [value] * rows
        if len(value) != rows or any(len(row) != columns for row in value):
            raise WorkbookError(
                Fault(
                    _("The values do not have the shape of the range {range}").format(
                        range=self.area
                    ),
                    _("Give {rows} rows of {columns} values").format(rows=rows, columns=columns),
                    self.sheet.name,
                )
            )
        return value  # type: ignore[no-any-return]

    def clear_contents(self) -> None:
        area = self._within()
        rows, columns = area.shape
        self._cells.write(area, [[None] * columns] * rows)

    @property
    def formula(self) -> Any:
        """Formulas with "=", constants as they are typed, "" for blanks; one cell: no list."""
        area = self._within()
        rows = self._cells.values(area)
        if any(None in row for row in rows):
            rows = [["" if cell is None else cell for cell in row] for row in rows]
        for (row, column), formula in self._cells.formulas_in(area):
            rows[row - area.top][column - area.left] = "=" + formula.text
        return rows[0][0] if area.size == 1 else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        single = not isinstance(value, list | tuple)
        origin = self.area.top, self.area.left
        for place, text in zip(
            self.area, (text for row in self._spread(value) for text in row), strict=True
        ):
            if not isinstance(text, str) or not text.startswith("="):
                self._cells.write(Area(*place, *place), [[text]])
            elif single and place != origin:
                self._cells.write_formula(*place, moved(text[1:], origin, place))
            else:
                self._cells.write_formula(*place, text[1:])

    @property
    def formula2(self) -> Any:
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        raise NotImplementedError(_("Dynamic-array formulas cannot be written into a file"))

    @property
    def has_array(self) -> bool:
        return any(
            formula.area and formula.area.meets(self.area)
            for formula in self._cells.formulas.values()
        )

    # --- looks --------------------------------------------------------------------------------

    def _style(self) -> int:
        return int(self._cells.style(self.area.top, self.area.left))

    @property
    def number_format(self) -> str | None:
        styles = self._document.styles
        area = self._within()
        formats = {styles.number_format(self._cells.style(*cell)) for cell in area}
        return formats.pop() if len(formats) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        styles = self._document.styles
        for cell in self._within():
            style = styles.with_number_format(self._cells.style(*cell), value)
            self._cells.restyle(cell, style)

    @property
    def color(self) -> tuple[int, int, int] | None:
        rgb: tuple[int, int, int] | None = self._document.styles.color(self._style())
        return rgb

    @color.setter
    def color(self, value: tuple[int, int, int] | int | str | None) -> None:
        styles = self._document.styles
        rgb = _rgb(value)
        for cell in self._within():
            self._cells.restyle(cell, styles.with_color(self._cells.style(*cell), rgb))

    # --- what belongs to it -------------------------------------------------------------------

    @property
    def note(self) -> Note | None:
        return note_at(self.sheet, self.area)

    @property
    def table(self) -> Table | None:
        for table in self.sheet.tables:
            if (self.area.top, self.area.left) in table.model.area:
                return table
        return None


def _border(outer: Area, inner: Area) -> list[tuple[int, int]]:
    return [cell for cell in outer if cell not in inner]


def _rgb(value: tuple[int, int, int] | int | str | None) -> tuple[int, int, int] | None:
    if isinstance(value, str):
        digits = value.lstrip("#")
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if isinstance(value, int):
        return value & 255, value >> 8 & 255, value >> 16 & 255
    return value
