"""What every drawing needs at hand: the workbook being made, its sheets, its language, its look."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from smarketing_xl.texts import Language, say
from smarketing_xl.workbook.tables import SHEETS
from workbook.layout.look import Look


@dataclass
class Canvas:
    """A workbook being made.

    values: what each named cell holds, for the cached results of formulas.
    """

    book: Workbook
    language: Language
    look: Look
    sheets: dict[str, Worksheet] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def title(self, sheet: str) -> str:
        """The sheet's name in the workbook's language."""
        return say(SHEETS[sheet], self.language)

    def name(self, name: str, sheet: str, area: str) -> None:
        """Give an area of a sheet (absolute, e.g. $B$4:$B$9) a name."""
        self.book.define_name(name, f"='{self.title(sheet)}'!{area}")


def codename(sheet: str) -> str:
    """What VBA calls a sheet (its key, out of the way of VBA's own words)."""
    return f"{sheet.title()}Sheet"
