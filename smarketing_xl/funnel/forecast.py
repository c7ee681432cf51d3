"""What the year will bring: what is won, leads and deals still open, leads still to come.

Each open lead is won by the year's end with the chance that such ones had, of its age and its group
(grade, stage), by the estimate for competing risks with what the goals say where nothing was
watched yet; leads to come follow the pace of the last months; sizes spread as they did. Answered
as mean and deviation of customers and the size of a deal, from which chance and interval of the
revenue follow (see `smarketing_xl.funnel.revenue`), on the sheet as here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags, Floats, Texts
from smarketing_xl.funnel import revenue
from smarketing_xl.stats.maturing import Curve, expected_curve, observed_curve
from smarketing_xl.stats.pace import Pace

EXPECTED_LEADS = 150.0
"""Imaginary leads that go as the goals say, beside those seen."""
GROUP_LEADS = 60.0
"""Imaginary leads of a group that go as all leads do."""
ACCEPTED_LEADS = 20.0
"""Imaginary accepted leads, won twice as often as the goals say of all, beside those seen."""
EXPECTED_DEALS = 6.0
"""Imaginary customers who bring the average revenue of the goals."""
USUAL_SPREAD = 0.5
"""Spread of deal sizes where fewer than two customers were seen."""


@dataclass(frozen=True)
class Leads:
    """What forecasts read of leads and deals, one element each. Days are counted from 1970.

    created; ended: when won or lost, NaN while open. won, lost: flags; group: those that mature
    alike. amount: what an open one brings if it is won, NaN where nobody says. taken: when sales
    accepted it, NaN where it did not: from then on it matures as accepted ones do.
    """

    created: Floats
    ended: Floats
    won: Flags
    lost: Flags
    group: Texts
    amount: Floats
    taken: Floats

    def seen_until(self, now: float) -> Leads:
        """The leads as they were known at a moment: later ones gone, later outcomes still open.

        now: the moment, in days since 1970.
        """
        there = self.created <= now
        over = self.ended <= now
        return Leads(
            self.created[there],
            np.where(over, self.ended, np.nan)[there],
            (self.won & over)[there],
            (self.lost & over)[there],
            self.group[there],
            np.where(over, np.nan, self.amount)[there],
            np.where(self.taken <= now, self.taken, np.nan)[there],
        )

    @property
    def open(self) -> Flags:
        """Which leads are neither won nor lost."""
        return ~self.won & ~self.lost


@dataclass(frozen=True)
class Sizes:
    """What a customer brings: mean, spread (deviation over mean), and how many say so."""

    mean: float
    spread: float
    known: float


@dataclass(frozen=True)
class ToCome:
    """Customers still to come, and what they bring.

    by_month: customers, of each month asked for. of_open: the chance of each open lead, in their
    order, to be one of them; from_new: those of leads still to come, all months.
    customers, deviation: mean and standard deviation of their number; deal, spread: of their size.
    """

    by_month: Floats
    of_open: Floats
    from_new: float
    customers: float
    deviation: float
    deal: float
    spread: float

    def chance(self, missing: float) -> float:
        """The chance that at least so much revenue comes."""
        return revenue.chance_of(missing, self.customers, self.deviation, self.deal, self.spread)

    def interval(self, confidence: float) -> tuple[float, float]:
        """The revenue to come lies in it with such a confidence."""
        low, high = (
            revenue.quantile(share, self.customers, self.deviation, self.deal, self.spread)
            for share in ((1 - confidence) / 2, (1 + confidence) / 2)
        )
        return low, high


def deal_sizes(sizes: Floats, avg_revenue: float) -> Sizes:
    """What customers brought, with the goals' average where few are known. Blanks are left out."""
    given = sizes[np.isfinite(sizes) & (sizes > 0)]
    known = len(given) + EXPECTED_DEALS
    mean = (float(given.sum()) + EXPECTED_DEALS * avg_revenue) / known
    if len(given) < 2:
        return Sizes(mean, USUAL_SPREAD, known)
    own = float(given.std(ddof=1) / given.mean())
    spread = (own**2 * (len(given) - 1) + USUAL_SPREAD**2 * 2) / (len(given) + 1)
    return Sizes(mean, float(np.sqrt(spread)), known)


