"""The traits of an attribute that could become criteria, and how often each is seen.

Traits say what to look for, so each is also tried the other way round ("is not", "at most"); what
speaks against a lead becomes a criterion that the others meet.

All that is tried is fixed before looking at who the best customers are (the values that are
frequent enough, the words in longer texts, every stretch between ten cuts), so that the count of
tries is honest. Where a number's cuts matter is then read off a tree of at most four leaves grown
over those ten classes: scikit-learn's, because it is needed for the models anyway, where optbinning
would bring in two solvers for the same cuts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags
from smarketing_xl.blanks import SPACES
from smarketing_xl.parsing.text import fold
from smarketing_xl.personas.criteria import Criterion, Value
from smarketing_xl.stats.association import Counted, Counts

CLASSES = 10
LEAVES = 4
MOST_LEVELS = 60
MOST_WORDS = 40
_LEAST_SEEN = 20  # rows, and
_LEAST_SHARE = 0.01  # share of the history, that a trait is seen in


@dataclass(frozen=True)
class Trait:
    """Something a criterion can ask of an attribute, and the classes of values that have it."""

    operator: Any
    values: tuple[Value, ...]
    classes: Flags  # which classes of the attribute's `codes`

    def criterion(self, attribute: str, weight: float = 0.0) -> Criterion:
        """The trait as a criterion."""
        return Criterion(attribute, self.operator, self.values, weight)


@dataclass(frozen=True)
class Attribute:
    """An attribute cut into classes.

    codes: the class of each row; blanks are the last class. traits: what could be asked; tried: how
    many were looked at to find them.
    best, rest: rows by class among the best and the others. groups: the classes in at most some
    twenty groups, for the information value.
    """

    name: str
    codes: NDArray[np.intp]
    traits: tuple[Trait, ...]
    tried: int
    best: Counts
    rest: Counts
    groups: NDArray[np.intp]

    def counted(self) -> Counted:
        """How often each trait is seen."""
        classes = np.array([trait.classes for trait in self.traits]).reshape(len(self.traits), -1)
        best, seen = classes @ self.best, classes @ (self.best + self.rest)
        return Counted(best, seen, int(self.best.sum()), int(self.best.sum() + self.rest.sum()))

    def mask(self, trait: Trait) -> Flags:
        """The rows that have a trait."""
        return trait.classes[self.codes]

    def grouped(self) -> tuple[Counts, Counts]:
        """Rows by group among the best and the others."""
        count = int(self.groups.max()) + 1
        return (
            np.bincount(self.groups, self.best, count).astype(np.int64),
            np.bincount(self.groups, self.rest, count).astype(np.int64),
        )


def blanks(cells: pd.Series[Any]) -> Flags:
    """Where a column holds nothing (see `smarketing_xl.blanks`)."""
    if pd.api.types.is_string_dtype(cells) or cells.dtype == object:
        codes, distinct = pd.factorize(cells.to_numpy(dtype=object))
        empty = np.array([not re.sub(SPACES, "", str(text)) for text in distinct] + [True])
        return np.asarray(empty[codes])
    return cells.isna().to_numpy()


def attribute(name: str, cells: pd.Series[Any], top: Flags) -> Attribute:
    """An attribute of the history with its classes, traits and counts."""
    least = max(_LEAST_SEEN, int(np.ceil(_LEAST_SHARE * len(cells))))
    if pd.api.types.is_bool_dtype(cells) or isinstance(cells.dtype, pd.BooleanDtype):
        return _yes_no(name, cells, top, least)
    if pd.api.types.is_numeric_dtype(cells):
        return _numbers(name, cells.to_numpy(dtype=float, na_value=np.nan), top, least)
    return _texts(name, cells, top, least)


def _made(
    name: str,
    codes: NDArray[np.intp],
    count: int,
    traits: list[Trait],
    tried: int,
    top: Flags,
    least: int,
    groups: NDArray[np.intp] | None = None,
) -> Attribute:
    best = np.bincount(codes[top], minlength=count)
    rest = np.bincount(codes[~top], minlength=count)
    filled = Trait("is_not_blank", (), np.arange(count) < count - 1)
    kept = [
        trait
        for trait in [*traits, filled]
        if least <= (best + rest)[trait.classes].sum() <= len(codes) - least
    ]
    groups = np.arange(count) if groups is None else groups
    return Attribute(name, codes, tuple(kept), tried + 1, best, rest, groups)


def _yes_no(name: str, cells: pd.Series[Any], top: Flags, least: int) -> Attribute:
    codes = np.asarray(cells.astype("boolean").astype("Int64").fillna(2), dtype=np.intp)
    traits = [Trait("is", (value,), np.arange(3) == int(value)) for value in (True, False)]
    return _made(name, codes, 3, traits, 2, top, least)


# --- texts --------------------------------------------------------------------------------------


def _texts(name: str, cells: pd.Series[Any], top: Flags, least: int) -> Attribute:
    raw, written = pd.factorize(cells.to_numpy(dtype=object))
    folded = [fold(str(text)) for text in written]
    names, distinct = pd.factorize(np.array([*folded, ""], dtype=object))
    texts = [*distinct]
    blank = texts.index("")
    codes = names[raw]
    seen = np.bincount(codes, minlength=len(texts))
    shown = _as_written(texts, names, written, np.bincount(raw[raw >= 0], minlength=len(written)))
    levels = [
        place
        for place in np.argsort(-seen, kind="stable")[: MOST_LEVELS + 1]
        if seen[place] >= least and place != blank and ";" not in texts[place]
    ]
    places = np.arange(len(texts))
    traits = [Trait("is", (shown[place],), places == place) for place in levels]
    others = [(places != place) & (places != blank) for place in levels]
    traits += [
        Trait("is_not", each.values, classes) for each, classes in zip(traits, others, strict=True)
    ]
    words = _words(texts, seen, least)
    traits += [
        Trait("contains", (word,), np.array([word in text for text in texts])) for word in words
    ]
    # Blanks are the last class.
    order = np.where(places == blank, len(texts) - 1, places - (places > blank))
    moved = [Trait(each.operator, each.values, _reordered(each.classes, order)) for each in traits]
    groups = np.full(len(texts), min(len(levels), 20) + 1)
    groups[order[levels[:20]]] = np.arange(len(levels[:20]))
    groups[-1] = min(len(levels), 20)
    return _made(name, order[codes], len(texts), moved, len(traits), top, least, groups)


def _reordered(classes: Flags, order: NDArray[np.intp]) -> Flags:
    reordered = np.empty_like(classes)
    reordered[order] = classes
    return reordered


def _as_written(
    texts: list[str], names: NDArray[np.intp], written: Any, counts: Counts
) -> dict[int, str]:
    """Each text as most people write it."""
    spellings: dict[int, str] = {}
    for place in np.argsort(counts, kind="stable"):
        spellings[int(names[place])] = " ".join(str(written[place]).split())
    return spellings


def _words(texts: list[str], seen: Counts, least: int) -> list[str]:
    """Words that enough rows have, of longer texts, and that several texts share."""
    counts: dict[str, int] = {}
    shared: dict[str, int] = {}
    for text, rows in zip(texts, seen, strict=True):
        for word in set(re.findall(r"\w{3,}", text)) - {text}:
            counts[word] = counts.get(word, 0) + int(rows)
            shared[word] = shared.get(word, 0) + 1
    frequent = [word for word, rows in counts.items() if rows >= least and shared[word] > 1]
    return sorted(frequent, key=lambda word: (-counts[word], word))[:MOST_WORDS]


# --- numbers ------------------------------------------------------------------------------------


def _numbers(name: str, numbers: NDArray[np.float64], top: Flags, least: int) -> Attribute:
    known = np.isfinite(numbers)
    edges = _edges(numbers[known])
    count = len(edges) + 2  # classes between the edges, and blank
    codes = np.where(known, np.searchsorted(edges, numbers, side="right"), count - 1)
    best = np.bincount(codes[top & known], minlength=count)[:-1]
    seen = np.bincount(codes[known], minlength=count)[:-1]
    leaves = _leaves(best, seen, least)
    bounded = {(first, count - 2) for first, _last in leaves} | {
        (0, last) for _first, last in leaves
    }
    traits = [
        _stretch(numbers[known], edges, first, last)
        for first, last in sorted(bounded | set(leaves))
        if (first, last) != (0, count - 2)
    ]
    stretches = (count - 1) * count // 2 - 1
    return _made(name, codes, count, traits, max(stretches, 0), top, least)


def _edges(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cuts into ten classes of like size, at readable numbers; between all values if few."""
    if not len(known):
        return np.array([])
    sample = np.unique(known)
    if len(sample) <= CLASSES:
        return np.asarray(sample[1:])
    cuts = np.quantile(known, np.arange(1, CLASSES) / CLASSES)
    readable = np.unique([_rounded(cut) for cut in cuts])
    return np.asarray(readable[(readable > sample[0]) & (readable <= sample[-1])])


