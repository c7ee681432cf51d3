"""Where a workbook stands: the steps of Home, which are done and which is next."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Summary
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import has_name, has_table, language, read_cells, read_table
from smarketing_xl.i18n import LANGUAGES, _, speaking, translate
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.steps import GOALS, LAST, PROMISES, STEPS, WRITTEN, Step


def status(book: xw.Book) -> Summary:
    """Every step with its state, and what is next, as `what`; changes nothing."""
    with reading_once(), speaking(language(book)):
        to_do = [step for step in STEPS if _TO_DO[step.key](book)]
        following = to_do[0] if to_do else LAST
        table = pd.DataFrame(
            [
                (
                    _said(step),
                    "→"
                    if step is following
                    else _("to do")
                    if step in to_do
                    else ""
                    if step is LAST
                    else "✓",
                    step.command,
                )
                for step in (*STEPS, LAST)
                if step.key not in ("score_again", "late") or step in to_do
            ],
            columns=[_("Step"), _("State"), _("In a terminal")],
        )
        what = _("Do this next: {text}").format(text=_(following.text))
        return Summary(what, len(to_do), table=table)


def _said(step: Step) -> str:
    """What the step is, without the way to its button."""
    return _(step.text).partition(":")[0].rstrip(".")


def _none(*columns: tuple[Table, str]) -> Callable[[xw.Book], bool]:
    """Whether all of these columns are blank."""
    return lambda book: not any(_count(book, *column) for column in columns)


def _count(book: xw.Book, table: Table, key: str) -> int:
    if not has_table(book, table):
        return 0
    return int(read_table(book, table, checked=())[key].notna().sum())


def _blank(*names: str) -> Callable[[xw.Book], bool]:
    """Whether one of these inputs is blank."""
    wanted = [cell for cell in named_cells.CELLS if cell.name in names]
    return lambda book: (
        None in read_cells(book, [c for c in wanted if has_name(book, c.name)]).values()
    )


def _some_unscored(book: xw.Book) -> bool:
    return _count(book, tables.LEADS, "lead_id") > _count(book, tables.LEADS, "rule_grade") > 0


def _some_late(book: xw.Book) -> bool:
    return bool(read_table(book, tables.SLA_LATE, checked=())["sla_status"].eq("late").any())


def _unsigned(book: xw.Book) -> bool:
    written = {translate(WRITTEN, each) for each in LANGUAGES}
    return not read_table(book, tables.LOG, checked=())["what"].isin(written).any()


_TO_DO: dict[str, Callable[[xw.Book], bool]] = {
    "leads": _none((tables.LEADS, "lead_id")),
    "sales": _none(
        (tables.CUSTOMERS, "customer_id"), (tables.DEALS, "deal_id"), (tables.LEADS, "closed")
    ),
    "goals": _blank(*GOALS),
    "plan": _none((tables.OUTLOOK, "part")),
    "personas": _none((tables.PERSONAS, "persona")),
    "score": _none((tables.LEADS, "rule_grade")),
    "score_again": _some_unscored,
    "promises": _blank(*PROMISES),
    "hours": _none((tables.GRADES, "first_contact_hours")),
    "sla": _none((tables.SLA_MARKETING, "month")),
    "agreement": _unsigned,
    "spend": _none((tables.SPEND, "month")),
    "attribution": _none((tables.ATTRIBUTION, "channel")),
    "late": _some_late,
}
