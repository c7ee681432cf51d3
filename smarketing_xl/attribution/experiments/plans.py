"""The rows of the sheet Experiments: dealt once, watched, read when they are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.attribution.experiments.assignment import (
    BLOCK,
    FEWEST,
    assignments,
    fewest_weeks,
    is_possible,
)
from smarketing_xl.attribution.experiments.inference import Effect, measure
from smarketing_xl.attribution.experiments.power import (
    PROMISE,
    Power,
    base_of,
    power,
    weeks_before,
)
from smarketing_xl.attribution.experiments.weekly import (
    Outcomes,
    outcomes,
    region_column,
)
from smarketing_xl.errors import NotEnoughData, OutOfRange
from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema.tables.choices import Action, Measure, Split

SPLITS: tuple[Split, ...] = get_args(Split)
SPENDS: Mapping[Action, float] = {"stop": 0.0, "halve": 0.5, "double": 2.0}
LENGTHS = (4, 6, 8, 12, 16, 20, 26)
"""Weeks that are proposed."""

LONGEST = 104
_LEAST_RESPONSE, _MOST_RESPONSE = -1.0, 2.0


@dataclass(frozen=True)
class Asked:
    """What is to be tried.

    split: what is dealt. measure: what is to change. column: of the leads, that names regions.
    first_day: of the first week. weeks: how long; None for as long as is needed.
    """

    channel: str
    action: Action
    split: Split
    measure: Measure = "leads"
    column: str | None = None
    first_day: dt.date | None = None
    weeks: int | None = None

    def __post_init__(self) -> None:
        if self.weeks is not None and not 1 <= self.weeks <= LONGEST:
            raise OutOfRange(
                _("An experiment of {weeks} weeks cannot be").format(weeks=self.weeks),
                _("Give 4 to {longest} weeks").format(longest=LONGEST),
            )


@dataclass(frozen=True, eq=False)
class Plan:
    """An experiment as it was dealt: changed says in which region and week the spend is changed.

    regions: none where weeks are dealt to all. power: what can be expected of it. expected: the
    effect on all that comes if the channel does what its leads say.
    """

    asked: Asked
    regions: tuple[str, ...]
    changed: Flags
    power: Power
    expected: float


def next_monday(day: dt.date) -> dt.date:
    """The first Monday after a day.

    >>> next_monday(dt.date(2026, 10, 1))
    datetime.date(2026, 10, 5)
    """
    return day + dt.timedelta(days=7 - day.weekday())


@dataclass(frozen=True, eq=False)
class Setting:
    """What an experiment would be made in: its history until now.

    last: the week up to which the history is known, counted from the first day.
    """

    asked: Asked
    history: Outcomes
    regions: tuple[str, ...]
    last: int
    expected: float


def setting(
    asked: Asked, leads: pd.DataFrame, now: dt.datetime, elasticity: float, cycle_days: float
) -> Setting:
    """The history in which an experiment would be made, and the effect to be expected.

    leads: as the account settled them. elasticity: 1 % more spend brings so many % more.
    cycle_days: until a lead becomes a customer.
    Raises NotEnoughData where too little is known.
    """
    asked = replace(
        asked,
        first_day=asked.first_day or next_monday(now.date()),
        column=None if asked.split == "week" else region_column(leads, asked.column),
    )
    assert asked.first_day is not None
    history = outcomes(leads, asked.first_day, asked.measure, asked.column)
    waited = cycle_days if asked.measure == "customers" else 0.0
    last = int(np.floor(((now.date() - asked.first_day).days - waited) / 7))
    regions = () if asked.split == "week" else history.largest_regions(last)
    share = history.share_of(asked.channel, regions, last)
    if not share > 0:
        raise NotEnoughData(
            _("No lead of the last months came from {channel}").format(channel=asked.channel),
            _("Write the channel as the column Source of the leads has it"),
        )
    change = float(SPENDS[asked.action] ** elasticity - 1)
    return Setting(asked, history, regions, last, share * change)


def plan(found: Setting, draw: np.random.Generator) -> Plan:
    """Deal an experiment: the fewest weeks in which the expected effect is seen with the promised
    chance, or as many as the history can tell of; else the weeks asked for.

    Raises NotEnoughData where it cannot be told from chance, or the history is too short.
    """
    weeks = found.asked.weeks
    tried = _tried(found, found.asked.split, LENGTHS if weeks is None else (weeks,))
    if not tried:
        raise NotEnoughData(_too_small(found), _("Deal by week, or by both region and week"))
    enough = [weeks for weeks, chance in tried.items() if chance.chance >= PROMISE]
    chosen = min(enough) if enough else max(tried)
    ways = assignments(found.asked.split, max(len(found.regions), 1), chosen, draw)
    changed = ways[int(draw.integers(len(ways)))]
    asked = replace(found.asked, weeks=chosen)
    return Plan(asked, found.regions, changed, tried[chosen], found.expected)


def options(found: Setting) -> list[dict[str, Any]]:
    """What other lengths and splits could see: rows of the table ExperimentOptions."""
    rows = []
    for split in SPLITS:
        if split != "week" and not found.regions:
            continue
        for weeks, seen in _tried(found, split, LENGTHS).items():
            rows.append(
                {
                    "channel": found.asked.channel,
                    "action": found.asked.action,
                    "split": split,
                    "weeks": float(weeks),
                    "cells": float(1 if split == "week" else len(found.regions)),
                    "expected": found.expected,
                    "chance": seen.chance,
                    "smallest": seen.smallest,
                }
            )
    return rows


def _tried(found: Setting, split: Split, lengths: Sequence[int]) -> dict[int, Power]:
    """What each length that can be judged would see."""
    regions = () if split == "week" else found.regions
    fewest = fewest_weeks(split, len(regions))
    first = max(found.history.first_week, found.last - 2 * LONGEST)
    known = found.last - first - weeks_before(split)
    even = [weeks - weeks % BLOCK if split != "region" else weeks for weeks in lengths]
    allowed = [weeks for weeks in even if fewest is not None and fewest <= weeks <= known]
    if not allowed:
        return {}
    history = found.history.by_week(regions, first, found.last)
    return {weeks: power(history, split, weeks, found.expected) for weeks in allowed}


def _too_small(found: Setting) -> str:
    split, count = found.asked.split, len(found.regions)
    fewest = fewest_weeks(split, count)
    if split != "week" and count < 2 + 6 * (split == "region"):
        return _(
            "Regions with a lead a week or more: {regions}. They are too few: there are fewer than"
            " {ways} ways to deal them, so that nothing could be told from chance"
        ).format(regions=format_number(count), ways=FEWEST)
    needed = (found.asked.weeks or fewest or 0) + weeks_before(split)
    if found.asked.weeks and fewest and found.asked.weeks < fewest:
        return _("{weeks} weeks are too few: it takes {fewest}").format(
            weeks=found.asked.weeks, fewest=fewest
        )
    return _("The history is too short: {weeks} whole weeks are needed").format(weeks=needed)


# --- as cells have it -----------------------------------------------------------------------------


def written(plan: Plan) -> tuple[str, str]:
    """Where and when the spend is changed, and which regions stay as they are, as texts."""
    asked = plan.asked
    assert asked.first_day is not None
    days = [f"{asked.first_day + dt.timedelta(weeks=at)}" for at in range(plan.changed.shape[1])]

    def listed(row: Flags) -> str:
        return ", ".join(day for day, here in zip(days, row, strict=True) if here)

    if asked.split == "week":
        return listed(plan.changed[0]), ""
    rows = list(zip(plan.regions, plan.changed, strict=True))
    if asked.split == "both":
        return "; ".join(f"{name}: {listed(row)}" for name, row in rows), ""
    return (
        "; ".join(name for name, row in rows if row.all()),
        "; ".join(name for name, row in rows if not row.any()),
    )


def dealt(asked: Asked, changed: str, kept: str) -> tuple[tuple[str, ...], Flags]:
    """The regions and the deal that `written` wrote.

    Raises OutOfRange where it is none that could have been dealt.
    """
    problem = OutOfRange(
        _("This is no experiment as it was dealt"),
        _("Take the change back, or clear where it is changed, and it is dealt again"),
    )
    if asked.first_day is None or asked.weeks is None:
        raise problem
    days = [f"{asked.first_day + dt.timedelta(weeks=at)}" for at in range(asked.weeks)]

    def row(text: str) -> list[bool]:
        named = [day.strip() for day in text.split(",")]
        if not set(named) <= set(days):
            raise problem
        return [day in named for day in days]

    regions: tuple[str, ...] = ()
    if asked.split == "week":
        table = [row(changed)]
    elif asked.split == "both":
        parts = [part.rpartition(": ") for part in changed.split("; ")]
        regions, table = tuple(part[0] for part in parts), [row(part[2]) for part in parts]
    else:
        there, not_there = (text.split("; ") if text else [] for text in (changed, kept))
        regions = (*there, *not_there)
        table = [[name in there] * asked.weeks for name in regions]
    flags = np.array(table, dtype=np.bool_)
    if not is_possible(asked.split, flags):
        raise problem
    return regions, flags


# --- read when it is over -------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What an experiment showed: the effect on all that came, and the channel's response with its
    interval (NaN where the channel had no lead before)."""

    effect: Effect
    response: float
    low: float
    high: float


