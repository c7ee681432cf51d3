"""Journeys from data in memory (pandas, Polars): sorted once, then cut with NumPy.

Those of some leads alone are a `Portion`, which `portions.joined` puts together with others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Ints
from smarketing_xl.attribution.columns import (
    amounts,
    channels,
    leads,
    merged,
    named,
    times,
    won,
)
from smarketing_xl.attribution.portions import Portion, joined
from smarketing_xl.attribution.settings import (
    DAY,
    DIRECT,
    MOST_TOUCHES,
    JourneyRules,
)
from smarketing_xl.attribution.types import Journeys

Frame = nw.DataFrame[Any]
SECOND = 1_000_000
BLANK = np.iinfo(np.int64).min  # what NumPy makes of a blank time


def eager_journeys(interactions: Frame, conversions: Frame, rules: JourneyRules) -> Journeys:
    """Journeys, one row each. For columns and settings see journeys.build_journeys."""
    return joined([portion(interactions, conversions, rules)], rules)


def portion(interactions: Frame, conversions: Frame, rules: JourneyRules) -> Portion:
    """The journeys of some leads, all of whose touches and ends are here.

    A column `row` numbers the interactions among those of all leads; they may be in any order then.
    """
    dropped: dict[str, int] = {}
    touch_lead, end_lead = leads(interactions, conversions)
    ends = _ends(conversions, end_lead, rules, dropped)
    touches, names = _touches(interactions, touch_lead, ends, rules, dropped)

    def without(reason: str, keep: Flags) -> _Touches:
        dropped[reason] = int((~keep).sum())
        return touches if not dropped[reason] else touches.only(keep)

    touches = without("too_old", touches.days_ago() <= rules.lookback_days)
    if rules.skip_direct:
        direct = np.array([name.lower() in DIRECT for name in names], dtype=bool)[touches.codes]
        touches = without("direct", ~direct | touches.all_of(direct))
    if rules.merge_repeats:
        touches = without("repeated", touches.last_of_its_run())
    touches = without("too_many", touches.not_in_the_middle())
    if "row" in interactions.columns:
        places = _first_met(touch_lead, interactions["row"].to_numpy())
        touches = replace(touches, lead=places[touches.lead])
    return _portion(touches, ends, names, rules, dropped)


def _first_met(lead: Ints, row: Ints) -> Ints:
    """The lowest row of each lead, by its code."""
    known = lead >= 0
    lowest = np.full(int(lead.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(lowest, lead[known], row[known])
    return lowest


@dataclass(frozen=True)
class _Ends:
    """Sales and losses, ordered by lead and time; those of a lead at one moment are one.

    One more row at the end of `time`, `customers` and so on stands for "has not ended".
    """

    lead: Ints
    time: Ints
    customers: Floats
    lost: Floats
    revenue: Floats | None
    margin: Floats | None
    stages: Ints | None = None  # when lead and deal were created, BLANK where unknown: (ends, 2)

    @property
    def none(self) -> int:
        return len(self.lead)

    def cut(self, lead: Ints, time: Ints) -> tuple[Ints, Ints]:
        """Where journeys start among touches in order, and the end that each comes to or `none`.

        A journey starts with each lead, and after each end: at the first touch later than that.
        """
        fresh = np.zeros(len(lead), dtype=bool)
        firsts = runs(lead)
        fresh[firsts] = True
        begin, low, high = self._touches_of(lead[firsts], np.append(firsts, len(lead)))
        while (left := low < high).any():
            middle = (low + high) // 2
            later = time[np.minimum(middle, len(time) - 1)] > self.time[:-1]
            high = np.where(left & later, middle, high)
            low = np.where(left & ~later, middle + 1, low)
        again = np.flatnonzero(self.lead[1:] == self.lead[:-1]) + 1
        begin[again] = low[again - 1]
        reached = np.flatnonzero(low > begin)
        after = low[reached]
        fresh[after[after < len(lead)]] = True
        starts = np.flatnonzero(fresh)
        end = np.full(len(starts), self.none)
        end[np.searchsorted(starts, after) - 1] = reached
        return starts, end

    def _touches_of(self, leads: Ints, bounds: Ints) -> tuple[Ints, Ints, Ints]:
        """For each end, where the touches of its lead begin (twice) and stop; none: nowhere."""
        place = np.searchsorted(leads, self.lead)
        stop = np.searchsorted(leads, self.lead, side="right")
        return bounds[place], bounds[place], bounds[stop]


@dataclass(frozen=True)
class _Touches:
    """Touches in order, journey after journey.

    lengths: touches of each journey; ago: microseconds before the journey's end. lead, end, begun,
    closed: of each journey, whose it is, which of _Ends it came to, its first touch of all, and
    when it ended (its last touch, if it has not).
    """

    codes: NDArray[np.int32]
    lengths: Ints
    ago: Ints
    lead: Ints
    end: Ints
    begun: Ints
    closed: Ints

    @cached_property
    def starts(self) -> Ints:
        return np.cumsum(self.lengths) - self.lengths

    def only(self, keep: Flags) -> _Touches:
        lengths = np.add.reduceat(keep, self.starts, dtype=np.int64)
        some = lengths > 0
        return _Touches(
            self.codes[keep],
            lengths[some],
            self.ago[keep],
            self.lead[some],
            self.end[some],
            self.begun[some],
            self.closed[some],
        )

    def days_ago(self) -> Ints:
        """For each touch, days from its day to that on which its journey ended."""
        closed = np.repeat(self.closed, self.lengths)
        days: Ints = closed // DAY - (closed - self.ago) // DAY
        return days

    def all_of(self, flags: Flags) -> Flags:
        """For each touch, whether all touches of its journey are marked."""
        every = np.logical_and.reduceat(flags, self.starts) if len(flags) else flags
        return np.repeat(every, self.lengths)

    def last_of_its_run(self) -> Flags:
        """Not followed by a touch of the same channel in the same journey."""
        keep = np.ones(len(self.codes), dtype=bool)
        keep[:-1] = self.codes[1:] != self.codes[:-1]
        keep[self.starts - 1] = True  # the last of each journey
        return keep

    def not_in_the_middle(self) -> Flags:
        """A very long journey keeps its first touch and its latest ones."""
        if self.lengths.max(initial=0) <= MOST_TOUCHES:
            return np.ones(len(self.codes), dtype=bool)
        beyond = np.repeat(self.starts + self.lengths, self.lengths)
        keep = beyond - np.arange(len(self.codes)) < MOST_TOUCHES
        keep[self.starts] = True
        return keep


def runs(*keys: NDArray[Any]) -> Ints:
    """Where any of the keys changes: the starts of the runs."""
    changes = np.zeros(len(keys[0]), dtype=bool)
    changes[:1] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(changes)


def _touches(
    interactions: Frame, lead: Ints, ends: _Ends, rules: JourneyRules, dropped: dict[str, int]
) -> tuple[_Touches, tuple[str, ...]]:
    """The marketing touches that can be placed, cut into journeys at each end."""
    spelled_codes, spelled = channels(interactions, rules)
    time = times(interactions, "time", rules)
    reasons = {"no_lead": lead < 0, "no_time": time == BLANK}
    if "by" in interactions.columns:
        reasons["by_sales"] = named(interactions["by"])
    reasons |= {"no_channel": spelled_codes < 0, "in_future": time > rules.now}
    keep = _keep(reasons, dropped, np.ones(len(lead), dtype=bool))
    if not keep.all():
        lead, time, spelled_codes = lead[keep], time[keep], spelled_codes[keep]
    codes, names = merged(spelled_codes, spelled)
    if not _ordered(lead, time, codes):
        lead, time, codes = _in_order(lead, time, codes)
    starts, end = ends.cut(lead, time)
    lengths = np.diff(starts, append=len(lead))
    last = time[starts + lengths - 1]
    closed = np.where(end < ends.none, ends.time[end], last)
    ago = np.repeat(closed, lengths)
    ago -= time
    return _Touches(codes, lengths, ago, lead[starts], end, time[starts], closed), names


def _keep(reasons: dict[str, Flags], dropped: dict[str, int], counted: Flags) -> Flags:
    """What no reason speaks against; each row is counted under its first reason."""
    keep = np.ones(len(counted), dtype=bool)
    for reason, wrong in reasons.items():
        dropped[reason] = int((keep & wrong & counted).sum())
        keep &= ~wrong
    return keep


def _ordered(lead: Ints, time: Ints, codes: NDArray[np.int32]) -> bool:
    """By lead, then time; at the same moment by channel, so that row order never matters."""
    later = (time[1:] > time[:-1]) | ((time[1:] == time[:-1]) & (codes[1:] >= codes[:-1]))
    return bool(((lead[1:] > lead[:-1]) | ((lead[1:] == lead[:-1]) & later)).all())


def _in_order(
    lead: Ints, time: Ints, codes: NDArray[np.int32]
) -> tuple[Ints, Ints, NDArray[np.int32]]:
    """Touches sorted, as one number each where the three fit into one: many times as fast."""
    first = time.min()
    since = time - first
    unit = 1 if (since % SECOND).any() else SECOND
    since //= unit
    of_time, of_code = (int(numbers.max()).bit_length() for numbers in (since, codes))
    if int(lead.max()).bit_length() + of_time + of_code > 63:
        order = np.lexsort((codes, time, lead))
        return lead[order], time[order], codes[order]
    packed = (lead << of_time | since) << of_code | codes
    packed.sort()
    since = (packed >> of_code) & ((1 << of_time) - 1)
    return (
        packed >> of_code + of_time,
        since * unit + first,
        (packed & ((1 << of_code) - 1)).astype(np.int32),
    )


def _ends(conversions: Frame, lead: Ints, rules: JourneyRules, dropped: dict[str, int]) -> _Ends:
    begun = times(conversions, "time", rules)
    time = np.where((begun % DAY == 0) & (begun != BLANK), begun + DAY - 1, begun)
    sale = won(conversions)
    reasons = {
        "sale_no_lead": lead < 0,
        "sale_no_time": time == BLANK,
        "sale_in_future": begun > rules.now,
    }
    keep = np.flatnonzero(_keep(reasons, dropped, sale))
    keep = keep[np.lexsort((time[keep], lead[keep]))]
    lead, time, sale = lead[keep], time[keep], sale[keep]
    starts = runs(lead, time)

    def together(column: Floats) -> Floats:
        summed = np.add.reduceat(column, starts) if len(starts) else column
        return np.append(summed, 0.0)

    def earned(value: str) -> Floats | None:
        amount = amounts(conversions, value)
        if amount is None:
            return None
        amount = amount[keep]
        dropped[f"no_{value}"] = int((np.isnan(amount) & sale).sum())
        return together(np.where(sale, np.nan_to_num(amount), 0.0))

    customers = together(sale.astype(np.float64))
    lost = (customers == 0).astype(np.float64)
    lost[-1] = 0.0
    return _Ends(
        lead[starts],
        np.append(time[starts], 0),
        customers,
        lost,
        earned("revenue"),
        earned("margin"),
        _created(conversions, rules, keep[starts]),
    )


def _created(conversions: Frame, rules: JourneyRules, rows: Ints) -> Ints | None:
    """When the lead and the deal of each end were created; one more row of no end."""
    names = [name for name in ("created", "deal_created") if name in conversions.columns]
    if len(names) < 2:
        return None
    moments = np.column_stack([times(conversions, name, rules)[rows] for name in names])
    return np.concatenate([moments, np.full((1, 2), BLANK)])


def _stages(touches: _Touches, ends: _Ends) -> Ints | None:
    """The touch at which each journey's lead and deal were created: the last until then, the first
    of all where none was; -1 where nothing says when."""
    if ends.stages is None:
        return None
    moment = ends.stages[touches.end]
    if not len(touches.lengths):
        return moment
    time = np.repeat(touches.closed, touches.lengths) - touches.ago
    columns = []
    for created in moment.T:
        until = time <= np.repeat(created, touches.lengths)
        place = np.maximum(np.add.reduceat(until, touches.starts, dtype=np.int64) - 1, 0)
        columns.append(np.where(created == BLANK, -1, place))
    return np.column_stack(columns)


def _portion(
    touches: _Touches,
    ends: _Ends,
    names: tuple[str, ...],
    rules: JourneyRules,
    dropped: dict[str, int],
) -> Portion:
    end, closed = touches.end, touches.closed
    running = end == ends.none
    still_open = running & (closed > rules.now - rules.idle) & (not rules.count_open)
    dropped["open"] = int(still_open.sum())
    age, took = (moment // DAY - touches.begun // DAY for moment in (rules.now, closed))
    untouched = np.ones(ends.none + 1, dtype=bool)
    untouched[end] = False
    earned = {"customers": ends.customers, "revenue": ends.revenue, "margin": ends.margin}
    return Portion(
        names,
        touches.codes,
        touches.ago / DAY,
        touches.lengths,
        touches.lead,
        age,
        took,
        (running & ~still_open) | rules.count_open,
        ends.customers[end],
        None if ends.revenue is None else ends.revenue[end],
        None if ends.margin is None else ends.margin[end],
        _stages(touches, ends),
        dropped,
        {k: float(v[untouched].sum()) for k, v in earned.items() if v is not None},
    )
