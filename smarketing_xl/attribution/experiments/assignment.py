"""Where and when a channel's spend is changed: every way that chance could have dealt it."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags
from smarketing_xl.schema.tables.choices import Split

FEWEST = 40
"""Ways to deal it that there must be: with fewer, no result could be told from chance."""

MOST = 2_000
"""Ways that are compared; where there are more, as many are drawn."""

BLOCK = 2
"""Weeks of which half are changed, where weeks are dealt."""


def ways(split: Split, regions: int, weeks: int) -> int:
    """How many ways there are to deal an experiment.

    region: half of the regions are changed all the time. week: of every two weeks one is changed,
    everywhere. both: of every two weeks a random half of the regions begins, the others follow.
    weeks: an even number where weeks are dealt.

    >>> ways("region", 8, 6), ways("week", 1, 12), ways("both", 4, 6)
    (70, 64, 216)
    """
    if split == "region":
        return comb(regions, regions // 2)
    each = 2 if split == "week" else len(_halves(regions))
    found: int = each ** (weeks // BLOCK)
    return found


def fewest_weeks(split: Split, regions: int) -> int | None:
    """The fewest weeks in which there are enough ways; None where there never are.

    >>> fewest_weeks("week", 1), fewest_weeks("both", 4), fewest_weeks("region", 6)
    (12, 6, None)
    """
    if split == "region":
        return 4 if ways(split, regions, 4) >= FEWEST else None
    if split == "both" and regions < 2:
        return None
    weeks = 2 * BLOCK
    while ways(split, regions, weeks) < FEWEST:
        weeks += BLOCK
    return weeks


def assignments(
    split: Split, regions: int, weeks: int, draw: np.random.Generator, most: int = MOST
) -> Flags:
    """Ways to deal an experiment, (ways, regions, weeks): all, or `most` of them at random."""
    if split == "region":
        halves = _regions(regions, draw, most)
        return np.repeat(halves[:, :, None], weeks, axis=2)
    firsts = _halves(regions) if split == "both" else np.array([[True], [False]])
    blocks = weeks // BLOCK
    if len(firsts) ** blocks <= most:
        chosen = np.array(list(product(range(len(firsts)), repeat=blocks)))
    else:
        chosen = draw.integers(0, len(firsts), (most, blocks))
    first = firsts[chosen].transpose(0, 2, 1)  # (ways, regions, blocks)
    both = np.stack([first, ~first], axis=-1)
    dealt: Flags = both.reshape(len(chosen), -1, blocks * BLOCK)
    return dealt if split == "both" else np.repeat(dealt, regions, axis=1)


def is_possible(split: Split, changed: Flags) -> bool:
    """Whether an experiment could have been dealt so. changed: (regions, weeks)."""
    regions, weeks = changed.shape
    if split == "region":
        steady = bool((changed == changed[:, :1]).all())
        return steady and int(changed[:, 0].sum()) == regions // 2
    if weeks % BLOCK or (changed[:, ::2] == changed[:, 1::2]).any():
        return False
    if split == "week":
        return bool((changed == changed[:1]).all())
    begins = changed[:, ::2].sum(axis=0)
    return bool(np.isin(begins, (regions // 2, regions - regions // 2)).all())


def _regions(regions: int, draw: np.random.Generator, most: int) -> Flags:
    half = regions // 2
    if comb(regions, half) <= most:
        chosen = np.array(list(combinations(range(regions), half)), dtype=np.intp)
    else:
        chosen = draw.random((most, regions)).argsort(axis=1)[:, :half]
    dealt = np.zeros((len(chosen), regions), dtype=np.bool_)
    np.put_along_axis(dealt, chosen, True, axis=1)
    return dealt


_LISTED = 12  # regions whose halves are listed; of more, only those that begin at random


def _halves(regions: int) -> NDArray[np.bool_]:
    """Which regions begin: every half of them, where their number is odd the larger ones too."""
    if regions > _LISTED:
        draw = np.random.default_rng(regions)
        halves = _regions(regions, draw, MOST // 2)
    else:
        halves = _regions(regions, np.random.default_rng(0), MOST)
    other = ~halves
    return np.unique(np.concatenate([halves, other]), axis=0)
