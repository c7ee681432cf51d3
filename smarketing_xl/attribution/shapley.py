"""Shapley attribution: each channel's fair share of what the channels earn together.

The game. Journeys that met the channels T earn on average w(T) each, won and lost ones counted: a
rate, so that the journeys that did not convert matter. Were only the channels S in use, a journey
of T would meet T ∩ S and earn w(T ∩ S); a journey without any touch earns nothing. Hence

    v(S) = sum over T of n(T) · w(T ∩ S),    v(all) = what was earned,

and the credits are the Shapley values of v. (The game "sum of conversions of journeys within S"
would be an equal split in disguise.) A combination seen in few journeys says little about its rate:
it is drawn towards the mean rate of its channels, as if `smoothing` more journeys had that rate;
what is left over goes in equal parts to the channels of T. A channel can have negative credit:
where journeys earn less with it than without.

Exact: with d the Harsanyi dividends of w and n(⊇U) the journeys that met at least U, the value of
channel i is the sum over U that contain i of n(⊇U) d(U) / |U|. Only the combinations met and their
parts count, however many channels there are. Where they are too many (never up to 15 channels),
orders of channels are sampled, each with its reverse, and the 95 % error bound is given.

Shapley, A value for n-person games (1953); Harsanyi (1959); Zhao, Mahboobi, Bagheri, Shapley value
methods for attribution modeling (2018), for games on rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.types import (
    Groups,
    Journeys,
    Prepared,
    Value,
    credit_table,
    tally,
    whole_share,
)

DENSE = 15  # channels up to which a table of all combinations beats sorting
PARTS = 1_000_000  # channels of combinations and of their parts, up to which values are exact
SMOOTHING = 10.0
BATCH = 4_000_000  # numbers worked on at a time
Met = NDArray[np.bool_]


def shapley_credit(
    journeys: Journeys,
    *,
    value: Value = "customers",
    smoothing: float = SMOOTHING,
    samples: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """The Shapley value of each channel.

    smoothing: journeys' worth of belief that a combination earns the mean rate of its channels.
    samples, seed: used only where there are too many combinations. Returns channel, credit, share,
    error (half the width of the 95 % bound of the sampling; 0 where exact).
    """
    sets = combinations(journeys)
    sums = sums_by_combination(sets, journeys, value, None)
    family = _family(sets.met)
    if family is not None:
        return credit_table(journeys, _exact(sets, family, sums, smoothing)[0])
    return credit_table(journeys, *_sampled(sets, sums[0], smoothing, samples, seed))


def prepare_shapley(
    journeys: Journeys,
    value: Value,
    smoothing: float = SMOOTHING,
    samples: int = 50,
    seed: int = 0,
) -> Prepared:
    """Shapley in two steps: journeys and earnings by combination, which add up, and the values."""
    sets = combinations(journeys)
    family = _family(sets.met)

    def solve(sums: Floats) -> Floats:
        if family is not None:
            return _exact(sets, family, sums, smoothing)
        return np.array([_sampled(sets, one, smoothing, samples, seed)[0] for one in sums])

    return Prepared(lambda groups: sums_by_combination(sets, journeys, value, groups), solve)


def is_exact(journeys: Journeys) -> bool:
    """Whether the values need no sampling."""
    return _family(combinations(journeys).met) is not None


@dataclass(frozen=True)
class Combinations:
    """The combinations of channels that journeys met.

    of: the combination of each journey. met: (combinations, channels), which channels it has.
    """

    of: Ints
    met: Met


def combinations(journeys: Journeys) -> Combinations:
    channels = len(journeys.channels)
    words = []
    for at in range(0, max(channels, 1), 62):
        bit = journeys.codes.astype(np.int64) - at
        inside = (bit >= 0) & (bit < 62)
        flags = np.where(inside, np.left_shift(1, np.where(inside, bit, 0)), 0)
        words.append(np.bitwise_or.reduceat(flags, journeys.firsts))
    if channels <= DENSE:
        seen = np.bincount(words[0], minlength=1 << channels) > 0
        occurring = np.flatnonzero(seen)[:, None]
        of = (np.cumsum(seen) - 1)[words[0]]
    else:
        occurring, of = np.unique(np.column_stack(words), axis=0, return_inverse=True)
    met = np.zeros((len(occurring), channels), dtype=bool)
    for code in range(channels):
        met[:, code] = occurring[:, code // 62] >> (code % 62) & 1
    return Combinations(of.ravel(), met)


def sums_by_combination(
    sets: Combinations, journeys: Journeys, value: Value, groups: Groups | None
) -> Floats:
    """Journeys of each combination, then what they earned."""
    size = len(sets.met)
    return np.hstack(
        [
            tally(sets.of, size, journeys.weights, groups),
            tally(sets.of, size, journeys.earned(value), groups),
        ]
    )


def _rates(met: Met, sums: Floats, smoothing: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Journeys, earnings and rate of each combination, and the rate of each channel."""
    journeys, earned = np.split(sums, 2, axis=-1)
    whole_share("smoothing", smoothing)
    with_channel = journeys @ met
    channel_rate = np.divide(
        earned @ met, with_channel, out=np.zeros_like(with_channel), where=with_channel > 0
    )
    expected = channel_rate @ (met / met.sum(1, keepdims=True)).T
    rate = _drawn(journeys, earned, expected, smoothing)
    return journeys, earned, rate, channel_rate


