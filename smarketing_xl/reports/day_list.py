"""The day's list: for each salesperson whom to call today, in calling order, and why.

As plain text to paste into a message or a mail, as JSON, or as calendar entries (RFC 5545).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from smarketing_xl.clock import on_clock
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _, current_language
from smarketing_xl.leads.consent import may_contact
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.personas.explaining import BETWEEN, MET
from smarketing_xl.reports.document import day, month, number, share
from smarketing_xl.schema.tables import DUTIES
from smarketing_xl.sla.cases import build_cases
from smarketing_xl.sla.follow_up import due_today
from smarketing_xl.sla.sales import summed
from smarketing_xl.sla.terms import Terms

Form = Literal["text", "json", "calendar"]
MINUTES = 15
"""How long a call stands in the calendar; late ones follow each other from now on."""
_LINE = 75  # octets of a line of a calendar


@dataclass(frozen=True)
class DayList:
    """Whom to call today.

    calls: one row a lead, by salesperson and calling order: owner, lead_id, name, company, phone,
    grade, duty (entry of DUTIES), due (on the clock of the tables), hours_late (office hours;
    negative: so many are left), sla_status (late, due_soon, due), why (the strongest criterion it
    meets). months: how this month stands, the columns of SlaSales. now: on the office's clock.
    zone: time zone of `due` and `now`; blank where nobody says. left_out: calls that are not
    listed, for want of consent or since the lead is not to be contacted. owners: every salesperson
    that a lead names, also those who have nobody to call.
    """

    now: dt.datetime
    calls: pd.DataFrame
    months: pd.DataFrame
    zone: str = ""
    left_out: int = 0
    owners: tuple[str, ...] = ()

    def of_owner(self, owner: str) -> DayList:
        """The list of one salesperson. Raises NotEnoughData where nobody is called so."""
        known = sorted({*self.owners, *self.calls["owner"]})
        wanted = fold_words(owner)
        names = [name for name in known if fold_words(name) == wanted] or [
            name for name in known if wanted and wanted in fold_words(name)
        ]
        if not names:
            raise NotEnoughData(
                _("No salesperson is called {name}").format(name=owner),
                _("Choose one of: {labels}").format(labels=", ".join(known)),
            )
        calls, months = (
            frame[frame["owner"].isin(names)].reset_index(drop=True)
            for frame in (self.calls, self.months)
        )
        return replace(self, calls=calls, months=months)

    def written(self, form: Form) -> str:
        """The list in one of its forms."""
        return {"text": text, "json": as_json, "calendar": calendar}[form](self)


def build_day_list(
    leads: pd.DataFrame,
    interactions: pd.DataFrame,
    terms: Terms,
    now: dt.datetime,
    every: pd.DataFrame | None = None,
) -> DayList:
    """The list of a moment on the office's clock.

    leads, interactions: as the account of outcomes has them (see outcomes.settled), leads with
    their priority of that moment. every: the table of leads with its duplicates, which may say no
    for the lead that they are; leads if left out.
    """
    duties = due_today(leads, interactions, terms, now)
    own = leads[["lead_id", "priority", "why"]].drop_duplicates("lead_id").set_index("lead_id")
    own = own.reindex(duties["lead_id"]).reset_index(drop=True)
    calls = duties.assign(
        owner=duties["owner"].where(duties["owner"].notna(), _("(nobody)")),
        why=own["why"].map(_strongest, na_action="ignore"),
        priority=own["priority"],
    )
    rows = leads if every is None else every
    silent = calls["lead_id"].isin(rows["lead_id"][~may_contact(rows)])
    calls = calls[~silent].sort_values(["owner", "priority"], kind="stable", ignore_index=True)
    sales = summed(build_cases(leads, interactions, terms, now))
    first = pd.Timestamp(now).normalize().replace(day=1)
    months = sales[sales["month"] == first].reset_index(drop=True)
    zone = terms.data_zone or terms.office_zone
    owners = tuple(map(str, leads["owner"].dropna().unique()))
    return DayList(now, calls.drop(columns="priority"), months, zone, int(silent.sum()), owners)


def _strongest(why: object) -> str | None:
    """The first criterion met of a lead's Why, without its mark."""
    first = str(why).split(BETWEEN)[0]
    return first.removeprefix(MET) if first.startswith(MET) else None


# --- text ---------------------------------------------------------------------------------------


def text(due_list: DayList) -> str:
    """The list as plain text; without a call, that there is none. Who is held back is counted."""
    parts = [_("No call is due on {day}.").format(day=day(due_list.now.date()))]
    if len(due_list.calls):
        parts = [_of_owner(due_list, owner) for owner in dict.fromkeys(due_list.calls["owner"])]
    if due_list.left_out:
        sentence = _("{count} more are not listed: no consent, or not to be contacted.")
        parts.append(sentence.format(count=number(due_list.left_out)))
    return "\n\n".join(parts)


