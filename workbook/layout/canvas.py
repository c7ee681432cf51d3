"""What every drawing needs at hand: the workbook being made, its sheets, its language, its look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from smarketing_xl.i18n import Language, translate
from smarketing_xl.schema.formulas import labelled
from smarketing_xl.schema.model import Choices, Table
from smarketing_xl.schema.tables import BY_NAME, SHEETS
from workbook.layout.look import SMALL, TEAL, Look


@dataclass
class Canvas:
    """A workbook being made.

    values: what each formula comes to, by sheet, row and column counted from 1; kept beside it, so
    that a viewer that calculates nothing shows numbers.
    """

    book: Workbook
    language: Language
    look: Look
    values: Mapping[tuple[str, int, int], Any] = field(default_factory=dict)
    sheets: dict[str, Worksheet] = field(default_factory=dict)
    widths: dict[str, dict[int, float]] = field(default_factory=dict)

    def title(self, sheet: str) -> str:
        """The sheet's name in the workbook's language."""
        return translate(SHEETS[sheet], self.language)

    def name(self, name: str, sheet: str, area: str) -> None:
        """Give an area of a sheet (absolute, e.g. $B$4:$B$9) a name."""
        self.book.define_name(name, f"='{self.title(sheet)}'!{area}")

    def label(self, choices: Choices, entry: str) -> str:
        """An entry of a closed list as people see it."""
        return choices.shown(self.language)[entry]

    def width(
        self,
        sheet: str,
        column: int,
        width: float,
        form: Format | None = None,
        folds: bool = False,
    ) -> None:
        """Set a column's width in characters, and the format of cells not yet written.

        folds: it can be folded away with those beside it that fold.
        """
        options = {"level": int(folds)}
        self.sheets[sheet].set_column(column, column, width, form or self.look(), options)
        self.widths.setdefault(sheet, {})[column] = width

    def write(self, sheet: str, row: int, column: int, value: Any, form: Format) -> None:
        """A typed value: number, text, date, or a blank that keeps its format."""
        if isinstance(value, dt.date):
            self.sheets[sheet].write_datetime(row, column, value, form)
        else:
            self.sheets[sheet].write(row, column, value, form)

    def formula(
        self,
        sheet: str,
        row: int,
        column: int,
        formula: str,
        form: Format,
        table: Table | None = None,
    ) -> None:
        """A formula as it is declared, with the value it comes to."""
        shown = self.labelled(formula, table)
        value = self.values.get((self.title(sheet), row + 1, column + 1), "")
        self.sheets[sheet].write_formula(row, column, shown, form, value)

    def labelled(self, formula: str, table: Table | None = None) -> str:
        """A formula as the workbook holds it; `[@key]` is a cell of the table's own row."""
        return labelled(formula, self._title_of, table.name if table else "")

    def _title_of(self, table: str, key: str) -> str:
        return BY_NAME[table][key].title(self.language)

    def section(self, sheet: str, row: int, column: int, width: int, text: str) -> None:
        """A heading over so many columns: a text, or a formula where it starts with =."""
        form = self.look.section()
        for at in range(column, column + width):
            self.sheets[sheet].write_blank(row, at, None, form)
        self.text(sheet, row, column, text, form)

    def text(self, sheet: str, row: int, column: int, text: str, form: Format) -> None:
        """A text, or a formula where it starts with =."""
        if text.startswith("="):
            self.formula(sheet, row, column, text, form)
        else:
            self.sheets[sheet].write_string(row, column, text, form)

    def link(self, sheet: str, row: int, column: int, target: str, text: str) -> None:
        """A way to a cell of another sheet or this one: target is Sheet!A1 with the sheet's key."""
        key, cell = target.split("!")
        form = self.look(font_color=TEAL, font_size=SMALL, underline=1)
        place = f"internal:'{self.title(key)}'!{cell}"
        self.sheets[sheet].write_url(row, column, place, form, text)


def codename(sheet: str) -> str:
    """What VBA calls a sheet (its key, out of the way of VBA's own words)."""
    return f"{sheet.title()}Sheet"
