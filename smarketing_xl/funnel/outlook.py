"""Are we on quota: the account of outcomes and the forecast, by year, quarter, month, owner, line.

Also the record of the forecast: what it would have said at the end of past months, with what was
known then, against what came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags, Floats, Texts
from smarketing_xl.funnel import revenue
from smarketing_xl.funnel.forecast import Leads, ToCome, deal_sizes, forecast
from smarketing_xl.i18n import _
from smarketing_xl.outcomes.account import Account
from smarketing_xl.schema.tables import FORECAST_RECORD, OUTLOOK
from smarketing_xl.stats.pace import MONTHS, Pace, batch_size, pace

CONFIDENCE = 0.8
"""Of the intervals of revenue: eight of ten years end within them."""
RECORD_MONTHS = 18
RECORD_AHEAD = 3
"""The record goes back so many months, each asked about so many months ahead."""
USUAL_SPREAD = (0.12, 0.3)
"""Of months, before any is seen. Surer than for a month's end: an interval made of mean and
deviation is blown up by the few firms whose months lie far apart."""
RECENT_DAYS = 730.0
"""Deal sizes are those of the last two years."""

Months = np.ndarray[Any, np.dtype[np.datetime64]]


@dataclass(frozen=True)
class Plan:
    """The plan of a year: its months in order, the quota of each, and what the goals expect.

    parts: the quotas of the year that owners and lines have: `owner`, `line` → name → money.
    """

    months: Months
    quotas: Floats
    avg_revenue: float
    conv_rate: float
    cycle_days: float
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """What the account says of leads and customers, as forecasts read it.

    since, revenue: of customers, days from 1970 (NaN: unknown) and money. The owner and line of
    leads and customers.
    """

    leads: Leads
    lead_parts: dict[str, Texts]
    since: Floats
    revenue: Floats
    customer_parts: dict[str, Texts]


def history(account: Account) -> History:
    """The history in an account. Customers without a lead are leads won on the day they came."""
    leads, customers = account.leads, account.customers
    dated = leads["created"].notna().to_numpy()
    leads = leads[dated]
    state = leads["state"].to_numpy(dtype=object)
    ended_on = _days(leads["since"])
    won, lost = state == "won", np.isin(state, ("lost", "rejected"))
    created = _days(leads["created"])
    ended = np.where(
        won | lost, np.maximum(np.where(np.isnan(ended_on), created, ended_on), created), np.nan
    )
    alone = customers[customers["lead_id"].isna() & customers["since"].notna()]
    since = _days(alone["since"])
    none = np.full(len(alone), np.nan)
    true = np.ones(len(alone), dtype=np.bool_)
    return History(
        Leads(
            np.concatenate([created, since]),
            np.concatenate([ended, since]),
            np.concatenate([won, true]),
            np.concatenate([lost, ~true]),
            np.concatenate([_texts(leads["grade"]), np.full(len(alone), None, dtype=object)]),
            np.concatenate([_amounts(leads, account.deals), none]),
            np.concatenate([_days(leads["accepted_on"]), none]),
        ),
        {
            part: np.concatenate([_texts(leads[part]), _texts(alone[part])])
            for part in ("owner", "line")
        },
        _days(customers["since"]),
        customers["revenue"].to_numpy(dtype=np.float64),
        {part: _texts(customers[part]) for part in ("owner", "line")},
    )


def outlook(past: History, plan: Plan, now: dt.datetime) -> pd.DataFrame:
    """The Outlook table, without the columns that the sheet computes: year, quarters, months,
    owners and lines."""
    today = _day(now)
    ends = month_days(plan.months + np.timedelta64(1, "M"))
    begin = float(month_days(plan.months)[0])
    left = ends[ends > today]
    coming = _to_come(past, plan, today, left)
    came = _came(past, begin, min(today, float(ends[-1])))
    by_month = np.zeros(len(ends))
    by_month[len(ends) - len(left) :] = coming.by_month
    starts = month_days(plan.months)
    money = np.array(
        [
            past.revenue[came & (past.since >= first) & (past.since < end)].sum()
            for first, end in zip(starts, ends, strict=True)
        ]
    )
    rows = [
        _row("year", _year(plan.months), plan.quotas.sum(), money.sum(), coming.customers, coming)
    ]
    for first in range(0, len(ends), 3):
        part = slice(first, first + 3)
        name = _("Q{number}").format(number=first // 3 + 1)
        rows.append(
            _row(
                "quarter",
                name,
                plan.quotas[part].sum(),
                money[part].sum(),
                by_month[part].sum(),
                coming,
            )
        )
    for at, month in enumerate(plan.months):
        rows.append(_row("month", str(month), plan.quotas[at], money[at], by_month[at], coming))
    for key in ("owner", "line"):
        rows += _parts(past, key, came, coming, today, plan.parts.get(key, {}))
    table = pd.DataFrame(rows).assign(as_of=pd.Timestamp(now).normalize())
    return table[[key for key in OUTLOOK.keys if key in table]]


def record(past: History, plan: Plan, now: dt.datetime) -> pd.DataFrame:
    """The ForecastRecord table: month by month, what would have been said of the next three."""
    this = np.datetime64(now, "M")
    known = past.leads.created
    if not len(known):
        return pd.DataFrame(columns=FORECAST_RECORD.keys)
    first = np.datetime64(int(np.floor(known.min())), "D").astype("datetime64[M]") + 1
    asked = np.arange(max(first, this - RECORD_MONTHS - RECORD_AHEAD), this - RECORD_AHEAD)
    rows = []
    for month in asked:
        months = month + 1 + np.arange(RECORD_AHEAD)
        ends = month_days(months + 1)
        today = float(month_days(np.array([month + 1]))[0])
        coming = _to_come(past, plan, today, ends)
        low, high = coming.interval(CONFIDENCE)
        came = past.revenue[(past.since >= today) & (past.since < ends[-1])]
        money = float(np.nansum(came))
        rows.append(
            {
                "month": month.astype("datetime64[us]"),
                "until": months[-1].astype("datetime64[us]"),
                "low": round(low),
                "expected": round(coming.customers * coming.deal),
                "high": round(high),
                "came": money,
                "inside": bool(low <= money <= high),
            }
        )
    return pd.DataFrame(rows, columns=FORECAST_RECORD.keys)


def month_days(months: Months) -> Floats:
    """The first day of each month, counted from 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)


