"""Exports and CRMs brought in: read and compared first, looked at, then written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Filled, Summary, action, moment
from smarketing_xl.actions.conflicts import (
    Values,
    cell,
    conflicting,
    formulas_stay,
    listed,
    spelled,
    title,
)
from smarketing_xl.actions.mappings import keep_mapping, kept_mapping
from smarketing_xl.actions.outcomes import outcome_changes, there
from smarketing_xl.book.named import Named
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import (
    column_of,
    find_table,
    has_name,
    has_table,
    language,
    own_currency,
    raw_frame,
    read_table,
)
from smarketing_xl.book.write import Append, Change, Columns, Rows
from smarketing_xl.errors import SetAside, Undecided
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.ingest import Importable, System
from smarketing_xl.ingest.mapping import Layout
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import as_text
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.named_cells import OWN_CURRENCY

if TYPE_CHECKING:
    from smarketing_xl.ingest.currencies import Rates
    from smarketing_xl.ingest.importer import Import
    from smarketing_xl.ingest.normalise import Detected
    from smarketing_xl.outcomes.account import Account

MOST_ROWS = 1_048_576  # of a sheet
MOST_SHOWN = 5  # faults beside a question
IMPORTS: dict[Importable, Table] = {
    "leads": tables.LEADS,
    "deals": tables.DEALS,
    "customers": tables.CUSTOMERS,
    "interactions": tables.INTERACTIONS,
    "spend": tables.SPEND,
}

CHATS = "whatsapp"  # under which name a mapping of chats is kept


@dataclass(frozen=True)
class Marking:
    """Leads that deals or customers mark: new cells by column, what disagrees, how many leads."""

    changes: Values
    conflicts: pd.DataFrame
    leads: int


@dataclass(frozen=True)
class Prepared:
    """An import that is worked out and not yet written.

    source: the file's name, or the CRM. mapping: the one given, to be remembered once it served.
    kept_as: under which name, where that is not the kind.
    marking: what an import of deals or customers says of their leads. account: that of outcomes,
    once it is in.
    """

    incoming: Import
    kind: Importable
    source: str
    mapping: Path | None = None
    marking: Marking | None = None
    account: Account | None = None
    kept_as: str = ""


def prepare_file(
    book: xw.Book,
    path: Path,
    kind: Importable,
    mapping: Path | None = None,
    *,
    skip_bad: bool = False,
    written: Layout | None = None,
) -> Prepared:
    """Read an export and compare it with the workbook; changes nothing.

    mapping: where none is given, the one that the workbook keeps inside for files with the same
    headers is used again, and named. skip_bad: what cannot be read is set aside. written: how the
    file is written, where that was asked.
    """
    from smarketing_xl.ingest.importer import lists_deals, prepare

    with reading_once(), speaking(language(book)):
        notes: tuple[str, ...] = ()
        if kind == "customers" and mapping is None and lists_deals(path):
            kind = "deals"
            notes = (_("The file lists deals: they go to the sheet Deals; won ones are customers"),)
        existing, raw = _standing(book, kind)
        leads = existing if kind == "leads" else read_table(book, tables.LEADS, checked=())
        incoming = prepare(
            path,
            kind,
            mapping,
            existing,
            raw=raw,
            leads=leads,
            skip_bad=skip_bad,
            written=written,
            kept=partial(kept_mapping, book, kind),
            rates=_rates(book),
            room=_room(book, kind),
        )
        incoming = replace(incoming, notes=(*notes, *incoming.notes))
        incoming = _beside_formulas(book, incoming, kind)
        return _prepared(book, incoming, kind, path.name, mapping)


def prepare_live(
    book: xw.Book, system: System, mapping: Path | None = None, kind: Importable = "leads"
) -> Prepared:
    """The leads or deals of HubSpot or Salesforce, merged and checked; nothing is written yet.

    mapping, kind: as for `prepare_file`; the records are read as their export would be.
    Raises BadData where the system refuses or cannot be reached, and for every faulty cell.
    """
    from smarketing_xl.ingest.importer import prepare_live

    with reading_once(), speaking(language(book)):
        existing, raw = _standing(book, kind)
        leads = existing if kind == "leads" else read_table(book, tables.LEADS, checked=())
        incoming = prepare_live(
            system,
            mapping,
            existing,
            kind=kind,
            raw=raw,
            leads=leads,
            kept=partial(kept_mapping, book, kind),
            rates=_rates(book),
            room=_room(book, kind),
        )
        incoming = _beside_formulas(book, incoming, kind)
        return _prepared(book, incoming, kind, system, mapping)


def prepare_chats(
    book: xw.Book, path: Path, hand: Path | None = None, with_text: bool = False
) -> Prepared:
    """Chats exported from WhatsApp, each message an interaction; nothing is written yet.

    path: a file, a zip or a folder. hand: a mapping of whose chats they are; where none is given,
    the one that the workbook keeps is used again. with_text: keep what was written, in a column
    Text. Raises BadData where no chat is of a lead.
    """
    from smarketing_xl.ingest.importer import prepare_chats

    with reading_once(), speaking(language(book)):
        existing, raw = _standing(book, "interactions")
        leads = read_table(book, tables.LEADS, checked=())
        used = hand or kept_mapping(book, CHATS, ())
        incoming = prepare_chats(path, used, existing, raw=raw, leads=leads, with_text=with_text)
        prepared = _prepared(book, incoming, "interactions", path.name, hand)
        return replace(prepared, kept_as=CHATS)


def _prepared(
    book: xw.Book, incoming: Import, kind: Importable, source: str, mapping: Path | None
) -> Prepared:
    account = _account(book, incoming, kind)
    return Prepared(incoming, kind, source, mapping, _marking(book, account, kind), account)


def prepare_asking(
    book: xw.Book,
    path: Path,
    kind: Importable,
    mapping: Path | None = None,
    *,
    agree: Callable[[str], bool],
    skip_bad: bool = False,
) -> Prepared | None:
    """`prepare_file`, asking what only people know; None where they will not have it so.

    agree: asks a question that is answered yes or no.
    """
    written = Layout()
    for _again in range(4):
        try:
            return prepare_file(book, path, kind, mapping, skip_bad=skip_bad, written=written)
        except Undecided as undecided:
            with speaking(language(book)):
                if undecided.dates:
                    first = agree(f"{undecided}\n{_('Does the day stand before the month?')}")
                    written = replace(written, dates="day first" if first else "month first")
                else:
                    comma = agree(f"{undecided}\n{_('Does a comma begin the decimals?')}")
                    written = replace(written, decimal="," if comma else ".")
        except SetAside as bad:
            with speaking(language(book)):
                question = _(
                    "{bad} rows have cells that cannot be read. Set those aside, and bring the "
                    "other {good} rows?"
                ).format(bad=format_number(bad.bad), good=format_number(bad.good))
                shown = "\n".join(map(str, bad.faults[:MOST_SHOWN]))
                if not agree(f"{shown}\n{question}"):
                    return None
            skip_bad = True
    return None


def preview(book: xw.Book, prepared: Prepared) -> tuple[Summary, Summary]:
    """What each column of the file was taken for, and what bringing it in would do."""
    with speaking(language(book)):
        incoming = prepared.incoming
        columns = Summary(
            _("Found in {source}").format(source=prepared.source),
            incoming.rows,
            incoming.notes,
            table=_columns(incoming.detected, IMPORTS[prepared.kind]),
        )
        would = _summary(prepared)
        what = _("Would import: {table}").format(table=_(tables.SHEETS[prepared.kind]))
        return columns, replace(would, what=what)


@action
def bring_in(book: xw.Book, prepared: Prepared) -> Filled:
    """Known rows updated, new ones added below; what disagrees is listed on its own sheet."""
    if prepared.mapping:
        headers = () if prepared.kept_as else prepared.incoming.headers
        keep_mapping(book, prepared.kept_as or prepared.kind, headers, prepared.mapping)
    changes = _changes(book, prepared)
    if prepared.incoming.own_currency and has_name(book, OWN_CURRENCY.name):
        changes.append(Named(OWN_CURRENCY, prepared.incoming.own_currency))
    if prepared.account is not None:
        changes += outcome_changes(book, prepared.account, moment(book, None))
    return changes, _summary(prepared)


def import_file(
    book: xw.Book, path: Path, kind: Importable, mapping: Path | None = None
) -> Summary:
    """Bring an export in at once, without a look at it first."""
    return bring_in(book, prepare_file(book, path, kind, mapping))


def _rates(book: xw.Book) -> Rates:
    """Our currency, and what others are worth in it; nothing in workbooks that have no rates."""
    from smarketing_xl.ingest.currencies import make_rates

    own = own_currency(book)
    if not has_table(book, tables.RATES):
        return make_rates(own, pd.DataFrame(columns=tables.RATES.keys))
    return make_rates(own, read_table(book, tables.RATES))


def _room(book: xw.Book, kind: Importable) -> int:
    """Rows of data that a table's sheet holds from its headers down."""
    place = find_table(book, IMPORTS[kind])
    return MOST_ROWS - place.top - place.totals


