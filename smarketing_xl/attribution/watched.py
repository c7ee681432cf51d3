"""What journeys without a sale count while the sales of their age are still to come.

Of the leads of a month ago some will buy next month. Counting those that bought and leaving out
those that are open makes a young channel look as if everybody bought; counting all that are open as
lost makes it look as if hardly anybody did. So a journey without a sale counts as lost only as far
as the sales of journeys of its age are known already. With p the share of journeys that end in a
sale, and F(a) the share of those sales that come within the age a, of n journeys of that age
n p F(a) are sales now, and n (1 - p) F(a) of the others belong to them: each of the others counts

    F(a) (1 - p) / (1 - p F(a)),

whether sales have given it up or not: losses may be known sooner or later than sales, and would
bend the rate the other way. F is that of Kaplan and Meier (JASA 53, 1958) over days, in which each
journey is watched for as long as it exists.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Ints

FEWEST = 20
"""Journeys that must still be watched at an age for its sales to be told."""

PART = 0.02
"""The part of all journeys that must still be watched at an age."""


def loss_weights(age: Ints, took: Ints, won: NDArray[np.bool_]) -> Floats:
    """What a journey without a sale counts at each age in days, 0 first; the last holds for older.

    age: days since the first touch. took: days from the first touch to the sale, read where won.

    >>> age = np.array([400] * 80 + [10] * 80)  # half of all sales come after 30 days
    >>> won = np.arange(160) % 80 < np.repeat([16, 8], 80)
    >>> took = np.where(np.arange(160) % 80 < 8, 5, 30)
    >>> weights = loss_weights(age, took, won)
    >>> round(float(weights[10]), 3), float(weights[-1])
    (0.444, 1.0)
    """
    if not won.any():
        return np.ones(1)
    watched = np.maximum(np.where(won, took, age), 0)
    size = int(watched.max()) + 1
    left = np.bincount(watched, minlength=size)
    risk = np.cumsum(left[::-1])[::-1].astype(np.float64)
    sales: Floats = np.bincount(watched[won], minlength=size).astype(np.float64)
    enough = risk >= max(FEWEST, PART * len(age))
    if enough.any():
        last = int(np.flatnonzero(enough)[-1]) + 1
        share = 1 - np.cumprod(1 - sales[:last] / risk[:last])
    else:
        share = np.cumsum(sales) / len(age)
    if not share[-1]:
        return np.ones(1)
    known, rate = share / share[-1], float(share[-1])
    weights: Floats = known * (1 - rate) / np.maximum(1 - rate * known, 1e-12)
    return np.append(weights[:-1], 1.0)


def weight_at(weights: Floats, age: Ints) -> Floats:
    """What journeys of these ages count."""
    found: Floats = weights[np.clip(age, 0, len(weights) - 1)]
    return found
