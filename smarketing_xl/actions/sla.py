"""Step 3: the agreement, kept or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    moment,
)
from smarketing_xl.actions.goals import due_by_month, goals_if_filled
from smarketing_xl.actions.outcomes import outcome_changes, settle, there
from smarketing_xl.book.read import has_table, language, named_range, read_cells, read_table
from smarketing_xl.book.write import Change, Columns, Rows
from smarketing_xl.i18n import N_, _, format_number
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Kind

if TYPE_CHECKING:
    from smarketing_xl.sla.terms import Terms


@action
def sla(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Promised against delivered, by month and by owner; follow-up due and its state by lead."""
    from smarketing_xl.sla import (
        follow_up,
        marketing,
        response_effect,
        sales,
    )
    from smarketing_xl.sla.cases import build_cases

    terms = agreed_terms(book)
    leads = filled_table(book, tables.LEADS, checked=("created", "assigned", "status", "decided"))
    interactions = read_table(book, tables.INTERACTIONS, checked=("lead_id", "time"))
    now = moment(book, now)
    settled = settle(book, leads, now)
    every, leads = leads, settled.leads
    interactions = settled.interactions(interactions)
    followed = followed_up(every, leads, interactions, terms, now)
    delivered = marketing.delivered(leads, terms, now)
    case = build_cases(leads, interactions, terms, now)
    late = follow_up.late(leads, interactions, terms, now)
    state = followed["sla_status"].value_counts()
    shown = tables.SLA_STATUSES.shown(language(book))
    changes: list[Change] = [
        Columns(tables.LEADS, followed),
        Rows(tables.SLA_MARKETING, delivered),
        Rows(tables.SLA_SALES, sales.summed(case)),
        Rows(tables.SLA_CONTACT, sales.by_grade(case)),
        Rows(tables.SLA_LATE, late, ordered=True),
        Rows(tables.SLA_SPEED, response_effect.by_speed(leads, interactions, terms, now)),
        Rows(tables.SLA_ATTEMPTS, response_effect.by_attempts(leads, interactions, terms, now)),
        Rows(tables.SLA_LINE, marketing.day_by_day(leads, terms, now)),
        *(
            Rows(table, effect(leads, interactions, terms, now))
            for table, effect in (
                (tables.SLA_EFFECT, response_effect.attempt_effect),
                (tables.SLA_SPEED_EFFECT, response_effect.speed_effect),
            )
            if has_table(book, table)
        ),
        *_by_line(book, leads, case, late, delivered),
        *_group_promises(book, leads, terms, now),
        *_holidays(book, terms),
        *outcome_changes(book, settled.account, now),
    ]
    counted = pd.DataFrame(
        {_("First contact"): [shown.get(str(s), str(s)) for s in state.index], _("Leads"): state}
    )
    undated = int(leads["created"].isna().sum())
    note = _("{count} leads have no date Created: they are not measured")
    notes = _late_notes(late) + ([note.format(count=format_number(undated))] if undated else [])
    notes += [
        _(text).format(count=format_number(count)) for text, count in _left_out(case) if count
    ]
    notes += response_effect.watched_less(case)
    return changes, Summary(
        _("SLA updated"), len(leads), tuple(notes), counted, {"report_date": now} | _promises(terms)
    )


def agreed_terms(book: xw.Book) -> Terms:
    """What was agreed, as the workbook has it; leads month by month unless typed over."""
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.sla.terms import read_terms

    given = read_cells(book, (*named_cells.TERMS, *named_cells.AGREEMENT))
    terms = read_terms(given, read_grades(filled_table(book, tables.GRADES)), _planned_leads(book))
    closed = pd.to_datetime(own_closing_days(book)["day"])  # older workbooks lack the table
    days = tuple(sorted(closed.dt.date))
    return replace(terms, closing_days=days)


def _promises(terms: Terms) -> dict[str, object]:
    """What was promised, as far as anything was: by named cell, and hours by grade."""
    given = {
        cell.name: getattr(terms, cell.name)
        for cell in named_cells.TERMS
        if cell.kind is Kind.WHOLE
    }
    first = _(tables.GRADES["first_contact_hours"].label)
    hours = {f"{first} ({grade})": wait for grade, wait in terms.first_contact_hours.items()}
    return {name: value for name, value in (given | hours).items() if value}


def own_closing_days(book: xw.Book) -> pd.DataFrame:
    """Rows of Holidays without a country: days on which the firm itself is closed."""
    days = there(book, tables.HOLIDAYS, ("day",))
    return days[days["country"].isna() & days["day"].notna()]