def _of_owner(due_list: DayList, owner: str) -> str:
    calls = due_list.calls[due_list.calls["owner"] == owner].to_dict("records")
    late = sum(call["sla_status"] == "late" for call in calls)
    title = _("{owner}, {day}: {late} late, {due} due today").format(
        owner=owner, day=day(due_list.now.date()), late=number(late), due=number(len(calls) - late)
    )
    lines = [title]
    for place, call in enumerate(calls, 1):
        who = [_plain(call[key]) for key in ("name", "company", "phone")]
        lines.append(f"{place}. " + ", ".join(filter(None, who)) + f" ({call['lead_id']})")
        lines.append("   " + _reason(call, due_list.now))
    return "\n".join([*lines, *_month(due_list, owner)])


def _reason(call: dict[Any, Any], now: dt.datetime) -> str:
    duty = DUTIES.shown(current_language())[call["duty"]]
    if call["sla_status"] == "late":
        sentence = _("{duty}: {hours} office hours late").format(
            duty=duty, hours=number(call["hours_late"], 0 if call["hours_late"] >= 100 else 1)
        )
    else:
        due: dt.datetime = call["due"]
        at = f"{due:%H:%M}" if due.date() == now.date() else f"{day(due)} {due:%H:%M}"
        sentence = _("{duty}: due at {time}").format(duty=duty, time=at)
    grade = _("grade {grade}").format(grade=call["grade"]) if _plain(call["grade"]) else ""
    return ". ".join(
        filter(None, (sentence, ": ".join(filter(None, (grade, _plain(call["why"]))))))
    )


def _month(due_list: DayList, owner: str) -> list[str]:
    return [
        _(
            "{month}: {assigned} leads, {kept} contacted in time ({share} of those judged by now), "
            "{accepted} accepted, {won} won."
        ).format(
            month=month(due_list.now.date()),
            assigned=number(row["assigned"]),
            share=share(round(row["in_time_share"], 2)),
            kept=number(row["in_time"]),
            accepted=number(row["accepted"]),
            won=number(row["won"]),
        )
        for row in due_list.months[due_list.months["owner"] == owner].to_dict("records")
    ]


def _plain(cell: object) -> str:
    """A cell on one line; blank where it is."""
    if cell is None or cell != cell:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(cell)).split())


# --- JSON ---------------------------------------------------------------------------------------


def as_json(due_list: DayList) -> str:
    """The list as JSON: as_of, zone, and an array of calls; times as ISO 8601."""
    calls = [
        {key: _value(value) for key, value in call.items()}
        for call in due_list.calls.to_dict("records")
    ]
    keys = ("owner", "assigned", "in_time", "in_time_share", "accepted", "won")
    months = [{key: _value(row[key]) for key in keys} for row in due_list.months.to_dict("records")]
    whole = {
        "as_of": due_list.now.isoformat(),
        "zone": due_list.zone or None,
        "calls": calls,
        "month": months,
        "left_out": due_list.left_out,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _value(cell: Any) -> object:
    if cell is None or cell is pd.NaT or cell != cell:
        return None
    return cell.isoformat() if isinstance(cell, dt.datetime) else cell


# --- calendar -----------------------------------------------------------------------------------


def calendar(due_list: DayList) -> str:
    """The list as calendar entries, each with an alarm.

    Late calls follow each other from now on, others stand where they are due. An entry keeps its
    UID from day to day: read again, it is moved, not doubled.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Smarketing XL//EN", "METHOD:PUBLISH"]
    free = due_list.now.replace(second=0, microsecond=0)
    for call in due_list.calls.to_dict("records"):
        start: dt.datetime = call["due"]
        if call["sla_status"] == "late":
            start, free = free, free + dt.timedelta(minutes=MINUTES)
        lines += _entry(call, start, due_list)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _entry(call: dict[Any, Any], start: dt.datetime, due_list: DayList) -> list[str]:
    named = "|".join((str(call["lead_id"]), call["duty"], str(call["due"])))
    uid = hashlib.sha256(named.encode()).hexdigest()[:24]
    who = ", ".join(filter(None, (_plain(call[key]) for key in ("name", "company"))))
    duty = DUTIES.shown(current_language())[call["duty"]]
    phone = _plain(call["phone"])
    about = [phone, _reason(call, due_list.now), f"{call['owner']} ({call['lead_id']})"]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@smarketing",
        f"DTSTAMP:{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{_moment(start, due_list.zone)}",
        f"DURATION:PT{MINUTES}M",
        f"SUMMARY:{_escaped(duty + ': ' + (who or str(call['lead_id'])))}",
        f"DESCRIPTION:{_escaped(chr(10).join(filter(None, about)))}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(duty)}",
        "TRIGGER:PT0M",
        "END:VALARM",
        "END:VEVENT",
    ]


def _moment(time: dt.datetime, zone: str) -> str:
    """In UTC where the zone is known, else on the clock of whoever reads it."""
    if not zone:
        return f"{time:%Y%m%dT%H%M%S}"
    utc = on_clock(np.array([time], dtype="datetime64[us]"), zone, "UTC")[0].item()
    return f"{utc:%Y%m%dT%H%M%SZ}"


def _escaped(line: str) -> str:
    line = line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return line.replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, going on behind a blank; no letter is cut."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > _LINE - bool(parts):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