def _standing(book: xw.Book, kind: Importable) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table as it is, typed, and with what its cells hold where that cannot be read."""
    return read_table(book, IMPORTS[kind], checked=()), raw_frame(find_table(book, IMPORTS[kind]))


def _beside_formulas(book: xw.Book, incoming: Import, kind: Importable) -> Import:
    """A cell that calculates is no place to import into: what the file says is a conflict."""
    table = IMPORTS[kind]
    ids = incoming.table[table.keys[0]]
    changes, held = formulas_stay(find_table(book, table), incoming.changes, ids)
    if held.empty:
        return incoming
    conflicts = pd.concat([incoming.conflicts, held], ignore_index=True)
    rows = {row for values in changes.values() for row in values.index}
    return replace(incoming, changes=changes, conflicts=conflicts, updated=len(rows))


def _changes(book: xw.Book, prepared: Prepared) -> list[Change]:
    """Only the cells that change, the new rows, and the list of conflicts."""
    table, incoming = IMPORTS[prepared.kind], prepared.incoming
    changes: list[Change] = [
        Columns(table, values.to_frame()) for values in incoming.changes.values()
    ]
    if incoming.added:
        keys = [key for key in incoming.table if key not in table.ours]
        changes.append(Append(table, incoming.table[keys].iloc[-incoming.added :]))
    if prepared.marking:
        marked = prepared.marking.changes.items()
        changes += [Columns(tables.LEADS, values.to_frame(name)) for name, values in marked]
    aside = [Rows(tables.SET_ASIDE, _aside(prepared))] if has_table(book, tables.SET_ASIDE) else []
    return [*changes, listed(_conflicts(prepared)), *aside]


def _aside(prepared: Prepared) -> pd.DataFrame:
    """The cells that could not be read, as their sheet lists them."""
    cells, table = prepared.incoming.aside, IMPORTS[prepared.kind]
    out = cells["out"].astype(bool)
    return pd.DataFrame(
        {
            "row": cells["row"].astype("float64"),
            "column": [title(key, table) for key in cells["column"]],
            "value": cells["value"],
            "reason": cells["reason"],
            "outcome": [_("row left out") if gone else _("cell left blank") for gone in out],
            "source": prepared.source,
        }
    ).reset_index(drop=True)


def _summary(prepared: Prepared) -> Summary:
    incoming, conflicts = prepared.incoming, _conflicts(prepared)
    counted = _("{added} added, {updated} updated, {conflicts} conflicts").format(
        added=format_number(incoming.added),
        updated=format_number(incoming.updated),
        conflicts=format_number(len(conflicts)),
    )
    notes = [counted]
    if incoming.own_currency:
        own = _("Our currency, on the sheet Rates, is {own}: the first that a file names")
        notes.append(own.format(own=incoming.own_currency))
    if prepared.marking and prepared.marking.leads:
        marked = _("{count} leads marked with what became of them")
        notes.append(marked.format(count=format_number(prepared.marking.leads)))
    if bad := incoming.aside["row"].nunique():
        aside = _(
            "{count} rows of the file have cells that cannot be read; see the sheet Set aside"
        )
        notes.append(aside.format(count=format_number(bad)))
    if len(conflicts):
        notes.append(_("The workbook keeps what it has; see the sheet Conflicts"))
    return Summary(
        _("Imported: {table}").format(table=_(tables.SHEETS[prepared.kind])),
        incoming.added + incoming.updated,
        tuple(notes),
        table=spelled(conflicts.drop(columns="source")),
        inputs={_("File"): prepared.source},
    )


def _conflicts(prepared: Prepared) -> pd.DataFrame:
    conflicts = prepared.incoming.conflicts.assign(source=prepared.source)
    own = conflicting(conflicts, IMPORTS[prepared.kind])
    if prepared.marking is None or prepared.marking.conflicts.empty:
        return own
    of_leads = prepared.marking.conflicts.assign(source=prepared.source)
    return pd.concat([own, conflicting(of_leads, tables.LEADS)], ignore_index=True)


def _account(book: xw.Book, incoming: Import, kind: Importable) -> Account | None:
    """The account of outcomes once the rows are in; None where they say nothing about it."""
    if kind not in ("leads", "deals", "customers"):
        return None
    from smarketing_xl.outcomes.account import account

    others = {"leads": tables.LEADS, "deals": tables.DEALS, "customers": tables.CUSTOMERS}
    given = {
        name: incoming.table if name == kind else there(book, table, ())
        for name, table in others.items()
    }
    return account(given["leads"], given["deals"], given["customers"])


def _marking(book: xw.Book, account: Account | None, kind: Importable) -> Marking | None:
    """What deals or customers brought in say of leads."""
    if account is None or kind == "leads" or account.leads.empty:
        return None
    from smarketing_xl.outcomes.marking import marks

    place = find_table(book, tables.LEADS)
    leads = read_table(book, tables.LEADS, checked=())
    changes, conflicts = marks(leads, account)
    changes, held = formulas_stay(place, changes, leads["lead_id"])
    rows = {row for values in changes.values() for row in values.index}
    parts = [part for part in (conflicts, held) if len(part)]
    return Marking(changes, pd.concat(parts, ignore_index=True) if parts else conflicts, len(rows))


# --- in words -----------------------------------------------------------------------------------


def _columns(detected: tuple[Detected, ...], table: Table) -> pd.DataFrame:
    lines = []
    for one in detected:
        column = column_of(table, one.column)
        kind = _("entry of our list") if column is not None and column.choices else one.kind
        given, read_as = one.example
        value = _shown(cell(read_as, one.column, table))
        lines.append(
            {
                _("In the file"): " + ".join(one.headers),
                _("In the workbook"): title(one.column, table),
                _("Read as"): ", ".join(filter(None, (kind, one.note))),
                _("For example"): given if value in ("", given) else f"{given} → {value}",
            }
        )
    return pd.DataFrame(lines)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = f"{value:.15g}" if isinstance(value, float) else as_text(value)
    return text if isinstance(value, dt.date) or len(text) <= 40 else f"{text[:39]}…"
