"""Step 3: the agreement, kept or not, and on paper."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Filled, Summary, action, filled, given_cells, moment
from smarketing_xl.texts import _, written
from smarketing_xl.workbook import cells, tables
from smarketing_xl.workbook.filling import Change, Columns, Rows
from smarketing_xl.workbook.reading import language, read, read_cells


@action
def sla(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Promised against delivered, by month and by owner; follow-up due and its state by lead."""
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.sla import follow_up, history, marketing, sales
    from smarketing_xl.sla.terms import read_terms

    scale = read_grades(filled(book, tables.GRADES))
    terms = read_terms(read_cells(book, (*cells.TERMS, *cells.AGREEMENT)), scale)
    leads = filled(book, tables.LEADS, checked=("created", "assigned", "status", "decided"))
    interactions = read(book, tables.INTERACTIONS, checked=("lead_id", "time"))
    now = moment(book, now)
    followed = follow_up.follow_up(leads, interactions, terms, now)
    delivered = marketing.delivered(leads, terms, now)
    by_owner = sales.by_owner(leads, interactions, terms, now)
    state = followed["sla_status"].value_counts()
    shown = tables.SLA_STATUSES.shown(language(book))
    changes: list[Change] = [
        Columns(tables.LEADS, followed[["follow_up_due", "sla_status"]].set_axis(leads.index)),
        Rows(tables.SLA_MARKETING, delivered),
        Rows(tables.SLA_SALES, by_owner),
        Rows(tables.SLA_LATE, follow_up.late(leads, interactions, terms, now)),
        Rows(tables.SLA_SPEED, history.by_speed(leads, interactions, terms, now)),
        Rows(tables.SLA_ATTEMPTS, history.by_attempts(leads, interactions, terms, now)),
        Rows(tables.SLA_LINE, marketing.day_by_day(leads, terms, now)),
        *_group_promises(book, leads, terms, now),
    ]
    counted = pd.DataFrame(
        {_("SLA status"): [shown.get(str(s), str(s)) for s in state.index], _("Leads"): state}
    )
    undated = int(leads["created"].isna().sum())
    note = _("{count} leads have no date Created: they are not measured")
    notes = (note.format(count=written(undated)),) if undated else ()
    return changes, Summary(
        _("SLA filled"), len(leads), notes, counted, {"as of": now, "terms": terms}
    )


def _group_promises(
    book: xw.Book, leads: pd.DataFrame, terms: Any, now: dt.datetime
) -> list[Change]:
    """Promises by grade or persona, where there are any, and what a lead of theirs is worth."""
    from smarketing_xl import funnel
    from smarketing_xl.sla import marketing

    promises = read(book, tables.SLA_PROMISES)
    if promises.empty:
        return []
    goals = read_cells(book, [c for c in cells.GOALS if c.name in ("avg_revenue", "conv_rate")])
    worth = float("nan") if None in goals.values() else funnel.lead_value(**goals)
    known = [*read(book, tables.GRADES)["grade"], *read(book, tables.PERSONAS)["persona"].dropna()]
    filled = marketing.by_group(promises, leads, terms, now, worth, known)
    return [Columns(tables.SLA_PROMISES, filled)]


@action
def agreement_pdf(book: xw.Book, path: Path) -> Filled:
    """The agreement on paper, ready to sign; its terms are kept in the log."""
    from smarketing_xl.sla import agreement, pdf

    agreed = _agreement(book)
    signed = read(book, tables.LOG)
    signed = signed[signed["what"] == _("Agreement written")]
    notes: tuple[str, ...] = (str(path),)
    if len(signed):
        before = agreement.was_signed(str(signed["inputs"].iloc[-1]).removeprefix("agreement = "))
        notes += tuple(
            f"{change.what}: {change.before} → {change.after}"
            for change in agreement.differences(before, agreement.facts(agreed))
        )
    pdf.write(agreement.document(agreed), path)
    inputs: dict[str, object] = {"agreement": agreement.signed(agreed)}
    return [], Summary(_("Agreement written"), 1, notes, inputs=inputs)


def _agreement(book: xw.Book) -> Any:
    from smarketing_xl.personas.criteria import read_personas
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.sla.agreement import Agreement
    from smarketing_xl.sla.terms import read_terms

    scale = read_grades(filled(book, tables.GRADES))
    given = read_cells(book, (*cells.TERMS, *cells.AGREEMENT))
    goals = given_cells(
        book, [c for c in cells.GOALS if c.name in ("quota", "avg_revenue", "conv_rate")]
    )
    stages = read(book, tables.FUNNEL)
    shares = stages["to_next"].astype(object).where(stages["to_next"].notna(), None)
    return Agreement(
        read_terms(given, scale),
        tuple(read_personas(filled(book, tables.PERSONAS))),
        tuple(scale),
        dict(zip(stages["stage"], shares, strict=True)),
        **goals,
        company=given["company"] or "",
        marketing_head=given["marketing_head"] or "",
        sales_head=given["sales_head"] or "",
    )
