"""How leads mature: the chance to be won by a certain age, as a curve over days.

The competing-risks estimate of `smarketing_xl.stats.competing_risks`, day by day and with a prior:
so many imaginary leads that go as somebody expects count beside those seen (a beta process; Hjort
(1990), Annals of Statistics 18:1259). Where many leads were watched they decide; at ages that
nobody was watched to, the expectation does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from smarketing_xl.arrays import Flags, Floats

DAYS = 1096
"""Ages go to three years; what happens later is left out."""

CYCLE_SHAPE = 2.0
"""Of the gamma distribution of the days to a decision that is expected where nothing was seen."""

NEVER_CLOSED = 0.1
"""Share of the lost leads that nobody ever closes, expected where nothing was seen."""


@dataclass(frozen=True)
class Curve:
    """won: chance to be won by the end of each day of age, 0 first; still_open: to be neither."""

    won: Floats
    still_open: Floats

    def by_age(self, age: Floats) -> Floats:
        """Chance to be won by an age in days."""
        return np.interp(age, np.arange(len(self.won)), self.won, left=0.0)

    def of_open(self, age: Floats, within: Floats) -> Floats:
        """Chance that a lead open at an age is won within so many days more."""
        ages = np.minimum(age, DAYS - 1.0)
        left = np.interp(ages, np.arange(len(self.won)), self.still_open)
        gained = self.by_age(ages + within) - self.by_age(ages)
        return np.clip(gained / np.maximum(left, 1e-12), 0.0, 1.0)

    def of_arrivals(self, first: float, last: Floats | float, until: Floats | float) -> Floats:
        """Chance that a lead arriving evenly between two days is won by a third."""
        area = np.concatenate([[0.0], np.cumsum((self.won[1:] + self.won[:-1]) / 2)])
        grid = np.arange(len(self.won))

        def integral(age: Floats) -> Floats:
            inside = np.clip(age, 0.0, grid[-1])
            beyond = np.maximum(age - grid[-1], 0) * self.won[-1]
            return np.asarray(np.interp(inside, grid, area) + beyond)

        span = np.maximum(np.asarray(last, dtype=np.float64) - first, 1e-9)
        end = np.asarray(until, dtype=np.float64)
        return (integral(end - first) - integral(end - np.asarray(last))) / span


def expected_curve(conv_rate: float, cycle_days: float) -> Curve:
    """The curve of a conversion rate and an average sales cycle, before anything was seen."""
    scale = max(cycle_days, 1.0) / CYCLE_SHAPE
    closed = special.gammainc(CYCLE_SHAPE, np.arange(DAYS + 1) / scale)
    lost = (1 - conv_rate) * (1 - NEVER_CLOSED)
    return Curve(conv_rate * closed, 1 - (conv_rate + lost) * closed)


def observed_curve(
    days: Floats, won: Flags, lost: Flags, expected: Curve, imaginary: float
) -> Curve:
    """The curve of leads watched for so many days, beside imaginary ones.

    days: until won or lost, else until now. expected: how the imaginary leads go; imaginary: how
    many they are.
    """
    size = DAYS
    at = np.clip(days, 0, size).astype(np.int64)
    inside = at < size
    left = np.bincount(at, minlength=size + 1)
    risk = np.cumsum(left[::-1])[::-1][:size].astype(np.float64)
    ended = won | lost
    risk -= 0.5 * np.bincount(at[~ended], minlength=size + 1)[:size]  # watched half of that day
    wins = np.bincount(at[won & inside], minlength=size)[:size]
    losses = np.bincount(at[lost & ~won & inside], minlength=size)[:size]
    ghosts = imaginary * expected.still_open[:-1]
    ghost_wins = imaginary * np.diff(expected.won)
    ghost_ends = -imaginary * np.diff(expected.still_open)
    total = np.maximum(risk + ghosts, 1e-12)
    end = np.minimum((wins + losses + ghost_ends) / total, 1.0)
    still_open = np.concatenate([[1.0], np.cumprod(1 - end)])
    gained = np.minimum((wins + ghost_wins) / total, end)
    return Curve(np.concatenate([[0.0], np.cumsum(still_open[:-1] * gained)]), still_open)
