"""The terms of the agreement: what marketing and sales promise each other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import numpy as np

from smarketing_xl.arrays import Floats, Moments
from smarketing_xl.clock import on_clock
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import INTERACTION_KINDS, SHEETS
from smarketing_xl.sla.calendar import Office, known_holidays, moments
from smarketing_xl.sla.office_hours import OtherHours, Shift, office_shifts, other_hours

CONTACT_KINDS = ("call", "meeting", "message", "reply")
"""Kinds of interaction that are a contact where nothing else is agreed."""

_DAYS = re.compile(r"\s*([1-7])\s*(?:-\s*([1-7])\s*)?")


class Promising(Protocol):
    """A grade with the office hours promised to the first contact, None for no promise."""

    @property
    def name(self) -> str: ...
    @property
    def first_contact_hours(self) -> float | None: ...


@dataclass(frozen=True)
class Terms:
    """What was agreed. Fields are named as the cells of the workbook; 0 is "not promised".

    sla_leads, sla_qualified: leads a month from marketing, all and qualified. first_contact_hours:
    grade → office hours to the first contact. sla_attempts within sla_attempt_days, acceptance or
    rejection within sla_decide_days: working days, counted as full working days of office hours
    from the moment a lead is assigned. office_open, office_close: hours of the day, the latter
    above 24 where it closes after midnight; office_shifts: where a day has several, all of them.
    office_days: 1 is Monday. office_other: hours of certain months and days. holiday_country:
    "ES", "ES-MD" or blank. closing_days: days on which the office is closed besides. office_zone,
    data_zone: time zones of the office and of the times in the tables (blank: the same).
    agreed_from, agreed_to: first and last day of the agreement; None for no end. contact_kinds:
    entries of InteractionKinds that are a contact; an interaction of no kind is one too. by_month:
    leads promised in the months of the plan, by their first day; sla_leads in all others.
    Raises BadData with every fault.
    """

    sla_leads: float = 0
    sla_qualified: float = 0
    sla_attempts: float = 0
    sla_attempt_days: float = 0
    sla_decide_days: float = 0
    office_open: float = 9
    office_close: float = 18
    office_shifts: tuple[Shift, ...] = ()
    office_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    office_other: tuple[OtherHours, ...] = ()
    holiday_country: str = ""
    closing_days: tuple[dt.date, ...] = ()
    office_zone: str = ""
    data_zone: str = ""
    agreed_from: dt.date | None = None
    agreed_to: dt.date | None = None
    contact_kinds: tuple[str, ...] = CONTACT_KINDS
    first_contact_hours: Mapping[str, float] = field(default_factory=dict)
    by_month: Mapping[dt.date, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = [
            Fault(problem, remedy, _(SHEETS["sla"]), column=_label(name), value=getattr(self, name))
            for name, problem, remedy in _wrong(self)
        ]
        if faults:
            raise BadData(faults)

    @property
    def office(self) -> Office:
        """When the promised hours run."""
        return Office(
            self.office_open,
            self.office_close,
            self.office_days,
            self.holiday_country,
            self.closing_days,
            self.office_shifts,
            self.office_other,
        )

    def days(self, number: float) -> float:
        """So many working days in office hours."""
        return number * self.office.hours

    def promised_in(self, months: Any) -> Floats:
        """Leads promised in each of some months, datetime64."""
        firsts = np.asarray(months, dtype="datetime64[M]").astype("datetime64[D]")
        promised = [self.by_month.get(first, self.sla_leads) for first in firsts.ravel().tolist()]
        return np.array(promised, dtype=np.float64).reshape(firsts.shape)

    def to_office(self, times: Any) -> Moments:
        """Times of the tables on the clock of the office."""
        return on_clock(moments(times), self.data_zone, self.office_zone)

    def to_data(self, times: Any) -> Moments:
        """Times on the clock of the office as the tables have them."""
        return on_clock(moments(times), self.office_zone, self.data_zone)


def read_terms(
    cells: Mapping[str, Any],
    grades: Sequence[Promising],
    by_month: Mapping[dt.date, float] | None = None,
) -> Terms:
    """The terms from the named cells of the workbook and from its grades.

    cells: name → value, blanks None; names that are no terms are ignored. A blank number is not
    promised. office_open and office_close are clock times, parts of a day or hours; office_open may
    name all shifts, office_other is a text (see office_hours). by_month: see `Terms`.
    Raises BadData with every fault.
    """
    given = {name: cells[name] for name in _NAMES if cells.get(name) is not None}
    hours, wrong_hours = _office_hours(given)
    given |= hours
    days, faults = _week(given.pop("office_days", ""))
    kinds, unknown = _kinds(given.pop("contact_kinds", None))
    faults += unknown + wrong_hours
    for name in ("agreed_from", "agreed_to"):
        if isinstance(given.get(name), dt.datetime):
            given[name] = given[name].date()
    promised = {
        grade.name: grade.first_contact_hours
        for grade in grades
        if grade.first_contact_hours is not None
    }
    try:
        terms = Terms(
            **given,
            office_days=days,
            contact_kinds=kinds,
            first_contact_hours=promised,
            by_month=by_month or {},
        )
    except BadData as error:
        raise BadData([*faults, *error.faults]) from error
    if faults:
        raise BadData(faults)
    return terms


def _office_hours(given: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """When the office opens and closes, its shifts and other hours; the cells are taken out."""
    opens, closes = given.pop("office_open", None), given.pop("office_close", None)
    other = other_hours(str(given.pop("office_other", "") or ""))
    faults = []
    shifts = office_shifts(9 if opens is None else opens, 18 if closes is None else closes)
    if shifts is None:
        remedy = _(
            "Type clock times such as 9:00 and 18:00, or all shifts: 9:00-14:00, 16:00-19:00"
        )
        faults.append(
            Fault(
                _("are no office hours"),
                remedy,
                _(SHEETS["sla"]),
                column=_label("office_open"),
                value=", ".join(str(each) for each in (opens, closes) if each is not None),
            )
        )
        shifts = ((9.0, 18.0),)
    if other is None:
        remedy = _("Type them such as 5: 8-15; Aug: 8-15; Dec 5: closed")
        faults.append(
            Fault(_("are no office hours"), remedy, _(SHEETS["sla"]), column=_label("office_other"))
        )
    several = shifts if len(shifts) > 1 else ()
    known = {"office_open": shifts[0][0], "office_close": shifts[-1][1]}
    return known | {"office_shifts": several, "office_other": other or ()}, faults


_NAMES = tuple(f.name for f in fields(Terms) if f.name not in ("first_contact_hours", "by_month"))
_PROMISES = ("sla_leads", "sla_qualified", "sla_attempts", "sla_attempt_days", "sla_decide_days")


def _wrong(terms: Terms) -> list[tuple[str, str, str]]:
    """Name, problem and remedy of everything that cannot be."""
    problems = [
        (name, _("is not a number"), _("Type a number, 0 or more"))
        for name in (*_PROMISES, "office_open", "office_close")
        if not isinstance(getattr(terms, name), int | float) or not getattr(terms, name) >= 0
    ]
    if not problems and terms.sla_attempts and not terms.sla_attempt_days:
        problems.append(
            ("sla_attempt_days", _("is blank"), _("Type within how many working days to try"))
        )
    if not problems and not 0 <= terms.office_open < terms.office_close <= terms.office_open + 24:
        problems.append(
            ("office_close", _("is not after the office opens"), _("Type hours such as 9 and 18"))
        )
    if not terms.office_days or not set(terms.office_days) <= set(range(1, 8)):
        problems.append(("office_days", _("names no working day"), _("Type days such as 1-5")))
    if not known_holidays(terms.holiday_country):
        problems.append(
            (
                "holiday_country",
                _("is not a country whose holidays are known"),
                _("Type a country such as ES, with a region if needed, such as ES-MD"),
            )
        )
    problems += [
        (name, _("is not a time zone"), _("Type one such as Europe/Madrid"))
        for name in ("office_zone", "data_zone")
        if not _is_zone(getattr(terms, name))
    ]
    if terms.agreed_from and terms.agreed_to and terms.agreed_to < terms.agreed_from:
        problems.append(("agreed_to", _("is before the first day"), _("Type a later date")))
    return problems + _wrong_hours(terms)


def _label(name: str) -> str:
    """What the sheet calls a term."""
    from smarketing_xl.schema.named_cells import AGREEMENT, TERMS  # heavy, and seldom needed

    labels = {cell.name: cell.label for cell in (*TERMS, *AGREEMENT)}
    return _(labels[name]) if name in labels else name


def _wrong_hours(terms: Terms) -> list[tuple[str, str, str]]:
    return [
        (
            "first_contact_hours",
            _("is negative or no number for grade {grade}").format(grade=grade),
            _("Type the office hours in the table of grades"),
        )
        for grade, hours in terms.first_contact_hours.items()
        if not hours >= 0
    ]


def _kinds(text: object) -> tuple[tuple[str, ...], list[Fault]]:
    """Kinds of contact from "Call; Meeting", in any language."""
    if text is None:
        return CONTACT_KINDS, []
    known = INTERACTION_KINDS.known()
    parts = [part.strip().lower() for part in re.split(r"[,;]", str(text)) if part.strip()]
    wrong = [part for part in parts if part not in known]
    if not wrong:
        return tuple(known[part] for part in parts), []
    labels = "; ".join(_(label) for label in INTERACTION_KINDS.labels.values())
    fault = Fault(
        _("names a type of interaction that is not known"),
        _("Choose from: {labels}").format(labels=labels),
        _(SHEETS["sla"]),
        column=_label("contact_kinds"),
        value="; ".join(wrong),
    )
    return CONTACT_KINDS, [fault]


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    if not name:
        return True
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _week(text: object) -> tuple[tuple[int, ...], list[Fault]]:
    """Days of the week from "1-5" or "1,2,3,4,6"; 1 is Monday."""
    days: set[int] = set()
    parts = [part for part in re.split(r"[,;]", str(text).removesuffix(".0")) if part.strip()]
    for part in parts:
        match = _DAYS.fullmatch(part)
        if not match or int(match[2] or match[1]) < int(match[1]):
            fault = Fault(
                _("is not a list of days"),
                _("Type days such as 1-5 or 1,2,3,4,6; 1 is Monday"),
                _(SHEETS["sla"]),
                column=_label("office_days"),
                value=text,
            )
            return (1, 2, 3, 4, 5), [fault]
        days |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    return tuple(sorted(days)) or (1, 2, 3, 4, 5), []
