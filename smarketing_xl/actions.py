"""What each button does: read, compute, write in place. One function a button.

Every action takes the open workbook, on whatever host, and answers a `Summary` of what it filled.
Nothing is written before everything is computed; a failure leaves the workbook as it was.
"""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial, wraps
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import xlwings as xw

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.texts import _, speaking
from smarketing_xl.workbook import cells, tables
from smarketing_xl.workbook.filling import Append, Change, Columns, Rows, commit, planned
from smarketing_xl.workbook.journal import remember, undoing
from smarketing_xl.workbook.reading import language, read, read_cells
from smarketing_xl.workbook.schema import Table

Importable = Literal["leads", "customers", "interactions", "spend"]
IMPORTS: dict[Importable, Table] = {
    "leads": tables.LEADS,
    "customers": tables.CUSTOMERS,
    "interactions": tables.INTERACTIONS,
    "spend": tables.SPEND,
}


@dataclass(frozen=True)
class Summary:
    """What an action filled, for the log and for the person who clicked."""

    what: str
    rows: int
    notes: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    inputs: dict[str, object] = field(default_factory=dict)


Filled = tuple[list[Change], Summary]


def action(fill: Callable[..., Filled]) -> Callable[..., Summary]:
    """A button: computes its changes in the workbook's language, writes them with a log line."""

    @wraps(fill)
    def button(book: xw.Book, *args: Any, **kwargs: Any) -> Summary:
        with speaking(language(book)):
            changes, summary = fill(book, *args, **kwargs)
            writes = planned(book, changes)
            kept = remember(book, summary.what, writes)
            commit([*writes, *planned(book, [kept, _log_line(summary)])])
        return summary

    return button


def _log_line(summary: Summary) -> Append:
    inputs = "; ".join(f"{name} = {value}" for name, value in summary.inputs.items())
    line = {
        "when": dt.datetime.now().replace(microsecond=0),
        "who": getpass.getuser(),
        "what": summary.what,
        "rows": float(summary.rows),
        "inputs": inputs,
    }
    return Append(tables.LOG, pd.DataFrame([line]))


# --- leads in -----------------------------------------------------------------------------------


@action
def import_file(book: xw.Book, path: Path, kind: Importable, mapping: Path | None = None) -> Filled:
    """Bring a CRM export into its table: known rows updated, new ones added below."""
    table = IMPORTS[kind]
    existing = read(book, table, checked=())
    incoming = _prepared(book, path, kind, mapping)
    known = len(existing)
    keys = [key for key in incoming.table if key not in table.ours]
    merged = incoming.table[keys]
    changes: list[Change] = []
    if known and incoming.updated:
        changes.append(Columns(table, merged.iloc[:known].set_axis(existing.index)))
    if len(merged) > known:
        changes.append(Append(table, merged.iloc[known:]))
    return changes, _import_summary(incoming, path, kind)


def preview_import(
    book: xw.Book, path: Path, kind: Importable, mapping: Path | None = None
) -> Summary:
    """What an import would do; changes nothing."""
    with speaking(language(book)):
        return _import_summary(_prepared(book, path, kind, mapping), path, kind)


def _prepared(book: xw.Book, path: Path, kind: Importable, mapping: Path | None) -> Any:
    from smarketing_xl.leads import importing

    return importing.prepare(path, kind, mapping, read(book, IMPORTS[kind], checked=()))


def _import_summary(incoming: Any, path: Path, kind: Importable) -> Summary:
    counted = _("{added} added, {updated} updated, {conflicts} conflicts").format(
        added=f"{incoming.added:,}",
        updated=f"{incoming.updated:,}",
        conflicts=f"{len(incoming.conflicts):,}",
    )
    title = _(tables.SHEETS[kind])
    return Summary(
        _("Imported: {table}").format(table=title),
        incoming.added + incoming.updated,
        (counted, *incoming.notes),
        inputs={"file": path.name},
    )


# --- step 1: personas ---------------------------------------------------------------------------


