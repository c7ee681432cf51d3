"""Follow-up: until when each lead must be contacted, whether it was, and who is late."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from smarketing_xl.arrays import Flags, Moments, Texts
from smarketing_xl.frames import Columns, like
from smarketing_xl.schema.tables import SLA_LATE
from smarketing_xl.sla.calendar import Office, business_hours, moments
from smarketing_xl.sla.cases import NEVER, Cases, build_cases
from smarketing_xl.sla.terms import Terms

SOON = 2.0
"""Office hours before the moment due from which a lead is due soon."""


def follow_up_cases(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> Any:
    """Each lead's moment due, first contact and state, as a frame of the same kind and order.

    leads, interactions: columns by the keys of their tables; leads need grade and status. now: a
    moment on the office's clock. See `cases` for reassigned and reopened leads.

    Returns lead_id, follow_up_due, sla_status, first_contact, contact_hours (office hours),
    attempts, and in_time: yes or no, blank while there is time or where nothing was promised.
    sla_status, for leads whose grade has promised hours:
    in_time, contacted_late: contacted; due, due_soon (two office hours or less), late: not yet;
    closed: rejected, won or lost without a contact on record. Other leads are not_qualified; those
    without a grade or a start have no state.
    """
    case = build_cases(leads, interactions, terms, now)
    return like(
        leads,
        {
            "lead_id": case.lead_id,
            "follow_up_due": terms.to_data(case.due),
            "sla_status": status(case),
            "first_contact": terms.to_data(case.contact),
            "contact_hours": case.contact_hours,
            "attempts": case.attempts,
            "in_time": in_time(case),
        },
    )


def status(case: Cases) -> Texts:
    """The state of every case, an entry of SLA_STATUSES or None."""
    out = status_of(case.due, case.contact, case.now, case.terms.office)
    out[case.ended & np.isnat(case.contact)] = "closed"
    out[np.isnan(case.promised)] = "not_qualified"
    known = np.array([grade is not None for grade in case.grade], dtype=np.bool_)
    out[~known | np.isnat(case.start)] = None
    return out


def status_of(due: Moments, contact: Moments, now: Any, office: Office) -> Texts:
    """The state of follow-ups promised until a moment: an entry of SLA_STATUSES each.

    due, contact, now: moments on the office's clock, broadcast together; contact: the first one,
    NaT where there was none; one later than now has not happened.
    """
    due, contact, now = np.broadcast_arrays(due, contact, moments(now))
    contacted = contact <= now
    states = np.select(
        [
            contacted & (contact <= due),
            contacted,
            due < now,
            business_hours(now, due, office) <= SOON,
        ],
        ["in_time", "contacted_late", "late", "due_soon"],
        "due",
    )
    return states.astype(object)


def in_time(case: Cases) -> Texts:
    """True: contacted in time. False: late, or over without a contact. None: not judged yet.

    A lead closed without a contact is judged by when it was decided or closed: after the moment due
    the promise was broken; before it, there was nobody left to call.
    """
    contacted = ~np.isnat(case.contact)
    over = np.where(np.isnat(case.decided), case.closed, case.decided)
    missed = np.where(case.ended, over > case.due, case.now > case.due)
    judged = ~np.isnat(case.due) & (contacted | missed)
    out = np.full(len(judged), None, dtype=object)
    out[judged] = (contacted & (case.contact <= case.due))[judged]
    return out


def late(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """Who to call: every lead with a duty late or due soon, worst first, as the SlaLate table.

    Duties: the first contact; after it, while sales has not decided, the attempts and the decision
    promised. A lead is listed once, with the duty that is latest. Late ones come before those due
    soon, and those latest for what was promised (hours late / hours promised) come first.
    """
    case = build_cases(leads, interactions, terms, now)
    return _duties(leads, case, case.now)


def due_today(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """The list `late` and, after it, every duty that falls due before the office's day is over."""
    case = build_cases(leads, interactions, terms, now)
    day = case.now.astype("datetime64[D]") + np.timedelta64(1, "D")
    return _duties(leads, case, day.astype("datetime64[us]"))


def _duties(leads: IntoFrame, case: Cases, until: np.datetime64) -> pd.DataFrame:
    """What is late, due soon, or due before a moment; each lead once."""
    terms = case.terms
    contacted = ~np.isnan(case.promised) & ~np.isnat(case.contact)
    asked = contacted & case.undecided
    trying = asked & (case.attempts_in_days < terms.sla_attempts)
    deciding = asked & (terms.sla_decide_days > 0)
    duties = pd.concat(
        [
            _open(case, "first_contact", case.waiting, case.due, until),
            _open(case, "attempts", trying, case.attempts_due, until),
            _open(case, "decision", deciding, case.decide_due, until),
        ]
    )
    duties = duties.sort_values(["badness", "row"], ascending=[False, True])
    duties = duties[~duties["row"].duplicated()].reset_index(drop=True)
    row = duties.pop("row").to_numpy(dtype=np.intp)
    given = Columns(leads, "name", "company", "phone")
    person = {key: given.texts(key)[row] for key in ("name", "company", "phone")}
    rows = duties.assign(
        owner=case.owner[row], lead_id=case.lead_id[row], grade=case.grade[row], **person
    )
    rows["due"] = terms.to_data(rows["due"].to_numpy())
    return rows[SLA_LATE.keys]


def _open(case: Cases, duty: str, held: Flags, due: Moments, until: np.datetime64) -> pd.DataFrame:
    """Cases that hold a duty late, due soon or due before a moment, with how bad it is."""
    office = case.terms.office
    hours = np.atleast_1d(business_hours(due, case.now, office))
    row = np.flatnonzero(held & ((hours >= -SOON) | (due < until)))
    late = due[row] < case.now
    given = np.atleast_1d(business_hours(case.start[row], due[row], office))
    badness = hours[row] / np.maximum(given, 1)
    return pd.DataFrame(
        {
            "row": row,
            "duty": duty,
            "due": np.where(np.isnat(due[row]), NEVER, due[row]),
            "hours_late": np.round(hours[row], 2),
            "sla_status": np.select(
                [late, hours[row] >= -SOON], ["late", "due_soon"], "due"
            ).astype(object),
            "badness": np.where(late, badness + 1e-9, np.minimum(badness, 0) - 1e-9),
        }
    )
