"""What a channel's leads followed when its spend changed: months of history, where they can tell.

The leads of a channel in a month as a power of what was spent on it, with less and less for each
coin (b below 1), spend going on to work in the months after (adstock), beside what came of all
other channels (demand) and a trend:

    log E[leads] = a + b log(spend + λ spend before + λ² …) + c log(leads of others) + d month,

quasi-Poisson (Wedderburn 1974, Biometrika 61:439), so that months may spread more than chance. The
interval is the union of those of every λ: some months cannot tell it. These are observations:
spend that follows demand looks as if it made it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from smarketing_xl.arrays import Floats
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import _

ADSTOCK = (0.0, 0.25, 0.5, 0.75)
FEWEST_MONTHS = 12
LEAST_SPREAD = 0.2
"""Of the logarithm of spend, beside trend and demand: about 20 % up and down."""

WIDEST = 1.5
_STEPS = 50


class Response(NamedTuple):
    """1 % more spend brings so many % more; NaN where nothing can be told. said: in words."""

    estimate: float
    low: float
    high: float
    reason: str


def responses(leads: Any, spend: Any, as_of: dt.datetime) -> dict[str, Response]:
    """The response of each channel that was paid for, by its name in lower case.

    leads: created and source. spend: month, channel, cost. Whole months before as_of count.
    """
    came, paid = Columns(leads, "created", "source"), Columns(spend, "month", "channel", "cost")
    asked = _months(came.times("created"))
    months, names = _months(paid.times("month")), _lower(paid.texts("channel"))
    last = int(_months(np.array([as_of], "datetime64[us]"))[0])
    known = (months >= 0) & (months < last)
    if not known.any():
        return {}
    first = int(months[known].min())
    size = last - first
    sources = _lower(came.texts("source"))
    all_leads = _by_month(asked, np.ones(len(asked)), first, size)
    found = {}
    for name in pd.unique(names[known & pd.notna(names)]):
        cost = np.nan_to_num(paid.numbers("cost"))
        mine = sources == name
        own = _by_month(asked[mine], np.ones(int(mine.sum())), first, size)
        bought = _by_month(months[names == name], cost[names == name], first, size)
        found[str(name)] = fit(own, bought, all_leads - own)
    return found


def fit(leads: Floats, spend: Floats, others: Floats) -> Response:
    """The response of one channel. leads, spend, others (leads of other channels): by month."""
    fits = [_fit(leads, spend, others, decay) for decay in ADSTOCK]
    good = [found for found in fits if not isinstance(found, str)]
    if not good:
        return _refused(str(fits[0]))
    estimate = min(good, key=lambda found: found[3])[0]
    low, high = min(found[1] for found in good), max(found[2] for found in good)
    if high - low > WIDEST:
        return _refused(_("the months cannot tell: anything from {low} to {high}"), low, high)
    if high < 0 or low > 1:
        return _refused(_("spend moved with something else: {low} to {high}"), low, high)
    return Response(estimate, low, high, _("of the months of spend; an observation"))


def _fit(
    leads: Floats, spend: Floats, others: Floats, decay: float
) -> tuple[float, float, float, float] | str:
    """Estimate, ends of its interval, and how badly it fits; a sentence where it cannot be told."""
    stock = np.zeros(len(spend))
    for month, paid in enumerate(spend):  # a handful of months
        stock[month] = paid + (decay * stock[month - 1] if month else 0.0)
    there = (stock > 0) & (np.arange(len(spend)) > 0)
    count = int(there.sum())
    if count < FEWEST_MONTHS - 1:
        return _("fewer than {months} months of spend").format(months=FEWEST_MONTHS)
    trend = np.linspace(-1, 1, len(spend))
    rest = np.column_stack([np.ones(count), np.log(others[there] + 1), trend[there]])
    more = np.log(stock[there])
    beside = more - rest @ np.linalg.lstsq(rest, more, rcond=None)[0]
    if beside.std() < LEAST_SPREAD:
        return _("spend hardly changed, or only as everything else did")
    found = _quasi_poisson(np.column_stack([more, rest]), leads[there])
    if found is None:
        return _("too few leads")
    slope, error, misfit = found
    reach = float(stdtrit(count - rest.shape[1] - 1, 0.975)) * error
    return slope, slope - reach, slope + reach, misfit


def _quasi_poisson(given: Floats, counts: Floats) -> tuple[float, float, float] | None:
    """The first coefficient, its standard error, and the deviance; None without a fit."""
    if counts.sum() < 3 * given.shape[1]:
        return None
    mean = counts + 0.5
    for _step in range(_STEPS):
        linear = np.log(mean)
        work = linear + (counts - mean) / mean
        root = np.sqrt(mean)[:, None]
        weights = np.linalg.lstsq(given * root, work * root[:, 0], rcond=None)[0]
        fitted = np.exp(np.clip(given @ weights, -20, 20))
        if np.allclose(fitted, mean, rtol=1e-9):
            break
        mean = fitted
    free = len(counts) - given.shape[1]
    scale = max(1.0, float(((counts - mean) ** 2 / mean).sum()) / free)
    spread = np.linalg.pinv(given.T @ (given * mean[:, None])) * scale
    part = np.where(counts > 0, counts * np.log(np.maximum(counts, 1e-9) / mean), 0.0)
    deviance = 2 * float((part - counts + mean).sum())
    return float(weights[0]), float(np.sqrt(spread[0, 0])), deviance


def _refused(reason: str, low: float = np.nan, high: float = np.nan) -> Response:
    ends = {"low": f"{low:.2g}", "high": f"{high:.2g}"}
    return Response(np.nan, np.nan, np.nan, reason.format(**ends))


def _months(times: Any) -> Any:
    """Months since 1970, below 0 where there is no time."""
    months = times.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isnat(times), -1, months)


def _lower(texts: Any) -> Any:
    return pd.Series(texts, dtype=object).str.strip().str.lower().to_numpy(object)


def _by_month(months: Any, amounts: Floats, first: int, size: int) -> Floats:
    inside = (months >= first) & (months < first + size)
    summed: Floats = np.bincount(months[inside] - first, amounts[inside], size).astype(np.float64)
    return summed
