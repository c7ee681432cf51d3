"""Journeys of some leads, and how those of all leads are put together and weighed at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Ints
from smarketing_xl.attribution.settings import JourneyRules
from smarketing_xl.attribution.types import Journeys
from smarketing_xl.attribution.watched import loss_weights, weight_at

OF_JOURNEYS = (
    "lengths",
    "place",
    "age",
    "took",
    "whole",
    "customers",
    "revenue",
    "margin",
    "stages",
)


@dataclass(frozen=True)
class Portion:
    """Journeys of some leads, before those without a sale are weighed.

    names: channels by code. codes, days: of each touch its channel, and days before the end of its
    journey. Of each journey lengths: its touches; place: that of its lead among all leads; age,
    took: days since its first touch and from there to its end; whole: whether it counts as lost
    whatever its age; what it earned; stages: as in types.Journeys. untouched: what was earned
    without any touch.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32]
    days: Floats
    lengths: Ints
    place: Ints
    age: Ints
    took: Ints
    whole: Flags
    customers: Floats
    revenue: Floats | None
    margin: Floats | None
    stages: Ints | None
    dropped: Mapping[str, int]
    untouched: Mapping[str, float]


def joined(portions: list[Portion], rules: JourneyRules) -> Journeys:
    """The journeys of all leads, lead after lead by their place. The list is empty afterwards."""
    ordered = len(portions) == 1 and (np.diff(portions[0].place) >= 0).all()
    every = portions.pop() if ordered else _together(portions)
    sold = every.customers > 0
    lost = weight_at(loss_weights(every.age, every.took, sold), every.age)
    lost[every.whole] = 1.0
    lost[sold] = 0.0
    journeys = Journeys(
        every.names,
        every.codes,
        np.concatenate(([0], np.cumsum(every.lengths))),
        every.customers,
        lost,
        every.revenue,
        every.margin,
        every.days,
        stages=every.stages,
        dropped=every.dropped,
        untouched=every.untouched,
    )
    return journeys.only(journeys.weights > 0)


def _together(portions: list[Portion]) -> Portion:
    """One portion of all; each is let go as soon as its touches are in their places."""
    dropped, untouched = Counter[str](), Counter[str]()
    for each in portions:
        dropped.update(each.dropped)
        untouched.update(each.untouched)
    names = _names(portions)
    order = np.argsort(np.concatenate([each.place for each in portions]), kind="stable")

    def gathered(column: str) -> Any:
        parts = [getattr(each, column) for each in portions]
        return None if parts[0] is None else np.concatenate(parts)[order]

    of_journeys = {column: gathered(column) for column in OF_JOURNEYS}
    lengths = of_journeys["lengths"]
    starts = np.empty_like(lengths)
    starts[order] = np.cumsum(lengths) - lengths
    codes, days = np.empty(lengths.sum(), dtype=np.int32), np.empty(lengths.sum())
    at = 0
    for each in _let_go(portions):
        own = np.cumsum(each.lengths) - each.lengths
        here = starts[at : at + len(own)]
        at += len(own)
        to = np.repeat(here - own, each.lengths) + np.arange(len(each.codes))
        codes[to] = _recoded(each.names, names)[each.codes]
        days[to] = each.days
    return Portion(
        tuple(names.values()), codes, days, **of_journeys, dropped=dropped, untouched=untouched
    )


def _let_go(portions: list[Portion]) -> Iterator[Portion]:
    while portions:
        yield portions.pop(0)


def _names(portions: list[Portion]) -> dict[str, str]:
    """The names that occur by how they are told apart, in that order: case makes no difference."""
    shown: dict[str, str] = {}
    for name in chain.from_iterable(each.names for each in portions):
        shown[name.lower()] = min(name, shown.get(name.lower(), name))
    return dict(sorted(shown.items()))


def _recoded(names: tuple[str, ...], every: dict[str, str]) -> NDArray[np.int32]:
    """The new code of each old one."""
    place = {key: code for code, key in enumerate(every)}
    return np.array([place[name.lower()] for name in names], dtype=np.int32)
