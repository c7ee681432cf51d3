"""Rows of yes and no as the few distinct patterns they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags

MOST = 62  # columns that fit in one whole number


def compile_patterns(flags: Sequence[Flags]) -> tuple[NDArray[np.intp], list[Flags]]:
    """The pattern of yes and no of each row, as a code, and the distinct patterns by column.

    flags: columns of the same length.

    >>> flags = [np.array([True, True, False]), np.array([False, False, True])]
    >>> codes, distinct = compile_patterns(flags)
    >>> codes.tolist(), [column.tolist() for column in distinct]
    ([0, 0, 1], [[True, False], [False, True]])
    """
    codes = np.zeros(len(flags[0]), dtype=np.intp)
    columns: list[Flags] = []
    for first in range(0, len(flags), MOST):
        part = flags[first : first + MOST]
        bits = np.zeros(len(codes), dtype=np.int64)
        for place, flag in enumerate(part):
            bits |= flag.astype(np.int64) << place
        further, distinct = pd.factorize(bits)
        codes, pairs = pd.factorize(codes * len(distinct) + further)
        before, now = np.divmod(pairs, max(len(distinct), 1))
        columns = [column[before] for column in columns]
        columns += [(distinct[now] >> place & 1).astype(bool) for place in range(len(part))]
    return codes, columns
