"""How touches become journeys: the settings, and what holds whatever the data's home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from smarketing_xl.attribution.budget import Response
from smarketing_xl.attribution.types import Value
from smarketing_xl.clock import microseconds_of, on_clock
from smarketing_xl.errors import OutOfRange
from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.named_cells import ATTRIBUTION_SETTINGS

By = Literal["channel", "campaign"]
DIRECT = frozenset({"direct", "(direct)", "direct traffic", "(none)", "directo"})
NO_CAMPAIGN = N_("(no campaign)")
DAY = 86_400_000_000  # microseconds
MOST_TOUCHES = 200


DEFAULTS: Mapping[str, Any] = {
    cell.name: cell.value == "yes" if cell.kind is Kind.YES_NO else cell.value
    for cell in ATTRIBUTION_SETTINGS
}
"""What the settings of the Attribution sheet are until somebody changes them, by name."""


@dataclass(frozen=True, kw_only=True)
class JourneySettings:
    """What of a journey people may set, as on the Attribution sheet.

    lookback_days: touches further before the sale do not count.
    open_days: a lead whose last touch is younger than this is still open (None: lookback_days).
    count_open: count journeys without a sale as lost, whatever their age; otherwise those open or
    lost count as far as sales of their age are known (see `watched`).
    skip_direct: leave direct visits out where the journey has other touches.
    merge_repeats: touches of one channel in a row count once, at the time of the latest.
    half_life_days: of time decay.
    """

    lookback_days: float = DEFAULTS["lookback_days"]
    open_days: float | None = DEFAULTS["open_days"]
    count_open: bool = DEFAULTS["count_open"]
    skip_direct: bool = DEFAULTS["skip_direct"]
    merge_repeats: bool = DEFAULTS["merge_repeats"]
    half_life_days: float = DEFAULTS["half_life_days"]


@dataclass(frozen=True, kw_only=True)
class Settings(JourneySettings):
    """The inputs of the Attribution sheet; those of journeys are in `JourneySettings`.

    first_weight, last_weight: shares of position based. markov_order: 1 to 4. credit_by: what the
    models share out. elasticity, most_change: see `budget.Response`. by_company: all people of a
    company walk one journey (see `companies`).
    """

    first_weight: float = DEFAULTS["first_weight"]
    last_weight: float = DEFAULTS["last_weight"]
    markov_order: int = DEFAULTS["markov_order"]
    credit_by: Value = DEFAULTS["credit_by"]
    elasticity: float = DEFAULTS["elasticity"]
    most_change: float = DEFAULTS["most_change"]
    by_company: bool = DEFAULTS["by_company"]

    @property
    def of_journeys(self) -> dict[str, Any]:
        """The settings that make journeys, by name."""
        return {field.name: getattr(self, field.name) for field in fields(JourneySettings)}

    def of(self, name: str) -> dict[str, Any]:
        """The settings that a model takes."""
        if name == "time_decay":
            return {"half_life_days": self.half_life_days}
        if name == "position":
            return {"first_weight": self.first_weight, "last_weight": self.last_weight}
        return {"order": self.markov_order} if name == "markov" else {}

    @property
    def response(self) -> Response:
        """What the proposed budget assumes."""
        return Response(self.elasticity, self.most_change)


@dataclass(frozen=True, kw_only=True)
class JourneyRules(JourneySettings):
    """What a journey is, in one report.

    as_of: the moment of the report, in local time; a day without a time means its end. by: what
    the steps of a journey are. timezone: the local time that times with a zone are turned into,
    such as "Europe/Madrid".
    """

    as_of: dt.datetime
    by: By = "channel"
    timezone: str | None = None

    def __post_init__(self) -> None:
        if self.by not in get_args(By):
            raise OutOfRange(
                _("Journeys cannot go by {by}").format(by=repr(self.by)),
                _("Choose channel or campaign"),
            )
        for days in (self.lookback_days, self.half_life_days, self.open_days):
            if days is not None and not 0 < days < float("inf"):
                raise OutOfRange(
                    _("{days} days cannot be").format(days=days), _("Give days above 0")
                )
        known_zone(self.timezone or "UTC")

    @property
    def now(self) -> int:
        """The moment of the report in microseconds since 1970, local time."""
        return end_of_day(microseconds_of(self.as_of))

    @property
    def idle(self) -> int:
        """Microseconds after which a lead without a touch counts as lost."""
        return round((self.open_days or self.lookback_days) * DAY)


def reported(as_of: dt.datetime, office: str | None, tables: str | None) -> dt.datetime:
    """The moment of a report on the clock of the tables.

    as_of: on the clock of the office; a day without a time means its end. office, tables: time
    zones; where either is blank, both are the same.
    Raises OutOfRange for a time zone that there is none of.

    >>> reported(dt.datetime(2026, 7, 1, 10), "Europe/Madrid", "UTC")
    datetime.datetime(2026, 7, 1, 8, 0)
    """
    for zone in filter(None, (office, tables)):
        known_zone(zone)
    ended = end_of_day(microseconds_of(as_of))
    there: dt.datetime = on_clock(np.array([ended], "datetime64[us]"), office, tables)[0].item()
    return there


def known_zone(name: str) -> str:
    """The name of a time zone. Raises OutOfRange where there is none of that name."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OutOfRange(
            _("{zone} is no time zone").format(zone=repr(name)),
            _("Write it such as Europe/Madrid or UTC"),
        ) from None


def end_of_day(moment: int) -> int:
    """A midnight is a day without a time: its last microsecond."""
    return moment if moment % DAY else moment + DAY - 1
