"""A difference of two shares among those who are alike: standardised over strata."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats


class Difference(NamedTuple):
    """A difference of shares with its interval; NaN where nobody can be compared."""

    estimate: float
    low: float
    high: float


def standardised_difference(
    treated: Flags, outcome: Flags, stratum: NDArray[np.integer]
) -> Difference:
    """How much oftener the outcome is met by the treated than by the others of their stratum.

    treated, outcome: one element a case. stratum: numbers from 0 on; strata with only one kind say
    nothing. The Mantel-Haenszel risk difference with its 95 % interval: Greenland and Robins
    (1985), Biometrics 41:55.

    >>> treated = np.array([1, 1, 0, 0, 1], bool)
    >>> outcome = np.array([1, 0, 0, 0, 1], bool)
    >>> standardised_difference(treated, outcome, np.array([0, 0, 0, 0, 1])).estimate
    0.5
    """
    size = int(stratum.max(initial=-1)) + 1

    def count(rows: Flags) -> Floats:
        return np.bincount(stratum[rows], minlength=size).astype(np.float64)

    with_it, without = count(treated), count(~treated)
    met, met_without = count(treated & outcome), count(~treated & outcome)
    both = (with_it > 0) & (without > 0)
    n1, n0, a, b = (each[both] for each in (with_it, without, met, met_without))
    whole = n1 + n0
    weight = (n1 * n0 / whole).sum()
    if not weight:
        return Difference(np.nan, np.nan, np.nan)
    estimate = float(((a * n0 - b * n1) / whole).sum() / weight)
    spread = (a * (n1 - a) * n0**3 + b * (n0 - b) * n1**3) / (n1 * n0 * whole**2)
    reach = 1.959964 * float(np.sqrt(spread.sum())) / float(weight)
    return Difference(estimate, max(estimate - reach, -1.0), min(estimate + reach, 1.0))
