"""Journeys as arrays, and the credit table that every model answers with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.exclusions import Dropped, sentences
from smarketing_xl.errors import NotEnoughData, OutOfRange
from smarketing_xl.i18n import _

Value = Literal["customers", "revenue", "margin"]
VALUES: tuple[Value, ...] = get_args(Value)


@dataclass(frozen=True, eq=False)
class Faded:
    """Time-decay weights that a warehouse has already summed, for one half-life.

    Each array has one number a touch: the customers, revenue or margin of all journeys along this
    path, times the share that time decay gives the touch.
    """

    half_life_days: float
    shares: Mapping[Value, Floats]


@dataclass(frozen=True, eq=False)
class Journeys:
    """Touches in order, journey after journey.

    channels: names by code. codes: the channel of each touch. offsets: where each journey starts,
    and at the end the number of touches. customers, lost: how many journeys of this row were won
    and how many ended without a sale; revenue, margin: what the row earned (None: not known).
    days: for each touch, days before the end of its journey (None: times not known).
    stages: at which touch of each journey its lead and its deal were created, counted from its
    first, -1 where that is not known: (journeys, 2).
    counted: a row stands for all journeys along one path, not for a single journey.
    """

    channels: tuple[str, ...]
    codes: NDArray[np.int32]
    offsets: Ints
    customers: Floats
    lost: Floats
    revenue: Floats | None = None
    margin: Floats | None = None
    days: Floats | None = None
    faded: Faded | None = None
    stages: Ints | None = None
    counted: bool = False
    dropped: Dropped = field(default_factory=dict)
    untouched: Mapping[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.customers)

    @cached_property
    def lengths(self) -> Ints:
        """How many touches each journey has."""
        return np.diff(self.offsets)

    @property
    def firsts(self) -> Ints:
        """Where each journey's first touch stands."""
        return self.offsets[:-1]

    @property
    def lasts(self) -> Ints:
        """Where each journey's last touch stands."""
        return self.offsets[1:] - 1

    @property
    def weights(self) -> Floats:
        """Journeys that each row stands for."""
        return self.customers + self.lost

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out and why, one sentence each, in the language now spoken."""
        return sentences(self.dropped, self.untouched)

    def earned(self, value: Value) -> Floats:
        """What each journey earned. Raises NotEnoughData where that was never recorded."""
        if value not in VALUES:
            raise OutOfRange(
                _("{value} is not something a journey earns").format(value=repr(value)),
                _("Choose one of: {values}").format(values=", ".join(VALUES)),
            )
        amounts = {"customers": self.customers, "revenue": self.revenue, "margin": self.margin}
        earned = amounts[value]
        if earned is None:
            raise NotEnoughData(
                _("No {value} is known for these customers").format(value=_(value)),
                _("Fill the {value} column, or attribute customers").format(value=_(value)),
            )
        return earned

    @cached_property
    def earning(self) -> tuple[NDArray[np.bool_], Journeys]:
        """Which journeys earned anything, and those alone: the rest get nobody any credit."""
        keep = self.customers != 0
        for amount in (self.revenue, self.margin):
            keep |= False if amount is None else amount != 0
        return keep, self.only(keep)

    def only(self, keep: NDArray[np.bool_]) -> Journeys:
        """The journeys marked, in the same order."""
        if keep.all():
            return self
        touches = np.repeat(keep, self.lengths)

        def some(column: Floats | None, mask: NDArray[np.bool_]) -> Floats | None:
            return None if column is None else column[mask]

        return replace(
            self,
            codes=self.codes[touches],
            offsets=np.concatenate(([0], np.cumsum(self.lengths[keep]))),
            customers=self.customers[keep],
            lost=self.lost[keep],
            revenue=some(self.revenue, keep),
            margin=some(self.margin, keep),
            days=some(self.days, touches),
            stages=None if self.stages is None else self.stages[keep],
            faded=self.faded
            and replace(self.faded, shares={v: s[touches] for v, s in self.faded.shares.items()}),
        )


@dataclass(frozen=True)
class Groups:
    """Journeys thrown into equal groups at random, so that whole groups can be drawn again."""

    of: Ints
    count: int

    def only(self, keep: NDArray[np.bool_]) -> Groups:
        """The groups of the journeys marked."""
        return Groups(self.of[keep], self.count)


@dataclass(frozen=True)
class Prepared:
    """A model on given journeys, in two steps.

    sums: for each group of journeys, sums that only add up: (groups, statistics).
    solve: the small algebra from sums to credits: (..., statistics) to (..., channels).
    """

    sums: Callable[[Groups | None], Floats]
    solve: Callable[[Floats], Floats]

    def credits(self) -> Floats:
        """The credit of each channel, of all journeys together, in the order of their channels."""
        every: Floats = self.solve(self.sums(None))
        only: Floats = every[0]
        return only


def tally(
    cells: NDArray[np.integer],
    size: int,
    weights: Floats | None = None,
    groups: Groups | None = None,
    lengths: Ints | None = None,
) -> Floats:
    """Sums of weights by cell, for every group: (groups, size).

    `cells` are journeys' cells, or touches' cells where the journeys' `lengths` are given.
    """
    if groups is None:
        return np.bincount(cells, weights, size)[None].astype(np.float64)
    of = groups.of if lengths is None else np.repeat(groups.of, lengths)
    sums: Floats = np.bincount(of * size + cells, weights, groups.count * size).astype(np.float64)
    return sums.reshape(groups.count, size)


def credit_table(journeys: Journeys, credits: Floats, error: Floats | None = None) -> pd.DataFrame:
    """channel, credit, share of all credits, and the error bound where credits were sampled."""
    total = credits.sum()
    return pd.DataFrame(
        {
            "channel": pd.Series(journeys.channels, dtype="str"),
            "credit": credits,
            "share": credits / total if total else np.zeros_like(credits),
            "error": np.zeros_like(credits) if error is None else error,
        }
    )


def whole_share(name: str, number: float) -> float:
    """A weight, as it is given. name: what it is, for the error.

    Raises OutOfRange where it is negative or not finite.
    """
    if not 0 <= number < np.inf:
        raise OutOfRange(
            _("{name} cannot be {number}").format(name=name, number=number),
            _("Give a number of 0 or more"),
        )
    return number
