"""How sure credits are: intervals from journeys drawn again and again, the same on every run.

Bootstrap (Efron 1979). Models are sums over journeys followed by a small algebra (core.Prepared),
so the sums are taken once, for `GROUPS` random groups of equal size, and whole groups are drawn:
one matrix product gives the sums of all resamples. With no more journeys than groups this is the
plain bootstrap; with more, the spread is right up to some 2 % of itself. Above `JOURNEYS` journeys
a random part of them is drawn from, and the spread narrowed by the square root of the part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.markov import states
from smarketing_xl.attribution.models import model
from smarketing_xl.attribution.shapley import is_exact
from smarketing_xl.attribution.types import Groups, Journeys, Prepared, Value
from smarketing_xl.errors import NotEnoughData, OutOfRange
from smarketing_xl.i18n import _
from smarketing_xl.progress import steps

GROUPS = 2000
JOURNEYS = 1_000_000
NUMBERS = 8_000_000  # of the sums by group, at most
STATES = 400
PARTS = 20  # in which resamples are worked out


@dataclass(frozen=True, eq=False)
class Spread:
    """Credits with what they would have been had chance dealt other journeys.

    credits: (channels,). draws: (resamples, channels). level: of the intervals, such as 0.95.
    """

    channels: tuple[str, ...]
    credits: Floats
    draws: Floats
    level: float

    def table(self) -> pd.DataFrame:
        """channel, credit, low, high, rank (1: the most credit), rank_low, rank_high."""
        tail = (1 - self.level) / 2
        low, high = np.quantile(self.draws, [tail, 1 - tail], axis=0)
        ranks = _ranks(self.draws)
        best, worst = np.quantile(ranks, [tail, 1 - tail], axis=0, method="inverted_cdf")
        return pd.DataFrame(
            {
                "channel": pd.Series(self.channels, dtype="str"),
                "credit": self.credits,
                "low": low,
                "high": high,
                "rank": _ranks(self.credits[None])[0],
                "rank_low": best,
                "rank_high": worst,
            }
        )

    def ties(self) -> tuple[str, ...]:
        """A sentence for each two neighbours in rank that the data cannot tell apart."""
        order = np.argsort(-self.credits, kind="stable")
        doubt = (1 - self.level) / 2
        lines = []
        for one, other in pairwise(order):
            behind = float((self.draws[:, one] <= self.draws[:, other]).mean())
            if behind > doubt and self.credits[one] > 0:
                lines.append(
                    _(
                        "The data cannot tell {one} and {other} apart: either may bring more."
                    ).format(one=self.channels[one], other=self.channels[other])
                )
        return tuple(lines)


def bootstrap(
    journeys: Journeys,
    name: str = "markov",
    *,
    value: Value = "customers",
    resamples: int = 500,
    level: float = 0.95,
    seed: int = 1,
    **settings: Any,
) -> Spread:
    """Credits of a model with their spread over resampled journeys.

    name, settings: the model, see models.MODELS. level: share of resamples inside the interval.
    Journeys known as counted paths carry the mean revenue of each path: the spread of revenue
    within a path is not seen. Raises OutOfRange where `why_not` has a reason.
    """
    reason = why_not(journeys, name, **settings)
    if reason:
        raise OutOfRange(reason, _("Ask for its credits alone"))
    prepare = model(name).prepare
    return spread_of(journeys, partial(prepare, value=value, **settings), resamples, level, seed)


def spread_of(
    journeys: Journeys,
    prepare: Callable[[Journeys], Prepared],
    resamples: int = 500,
    level: float = 0.95,
    seed: int = 1,
) -> Spread:
    """The spread of whatever is worked out in two steps (types.Prepared) over resampled journeys.

    resamples, level, seed: as in `bootstrap`.
    """
    if not 0 < level < 1 or resamples < 2:
        raise OutOfRange(
            _("{resamples} resamples at a level of {level} cannot be").format(
                resamples=resamples, level=level
            ),
            _("Give at least 2 resamples and a level between 0 and 1"),
        )
    rng = np.random.default_rng(seed)
    credits = prepare(journeys).credits()
    singles, part = _singles(journeys, rng)
    prepared = prepare(singles)
    here = prepared.sums(None)
    count = min(len(singles), int(np.clip(NUMBERS // here.shape[1], 100, GROUPS)))
    groups = Groups(rng.permutation(np.arange(len(singles)) % count), count)
    times = rng.multinomial(count, np.full(count, 1 / count), resamples).astype(np.float64)
    drawn = times @ prepared.sums(groups)
    draws = np.concatenate([prepared.solve(some) for some in _one_by_one(drawn)]) / part
    if part < 1:
        draws = credits + (draws - prepared.solve(here) / part) * np.sqrt(part)
    return Spread(journeys.channels, credits, draws, level)


def why_not(journeys: Journeys, name: str, **settings: Any) -> str:
    """Why a model has no intervals on these journeys, as a sentence; blank where it has."""
    if name == "markov" and states(journeys, settings.get("order", 1)) > STATES:
        return _("Markov has no interval: its chain has more than {count} states").format(
            count=STATES
        )
    if name == "shapley" and not is_exact(journeys):
        return _("Shapley has no interval: journeys met too many combinations of channels")
    return ""


def _one_by_one(drawn: Floats) -> Iterator[Floats]:
    """The sums drawn, some at a time, so that whoever watches can stop between them."""
    parts = np.array_split(drawn, min(PARTS, len(drawn)))
    with steps(len(parts)) as step:
        for some in parts:
            step()
            yield some


def _singles(journeys: Journeys, rng: np.random.Generator) -> tuple[Journeys, float]:
    """Rows that stand for one journey each, and the share of all journeys that they are."""
    if not journeys.counted:
        rows = np.arange(len(journeys))
        won = journeys.customers > 0
    else:
        customers, lost = (np.ceil(n).astype(np.int64) for n in (journeys.customers, journeys.lost))
        rows = np.concatenate([np.repeat(np.arange(len(journeys)), n) for n in (customers, lost)])
        won = np.arange(len(rows)) < customers.sum()
    if not len(rows):
        raise NotEnoughData(_("There are no journeys"), _("Import interactions first"))
    part = min(1.0, JOURNEYS / len(rows))
    if part < 1:
        chosen = np.sort(rng.choice(len(rows), JOURNEYS, replace=False, shuffle=False))
        rows, won = rows[chosen], won[chosen]
    if part == 1 and not journeys.counted:
        return journeys, part
    return _picked(journeys, rows, won), part


def _picked(journeys: Journeys, rows: Ints, won: np.ndarray) -> Journeys:
    """Single journeys of the rows given; of counted rows, each with its part of the earnings."""
    lengths = journeys.lengths[rows]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    touches = np.arange(offsets[-1]) + np.repeat(journeys.firsts[rows] - offsets[:-1], lengths)
    sold = journeys.customers[rows]
    each = won / np.maximum(sold, 1) if journeys.counted else np.ones(len(rows))

    def mine(column: Floats | None) -> Floats | None:
        return None if column is None else column[rows] * each

    faded = journeys.faded and replace(
        journeys.faded,
        shares={
            value: shares[touches] * np.repeat(each, lengths)
            for value, shares in journeys.faded.shares.items()
        },
    )
    return replace(
        journeys,
        codes=journeys.codes[touches],
        offsets=offsets,
        customers=sold * each,
        lost=_part_of(journeys.lost)[rows] * ~won if journeys.counted else journeys.lost[rows],
        revenue=mine(journeys.revenue),
        margin=mine(journeys.margin),
        days=None if journeys.days is None else journeys.days[touches],
        faded=faded,
        counted=False,
    )


def _part_of(lost: Floats) -> Floats:
    """What each of the journeys lost along a path counts, where young ones count in part."""
    count = np.ceil(lost)
    return np.divide(lost, count, out=np.ones_like(lost), where=count > 0)


def _ranks(credits: Floats) -> Ints:
    order = np.argsort(-credits, axis=1, kind="stable")
    ranks = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None], axis=1)
    return ranks
