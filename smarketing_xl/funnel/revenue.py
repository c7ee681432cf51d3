"""The revenue of so many customers: deals differ in size, so their sum is not a product.

Sizes are taken as gamma distributed with a mean and a spread (standard deviation over mean); the
sum of n of them is gamma again. How many customers there are is one distribution (beta-binomial for
a plan, negative binomial for a forecast), what they bring the other: one function for both, for the
formula and for the sheet.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from smarketing_xl.arrays import Floats

MOST_ADDED = 1_000_000  # numbers of customers that are added up one by one
REACH = 12.0
"""Standard deviations beyond which nothing is added up."""


def below(revenue: float, customers: Floats, avg_revenue: float, spread: float) -> Floats:
    """Chance that so many customers bring less than a revenue.

    customers: whole numbers, 0 and more. spread: of deal sizes, standard deviation over mean; with
    none at all every customer brings the average.
    """
    from scipy import special

    if revenue <= 0:
        return np.zeros(len(customers))
    if spread <= 0:
        enough = customers * avg_revenue >= revenue * (1 - 1e-12)
        return np.where(enough, 0.0, 1.0)
    shape = np.maximum(customers / spread**2, 1e-300)
    less = special.gammainc(shape, revenue / (avg_revenue * spread**2))
    return np.where(customers > 0, less, 1.0)


def most_customers(revenue: float, avg_revenue: float, spread: float) -> int:
    """So many customers bring the revenue as good as surely."""
    needed = revenue / avg_revenue
    most = needed + REACH * spread * math.sqrt(needed) + (REACH * spread) ** 2
    return math.ceil(min(most, 1e15)) + 1  # more than anybody counts


def chance_of(
    revenue: float, customers: float, deviation: float, avg_revenue: float, spread: float
) -> float:
    """The chance of at least a revenue when the number of customers is itself uncertain.

    customers, deviation: mean and standard deviation of their number (negative binomial, so that
    the deviation is at least the square root of the mean). avg_revenue, spread: of their sizes.

    >>> round(chance_of(100, 1, 1.2, 100, 0.0), 4)  # one or more of them
    0.5634
    """
    if revenue <= 0:
        return 1.0
    if customers <= 0:
        return 0.0
    most = most_customers(revenue, avg_revenue, spread)
    if most > MOST_ADDED:  # so many that their sum is as good as normal
        sigma = avg_revenue * math.hypot(deviation, spread * math.sqrt(customers))
        return 1 - NormalDist(customers * avg_revenue, sigma).cdf(revenue)
    number = np.arange(most, dtype=np.float64)
    less = below(revenue, number, avg_revenue, spread)
    return float(np.clip(1 - probabilities(number, customers, deviation) @ less, 0.0, 1.0))


def probabilities(number: Floats, customers: float, deviation: float) -> Floats:
    """Chance of each number of customers: negative binomial with a mean and a deviation."""
    from scipy import special

    shape = customers**2 / max(deviation**2 - customers, 1e-6 * customers)
    log = (
        special.gammaln(shape + number)
        - special.gammaln(shape)
        - special.gammaln(number + 1)
        + shape * np.log(shape / (shape + customers))
        + number * np.log(customers / (shape + customers))
    )
    return np.asarray(np.exp(log))


def quantile(
    share: float, customers: float, deviation: float, avg_revenue: float, spread: float
) -> float:
    """The revenue that is not exceeded with such a share."""
    if customers <= 0:
        return 0.0
    low, high = 0.0, max(customers, 1.0) * avg_revenue
    while 1 - chance_of(high, customers, deviation, avg_revenue, spread) < share:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        if 1 - chance_of(middle, customers, deviation, avg_revenue, spread) < share:
            low = middle
        else:
            high = middle
    return high
