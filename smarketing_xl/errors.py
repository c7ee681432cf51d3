"""What can go wrong, in words for the person at the keyboard.

Every error carries the Excel error its cell shows and the faults found: all of them, not the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from smarketing_xl.i18n import _


class CellError(StrEnum):
    """An Excel error as a value: what a cell shows when its formula has no answer."""

    VALUE = "#VALUE!"
    NUM = "#NUM!"
    DIV0 = "#DIV/0!"
    NA = "#N/A"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it."""

    problem: str
    remedy: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: object = None

    def __str__(self) -> str:
        where = [part for part in (self.sheet, self.row and _row(self.row), self.column) if part]
        place = ", ".join(str(part) for part in where)
        shown = "" if self.value is None else f" ({str(self.value)[:60]!r})"
        return f"{place + ': ' if place else ''}{self.problem}{shown}. {self.remedy}"


def _row(number: int) -> str:
    return _("row {number}").format(number=number)


class SmarketingError(Exception):
    """The family. `cell` is what a formula shows; `faults` are what a message lists."""

    cell: ClassVar[CellError] = CellError.VALUE

    def __init__(self, faults: Fault | Sequence[Fault] | str, remedy: str = "") -> None:
        if isinstance(faults, str):
            faults = Fault(faults, remedy)
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class WrongType(SmarketingError):
    """Text where a number belongs, a number where a date belongs: #VALUE!."""


class OutOfRange(SmarketingError):
    """A number that cannot be, such as a rate above 1: #NUM!."""

    cell = CellError.NUM


class DivisionByZero(SmarketingError):
    """A divisor of zero, such as no average revenue: #DIV/0!."""

    cell = CellError.DIV0


class NotEnoughData(SmarketingError):
    """Nothing to compute from: #N/A."""

    cell = CellError.NA


class BadData(SmarketingError):
    """Rows of a table or of an imported file that cannot be used; nothing was changed."""


class SetAside(BadData):
    """Rows or cells of a file that cannot be used, while the rest can: it comes if they stay out.

    bad: how many rows have such cells. good: how many rows would come.
    """

    def __init__(self, faults: Sequence[Fault], bad: int, good: int) -> None:
        super().__init__(faults)
        self.bad, self.good = bad, good


class Undecided(BadData):
    """A column of a file that can be read in two ways: whoever knows may say which.

    dates: of day and month; else of what begins the decimals.
    """

    def __init__(self, faults: Sequence[Fault], dates: bool) -> None:
        super().__init__(faults)
        self.dates = dates


class WorkbookError(SmarketingError):
    """A workbook that lacks a table or column, is open elsewhere, or cannot be written."""


class Cancelled(SmarketingError):
    """The user stopped the work; nothing was changed."""


RAISES: dict[CellError, type[SmarketingError]] = {
    CellError.VALUE: WrongType,
    CellError.NUM: OutOfRange,
    CellError.DIV0: DivisionByZero,
    CellError.NA: NotEnoughData,
}
