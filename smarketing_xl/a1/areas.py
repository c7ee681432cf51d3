"""Cells and areas by number: row 1, column 1 is A1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
Place = tuple[int, int]

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?([1-9][0-9]{0,6})")


@cache
def letters(column: int) -> str:
    """Column number → letters.

    >>> letters(1), letters(28), letters(16384)
    ('A', 'AB', 'XFD')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def number(text: str) -> int:
    """Column letters → number.

    >>> number("A"), number("AB"), number("XFD")
    (1, 28, 16384)
    """
    value = 0
    for letter in text.upper():
        value = value * 26 + ord(letter) - 64
    return value


def place(text: str) -> Place:
    """'$B$3' → (3, 2); ValueError where the text is no cell."""
    match = _CELL.fullmatch(text)
    if not match:
        raise ValueError(f"not a cell: {text!r}")
    row, column = int(match[2]), number(match[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(f"outside of every sheet: {text!r}")
    return row, column


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells; all four sides belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Area:
        """An address without its sheet: a cell, two corners, whole columns or whole rows.

        >>> Area.parse("$A$2:C9"), Area.parse("B:C").bottom
        (Area(top=2, left=1, bottom=9, right=3), 1048576)
        """
        first, _, last = text.strip().partition(":")
        last = last or first
        if _COLUMN.fullmatch(first) and _COLUMN.fullmatch(last) and ":" in text:
            sides = sorted((number(first.strip("$")), number(last.strip("$"))))
            return cls(1, sides[0], LAST_ROW, sides[1])
        if _ROW.fullmatch(first) and _ROW.fullmatch(last) and ":" in text:
            ends = sorted((int(first.strip("$")), int(last.strip("$"))))
            return cls(ends[0], 1, ends[1], LAST_COLUMN)
        return cls.spanning(place(first), place(last))

    @classmethod
    def spanning(cls, one: Place, other: Place) -> Area:
        """The smallest area with both cells in it."""
        top, bottom = sorted((one[0], other[0]))
        left, right = sorted((one[1], other[1]))
        return cls(top, left, bottom, right)

    @property
    def shape(self) -> Place:
        """How many rows and how many columns the area has."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def size(self) -> int:
        """How many cells the area has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def __contains__(self, cell: Place) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right

    def __iter__(self) -> Iterator[Place]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column

    def meets(self, other: Area) -> bool:
        """Whether the two areas share a cell."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def holds(self, other: Area) -> bool:
        """Whether the other lies wholly inside."""
        return (other.top, other.left) in self and (other.bottom, other.right) in self

    def address(self, row_absolute: bool = True, column_absolute: bool = True) -> str:
        """'$A$2:$C$9', or 'A2:C9' where nothing is absolute.

        >>> Area(2, 1, 9, 3).address(), Area(2, 1, 2, 1).address(False, False)
        ('$A$2:$C$9', 'A2')
        """
        across, down = "$" * column_absolute, "$" * row_absolute
        first = f"{across}{letters(self.left)}{down}{self.top}"
        last = f"{across}{letters(self.right)}{down}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def __str__(self) -> str:
        return self.address(row_absolute=False, column_absolute=False)
