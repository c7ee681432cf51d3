"""Rules of thumb: each journey's earnings are shared among its touches by a fixed rule.

first, last, linear: all to the first touch, all to the last, the same to each.
time_decay: a touch one half-life further from the sale gets half as much.
position_based (U), j_shaped, inverse_j: fixed weights for the first and last touch, the rest in
equal parts to those between.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.settings import DEFAULTS
from smarketing_xl.attribution.types import Groups, Journeys, Prepared, Value, credit_table, tally
from smarketing_xl.errors import NotEnoughData, OutOfRange
from smarketing_xl.i18n import _


def first(journeys: Journeys, *, value: Value = "customers") -> pd.DataFrame:
    """All credit to the touch that started the journey: what makes people aware.

    value: "customers", "revenue" or "margin". Returns channel, credit, share, error.
    """
    return credit_table(journeys, prepare_first(journeys, value).credits())


def last(journeys: Journeys, *, value: Value = "customers") -> pd.DataFrame:
    """All credit to the touch before the sale: what closes.

    value: "customers", "revenue" or "margin". Returns channel, credit, share, error.
    """
    return credit_table(journeys, prepare_last(journeys, value).credits())


def linear(journeys: Journeys, *, value: Value = "customers") -> pd.DataFrame:
    """The credit of each journey in equal parts to its touches.

    value: "customers", "revenue" or "margin". Returns channel, credit, share, error.
    """
    return credit_table(journeys, prepare_linear(journeys, value).credits())


def time_decay(
    journeys: Journeys,
    *,
    value: Value = "customers",
    half_life_days: float = DEFAULTS["half_life_days"],
) -> pd.DataFrame:
    """A touch `half_life_days` further from the sale gets half the credit."""
    return credit_table(journeys, prepare_time_decay(journeys, value, half_life_days).credits())


def position_based(
    journeys: Journeys,
    *,
    value: Value = "customers",
    first_weight: float = DEFAULTS["first_weight"],
    last_weight: float = DEFAULTS["last_weight"],
) -> pd.DataFrame:
    """Shares of credit for the first and the last touch; the others share the rest equally.

    A journey of two touches splits by the two weights alone; of one touch, it gets all.
    """
    prepared = prepare_position(journeys, value, first_weight, last_weight)
    return credit_table(journeys, prepared.credits())


def j_shaped(journeys: Journeys, *, value: Value = "customers") -> pd.DataFrame:
    """60 % to the last touch, 20 % to the first, 20 % to those between."""
    return position_based(journeys, value=value, first_weight=0.2, last_weight=0.6)


def inverse_j(journeys: Journeys, *, value: Value = "customers") -> pd.DataFrame:
    """60 % to the first touch, 20 % to the last, 20 % to those between."""
    return position_based(journeys, value=value, first_weight=0.6, last_weight=0.2)


def prepare_first(journeys: Journeys, value: Value) -> Prepared:
    """First touch, ready to be asked of samples of the journeys (see `types.Prepared`).

    value: what is credited. Raises NotEnoughData where that was never recorded.
    """
    return _at(journeys, lambda sold: sold.firsts, value)


def prepare_last(journeys: Journeys, value: Value) -> Prepared:
    """Last touch, ready to be asked of samples of the journeys (see `types.Prepared`).

    value: what is credited. Raises NotEnoughData where that was never recorded.
    """
    return _at(journeys, lambda sold: sold.lasts, value)


def prepare_linear(journeys: Journeys, value: Value) -> Prepared:
    """Linear credit, ready to be asked of samples of the journeys (see `types.Prepared`).

    value: what is credited. Raises NotEnoughData where that was never recorded.
    """
    return _shared(
        journeys, lambda sold: np.repeat(sold.earned(value) / sold.lengths, sold.lengths)
    )


def prepare_time_decay(
    journeys: Journeys, value: Value, half_life_days: float = DEFAULTS["half_life_days"]
) -> Prepared:
    """Time decay in two steps. Raises NotEnoughData where the times of touches are not known."""
    if not 0 < half_life_days < np.inf:
        raise OutOfRange(
            _("A half-life of {days} days cannot be").format(days=half_life_days),
            _("Give a number of days above 0"),
        )
    return _shared(journeys, lambda sold: _decayed(sold, value, half_life_days))


def prepare_position(
    journeys: Journeys,
    value: Value,
    first_weight: float = DEFAULTS["first_weight"],
    last_weight: float = DEFAULTS["last_weight"],
) -> Prepared:
    """Position based credit, ready to be asked of samples of the journeys (see `types.Prepared`).

    first_weight, last_weight: shares from 0 to 1, at most 1 together. Raises OutOfRange for others.
    """
    ends = first_weight + last_weight
    if min(first_weight, last_weight) < 0 or not 0 < ends <= 1:
        raise OutOfRange(
            _("Weights of {first} and {last} cannot be shared out").format(
                first=first_weight, last=last_weight
            ),
            _("Give two weights of 0 or more that add up to at most 1, and not to 0"),
        )
    return _shared(journeys, lambda sold: _positioned(sold, value, first_weight, last_weight))


def _at(journeys: Journeys, place: Callable[[Journeys], Ints], value: Value) -> Prepared:
    """All that a journey earned to the touch at one place."""

    def sums(groups: Groups | None) -> Floats:
        keep, sold = journeys.earning
        codes, size = sold.codes[place(sold)], len(sold.channels)
        return tally(codes, size, sold.earned(value), groups and groups.only(keep))

    return Prepared(sums, _as_they_are)


def _shared(journeys: Journeys, share: Callable[[Journeys], Floats]) -> Prepared:
    """To each touch the share that it has of what its journey earned."""

    def sums(groups: Groups | None) -> Floats:
        keep, sold = journeys.earning
        size = len(sold.channels)
        return tally(sold.codes, size, share(sold), groups and groups.only(keep), sold.lengths)

    return Prepared(sums, _as_they_are)


def _positioned(
    journeys: Journeys, value: Value, first_weight: float, last_weight: float
) -> Floats:
    earned, lengths = journeys.earned(value), journeys.lengths
    ends = first_weight + last_weight
    between = np.where(lengths > 2, (1 - ends) / np.maximum(lengths - 2, 1), 0.0)
    spread = np.where(lengths > 2, 1.0, ends)  # what the two ends share out between them
    each = np.repeat(earned * between, lengths)
    each[journeys.firsts] = earned * first_weight / spread
    each[journeys.lasts] = earned * last_weight / spread
    alone = lengths == 1
    each[journeys.firsts[alone]] = earned[alone]
    return each


def _decayed(journeys: Journeys, value: Value, half_life_days: float) -> Floats:
    if journeys.days is not None:
        since = journeys.days - np.repeat(journeys.days[journeys.lasts], journeys.lengths)
        weight = np.exp2(-since / half_life_days)
        whole = np.add.reduceat(weight, journeys.firsts) if len(journeys) else weight
        weight *= np.repeat(journeys.earned(value) / whole, journeys.lengths)
        return weight
    if journeys.faded and journeys.faded.half_life_days == half_life_days:
        journeys.earned(value)
        return journeys.faded.shares[value]
    if journeys.faded:
        raise NotEnoughData(
            _("These journeys were summed up with a half-life of {days} days").format(
                days=journeys.faded.half_life_days
            ),
            _("Build the journeys again with the half-life wanted"),
        )
    raise NotEnoughData(
        _("Time decay needs the time of every touch"),
        _("Build the journeys from interactions, or choose another model"),
    )


def _as_they_are(sums: Floats) -> Floats:
    return sums
