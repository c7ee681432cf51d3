"""How sure the plan is: a conversion rate known from experience, and the chance it leaves.

Experience is `won` customers out of `total` leads. With Jeffreys' prior the conversion rate has a
Beta(won + 1/2, total - won + 1/2) distribution, so the number of leads that bring the k-th customer
is beta negative binomial; its distribution function is summed term by term, with no approximation.
Where deals differ in size, the chance is of the revenue, see `smarketing_xl.funnel.revenue`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from smarketing_xl.arrays import Floats
from smarketing_xl.elementwise import Number, elementwise
from smarketing_xl.funnel.goals import AVG_REVENUE, QUOTA, whole_up
from smarketing_xl.funnel.revenue import below, most_customers
from smarketing_xl.i18n import N_
from smarketing_xl.stats.intervals import wilson

MOST_LEADS = 10_000_000.0
BLOCK = 1 << 16
MOST_TERMS = 2_000_000
"""Customers up to which a sum over their numbers is made; beyond them there is no answer."""
LEAST_SPREAD = 1e-6
"""Below it all customers bring the same: a cent in ten thousand."""

WON = Number(N_("customers won"), low=0, at_most="total")
TOTAL = Number(N_("leads counted"), low=0, high=MOST_LEADS, divisor=True)
SPREAD = Number(N_("a share"), low=0, high=10)


@elementwise(won=WON, total=TOTAL, confidence=Number(N_("a share"), low=0.01, high=0.9999))
def conversion_range(won: Any, total: Any, confidence: Any = 0.95) -> Any:
    """The lowest and highest conversion rate that experience allows, with a confidence.

    Wilson's score interval (see `stats.intervals.wilson`), which the workbook's own formulas can
    compute without Python.

    >>> low, high = conversion_range(300, 2_000)
    >>> f"{low:.4f} {high:.4f}"
    '0.1350 0.1663'
    """
    return wilson(won, total, confidence)


@elementwise(
    leads=Number(N_("leads"), low=0, high=MOST_LEADS),
    quota=QUOTA,
    avg_revenue=AVG_REVENUE,
    won=WON,
    total=TOTAL,
    spread=SPREAD,
)
def quota_probability(
    leads: Any, quota: Any, avg_revenue: Any, won: Any, total: Any, spread: Any = 0.0
) -> Any:
    """The probability that so many leads bring at least the revenue of the quota.

    leads: a fraction of a lead brings nothing. won, total: the experience that says how sure the
    conversion rate is. spread: of the revenue of customers, standard deviation over mean; with 0
    every customer brings the average. Exact beta-binomial predictive with Jeffreys' prior, sizes
    gamma distributed (see the module).

    >>> round(quota_probability(1, 100, 100, 0, 1), 12)  # one failure, then Jeffreys: 0.5 / 2
    0.25
    >>> round(quota_probability(2_000, 1_800_000, 6_000, 300, 2_000, 0.8), 4)
    0.4971
    """
    plain = _by_distribution(_reached, np.floor(leads), whole_up(quota / avg_revenue), won, total)
    return _where_spread(
        _reached_with, plain, np.floor(leads), quota, avg_revenue, won, total, spread
    )


@elementwise(
    probability=Number(N_("a share"), low=0, high=0.999999),
    quota=QUOTA,
    avg_revenue=AVG_REVENUE,
    won=WON,
    total=TOTAL,
    spread=SPREAD,
)
def leads_for_probability(
    probability: Any, quota: Any, avg_revenue: Any, won: Any, total: Any, spread: Any = 0.0
) -> Any:
    """The fewest leads that meet the quota with at least such a probability (goal seek).

    Arguments as in `quota_probability`. Answers #NUM! where ten million leads would not do.

    >>> leads_for_probability([0.5, 0.9], 600_000, 6_000, 150, 1_000).tolist()
    [664.0, 774.0]
    """
    fewest = _by_distribution(_fewest, probability, whole_up(quota / avg_revenue), won, total)
    fewest = _where_spread(
        _fewest_with, fewest, probability, quota, avg_revenue, won, total, spread
    )
    return np.where(probability == 0, 0.0, fewest)


def _where_spread(
    solve: Callable[..., float], plain: Floats, asked: Floats, *numbers: Floats
) -> Floats:
    """The answers where sizes spread solved one by one, the others as they are."""
    spread = np.ravel(numbers[-1])
    out = np.array(plain, dtype=np.float64).ravel()
    every = np.array([np.ravel(given) for given in (asked, *numbers)], dtype=np.float64)
    sound = np.isfinite(every).all(axis=0) & (every[2] > 0)  # the others are errors already
    for place in np.flatnonzero((spread > LEAST_SPREAD) & sound):
        out[place] = solve(*every[:, place].tolist())
    return out.reshape(np.shape(plain))


def _reached_with(
    leads: float, quota: float, avg_revenue: float, won: float, total: float, spread: float
) -> float:
    """P(so many leads bring the quota) where the revenue of customers spreads.

    1 - the sum over the numbers of customers of P(so many) x P(they bring less).
    """
    from scipy import special

    if quota <= 0:
        return 1.0
    most = min(leads + 1, most_customers(quota, avg_revenue, spread))
    if most > MOST_TERMS:
        return math.nan
    customers = np.arange(most, dtype=np.float64)
    a, b = won + 0.5, total - won + 0.5
    chances = np.exp(
        special.gammaln(leads + 1)
        - special.gammaln(customers + 1)
        - special.gammaln(leads - customers + 1)
        + special.betaln(a + customers, b + leads - customers)
        - special.betaln(a, b)
    )
    less = below(quota, customers, avg_revenue, spread)
    return float(np.clip(1 - chances @ less, 0.0, 1.0))


def _fewest_with(probability: float, *given: float) -> float:
    """The fewest leads with at least such a probability, by halving; NaN beyond MOST_LEADS."""
    if _reached_with(0.0, *given) >= probability:
        return 0.0
    low, high = 0.0, 1.0
    while not _reached_with(high, *given) >= probability:
        low, high = high, high * 2
        if low >= MOST_LEADS:
            return math.nan
    while high - low > 1:
        middle = math.floor((low + high) / 2)
        low, high = (
            (low, middle) if _reached_with(middle, *given) >= probability else (middle, high)
        )
    return high if high <= MOST_LEADS else math.nan


def _by_distribution(
    solve: Callable[[float, float, float, Floats], Floats],
    asked: Floats,
    needed: Floats,
    won: Floats,
    total: Floats,
) -> Floats:
    """Solves the elements that share a distribution together, so that each is summed only once."""
    keys = np.stack([np.ravel(key) for key in (needed, won + 0.5, total - won + 0.5)], axis=1)
    unique, group = np.unique(keys, axis=0, return_inverse=True)
    out = np.empty(len(keys))
    for number, (k, successes, failures) in enumerate(unique.tolist()):
        here = group.ravel() == number
        out[here] = solve(k, successes, failures, np.ravel(asked)[here])
    return out.reshape(np.shape(asked))


def _reached(k: float, successes: float, failures: float, leads: Floats) -> Floats:
    """P(at least k customers in so many leads), for each number of leads."""
    if k == 0:
        return np.ones(len(leads))
    if k > leads.max(initial=0.0):
        return np.zeros(len(leads))
    spare = (leads - k).astype(np.int64)  # leads that may fail
    out = np.zeros(len(leads))
    for first, sums in _sums(k, successes, failures):
        here = (spare >= first) & (spare < first + len(sums))
        out[here] = sums[spare[here] - first]
        beyond = spare >= first + len(sums)
        if not beyond.any():
            break
        out[beyond] = sums[-1]
    return np.minimum(out, 1.0)


def _fewest(k: float, successes: float, failures: float, probability: Floats) -> Floats:
    """The fewest leads with at least each probability of k customers; NaN beyond MOST_LEADS."""
    if k == 0:
        return np.zeros(len(probability))
    out = np.full(len(probability), np.nan)
    if not k <= MOST_LEADS:  # or not a number: an error already
        return out
    for first, sums in _sums(k, successes, failures):
        place = np.searchsorted(sums, probability)
        enough = np.isnan(out) & (place < len(sums))
        out[enough] = k + first + place[enough]
        if not np.isnan(out).any():
            break
    return out


def _sums(k: float, successes: float, failures: float) -> Iterator[tuple[int, Floats]]:
    """Blocks of P(k-th customer comes after at most f failures) for f = first, first + 1, ...

    Ratio of successive terms of the beta negative binomial distribution, in logarithms:
    (k + f)(b + f) / ((f + 1)(a + b + k + f)).
    """
    last = (
        math.lgamma(successes + k)
        - math.lgamma(successes)
        + math.lgamma(successes + failures)
        - math.lgamma(successes + failures + k)
    )
    total = 0.0
    for first in range(0, int(MOST_LEADS - k) + 1, BLOCK):
        f = np.arange(first, first + BLOCK, dtype=np.float64)
        steps = np.log(
            (k + f) / (f + 1) * ((failures + f) / (successes + failures + k + f))
        )  # from the term of f to that of f + 1
        terms = last + np.concatenate([[0.0], np.cumsum(steps)])
        sums = total + np.cumsum(np.exp(terms[:-1]))
        yield first, sums
        last, total = float(terms[-1]), float(sums[-1])
