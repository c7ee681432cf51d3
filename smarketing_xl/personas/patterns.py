"""Rows of yes and no as the few distinct patterns they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
MOST = 62  # columns that fit in one whole number


def compile_patterns(flags: Sequence[Flags]) -> tuple[NDArray[np.intp], list[Flags]]:
    """The pattern of yes and no of each row, as a code, and the distinct patterns by column.

    flags: at most 62 columns of the same length.

    >>> flags = [np.array([True, True, False]), np.array([False, False, True])]
    >>> codes, distinct = compile_patterns(flags)
    >>> codes.tolist(), [column.tolist() for column in distinct]
    ([0, 0, 1], [[True, False], [False, True]])
    """
    bits = np.zeros(len(flags[0]), dtype=np.int64)
    for place, flag in enumerate(flags):
        bits |= flag.astype(np.int64) << place
    codes, distinct = pd.factorize(bits)
    return codes, [(distinct >> place & 1).astype(bool) for place in range(len(flags))]
