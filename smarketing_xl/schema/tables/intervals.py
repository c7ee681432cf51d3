"""The columns in which a 95 % interval stands, the same on every sheet."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind

LOW_HIGH = (N_("Low"), N_("High"))
AT_LEAST_AT_MOST = (N_("at least"), N_("at most"))
_OF_CHANCE = (
    N_("Lower end of its 95 % interval: of chance, not of the model."),
    N_("Upper end of its 95 % interval: of chance, not of the model."),
)


def interval(
    kind: Kind = Kind.SHARE,
    width: int = 9,
    decimals: int | None = None,
    labels: tuple[str, str] = LOW_HIGH,
    helps: tuple[str, str] = _OF_CHANCE,
) -> tuple[Column, Column]:
    """The columns low and high of an interval; kind, width, decimals as of any column."""
    ends = zip(("low", "high"), labels, helps, strict=True)
    low, high = (
        Column(key, label, kind, ours=True, width=width, decimals=decimals, help=help)
        for key, label, help in ends
    )
    return low, high
