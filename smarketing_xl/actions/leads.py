"""Leads in: imports and duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import xlwings as xw

from smarketing_xl.actions.base import Filled, Summary, action, filled
from smarketing_xl.texts import _, speaking
from smarketing_xl.workbook import tables
from smarketing_xl.workbook.filling import Append, Change, Columns
from smarketing_xl.workbook.reading import language, read
from smarketing_xl.workbook.schema import Table

Importable = Literal["leads", "customers", "interactions", "spend"]
IMPORTS: dict[Importable, Table] = {
    "leads": tables.LEADS,
    "customers": tables.CUSTOMERS,
    "interactions": tables.INTERACTIONS,
    "spend": tables.SPEND,
}


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


@action
def find_duplicates(book: xw.Book) -> Filled:
    """Which leads are the same person as an earlier one."""
    from smarketing_xl.leads import duplicates

    leads = filled(book, tables.LEADS, checked=("lead_id",))
    found = duplicates.find(leads)
    twice = int(found.notna().sum())
    note = _("{count} leads are there twice").format(count=f"{twice:,}")
    change = Columns(tables.LEADS, found.rename("duplicate_of").to_frame())
    return [change], Summary(_("Duplicates found"), len(leads), (note,))
