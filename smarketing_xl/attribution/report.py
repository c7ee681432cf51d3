"""Step five: which channels and campaigns bring customers, and what to spend next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution import evidence, milestones
from smarketing_xl.attribution.companies import of_companies
from smarketing_xl.attribution.conversions import history
from smarketing_xl.attribution.economics import (
    cost_per,
    costs,
    new_customers,
    payback_months,
    quality,
    return_on,
)
from smarketing_xl.attribution.experiments import responses, spend_response
from smarketing_xl.attribution.experiments.responses import Measured
from smarketing_xl.attribution.journeys import By, JourneyRules, ready
from smarketing_xl.attribution.models import attribute, model
from smarketing_xl.attribution.paths import top_paths
from smarketing_xl.attribution.resampling import Spread, bootstrap, why_not
from smarketing_xl.attribution.settings import Settings, reported
from smarketing_xl.attribution.types import VALUES, Journeys, Value
from smarketing_xl.errors import BadData, Fault, NotEnoughData
from smarketing_xl.i18n import N_, _
from smarketing_xl.progress import steps

NO_TOUCH = N_("(no touch known)")
CREDITS = ("first", "last", "linear", "time_decay", "position", "markov", "shapley")


@dataclass(frozen=True)
class AttributionReport:
    """The tables of the Attribution sheet and what has to be said beside them.

    Each frame holds the rows of the table of its name; notes are sentences.
    """

    channels: pd.DataFrame
    evidence: pd.DataFrame
    campaigns: pd.DataFrame
    new_customers: pd.DataFrame
    quality: pd.DataFrame
    paths: pd.DataFrame
    certainty: pd.DataFrame
    campaign_certainty: pd.DataFrame
    sourced: pd.DataFrame
    responses: pd.DataFrame
    notes: tuple[str, ...]


def build_report(
    interactions: Any,
    leads: Any,
    customers: Any,
    spend: Any,
    *,
    as_of: dt.datetime,
    settings: Settings | None = None,
    timezone: str | None = None,
    office: str | None = None,
    limits: pd.DataFrame | None = None,
    experiments: pd.DataFrame | None = None,
) -> AttributionReport:
    """Everything on the Attribution sheet from the four tables (keys of workbook.tables).

    as_of: the moment of the report, a day without a time meaning its end. timezone: the local time
    of the tables, in which times with a zone are read. office: that of as_of, where it is another.
    limits: channel, lowest, highest: spend in money that the proposal must keep to, NaN for none;
    where there are none, the largest change of the settings holds. experiments: those that were
    read (channel, response, response_low, response_high); the responses they measured, or months of
    spend, replace the one assumed.
    Raises NotEnoughData where no customer has a touch, BadData for limits of unknown channels.
    """
    settings = settings or Settings()
    as_of = reported(as_of, office, timezone)
    walking = interactions, leads, customers
    if settings.by_company:
        walking = of_companies(*walking)
    past = history(*walking, as_of=as_of, lookback_days=settings.lookback_days)

    def rules(by: By) -> JourneyRules:
        return JourneyRules(as_of=as_of, by=by, timezone=timezone, **settings.of_journeys)

    with steps(7) as step:
        step(_("Touches of each lead"))
        with ready(past.interactions, past.conversions) as make:
            step(_("Journeys by channel"))
            made = make(rules("channel"))
            by_channel = replace(made, dropped={**past.filled, **made.dropped})
            if not by_channel.customers.sum():
                raise NotEnoughData(
                    _("No customer has a touch inside the look-back window"),
                    _("Import interactions and won leads, or lengthen the look-back"),
                )
            step(_("Journeys by campaign"))
            by_campaign = make(rules("campaign"))
        step(_("Certainty by channel"))
        of_channels, unknown = certainty(by_channel, settings)
        step(_("Certainty by campaign"))
        of_campaigns, unknown_too = certainty(by_campaign, settings)
        step(_("Credits and costs"))
        of_spend = spend_response.responses(leads, spend, as_of)
        known = responses.measured(experiments, of_spend)
        channels = credited(by_channel, spend, settings, "channel", of_channels, limits, known)
        campaigns = credited(by_campaign, spend, settings, "campaign", of_campaigns)
        markov = of_channels.get("markov")
        ties = markov.ties() if markov else ()
        step(_("New customers"))
        return AttributionReport(
            channels.table,
            channels.evidence,
            campaigns.table,
            new_customers(leads, customers),
            quality(leads, customers, spend),
            top_paths(by_channel),
            _together(of_channels, "channel"),
            _together(of_campaigns, "campaign"),
            milestones.table(by_channel),
            responses.rows(costs(spend)["name"].tolist(), known, of_spend, settings.elasticity),
            (
                *channels.notes,
                *by_channel.notes,
                *ties,
                *unknown,
                *(_("Campaigns: {said}").format(said=note) for note in unknown_too),
                settings.response.assumption,
            ),
        )


def certainty(journeys: Journeys, settings: Settings) -> tuple[dict[str, Spread], tuple[str, ...]]:
    """How sure each model's credits are, by model; a sentence for each model that cannot tell."""
    reasons = {name: why_not(journeys, name, **settings.of(name)) for name in CREDITS}
    names = [name for name, reason in reasons.items() if not reason]
    spreads = {}
    with steps(len(names)) as step:
        for name in names:
            step(_(model(name).label))
            spreads[name] = bootstrap(journeys, name, value=settings.credit_by, **settings.of(name))
    return spreads, tuple(f"{reason}." for reason in reasons.values() if reason)


