"""Markov attribution, exact: what would be lost if a channel were taken out of every journey.

Journeys are read as a chain: from the start, over states (the last `order` channels touched), to
won or lost. With Q the probabilities between states, r what a state earns on closing, and
N = (I - Q)^-1 the expected visits, b = N r is what is earned from each state on. A channel taken
out sends every journey that meets it to lost; with S the states that end in that channel, the loss
is  visits[S] · N[S, S]^-1 · b[S],  so one inverse answers for all channels (for order 1:
RE_k = N[0,k] b_k / (N[k,k] b_0)). Credit is what was earned, shared in proportion to these removal
effects. Above `DENSE` states the same equations are solved by iteration, to 1e-13.

Revenue and margin: a state earns on closing what journeys that closed from it earned on average.
States that earn less than nothing are credited apart from the others, and the two are added.

Anderl, Becker, von Wangenheim, Schumann: Mapping the customer journey, IJRM 33 (2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.types import Groups, Journeys, Prepared, Value, credit_table, tally
from smarketing_xl.errors import OutOfRange
from smarketing_xl.i18n import _

ORDERS = (1, 2, 3, 4)
DENSE = 2000
TABLE = 20_000_000  # cells up to which a table beats sorting
BATCH = 20_000_000  # numbers of the matrices inverted at a time


def markov_credit(
    journeys: Journeys, *, value: Value = "customers", order: int = 1
) -> pd.DataFrame:
    """Credit in proportion to what would be lost without the channel.

    order: how many touches back the chain remembers, 1 to 4. Where no lost journeys are known,
    every removal effect is the share of journeys that meet the channel.
    Returns channel, credit, share, error. Raises OutOfRange for another order.
    """
    return credit_table(journeys, prepare_markov(journeys, value, order).credits())


def removal_effects(
    journeys: Journeys, *, value: Value = "customers", order: int = 1
) -> pd.DataFrame:
    """channel, removal_effect: the share of all gains that is lost without the channel."""
    chain = _chain(journeys, order)
    effects, _totals = _solve(chain, _sums(chain, journeys, value, None))
    return pd.DataFrame(
        {"channel": pd.Series(journeys.channels, dtype="str"), "removal_effect": effects[0, 0]}
    )


def transitions(journeys: Journeys) -> pd.DataFrame:
    """origin, destination, probability. The start is "(start)", the ends "(won)" and "(lost)"."""
    chain = _chain(journeys, 1)
    counts = _sums(chain, journeys, "customers", None)[0, : chain.edges]
    leaving = np.bincount(chain.origin, counts, chain.size + 1)
    names = np.array([*journeys.channels, "(start)"], dtype=object)
    ends = np.array([*journeys.channels, "(won)", "(lost)"], dtype=object)
    table = pd.DataFrame(
        {
            "origin": names[chain.origin],
            "destination": ends[chain.destination],
            "probability": counts / np.maximum(leaving[chain.origin], 1e-300),
        }
    )
    return table[counts > 0].reset_index(drop=True)


def prepare_markov(journeys: Journeys, value: Value, order: int = 1) -> Prepared:
    """Markov in two steps: counts of steps, which add up, and the chain solved from them."""
    chain = _chain(journeys, order)

    def solve(sums: Floats) -> Floats:
        effects, totals = _solve(chain, sums)
        whole = effects.sum(-1, keepdims=True)
        shares = np.divide(effects, whole, out=np.zeros_like(effects), where=whole > 0)
        credits: Floats = (shares * totals[..., None]).sum(1)
        return credits

    return Prepared(lambda groups: _sums(chain, journeys, value, groups), solve)


def states(journeys: Journeys, order: int) -> int:
    """How many states the chain of this order has."""
    return _chain(journeys, order).size


@dataclass(frozen=True)
class _Chain:
    """States 0 to size - 1; as an origin, `size` is the start; as a destination, won (then lost).

    channel: the channel each state ends in. origin, destination: of each step that occurs.
    begin, won, lost: for each journey, its first step and its two possible last ones.
    inner: for each touch, the step to the next touch (`edges` after a journey's last touch).
    """

    size: int
    channels: int
    channel: Ints
    origin: Ints
    destination: Ints
    begin: Ints
    won: Ints
    lost: Ints
    inner: Ints

    @property
    def edges(self) -> int:
        return len(self.origin)


def _chain(journeys: Journeys, order: int) -> _Chain:
    if order not in ORDERS:
        raise OutOfRange(
            _("A chain of order {order} cannot be worked out").format(order=order),
            _("Choose an order from 1 to 4"),
        )
    state, channel = _states(journeys, order)
    size, cells = len(channel), (len(channel) + 1) * (len(channel) + 2)
    inner = np.full(len(state), cells, dtype=np.int64)
    inner[:-1] = state[:-1] * (size + 2) + state[1:]
    inner[journeys.lasts] = cells
    final = state[journeys.lasts] * (size + 2)
    keys = (size * (size + 2) + state[journeys.firsts], final + size, final + size + 1)
    occurring, (inner, begin, won, lost) = _numbered([inner, *keys], cells)
    return _Chain(
        size,
        len(journeys.channels),
        channel,
        occurring // (size + 2),
        occurring % (size + 2),
        begin,
        won,
        lost,
        inner,
    )


def _states(journeys: Journeys, order: int) -> tuple[Ints, Ints]:
    """The state at every touch, and the channel that each state ends in."""
    codes = journeys.codes.astype(np.int64)
    if order == 1:
        return codes, np.arange(len(journeys.channels))
    base = len(journeys.channels) + 1
    place = np.arange(len(codes)) - np.repeat(journeys.firsts, journeys.lengths)
    history = codes + 1
    for back in range(1, order):
        earlier = place >= back
        history[earlier] += (codes[np.flatnonzero(earlier) - back] + 1) * base**back
    occurring, (state,) = _numbered([history], base**order)
    return state, occurring % base - 1


def _numbered(keys: list[Ints], cells: int) -> tuple[Ints, list[Ints]]:
    """The keys below `cells` that occur, and each list with keys replaced by their place there.

    The key `cells` itself means none: it becomes the number of keys that occur.
    """
    if cells > TABLE:
        together, place = np.unique(np.concatenate(keys), return_inverse=True)
        occurring = together[together < cells]
        return occurring, np.split(place, np.cumsum([len(key) for key in keys])[:-1])
    seen = np.zeros(cells + 1, dtype=bool)
    for key in keys:
        seen[key] = True
    seen[cells] = False
    occurring = np.flatnonzero(seen)
    place = np.full(cells + 1, len(occurring), dtype=np.int64)
    place[occurring] = np.arange(len(occurring))
    return occurring, [place[key] for key in keys]


def _sums(chain: _Chain, journeys: Journeys, value: Value, groups: Groups | None) -> Floats:
    """Counts of each step, then what was earned on closing from each state."""
    weights = journeys.weights
    each = None if (weights == 1).all() else np.repeat(weights, journeys.lengths)
    steps = tally(chain.inner, chain.edges + 1, each, groups, journeys.lengths)[:, :-1]
    for step, weight in (
        (chain.begin, weights),
        (chain.won, journeys.customers),
        (chain.lost, journeys.lost),
    ):
        steps = steps + tally(step, chain.edges, weight, groups)
    closing = chain.origin[chain.won]
    return np.hstack([steps, tally(closing, chain.size, journeys.earned(value), groups)])


def _solve(chain: _Chain, sums: Floats) -> tuple[Floats, Floats]:
    """Removal effects (sets, gains and losses, channels), totals (sets, gains and losses)."""
    counts = sums[:, : chain.edges]
    earned = sums[:, None, chain.edges :]
    if (earned < 0).any():
        earned = np.concatenate([np.maximum(earned, 0), np.minimum(earned, 0)], axis=1)
    leaving = np.zeros((len(sums), chain.size + 1))
    np.add.at(leaving.T, chain.origin, counts.T)
    leaving = np.maximum(leaving, 1e-300)
    chances = counts / leaving[:, chain.origin]
    earns = earned / leaving[:, None, :-1]
    if chain.size > DENSE:
        parts = [_by_iteration(chain, *each) for each in zip(chances, earns, strict=True)]
    else:
        step = max(1, BATCH // max(chain.size, 1) ** 2)
        parts = [
            _by_inverse(chain, chances[at : at + step], earns[at : at + step])
            for at in range(0, len(sums), step)
        ]
    return np.concatenate(parts), earned.sum(-1)


def _by_inverse(chain: _Chain, chances: Floats, earns: Floats) -> Floats:
    size, sets = chain.size, len(chances)
    within = (chain.origin < size) & (chain.destination < size)
    opening = chain.origin == size
    left = np.zeros((sets, size, size))
    left[:, chain.origin[within], chain.destination[within]] = -chances[:, within]
    left += np.eye(size)
    start = np.zeros((sets, size))
    start[:, chain.destination[opening]] = chances[:, opening]
    visits = np.linalg.inv(left)
    from_start = np.einsum("bi,bij->bj", start, visits)
    onward = np.einsum("bij,bkj->bki", visits, earns)
    whole = np.einsum("bi,bki->bk", start, onward)
    lost = np.empty((sets, earns.shape[1], chain.channels))
    for code in range(chain.channels):
        ends = np.flatnonzero(chain.channel == code)
        block = visits[:, ends[:, None], ends]
        met = np.linalg.solve(block, onward[:, :, ends].swapaxes(1, 2))
        lost[:, :, code] = np.einsum("bi,bik->bk", from_start[:, ends], met)
    return _relative(lost, whole)


def _by_iteration(chain: _Chain, chances: Floats, earns: Floats) -> Floats:
    """One set of chances. Column 0 keeps every channel, column k + 1 takes channel k out."""
    size = chain.size
    within = np.flatnonzero((chain.origin < size) & (chain.destination < size))
    origin, destination = chain.origin[within], chain.destination[within]
    starts = np.flatnonzero(np.diff(origin, prepend=-1))  # steps are ordered by origin
    opening = chain.origin == size
    first, chance = chain.destination[opening], chances[opening, None]
    effects = np.empty((1, len(earns), chain.channels))
    for kind, earn in enumerate(earns):
        known = np.repeat(earn[:, None], chain.channels + 1, axis=1)
        known[np.arange(size), chain.channel + 1] = 0
        onward, change = known, np.inf
        while True:
            following = known.copy()
            flow = chances[within, None] * onward[destination]
            following[origin[starts]] += np.add.reduceat(flow, starts)
            following[np.arange(size), chain.channel + 1] = 0
            before, change = change, float(np.abs(following - onward).max())
            onward = following
            slow = min(change / before, 1 - 1e-9) if before else 0.0
            if change * max(slow, 0.5) / (1 - slow) <= 1e-13 * np.abs(onward).max():
                break
        kept = (chance * onward[first]).sum(0)
        effects[:, kind] = _relative(kept[None, :1] - kept[None, 1:], kept[None, 0])
    return effects


def _relative(lost: Floats, whole: Floats) -> Floats:
    return np.divide(lost, whole[..., None], out=np.zeros_like(lost), where=whole[..., None] != 0)
