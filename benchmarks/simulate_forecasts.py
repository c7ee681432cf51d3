"""How often the forecasts are right, in simulated firms whose truth is known, beside the promise.

python benchmarks/simulate_forecasts.py [--repeats N] [--seed N]

A month's end is promised within its interval in nine of ten months, the year's revenue in four of
five years. Firms differ: rates of months that spread, growth, leads in batches, one month of
history, goals typed that are a fifth off. The Brier score of the chance to meet a quota stands
beside that of the method it replaced: every open lead matures after one average sales cycle.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from smarketing_xl.funnel.forecast import Leads, ToCome, deal_sizes, forecast
from smarketing_xl.funnel.outlook import USUAL_SPREAD
from smarketing_xl.sla.forecast import lead_batch, month_end
from smarketing_xl.stats.pace import pace

WORKDAYS = 21
MONTH = 30.4375
GRADES = np.array(["A", "B", "C"], dtype=object)

MONTHS: dict[str, dict[str, float]] = {
    "as usual": {},
    "months that spread": {"spread": 0.3},
    "growth of 6 % a month": {"growth": 0.06},
    "in batches of 10": {"batch": 10},
    "in batches, spread": {"batch": 10, "spread": 0.3},
    "few leads": {"level": 20},
}
YEARS: dict[str, dict[str, float]] = {
    "as usual": {},
    "growth of 3 % a month": {"growth": 0.03},
    "in batches of 20": {"batch": 20},
    "months that spread": {"spread": 0.25},
    "one month of history": {"past": 0, "at": 1, "spread": 0.15},
    "one month, growing": {"past": 0, "at": 1, "growth": 0.02},
    "begun a month ago": {"at": 1},
    "two months left": {"at": 10},
    "few leads": {"level": 20},
    "deals spread twice": {"size_spread": 1.2},
}


def month_end_coverage(
    past: int,
    level: float = 160,
    spread: float = 0.0,
    growth: float = 0.0,
    batch: float = 1,
    repeats: int = 400,
    seed: int = 1,
) -> float:
    """The share of months that ended within their 90 % interval, looked at somewhere inside."""
    draw = np.random.default_rng(seed)
    inside = 0
    for _repeat in range(repeats):
        rates = level * np.exp(growth * np.arange(-past, 1))
        if spread:
            rates *= draw.gamma(1 / spread**2, spread**2, past + 1)
        days = batch * draw.poisson(rates[:, None] / WORKDAYS / batch, (past + 1, WORKDAYS))
        passed = int(draw.integers(2, WORKDAYS - 3))
        seen = np.append(days[:-1].ravel(), days[-1, :passed]).astype(np.float64)
        months = np.arange(len(seen)) // WORKDAYS
        _mean, low, high = month_end(
            float(days[-1, :passed].sum()),
            passed / WORKDAYS,
            days[:-1].sum(axis=1).tolist(),
            batch=lead_batch(seen, months.astype(np.float64)),
        )
        inside += bool(low <= days[-1].sum() <= high)
    return inside / repeats


def firm(
    draw: np.random.Generator,
    past: float = 12,
    level: float = 100,
    spread: float = 0.0,
    growth: float = 0.0,
    batch: float = 1,
    size_spread: float = 0.6,
    conv_rate: float = 0.15,
    cycle_days: float = 45,
    avg_revenue: float = 6_000,
) -> tuple[Leads, Any]:
    """All leads of the months past and of a year, as they will end, and what each would bring.

    Days are counted from the first month. Better grades convert more often; one lost lead in seven
    is never closed.
    """
    months = int(past) + 12
    rates = level * np.exp(growth * (np.arange(months) - past))
    if spread:
        rates *= draw.gamma(1 / spread**2, spread**2, months)
    arrivals = draw.poisson(rates / batch)
    times = [(month + draw.random(count)) * MONTH for month, count in enumerate(arrivals)]
    created = np.sort(np.repeat(np.concatenate(times), int(batch)))
    count = len(created)
    grade = draw.choice(3, count, p=[0.2, 0.3, 0.5])
    won = draw.random(count) < conv_rate * np.array([2.0, 1.2, 0.48])[grade]
    closed = ~won & (draw.random(count) > 1 / 7)
    days = np.where(won, draw.gamma(2, cycle_days / 2, count), draw.gamma(1.5, 40, count))
    ended = np.where(won | closed, created + days, np.nan)
    sizes = avg_revenue * draw.gamma(1 / size_spread**2, size_spread**2, count)
    unknown = np.full(count, np.nan)
    return Leads(created, ended, won, closed, GRADES[grade], unknown, unknown), sizes


def year(
    draw: np.random.Generator, at: float = 6, past: float = 12, **world: float
) -> tuple[ToCome, float, float]:
    """A year looked at after so many months: the forecast, what came, and the older method's word.

    The goals typed are a fifth off, either way.
    """
    rate, cycle, deal = np.array([0.15, 45, 6_000]) * np.exp(draw.normal(0, 0.2, 3))
    leads, sizes = firm(draw, past, conv_rate=rate, cycle_days=cycle, avg_revenue=deal, **world)
    now, end = (past + at) * MONTH, (past + 12) * MONTH
    known = leads.seen_until(now)
    day = np.histogram(known.created, np.arange(int(now) + 1))[0].astype(np.float64)
    months = np.histogram(known.created, np.arange(past + at + 1) * MONTH)[0]
    batch = lead_batch(day[-180:], np.floor(np.arange(len(day), dtype=np.float64) / MONTH)[-180:])
    ends = np.arange(past + at + 1, past + 13) * MONTH
    customers = sizes[leads.created <= now][known.won]
    coming = pace(months.tolist(), batch=batch, usual_spread=USUAL_SPREAD)
    found = forecast(known, now, ends, coming, deal_sizes(customers, 6_000), 0.15, 45)
    truth = sizes[leads.won & (leads.ended > now) & (leads.ended <= end)].sum()
    old_enough = (known.created < now - 45).sum()
    measured = known.won.sum() / old_enough if old_enough else 0.15
    maturing = (known.open & (known.created + 45 > now)).sum()
    new = max(0.0, 12 - at - 45 / MONTH) * months[-12:].mean()
    return found, float(truth), float((maturing + new) * measured * 6_000)


def year_figures(repeats: int = 200, seed: int = 1, **world: float) -> dict[str, float]:
    """Share of years within the 80 % interval; Brier score of the chance and of the older method.

    The quota missing is drawn around what is expected, so that chances of every size are judged.
    """
    draw = np.random.default_rng(seed)
    inside, ours, older = [], [], []
    for _repeat in range(repeats):
        found, truth, old = year(draw, **world)
        low, high = found.interval(0.8)
        missing = found.customers * found.deal * float(draw.uniform(0.7, 1.3))
        met = float(truth >= missing)
        inside.append(low <= truth <= high)
        ours.append((found.chance(missing) - met) ** 2)
        older.append((float(old >= missing) - met) ** 2)
    return {
        name: float(np.mean(each))
        for name, each in (("inside", inside), ("brier", ours), ("older", older))
    }


def main(repeats: int = 400, seed: int = 1) -> list[str]:
    """Every world, printed beside its promise."""
    lines = ["month's end: promised 0.90"]
    for past in (1, 3, 12):
        for name, world in MONTHS.items():
            found = month_end_coverage(past, **world, repeats=repeats, seed=seed)
            lines.append(f"  {past:2} months of history, {name:24} {found:.2f}")
    lines.append("year: promised 0.80                    within  Brier   by average cycle")
    for name, world in YEARS.items():
        figures = year_figures(repeats, seed, **world)
        lines.append(
            f"  {name:36} {figures['inside']:.2f}    {figures['brier']:.3f}"
            f"   {figures['older']:.3f}"
        )
    return lines


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=400)
    arguments.add_argument("--seed", type=int, default=1)
    print("\n".join(main(**vars(arguments.parse_args()))))
