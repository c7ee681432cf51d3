"""What can go wrong, in words for the person at the keyboard.

Every error carries the Excel error its cell shows and the faults found: all of them, not the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from numbers import Real
from typing import ClassVar

from smarketing_xl.i18n import _, format_number


class CellError(StrEnum):
    """An Excel error as a value: what a cell shows when its formula has no answer."""

    VALUE = "#VALUE!"
    NUM = "#NUM!"
    DIV0 = "#DIV/0!"
    NA = "#N/A"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and what to do about it.

    arguments: those of a formula that `problem` or `remedy` speak of, each there in braces: a cell
    knows them by these names, a button by the labels of the sheet (`called`).
    """

    problem: str
    remedy: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: object = None
    arguments: tuple[str, ...] = ()

    def called(self, labels: Mapping[str, str]) -> Fault:
        """The same with each of its arguments called by its label, else by its name."""
        problem, remedy = self.problem, self.remedy
        for name in self.arguments:
            label = labels.get(name, name)
            problem, remedy = (text.replace(f"{{{name}}}", label) for text in (problem, remedy))
        return replace(self, problem=problem, remedy=remedy, arguments=())

    def __str__(self) -> str:
        if self.arguments:
            return str(self.called({}))
        where = [part for part in (self.sheet, self.row and _row(self.row), self.column) if part]
        place = ", ".join(str(part) for part in where)
        value = "" if self.value is None else f" ({shown(self.value)})"
        return f"{place + ': ' if place else ''}{self.problem}{value}. {self.remedy}"


def shown(value: object) -> str:
    """A value as people write it; texts between quotes."""
    match value:
        case bool():
            return str(value).upper()
        case dt.date():
            return value.isoformat().removesuffix("T00:00:00")
        case Real() if abs(float(value)) < 1e15:
            return format_number(float(value), 6)
        case Real():
            return f"{float(value):G}"
    return repr(str(value)[:60])


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
