"""Ranges of a Calc sheet, read and written whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from xlwings import utils

from smarketing_xl.a1.areas import Area
from smarketing_xl.a1.formulas import moved
from smarketing_xl.hosts.base import Cells
from smarketing_xl.hosts.calc import values
from smarketing_xl.hosts.calc.formulas import to_calc, to_excel
from smarketing_xl.hosts.calc.office import CalcObject, struct
from smarketing_xl.hosts.calc.values import CONTENTS, FORMATS, NOTES
from smarketing_xl.hosts.calc.writing import written

if TYPE_CHECKING:
    from smarketing_xl.hosts.calc.books import Sheet

DATE_FORMAT, TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
NO_COLOUR = -1


class Range(CalcObject, Cells):
    """A rectangle of cells on a sheet."""

    sheet: Sheet

    def __init__(self, sheet: Sheet, area: Area) -> None:
        super().__init__(sheet, area)
        self.arg1_input = str(area)

    @property
    def api(self) -> Any:
        """The range as Calc's own object."""
        area = self.area
        return self.sheet.api.getCellRangeByPosition(
            area.left - 1, area.top - 1, area.right - 1, area.bottom - 1
        )

    # --- values -----------------------------------------------------------------------------------

    @property
    def raw_value(self) -> Any:
        """The cells: one value for a single cell, rows for more."""
        rows = values.read(
            self.api, self.area, self.sheet.book.api.NumberFormats, self.sheet.book.epoch
        )
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        height, width = self.area.shape
        if not isinstance(data, Sequence) or isinstance(data, str):
            data = [[data] * width] * height
        elif not isinstance(data[0], Sequence) or isinstance(data[0], str):
            data = [data]
        rows, special = values.writable(data, self.sheet.book.epoch)
        with written(self, _has_blanks(rows)) as target:
            target.setDataArray(rows)
        if special:
            self._finish(target, data, special)

    def _finish(self, target: Any, rows: Sequence[Sequence[Any]], special: frozenset[type]) -> None:
        """Formats for dates and truth values, formulas for errors."""
        if any(issubclass(kind, dt.date) for kind in special):
            self._format_dates(target, rows)
        if bool in special:
            for area in values.runs(rows, bool):
                self._within(target, area).NumberFormat = self._format_key("BOOLEAN")
        if any(issubclass(kind, values.SHOWN_ERRORS) for kind in special):
            for area in values.runs(rows, values.SHOWN_ERRORS):
                for row, column in area:
                    cell = target.getCellByPosition(column - 1, row - 1)
                    cell.setFormula(f"={rows[row - 1][column - 1]}")

    def _format_dates(self, target: Any, rows: Sequence[Sequence[Any]]) -> None:
        """Where a date was written into cells that do not show dates yet."""
        formats = self.sheet.book.api.NumberFormats
        for area in values.runs(rows, dt.date):
            written = self._within(target, area)
            groups = written.getUniqueCellFormatRanges()
            wanted = _date_format(rows[area.top - 1][area.left - 1])
            for at in range(groups.getCount()):
                group = groups.getByIndex(at)
                if not formats.getByKey(group.NumberFormat).Type & values.DATE:
                    group.NumberFormat = self._format_key(wanted)

    @staticmethod
    def _within(target: Any, area: Area) -> Any:
        return target.getCellRangeByPosition(
            area.left - 1, area.top - 1, area.right - 1, area.bottom - 1
        )

    # --- formulas ---------------------------------------------------------------------------------

    @property
    def formula(self) -> Any:
        """Formulas as Excel writes them; a cell without one gives its content as text."""
        rows = self.api.getFormulaArray()
        if len(self) == 1:
            return to_excel(rows[0][0])
        return tuple(
            tuple(to_excel(cell) if cell[:1] == "=" else cell for cell in row) for row in rows
        )

    @formula.setter
    def formula(self, data: Any) -> None:
        if isinstance(data, str):
            data = self._copied(data)
        rows = tuple(tuple("" if cell is None else to_calc(str(cell)) for cell in r) for r in data)
        with written(self, _has_blanks(rows)) as target:
            target.setFormulaArray(rows)

    def _copied(self, text: str) -> list[list[str]]:
        """A formula of the first cell as it reads in each, copied there; a constant as it is."""
        (height, width), origin = self.area.shape, (self.area.top, self.area.left)
        if not text.startswith("="):
            return [[text] * width] * height
        cells = iter(self.area)
        return [
            [f"={moved(text[1:], origin, next(cells))}" for _column in range(width)]
            for _row in range(height)
        ]

    @property
    def formula_array(self) -> str:
        """The array formula of the range, as Excel writes it; empty where there is none."""
        if not self.api.getArrayFormula():  # which writes constants as the user's language does
            return ""
        return to_excel(self.api.getCellByPosition(0, 0).getFormula()[1:-1])

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        self.api.setArrayFormula(to_calc(value))

    @property
    def has_array(self) -> bool:
        """Whether the first cell belongs to an array formula."""
        return bool(self.api.getCellByPosition(0, 0).getFormula().startswith("{"))

    # --- looks ------------------------------------------------------------------------------------

    @property
    def row_height(self) -> float:
        """The height of the first row in points; 0 where it is hidden, as by a filter."""
        row = self.api.getRows().getByIndex(0)
        return float(row.Height * 72 / 2540) if row.IsVisible else 0.0

    @property
    def number_format(self) -> str | None:
        """The number format's code; None where the cells differ."""
        groups = self.api.getUniqueCellFormatRanges()
        keys = {groups.getByIndex(at).NumberFormat for at in range(groups.getCount())}
        if len(keys) > 1:
            return None
        return str(self.sheet.book.api.NumberFormats.getByKey(keys.pop()).FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.api.NumberFormat = self._format_key(value)

    def _format_key(self, code: str) -> int:
        formats = self.sheet.book.api.NumberFormats
        english = struct("com.sun.star.lang.Locale", Language="en", Country="US")
        key = formats.queryKey(code, english, False)
        return int(key if key >= 0 else formats.addNew(code, english))

    @property
    def color(self) -> tuple[int, int, int] | None:
        """The background as red, green, blue; None where there is none."""
        colour = self.api.CellBackColor
        if colour == NO_COLOUR:
            return None
        return (colour >> 16) & 255, (colour >> 8) & 255, colour & 255

    @color.setter
    def color(self, value: tuple[int, int, int] | int | str | None) -> None:
        self.api.CellBackColor = NO_COLOUR if value is None else _colour(value)

    def clear(self) -> None:
        """Empty the cells, notes and formats too."""
        self.api.clearContents(CONTENTS | FORMATS | NOTES)

    def clear_contents(self) -> None:
        """Empty the cells; formats and notes stay."""
        self.api.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        """Give the cells the format of empty ones; what they hold stays."""
        self.api.clearContents(FORMATS)

    def autofit(self, axis: str | None = None) -> None:
        """Fit widths and heights to what the cells hold."""
        if axis in (None, "c", "columns"):
            self.api.Columns.OptimalWidth = True
        if axis in (None, "r", "rows"):
            self.api.Rows.OptimalHeight = True

    # --- further ----------------------------------------------------------------------------------

    def expand(self, mode: str = "table") -> Range:
        """The range from its first cell as far as cells are filled: down, right or both."""
        used = self.sheet.used_range.area
        bottom, right = self.area.top, self.area.left
        if mode in ("table", "down", "d", "vertical"):
            column = Area(self.area.top, self.area.left, max(used.bottom, bottom), self.area.left)
            bottom += _filled(row[0] for row in Range(self.sheet, column)._shown())
        if mode in ("table", "right", "r", "horizontal"):
            row = Area(self.area.top, self.area.left, self.area.top, max(used.right, right))
            right += _filled(iter(Range(self.sheet, row)._shown()[0]))
        if mode in ("down", "d", "vertical"):
            right = self.area.right
        if mode in ("right", "r", "horizontal"):
            bottom = self.area.bottom
        return Range(self.sheet, Area(self.area.top, self.area.left, bottom, right))

    def _shown(self) -> tuple[tuple[Any, ...], ...]:
        rows: tuple[tuple[Any, ...], ...] = self.api.getDataArray()
        return rows

    @property
    def note(self) -> Note | None:
        """The note of the range's first cell; None where it has none."""
        note = self.api.getCellByPosition(0, 0).getAnnotation()
        return Note(self(1, 1)) if note.getString() else None

    def add_note(self, text: str) -> Note:
        """Write a note into the first cell."""
        address = self.api.getCellByPosition(0, 0).getCellAddress()
        self.sheet.api.getAnnotations().insertNew(address, text)
        return Note(self(1, 1))

    def select(self) -> None:
        """Select the range in its window."""
        controller = self.sheet.book.api.getCurrentController()
        if controller is not None:
            controller.select(self.api)


class Note(CalcObject):
    """The note of a cell."""

    def __init__(self, location: Range) -> None:
        self.location = location

    @property
    def api(self) -> Any:
        """The note as Calc's own object."""
        return self.location.api.getCellByPosition(0, 0).getAnnotation()

    @property
    def text(self) -> str:
        """The text of the note."""
        return str(self.api.getString())

    @text.setter
    def text(self, value: str) -> None:
        self.api.setString(value)

    def delete(self) -> None:
        """Take the note off its cell."""
        notes = self.location.sheet.api.getAnnotations()
        for at in range(notes.getCount()):
            place = notes.getByIndex(at).getPosition()
            if (place.Row + 1, place.Column + 1) == (self.location.row, self.location.column):
                notes.removeByIndex(at)
                return


def _has_blanks(rows: Sequence[Sequence[Any]]) -> bool:
    return any(values.BLANK in row for row in rows)


def _date_format(value: dt.date) -> str:
    whole_day = not isinstance(value, dt.datetime) or value.time() == dt.time()
    return DATE_FORMAT if whole_day else TIME_FORMAT


def _colour(value: tuple[int, int, int] | int | str) -> int:
    if isinstance(value, str):
        return int(value.removeprefix("#"), 16)
    red, green, blue = utils.int_to_rgb(value) if isinstance(value, int) else value
    return int(red << 16 | green << 8 | blue)


def _filled(cells: Iterator[Any]) -> int:
    """How many cells after the first are filled without a gap."""
    next(cells, None)
    return sum(1 for _cell in takewhile(lambda cell: cell != "", cells))
