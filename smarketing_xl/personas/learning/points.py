"""From traits that hold to a short persona: few criteria, with points that add up.

The points are those of a logistic regression on the traits (how much each adds once the others are
known), scaled so that the weightiest is worth 30. Traits that say the same as a stronger one are
left out, values that are worth the same become one row, and at most twelve rows remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags
from smarketing_xl.personas.criteria import Value
from smarketing_xl.personas.learning.traits import Attribute, Trait
from smarketing_xl.personas.patterns import compile_patterns

HEAVIEST = 30.0
MOST_ROWS = 12
_MOST_TRAITS = 60
_SAME = 0.9  # correlation from which two traits say the same
_SHRINK = 2.0  # of each coefficient towards 0, in cases
_RELUCTANCE = 0.003  # the same for points against a lead, which a score of 0 cuts off: of all rows
_LEAST_POINTS = 2.0  # of the weightiest's 30, below which a row only costs reading
_ALIKE = 4.0  # points by which values may differ and still share a row
_SHARED_BY = {"is": ("one_of", np.logical_or), "is_not": ("is_not", np.logical_and)}


@dataclass(frozen=True)
class Found:
    """A trait that holds: of which attribute, how surely, which rows of the history have it.

    speaks_for: the best customers have it more often than others.
    """

    attribute: Attribute
    trait: Trait
    chance: float
    mask: Flags
    speaks_for: bool = True
    weight: float = 0.0

    @property
    def name(self) -> str:
        """The name of the attribute that the trait is of."""
        return self.attribute.name


def fit_points(found: Sequence[Found], top: Flags) -> tuple[list[Found], list[tuple[Found, Found]]]:
    """The rows of a persona with their points, and what was left out for saying the same.

    found: traits that hold. top: the best customers. Returns rows, weightiest first, and pairs
    (left out, the one it repeats).
    """
    surest = sorted(found, key=lambda each: each.chance)[:_MOST_TRAITS]
    kept, repeated = different(sorted(surest, key=_harder_to_say))
    if not kept:
        return [], repeated
    merged, _covered = different(_merged(_weighed(kept, top)))
    strongest = sorted(merged, key=lambda each: -abs(each.weight) * each.mask.std())[:MOST_ROWS]
    rows = [each for each in _weighed(strongest, top) if abs(each.weight) >= _LEAST_POINTS]
    return sorted(rows, key=lambda each: -each.weight), repeated


def _harder_to_say(each: Found) -> tuple[bool, bool]:
    """Of traits that say the same, the first stays: what speaks for a lead, and whole values."""
    return not each.speaks_for, each.trait.operator == "contains"


def different(traits: Sequence[Found]) -> tuple[list[Found], list[tuple[Found, Found]]]:
    """Those that say something new, and pairs of a repetition and what it repeats."""
    kept: list[Found] = []
    repeated: list[tuple[Found, Found]] = []
    for each in traits:
        same = next((other for other in kept if _correlation(each, other) > _SAME), None)
        if same is None:
            kept.append(each)
        else:
            repeated.append((each, same))
    return kept, repeated


def _correlation(one: Found, other: Found) -> float:
    """Of two yes/no columns (phi), whatever its sign; 0 where one of them is always the same."""
    rows, both = len(one.mask), np.count_nonzero(one.mask & other.mask)
    first, second = np.count_nonzero(one.mask), np.count_nonzero(other.mask)
    spread = float(first) * (rows - first) * second * (rows - second)
    return abs(float(rows * both - first * second)) / np.sqrt(spread) if spread else 0.0


def _weighed(traits: Sequence[Found], top: Flags) -> list[Found]:
    """Each with whole points in proportion to what it adds."""
    signs = [1.0 if each.speaks_for else -1.0 for each in traits]
    added = log_odds([each.mask for each in traits], signs, top)
    points = added * HEAVIEST / max(np.abs(added).max(), 1e-9)
    return [
        replace(each, weight=float(round(point)))
        for each, point in zip(traits, points, strict=True)
    ]


def log_odds(masks: Sequence[Flags], signs: Sequence[float], top: Flags) -> NDArray[np.float64]:
    """Log odds of being one of the best that each trait adds to the others.

    Logistic regression whose coefficients keep the sign each trait has alone (a trait of good
    customers never costs points), shrunk a little towards 0, so that what adds next to nothing
    gets nothing.
    """
    from scipy.optimize import minimize

    codes, distinct = compile_patterns(masks)
    rows = np.bincount(codes).astype(float)
    best = np.bincount(codes, top)
    x = np.column_stack([np.ones(len(rows)), *distinct]).astype(np.float64)
    towards = np.asarray(signs)
    shrink = np.where(towards > 0, _SHRINK, _SHRINK + _RELUCTANCE * len(top))

    def loss(beta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = x @ beta
        value = (rows * np.logaddexp(0, odds) - best * odds).sum()
        value += (shrink * np.abs(beta[1:])).sum() + (beta[1:] ** 2).sum() / 2
        gradient = x.T @ (rows / (1 + np.exp(-np.clip(odds, -30, 30))) - best)
        gradient[1:] += shrink * towards + beta[1:]
        return float(value), gradient

    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) for sign in signs)]
    fitted = minimize(loss, np.zeros(x.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(fitted.x[1:], dtype=float)


def _merged(traits: Sequence[Found]) -> list[Found]:
    """Values of one attribute that are worth about the same, in one row."""
    rows = [each for each in traits if each.trait.operator not in _SHARED_BY]
    alike: dict[tuple[str, str], list[Found]] = {}
    for each in traits:
        if each.trait.operator in _SHARED_BY:
            alike.setdefault((each.name, each.trait.operator), []).append(each)
    for values in alike.values():
        group: list[Found] = []
        for each in sorted(values, key=lambda trait: (trait.speaks_for, trait.weight)):
            if group and _apart(group[0], each):
                rows.append(_together(group))
                group = []
            group.append(each)
        rows.append(_together(group))
    return rows


def _apart(one: Found, other: Found) -> bool:
    return one.speaks_for != other.speaks_for or other.weight - one.weight > _ALIKE


def _together(group: list[Found]) -> Found:
    """One row for several values: any of them, or none of them."""
    if len(group) == 1:
        return group[0]
    operator, either = _SHARED_BY[group[0].trait.operator]
    values: tuple[Value, ...] = tuple(value for each in group for value in each.trait.values)
    classes = either.reduce([each.trait.classes for each in group])
    mask = either.reduce([each.mask for each in group])
    chance = min(each.chance for each in group)
    return replace(group[0], trait=Trait(operator, values, classes), chance=chance, mask=mask)
