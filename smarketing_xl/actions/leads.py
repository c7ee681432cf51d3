"""Leads that are there twice: found, and merged on a click."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
)
from smarketing_xl.actions.conflicts import conflicting, formulas_stay, listed, spelled
from smarketing_xl.book.read import TablePlace, find_table, raw_frame
from smarketing_xl.book.write import Change, Columns
from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import as_text
from smarketing_xl.schema.model import Table

if TYPE_CHECKING:
    from smarketing_xl.leads.merge_duplicates import MergePlan


@action
def find_duplicates(book: xw.Book) -> Filled:
    """Which leads are the same person as an earlier one."""
    from smarketing_xl.leads import duplicates

    leads = filled_table(book, tables.LEADS, checked=("lead_id",))
    earliest = duplicates.find(leads)
    twice = int(earliest.notna().sum())
    note = _("{count} leads are there twice").format(count=format_number(twice))
    change = Columns(tables.LEADS, earliest.rename("duplicate_of").to_frame())
    return [change], Summary(_("Duplicates found"), len(leads), (note,))


@action
def merge_duplicates(book: xw.Book, chosen: Collection[str] | None = None) -> Filled:
    """Merge leads into those that they duplicate, with all that points to them.

    chosen: their ids; every lead that is marked where not given. The row of a merged lead is left
    blank where it stands; the lead that stays remembers its id, so that imports know it.
    """
    from smarketing_xl.leads.merge_duplicates import plan_merge

    place = find_table(book, tables.LEADS)
    leads = raw_frame(place)
    todo = plan_merge(leads, chosen)
    changes, held = formulas_stay(place, todo.changes, leads["lead_id"])
    cells = pd.concat([todo.conflicts, held], ignore_index=True)
    conflicts = conflicting(cells, tables.LEADS)
    writes: list[Change] = [
        *(Columns(tables.LEADS, values.to_frame(name)) for name, values in changes.items()),
        Columns(tables.LEADS, _blank(leads, todo.gone)),
        *_repointed_references(book, todo.into),
        listed(conflicts),
    ]
    notes = [
        _("{count} cells differ; see the sheet Conflicts").format(count=format_number(len(cells)))
    ]
    return writes, Summary(_("Duplicates merged"), len(todo.gone), tuple(notes), spelled(conflicts))


@dataclass(frozen=True)
class Selected:
    """The duplicates in the selected rows.

    ids: of those that are shown. into: each as it would be merged, in words. hidden: how many more
    stand in rows that a filter hides; they stay as they are.
    """

    ids: tuple[str, ...]
    into: tuple[str, ...]
    hidden: int


def selected_duplicates(book: xw.Book) -> Selected:
    """What merging the selected rows would do. Raises NotEnoughData where none is a duplicate."""
    from smarketing_xl.leads.merge_duplicates import plan_merge

    place, selection = find_table(book, tables.LEADS), book.app.selection
    leads = raw_frame(place)
    rows: Sequence[int] = ()
    if selection is not None and selection.sheet.name == place.sheet.name:
        within = (leads.index >= selection.row) & (leads.index <= selection.last_cell.row)
        marked = within & leads["duplicate_of"].notna() & leads["lead_id"].notna()
        rows = leads.index[marked]
    shown = [row for row in rows if _is_shown(place, row)]
    ids = leads["lead_id"][shown].map(as_text)
    pairs = _in_words(leads, plan_merge(leads, set(ids)))
    into = tuple(f"{gone} → {first}" for gone, first in pairs)
    return Selected(tuple(ids), into, len(rows) - len(shown))


def proposed_merges(book: xw.Book, chosen: Collection[str] | None = None) -> Summary:
    """What `merge_duplicates` would do, and of how many a filter hides the row."""
    from smarketing_xl.leads.merge_duplicates import plan_merge

    place = find_table(book, tables.LEADS)
    leads = raw_frame(place)
    todo = plan_merge(leads, chosen)
    hidden = sum(not _is_shown(place, row) for row in todo.gone)
    note = _("{count} of them are hidden by a filter").format(count=format_number(hidden))
    pairs = pd.DataFrame(_in_words(leads, todo), columns=[_("Lead"), _("Goes into")])
    return Summary(_("Would merge"), len(todo.gone), (note,) if hidden else (), pairs)


def _is_shown(place: TablePlace, row: int) -> bool:
    return bool(place.sheet.range((row, place.left)).row_height)


def _in_words(leads: pd.DataFrame, todo: MergePlan) -> list[tuple[str, str]]:
    """Each lead that goes and the one it goes into, by name and ID."""
    names = leads["name"].where(leads["name"].notna(), "").astype(str)
    named = dict(zip(leads["lead_id"].map(as_text, na_action="ignore"), names, strict=True))
    return [
        (f"{named.get(gone, '')} ({gone})".strip(), f"{named.get(first, '')} ({first})".strip())
        for gone, first in todo.into.items()
    ]


def _blank(leads: pd.DataFrame, rows: pd.Index[Any]) -> pd.DataFrame:
    return pd.DataFrame(None, index=rows, columns=leads.columns, dtype=object)


def _repointed_references(book: xw.Book, into: dict[str, str]) -> list[Change]:
    """Interactions and customers of the leads that are gone, handed to those that stay."""
    from smarketing_xl.leads.merge_duplicates import repointed

    references: list[tuple[Table, pd.Series[Any]]] = []
    for table in (tables.INTERACTIONS, tables.CUSTOMERS):
        rows = raw_frame(find_table(book, table))
        if "lead_id" in rows:
            references.append((table, repointed(rows["lead_id"], into)))
    return [Columns(table, ids.to_frame("lead_id")) for table, ids in references if len(ids)]
