"""Step 1: personas learned, adopted, and leads scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    moment,
)
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import language, ranges_kept, read_cells, read_table
from smarketing_xl.book.write import (
    Append,
    Change,
    Columns,
    Rows,
)
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.schema import named_cells, tables

if TYPE_CHECKING:
    from smarketing_xl.personas.criteria import Persona
    from smarketing_xl.personas.grades import Grade

_TOLD = 3  # proposed changes named in the summary


def personas_and_grades(book: xw.Book) -> tuple[list[Persona], list[Grade]]:
    """What both teams agreed on. Raises NotEnoughData, naming the sheet, where either lacks."""
    from smarketing_xl.personas.criteria import read_personas
    from smarketing_xl.personas.grades import read_grades

    personas = read_personas(filled_table(book, tables.PERSONAS))
    return personas, read_grades(filled_table(book, tables.GRADES))


@action
def score(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Score, grade and explain every lead; what they did; whom to call first.

    On Review: how the leads have moved since the persona was agreed, and what sales turns down.
    """
    from smarketing_xl.leads.priority import calling_priority
    from smarketing_xl.personas import interest, overrides, scoring
    from smarketing_xl.personas.learning.drift import measure_drift
    from smarketing_xl.personas.learning.rejections import count_rejections
    from smarketing_xl.personas.learning.warnings import protected_criteria
    from smarketing_xl.schema.manual_grades import by_hand

    personas, scale = personas_and_grades(book)
    leads = filled_table(book, tables.LEADS, checked=("lead_id",))
    leads = ranges_kept(book, tables.LEADS, leads)
    now = moment(book, now)
    scored = overrides.kept(scoring.score(leads, personas, scale, now.date()), leads, scale)
    did = read_table(book, tables.INTERACTIONS, checked=("lead_id", "time", "kind"))
    weights = interest.read_weights(read_table(book, tables.INTEREST))
    scored["interest"] = interest.interest_of(leads, did, now, weights)
    scored["rating"] = interest.rating(scored["grade"].tolist(), scored["interest"].tolist())
    known = leads.drop(columns=[*scored, "status"], errors="ignore")
    known = known.join(settle(book, leads, now).leads["status"])  # as Fill SLA ranks them
    scored["priority"] = calling_priority(scored.join(known))
    ours = [key for key in scored if key in tables.LEADS.ours]
    by_grade = (
        scored.groupby("grade", observed=True)
        .agg(leads=("grade", "size"), score=("score", "mean"))
        .reset_index()
        .rename(columns={"grade": _("Grade"), "leads": _("Leads"), "score": _("Mean fit score")})
    )
    since = agreed_since(book, now)
    recent = leads["created"] >= since
    moved = measure_drift(leads[~recent], leads[recent], personas, scale, now.date())
    rejected = count_rejections(leads, personas, scale, now.date())
    typed = int(by_hand(scored).sum())
    note = _("{count} grades typed by hand are kept").format(count=format_number(typed))
    changes: list[Change] = [
        Columns(tables.LEADS, scored[ours]),
        Rows(tables.PERSONA_DRIFT, moved),
        Rows(tables.PERSONA_REJECTIONS, rejected),
    ]
    notes = (
        *((note,) if typed else ()),
        *protected_criteria(personas),
        *rejected["said"].dropna().head(_TOLD),
    )
    return changes, Summary(
        _("Leads scored"),
        len(scored),
        notes,
        table=by_grade,
        inputs={_("Criteria"): len(personas), "report_date": now, _("Moved since"): since},
    )


