"""Offices whose days differ: split shifts, short Fridays, summer hours; day by day.

Days from 1950 to 2150 each have a pattern: the hours of their own that lie before midnight and what
is left of the night shift before. The office seconds up to each day are added up once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.sla.office_hours import OtherHours, Shift

Seconds = NDArray[np.int64]
Days = NDArray[np.datetime64]

FIRST, LAST = np.datetime64("1950-01-01"), np.datetime64("2150-01-01")
_DAY = 86_400
_CLOSED = 12 * 7  # the pattern of a day without work


@dataclass(frozen=True, eq=False)
class Timetable:
    """Days from FIRST on: the pattern of each, and the office seconds before each (one more).

    begins, ends: (patterns, shifts), seconds of the day; shifts that a pattern lacks are empty.
    """

    pattern: Seconds
    before: Seconds
    begins: Seconds
    ends: Seconds

    def worked(self, seconds: Seconds) -> Seconds:
        """Office seconds from FIRST to moments, given in seconds since then."""
        seconds = np.clip(seconds, 0, len(self.pattern) * _DAY - 1)
        day, second = np.divmod(seconds, _DAY)
        begins, ends = self.begins[self.pattern[day]], self.ends[self.pattern[day]]
        inside = np.clip(second[..., None] - begins, 0, ends - begins).sum(-1)
        return np.asarray(self.before[day] + inside, dtype=np.int64)

    def moment(self, target: Seconds) -> Seconds:
        """When so many office seconds, 1 or more, have passed since FIRST."""
        day = np.clip(np.searchsorted(self.before, target, "left") - 1, 0, len(self.pattern) - 1)
        begins, ends = self.begins[self.pattern[day]], self.ends[self.pattern[day]]
        passed = np.cumsum(ends - begins, axis=-1)
        left = (target - self.before[day])[..., None]
        place = np.minimum((passed < left).sum(-1), begins.shape[-1] - 1)[..., None]
        past = np.take_along_axis(passed - (ends - begins), place, -1)
        second = np.take_along_axis(begins, place, -1) + left - past
        return np.asarray(day * _DAY + second[..., 0], dtype=np.int64)


@lru_cache(maxsize=16)
def timetable(
    days: tuple[int, ...],
    shifts: tuple[Shift, ...],
    other: tuple[OtherHours, ...],
    calendar: np.busdaycalendar,
) -> Timetable:
    """The timetable of an office. calendar: says by its holidays when it is closed."""
    every = np.arange(FIRST, LAST)
    month = every.astype("datetime64[M]").astype(np.int64) % 12
    weekday = (every.astype(np.int64) + 3) % 7
    own = month * 7 + weekday
    own[np.isin(every, calendar.holidays)] = _CLOSED
    hours = [_hours_of(at // 7 + 1, at % 7 + 1, days, shifts, other) for at in range(_CLOSED)]
    hours.append(())
    eve = np.concatenate([[_CLOSED], own[:-1]])
    pairs, pattern = np.unique(eve * (_CLOSED + 1) + own, return_inverse=True)
    merged = [_before_midnight(hours[pair // 85], hours[pair % 85]) for pair in pairs.tolist()]
    most = max(1, *map(len, merged))
    padded = np.array([[*day, *[(0, 0)] * (most - len(day))] for day in merged], dtype=np.int64)
    length = (padded[..., 1] - padded[..., 0]).sum(1)
    before = np.concatenate([[0], np.cumsum(length[pattern])])
    return Timetable(pattern, before, padded[..., 0], padded[..., 1])


def _hours_of(
    month: int,
    weekday: int,
    days: tuple[int, ...],
    shifts: tuple[Shift, ...],
    other: Sequence[OtherHours],
) -> tuple[Shift, ...]:
    """The shifts that begin on such a day; what is said last holds."""
    held = shifts if weekday in days else ()
    for rule in other:
        named = weekday in rule.days if rule.days else weekday in days
        if named and rule.month in (None, month):
            held = rule.shifts
    return held


def _before_midnight(eve: tuple[Shift, ...], own: tuple[Shift, ...]) -> list[tuple[int, int]]:
    """What is worked on a day, in seconds: the rest of last night, and its own until midnight."""
    nights = [(0.0, last - 24) for _first, last in eve if last > 24]
    there = [(first, min(last, 24.0)) for first, last in own]
    found: list[tuple[int, int]] = []
    for first, last in sorted([*nights, *there]):
        begin, end = round(first * 3600), round(last * 3600)
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