def _drawn(journeys: Floats, earned: Floats, expected: Floats, smoothing: float) -> Floats:
    weight = journeys + smoothing
    known = (earned + smoothing * expected) / np.where(weight > 0, weight, 1)
    return np.where(weight > 0, known, expected)


@dataclass(frozen=True)
class _Family:
    """The combinations met and all parts of them, a row each; row 0 is the one without channels.

    sizes: channels of each row. met: the row of each combination met. channel, row, without: for
    each row and each of its channels, ordered by channel, the row and that of it without the
    channel.
    """

    sizes: Ints
    met: Ints
    channel: Ints
    row: Ints
    without: Ints


def _family(met: Met) -> _Family | None:
    """All parts of the combinations met, the largest first taken apart; None where too many.

    A part is known by the sum of a random number of each of its channels (64 bits, so that two of
    them practically never share one).
    """
    sizes = met.sum(1)
    rng = np.random.default_rng(0)
    marks = rng.integers(0, 2**63, size=met.shape[1:], dtype=np.uint64)
    largest = int(sizes.max(initial=0))
    parts = np.empty((0, largest), dtype=np.int32)
    levels: list[tuple[NDArray[np.int32], Ints]] = []  # channels, and the rows one level below
    places = np.zeros(len(met), dtype=np.int64)
    total = 0
    for size in range(largest, 0, -1):
        own = np.flatnonzero(sizes == size)
        every = np.concatenate([np.nonzero(met[own])[1].reshape(-1, size).astype(np.int32), parts])
        known: NDArray[np.uint64] = marks[every].sum(axis=1, dtype=np.uint64)
        _known, firsts, place = np.unique(known, return_index=True, return_inverse=True)
        places[own] = place[: len(own)]
        if levels:
            levels[-1] = levels[-1][0], place[len(own) :]
        members = every[firsts]
        total += members.size
        if total > PARTS:
            return None
        levels.append((members, np.zeros(0, dtype=np.int64)))
        parts = np.concatenate([np.delete(members, at, axis=1) for at in range(size)])
    return _numbered(levels, sizes, places)


def _numbered(levels: list[tuple[NDArray[np.int32], Ints]], sizes: Ints, places: Ints) -> _Family:
    """Rows counted from the smallest parts up."""
    counts = np.array([1, *(len(members) for members, _below in reversed(levels))])
    starts = np.cumsum(counts) - counts  # of the rows of each size
    none = np.zeros(0, dtype=np.int64)
    columns: list[tuple[Ints, Ints, Ints]] = [(none, none, none)]
    for size, (members, below) in enumerate(reversed(levels), start=1):
        row = np.tile(starts[size] + np.arange(len(members)), size)
        beneath = below if size > 1 else np.zeros(len(members), dtype=np.int64)
        columns.append((members.T.ravel().astype(np.int64), row, starts[size - 1] + beneath))
    channel, row, without = map(np.concatenate, zip(*columns, strict=True))
    order = np.argsort(channel, kind="stable")
    return _Family(
        np.repeat(np.arange(len(counts)), counts),
        starts[sizes] + places,
        channel[order],
        row[order],
        without[order],
    )


