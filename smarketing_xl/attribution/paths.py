"""Journeys written as paths, such as "Search > E-mail > Search", with counts beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count
from operator import methodcaller

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.columns import merged
from smarketing_xl.attribution.types import Journeys, Value
from smarketing_xl.errors import BadData, Fault, NotEnoughData
from smarketing_xl.i18n import _

Numbers = Sequence[float] | np.ndarray | pd.Series


def from_paths(
    paths: Sequence[str] | np.ndarray | pd.Series,
    customers: Numbers,
    lost: Numbers | None = None,
    revenue: Numbers | None = None,
    *,
    separator: str = ">",
) -> Journeys:
    """Journeys from paths that are already counted.

    paths: channels in order, joined by the separator; spaces around a channel do not count, and
    names that differ in case are one channel.
    customers: journeys along the path that became customers. lost: those that did not (None: not
    known). revenue: what all customers of the path brought together. Raises BadData naming every
    row whose path is blank or whose number is missing or negative.

    >>> from_paths(["Search > E-mail", "Search"], [3, 1], [7, 4]).channels
    ('E-mail', 'Search')
    """
    texts = np.asarray(paths, dtype=object)
    columns = {"customers": _numbers(customers, texts.size, "customers")}
    if lost is not None:
        columns["lost"] = _numbers(lost, texts.size, "lost")
    if revenue is not None:
        columns["revenue"] = _numbers(revenue, texts.size, "revenue")
    _check(texts, columns)
    codes, lengths, channels = _split(texts, separator)
    return Journeys(
        channels,
        codes,
        np.concatenate(([0], np.cumsum(lengths))),
        columns["customers"],
        columns.get("lost", np.zeros(texts.size)),
        columns.get("revenue"),
        counted=True,
    )


def attribute_paths(
    paths: Sequence[str] | np.ndarray | pd.Series,
    customers: Numbers,
    lost: Numbers | None = None,
    model: str = "markov",
    revenue: Numbers | None = None,
    **settings: float,
) -> pd.DataFrame:
    """Credit by channel from counted paths, highest first: what the ATTRIBUTE formula shows.

    model: a name of models.MODELS. Revenue is credited where it is given, else customers.

    >>> attribute_paths(["Search > E-mail", "Search"], [3, 1], [7, 4], "last")["credit"].tolist()
    [3.0, 1.0]
    """
    from smarketing_xl.attribution.models import attribute

    journeys = from_paths(paths, customers, lost, revenue)
    value: Value = "customers" if revenue is None else "revenue"
    table = attribute(journeys, model, value=value, **settings)
    return table.sort_values("credit", ascending=False, kind="stable", ignore_index=True)


def top_paths(journeys: Journeys, most: int = 20) -> pd.DataFrame:
    """The paths from first touch to sale that brought most customers.

    rank, path, touches, customers, revenue (NaN where not known), conversion: customers / journeys.
    A channel met several times in a row is written once; of paths that brought as many the shorter
    comes first.
    """
    fresh = np.ones(len(journeys.codes), dtype=bool)
    fresh[1:] = journeys.codes[1:] != journeys.codes[:-1]
    fresh[journeys.firsts] = True
    codes, lengths = journeys.codes[fresh], np.add.reduceat(fresh.astype(np.int64), journeys.firsts)
    starts = np.cumsum(lengths) - lengths
    marks = _marks(codes, np.arange(len(codes)) - np.repeat(starts, lengths))
    _path, example, of = np.unique(
        np.add.reduceat(marks, starts), return_index=True, return_inverse=True
    )
    customers, walked = np.bincount(of, journeys.customers), np.bincount(of, journeys.weights)
    touches = np.bincount(of, journeys.lengths * journeys.weights)
    earned = journeys.revenue
    revenue = np.full(len(customers), np.nan) if earned is None else np.bincount(of, earned)
    best = np.lexsort((lengths[example], -customers))[:most]
    best = best[customers[best] > 0]
    steps = (codes[starts[at] : starts[at] + lengths[at]] for at in example[best])
    return pd.DataFrame(
        {
            "rank": np.arange(1.0, len(best) + 1),
            "path": [" > ".join(journeys.channels[code] for code in path) for path in steps],
            "touches": touches[best] / walked[best],
            "customers": customers[best],
            "revenue": revenue[best],
            "conversion": customers[best] / walked[best],
        }
    )


def _marks(codes: np.ndarray, places: np.ndarray) -> np.ndarray:
    """64-bit numbers whose sum over a path tells it from every other."""
    rng = np.random.default_rng(0)
    of_code, of_place = (
        rng.integers(1, 2**63, size=int(some.max(initial=0)) + 1, dtype=np.uint64)
        for some in (codes, places)
    )
    product: np.ndarray = of_code[codes] * of_place[places]
    return product


def _split(texts: np.ndarray, separator: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The channel code of every touch, the touches of every path, the names."""
    lengths = np.fromiter(map(methodcaller("count", separator), texts), np.int64, len(texts)) + 1
    spelled: defaultdict[str, int] = defaultdict(count().__next__)  # numbers in order of meeting
    steps = chain.from_iterable(map(methodcaller("split", separator), texts))
    raw = np.fromiter(map(spelled.__getitem__, steps), np.int32, int(lengths.sum()))
    names = [name.strip() for name in spelled]
    blank = np.array([not name for name in names], dtype=bool)
    if blank.any():
        rows = np.unique(np.repeat(np.arange(len(texts)), lengths)[blank[raw]])
        problem, remedy = _("The path has a step without a name"), _("Name it, or take it out")
        raise BadData([Fault(problem, remedy, row=int(row) + 1, value=texts[row]) for row in rows])
    codes, channels = merged(np.arange(len(names)), names)
    return codes[raw], lengths, channels


def _numbers(raw: Numbers, size: int, column: str) -> Floats:
    try:
        values = np.asarray(raw, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        raise BadData(
            Fault(_("Not all of these are numbers"), _("Give a number a path"), column=column)
        ) from None
    if values.size != size:
        raise BadData(
            Fault(
                _("{count} numbers for {paths} paths").format(count=values.size, paths=size),
                _("Give as many numbers as paths"),
                column=column,
            )
        )
    return values


def _check(texts: np.ndarray, columns: dict[str, Floats]) -> None:
    if not texts.size:
        raise NotEnoughData(_("There are no paths"), _("Give at least one path"))
    faults = [
        Fault(_("The path is blank"), _("Write the channels in order"), row=row + 1, value=text)
        for row, text in enumerate(texts)
        if not isinstance(text, str) or not text or text.isspace()
    ]
    for name, values in columns.items():
        bad = np.flatnonzero(~np.isfinite(values) | ((values < 0) & (name != "revenue")))
        faults += [
            Fault(
                _("This count cannot be"),
                _("Give a number of 0 or more"),
                row=int(row) + 1,
                column=name,
                value=float(values[row]),
            )
            for row in bad
        ]
    if faults:
        raise BadData(faults)
