"""A few short rules: which traits together mark out the best customers (subgroup discovery).

Every pair and triple of the surest dozen traits is looked at (some three hundred, so a search such
as pysubgroup's would find the same in more code) and judged by weighted relative accuracy, the
share of the history it covers times how far its share of the best lies above everybody's
(Lavrač, Flach and Zupan 1999). Each condition of a rule must add to the others by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from smarketing_xl.arrays import Flags
from smarketing_xl.personas.learning.points import Found
from smarketing_xl.stats.association import Counted, p_values

_SAYABLE = frozenset({"is", "contains", "between", "at_least", "at_most"})  # what to look for
_TRAITS = 12
_LONGEST = 3
_MOST = 3
_WORTH = 0.2  # of the first rule's quality, below which another adds nothing
_SURE = 0.05
_LEAST = 20  # rows


@dataclass(frozen=True)
class Rule:
    """Traits that together mark out the best customers, and how often they are seen together."""

    conditions: tuple[Found, ...]
    mask: Flags
    chance: float
    counted: Counted


def find_rules(candidates: Sequence[Found], top: Flags) -> list[Rule]:
    """At most three rules of two or three conditions, the best first; none if none adds."""
    sayable = [each for each in candidates if each.speaks_for and each.trait.operator in _SAYABLE]
    traits = sorted(sayable, key=lambda each: each.chance)[:_TRAITS]
    tries = [
        conditions
        for size in range(2, _LONGEST + 1)
        for conditions in combinations(traits, size)
        if len({each.name for each in conditions}) == size
    ]
    chosen: list[Rule] = []
    uncovered = np.ones(len(top), dtype=bool)
    masks = [np.logical_and.reduce([each.mask for each in conditions]) for conditions in tries]
    first = 0.0
    while len(chosen) < _MOST:
        qualities = [_quality(mask & uncovered, top) for mask in masks]
        for place in np.argsort(qualities)[::-1]:
            if qualities[place] <= max(first * _WORTH, 0):
                return chosen
            rule = _judged(tries[place], masks[place], top, len(tries))
            if rule.chance <= _SURE:
                break
        else:
            return chosen
        first = first or qualities[place]
        chosen.append(rule)
        uncovered &= ~masks[place]
    return chosen


def _quality(mask: Flags, top: Flags) -> float:
    if mask.sum() < _LEAST:
        return -1.0
    return float(mask.mean() * (top[mask].mean() - top.mean()))


def _judged(conditions: tuple[Found, ...], mask: Flags, top: Flags, tries: int) -> Rule:
    """The rule with the chance that one of its conditions adds nothing, for all that was tried."""
    worst = 0.0
    for left_out in conditions:
        others = [each.mask for each in conditions if each is not left_out]
        wider = np.logical_and.reduce(others)
        worst = max(worst, float(p_values(_counted(mask[wider], top[wider]))[0]))
    return Rule(conditions, mask, min(1.0, worst * tries), _counted(mask, top))


def _counted(mask: Flags, top: Flags) -> Counted:
    best, seen = np.array([(mask & top).sum()]), np.array([mask.sum()])
    return Counted(best, seen, int(top.sum()), len(top))
