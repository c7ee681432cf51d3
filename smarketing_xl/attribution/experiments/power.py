"""What an experiment could see, before it is begun: tried on the firm's own history.

Every stretch of the history in which nothing was tried is a placebo. The experiment is dealt over
it at random, an effect is put in where it would have been changed, and it is judged as it will be
judged: the share of such trials in which it is seen is the chance to see it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from smarketing_xl.arrays import Flags, Floats, Ints
from smarketing_xl.attribution.experiments.assignment import assignments
from smarketing_xl.attribution.experiments.inference import differences, p_values
from smarketing_xl.schema.tables.choices import Split

BEFORE = 12
"""Weeks before an experiment with which regions are compared."""

TRIALS = 240
SIZES = (0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9)
LEVEL = 0.05
PROMISE = 0.8
_WAYS = 200  # compared in a trial


class Power(NamedTuple):
    """chance: to see the effect that is expected. smallest: the effect that is seen with the
    promised chance, as a share of all that comes; NaN where none of less than nine tenths is."""

    chance: float
    smallest: float


def weeks_before(split: Split) -> int:
    """How many weeks of history an experiment needs before it begins."""
    return 0 if split == "week" else BEFORE


def base_of(split: Split, before: Floats) -> Floats:
    """What came of each region in a week before, (..., regions); all alike where weeks are dealt.

    before: (..., regions, weeks).
    """
    alike: Floats = np.ones(before.shape[:-1])
    return alike if split == "week" else before.mean(-1) + 1e-6


def power(
    history: Floats, split: Split, weeks: int, expected: float, seed: int = 1, trials: int = TRIALS
) -> Power:
    """The chance to see an expected effect, and the smallest effect that will probably be seen.

    history: what came, (regions, weeks), of at least `weeks_before` + weeks. expected: the effect
    as a share of all that comes, below 0 where less is expected. Less is tried by taking each at
    random, more by adding as many at random.
    """
    draw = np.random.default_rng(seed)
    regions, known = history.shape
    before = weeks_before(split)
    length = before + weeks
    starts = draw.integers(0, known - length + 1, trials)
    window = history[:, starts[:, None] + np.arange(length)].transpose(1, 0, 2)
    base, counts = base_of(split, window[:, :, :before]), window[:, :, before:]
    dealt = assignments(split, regions, weeks, draw, _WAYS)
    real = draw.integers(0, len(dealt), trials)
    sign = -1.0 if expected < 0 else 1.0

    def seen(size: float) -> float:
        return _seen(draw, dealt, real, counts, base, sign * size)

    chance = seen(min(abs(expected), SIZES[-1]))
    at = bisect_left(SIZES, PROMISE, key=seen)
    if at == len(SIZES):
        return Power(chance, float("nan"))
    low, share = (0.0, LEVEL) if at == 0 else (SIZES[at - 1], seen(SIZES[at - 1]))
    part = (PROMISE - share) / max(seen(SIZES[at]) - share, 1e-9)
    return Power(chance, low + (SIZES[at] - low) * float(np.clip(part, 0, 1)))


def _seen(
    draw: np.random.Generator,
    dealt: Flags,
    real: Ints,
    counts: Floats,
    base: Floats,
    size: float,
) -> float:
    """The share of trials in which an effect is seen."""
    whole = np.round(counts).astype(np.int64)
    more = draw.poisson(size * counts) if size > 0 else -draw.binomial(whole, -size)
    came = counts + np.where(dealt[real], more, 0)
    found = differences(dealt, came, base)
    at = np.take_along_axis(found, real[:, None], axis=1)[:, 0]
    up, down = p_values(found, at)
    return float((2 * np.minimum(up, down) <= LEVEL).mean())
