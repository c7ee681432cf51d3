"""How sure is a trait: lift, information value, intervals, and what chance alone would give.

Many traits are tried, so some look good by chance. Each attribute's best p-value is multiplied by
the number of its traits tried (Bonferroni), and attributes pass by Benjamini and Hochberg (1995):
so few attributes are proposed by chance. Of an attribute that passed, each trait that differs at
5 % by itself may become a criterion; the points decide what it adds. Intervals of what was selected
are widened to match (false coverage rate, Benjamini and Yekutieli 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.stats.intervals import normal_quantiles

Counts = NDArray[np.int64]

FALSE_DISCOVERIES = 0.05  # share of the attributes proposed that may be chance
TRAIT_BY_CHANCE = 0.05  # how likely a trait of a proposed attribute may look so by chance
_EXACT_BELOW = 100_000  # rows of history up to which p-values are exact
_DRAWS = 300  # of the bootstrap of the information value


@dataclass(frozen=True)
class Counted:
    """How often a trait is seen: among the best and in all, of how many of each."""

    best: Counts
    seen: Counts
    all_best: int
    rows: int

    @property
    def lift(self) -> Floats:
        """Share of the best among those with the trait, over the share of the best in all."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return (self.best / self.seen) / (self.all_best / self.rows)

    @property
    def support(self) -> Floats:
        """Share of the history with the trait."""
        return self.seen / self.rows


def p_values(counted: Counted) -> Floats:
    """Two-sided p-values that a trait and being one of the best are independent.

    Shape: that of the counts. Fisher's exact test (twice the smaller tail of the hypergeometric
    distribution); beyond 100,000 rows the normal approximation.

    Summed here, for scoring leads asks for it, and importing SciPy's statistics takes as long as
    scoring thousands of them.
    """
    best, seen = counted.best, counted.seen
    if counted.rows <= _EXACT_BELOW:
        tails = [
            _smaller_tail(int(k), int(n), counted.all_best, counted.rows)
            for k, n in zip(best.ravel(), seen.ravel(), strict=True)
        ]
        return np.minimum(1.0, 2 * np.array(tails, dtype=np.float64)).reshape(best.shape)
    from scipy.special import ndtr

    share = counted.all_best / counted.rows
    expected = seen * share
    variance = expected * (1 - share) * (counted.rows - seen) / (counted.rows - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.maximum(np.abs(best - expected) - 0.5, 0) / np.sqrt(variance)
    return np.asarray(2 * ndtr(-np.nan_to_num(z)))


def discovery_rates(chances: Floats) -> Floats:
    """p-values, each as the share of false discoveries among it and all that are smaller.

    Benjamini and Hochberg (1995), as SciPy's `false_discovery_control`; written out for the reason
    that `p_values` is.
    """
    order = np.argsort(chances)[::-1]
    rates = np.empty_like(chances)
    scaled = chances[order] * len(chances) / np.arange(len(chances), 0, -1)
    rates[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return rates


def _smaller_tail(best: int, seen: int, all_best: int, rows: int) -> float:
    """The smaller chance, that so few or so many of those seen are among the best."""
    log = _log_factorials(rows)
    lowest, highest = max(0, seen + all_best - rows), min(seen, all_best)
    k = np.arange(lowest, highest + 1)
    chances = np.exp(
        (log[all_best] - log[k] - log[all_best - k])
        + (log[rows - all_best] - log[seen - k] - log[rows - all_best - seen + k])
        - (log[rows] - log[seen] - log[rows - seen])
    )
    at = best - lowest
    return float(min(chances[: at + 1].sum(), chances[at:].sum()))


@lru_cache(maxsize=4)
def _log_factorials(most: int) -> Floats:
    """The logarithms of 0! to most!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])


def lift_range(counted: Counted, level: float) -> tuple[Floats, Floats]:
    """Interval of the lift at a level such as 0.95, by the delta method on its logarithm.

    Those with the trait are part of all, which the variance accounts for.
    """
    a, n = counted.best + 0.5, counted.seen + 1.0
    rest, others = counted.all_best - counted.best + 0.5, counted.rows - counted.seen + 1.0
    share, share_rest, everyone = a / n, np.minimum(rest / others, 1.0), a + rest
    total = a * (1 - share) + rest * (1 - share_rest)
    variance = (1 - share) / a - 2 * (1 - share) / everyone + total / everyone**2
    middle = np.log(share / (everyone / (n + others)))
    reach = normal_quantiles(level) * np.sqrt(np.maximum(variance, 0))
    return np.exp(middle - reach), np.exp(middle + reach)


def information_value(best: Counts, rest: Counts, seed: int = 0) -> tuple[float, float, float]:
    """Information value of an attribute's classes, with a 95 % interval.

    IV = sum over classes of (share of the best - share of the rest) x ln(ratio of the shares),
    half a case added to each class; what chance alone gives, (classes - 1) x (1/best + 1/rest),
    is taken off. Interval: bootstrap of the counts.
    """
    keep = best + rest > 0
    best, rest = best[keep], rest[keep]
    if len(best) < 2:
        return 0.0, 0.0, 0.0
    bias = (len(best) - 1) * (1 / best.sum() + 1 / rest.sum())
    random = np.random.default_rng(seed)
    drawn = population_stability(
        random.multinomial(best.sum(), best / best.sum(), _DRAWS),
        random.multinomial(rest.sum(), rest / rest.sum(), _DRAWS),
    )
    low, high = np.quantile(drawn, [0.025, 0.975]) - 2 * bias
    value = float(population_stability(best, rest)) - bias
    return max(value, 0.0), max(float(low), 0.0), max(float(high), 0.0)


def population_stability(before: ArrayLike, now: ArrayLike) -> Floats:
    """Population stability index of counts over the same classes: how far two mixes are apart.

    before, now: counts of shape (..., classes), half a case added to each. Returns the sum over
    classes of (q - p) x ln(q / p), of shape (...): below 0.1 is stable, above 0.25 has shifted
    (Siddiqi 2006, Credit Risk Scorecards). The information value of two groups is the same sum.

    >>> population_stability([[50, 50], [80, 20]], [50, 50]).round(2).tolist()
    [0.0, 0.41]
    """
    p, q = (np.asarray(counts, dtype=np.float64) + 0.5 for counts in (before, now))
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)
    return np.asarray(((q - p) * np.log(q / p)).sum(axis=-1))


def auc_of_classes(best: Counts, rest: Counts) -> float:
    """AUC of an attribute alone: its classes ranked by their share of the best, shrunk to all's."""
    shares = (best + best.sum() / (best + rest).sum() * 10) / (best + rest + 10)
    order = np.argsort(shares)
    b, r = best[order], rest[order]
    below = np.cumsum(r) - r
    return float((b * (below + r / 2)).sum() / (b.sum() * r.sum()))
