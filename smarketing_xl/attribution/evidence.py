"""What stands beside credits: how journeys with and without a channel convert, and who disagrees.

The models share out what was earned; none of them says whether a channel did anything. The plain
comparison of journeys with and without it is no proof either (whoever wants to buy meets more
channels), but a budget that contradicts it rests on a model alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.budget import Advice, Reading, advise
from smarketing_xl.attribution.experiments.responses import Measured, draws, sentences
from smarketing_xl.attribution.models import model
from smarketing_xl.attribution.resampling import Spread, bootstrap, spread_of, why_not
from smarketing_xl.attribution.settings import Settings
from smarketing_xl.attribution.shapley import combinations, sums_by_combination
from smarketing_xl.attribution.types import Journeys, Prepared, Value
from smarketing_xl.i18n import N_, _
from smarketing_xl.stats.intervals import wilson

KNOWING_LOSSES = ("markov", "shapley")
"""The models that use the journeys that did not convert."""

_LEAST = 1e-6
"""Of all that is spent: a change that shows."""
RATES = N_("the rates with and without it")


def with_and_without(journeys: Journeys) -> pd.DataFrame:
    """How often journeys that met each channel became customers, and those that did not meet it.

    channel, journeys (that met it), conversion, low, high (its 95 % interval, Wilson), without
    (conversion of all other journeys; NaN where there are none).
    """
    sets = combinations(journeys)
    walked, won = np.split(sums_by_combination(sets, journeys, "customers", None)[0], 2)
    met, converted = walked @ sets.met, won @ sets.met
    others = walked.sum() - met
    low, high = wilson(np.minimum(converted, met), met)
    nobody = np.full(len(met), np.nan)
    return pd.DataFrame(
        {
            "channel": pd.Series(journeys.channels, dtype="str"),
            "journeys": met,
            "conversion": np.divide(converted, met, out=nobody.copy(), where=met > 0),
            "low": low,
            "high": high,
            "without": np.divide(
                won.sum() - converted, others, out=nobody, where=others > 1e-9 * walked.sum()
            ),
        }
    )


def prepare_excess(journeys: Journeys, value: Value) -> Prepared:
    """What journeys with a channel earned beyond what as many without it did, in two steps.

    Below 0 where journeys without it earn more. Where every journey met it nothing can be
    compared: 0.
    """
    sets = combinations(journeys)

    def solve(sums: Floats) -> Floats:
        walked, earned = np.split(sums, 2, axis=-1)
        met, with_it = walked @ sets.met, earned @ sets.met
        others = walked.sum(-1, keepdims=True) - met
        rest = earned.sum(-1, keepdims=True) - with_it
        apart = others > 1e-9 * walked.sum(-1, keepdims=True)
        expected = np.divide(met * rest, others, out=with_it.copy(), where=apart)
        excess: Floats = with_it - expected
        return excess

    return Prepared(lambda groups: sums_by_combination(sets, journeys, value, groups), solve)


@dataclass(frozen=True)
class Weighed:
    """What the readings together say: spend to propose, rows of Evidence, sentences."""

    budget: Floats
    table: pd.DataFrame
    notes: tuple[str, ...]


def weigh(
    journeys: Journeys,
    names: tuple[str, ...],
    cost: Floats,
    settings: Settings,
    value: Value,
    lowest: Floats | None,
    highest: Floats | None,
    spreads: Mapping[str, Spread],
    responses: Mapping[str, Measured] | None = None,
) -> Weighed:
    """A budget that Markov, Shapley and the plain rates agree on, and what stands beside it.

    names, cost, lowest, highest: of the journeys' channels, then of those that only the spend
    knows. value: what credits share out here, for the return on spend. spreads: credits by model as
    the settings want them, which are used where they share out the same. responses: of channels
    whose response to spend was measured, by name in lower case; of the others it is assumed.
    """
    responses = responses or {}
    recorded = len(journeys.channels)
    same = settings.credit_by == value
    found = readings(journeys, settings, value, spreads if same else {})
    whole = [with_unrecorded(reading, cost) for reading in found]
    known = np.arange(len(cost)) < recorded
    bend = draws(names, responses, settings.elasticity, len(whole[0].draws)) if whole else None
    advice = advise(cost, whole, settings.response, lowest, highest, bend, known)
    table = with_and_without(journeys).reindex(range(len(cost)))
    table["channel"] = pd.Series(names, dtype="str")
    paid = cost > 0
    table["budget_low"] = np.where(paid, advice.low, np.nan)
    table["budget_high"] = np.where(paid, advice.high, np.nan)
    table["verdict"] = verdicts(cost, advice, recorded) if found else _("cannot be compared")
    notes = (*disagreements(names, cost, advice), *only_more(names, cost, advice))
    notes += sentences(names, responses)
    if found:
        notes += below_zero(journeys.channels, found[1].credits)
        notes += ties_of_return(names, cost, whole[0])
    return Weighed(advice.budget, table, notes)


def readings(
    journeys: Journeys, settings: Settings, value: Value, spreads: Mapping[str, Spread]
) -> tuple[Reading, ...]:
    """What each way to read the history credits the channels with; none where one cannot tell.

    value: what of the journeys is credited. spreads: what is known of it already, by model.
    """
    if any(why_not(journeys, name, **settings.of(name)) for name in KNOWING_LOSSES):
        return ()
    found: dict[str, Spread] = {
        _(model(name).label): spreads.get(name)
        or bootstrap(journeys, name, value=value, **settings.of(name))
        for name in KNOWING_LOSSES
    }
    found[_(RATES)] = spread_of(journeys, partial(prepare_excess, value=value))
    return tuple(Reading(name, spread.credits, spread.draws) for name, spread in found.items())


def with_unrecorded(reading: Reading, cost: Floats) -> Reading:
    """A reading with the channels of which no touch was recorded: they return what all do.

    cost: of all channels, those of the reading first.
    """
    recorded = len(reading.credits)
    spent = max(float(cost[:recorded].sum()), 1e-9)

    def padded(credits: Floats) -> Floats:
        average = credits.sum(-1, keepdims=True) / spent
        return np.concatenate([credits, average * cost[recorded:]], axis=-1)

    return Reading(reading.name, padded(reading.credits), padded(reading.draws))


def verdicts(cost: Floats, advice: Advice, recorded: int) -> list[str]:
    """For each channel in words whether the readings agree about its budget.

    recorded: how many channels, the first ones, have touches.
    """
    near = 0.005 * max(float(cost.sum()), 1e-9)
    notes = []
    for at, dispute in enumerate(advice.disputes):
        if at >= recorded:
            notes.append(_("no touch recorded: leave it"))
        elif not cost[at]:
            notes.append(_("costs nothing"))
        elif dispute:
            notes.append(
                _("{one} and {other} disagree: leave it").format(one=dispute[0], other=dispute[1])
            )
        elif max(advice.low[at], advice.budget[at]) > cost[at] + near:
            notes.append(_("all agree: more"))
        elif min(advice.high[at], advice.budget[at]) < cost[at] - near:
            notes.append(_("all agree: less"))
        elif advice.budget[at] < cost[at] - _LEAST * cost.sum():
            notes.append(_("gives a little to what returns more"))
        elif advice.budget[at] > cost[at] + _LEAST * cost.sum():
            notes.append(_("gets a little from what returns less"))
        else:
            notes.append(_("nothing beyond chance: leave it"))
    return notes


def disagreements(channels: tuple[str, ...], cost: Floats, advice: Advice) -> tuple[str, ...]:
    """A sentence for each channel that costs money and about which two readings disagree."""
    return tuple(
        _(
            "{one} and {other} disagree about {channel}: leave its budget until you have tried."
        ).format(one=dispute[0], other=dispute[1], channel=channel)
        for channel, paid, dispute in zip(channels, cost, advice.disputes, strict=True)
        if dispute and paid
    )


def only_more(channels: tuple[str, ...], cost: Floats, advice: Advice) -> tuple[str, ...]:
    """A sentence where channels deserve more, and none deserves less beyond doubt."""
    more = [name for name, low, paid in zip(channels, advice.low, cost, strict=True) if low > paid]
    if not more or (advice.budget < cost).any():
        return ()
    return (
        _(
            "{channels} would earn more with more spend, but no channel can be cut beyond doubt:"
            " they come first if there is more to spend."
        ).format(channels=", ".join(more)),
    )


def below_zero(channels: tuple[str, ...], shapley: Floats) -> tuple[str, ...]:
    """A sentence for each channel that Shapley credits below 0."""
    return tuple(
        _(
            "Shapley credits {channel} below 0: journeys with it became customers less often than"
            " the same journeys without it."
        ).format(channel=channel)
        for channel, credit in zip(channels, shapley, strict=True)
        if credit < -1e-3 * shapley.sum()
    )


def ties_of_return(channels: tuple[str, ...], cost: Floats, reading: Reading) -> tuple[str, ...]:
    """A sentence for each two neighbours in return that the data cannot tell apart.

    Return is what is credited over what was spent; channels without spend have none.
    """
    paid = np.flatnonzero(cost > 0)
    returns = reading.credits[paid] / cost[paid]
    draws = reading.draws[:, paid] / cost[paid]
    order = np.argsort(-returns, kind="stable")
    notes = []
    for one, other in pairwise(order):
        behind = float((draws[:, one] <= draws[:, other]).mean())
        if behind > 0.025 and returns[one] > 0:
            notes.append(
                _(
                    "The data cannot tell whether {one} or {other} returns more for what is spent:"
                    " move no budget between them."
                ).format(one=channels[paid[one]], other=channels[paid[other]])
            )
    return tuple(notes)
