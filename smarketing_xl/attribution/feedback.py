"""Step five: which channels and campaigns bring customers, and what to spend next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.attribution.budget import Response, propose
from smarketing_xl.attribution.certainty import Spread, bootstrap
from smarketing_xl.attribution.core import Floats, Journeys
from smarketing_xl.attribution.economics import (
    cost_per,
    costs,
    new_customers,
    payback_months,
    quality,
    return_on,
)
from smarketing_xl.attribution.journeys import By, journeys
from smarketing_xl.attribution.models import attribute
from smarketing_xl.attribution.outcomes import history
from smarketing_xl.attribution.paths import top_paths
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.texts import N_, _

NO_TOUCH = N_("(no touch known)")
CREDITS = ("first", "last", "linear", "time_decay", "position", "markov", "shapley")


@dataclass(frozen=True)
class Settings:
    """The inputs of the Attribution sheet; half-life and look-back in days, weights as shares.

    limits: channel (or campaign), lowest, highest: spend in money that a proposal must keep to, NaN
    for none. Where there are none, the response's largest change holds.
    """

    lookback_days: float = 180
    half_life_days: float = 7
    first_weight: float = 0.4
    last_weight: float = 0.4
    response: Response = field(default_factory=Response)
    limits: pd.DataFrame | None = None

    def of(self, name: str) -> dict[str, Any]:
        """The settings that a model takes."""
        if name == "time_decay":
            return {"half_life_days": self.half_life_days}
        if name == "position":
            return {"first_weight": self.first_weight, "last_weight": self.last_weight}
        return {}


@dataclass(frozen=True)
class Feedback:
    """The tables of the Attribution sheet and what has to be said beside them.

    channels, campaigns, new_customers: rows of the tables of these names. payback: channel and
    months. quality, paths: see economics.quality and paths.top_paths. notes: sentences.
    """

    channels: pd.DataFrame
    campaigns: pd.DataFrame
    new_customers: pd.DataFrame
    quality: pd.DataFrame
    paths: pd.DataFrame
    payback: pd.DataFrame
    notes: tuple[str, ...]


def fill(
    interactions: Any,
    leads: Any,
    customers: Any,
    spend: Any,
    *,
    as_of: dt.datetime,
    lookback_days: float = 180,
    half_life_days: float = 7,
    first_weight: float = 0.4,
    last_weight: float = 0.4,
    timezone: str | None = None,
    response: Response | None = None,
    limits: pd.DataFrame | None = None,
) -> Feedback:
    """Everything on the Attribution sheet from the four tables (keys of workbook.tables).

    as_of: the moment of the report. response, limits: what the proposed budget of the channels
    assumes and keeps to, see Settings. Raises NotEnoughData where no customer has a touch.
    """
    settings = Settings(
        lookback_days, half_life_days, first_weight, last_weight, response or Response(), limits
    )
    found = history(interactions, leads, customers, as_of=as_of)

    def walked(by: By) -> Journeys:
        made = journeys(
            found.interactions,
            found.conversions,
            as_of=as_of,
            by=by,
            lookback_days=lookback_days,
            half_life_days=half_life_days,
            timezone=timezone,
        )
        return replace(made, dropped={**found.filled, **made.dropped})

    by_channel, by_campaign = walked("channel"), walked("campaign")
    if not by_channel.customers.sum():
        raise NotEnoughData(
            _("No customer has a touch inside the look-back window"),
            _("Import interactions and won leads, or lengthen the look-back"),
        )
    spread = bootstrap(by_channel)
    channels = channels_table(by_channel, spend, settings, spread)
    cost, yearly = channels["cost"].to_numpy(), channels["revenue"].to_numpy()
    payback = pd.DataFrame({"channel": channels["channel"], "months": payback_months(cost, yearly)})
    return Feedback(
        channels,
        campaigns_table(by_campaign, spend, replace(settings, limits=None)),
        new_customers(leads, customers),
        quality(leads, customers, spend),
        top_paths(by_channel),
        payback,
        (*by_channel.notes, *spread.ties(), settings.response.assumption),
    )


def channels_table(
    journeys: Journeys, spend: Any, settings: Settings | None = None, spread: Spread | None = None
) -> pd.DataFrame:
    """The Attribution table: credits by model, Markov's interval, revenue, cost, CAC, budget.

    Channels that only the spend knows are there too, and customers without any touch have a row of
    their own, so that every column of credits adds up to all customers, and revenue to all revenue.
    """
    settings = settings or Settings()
    return _table(journeys, spend, settings, "channel", spread or bootstrap(journeys))


def campaigns_table(
    journeys: Journeys, spend: Any, settings: Settings | None = None, spread: Spread | None = None
) -> pd.DataFrame:
    """The Campaigns table: the same by campaign, from journeys by campaign."""
    settings = settings or Settings()
    return _table(journeys, spend, settings, "campaign", spread or bootstrap(journeys))


def to_the_cent(amounts: Floats, total: float) -> Floats:
    """Amounts rounded to cents that still add up: the largest remainders are rounded up.

    >>> to_the_cent(np.array([1 / 3, 1 / 3, 1 / 3]) * 10, 10.0).tolist()
    [3.34, 3.33, 3.33]
    """
    cents = np.floor(np.round(amounts * 100, 6))
    short = round(total * 100 - cents.sum())
    up = np.argsort(cents - amounts * 100, kind="stable")[:short]
    cents[up] += 1
    rounded: Floats = cents / 100
    return rounded


def _table(
    journeys: Journeys, spend: Any, settings: Settings, by: By, spread: Spread
) -> pd.DataFrame:
    paid = costs(spend, by)
    keys = [name.lower() for name in journeys.channels]
    only_paid = paid[~paid["key"].isin(keys)]
    names = [*journeys.channels, *only_paid["name"]]
    everywhere = pd.Index([*keys, *only_paid["key"]])
    cost = paid.set_index("key")["cost"].reindex(everywhere).fillna(0.0).to_numpy()

    def padded(values: Floats) -> Floats:
        return np.append(values, np.zeros(len(only_paid)))

    table = pd.DataFrame({by: pd.Series(names, dtype="str")})
    for name in CREDITS:
        credits = attribute(journeys, name, **settings.of(name))["credit"].to_numpy()
        table[name] = padded(credits)
        if name == "markov":
            interval = spread.table()
            table["low"] = padded(interval["low"].to_numpy())
            table["high"] = padded(interval["high"].to_numpy())
    revenue = padded(_revenue(journeys))
    table["revenue"], table["cost"] = revenue, cost
    table["cac"] = cost_per(cost, table["markov"].to_numpy())
    table["roi"] = return_on(cost, revenue)
    total = cost.sum()
    table["share"] = cost / total if total else np.nan
    lowest, highest = _limits(settings.limits, everywhere, by)
    proposed = propose(cost, revenue, settings.response, lowest, highest)
    table["proposed"] = proposed / total if total else np.nan
    table = table.sort_values(["markov", "cost"], ascending=False, kind="stable")
    return _with_untouched(table, journeys, by).reset_index(drop=True)


def _limits(
    limits: pd.DataFrame | None, keys: pd.Index, by: By
) -> tuple[Floats | None, Floats | None]:
    if limits is None:
        return None, None
    known = limits.set_index(limits[by].str.strip().str.lower()).reindex(keys)
    lowest, highest = (known[side].to_numpy(np.float64) for side in ("lowest", "highest"))
    return lowest, highest


def _revenue(journeys: Journeys) -> Floats:
    if journeys.revenue is None:
        return np.zeros(len(journeys.channels))
    credits = attribute(journeys, "markov", value="revenue")["credit"].to_numpy()
    return to_the_cent(credits, float(journeys.revenue.sum()))


def _with_untouched(table: pd.DataFrame, journeys: Journeys, by: By) -> pd.DataFrame:
    alone = journeys.untouched.get("customers", 0.0)
    if not alone:
        return table
    credits = dict.fromkeys((*CREDITS, "low", "high"), alone)
    row = {by: _(NO_TOUCH), **credits, "revenue": journeys.untouched.get("revenue", 0.0)}
    rest = dict.fromkeys(("cost", "share", "proposed"), 0.0)
    return pd.concat([table, pd.DataFrame([{**row, **rest}])], ignore_index=True)
