"""Office hours: how many lie between two moments, and when so many have passed.

Time runs only while the office is open. A lead that arrives at night, at the weekend or on a
holiday starts to wait when the office next opens.

Everything rests on one function of time, the office seconds since 1800; so hours add up exactly:
from a to b and from b to c are from a to c.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Moments
from smarketing_xl.errors import OutOfRange, SmarketingError, WrongType
from smarketing_xl.i18n import _, current_language
from smarketing_xl.sla.office_hours import OtherHours, Shift
from smarketing_xl.sla.timetable import FIRST, Timetable, timetable

if TYPE_CHECKING:
    import pandas as pd

Seconds = NDArray[np.int64]

HOLIDAY_YEARS = range(2000, 2061)
"""The years whose holidays are known; outside them only the days of the week count."""

DAY, MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")
WEEK = (1, 2, 3, 4, 5, 6, 7)
_HOUR = 3600
_EPOCH = np.datetime64("1800-01-06", "D")  # before every date of a spreadsheet


@dataclass(frozen=True)
class Office:
    """When people work: hours of the day (9.5 is 9:30), days of the week (1 is Monday), holidays.

    closes: above 24 on the day after; a night shift belongs to the day on which it begins.
    holidays: a country of the `holidays` package, with a region if needed ("ES", "ES-MD"); blank
    for none. closed: days on which this office is closed besides. shifts: where a day has several,
    all of them (opens, closes: the first and the last). other: hours of certain months and days.
    """

    opens: float = 9.0
    closes: float = 18.0
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    holidays: str = ""
    closed: tuple[dt.date, ...] = ()
    shifts: tuple[Shift, ...] = ()
    other: tuple[OtherHours, ...] = ()

    @property
    def hours(self) -> float:
        """Length of a working day in hours, on average over the week where days differ."""
        usual = sum(last - first for first, last in self.shifts) or self.closes - self.opens
        held = dict.fromkeys(self.days, usual)
        for rule in self.other:
            if rule.month is None:
                length = sum(last - first for first, last in rule.shifts)
                held |= dict.fromkeys(rule.days or self.days, length)
        worked = [length for length in held.values() if length]
        return sum(worked) / len(worked) if worked else usual

    @property
    def calendar(self) -> np.busdaycalendar:
        """Which days are worked."""
        return _calendar(self.days, self.holidays, self.closed)

    @property
    def timetable(self) -> Timetable | None:
        """The days one by one, where they differ from one another by more than being worked."""
        if len(self.shifts) < 2 and not self.other:
            return None
        shifts = self.shifts or ((self.opens, self.closes),)
        return timetable(self.days, shifts, self.other, _calendar(WEEK, self.holidays, self.closed))


def business_hours(start: Any, end: Any, office: Office) -> Any:
    """Office hours from one moment to another; negative where the end is earlier.

    start, end: one moment or arrays broadcast together. NaN where either is blank.

    >>> business_hours("2026-01-02 17:00", "2026-01-05 10:00", Office())  # Friday to Monday
    2.0
    """
    start, end = np.broadcast_arrays(moments(start), moments(end))
    hours = (_worked(end, office) - _worked(start, office)) / _HOUR
    hours = np.where(np.isnat(start) | np.isnat(end), np.nan, hours)
    return float(hours) if hours.ndim == 0 else hours


def add_business_hours(start: Any, hours: Any, office: Office) -> Any:
    """The moment when so many office hours have passed since another.

    start: one moment or an array; hours: 0 or more, broadcast with it. A whole day's work ends
    when the office closes, not when it next opens; no hours at night end when it next opens.
    NaT where either is blank. Raises OutOfRange for negative hours.

    >>> print(add_business_hours("2026-01-02 17:00", 2, Office()))
    2026-01-05T10:00:00.000000
    """
    start, wait = np.broadcast_arrays(moments(start), _waits(hours))
    blank = np.isnat(start) | np.isnan(wait)
    known = np.where(blank, _EPOCH.astype("datetime64[s]"), start.astype("datetime64[s]"))
    seconds = np.round(np.where(blank, 0, wait) * _HOUR).astype(np.int64)
    target = _worked(known, office) + np.maximum(seconds, 1)
    after = _when(target, office) - np.where(seconds == 0, 1, 0).astype("timedelta64[s]")
    moment: Moments = np.where(blank, np.datetime64("NaT", "s"), after).astype("datetime64[us]")
    return moment[()] if moment.ndim == 0 else moment


def moments(times: Any) -> Moments:
    """Times of any kind as datetime64[us]. Raises WrongType for what is not a time."""
    try:
        return np.asarray(times, dtype="datetime64[us]")
    except (TypeError, ValueError) as error:
        raise WrongType(_("This is not a time"), _("Give dates, not text or numbers")) from error


def known_holidays(place: str) -> bool:
    """Whether the holidays of a country, or of its region, are known."""
    try:
        _holidays(place)
    except SmarketingError:
        return False
    return True


def country_name(place: str) -> str:
    """A country by its name in the language spoken, its region as it was given: "España (MD)".

    >>> country_name("PA"), country_name("US-CA")
    ('Panama', 'United States (CA)')
    """
    from phonenumbers.geodata.locale import LOCALE_DATA

    code, _dash, region = place.partition("-")
    names = LOCALE_DATA.get(code.upper(), {})
    name = names.get(current_language(), names.get("en", code))
    if name.startswith("*"):  # as in that language
        name = names[name[1:]]
    return f"{name} ({region})" if region else name


def public_holidays(place: str) -> pd.DataFrame:
    """Every holiday of a country, or of its region, in HOLIDAY_YEARS: day (in order) and holiday,
    its name in the language spoken where it is known in it. No rows for no place.

    Raises OutOfRange where the place is not known.
    """
    import pandas as pd

    named = _named_holidays(place, current_language()) if place else {}
    days = sorted(named)
    return pd.DataFrame({"day": pd.to_datetime(days), "holiday": [named[day] for day in days]})


def _waits(hours: Any) -> Floats:
    try:
        waits = np.asarray(hours, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WrongType(_("hours is not a number"), _("Give hours as a number")) from error
    if (waits < 0).any() or np.isinf(waits).any():
        raise OutOfRange(_("hours is out of range"), _("Give hours, 0 or more"))
    return waits


def _worked(times: Moments, office: Office) -> Seconds:
    """Office seconds since a day long ago to each moment; some number for blanks."""
    known = np.where(np.isnat(times), _EPOCH.astype("datetime64[s]"), times.astype("datetime64[s]"))
    if (table := office.timetable) is not None:
        return table.worked((known - FIRST.astype("datetime64[s]")).astype(np.int64))
    begun = known - np.timedelta64(_opening(office), "s")  # a shift belongs to the day it begins
    day = begun.astype("datetime64[D]")
    calendar = office.calendar
    days = np.busday_count(_EPOCH, day, busdaycal=calendar).astype(np.int64)
    today = np.minimum((begun - day).astype(np.int64), _length(office))
    today = today * np.is_busday(day, busdaycal=calendar)
    return np.asarray(days * _length(office) + today, dtype=np.int64)


def _when(target: Seconds, office: Office) -> Moments:
    """The moment at which so many office seconds, 1 or more, have been worked."""
    if (table := office.timetable) is not None:
        later: Moments = table.moment(target).astype("timedelta64[s]")
        return np.asarray(FIRST.astype("datetime64[s]") + later)
    length = _length(office)
    day = (target - 1) // length
    days, which = np.unique(day, return_inverse=True)  # NumPy counts from the start for each
    opened = np.busday_offset(_EPOCH, days, roll="forward", busdaycal=office.calendar)[which]
    within = target - day * length
    moment: Moments = opened.astype("datetime64[s]") + (_opening(office) + within).astype(
        "timedelta64[s]"
    )
    return moment


def _opening(office: Office) -> int:
    return round(office.opens * _HOUR)


def _length(office: Office) -> int:
    return round(office.closes * _HOUR) - _opening(office)


@lru_cache(maxsize=64)
def _calendar(days: tuple[int, ...], place: str, closed: tuple[dt.date, ...]) -> np.busdaycalendar:
    mask = [day in days for day in range(1, 8)]
    free = np.concatenate([_holidays(place), np.array(closed, dtype="datetime64[D]")])
    return np.busdaycalendar(weekmask=mask, holidays=free)


@lru_cache(maxsize=64)
def _holidays(place: str) -> Moments:
    """Public holidays of "ES" or "ES-MD". Raises OutOfRange where the place is not known."""
    return np.array(sorted(_named_holidays(place)) if place else [], dtype="datetime64[D]")


def _named_holidays(place: str, language: str | None = None) -> Mapping[dt.date, str]:
    """Holidays and their names, in the country's own language or in another that it knows."""
    import holidays

    country, _dash, region = place.strip().upper().partition("-")
    with warnings.catch_warnings():  # some calendars are known for fewer years
        warnings.simplefilter("ignore")
        try:
            days: Mapping[dt.date, str] = holidays.country_holidays(
                country, subdiv=region or None, years=HOLIDAY_YEARS, language=language
            )
        except NotImplementedError as error:
            raise OutOfRange(
                _("The holidays of {place} are not known").format(place=place),
                _("Give a country such as ES, with a region if needed, such as ES-MD"),
            ) from error
    return days