@action
def score(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Score, grade and explain every lead; what they did; whom to call first."""
    from smarketing_xl.leads.priority import priority
    from smarketing_xl.personas import criteria, grades, interest, scoring

    personas = criteria.read_personas(_filled(book, tables.PERSONAS))
    scale = grades.read_grades(_filled(book, tables.GRADES))
    leads = _filled(book, tables.LEADS, checked=("lead_id",))
    now = _now(book, now)
    scored = scoring.score(leads, personas, scale, now.date())
    did = read(book, tables.INTERACTIONS, checked=("lead_id", "time", "kind"))
    weights = interest.read_weights(read(book, tables.INTEREST))
    scored["interest"] = interest.interest_of(leads, did, now, weights)
    scored["rating"] = interest.rating(scored["grade"].tolist(), scored["interest"].tolist())
    known = leads[["status", "duplicate_of", "created"]]
    scored["priority"] = priority(scored.join(known))
    ours = [key for key in scored if key in tables.LEADS.ours]
    by_grade = (
        scored.groupby("grade", observed=True)
        .agg(leads=("grade", "size"), score=("score", "mean"))
        .reset_index()
        .rename(columns={"grade": _("Grade"), "leads": _("Leads"), "score": _("Mean score")})
    )
    return [Columns(tables.LEADS, scored[ours])], Summary(
        _("Leads scored"),
        len(scored),
        table=by_grade,
        inputs={"personas": len(personas), "as of": now},
    )


@action
def learn(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Propose a persona from the sales history, and show on Review whether it works.

    Attributes with a warning are used only where someone ticked them in the last proposal.
    """
    from smarketing_xl.personas.criteria import read_personas
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.personas.learning.drift import drift
    from smarketing_xl.personas.learning.rejections import rejections
    from smarketing_xl.personas.learning.study import study

    now = _now(book, now)
    scale = read_grades(_filled(book, tables.GRADES))
    leads = read(book, tables.LEADS, checked=("lead_id", "status"))
    proposed = read(book, tables.PROPOSAL, checked=("take", "attribute"))
    ticked = proposed["take"].fillna(False).astype(bool) & proposed["flag"].notna()
    found = study(
        read(book, tables.CUSTOMERS, checked=("revenue", "margin")),
        leads,
        scale,
        now.date(),
        set(proposed.loc[ticked, "attribute"]),
    )
    changes: list[Change] = [
        Rows(tables.PROPOSAL, found.learned.proposal),
        Rows(tables.FINDINGS, found.learned.findings),
        Rows(tables.PERSONA_GRADES, found.by_grade),
        Rows(tables.PERSONA_MODELS, found.models),
        Rows(tables.PERSONA_CALIBRATION, found.calibration),
    ]
    agreed = read(book, tables.PERSONAS)
    if len(agreed) and len(leads):
        personas = read_personas(agreed)
        rejected = rejections(leads, personas, scale, now.date())
        recent = leads["created"] > now - dt.timedelta(days=90)
        moved = drift(leads[~recent], leads[recent], personas, scale, now.date())
        changes += [Rows(tables.PERSONA_REJECTIONS, rejected), Rows(tables.PERSONA_DRIFT, moved)]
    said = _("Nothing in the history sets the best customers apart")
    if found.learned.persona is not None:
        said = _("{count} criteria proposed; tick what you agree on, then adopt").format(
            count=len(found.learned.persona.criteria)
        )
    brief = found.by_grade[["grade", "lowest", "leads", "customers", "conversion", "lift"]].rename(
        columns=lambda key: tables.PERSONA_GRADES[key].title(language(book))
    )
    return changes, Summary(
        _("Persona learned"),
        found.learned_from + found.held_out,
        (said,),
        brief,
        {"learned from": found.learned_from, "held out": found.held_out, "as of": now},
    )


@action
def adopt(book: xw.Book) -> Filled:
    """Add the ticked criteria of the proposal to the personas."""
    from smarketing_xl.personas.learning.learn import taken

    rows = taken(_filled(book, tables.PROPOSAL))
    return [Append(tables.PERSONAS, rows)], Summary(_("Proposal adopted"), len(rows))


@action
def find_duplicates(book: xw.Book) -> Filled:
    """Which leads are the same person as an earlier one."""
    from smarketing_xl.leads import duplicates

    leads = _filled(book, tables.LEADS, checked=("lead_id",))
    found = duplicates.find(leads)
    twice = int(found.notna().sum())
    note = _("{count} leads are there twice").format(count=f"{twice:,}")
    change = Columns(tables.LEADS, found.rename("duplicate_of").to_frame())
    return [change], Summary(_("Duplicates found"), len(leads), (note,))


# --- step 2: goals ------------------------------------------------------------------------------


@action
def plan(book: xw.Book) -> Filled:
    """Leads needed: for the year, stage by stage and month by month, ahead by the sales cycle."""
    from smarketing_xl import funnel

    goals = _given(book, cells.GOALS)
    months = _filled(book, tables.PLAN)
    stages = read(book, tables.FUNNEL)
    due = funnel.leads_due(
        months["month"],
        months["month"],
        goals["quota"] * months["share"],
        goals["avg_revenue"],
        goals["conv_rate"],
        goals["cycle_days"],
    )
    customers = funnel.required_customers(goals["quota"], goals["avg_revenue"])
    leads = funnel.required_leads(goals["quota"], goals["avg_revenue"], goals["conv_rate"])
    changes: list[Change] = [Columns(tables.PLAN, pd.DataFrame({"leads_due": due}, months.index))]
    if len(stages):
        exact = funnel.required_customers(goals["quota"], goals["avg_revenue"], whole=False)
        volumes = funnel.funnel_volumes(exact, stages["to_next"].to_numpy()[:-1])
        changes.append(Columns(tables.FUNNEL, pd.DataFrame({"volume": volumes}, stages.index)))
    needed = pd.DataFrame(
        {
            _("Goal"): [_("Quota"), _("Customers needed"), _("Leads needed")],
            "": [goals["quota"], customers, leads],
        }
    )
    return changes, Summary(_("Plan filled"), len(due), table=needed, inputs=goals)


# --- step 3: the agreement ----------------------------------------------------------------------


@action
def sla(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Promised against delivered, by month and by owner; follow-up due and its state by lead."""
    from smarketing_xl.personas.grades import read_grades
    from smarketing_xl.sla import follow_up, history, marketing, sales
    from smarketing_xl.sla.terms import read_terms

    scale = read_grades(_filled(book, tables.GRADES))
    terms = read_terms(read_cells(book, (*cells.TERMS, *cells.AGREEMENT)), scale)
    leads = _filled(book, tables.LEADS, checked=("created", "assigned", "status", "decided"))
    interactions = read(book, tables.INTERACTIONS, checked=("lead_id", "time"))
    now = _now(book, now)
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
    return changes, Summary(
        _("SLA filled"), len(leads), table=counted, inputs={"as of": now, "terms": terms}
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

    scale = read_grades(_filled(book, tables.GRADES))
    given = read_cells(book, (*cells.TERMS, *cells.AGREEMENT))
    goals = _given(
        book, [c for c in cells.GOALS if c.name in ("quota", "avg_revenue", "conv_rate")]
    )
    stages = read(book, tables.FUNNEL)
    shares = stages["to_next"].astype(object).where(stages["to_next"].notna(), None)
    return Agreement(
        read_terms(given, scale),
        tuple(read_personas(_filled(book, tables.PERSONAS))),
        tuple(scale),
        dict(zip(stages["stage"], shares, strict=True)),
        **goals,
        company=given["company"] or "",
        marketing_head=given["marketing_head"] or "",
        sales_head=given["sales_head"] or "",
    )


# --- steps 4 and 5: history and feedback --------------------------------------------------------


@action
def attribution(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Which channels and campaigns bring customers, at what cost, and what to spend next."""
    from smarketing_xl.attribution import feedback

    settings = _given(book, cells.ATTRIBUTION_SETTINGS)
    found = feedback.fill(
        interactions=_filled(book, tables.INTERACTIONS, checked=("lead_id", "time", "channel")),
        leads=read(book, tables.LEADS, checked=("lead_id", "status", "closed", "revenue")),
        customers=read(book, tables.CUSTOMERS, checked=("lead_id", "won_on", "revenue")),
        spend=read(book, tables.SPEND),
        as_of=_now(book, now),
        **settings,
    )
    channels = found.channels
    changes: list[Change] = [
        Rows(tables.ATTRIBUTION, channels),
        Rows(tables.CAMPAIGNS, found.campaigns),
        Rows(tables.NEW_CUSTOMERS, found.new_customers),
    ]
    brief = channels[["channel", "last", "markov", "cost", "cac", "roi"]]
    brief = brief.rename(columns=lambda key: tables.ATTRIBUTION[key].title(language(book)))
    return changes, Summary(
        _("Attribution filled"), len(channels), tuple(found.notes), brief, settings
    )


# --- everything ---------------------------------------------------------------------------------


def everything(now: dt.datetime | None = None) -> list[Callable[[xw.Book], Summary]]:
    """The steps of Refresh all, in order."""
    dated = (partial(step, now=now) for step in (score, sla, attribution))
    return [plan, find_duplicates, *dated]


def demonstration(now: dt.datetime) -> list[Callable[[xw.Book], Summary]]:
    """The steps of the demo: import what the package ships, then everything."""
    from smarketing_xl import sample

    imports = [partial(import_file, path=sample.path(kind), kind=kind) for kind in IMPORTS]
    return [*imports, *everything(now)]


def refresh(book: xw.Book, now: dt.datetime | None = None) -> Sequence[Summary]:
    """Fill everything again."""
    return [step(book) for step in everything(now)]


def undo(book: xw.Book) -> Summary:
    """Take back the last fill; what people edited since stays."""
    with speaking(language(book)):
        what, writes, rest, left = undoing(book)
        notes = (_("{count} cells were edited since and stay").format(count=left),) if left else ()
        summary = Summary(
            _("Undone: {what}").format(what=what), sum(len(w.after) for w in writes), notes
        )
        commit([*writes, *planned(book, [rest, _log_line(summary)])])
    return summary


def check(book: xw.Book) -> Summary:
    """What is broken in the workbook and how to mend it; changes nothing."""
    from smarketing_xl.workbook import checking

    with speaking(language(book)):
        faults = checking.check(book)
        notes = tuple(map(str, faults)) or (_("Everything is in order"),)
        return Summary(_("Workbook checked"), len(faults), notes)


def help(book: xw.Book) -> str:
    """The five steps in short."""
    with speaking(language(book)):
        return "\n".join(
            (
                _("1. Personas: write the ideal customer as criteria, then Score leads."),
                _("2. Goals: type quota, average revenue and conversion, then Update plan."),
                _("3. SLA: agree on the terms, then Fill SLA."),
                _("4. History: import leads, customers, interactions and spend from the CRM."),
                _("5. Feedback: Fill attribution, and look at Review together."),
            )
        )


# --- shared -------------------------------------------------------------------------------------


def _filled(book: xw.Book, table: Table, checked: Sequence[str] | None = None) -> pd.DataFrame:
    """A table that must have rows."""
    frame = read(book, table, checked)
    if frame.empty:
        raise NotEnoughData(
            _("The table {name} is empty").format(name=table.name),
            _("Fill it on the sheet {sheet}, or import it").format(
                sheet=_(tables.SHEETS[table.sheet])
            ),
        )
    return frame


def _given(book: xw.Book, wanted: Sequence[Any]) -> dict[str, Any]:
    """Named cells that must all be filled."""
    values = read_cells(book, wanted)
    blank = [cell.name for cell in wanted if values[cell.name] is None]
    if blank:
        raise NotEnoughData(
            _("These inputs are blank: {names}").format(names=", ".join(blank)),
            _("Type them on their sheets"),
        )
    return values


def _now(book: xw.Book, now: dt.datetime | None) -> dt.datetime:
    """The day asked for, else the workbook's own report date, else now."""
    if now is not None:
        return now
    report_date = next(cell for cell in cells.TERMS if cell.name == "report_date")
    said = read_cells(book, [report_date])["report_date"]
    return said or dt.datetime.now()
