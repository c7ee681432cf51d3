"""Times as numbers, on every data-frame backend."""

from __future__ import annotations

import datetime as dt

import narwhals as nw

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
    """The same of one moment.

    >>> microseconds_of(dt.datetime(1970, 1, 1, 1)) == HOUR
    True
    """
    return (moment.replace(tzinfo=None) - _EPOCH) // dt.timedelta(microseconds=1)