def over_on(asked: Asked, cycle_days: float) -> dt.date:
    """The first day on which an experiment can be read."""
    assert asked.first_day is not None and asked.weeks is not None
    waited = cycle_days if asked.measure == "customers" else 0.0
    return asked.first_day + dt.timedelta(days=7 * asked.weeks + int(np.ceil(waited)))


def read(
    asked: Asked,
    regions: tuple[str, ...],
    changed: Flags,
    leads: pd.DataFrame,
    elasticity: float,
) -> Result:
    """What an experiment that is over showed. elasticity: what is assumed of a channel that was
    stopped: how its curve bends between nothing and today's spend.

    Raises NotEnoughData where the weeks before it are not known.
    """
    assert asked.first_day is not None and asked.weeks is not None
    history = outcomes(leads, asked.first_day, asked.measure, asked.column)
    before = weeks_before(asked.split)
    if history.first_week > -before:
        raise NotEnoughData(
            _("The {weeks} weeks before the experiment are not known").format(weeks=before),
            _("Import the leads of that time"),
        )
    counts = history.by_week(regions, 0, asked.weeks)
    base = base_of(asked.split, history.by_week(regions, -before, 0))
    draw = np.random.default_rng(asked.first_day.toordinal())
    ways = assignments(asked.split, len(counts), asked.weeks, draw)
    effect = measure(ways, changed, counts, base)
    share = history.share_of(asked.channel, regions, 0)
    ends = (effect.estimate, effect.low, effect.high)
    found = [response_of(asked.action, end, share, elasticity) for end in ends]
    return Result(effect, found[0], *sorted(found[1:]))


def response_of(action: Action, effect: float, share: float, elasticity: float) -> float:
    """The response (1 % more spend brings so many % more) that an effect on all that came means.

    share: of all that came, the channel's. Halved or doubled, what the channel brings is spend to
    the power of the response. Stopped, the part of its leads that is really lost is measured, and
    the response assumed holds for that part. From -1 to 2.

    >>> round(response_of("halve", -0.0586, 0.2, 0.5), 2), response_of("stop", -0.1, 0.2, 0.5)
    (0.5, 0.25)
    """
    if not share > 0:
        return float("nan")
    change = effect / share
    if action == "stop":
        found = -change * elasticity
    else:
        found = float(np.log(max(1 + change, 1e-3)) / np.log(SPENDS[action]))
    return float(np.clip(found, _LEAST_RESPONSE, _MOST_RESPONSE))
