"""The workbook as a whole: refresh, demo, undo, check, help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.attribution import attribution
from smarketing_xl.actions.base import (
    Filled,
    Step,
    Summary,
    action,
    log_line,
    try_step,
)
from smarketing_xl.actions.goals import plan
from smarketing_xl.actions.imports import IMPORTS, import_file
from smarketing_xl.actions.leads import find_duplicates
from smarketing_xl.actions.personas import learn, score
from smarketing_xl.actions.sla import sla
from smarketing_xl.book.named import Named
from smarketing_xl.book.once import forget, reading_once
from smarketing_xl.book.read import language, read_table
from smarketing_xl.book.undo import undo_changes
from smarketing_xl.book.write import Append, Change, Columns, commit, plan_writes, take_in
from smarketing_xl.errors import SmarketingError
from smarketing_xl.i18n import (
    N_,
    _,
    format_number,
    speaking,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.named_cells import GOALS, OWN_CURRENCY


def everything(now: dt.datetime | None = None) -> list[Step]:
    """The steps of Refresh all, in order; one that cannot be done holds up no other."""
    return [try_step(what, step) for what, step in _steps(now).items()]


def _steps(now: dt.datetime | None) -> dict[str, Step]:
    return {
        N_("Duplicates"): find_duplicates,
        N_("Scores"): partial(score, now=now),
        N_("Plan"): partial(plan, now=now),  # forecasts by grade, without duplicates
        N_("SLA"): partial(sla, now=now),
        N_("Attribution"): partial(attribution, now=now),
    }


def demonstration(now: dt.datetime) -> list[Step]:
    """The steps of the demo: import what the package ships, everything, and learn from it."""
    from smarketing_xl import sample

    shipped = [kind for kind in IMPORTS if sample.path(kind).exists()]
    imports = [partial(import_file, path=sample.path(kind), kind=kind) for kind in shipped]
    return [*imports, example_goals, *_steps(now).values(), partial(learn, now=now)]


@action
def example_goals(book: xw.Book) -> Filled:
    """The demo's rate and funnel as its leads bear out, its lines with quotas, and who sells."""
    from smarketing_xl import sample

    lines, sellers = sample.lines(), sample.capacity()
    stages = read_table(book, tables.FUNNEL).index
    changes: list[Change] = [
        *(Named(cell, sample.GOALS[cell.name]) for cell in GOALS if cell.name in sample.GOALS),
        Named(OWN_CURRENCY, sample.CURRENCY),
        Columns(tables.FUNNEL, pd.DataFrame({"to_next": sample.STAGES}, stages)),
        Append(tables.LINES, lines),
        Append(tables.CAPACITY, sellers),
    ]
    return changes, Summary(
        _("Goals, lines and salespeople filled"), len(lines) + len(sellers), inputs=sample.GOALS
    )


def refresh(book: xw.Book, now: dt.datetime | None = None) -> Sequence[Summary]:
    """Fill everything again that can be; a step that cannot says why in its summary."""
    return [step(book) for step in everything(now)]


def undo(book: xw.Book) -> Summary:
    """Take back the last fill; what people edited since stays."""
    with reading_once(), speaking(language(book)):
        what, writes, rest, left = undo_changes(book)
        edited = _("{count} cells were edited since and stay").format(count=format_number(left))
        notes = (edited,) if left else ()
        summary = Summary(
            _("Undone: {what}").format(what=what), sum(len(w.after) for w in writes), notes
        )
        known = plan_writes(book, [rest, log_line(summary)])
        commit([*take_in(writes), *writes, *known])
    return summary


def undoable(book: xw.Book) -> Summary:
    """What Undo would take back, the next first; changes nothing."""
    with reading_once(), speaking(language(book)):
        kept = read_table(book, tables.JOURNAL)
        updates = kept[kept["fill"] > 0].drop_duplicates("fill").sort_values("fill")[::-1]
        listed = updates[["what"]].rename(columns={"what": _("What was done")})
        return Summary(_("Can be undone"), len(listed), table=listed)


def log(book: xw.Book, last: int = 20) -> Summary:
    """The last lines of the sheet Log; changes nothing."""
    with reading_once(), speaking(language(book)):
        lines = read_table(book, tables.LOG).tail(last)
        named = {column.key: _(column.label) for column in tables.LOG}
        shown = lines.assign(when=lines["when"].dt.strftime("%Y-%m-%d %H:%M"))
        return Summary(_("Log"), len(lines), table=shown.rename(columns=named))


def check(book: xw.Book, offered: Sequence[str] | None = None) -> Summary:
    """What is broken in the workbook, how to mend it, and what `repair` would; changes nothing.

    offered: what `repair` would, where it is known already.
    """
    from smarketing_xl.book import check

    with reading_once(), speaking(language(book)):
        faults = check.find_faults(book)
        notes = tuple(map(str, faults)) or (_("Everything is in order"),)
        notes += _protected(book)
        offered = offered_repairs(book) if offered is None else offered
        if offered:
            notes += (_("This can be mended for you:"), *offered)
        return Summary(_("Workbook checked"), len(faults), notes)


def _protected(book: xw.Book) -> tuple[str, ...]:
    """A sentence for each attribute of the personas that may be protected, written by hand too."""
    from smarketing_xl.personas.criteria import read_personas
    from smarketing_xl.personas.learning.warnings import protected_criteria

    try:
        return protected_criteria(read_personas(read_table(book, tables.PERSONAS)))
    except SmarketingError:  # said among the faults
        return ()


def offered_repairs(book: xw.Book) -> tuple[str, ...]:
    """What `repair` would do, in words."""
    from smarketing_xl.book.repair import proposed_repairs

    with reading_once(), speaking(language(book)):
        return tuple(proposed_repairs(book).messages)


@action
def repair(book: xw.Book) -> Filled:
    """Mend what can be: headers and rows first, then cells, which Undo takes back."""
    from smarketing_xl.book.repair import proposed_repairs

    proposed = proposed_repairs(book)
    if not proposed.messages:
        return [], Summary(_("There is nothing to mend"), 0)
    for step in proposed.steps:
        step()
    forget()
    mended = proposed_repairs(book) if proposed.steps else proposed
    lines = tuple(dict.fromkeys([*proposed.messages, *mended.messages]))
    return mended.changes, Summary(_("Workbook repaired"), len(lines), lines)


def help(book: xw.Book) -> str:
    """The five steps in short."""
    with speaking(language(book)):
        return "\n".join(
            (
                _("1. Personas: write the ideal customer as criteria, then Score leads."),
                _(
                    "2. Goals: type quota, average revenue and lead-to-customer rate, then "
                    "Update plan."
                ),
                _("3. SLA: agree on the terms, then Update SLA."),
                _("4. History: import leads, customers, interactions and spend from the CRM."),
                _("5. Feedback: Update attribution, and look at Review together."),
            )
        )
