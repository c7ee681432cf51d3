"""What the text of a whole column turns out to be: values, and cells that do not fit."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from smarketing_xl.parsing.money import one_currency


@dataclass(frozen=True)
class ParseResult:
    """A column read as numbers or dates.

    values: null where blank or bad. bad: cells that are neither. note: what was found, in words.
    ambiguous: why the column can be read in two ways, and nothing was chosen; else blank.
    currencies: of amounts, what each cell names (EUR, $); null where none, or none looked for.
    unsettled: it is ambiguous for want of evidence, and whoever knows may say which.
    weak: it is read by a likeness that what stands beside it may outweigh.
    """

    values: pl.Series
    bad: pl.Series
    note: str = ""
    ambiguous: str = ""
    currencies: pl.Series | None = None
    unsettled: bool = False
    weak: bool = False

    @property
    def clear(self) -> bool:
        """Whether every cell could be read, in one way only, and as one currency."""
        return not self.ambiguous and not self.bad.any() and len(self.mixed) < 2

    @property
    def mixed(self) -> tuple[str, ...]:
        """The different currencies that its cells name."""
        if self.currencies is None:
            return ()
        return tuple(sorted(one_currency(set(self.currencies.drop_nulls().to_list()))))
