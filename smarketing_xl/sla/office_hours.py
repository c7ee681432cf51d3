"""Office hours as people type them: 9, 9:00, a cell with a clock time, 9-14, 16-19; other hours.

A cell of a spreadsheet that shows 09:00 holds 0.375, a part of a day; a number from 1 on is an hour
of the day. An office that closes before it opens works through the night.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

Shift = tuple[float, float]
"""From when to when, in hours of the day; above 24 on the day after."""

_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?\s*(?:h|hs|hrs)?\s*([ap])?\.?\s*m?\.?", re.I)
_RULE = re.compile(
    r"(?P<month>[^\W\d_]{3,})?\.?\s*(?P<days>[1-7](?:\s*-\s*[1-7])?(?=\s*:|\s+\d))?\s*:?\s*(?P<hours>.+)"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct",
            "nov", "dec dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_CLOSED = {"closed", "cerrado", "cerrada"}


@dataclass(frozen=True)
class OtherHours:
    """Hours that hold instead of the usual ones: in a month, on days of the week, or both.

    month: 1 to 12, None for every month. days: 1 is Monday; none: all days that are worked anyway.
    shifts: none where the office is closed then.
    """

    month: int | None
    days: tuple[int, ...]
    shifts: tuple[Shift, ...]


def clock_hours(value: object) -> float | None:
    """An hour of the day from whatever a cell holds, 0 to 24; None for what is none.

    >>> [clock_hours(value) for value in (9, 0.375, "9:00", "6 pm", dt.time(18, 30), "soon")]
    [9.0, 9.0, 9.0, 18.0, 18.5, None]
    """
    if isinstance(value, dt.datetime | dt.time):
        return value.hour + value.minute / 60 + value.second / 3600
    if isinstance(value, int | float) and not isinstance(value, bool):
        hours = float(value) * 24 if 0 < value < 1 else float(value)
        return hours if 0 <= hours <= 24 else None
    match = _CLOCK.fullmatch(str(value).strip())
    if not match:
        return None
    hours = int(match[1]) + int(match[2] or 0) / 60
    if match[3]:
        hours = hours % 12 + (12 if match[3].lower() == "p" else 0)
    return hours if hours <= 24 else None


def office_shifts(opens: object, closes: object) -> tuple[Shift, ...] | None:
    """The shifts of a day from the two cells of an office; None where they are none.

    opens: when it opens, or all shifts as a text such as "9-14, 16-19"; closes: when it closes.

    >>> office_shifts(0.375, 0.75), office_shifts(22, 6), office_shifts("9:00-14:00, 16-19", None)
    (((9.0, 18.0),), ((22.0, 30.0),), ((9.0, 14.0), (16.0, 19.0)))
    """
    if isinstance(opens, str) and re.search(r"[-–]", opens):
        return _shifts(opens)
    first, last = clock_hours(opens), clock_hours(closes)
    if closes == 1 and isinstance(opens, int | float) and opens < 1:
        last = 24.0  # a cell that shows 24:00 holds a whole day
    return None if first is None or last is None else _ordered([(first, last)])


def other_hours(text: str) -> tuple[OtherHours, ...] | None:
    """Other hours from a text such as "5: 8-15; Aug: 8-15; Dec 5: closed"; None for what is none.

    >>> other_hours("5: 8:00-15:00; ago: cerrado")[0]
    OtherHours(month=None, days=(5,), shifts=((8.0, 15.0),))
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = _RULE.fullmatch(part)
        if not match or not (match["month"] or match["days"]):
            return None
        month = _MONTHS.get((match["month"] or "")[:3].lower())
        if match["month"] and month is None:
            return None
        closed = match["hours"].strip().lower() in _CLOSED
        shifts = () if closed else _shifts(match["hours"])
        if shifts is None:
            return None
        ends = [int(day) for day in re.findall(r"\d", match["days"] or "")]
        found.append(OtherHours(month, tuple(range(ends[0], ends[-1] + 1)) if ends else (), shifts))
    return tuple(found)


def _shifts(text: str) -> tuple[Shift, ...] | None:
    found = []
    for part in re.split(r"[,;/y&]|\band\b", text):
        ends = re.split(r"\s*[-–]\s*", part.strip())
        if len(ends) != 2:
            return None
        first, last = map(clock_hours, ends)
        if first is None or last is None:
            return None
        found.append((first, last))
    return _ordered(found)


def _ordered(shifts: list[Shift]) -> tuple[Shift, ...] | None:
    """Shifts one after the other, the last perhaps into the next day; None where they overlap."""
    whole = [(first, last if last > first else last + 24) for first, last in sorted(shifts)]
    if any(first == last for first, last in shifts):
        return None
    follow = zip(whole, [*whole[1:], (whole[0][0] + 24, 0.0)], strict=True)
    return tuple(whole) if all(one[1] <= other[0] for one, other in follow) else None
