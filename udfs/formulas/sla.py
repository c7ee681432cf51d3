"""Step 3, the agreement: office hours, follow-up due, its state, the pace of the month."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from smarketing_xl.elementwise import ERRORS, Number, unfilled
from smarketing_xl.i18n import N_, current_language
from udfs import helpers
from udfs.lambdas import sla as lambdas
from udfs.registry import formula
from udfs.values import Grid

if TYPE_CHECKING:
    from smarketing_xl.sla.terms import Terms

_OFFICE = {
    "opens_at": N_(
        "When the office opens: 9:00, or 9. One cell; 9 if left out. All shifts as text."
    ),
    "closes_at": N_(
        "When it closes: 18:00, or 18; before it opens: on the next morning. 18 if left out."
    ),
    "work_days": N_("Working days: 1-5, or 1,2,3,4,6; 1 is Monday. One cell; 1-5 if left out."),
    "holidays": N_("Country whose holidays count: ES, ES-MD, US-CA; or a column of dates."),
}

_CREATED = N_("When the lead arrived.")
_HOURS = N_("Office hours promised to the first contact.")


@formula(
    "SLA",
    N_("Office hours from one moment to another, without nights, weekends and holidays."),
    example="=BUSINESS_HOURS(A2, B2, office_open, office_close, office_days, holiday_country)",
    native=True,
    within=lambdas.business_hours,
    arguments={
        "started": N_("From when."),
        "ended": N_("Until when."),
        **_OFFICE,
    },
)
def business_hours(
    started: Any,
    ended: Any,
    opens_at: Any = None,
    closes_at: Any = None,
    work_days: Any = None,
    holidays: Any = None,
) -> Any:
    from smarketing_xl.sla import calendar

    office = _terms(opens_at, closes_at, work_days, holidays).office
    starts, ends = helpers.line_up(started, ended)
    begun, wrong = helpers.times_or_errors(starts)
    over, wrong_too = helpers.times_or_errors(ends)
    hours = np.asarray(calendar.business_hours(begun, over, office), dtype=object)
    return helpers.bad(hours, wrong, wrong_too)


@formula(
    "SLA",
    N_("Until when a lead must be contacted: so many office hours after it arrived."),
    example="=FOLLOW_UP_DUE([@Created], 4, office_open, office_close, office_days)",
    times=True,
    native=True,
    within=lambdas.follow_up_due,
    arguments={
        "created": _CREATED,
        "hours": _HOURS,
        **_OFFICE,
    },
)
def follow_up_due(
    created: Any,
    hours: Any,
    opens_at: Any = None,
    closes_at: Any = None,
    work_days: Any = None,
    holidays: Any = None,
) -> Any:
    from smarketing_xl.sla import calendar

    office = _terms(opens_at, closes_at, work_days, holidays).office
    starts, waits = helpers.line_up(created, hours)
    begun, wrong = helpers.times_or_errors(starts)
    numbers, wrong_too = _hours(waits)
    due = np.asarray(calendar.add_business_hours(begun, numbers, office))
    moments = np.asarray(due.astype(object))
    moments[unfilled(waits)] = None
    return helpers.bad(moments, wrong, wrong_too, helpers.beyond_calendar(due))


@formula(
    "SLA",
    N_("The state of a follow-up: in time, due, due soon, late, contacted late."),
    example="=SLA_STATUS(A2, B2, 4)",
    native=True,
    within=lambdas.sla_status,
    arguments={
        "created": _CREATED,
        "contacted": N_("When it was first contacted; blank: not yet."),
        "hours": _HOURS,
        "as_of": N_("As of when; now if left out."),
        **_OFFICE,
    },
)
def sla_status(
    created: Any,
    contacted: Any,
    hours: Any,
    as_of: Any = None,
    opens_at: Any = None,
    closes_at: Any = None,
    work_days: Any = None,
    holidays: Any = None,
) -> Any:
    from smarketing_xl.schema.tables import SLA_STATUSES
    from smarketing_xl.sla.calendar import add_business_hours
    from smarketing_xl.sla.follow_up import status_of

    office = _terms(opens_at, closes_at, work_days, holidays).office
    moment = dt.datetime.now() if as_of is None else as_of
    starts, contacts, waits, moments = helpers.line_up(created, contacted, hours, moment)
    begun, wrong = helpers.times_or_errors(starts)
    met, wrong_contact = helpers.times_or_blanks(contacts)
    numbers, wrong_hours = _hours(waits)
    until, wrong_moment = helpers.times_or_errors(moments)
    states = status_of(add_business_hours(begun, numbers, office), met, until, office)
    labels = SLA_STATUSES.shown(current_language())
    shown = np.asarray(np.frompyfunc(labels.get, 1, 1)(states), dtype=object)
    shown[unfilled(waits)] = None
    return helpers.bad(shown, wrong, wrong_contact, wrong_hours, wrong_moment)


@formula(
    "SLA",
    N_("Leads delivered for each promised so far this month: 1 is on time, below 1 behind."),
    example="=SLA_PACE(B5, sla_leads, report_date)",
    native=True,
    within=lambdas.sla_pace,
    arguments={
        "delivered": N_("Leads delivered this month."),
        "promised": N_("Leads promised for the month."),
        "as_of": N_("As of when; now if left out."),
        **_OFFICE,
    },
)
def sla_pace(
    delivered: Any,
    promised: Any,
    as_of: Any = None,
    opens_at: Any = None,
    closes_at: Any = None,
    work_days: Any = None,
    holidays: Any = None,
) -> Any:
    from smarketing_xl import rates
    from smarketing_xl.sla.marketing import working_share

    terms = _terms(opens_at, closes_at, work_days, holidays)
    moment = dt.datetime.now() if as_of is None else as_of
    done, wanted, moments = helpers.line_up(delivered, promised, moment)
    until, wrong = helpers.times_or_errors(moments)
    elapsed = working_share(until.astype("datetime64[M]"), until, terms)
    return helpers.bad(helpers.element_by_element(rates.pace, done, wanted, elapsed), wrong)


def _terms(opens_at: Any, closes_at: Any, work_days: Any, holidays: Any) -> Terms:
    from smarketing_xl.sla.terms import read_terms

    given: dict[str, Any] = {"office_days": helpers.text(work_days, "work_days") or "1-5"}
    days = _days(holidays)
    if days is None:
        given["holiday_country"] = helpers.text(holidays, "holidays")
    given["office_open"] = _clock(opens_at, "opens_at")
    given["office_close"] = _clock(closes_at, "closes_at")
    return replace(read_terms(given, []), closing_days=days or ())


def _clock(cell: Any, name: str) -> Any:
    """A clock time as read_terms takes it: a number, a time, or a text such as 9:00 or 9-14."""
    cell = helpers.scalar(cell, name)
    shown = isinstance(cell, str) and any(mark in cell for mark in ":-–")
    if cell is None or shown or isinstance(cell, dt.time | dt.datetime):
        return cell
    return helpers.number(cell, name)


def _days(holidays: Any) -> tuple[dt.date, ...] | None:
    """Days that a column of dates names, blanks left out; None where it is no such column."""
    cells = np.asarray(helpers.unbroken(holidays, "holidays"), dtype=object).ravel()
    kept = np.array([cell for cell in cells if cell not in (None, "")], dtype=object)
    if not kept.size or any(isinstance(cell, str) for cell in kept):
        return None
    found, errors = helpers.times_or_errors(kept)
    if any(error is not None for error in np.atleast_1d(errors)):
        return None
    return tuple(sorted(set(np.atleast_1d(found).astype("datetime64[D]").tolist())))


def _hours(cells: Any) -> tuple[Any, Grid]:
    """Hours element by element, and the error each answers."""
    numbers, codes = Number("hours", low=0, high=lambdas.MOST_HOURS).judge(cells)
    return numbers, np.array([None, *ERRORS], dtype=object)[np.asarray(codes)]
