"""A budget to propose: where the next coin earns most, within limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smarketing_xl.attribution.types import Floats
from smarketing_xl.errors import Fault, OutOfRange
from smarketing_xl.i18n import _


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
            "The proposed budget keeps the total, assumes that 10 % more spend on a channel brings"
            " {more} % more revenue, and moves no channel by more than {change} %. It knows only"
            " the past: try it in steps."
        ).format(more=f"{10 * self.elasticity:g}", change=f"{100 * self.most_change:g}")


def propose(
    cost: Floats,
    earned: Floats,
    response: Response | None = None,
    lowest: Floats | None = None,
    highest: Floats | None = None,
) -> Floats:
    """The spend by channel that earns most in all, for the same total.

    cost: spend today. earned: revenue credited. lowest, highest: limits in money (NaN: those of
    the response). With earnings e (s / c) ^ elasticity, the last coin earns the same wherever no
    limit holds: s = c (elasticity e / (c λ)) ^ (1 / (1 - elasticity)), with λ found by halving.
    A channel without spend today stays without: nothing is known of what it would earn.
    Raises OutOfRange where the limits leave no room for the total.
    """
    response = response or Response()
    paid = cost > 0
    low = np.where(paid, cost * max(0.0, 1 - response.most_change), 0.0)
    high = np.where(paid, cost * (1 + response.most_change), 0.0)
    least, most = (
        np.full(len(cost), np.nan) if limit is None else limit for limit in (lowest, highest)
    )
    high = np.where(np.isnan(most), np.fmax(high, least), most)
    low = np.where(np.isnan(least), np.minimum(low, high), least)
    total = float(cost.sum())
    _check(low, high, total)
    if not total:
        return np.zeros_like(cost)
    power = 1 / (1 - response.elasticity)
    marginal = response.elasticity * np.maximum(earned, 0) / np.where(paid, cost, 1)

    def spend(price: float) -> Floats:
        with np.errstate(over="ignore"):
            wanted = cost * (marginal / price) ** power
        return np.clip(wanted, low, high)

    middle = np.log(max(float(marginal.max(initial=0)), 1e-12))
    down, up = middle - 60.0, middle + 60.0
    for _step in range(200):
        middle = (down + up) / 2
        if spend(np.exp(middle)).sum() > total:
            down = middle
        else:
            up = middle
    found = spend(np.exp(up))
    return _filled_up(found, high, total)


def _filled_up(found: Floats, high: Floats, total: float) -> Floats:
    """What is left where channels that earn nothing stay at their lowest: to all with room."""
    rest, room = total - found.sum(), high - found
    return found + room * (rest / room.sum()) if room.sum() > 0 else found


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
