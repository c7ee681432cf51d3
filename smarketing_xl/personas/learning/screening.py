"""Which attributes of the history hold, for all that was tried, and which of their traits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.i18n import current_language
from smarketing_xl.personas.attributes import typed
from smarketing_xl.personas.learning import warnings as flagged
from smarketing_xl.personas.learning.dataset import History
from smarketing_xl.personas.learning.points import Found
from smarketing_xl.personas.learning.traits import Attribute, attribute, blanks
from smarketing_xl.personas.learning.warnings import Flag
from smarketing_xl.schema.tables import LEADS
from smarketing_xl.stats.association import (
    TRAIT_BY_CHANCE,
    auc_of_classes,
    discovery_rates,
    information_value,
    p_values,
)

_HOPELESS = frozenset({"identifier", "constant", "empty", "date"})


@dataclass(frozen=True)
class Studied:
    """An attribute with what was found about it.

    warning: what the managers must know, also where they ticked it, which takes the flag off.
    p: of each of its traits, times all that were tried of it. chance: of the surest one. passed:
    which of them may become criteria. level: of the intervals of what passed.
    """

    name: str
    flag: Flag | None
    attribute: Attribute | None = None
    value: tuple[float, float, float] = (0.0, 0.0, 0.0)
    p: Floats = field(default_factory=lambda: np.empty(0))
    chance: float = 1.0
    passed: Flags = field(default_factory=lambda: np.empty(0, dtype=bool))
    level: float = 0.95
    warning: Flag | None = None

    @property
    def title(self) -> str:
        """The attribute's header, in the language now spoken."""
        return title(self.name)

    @property
    def free(self) -> bool:
        """Whether it may be proposed: it has traits to try, and nothing flags it."""
        return self.attribute is not None and self.flag is None and bool(self.attribute.traits)


def title(name: str) -> str:
    """An attribute's header as people see it."""
    return LEADS[name].title(current_language()) if name in LEADS.keys else name


def screen(past: History, allowed: Collection[str], false_discoveries: float) -> list[Studied]:
    """Every attribute of the history, judged; arguments as those of `learn`."""
    headers = LEADS.headers()
    ticked = {headers.get(name.strip().lower(), name) for name in allowed}
    studied = [_studied(name, past, name in ticked) for name in map(str, past.traits)]
    free = [place for place, each in enumerate(studied) if each.free]
    judged = _judged([studied[place] for place in free], false_discoveries)
    for place, each in zip(free, judged, strict=True):
        studied[place] = each
    return studied


def _studied(name: str, past: History, ticked: bool) -> Studied:
    cells = typed(past.traits[name])
    blank = blanks(cells)
    flag = flagged.by_name(name) or flagged.by_cells(cells, blank)
    if flag and flag.kind in _HOPELESS and not (ticked and flag.kind == "identifier"):
        return Studied(name, flag)
    candidate = attribute(name, cells, past.top)
    groups = candidate.grouped()
    flag = flag or flagged.too_good(
        auc_of_classes(*groups), float((~blank)[past.top].mean()), float((~blank)[~past.top].mean())
    )
    sides = [
        np.bincount(candidate.codes[side], minlength=len(candidate.best)) for side in _sides(past)
    ]
    flag = flag or flagged.one_sided(auc_of_classes(*sides), *sides)
    value = information_value(*groups)
    p = p_values(candidate.counted()) * candidate.tried if candidate.traits else np.empty(0)
    chance = float(p.min(initial=1.0))
    left = None if ticked else flag
    return Studied(name, left, candidate, value, p, chance, p < 0, warning=flag)


def _sides(past: History) -> tuple[Flags, Flags]:
    return past.won, ~past.won


def _judged(studied: Sequence[Studied], false_discoveries: float) -> list[Studied]:
    """Which attributes pass, for all that were tried, and which of their traits."""
    if not studied:
        return []
    chances = discovery_rates(np.array([each.chance for each in studied]))
    passing = chances <= false_discoveries
    passed = [
        (each.p <= TRAIT_BY_CHANCE * each.attribute.tried) & ok
        for each, ok in zip(studied, passing, strict=True)
        if each.attribute
    ]
    traits = sum(len(each.p) for each in studied)
    held = sum(int(each.sum()) for each in passed)
    level = 1 - 0.05 * max(held, 1) / max(traits, 1)
    return [
        replace(each, chance=float(chance), passed=some, level=level)
        for each, chance, some in zip(studied, chances, passed, strict=True)
    ]


def held(each: Studied) -> Iterator[Found]:
    """The traits of an attribute that may become criteria."""
    if each.attribute is None or not each.passed.any():
        return
    lift = each.attribute.counted().lift
    for place in np.flatnonzero(each.passed):
        trait = each.attribute.traits[place]
        mask = each.attribute.mask(trait)
        yield Found(each.attribute, trait, float(each.p[place]), mask, bool(lift[place] > 1))