def forecast(
    leads: Leads,
    now: float,
    ends: Floats,
    pace: Pace | None,
    sizes: Sizes,
    conv_rate: float,
    cycle_days: float,
) -> ToCome:
    """What comes until each of the month ends, from now on.

    now: a day. ends: the end of this month first (days from 1970), then of those after it. pace: of
    the months' leads (None: nobody knows, then no leads are expected). conv_rate, cycle_days: the
    goals'.
    """
    expected = expected_curve(conv_rate, cycle_days)
    curves, pooled = _curves(leads, now, expected)
    chances = _chances(leads, now, ends, curves, _accepted_curve(leads, now, conv_rate, cycle_days))
    year = chances[:, -1] if len(ends) else np.zeros(len(chances))
    from_open = np.diff(chances.sum(axis=0), prepend=0.0)
    from_new, new_variance = _arrivals(now, ends, pace, pooled)
    by_month = from_open + from_new
    customers = float(by_month.sum())
    if customers <= 0:
        return ToCome(by_month, year, 0.0, 0.0, 0.0, sizes.mean, sizes.spread)
    amounts = leads.amount[leads.open]
    stated = np.isfinite(amounts)
    worth = np.where(stated, amounts, sizes.mean)
    spread = np.where(stated, 0.0, sizes.spread)
    new = float(from_new.sum())
    money = float(year @ worth) + new * sizes.mean
    unstated = money - float(year[stated] @ worth[stated])
    rate_doubt = (1 - conv_rate) / (leads.won.sum() + EXPECTED_LEADS * conv_rate + 1e-9)
    doubt = rate_doubt * money**2 + (sizes.spread * unstated) ** 2 / sizes.known
    variance = (
        float((year * worth**2 * (1 + spread**2) - (year * worth) ** 2).sum())
        + new * (sizes.mean * sizes.spread) ** 2
        + new_variance * sizes.mean**2
        + doubt
    )
    deal = money / customers
    number = float((year * (1 - year)).sum()) + new_variance + doubt / deal**2
    number = max(number, customers * (1 + 1e-3))
    own = max(variance / deal**2 - number, 0.0) / customers
    return ToCome(by_month, year, new, customers, number**0.5, deal, max(own, 1e-4) ** 0.5)


def _curves(leads: Leads, now: float, expected: Curve) -> tuple[dict[object, Curve], Curve]:
    """How each group matures, and all of them."""
    until = np.where(np.isnan(leads.ended), now, leads.ended)
    days = np.maximum(until - leads.created, 0.0)
    pooled = observed_curve(days, leads.won, leads.lost, expected, EXPECTED_LEADS)
    curves: dict[object, Curve] = {}
    for group in pd.unique(leads.group):
        here = leads.group == group if group is not None else pd.isna(leads.group)
        curves[group] = observed_curve(
            days[here], leads.won[here], leads.lost[here], pooled, GROUP_LEADS
        )
    return curves, pooled


def _accepted_curve(leads: Leads, now: float, conv_rate: float, cycle_days: float) -> Curve:
    """How leads mature that sales accepted, from that day on."""
    taken = np.isfinite(leads.taken)
    until = np.where(np.isnan(leads.ended), now, leads.ended)[taken]
    days = np.maximum(until - leads.taken[taken], 0.0)
    expected = expected_curve(min(2 * conv_rate, (1 + conv_rate) / 2), cycle_days)
    return observed_curve(days, leads.won[taken], leads.lost[taken], expected, ACCEPTED_LEADS)


def _chances(
    leads: Leads, now: float, ends: Floats, curves: dict[object, Curve], accepted: Curve
) -> Floats:
    """The chance of each open lead to be won by each of the ends."""
    here = leads.open
    taken = leads.taken[here]
    age = now - np.where(np.isnan(taken), leads.created[here], taken)
    groups = leads.group[here]
    out = np.zeros((here.sum(), len(ends)))
    early = np.isnan(taken)
    parts = [(~early, accepted)]
    for group, curve in curves.items():
        same = groups == group if group is not None else pd.isna(groups)
        parts.append((early & same, curve))
    for rows, curve in parts:
        for column, end in enumerate(ends):
            out[rows, column] = curve.of_open(age[rows], np.full(rows.sum(), end - now))
    return out


def _arrivals(now: float, ends: Floats, pace: Pace | None, curve: Curve) -> tuple[Floats, float]:
    """Customers a month from leads still to come, and the variance of their sum."""
    if pace is None or not len(ends):
        return np.zeros(len(ends)), 0.0
    starts = np.concatenate([[now], ends[:-1]])
    month_days = np.maximum(ends[0] - now, 0.0)
    rest = min(month_days / 30.4375, 1.0)
    won_by = np.array(
        [
            [curve.of_arrivals(start, end, until) if until >= end else 0.0 for until in ends]
            for start, end in zip(starts, ends, strict=True)
        ],
        dtype=np.float64,
    )
    shares = won_by[:, -1]
    mean, variance = pace.to_come(rest, shares)
    ratio = np.divide(won_by, shares[:, None], out=np.zeros_like(won_by), where=shares[:, None] > 0)
    cumulative = (mean[:, None] * ratio).sum(axis=0)
    return np.diff(cumulative, prepend=0.0), variance