def _to_come(past: History, plan: Plan, today: float, ends: Floats) -> ToCome:
    """What comes until each of the month ends, as known on a day."""
    leads = past.leads.seen_until(today)
    recent = (past.since < today) & (past.since >= today - RECENT_DAYS)
    sizes = deal_sizes(past.revenue[recent], plan.avg_revenue)
    return forecast(
        leads, today, ends, _pace(leads.created, today), sizes, plan.conv_rate, plan.cycle_days
    )


def _pace(created: Floats, today: float) -> Pace | None:
    """Leads a month up to a day: whole calendar months, and this one so far."""
    this = np.datetime64(int(np.floor(today)), "D").astype("datetime64[M]")
    months = np.floor(created).astype(np.int64).astype("datetime64[D]").astype("datetime64[M]")
    if not len(created):
        return None
    first = max(months.min(), this - MONTHS)
    if months.min() == first and created.min() > month_days(np.array([first]))[0] + 3:
        first = first + 1  # its first month is not whole
    edges = np.arange(first, this + 1) if first <= this else np.array([this])
    counts = np.array([(months == month).sum() for month in edges], dtype=np.float64)
    start, end = month_days(np.array([this, this + 1]))
    elapsed = (today - start) / (end - start)
    days = np.arange(max(np.floor(created.min()), np.floor(today) - 180), np.floor(today))
    by_day = np.histogram(created, np.append(days, np.floor(today)))[0].astype(np.float64)
    batch = _batch(by_day, days)
    return pace(counts[:-1].tolist(), float(counts[-1]), float(elapsed), batch, USUAL_SPREAD)


