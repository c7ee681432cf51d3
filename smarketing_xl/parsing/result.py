"""What the text of a whole column turns out to be: values, and cells that do not fit."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class ParseResult:
    """A column read as numbers or dates.

    values: null where blank or bad. bad: cells that are neither. note: what was found, in words.
    ambiguous: why the column can be read in two ways, and nothing was chosen; else blank.
    """

    values: pl.Series
    bad: pl.Series
    note: str = ""
    ambiguous: str = ""

    @property
    def clear(self) -> bool:
        """Whether every cell could be read, in one way only."""
        return not self.ambiguous and not self.bad.any()
