"""How many come a month: level, trend and spread of monthly counts, and what is to be expected.

The count of a month is Poisson around a rate of its own; rates of months spread around a level
that may grow or shrink steadily (gamma-Poisson with a log-linear level; e.g. Gelman et al.,
Bayesian Data Analysis (3rd ed.), sections 2.6 and 5.3). Level, trend and spread are not estimated
once and then believed: each is a grid of possible values, weighted by how well it explains the
months seen and by a prior that knows how firms differ, so that one month of history leaves much
open and twelve do not. Counts that arrive in batches (an imported list, a fair) vary more than
Poisson's; they are counted in batches. No simulation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from smarketing_xl.arrays import Floats

MONTHS = 12
"""How many past months say what is usual."""

LEAST_KNOWN = 0.01
"""Months that must have been seen, of this one and the past, before anything is expected."""

SPREADS = np.geomspace(0.03, 0.6, 8)
"""How far the rates of months may spread around the level: standard deviation over mean."""
USUAL_SPREAD = (0.15, 0.6)
"""Before any month is seen: median of the spread, and standard deviation of its logarithm."""

TRENDS = np.linspace(-0.1, 0.1, 9)
"""Growth a month, as a logarithm."""
TREND_DOUBT = 0.02
"""Before any month is seen: standard deviation of the growth a month."""

LEVELS = 31
WEIGHTLESS = 1e-4


@dataclass(frozen=True)
class Pace:
    """Possible worlds and their weights: each a level this month, a growth and a spread.

    level: counts a month, now. growth: logarithm a month. shape: of the gamma distribution of
    months' rates (1 / spread squared). batch: how many come at once. shape_now, rate_now: gamma
    of this month's rate, after what was seen of it; in batches a month.
    """

    weight: Floats
    level: Floats
    growth: Floats
    shape: Floats
    shape_now: Floats
    rate_now: Floats
    batch: float

    def rest_of_month(self, elapsed: float, confidence: float) -> tuple[float, float, float]:
        """Counts expected in what is left of this month, and their interval."""
        rest = 1.0 - elapsed
        chance = self.rate_now / (self.rate_now + rest)
        mean = float(self.weight @ (self.shape_now / self.rate_now)) * rest * self.batch
        ends = [
            self._quantile(chance, (1 + side * confidence) / 2) * self.batch for side in (-1, 1)
        ]
        return mean, ends[0], ends[1]

    def to_come(self, rest: float, shares: Floats) -> tuple[Floats, float]:
        """Mean by month, and variance of the sum, of those counts to come that matter.

        rest: share of this month that is left. shares: of the rest of this month first, then of
        each month after it: the part of its count that matters (is won in time, say).
        """
        ahead = np.arange(len(shares))
        whole = np.where(ahead > 0, 1.0, rest)
        rates = self.level[:, None] * np.exp(self.growth[:, None] * ahead)
        rates[:, 0] = self.shape_now / self.rate_now * self.batch
        spread = np.repeat(1 / self.shape[:, None], len(shares), axis=1)
        spread[:, 0] = 1 / self.shape_now
        counts = rates * whole * shares
        mean = self.weight @ counts
        between = self.weight @ (counts.sum(axis=1) - mean.sum()) ** 2
        own = (counts**2 * spread + counts * (1 - shares + shares * self.batch)).sum(axis=1)
        return mean, float(between + self.weight @ own)

    def _quantile(self, chance: Floats, share: float) -> float:
        """The least number of batches that so much of the weight does not exceed."""
        low, high = -1, 1
        while self._below(high, chance) < share:
            low, high = high, 2 * high + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._below(middle, chance) >= share else (middle, high)
        return float(high)

    def _below(self, count: int, chance: Floats) -> float:
        below = special.betainc(self.shape_now, count + 1.0, chance)
        return float(self.weight @ below)


def pace(
    history: Sequence[float],
    delivered: float = 0.0,
    elapsed: float = 0.0,
    batch: float = 1.0,
    usual_spread: tuple[float, float] = USUAL_SPREAD,
) -> Pace | None:
    """What is known of the counts of months, from those past and from this one so far.

    history: counts of whole past months, the latest last. delivered: so far this month; elapsed:
    share of the month's working time that has passed, 0 to 1. batch: how many come at once (see
    `batch_size`). usual_spread: of months, before any is seen, as USUAL_SPREAD. None where
    neither the past nor a hundredth of this month says anything.
    """
    past = np.asarray(history[-MONTHS:], dtype=np.float64) / batch
    now = delivered / batch
    if len(past) + elapsed < LEAST_KNOWN:
        return None
    if not past.any():
        known = len(past) + elapsed
        one = np.ones(1)
        shape = 0.5 + now
        return Pace(one, one * shape / known * batch, one * 0.0, one * shape, one * shape,
                    one * known, batch)  # fmt: skip
    at = np.arange(-len(past), 0)
    centre = (past.sum() + now + 0.5) / (len(past) + elapsed)
    reach = 4 * math.sqrt(1 / (centre * (len(past) + elapsed)) + 0.6**2 / (len(past) + elapsed))
    level = centre * np.exp(np.linspace(-1, 1, LEVELS) * min(max(reach, 0.5), 3.0))
    levels, growth, spread = (
        grid.ravel() for grid in np.meshgrid(level, TRENDS, SPREADS, indexing="ij")
    )
    shape = 1 / spread**2
    log = -0.5 * (growth / TREND_DOUBT) ** 2
    median, doubt = usual_spread
    log = log - 0.5 * (np.log(spread / median) / doubt) ** 2
    for month, count in zip(at, past, strict=True):
        log = log + _likelihood(count, levels * np.exp(growth * month), shape, 1.0)
    if elapsed > 0:
        log = log + _likelihood(now, levels, shape, elapsed)
    weight = np.exp(log - log.max())
    kept = weight > WEIGHTLESS * weight.max()
    weight = weight[kept] / weight[kept].sum()
    return Pace(
        weight,
        levels[kept] * batch,
        growth[kept],
        shape[kept],
        shape[kept] + now,
        shape[kept] / levels[kept] + elapsed,
        batch,
    )


def batch_size(counts: Floats, expected: Floats) -> float:
    """How many come at once: variance over mean of the counts of days.

    counts: of working days. expected: what each would hold if nothing but chance varied (the mean
    of its month). Never below 1; a few days say little and count as if four more had said 1.
    """
    sound = expected > 0
    if not sound.any():
        return 1.0
    ratio = float(((counts[sound] - expected[sound]) ** 2 / expected[sound]).sum())
    days = float(sound.sum())
    return max(1.0, (ratio + 4.0) / (days + 4.0))


def _likelihood(count: float, level: Floats, shape: Floats, seen: float) -> Floats:
    """Log probability of a count under a gamma-Poisson; constants of the count left out."""
    mean = level * seen
    return np.asarray(
        special.gammaln(shape + count)
        - special.gammaln(shape)
        + count * np.log(mean / (shape + mean))
        - shape * np.log1p(mean / shape)
    )
