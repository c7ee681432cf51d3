"""Where a month will end: leads expected, with an interval, from this month and those before it.

Leads arrive at a rate that differs from month to month. Past months say what rates are usual (a
gamma distribution fitted to their mean and variance), the leads so far say which rate this month
has, and the rest of the month follows (negative binomial): the gamma-Poisson model, e.g. Gelman et
al., Bayesian Data Analysis (3rd ed.), section 2.6. No simulation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from smarketing_xl.frames import Floats

MONTHS = 12
"""How many past months say what is usual."""

LEAST_KNOWN = 0.01
"""Months that must have been seen, of this one and the past, before anything is expected."""


def month_end(
    delivered: float, elapsed: float, history: Sequence[float], confidence: float = 0.9
) -> tuple[float, float, float]:
    """Leads expected by the end of the month, and the interval they lie in with a confidence.

    delivered: so far; elapsed: share of the month's working time that has passed, 0 to 1;
    history: leads of past months, the latest last. One more lead never lowers any of the three.
    NaN where neither the past nor at least a hundredth of this month says anything.

    >>> month_end(60, 0.4, [])  # going on so: 60 + 60.5 x 0.6 / 0.4
    (151.0, 127.0, 177.0)
    """
    shape, rate = _usual(history[-MONTHS:])
    shape, rate = shape + delivered, rate + elapsed
    rest = 1.0 - elapsed
    if rest <= 0:
        return delivered, delivered, delivered
    if rate < LEAST_KNOWN:
        return math.nan, math.nan, math.nan
    low, high = _quantiles(shape, rest / (rate + rest), confidence)
    return float(np.rint(delivered + shape / rate * rest)), delivered + low, delivered + high


def _usual(history: Sequence[float]) -> tuple[float, float]:
    """Gamma shape and rate of the leads of a month: Jeffreys' when nothing is known."""
    months = len(history)
    mean = float(np.mean(history)) if months else 0.0
    if mean == 0:
        return 0.5, float(months)
    surest = mean * months + 0.5  # as if every month had the same rate
    spread = float(np.var(history, ddof=1)) - mean if months > 1 else 0.0
    shape = min(mean**2 / spread, surest) if spread > 0 else surest
    return shape, shape / mean


def _quantiles(shape: float, share: float, confidence: float) -> tuple[float, float]:
    """Both ends of the central interval of a negative binomial.

    Its terms have the ratio (shape + x) / (x + 1) * share.
    """
    mean = shape * share / (1 - share)
    spread = math.sqrt(mean / (1 - share))
    x = np.arange(math.ceil(mean + 12 * spread + 30), dtype=np.float64)
    logs = np.concatenate([[0.0], np.cumsum(np.log((shape + x) / (x + 1) * share))])
    terms: Floats = np.exp(logs - logs.max())
    sums = np.cumsum(terms) / terms.sum()
    low, high = np.searchsorted(sums, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
