"""What rows say about whom they belong to: whether any, when first, when last, how much in all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Moments

NEVER = np.datetime64("NaT", "us")
_LAST, _FIRST = np.iinfo(np.int64).max, np.iinfo(np.int64).min


class Gathering:
    """Rows gathered by whom they belong to. count: how many there are; whose: of each row, the
    number of who it belongs to, -1 for nobody."""

    def __init__(self, count: int, whose: NDArray[np.intp]) -> None:
        self._count, self._whose = count, whose

    def any(self, flags: Flags) -> Flags:
        """Who has at least one row that is flagged."""
        there = self._whose[flags & (self._whose >= 0)]
        flagged: Flags = np.bincount(there, minlength=self._count) > 0
        return flagged

    def earliest(self, times: Moments, flags: Flags) -> Moments:
        """The earliest time known of the rows flagged; NaT where there is none."""
        return self._extreme(times, flags, np.minimum, _LAST)

    def latest(self, times: Moments, flags: Flags) -> Moments:
        """The latest time known of the rows flagged; NaT where there is none."""
        return self._extreme(times, flags, np.maximum, _FIRST)

    def total(self, amounts: Floats) -> Floats:
        """The sum of the amounts known; NaN where none is."""
        known = (self._whose >= 0) & ~np.isnan(amounts)
        whose = self._whose[known]
        sums = np.bincount(whose, amounts[known], self._count)
        return np.where(np.bincount(whose, minlength=self._count) > 0, sums, np.nan)

    def first(self, flags: Flags) -> NDArray[np.intp]:
        """The place of the first row flagged; -1 where there is none."""
        place = np.full(self._count, -1, dtype=np.intp)
        rows = np.flatnonzero(flags & (self._whose >= 0))[::-1]
        place[self._whose[rows]] = rows
        return place

    def _extreme(self, times: Moments, flags: Flags, better: np.ufunc, worst: int) -> Moments:
        known = flags & (self._whose >= 0) & ~np.isnat(times)
        best = np.full(self._count, worst, dtype=np.int64)
        better.at(best, self._whose[known], times[known].astype("datetime64[us]").astype(np.int64))
        out: Moments = best.astype("datetime64[us]")
        out[best == worst] = NEVER
        return out
