"""Months by arithmetic alone, as the calendar of 1900 is not that of a spreadsheet.

Months are counted from March of the year 0, so that a leap day ends its year; days are those of the
spreadsheet (day 0 is 30 December 1899). Method: H. Hinnant, "chrono-Compatible Low-Level Date
Algorithms" (2014).
"""

from __future__ import annotations

from udfs.lambdas.cells import let

_SINCE = 693899  # days from 1 March of the year 0 to day 0


def month_of(day: str) -> str:
    """The month that a whole day lies in."""
    return let(
        {
            "days": f"{day}+{_SINCE}",
            "eras": "INT(days/146097)",
            "past": "days-eras*146097",
            "years": "INT((past-INT(past/1460)+INT(past/36524)-INT(past/146096))/365)",
            "rest": "past-365*years-INT(years/4)+INT(years/100)",
        },
        "eras*4800+years*12+INT((5*rest+2)/153)",
    )


def first_day(month: str) -> str:
    """The first day of a month."""
    return let(
        {"months_in": month, "years": "INT(months_in/12)"},
        "365*years+INT(years/4)-INT(years/100)+INT(years/400)"
        f"+INT((153*(months_in-12*years)+2)/5)-{_SINCE}",
    )
