"""The day's list: read from the workbook, never written into it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from smarketing_xl.actions.base import filled_table, moment
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.actions.sla import agreed_terms, followed_up
from smarketing_xl.book.read import language, read_table
from smarketing_xl.files import CALENDAR, JSON, TEXT, FileKind, path_of, write_file
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.schema import tables

if TYPE_CHECKING:
    from smarketing_xl.reports.day_list import DayList, Form

KINDS: dict[Form, FileKind] = {"text": TEXT, "json": JSON, "calendar": CALENDAR}


def day_list(book: xw.Book, owner: str | None = None, now: dt.datetime | None = None) -> DayList:
    """Whom to call today, of one salesperson or all. now: on the office's clock."""
    from smarketing_xl.reports.day_list import build_day_list

    with speaking(language(book)):
        every = filled_table(
            book, tables.LEADS, checked=("created", "assigned", "status", "decided")
        )
        interactions = read_table(book, tables.INTERACTIONS, checked=("lead_id", "time"))
        now, terms = moment(book, now), agreed_terms(book)
        settled = settle(book, every, now)
        interactions = settled.interactions(interactions)
        followed = followed_up(every, settled.leads, interactions, terms, now)
        leads = settled.leads.drop(columns=[*followed]).join(followed)
        due_list = build_day_list(leads, interactions, terms, now, every)
        return due_list.of_owner(owner) if owner else due_list


def day_list_file(book: xw.Book, path: Path, owner: str | None = None) -> str:
    """The list in a file: text, JSON or calendar entries by its name's ending; what was done.

    Replaces an older list (a button's dialog has asked).
    """
    endings = {kind.suffixes[0]: form for form, kind in KINDS.items()}
    form = endings.get(path.suffix.lower(), "text")
    due_list = day_list(book, owner)
    with speaking(language(book)):
        write_day_list(book, due_list, path, form, replace=True)
        late = int((due_list.calls["sla_status"] == "late").sum())
        return _("{late} late, {due} due today: {path}").format(
            late=format_number(late), due=format_number(len(due_list.calls) - late), path=path
        )


def write_day_list(
    book: xw.Book, due_list: DayList, path: Path, form: Form, replace: bool = False
) -> None:
    """Write the list in one of its forms; also where nobody is due, so that no old one stays."""
    with speaking(language(book)):
        content = due_list.written(form)
    if not content.endswith("\n"):
        content += "\n"
    data = content.encode("utf-8-sig" if form == "text" else "utf-8")
    write_file(path, data, KINDS[form], source=path_of(book), replace=replace)
