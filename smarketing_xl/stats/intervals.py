"""Intervals of a share that is known from counts."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from smarketing_xl.arrays import Floats


def wilson(
    part: ArrayLike, whole: ArrayLike, confidence: ArrayLike = 0.95
) -> tuple[Floats, Floats]:
    """The lowest and highest share that counts allow, with a confidence.

    part, whole: how many of how many, numbers or arrays broadcast together, 0 <= part <= whole.
    confidence: such as 0.95. Returns the two ends, from 0 to 1; 0 and 1 where there is nothing to
    share. Wilson's score interval: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with
    p = part / whole, n = whole, z the normal quantile. It stays between 0 and 1 and holds its
    promise at small n, where p ± z·se does not. Wilson (1927), JASA 22:209; Brown, Cai & DasGupta
    (2001), Statistical Science 16:101.

    >>> low, high = wilson(300, 2_000)
    >>> f"{low:.4f} {high:.4f}"
    '0.1350 0.1663'
    """
    won, total = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    z2 = normal_quantiles(confidence) ** 2
    counted = np.where(total > 0, total, 1.0)
    rate = won / counted
    centre = rate + z2 / counted / 2
    half = np.sqrt(z2 / counted * (rate * (1 - rate) + z2 / counted / 4))
    # rounding must not move the ends of 0 and of all out of 0 to 1
    low = np.where(won == 0, 0.0, (centre - half) / (1 + z2 / counted))
    high = np.where(won == total, 1.0, (centre + half) / (1 + z2 / counted))
    return np.where(total > 0, low, 0.0), np.where(total > 0, high, 1.0)


def count_behind(share: float, low: float, high: float, confidence: float = 0.95) -> float:
    """Of how many a share was told whose interval is this one: `wilson` solved for the whole.

    NaN where the interval says nothing (it is no interval, or all from 0 to 1).

    >>> low, high = wilson(300, 2_000)
    >>> count_behind(0.15, float(low), float(high))
    2000.0
    """
    half, z2 = (high - low) / 2, _quantile(confidence) ** 2
    if not 0 < half < 0.5:
        return float("nan")
    a, b, c = half**2, z2 * (2 * half**2 - share * (1 - share)), z2**2 * (half**2 - 0.25)
    return round((math.sqrt(b**2 - 4 * a * c) - b) / (2 * a), 6)


def normal_quantiles(confidence: ArrayLike) -> Floats:
    """How many standard deviations to each side hold such a share of a normal distribution.

    confidence: shares above 0 and below 1, of any shape.

    >>> round(float(normal_quantiles(0.95)), 3)
    1.96
    """
    unique, place = np.unique(np.asarray(confidence, dtype=np.float64), return_inverse=True)
    quantiles = np.array([_quantile(share) for share in unique.tolist()])
    return quantiles[place].reshape(np.shape(confidence))


@cache
def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