def _batch(counts: Floats, days: Floats) -> float:
    """How many leads come at once; a day is compared with the days of its kind (of the week)."""
    if not counts.any():
        return 1.0
    weekday = days.astype(np.int64) % 7
    usual = np.bincount(weekday, counts, 7) / np.maximum(np.bincount(weekday, minlength=7), 1)
    return batch_size(counts, usual[weekday])


def _came(past: History, begin: float, until: float) -> Flags:
    """Customers of the plan's year, so far, whose revenue is known."""
    there: Flags = (past.since >= begin) & (past.since <= until) & np.isfinite(past.revenue)
    return there


def _parts(
    past: History,
    key: str,
    came: Flags,
    coming: ToCome,
    today: float,
    quotas: Mapping[str, float],
) -> list[dict[str, Any]]:
    """Rows of owners or lines: what came, what their open leads bring, their part of new ones.

    quotas: of those who have one; they have a row whatever came.
    """
    leads = past.leads.seen_until(today)
    there = past.leads.created <= today
    names = past.lead_parts[key][there]
    recent = leads.created >= today - 365
    open_names = names[leads.open]
    every = {*names, *past.customer_parts[key][came], *quotas} - {None}
    rows = []
    for name in sorted(every, key=str.casefold):
        money = float(past.revenue[came & (past.customer_parts[key] == name)].sum())
        share = float((names[recent] == name).mean()) if recent.any() else 0.0
        customers = float(coming.of_open[open_names == name].sum()) + share * coming.from_new
        quota = quotas.get(name, np.nan)
        if money or customers >= 0.05 or name in quotas:
            rows.append(_row(key, str(name), quota, money, customers, coming))
    return rows


def _row(
    part: str, name: str, quota: float, came: float, customers: float, year: ToCome
) -> dict[str, Any]:
    """A row: the doubt of the whole, in proportion, and the chance of the part's own number."""
    extra = max(year.deviation**2 - year.customers, 0.0) / max(year.customers, 1e-9) ** 2
    deviation = float(np.sqrt(customers * (1 + 1e-3) + extra * customers**2))
    low, high = (
        revenue.quantile(share, customers, deviation, year.deal, year.spread)
        for share in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
    )
    return {
        "part": part,
        "name": name,
        "quota": round(quota, 2),
        "came": float(came),
        "customers": round(customers, 3),
        "deviation": round(deviation, 3),
        "deal": round(year.deal, 2),
        "spread": round(year.spread, 4),
        "low": round(float(came) + low),
        "high": round(float(came) + high),
    }


def _year(months: Months) -> str:
    first, last = (str(month)[:4] for month in (months[0], months[-1]))
    return first if first == last else f"{first}–{last}"


def _amounts(leads: pd.DataFrame, deals: pd.DataFrame) -> Floats:
    """What the open deals of each lead bring if they are won; NaN where none says."""
    if not len(deals):
        return np.full(len(leads), np.nan)
    offered = deals[deals["status"] == "open"]
    amount = pd.to_numeric(offered["amount"]).groupby(offered["lead_id"]).sum(min_count=1)
    return leads["lead_id"].map(amount).to_numpy(dtype=np.float64)


def _texts(column: pd.Series[Any]) -> Texts:
    cells: Texts = column.to_numpy(dtype=object, copy=True)
    cells[pd.isna(column).to_numpy()] = None
    return cells


def _days(times: pd.Series[Any]) -> Floats:
    """Days from 1970, in parts too; NaN for none."""
    moments = pd.to_datetime(times).to_numpy().astype("datetime64[us]")
    days = moments.astype(np.int64) / 86_400e6
    return np.where(np.isnat(moments), np.nan, days)


def _day(now: dt.datetime) -> float:
    return float(np.datetime64(now, "us").astype(np.int64) / 86_400e6)
