"""What one action reads of the workbook, read once: where its tables are, and what they hold.

In Excel each look is a call into another process. Within `reading_once` the first look is
remembered, until something is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.errors import Fault
from smarketing_xl.i18n import Language

if TYPE_CHECKING:
    from smarketing_xl.book.read import TablePlace
    from smarketing_xl.schema.convert import Cells


@dataclass
class Known:
    """What is known of the open workbook.

    tables: those seen, by their names, with their sheets. unseen: sheets not looked at yet.
    places: tables of ours that were looked up.
    values, contents: what their rows held: values; formulas too, column by column.
    below: what stood under them, from which row of the sheet on, as far as it was looked at.
    names: the workbook's names. refers_to: what they stand for, blank where one is not there.
    named: the cells of names, by those. unread: cells of records that could not be read, each once.
    """

    language: Language | None = None
    tables: dict[str, tuple[xw.Sheet, xw.Table]] | None = None
    unseen: dict[str, xw.Sheet] | None = None
    places: dict[str, TablePlace] = field(default_factory=dict)
    values: dict[str, Cells] = field(default_factory=dict)
    contents: dict[str, dict[int, Cells]] = field(default_factory=dict)
    below: dict[str, tuple[int, list[list[Any]]]] = field(default_factory=dict)
    names: xw.main.Names | None = None
    refers_to: dict[str, str] = field(default_factory=dict)
    named: dict[str, xw.Range] = field(default_factory=dict)
    unread: dict[Fault, None] = field(default_factory=dict)


_known: ContextVar[Known | None] = ContextVar("known", default=None)


@contextmanager
def reading_once() -> Iterator[Known]:
    """Within, nothing is looked up twice; what is known of a workbook ends with the outermost."""
    known = known_now()
    token = _known.set(known)
    try:
        yield known
    finally:
        _known.reset(token)


def known_now() -> Known:
    """What is known within `reading_once`; outside of it nothing is remembered."""
    return _known.get() or Known()


def forget() -> None:
    """Something was written: tables and their values are looked up anew."""
    known = known_now()
    known.language, known.tables, known.unseen, known.names = None, None, None, None
    known.places.clear()
    known.values.clear()
    known.contents.clear()
    known.below.clear()
    known.refers_to.clear()
    known.named.clear()


def look_for_table(
    book: xw.Book, name: str, likely: Collection[str] = ()
) -> tuple[xw.Sheet, xw.Table] | None:
    """A table and its sheet; None where there is none of that name.

    likely: sheets that are looked at first; others only as far as needed.
    """
    known = known_now()
    if known.tables is None or known.unseen is None:
        known.tables, known.unseen = {}, {sheet.name: sheet for sheet in book.sheets}
    for title in sorted(known.unseen, key=lambda title: title not in likely):
        if name in known.tables:
            break
        sheet = known.unseen.pop(title)
        known.tables |= {live.name: (sheet, live) for live in sheet.tables}
    return known.tables.get(name)


def table_index(book: xw.Book) -> dict[str, tuple[xw.Sheet, xw.Table]]:
    """Every table of the workbook by its name, with its sheet."""
    known = known_now()
    if known.tables is None or known.unseen is None:
        return {live.name: (sheet, live) for sheet in book.sheets for live in sheet.tables}
    look_for_table(book, "")
    return known.tables
