"""The measured funnel: lead → qualified (MQL) → accepted (SAL) → opportunity (SQL) → customer.

A lead that reached a stage reached those before it: the second holds qualified leads, and those
that sales took though they are not; elsewhere Qualified (MQL) counts the former alone. Leads still
on their way are neither gained nor lost (`stats.competing_risks`); a step that nothing dates counts
as made at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.i18n import N_, _
from smarketing_xl.outcomes.account import Account
from smarketing_xl.schema.tables.goals import MEASURED_RATES
from smarketing_xl.schema.tables.outcomes import MEASURED_FUNNEL
from smarketing_xl.stats.competing_risks import Share, cumulative_incidence

STAGES = {
    "lead": N_("Lead"),
    "qualified": N_("Qualified (MQL) or accepted"),
    "accepted": N_("Accepted (SAL)"),
    "opportunity": N_("Opportunity (SQL)"),
    "customer": N_("Customer"),
}
HORIZON = 365.0
"""Days within which a step must be made to count."""

GROUPS_SHOWN = 12
"""Months, sources, owners, personas and lines shown; the latest months, the others by leads."""

_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class _Way:
    """How far each lead came and after how many days.

    reached: by stage, whether it came so far. days: by stage, days from creation until it did (NaN
    where unknown). over: lost or rejected. watched: days from creation until it was over, else now.
    """

    reached: dict[str, Flags]
    days: dict[str, Floats]
    over: Flags
    watched: Floats


def measured(account: Account, now: dt.datetime) -> pd.DataFrame:
    """The MeasuredFunnel table: of all leads, and by month, source, owner, persona and line."""
    leads = account.leads
    if leads.empty:
        return pd.DataFrame(columns=MEASURED_FUNNEL.keys)
    way = _ways(account, now)
    months = pd.to_datetime(leads["created"]).dt.strftime("%Y-%m")
    parts: list[tuple[str, str, Flags]] = [("all", "", np.ones(len(leads), dtype=np.bool_))]
    columns: dict[str, Any] = {
        "month": months,
        **{key: leads[key] for key in ("source", "owner", "persona", "line")},
    }
    for group, column in columns.items():
        counted = column.value_counts()
        if group == "month":
            counted = counted.sort_index(ascending=False)
        if len(counted) < 2 and group == "line":
            continue
        cells = column.to_numpy(dtype=object)
        names = [str(name) for name in counted.index[:GROUPS_SHOWN]]
        parts += [(group, name, cells == name) for name in names]
    rows = [row for group, name, where in parts for row in _stages(way, where, group, name)]
    return pd.DataFrame(rows, columns=MEASURED_FUNNEL.keys)


def measured_rates(account: Account, now: dt.datetime) -> pd.DataFrame:
    """Conversion, revenue and cycle as they were, of all and of each line: table MeasuredRates.

    Conversion within a year, leads still on their way allowed for; the revenue of new customers,
    its spread as deviation over mean; the median days from lead to sale. Beside each of how many it
    was told.
    """
    leads, customers = account.leads, account.customers
    if leads.empty:
        return pd.DataFrame(columns=MEASURED_RATES.keys)
    way = _ways(account, now)
    lines = sorted(leads["line"].dropna().unique(), key=str.casefold)
    rows = [_rates(way, leads["created"], np.ones(len(leads), dtype=np.bool_), customers)]
    if len(lines) > 1:
        for line in lines:
            here = (leads["line"] == line).to_numpy(dtype=np.bool_)
            of_line = customers[customers["line"] == line]
            rows.append({"line": line, **_rates(way, leads["created"], here, of_line)})
    return pd.DataFrame(rows, columns=MEASURED_RATES.keys)


def _rates(
    way: _Way, created: pd.Series[Any], where: Flags, customers: pd.DataFrame
) -> dict[str, object]:
    """A row of the table MeasuredRates, without its line."""
    won = way.reached["customer"] & where
    cycle = way.days["customer"][won]
    cycle = cycle[~np.isnan(cycle)]
    revenue = customers["revenue"].dropna().to_numpy(dtype=np.float64)
    mean = float(revenue.mean()) if len(revenue) else np.nan
    spread = float(revenue.std(ddof=1)) / mean if len(revenue) > 1 and mean > 0 else np.nan
    days = pd.to_datetime(created[where]).dropna().dt.normalize()
    share = _share(way, where, None, "customer")
    return {
        "first": days.min() if len(days) else pd.NaT,
        "last": days.max() if len(days) else pd.NaT,
        "leads": float(where.sum()),
        "won": float(won.sum()),
        "conversion": share.estimate,
        "low": share.low,
        "high": share.high,
        "priced": float(len(revenue)),
        "avg_revenue": mean,
        "spread": spread,
        "dated": float(len(cycle)),
        "cycle_days": float(np.median(cycle)) if len(cycle) else np.nan,
    }


def _ways(account: Account, now: dt.datetime) -> _Way:
    leads = account.leads
    state = leads["state"].to_numpy(dtype=object)
    created = leads["created"].to_numpy().astype("datetime64[us]")
    customer = state == "won"
    taken = customer | np.isin(state, ("accepted", "lost"))
    opportunity = taken & leads["opportunity"].to_numpy(dtype=np.bool_)
    qualified = taken | leads["qualified"].to_numpy(dtype=np.bool_)

    def since(key: str) -> Floats:
        then = leads[key].to_numpy().astype("datetime64[us]")
        return _days(then - created)

    over = np.isin(state, ("lost", "rejected"))
    ended = since("since")
    so_far = _days(np.datetime64(now, "us") - created)
    return _Way(
        {
            "lead": np.ones(len(leads), dtype=np.bool_),
            "qualified": qualified,
            "accepted": taken,
            "opportunity": opportunity,
            "customer": customer,
        },
        {
            "lead": np.zeros(len(leads)),
            "qualified": np.zeros(len(leads)),
            "accepted": since("accepted_on"),
            "opportunity": since("opportunity_on"),
            "customer": since("won_on"),
        },
        over,
        np.where(over, np.nan_to_num(ended), np.nan_to_num(so_far)),
    )


def _days(spans: Any) -> Floats:
    days: Floats = np.maximum(spans / _DAY, 0.0)
    return days


def _stages(way: _Way, where: Flags, group: str, name: str) -> list[dict[str, object]]:
    rows = []
    before: str | None = None
    for stage, label in STAGES.items():
        reached = way.reached[stage] & where
        row: dict[str, object] = {
            "group": group, "name": name, "stage": _(label), "leads": float(reached.sum()),
        }  # fmt: skip
        if before is not None:
            share = _share(way, where, before, stage)
            took = (way.days[stage] - np.nan_to_num(way.days[before]))[reached]
            took = took[~np.isnan(took) & (took >= 0)]
            row |= {
                "conversion": share.estimate,
                "low": share.low,
                "high": share.high,
                "of_all": _share(way, where, None, stage).estimate,
                "median": float(np.median(took)) if len(took) and stage != "qualified" else np.nan,
                "most": float(np.quantile(took, 0.9))
                if len(took) and stage != "qualified"
                else np.nan,
            }
        rows.append(row)
        before = stage
    return rows


def _share(way: _Way, where: Flags, before: str | None, stage: str) -> Share:
    """The share of those who came to one stage that come to another."""
    came = where if before is None else where & way.reached[before]
    start = np.zeros(int(came.sum())) if before is None else np.nan_to_num(way.days[before][came])
    made = way.reached[stage][came]
    end = np.where(made, np.nan_to_num(way.days[stage][came]), way.watched[came])
    over = way.over[came] & ~made
    if stage == "qualified":  # known at once
        return cumulative_incidence(np.zeros(len(made)), made, ~made, HORIZON)
    return cumulative_incidence(np.maximum(end - start, 0.0), made, over, HORIZON)