def _planned_leads(book: xw.Book) -> dict[dt.date, float]:
    """Leads due by month of the plan, where the promise of leads is the formula that follows it."""
    if not str(named_range(book, "sla_leads").formula).startswith("="):
        return {}
    goals = goals_if_filled(book)
    months = read_table(book, tables.PLAN, checked=())
    if goals is None or not months["share"].sum() > 0:
        return {}
    due = due_by_month(book, goals, months)
    return dict(zip(months["month"].dt.date, due.tolist(), strict=True))


def followed_up(
    every: pd.DataFrame, leads: pd.DataFrame, interactions: pd.DataFrame, terms: Any, now: Any
) -> pd.DataFrame:
    """Follow-up due, SLA status and priority of every row of the table of leads.

    every: the table as it stands. leads, interactions: as the account of outcomes has them.
    """
    from smarketing_xl.leads.priority import calling_priority
    from smarketing_xl.sla.follow_up import follow_up_cases

    cases: pd.DataFrame = follow_up_cases(leads, interactions, terms, now)
    state = cases[["follow_up_due", "sla_status"]]
    rows = every.drop(columns=["status", *state]).join(leads["status"]).join(state)
    return state.reindex(every.index).assign(priority=calling_priority(rows))


def _late_notes(late: pd.DataFrame) -> list[str]:
    """How many leads are late, and with what, as Home and the review count them."""
    over = late[late["sla_status"] == "late"]
    if over.empty:
        return []
    waiting = int((over["duty"] == "first_contact").sum())
    text = _("{count} leads are late: {waiting} not contacted, {undecided} undecided")
    return [
        text.format(
            count=format_number(len(over)),
            waiting=format_number(waiting),
            undecided=format_number(len(over) - waiting),
        )
    ]


def _left_out(case: Any) -> tuple[tuple[str, int], ...]:
    undated = case.ended & np.isnat(np.where(np.isnat(case.closed), case.decided, case.closed))
    return (
        (N_("{count} contacts lie more than a day before their lead came: not counted"),
         case.too_early),
        (N_("{count} follow-ups are of a type that does not count as contact"), case.no_contact),
        (N_("{count} leads are won, lost or rejected without a date: they count as over at once"),
         int(undated.sum())),
    )  # fmt: skip


def _by_line(
    book: xw.Book, leads: pd.DataFrame, case: Any, late: pd.DataFrame, months: pd.DataFrame
) -> list[Change]:
    """The agreement by line; nothing in a workbook without the table."""
    from smarketing_xl.sla.lines import by_line

    if not has_table(book, tables.SLA_LINES):
        return []
    lines = there(book, tables.LINES, ())
    lines = lines[lines["line"].notna() & lines["leads"].notna()]
    needed = pd.to_numeric(lines["leads"]).groupby(lines["line"].astype(str)).sum()
    rows = by_line(leads, case, late, months, needed)
    return [Rows(tables.SLA_LINES, rows, ordered=True)]


def _group_promises(
    book: xw.Book, leads: pd.DataFrame, terms: Any, now: dt.datetime
) -> list[Change]:
    """Promises by grade or persona, where there are any, and what a lead of theirs is worth."""
    from smarketing_xl import funnel
    from smarketing_xl.sla import marketing

    promises = read_table(book, tables.SLA_PROMISES)
    if promises.empty:
        return []
    goals = read_cells(
        book, [c for c in named_cells.GOALS if c.name in ("avg_revenue", "conv_rate")]
    )
    worth = float("nan") if None in goals.values() else funnel.lead_value(**goals)
    known = [
        *read_table(book, tables.GRADES)["grade"],
        *read_table(book, tables.PERSONAS)["persona"].dropna(),
    ]
    filled = marketing.by_group(promises, leads, terms, now, worth, known)
    return [Columns(tables.SLA_PROMISES, filled)]


def _holidays(book: xw.Book, terms: Terms) -> list[Change]:
    """The holidays that the agreement keeps, for formulas that cannot ask Python for them."""
    from smarketing_xl.sla.calendar import public_holidays

    if not has_table(book, tables.HOLIDAYS):  # a workbook made before it
        return []
    days = public_holidays(terms.holiday_country).assign(country=terms.holiday_country)
    every = pd.concat([own_closing_days(book), days], ignore_index=True)[tables.HOLIDAYS.keys]
    return [Rows(tables.HOLIDAYS, every, ordered=True)]