def _exact(sets: Combinations, family: _Family, sums: Floats, smoothing: float) -> Floats:
    step = max(1, BATCH // len(family.sizes))
    parts = [
        _exactly(sets.met, family, sums[at : at + step], smoothing)
        for at in range(0, len(sums), step)
    ]
    return np.concatenate(parts)


def _exactly(met: Met, family: _Family, sums: Floats, smoothing: float) -> Floats:
    journeys, earned, rate, channel_rate = _rates(met, sums, smoothing)
    bounds = np.searchsorted(family.channel, np.arange(met.shape[1] + 1))
    steps = [
        (code, family.row[first:last], family.without[first:last])
        for code, (first, last) in enumerate(pairwise(bounds))
    ]
    sizes = np.maximum(family.sizes, 1)[:, None]
    dividend = np.zeros((len(sizes), len(sums)))
    for code, row, _without in steps:
        dividend[row] += channel_rate[:, code]
    dividend /= sizes  # the mean rate of the channels
    dividend[family.met] = rate.T
    above = np.zeros_like(dividend)
    above[family.met] = journeys.T
    for _code, row, without in steps:
        dividend[row] -= dividend[without]
        above[without] += above[row]
    dividend *= above / sizes
    credits = np.array([dividend[row].sum(0) for _code, row, _without in steps]).T
    return credits + _left_over(met, earned - journeys * rate)


def _left_over(met: Met, rest: Floats) -> Floats:
    shared: Floats = rest @ (met / met.sum(1, keepdims=True))
    return shared


def _sampled(
    sets: Combinations, sums: Floats, smoothing: float, samples: int, seed: int
) -> tuple[Floats, Floats]:
    """Credits and their 95 % error bounds from orders of channels drawn at random.

    Every combination's journeys meet its channels one by one in the order drawn; a channel gets
    what the rate rises by when it joins. Combinations are found by the sum of a random number of
    each channel (64 bits, so that two of them practically never share one).
    """
    rng = np.random.default_rng(seed)
    journeys, earned, rate, channel_rate = _rates(sets.met, sums, smoothing)
    row, member = np.nonzero(sets.met)
    sizes = sets.met.sum(1)
    firsts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    marks = rng.integers(0, 2**63, size=sets.met.shape[1:], dtype=np.uint64)
    known = np.add.reduceat(marks[member], firsts)
    by_mark = np.argsort(known)
    place = np.arange(len(row)) - np.repeat(firsts, sizes) + 1

    def values(order: Ints) -> Floats:
        joining = member[np.lexsort((order[member], row))]
        total, mark = np.cumsum(channel_rate[joining]), np.cumsum(marks[joining])
        expected = (total - np.repeat(total[firsts] - channel_rate[joining[firsts]], sizes)) / place
        mark -= np.repeat(mark[firsts] - marks[joining[firsts]], sizes)
        nearest = by_mark[np.minimum(np.searchsorted(known, mark, sorter=by_mark), len(known) - 1)]
        alike = np.where(known[nearest] == mark, rate[nearest], expected)
        rise = np.diff(alike, prepend=0.0)
        rise[firsts] = alike[firsts]
        return np.bincount(joining, rise * journeys[row], len(marks)).astype(np.float64)

    pairs = max(2, samples // 2)
    draws = np.empty((pairs, sets.met.shape[1]))
    for pair in range(pairs):
        order = rng.permutation(sets.met.shape[1])
        draws[pair] = (values(order) + values(-order)) / 2
    error = 1.96 * draws.std(0, ddof=1) / np.sqrt(pairs)
    return draws.mean(0) + _left_over(sets.met, earned - journeys * rate), error
