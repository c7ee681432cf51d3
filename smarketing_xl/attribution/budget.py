"""A budget to propose: where the next coin earns most, within limits, as far as readings agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.errors import Fault, OutOfRange
from smarketing_xl.i18n import _

HALVINGS = 100
"""Steps in which the price of the last coin is found; the range is e^120 wide."""


@dataclass(frozen=True)
class Response:
    """What a proposal assumes.

    elasticity: 1 % more spent on a channel earns so many % more (below 1: ever less per coin).
    most_change: no channel's spend moves by more than this share of today's.
    """

    elasticity: float = 0.5
    most_change: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.elasticity < 1 or not 0 <= self.most_change < np.inf:
            raise OutOfRange(
                _("A response of {elasticity} within {change} cannot be").format(
                    elasticity=self.elasticity, change=self.most_change
                ),
                _("Give an elasticity between 0 and 1 and a largest change of 0 or more"),
            )

    @property
    def assumption(self) -> str:
        """The assumption as a sentence."""
        return _(
            "The proposed budget keeps the total, moves only what Markov, Shapley and the rates"
            " with and without a channel agree on beyond chance, assumes that 10 % more spend on"
            " a channel brings {more} % more revenue, and moves no channel by more than {change} %."
            " It knows only the past: try it in steps."
        ).format(more=f"{10 * self.elasticity:g}", change=f"{100 * self.most_change:g}")


@dataclass(frozen=True, eq=False)
class Reading:
    """What one way to read the history credits each channel with.

    name: as it stands in a sentence. credits: (channels,), in money or customers. draws: the same
    had chance dealt other journeys, (resamples, channels).
    """

    name: str
    credits: Floats
    draws: Floats


@dataclass(frozen=True, eq=False)
class Advice:
    """A budget by channel that holds under every reading, and how far the readings go.

    budget: spend to propose; low, high: the lowest and highest that any reading proposes within its
    interval. disputes: for each channel the names of two readings that contradict each other.
    """

    budget: Floats
    low: Floats
    high: Floats
    disputes: tuple[tuple[str, str] | None, ...]


def advise(
    cost: Floats,
    readings: Sequence[Reading],
    response: Response | None = None,
    lowest: Floats | None = None,
    highest: Floats | None = None,
    elasticity: Floats | None = None,
    known: Flags | None = None,
    level: float = 0.95,
) -> Advice:
    """The moves of spend that all readings agree on, beyond chance, for the same total.

    Each draw of each reading has a best budget (`propose`). A channel moves only where the interval
    of these lies on one side of today's spend under every reading, and then by the least of what
    they say: so money is moved by a difference of return that is more than chance, never by credit
    alone. What is to rise and what is to fall are then made equal: where more is to rise, the
    channels give whose next coin earns less than that of each that rises, beyond chance and under
    every reading; what cannot be found so stays where it is. Without
    readings nothing moves but what typed limits ask for, nor does a channel that is not known (no
    touch of it was recorded). cost, lowest, highest, elasticity: as in `propose`. level: the chance
    that nothing is moved where all return the same; each channel has its part of the rest
    (Bonferroni).
    """
    response = response or Response()
    low, high = _room(cost, response, lowest, highest)
    total = float(cost.sum())
    _check(low, high, total)
    start = _filled_up(np.clip(cost, low, high), low, high, total)
    tail = (1 - level) / 2 / max(int((cost > 0).sum()), 1)
    least, most = start, start
    best: list[Floats] = []
    for reading in readings:
        wanted = propose(cost, reading.draws, response, lowest, highest, elasticity)
        ends = np.quantile(wanted, [tail, 1 - tail], axis=0)
        least = ends[0] if not best else np.minimum(least, ends[0])
        most = ends[1] if not best else np.maximum(most, ends[1])
        mean = None if elasticity is None else np.atleast_2d(elasticity).mean(0)
        best.append(propose(cost, reading.credits, response, lowest, highest, mean))
    if known is not None:
        least, most = np.where(known, least, start), np.where(known, most, start)
    disputes = _disputes(readings, best, start, (1 - level) / 2)
    moves = np.clip(start, least, most) - start
    free = (moves == 0) & (cost > 0) & np.array([dispute is None for dispute in disputes])
    free &= True if known is None else known
    bend = response.elasticity if elasticity is None else elasticity
    slopes = [bend * reading.draws / np.where(cost > 0, cost, 1) for reading in readings]
    up, down = moves.clip(min=0), -moves.clip(max=0)
    lack = up.sum() - down.sum()
    if lack > 0:
        down += _shared(lack, (start - low) * (free & _apart(slopes, up > 0, -1, tail)))
    else:
        up += _shared(-lack, (high - start) * (free & _apart(slopes, down > 0, 1, tail)))
    both = min(up.sum(), down.sum())
    budget = start + _shared(both, up) - _shared(both, down)
    return Advice(budget, least, most, disputes)


def _apart(slopes: Sequence[Floats], others: Flags, side: int, tail: float) -> Flags:
    """Channels whose next coin earns more (side 1) or less (-1) than that of every other named,
    beyond chance and under every reading."""
    apart: Flags = np.full(len(others), bool(slopes) and bool(others.any()))
    for slope in slopes:
        for other in np.flatnonzero(others):
            apart &= (side * (slope - slope[:, [other]]) > 0).mean(0) >= 1 - tail
    return apart


def _shared(amount: float, room: Floats) -> Floats:
    """An amount shared in proportion to the room there is, and no more than that."""
    whole = float(room.sum())
    shared: Floats = room * min(1.0, amount / whole) if whole > 0 else room
    return shared


def propose(
    cost: Floats,
    earned: Floats,
    response: Response | None = None,
    lowest: Floats | None = None,
    highest: Floats | None = None,
    elasticity: Floats | None = None,
) -> Floats:
    """The spend by channel that earns most in all, for the same total.

    cost: spend today, (channels,). earned: revenue credited, (..., channels). lowest, highest:
    limits in money (NaN: those of the response). elasticity: that of each channel where it was
    measured, of a shape that goes with earned; else the response's. With earnings
    e (s / c) ^ elasticity, the last coin earns the same wherever no limit holds:
    s = c (elasticity e / (c λ)) ^ (1 / (1 - elasticity)), with λ found by halving.
    A channel without spend today stays without: nothing is known of what it would earn.
    Raises OutOfRange where the limits leave no room for the total.
    """
    response = response or Response()
    low, high = _room(cost, response, lowest, highest)
    total = float(cost.sum())
    _check(low, high, total)
    if not total:
        return np.zeros_like(earned)
    bend = np.asarray(response.elasticity if elasticity is None else elasticity)
    marginal = bend * np.where(cost > 0, np.maximum(earned, 0), 0) / np.where(cost > 0, cost, 1)

    def spend(price: Floats) -> Floats:
        with np.errstate(over="ignore"):
            wanted = cost * (marginal / price[..., None]) ** (1 / (1 - bend))
        return np.clip(wanted, low, high)

    middle = np.log(np.maximum(marginal.max(-1, initial=0), 1e-12))
    down, up = middle - 60.0, middle + 60.0
    for _step in range(HALVINGS):
        middle = (down + up) / 2
        more = spend(np.exp(middle)).sum(-1) > total
        down, up = np.where(more, middle, down), np.where(more, up, middle)
    return _filled_up(spend(np.exp(up)), low, high, total)


def _room(
    cost: Floats, response: Response, lowest: Floats | None, highest: Floats | None
) -> tuple[Floats, Floats]:
    """The lowest and highest spend of each channel."""
    paid = cost > 0
    low = np.where(paid, cost * max(0.0, 1 - response.most_change), 0.0)
    high = np.where(paid, cost * (1 + response.most_change), 0.0)
    least, most = (
        np.full(len(cost), np.nan) if limit is None else limit for limit in (lowest, highest)
    )
    high = np.where(np.isnan(most), np.fmax(high, least), most)
    low = np.where(np.isnan(least), np.minimum(low, high), least)
    return low, high


def _filled_up(amounts: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """Spends that add up to the total: what is over or short is shared by the room there is."""
    rest = total - amounts.sum(-1, keepdims=True)
    room = np.where(rest > 0, high - amounts, amounts - low)
    whole = room.sum(-1, keepdims=True)
    part = np.divide(rest, whole, out=np.zeros_like(whole), where=whole > 0)
    filled: Floats = amounts + room * part
    return filled


def _disputes(
    readings: Sequence[Reading], best: Sequence[Floats], start: Floats, tail: float
) -> tuple[tuple[str, str] | None, ...]:
    """Two readings contradict each other about a channel where their intervals of credit do not
    meet and they would move its spend in opposite directions."""
    found: list[tuple[str, str] | None] = [None] * len(start)
    near = 0.01 * start
    ways = [
        np.where(np.abs(spend - start) > near, np.sign(spend - start), 0).astype(int)
        for spend in best
    ]
    ends = [np.quantile(reading.draws, [tail, 1 - tail], axis=0) for reading in readings]
    for one, other in combinations(range(len(readings)), 2):
        apart: Flags = (ends[one][0] > ends[other][1]) | (ends[other][0] > ends[one][1])
        for channel in np.flatnonzero(apart & (ways[one] * ways[other] < 0)):
            found[channel] = found[channel] or (readings[one].name, readings[other].name)
    return tuple(found)


def _check(low: Floats, high: Floats, total: float) -> None:
    near = 1e-9 * max(total, 1)
    faults = []
    if (low < 0).any() or (low > high + near).any():
        faults.append(Fault(_("A lowest spend lies above the highest"), _("Change the limits")))
    elif low.sum() > total + near:
        faults.append(Fault(_("The lowest spends exceed the budget"), _("Lower them")))
    elif high.sum() < total - near:
        faults.append(Fault(_("The highest spends do not use the budget"), _("Raise them")))
    if faults:
        raise OutOfRange(faults)