@dataclass(frozen=True)
class Credited:
    """Channels or campaigns: rows of Attribution, rows of Evidence, sentences."""

    table: pd.DataFrame
    evidence: pd.DataFrame
    notes: tuple[str, ...]


def credited(
    journeys: Journeys,
    spend: Any,
    settings: Settings,
    by: By,
    spreads: Mapping[str, Spread],
    limits: pd.DataFrame | None = None,
    known: Mapping[str, Measured] | None = None,
) -> Credited:
    """Credits by model, Markov's interval, revenue, cost, CAC, budget of channels or campaigns.

    by: what the journeys are of. spreads: how sure each model's credits are; where Markov's are not
    known its interval is blank. known: responses to spend that were measured, by channel.
    Channels that only the spend knows are there too, and customers
    without any touch have a row of their own, so that every column of credits adds up to all
    customers, and revenue to all revenue.
    """
    paid = costs(spend, by)
    keys = [name.lower() for name in journeys.channels]
    only_paid = paid[~paid["key"].isin(keys)]
    everywhere = pd.Index([*keys, *only_paid["key"]])
    names = (*journeys.channels, *only_paid["name"])
    cost = paid.set_index("key")["cost"].reindex(everywhere).fillna(0.0).to_numpy()

    def padded(values: Floats) -> Floats:
        return np.append(values, np.zeros(len(only_paid)))

    table = pd.DataFrame({by: pd.Series(names, dtype="str")})
    for name in CREDITS:
        table[name] = padded(_credited(journeys, settings, name, settings.credit_by))
        if name == "markov":
            interval = spreads["markov"].table() if "markov" in spreads else None
            for side in ("low", "high"):
                table[side] = np.nan if interval is None else padded(interval[side].to_numpy())
    customers, revenue, margin = (
        padded(_credited(journeys, settings, "markov", value)) for value in VALUES
    )
    table["customers"], table["revenue"], table["cost"] = customers, revenue, cost
    table["cac"] = cost_per(cost, customers)
    table["roi"] = return_on(cost, revenue)
    table["payback"] = payback_months(cost, margin if margin.any() else revenue)
    value: Value = "revenue" if revenue.any() else "customers"
    advised = evidence.weigh(
        journeys, names, cost, settings, value, *_limits(limits, everywhere), spreads, known
    )
    total = cost.sum()
    table["share"] = cost / total if total else np.nan
    table["proposed"] = advised.budget / total if total else np.nan
    table["budget"] = to_the_cent(advised.budget, total)
    table = table.sort_values(["markov", "cost"], ascending=False, kind="stable")
    beside = advised.table.loc[table.index].reset_index(drop=True)
    table = _with_untouched(table, journeys, settings, by).reset_index(drop=True)
    return Credited(table, beside, advised.notes)


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


def _together(spreads: dict[str, Spread], by: By) -> pd.DataFrame:
    """Every credit and rank with its interval, channel by channel or campaign by campaign."""
    tables = [spread.table().assign(model=name) for name, spread in spreads.items()]
    together = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    return together.rename(columns={"channel": by})


def _credited(journeys: Journeys, settings: Settings, name: str, value: Value) -> Floats:
    """What a model credits each channel with, money to the cent; nothing where none is known."""
    if value == "margin" and journeys.margin is None:
        return np.zeros(len(journeys.channels))
    if value == "revenue" and journeys.revenue is None:
        return np.zeros(len(journeys.channels))
    credits = attribute(journeys, name, value=value, **settings.of(name))["credit"].to_numpy()
    return credits if value == "customers" else to_the_cent(credits, journeys.earned(value).sum())


def _limits(limits: pd.DataFrame | None, keys: pd.Index) -> tuple[Floats | None, Floats | None]:
    if limits is None:
        return None, None
    named = limits["channel"].str.strip().str.lower()
    known = named.isin(keys)
    faults = [
        Fault(
            _("There is no such channel") if not known[row] else _("This channel has two limits"),
            _("Write a channel of the Attribution table, once"),
            limits.attrs.get("sheet"),
            int(row),
            "channel",
            limits["channel"][row],
        )
        for row in limits.index[~known | named.duplicated()]
    ]
    if faults:
        raise BadData(faults)
    bounds = limits.set_index(named).reindex(keys)
    lowest, highest = (bounds[side].to_numpy(np.float64) for side in ("lowest", "highest"))
    return lowest, highest


def _with_untouched(
    table: pd.DataFrame, journeys: Journeys, settings: Settings, by: By
) -> pd.DataFrame:
    alone = journeys.untouched
    if not alone.get("customers"):
        return table
    credits = dict.fromkeys((*CREDITS, "low", "high"), alone.get(settings.credit_by, 0.0))
    earned = {value: alone.get(value, 0.0) for value in ("customers", "revenue")}
    rest = dict.fromkeys(("cost", "share", "proposed", "budget"), 0.0)
    row = {by: _(NO_TOUCH), **credits, **earned, **rest}
    return pd.concat([table, pd.DataFrame([row])], ignore_index=True)