def what_if(
    book: xw.Book, now: dt.datetime | None = None, weights: Mapping[str, float] | None = None
) -> Summary:
    """How many leads and past customers would change grade; nothing is written.

    weights: to try, by attribute. Without them the criteria as they stand now are compared with the
    grades as they were last scored: change a weight in the table, and ask before scoring.
    Raises NotEnoughData where there is nothing to compare with.
    """
    from smarketing_xl.personas import what_if
    from smarketing_xl.schema.manual_grades import MARK

    with reading_once(), speaking(language(book)):
        personas, scale = personas_and_grades(book)
        leads = filled_table(book, tables.LEADS, checked=("lead_id",))
        leads = ranges_kept(book, tables.LEADS, leads)
        now = moment(book, now)
        settled = settle(book, leads, now).leads
        leads = leads.loc[settled.index]
        tried = what_if.with_weights(personas, weights or {})
        after = what_if.graded(leads, tried, scale, now.date())
        if weights:
            before = what_if.graded(leads, personas, scale, now.date())
        else:
            before = leads["rule_grade"].astype("str").str.replace(MARK, "").str.strip()
            before = before.where(before.isin([grade.name for grade in scale]))
        if before.isna().all():
            raise NotEnoughData(
                _("No lead has a grade to compare with"),
                _("Score leads first, then change a weight and ask again"),
            )
        won = (settled["status"] == "won").to_numpy(dtype=bool)
        table = what_if.moved(before, after, won, scale)
        sums = {name: format_number(float(table[name].sum())) for name in ("up", "down")}
        bought = {
            name: format_number(float(table[f"customers_{name}"].sum())) for name in ("up", "down")
        }
        notes = (
            _("Leads that change grade: {up} up, {down} down").format(**sums),
            _("Past customers among them: {up} up, {down} down").format(**bought),
            _("Nothing was written: Score leads does it"),
        )
        titles = {
            "grade": _("Grade"),
            "leads": _("Leads"),
            "leads_then": _("Leads then"),
            "customers": _("Customers"),
            "customers_then": _("Customers then"),
        }
        changed = int(table[["up", "down"]].sum().sum())
        return Summary(_("What if"), changed, notes, table[list(titles)].rename(columns=titles))


@action
def learn(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Propose a persona from the sales history, and show on Review whether it works.

    Attributes with a warning are used only where someone ticked them in the last proposal.
    """
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.personas.learning.dataset import old_as_lost
    from smarketing_xl.personas.learning.study import study_history

    now = moment(book, now)
    scale = read_grades(filled_table(book, tables.GRADES))
    leads = read_table(book, tables.LEADS, checked=("lead_id", "status"))
    proposed = read_table(book, tables.PROPOSAL, checked=("take", "attribute"))
    ticked = proposed["take"].fillna(False).astype(bool) & proposed["flag"].notna()
    settled = settle(book, leads, now)
    days = read_cells(book, named_cells.LEARNING)["lost_after_days"]
    known, old = old_as_lost(settled.leads, now, days)
    study = study_history(
        settled.customers,
        known,
        scale,
        now.date(),
        set(proposed.loc[ticked, "attribute"]),
    )
    changes: list[Change] = [
        Rows(tables.PROPOSAL, study.learned.proposal),
        Rows(tables.FINDINGS, study.learned.findings),
        Rows(tables.PERSONA_GRADES, study.by_grade),
        Rows(tables.PERSONA_MODELS, study.models),
        Rows(tables.PERSONA_CALIBRATION, study.calibration),
    ]
    message = _("Nothing in the history sets the best customers apart")
    if study.learned.persona is not None:
        message = _("{count} criteria suggested; tick what you agree on, then adopt").format(
            count=format_number(len(study.learned.persona.criteria))
        )
    notes = [message, *study.models["said"]]
    if old:
        notes.append(
            _("{count} open leads that came more than {age} days ago count as lost").format(
                count=format_number(old), age=format_number(days)
            )
        )
    if study.in_parts:
        notes.append(
            _("Short history: each fifth was asked of a persona learned from the other four")
        )
    brief = study.by_grade[["grade", "lowest", "leads", "customers", "conversion", "lift"]].rename(
        columns=lambda key: tables.PERSONA_GRADES[key].title(language(book))
    )
    return changes, Summary(
        _("Persona learned"),
        study.learned_from + study.held_out,
        tuple(notes),
        brief,
        {_("Learned from"): study.learned_from, _("Held out"): study.held_out, "report_date": now},
    )


def agreed_since(book: xw.Book, now: dt.datetime) -> dt.datetime:
    """When the persona was agreed: the first day of the agreement, else three months ago."""
    agreed_from = read_cells(book, named_cells.AGREEMENT)["agreed_from"]
    return agreed_from if agreed_from and agreed_from < now else now - dt.timedelta(days=90)


@action
def adopt(book: xw.Book) -> Filled:
    """Add the ticked criteria of the proposal to the personas; those that stand there stay."""
    from smarketing_xl.personas.learning.wording import taken

    rows = taken(filled_table(book, tables.PROPOSAL), read_table(book, tables.PERSONAS))
    notes = () if len(rows) else (_("Nothing new is ticked on the sheet Suggestions"),)
    return [Append(tables.PERSONAS, rows)], Summary(_("Suggestions adopted"), len(rows), notes)
