"""Where a month will end: leads expected, with an interval, from this month and those before it.

How such counts vary is in `smarketing_xl.stats.pace`; here are the leads and the working days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from smarketing_xl.arrays import Floats
from smarketing_xl.stats.pace import batch_size, pace

CONFIDENCE = 0.9
"""Of the intervals of a month's end: nine in ten months end within them."""


def month_end(
    delivered: float,
    elapsed: float,
    history: Sequence[float],
    confidence: float = CONFIDENCE,
    batch: float = 1.0,
) -> tuple[float, float, float]:
    """Leads expected by the end of the month, and the interval they lie in with a confidence.

    delivered: so far; elapsed: share of the month's working time that has passed, 0 to 1;
    history: leads of past months, the latest last; batch: leads that come at once, see
    `lead_batch`. NaN where neither the past nor at least a hundredth of this month says anything.

    >>> month_end(60, 0.4, [])  # going on so: 60 + 60.5 x 0.6 / 0.4
    (151.0, 127.0, 177.0)
    """
    if elapsed >= 1:
        return delivered, delivered, delivered
    known = pace(history, delivered, elapsed, batch)
    if known is None:
        return math.nan, math.nan, math.nan
    mean, low, high = known.rest_of_month(elapsed, confidence)
    return float(np.rint(delivered + mean)), delivered + low, float(np.rint(delivered + high))


def lead_batch(day_counts: Floats, months: Floats) -> float:
    """How many leads come at once (lists imported, fairs), from the counts of working days.

    months: which month each day is in. A day is compared with the mean of its month, so that a
    better month is not taken for a batch.
    """
    _names, month = np.unique(months, return_inverse=True)
    days = np.bincount(month)
    means = np.bincount(month, day_counts) / days
    freedom = np.where(days > 1, days / np.maximum(days - 1, 1), 0.0)
    expected = means[month]
    apart = (day_counts - expected) * np.sqrt(freedom[month]) + expected
    return batch_size(apart, np.where(freedom[month] > 0, expected, 0.0))
