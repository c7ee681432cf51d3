"""What happened to each lead since sales got it, on the clock of the office.

A case starts when the lead was created, or at its time of assignment where that is later (given to
someone else, or opened again): then only what sales did since counts, and a decision before it is
forgotten. Otherwise a contact up to a day before the lead was entered counts as made at once, and
an earlier one not at all. A contact is an interaction with `by` filled, of a kind that the terms
count (or of none); one in the future has not happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Moments, Texts
from smarketing_xl.frames import Columns
from smarketing_xl.schema.manual_grades import marked
from smarketing_xl.sla.calendar import add_business_hours, business_hours, moments
from smarketing_xl.sla.terms import Terms

NEVER = np.datetime64("NaT", "us")
EARLY = np.timedelta64(24, "h")
"""How long before a lead was entered a contact may lie and still be one with it."""

ENDED = ("rejected", "won", "lost")
ACCEPTED = ("accepted", "opportunity", "won", "lost")


@dataclass(frozen=True)
class Cases:
    """Arrays, one element a lead, in the order of the leads. Times are of the office.

    promised: office hours promised to the first contact (NaN: none), due: until when. contact: the
    first one; contact_hours: office hours it took. attempts: contacts so far; attempts_in_days:
    those within the days promised. touch_lead, touch_time: every contact counted, by lead and time.
    too_early: follow-ups left out that were made before their lead came; no_contact: those of a
    kind that is no contact.
    """

    now: np.datetime64
    terms: Terms
    lead_id: Texts
    owner: Texts
    grade: Texts
    status: Texts
    reason: Texts
    qualified: Flags
    by_hand: Flags
    start: Moments
    decided: Moments
    closed: Moments
    promised: Floats
    due: Moments
    contact: Moments
    contact_hours: Floats
    attempts: NDArray[np.int64]
    attempts_in_days: NDArray[np.int64]
    attempts_due: Moments
    decide_due: Moments
    touch_lead: NDArray[np.intp]
    touch_time: Moments
    too_early: int = 0
    no_contact: int = 0

    @property
    def undecided(self) -> Flags:
        """Neither accepted nor rejected."""
        return ~np.isin(self.status, [*ACCEPTED, "rejected"])

    @property
    def ended(self) -> Flags:
        """Rejected, won or lost: there is nobody to call."""
        return np.isin(self.status, ENDED)

    @property
    def waiting(self) -> Flags:
        """Promised a first contact that is still to be made."""
        return ~np.isnan(self.promised) & np.isnat(self.contact) & ~self.ended

    def attempt(self, number: int) -> Moments:
        """When each lead had its contact of that number (from 1); NaT where it had none."""
        first = np.cumsum(self.attempts) - self.attempts
        enough = self.attempts >= number
        out = np.full(len(first), NEVER)
        out[enough] = self.touch_time[first[enough] + number - 1]
        return out


def build_cases(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> Cases:
    """The case of every lead, at a moment (on the office's clock)."""
    now = np.datetime64(now, "us")
    given = Columns(
        leads, "lead_id", "created", "assigned", "owner", "status", "decided", "closed",
        "reason", "grade", "qualified", "rule_grade",
    )  # fmt: skip
    lead_id = given.texts("lead_id")
    created, assigned = (terms.to_office(given.times(key)) for key in ("created", "assigned"))
    again = ~np.isnat(assigned) & ~(assigned <= created)
    start = np.where(again, assigned, created)
    touches = _touches(interactions, lead_id, start, again, terms, now)
    lead, time = touches.lead, touches.time
    attempts = np.bincount(lead, minlength=len(lead_id))
    contact = np.full(len(lead_id), NEVER)
    first = np.flatnonzero(np.diff(lead, prepend=-1))
    contact[lead[first]] = time[first]
    grade = given.texts("grade")
    promised = np.array(
        pd.Series(grade, dtype=object).map(dict(terms.first_contact_hours)), dtype=np.float64
    )
    office = terms.office
    attempts_due = add_business_hours(start, terms.days(terms.sla_attempt_days), office)
    decided = terms.to_office(given.times("decided"))
    hours = np.atleast_1d(business_hours(start, contact, office))
    return Cases(
        now=now,
        terms=terms,
        lead_id=lead_id,
        owner=given.texts("owner"),
        grade=grade,
        status=given.texts("status"),
        reason=given.texts("reason"),
        qualified=given.flags("qualified"),
        by_hand=marked(given.texts("rule_grade")),
        start=start,
        decided=np.where(again & (decided < start), NEVER, decided),
        closed=terms.to_office(given.times("closed")),
        promised=promised,
        due=np.atleast_1d(add_business_hours(start, promised, office)),
        contact=contact,
        contact_hours=np.maximum(hours, 0),
        attempts=attempts,
        attempts_in_days=np.bincount(lead[time <= attempts_due[lead]], minlength=len(lead_id)),
        attempts_due=attempts_due,
        decide_due=add_business_hours(start, terms.days(terms.sla_decide_days), office),
        touch_lead=lead,
        touch_time=time,
        too_early=touches.too_early,
        no_contact=touches.no_contact,
    )


@dataclass(frozen=True)
class _Touches:
    """Contacts that count: the row of their lead and their time, by lead and time; see Cases."""

    lead: NDArray[np.intp]
    time: Moments
    too_early: int
    no_contact: int


def _touches(
    interactions: IntoFrame,
    lead_id: Texts,
    start: Moments,
    again: Flags,
    terms: Terms,
    now: np.datetime64,
) -> _Touches:
    given = Columns(interactions, "lead_id", "time", "by", "kind")
    time = terms.to_office(moments(given.times("time")))
    known = pd.Index(lead_id, dtype=object)
    row = pd.Series(np.arange(len(known)), known)
    row = row[~known.duplicated() & known.notna()]
    places = row.index.get_indexer(pd.Index(given.texts("lead_id"), dtype=object))
    made = (places >= 0) & ~pd.isna(given.texts("by")) & (time <= now)
    kind = given.texts("kind")
    contact = pd.isna(kind) | np.isin(kind.astype(str), terms.contact_kinds)
    contacts = np.flatnonzero(made & contact)
    lead, time = row.to_numpy()[places[contacts]], time[contacts]
    early = time < start[lead]
    soon = early & ~again[lead] & (start[lead] - time <= EARLY)
    counted = ~early | soon
    lead, time = lead[counted], np.where(soon, start[lead], time)[counted]
    order = np.lexsort((time, lead))
    too_early = int((early & ~soon & ~again[row.to_numpy()[places[contacts]]]).sum())
    return _Touches(lead[order], time[order], too_early, int((made & ~contact).sum()))


def month_of(times: Moments) -> Moments:
    """The first day of each month."""
    months: Moments = times.astype("datetime64[M]").astype("datetime64[us]")
    return months
