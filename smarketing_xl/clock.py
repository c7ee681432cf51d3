"""Times as numbers, on every data-frame backend, and on the clocks of other places."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd

from smarketing_xl.arrays import Moments

HOUR = 3_600_000_000
_EPOCH = dt.datetime(1970, 1, 1)


def microseconds(time: nw.Expr) -> nw.Expr:
    """Microseconds since 1970 of a column of times, as they are written.

    Put together from the parts of the date, since backends do not agree on more.
    """
    part = time.dt
    year = part.year().cast(nw.Int64)
    leap_days = (year - 1969) // 4 - (year - 1901) // 100 + (year - 1601) // 400
    days = (year - 1970) * 365 + leap_days + part.ordinal_day().cast(nw.Int64) - 1
    hours = days * 24 + part.hour().cast(nw.Int64)
    seconds = (hours * 60 + part.minute().cast(nw.Int64)) * 60 + part.second().cast(nw.Int64)
    return seconds * 1_000_000 + part.microsecond().cast(nw.Int64)


def microseconds_of(moment: dt.datetime) -> int:
    """Microseconds since 1970 of one moment, as its own clock shows it.

    moment: a zone in it is passed over, as `microseconds` does for a column.

    >>> microseconds_of(dt.datetime(1970, 1, 1, 1)) == HOUR
    True
    """
    return (moment.replace(tzinfo=None) - _EPOCH) // dt.timedelta(microseconds=1)


def on_clock(times: Moments, here: str | None, there: str | None) -> Moments:
    """Times that the clocks of one time zone show, as those of another show them.

    here, there: such as "Europe/Madrid"; where either is blank the times stay. An hour that comes
    twice a year is the one in winter time; one that is skipped begins when it is over.

    >>> on_clock(np.array(["2026-07-01T10:00"], "M8[m]"), "Europe/Madrid", "UTC").tolist()
    [datetime.datetime(2026, 7, 1, 8, 0)]
    """
    if not here or not there or here == there:
        return times
    given = pd.Series(times.ravel())
    winter = np.zeros(len(given), dtype=np.bool_)
    zoned = given.dt.tz_localize(here, ambiguous=winter, nonexistent="shift_forward")
    plain = zoned.dt.tz_convert(there).dt.tz_localize(None)
    moved: Moments = plain.to_numpy("datetime64[us]").reshape(times.shape)
    return moved
