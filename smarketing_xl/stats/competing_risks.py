"""The share that becomes a customer when some leads are still open.

Open leads are neither won nor lost: counting them as lost makes new leads look bad, leaving them
out makes them look good. The Aalen-Johansen estimate (Kaplan-Meier for several outcomes: won, or
lost and rejected) lets each count as long as it was watched. Aalen & Johansen (1978), Scandinavian
Journal of Statistics 5:141; variance by the delta method, Marubini & Valsecchi (1995), Analysing
Survival Data, section 10.2. Written out here, in a page, and equal to lifelines' in the tests:
lifelines itself (0.30.3, MIT) does not run with pandas 3, takes seconds to import, and would bring
matplotlib, autograd and formulaic with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.stats.intervals import wilson


class Share(NamedTuple):
    """A share with its interval; NaN where there is nobody to tell it from."""

    estimate: float
    low: float
    high: float


def cumulative_incidence(days: Floats, won: Flags, lost: Flags, horizon: float) -> Share:
    """The share won within a horizon, with its 95 % interval.

    days: how long each lead was watched: until it was won or lost, else until now (the lead is
    still open: neither flag). Wilson's interval at the number of leads that would be as sure had
    all been watched to the end; without open leads it is that of `funnel.conversion_range`.

    >>> days = np.array([10.0, 20, 30, 5])
    >>> won, lost = np.array([1, 0, 0, 0], bool), np.array([0, 1, 0, 0], bool)
    >>> # the one open since 5 days says nothing yet
    >>> share = cumulative_incidence(days, won, lost, 365)
    >>> round(share.estimate, 4)
    0.3333
    """
    if not len(days):
        return Share(np.nan, np.nan, np.nan)
    seen = days <= horizon
    _times, at = np.unique(days, return_inverse=True)
    left = np.bincount(at)
    risk = np.cumsum(left[::-1])[::-1].astype(np.float64)
    customers: Floats = np.bincount(at, won & seen).astype(np.float64)
    ended: Floats = np.bincount(at, (won | lost) & seen).astype(np.float64)
    survival = np.concatenate([[1.0], np.cumprod(1 - ended / risk)[:-1]])
    share = np.cumsum(survival * customers / risk)
    estimate = float(share[-1])
    sure = _as_many(estimate, _variance(share, survival, customers, ended, risk))
    if not np.isfinite(sure):  # all alike: those whose outcome is known
        sure = float(((won | lost) | (days > horizon)).sum())
    if sure <= 0:
        return Share(np.nan, np.nan, np.nan)
    estimate = min(estimate, 1.0)
    low, high = wilson(estimate * sure, sure)
    return Share(estimate, float(low), float(high))


def _variance(
    share: Floats, survival: Floats, customers: Floats, ended: Floats, risk: Floats
) -> float:
    to_come = share[-1] - share
    others = np.where(to_come > 0, risk * (risk - ended), np.inf)
    return float(
        (to_come**2 * ended / others).sum()
        + (survival**2 * customers * (risk - customers) / risk**3).sum()
        - 2 * (to_come * survival * customers / risk**2).sum()
    )


def _as_many(share: float, variance: float) -> float:
    """The number of leads at which a plain share has that variance."""
    return share * (1 - share) / variance if variance > 1e-15 else np.inf
