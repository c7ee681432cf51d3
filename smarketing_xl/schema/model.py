"""The words in which tables, columns and named cells are declared (see tables and cells.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from smarketing_xl.i18n import LANGUAGES, Language, translate
from smarketing_xl.schema import former


class Kind(StrEnum):
    """What a column holds: its type when read, its number format when built."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    MONEY = "money"
    SHARE = "share"  # 0 to 1, shown as a percentage
    DATE = "date"
    TIME = "date and time"
    MONTH = "month"  # its first day
    CLOCK = "clock time"  # an hour, a part of a day or a text, as it was typed
    YES_NO = "yes or no"
    CHOICE = "choice"
    ANY = "any"


@dataclass(frozen=True)
class Choices:
    """A closed list: what code calls each entry, and the label people see (English, translated)."""

    name: str
    labels: dict[str, str]

    def shown(self, language: Language) -> dict[str, str]:
        """Entry → label in a language."""
        return {entry: translate(label, language) for entry, label in self.labels.items()}

    def known(self) -> dict[str, str]:
        """Every label in every language, also those it had before, lower case → entry."""
        names = {
            label.lower(): entry
            for entry in self.labels
            for label in (*former.ENTRIES.get(f"{self.name}.{entry}", ()), entry)
        }
        for language in LANGUAGES:
            names |= {label.lower(): entry for entry, label in self.shown(language).items()}
        return names


@dataclass(frozen=True)
class Column:
    """One column. `ours`: a fill writes it; otherwise people or imports do.

    formula: kept in the cell where the column is calculated in the workbook itself (names of
    functions and of columns in English; columns as `[@key]` or `Table[key]`, the builder puts the
    labels in). decimals: shown of a number, where those of its kind are too few or too many.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    ours: bool = False
    required: bool = False
    choices: Choices | None = None
    formula: str = ""
    help: str = ""
    width: int = 14
    decimals: int | None = None
    optional: bool = False  # workbooks made before it lack it: it is written where it stands

    def title(self, language: Language) -> str:
        """The header people see."""
        return translate(self.label, language)


@dataclass(frozen=True)
class Table:
    """An Excel table, found by its name on whatever sheet it stands."""

    name: str
    sheet: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # the columns that tell one row from another
    help: str = ""
    open: bool = False  # people may add columns of their own

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def keys(self) -> list[str]:
        """Every column's key, in order."""
        return [column.key for column in self.columns]

    @property
    def ours(self) -> list[str]:
        """The keys of the columns that a fill writes."""
        return [column.key for column in self.columns if column.ours]

    def headers(self) -> dict[str, str]:
        """Every known header, lower case, in any language, also earlier ones → key."""
        before = {
            name.lower(): column.key
            for column in self.columns
            for name in former.HEADERS.get(f"{self.name}.{column.key}", ())
        }
        return before | {
            name.lower(): column.key
            for column in self.columns
            for name in (column.key, *(column.title(language) for language in LANGUAGES))
        }


@dataclass(frozen=True)
class Former:
    """A function of ours that a cell held in former versions: the cells it takes, and its rule."""

    function: str
    inputs: tuple[str, ...]
    rule: Callable[..., float]


@dataclass(frozen=True)
class Cell:
    """A named cell: an input, or a formula that answers at once.

    value: what it holds to begin with; beside a formula, what stands where that cannot.
    """

    name: str
    label: str
    kind: Kind
    sheet: str
    value: object = None
    formula: str = ""
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: Choices | None = None
    unit: str = field(default="")
    optional: bool = False  # workbooks made before it lack it: as if it were blank
    formerly: Former | None = None
