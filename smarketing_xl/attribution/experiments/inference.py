"""Did the change do anything? Difference in differences, judged by what chance could have dealt.

What was changed is compared with what was not, each against what was to be expected of it; the same
comparison under every other way that the experiment could have been dealt shows what chance does.
Under the hypothesis that the change did just so much, what came is what would have come anyway,
times that much where it was changed: so every size of effect can be tested, and the interval holds
those that are not rejected (Fisher 1935; Rosenbaum 2002, Observational Studies, chapter 2; test
inversion as in Garthwaite 1996, Biometrics 52:1387). It asks for no distribution of counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from smarketing_xl.arrays import Flags, Floats

FURTHEST = float(np.log(50))
"""Effects are looked for between a fiftieth and fifty times, as logarithms."""

HALVINGS = 24
_HALF = 0.5  # added to counts, so that none is nothing


class Effect(NamedTuple):
    """What a change did to all that came, as a share of it: -0.1 is a tenth less.

    low, high: its interval; -1 and infinity where nothing bounds it. p: the chance of a difference
    as large where the change does nothing.
    """

    estimate: float
    low: float
    high: float
    p: float


def differences(dealt: Flags, counts: Floats, base: Floats) -> Floats:
    """The logarithm of what came for each expected where changed, against where not: (..., ways).

    dealt: (ways, regions, weeks). counts: (..., regions, weeks). base: what came of each region in
    a week before, (..., regions). Expected of a region in a week is its base times what came of
    all regions in that week; of one region alone the same in every week.
    """
    shape = counts.shape[:-2]
    regions, weeks = counts.shape[-2:]
    expected = np.repeat(base[..., None], weeks, axis=-1)
    if regions > 1:
        expected = expected * counts.sum(axis=-2, keepdims=True)
    ways = dealt.reshape(len(dealt), -1).astype(np.float64).T
    came, due = counts.reshape(*shape, -1), expected.reshape(*shape, -1)
    came_in, due_in = came @ ways, due @ ways
    came_out = came.sum(-1, keepdims=True) - came_in
    due_out = due.sum(-1, keepdims=True) - due_in
    tiny = 1e-12
    found: Floats = np.log((came_in + _HALF) / (came_out + _HALF)) - np.log(
        (due_in + tiny) / (due_out + tiny)
    )
    return found


def p_values(found: Floats, at: Floats) -> tuple[Floats, Floats]:
    """The share of ways that differ as far upwards, and downwards, as what was seen.

    found: (..., ways). at: what was seen, (...).
    """
    seen, near = at[..., None], 1e-9
    return (found >= seen - near).mean(-1), (found <= seen + near).mean(-1)


def measure(
    dealt: Flags, changed: Flags, counts: Floats, base: Floats, level: float = 0.95
) -> Effect:
    """What the change did, with its interval and p value.

    dealt: every way (or many drawn) in which it could have been dealt; the real one need not be
    among them. changed: the real one, (regions, weeks). counts, base: as in `differences`.
    """
    real = (dealt == changed).all(axis=(1, 2))
    dealt = np.concatenate([changed[None], dealt[~real]])

    def tails(size: float) -> tuple[float, float]:
        anyway = counts * np.exp(-size * changed)
        found = differences(dealt, anyway, base)
        up, down = p_values(found, found[0])
        return float(up), float(down)

    alpha = (1 - level) / 2
    low = _where(lambda size: tails(size)[0] > alpha)
    high = _where(lambda size: tails(size)[1] <= alpha)
    middle = _where(lambda size: tails(size)[0] >= tails(size)[1])
    return Effect(
        float(np.expm1(middle)),
        -1.0 if low <= -FURTHEST + 1e-6 else float(np.expm1(low)),
        np.inf if high >= FURTHEST - 1e-6 else float(np.expm1(high)),
        min(1.0, 2 * min(tails(0.0))),
    )


def _where(turns: Callable[[float], bool]) -> float:
    """The effect from which on a statement holds, by halving."""
    low, high = -FURTHEST, FURTHEST
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if turns(middle) else (middle, high)
    return (low + high) / 2
