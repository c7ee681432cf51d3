"""Leads in: imports and duplicates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Filled, Summary, action, filled
from smarketing_xl.leads import Importable, System
from smarketing_xl.leads import mapping as mappings
from smarketing_xl.texts import _, speaking, written
from smarketing_xl.workbook import tables
from smarketing_xl.workbook.filling import Append, Change, Columns
from smarketing_xl.workbook.reading import find, language, raw_frame, read
from smarketing_xl.workbook.schema import Table

if TYPE_CHECKING:
    from smarketing_xl.leads.importing import Import

IMPORTS: dict[Importable, Table] = {
    "leads": tables.LEADS,
    "customers": tables.CUSTOMERS,
    "interactions": tables.INTERACTIONS,
    "spend": tables.SPEND,
}


@action
def import_file(book: xw.Book, path: Path, kind: Importable, mapping: Path | None = None) -> Filled:
    """Bring a CRM export into its table: known rows updated, new ones added below.

    mapping: kept beside the workbook, and used again where none is given.
    """
    incoming = _prepared(book, path, kind, mapping)
    if mapping:
        mappings.remember(Path(book.fullname), kind, mapping)
    return _changes(incoming, kind), _import_summary(incoming, path.name, kind)


@action
def import_live(book: xw.Book, system: System) -> Filled:
    """Bring the leads of HubSpot or Salesforce in, as their export would be."""
    from smarketing_xl.leads.importing import prepare_live

    kept = mappings.remembered(Path(book.fullname), "leads")
    existing, raw = _standing(book, "leads")
    incoming = prepare_live(system, kept if kept.exists() else None, existing, raw=raw)
    return _changes(incoming, "leads"), _import_summary(incoming, system, "leads")


def preview_import(
    book: xw.Book, path: Path, kind: Importable, mapping: Path | None = None
) -> Summary:
    """What an import would do; changes nothing."""
    with speaking(language(book)):
        summary = _import_summary(_prepared(book, path, kind, mapping), path.name, kind)
        title = _("Would be imported: {table}").format(table=_(tables.SHEETS[kind]))
        return replace(summary, what=title, notes=(*summary.notes, _("Nothing was changed")))


def _prepared(book: xw.Book, path: Path, kind: Importable, mapping: Path | None) -> Import:
    from smarketing_xl.leads.importing import prepare

    kept = mappings.remembered(Path(book.fullname), kind)
    used = mapping or (kept if kept.exists() else None)
    existing, raw = _standing(book, kind)
    leads = read(book, tables.LEADS, checked=()) if kind == "interactions" else None
    return prepare(path, kind, used, existing, raw=raw, leads=leads)


def _standing(book: xw.Book, kind: Importable) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table as it is, typed, and with what its cells hold where that cannot be read."""
    return read(book, IMPORTS[kind], checked=()), raw_frame(find(book, IMPORTS[kind]))


def _changes(incoming: Import, kind: Importable) -> list[Change]:
    """Only the cells that change, and the new rows."""
    table = IMPORTS[kind]
    changes: list[Change] = [
        Columns(table, values.to_frame()) for values in incoming.changes.values()
    ]
    if incoming.added:
        keys = [key for key in incoming.table if key not in table.ours]
        changes.append(Append(table, incoming.table[keys].iloc[-incoming.added :]))
    return changes


def _import_summary(incoming: Import, source: str, kind: Importable) -> Summary:
    counted = _("{added} added, {updated} updated, {conflicts} conflicts").format(
        added=written(incoming.added),
        updated=written(incoming.updated),
        conflicts=written(len(incoming.conflicts)),
    )
    title = _(tables.SHEETS[kind])
    return Summary(
        _("Imported: {table}").format(table=title),
        incoming.added + incoming.updated,
        (counted, *incoming.notes),
        table=_listed(incoming.conflicts, IMPORTS[kind]) if len(incoming.conflicts) else None,
        inputs={"file": source},
    )


def _listed(conflicts: pd.DataFrame, table: Table) -> pd.DataFrame:
    """What the file says otherwise than the workbook, which keeps what it has."""
    titles = {column.key: _(column.label) for column in table}
    return pd.DataFrame(
        {
            titles[table.keys[0]]: conflicts["id"],
            _("Column"): conflicts["column"].map(lambda key: titles.get(key, key)),
            _("In the workbook"): conflicts["here"],
            _("In the file"): conflicts["there"],
        }
    )


@action
def find_duplicates(book: xw.Book) -> Filled:
    """Which leads are the same person as an earlier one."""
    from smarketing_xl.leads import duplicates

    leads = filled(book, tables.LEADS, checked=("lead_id",))
    found = duplicates.find(leads)
    twice = int(found.notna().sum())
    note = _("{count} leads are there twice").format(count=written(twice))
    change = Columns(tables.LEADS, found.rename("duplicate_of").to_frame())
    return [change], Summary(_("Duplicates found"), len(leads), (note,))