def _rounded(number: float) -> float:
    return float(f"{number:.2g}")


def _leaves(best: Counts, seen: Counts, least: int) -> list[tuple[int, int]]:
    """Stretches of classes (first, last) that a small tree tells apart."""
    filled = np.flatnonzero(seen)
    if len(filled) < 2:
        return []
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_leaf_nodes=LEAVES,
        min_weight_fraction_leaf=min(0.5, max(0.05, least / max(int(seen.sum()), 1))),
        random_state=0,
    )
    classes = np.repeat(filled, 2)[:, None].astype(float)
    is_best = np.tile([1, 0], len(filled))
    weights = np.column_stack([best, seen - best])[filled].ravel().astype(float)
    leaf = tree.fit(classes, is_best, weights).apply(filled[:, None].astype(float))
    starts = filled[np.flatnonzero(leaf[1:] != leaf[:-1]) + 1].tolist()
    return list(zip([0, *starts], [*(start - 1 for start in starts), len(seen) - 1], strict=True))


def _stretch(
    known: NDArray[np.float64], edges: NDArray[np.float64], first: int, last: int
) -> Trait:
    classes = np.arange(len(edges) + 2)
    inside = (classes >= first) & (classes <= last)
    if last == len(edges):
        return Trait("at_least", (float(edges[first - 1]),), inside)
    highest = _just_below(float(edges[last]), float(known[known < edges[last]].max()))
    if first == 0:
        return Trait("at_most", (highest,), inside)
    if highest == edges[first - 1]:
        return Trait("is", (highest,), inside)
    return Trait("between", (float(edges[first - 1]), highest), inside)


def _just_below(edge: float, seen: float) -> float:
    """The shortest number from the highest value seen below an edge up to the edge."""
    for digits in range(-9, 12):
        shortest = (np.ceil(edge * 10.0**digits) - 1) / 10.0**digits
        if seen <= shortest < edge:
            return float(round(shortest, max(digits, 0)))
    return seen
