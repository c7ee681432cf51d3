"""What every drawing needs at hand: the workbook being made, its sheets, its language, its look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from smarketing_xl.i18n import Language, translate
from smarketing_xl.schema.model import Choices, Table
from smarketing_xl.schema.tables import SHEETS
from workbook.layout.formulas import value_of, worded
from workbook.layout.functions import serial
from workbook.layout.look import TEAL, Look


@dataclass
class Canvas:
    """A workbook being made.

    functions: what formulas may call. known: named cells by name and columns under `Table[key]`,
    as far as they are drawn: from these the cached values of formulas are computed.
    """

    book: Workbook
    language: Language
    look: Look
    functions: Mapping[str, Callable[..., Any]]
    sheets: dict[str, Worksheet] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
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

    def width(self, sheet: str, column: int, width: float, form: Format | None = None) -> None:
        """Set a column's width in characters, and the format of cells not yet written."""
        self.sheets[sheet].set_column(column, column, width, form)
        self.widths.setdefault(sheet, {})[column] = width

    def write(self, sheet: str, row: int, column: int, value: Any, form: Format) -> Any:
        """A typed value: number, text, date, or a blank that keeps its format; answers the cell."""
        if isinstance(value, dt.date):
            value = serial(value)
        self.sheets[sheet].write(row, column, value, form)
        return value

    def formula(
        self,
        sheet: str,
        row: int,
        column: int,
        formula: str,
        form: Format,
        table: Table | None = None,
        here: Mapping[str, Any] | None = None,
    ) -> Any:
        """A formula with its cached value, which is answered.

        here: cells of this row, under `@key`, and whatever else the formula names.
        """
        value = value_of(formula, self.known | dict(here or {}), self.functions)
        shown = worded(formula, self.language, table)
        self.sheets[sheet].write_formula(row, column, shown, form, "" if value is None else value)
        return value

    def link(self, sheet: str, row: int, column: int, target: str, text: str) -> None:
        """A way to a cell of another sheet or this one: target is Sheet!A1 with the sheet's key."""
        key, cell = target.split("!")
        form = self.look(font_color=TEAL, underline=1)
        place = f"internal:'{self.title(key)}'!{cell}"
        self.sheets[sheet].write_url(row, column, place, form, text)


def codename(sheet: str) -> str:
    """What VBA calls a sheet (its key, out of the way of VBA's own words)."""
    return f"{sheet.title()}Sheet"
