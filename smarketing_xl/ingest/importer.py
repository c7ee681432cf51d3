"""From a CRM's file to the table it belongs in: read, mapped, checked, merged; not written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from smarketing_xl.errors import BadData, SetAside, Undecided
from smarketing_xl.i18n import _, format_number, format_percent
from smarketing_xl.ingest import Importable, System, crm, identity, readers, spend
from smarketing_xl.ingest import mapping as mappings
from smarketing_xl.ingest.currencies import Rates, in_our_currency
from smarketing_xl.ingest.deals import complete_deals
from smarketing_xl.ingest.mapping import PERSON, KeptMapping, Layout, Mapping
from smarketing_xl.ingest.normalise import RANGES, Detected, Incoming, normalise_columns
from smarketing_xl.ingest.raw_table import RawTable
from smarketing_xl.ingest.recognise import recognised, system_of
from smarketing_xl.ingest.set_aside import check_rows
from smarketing_xl.ingest.upsert import merge_rows, one_id
from smarketing_xl.leads.merge_duplicates import merged_into
from smarketing_xl.parsing.text import fold
from smarketing_xl.schema.convert import DATES, typed
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables import (
    CUSTOMERS,
    DEALS,
    INTERACTIONS,
    LEADS,
    SHEETS,
    SPEND,
)

Kept = Callable[[Sequence[str]], KeptMapping | None]
TABLES: dict[Importable, Table] = {
    "leads": LEADS,
    "deals": DEALS,
    "customers": CUSTOMERS,
    "interactions": INTERACTIONS,
    "spend": SPEND,
}


@dataclass(frozen=True)
class Import:
    """What an import would leave in a table.

    table: existing rows first, in their order, with every column they had; then the new rows.
    changes: of the existing rows only the cells that change, by column.
    conflicts: id, column, here, there, row: what the file says otherwise than people typed.
    rows: so many the file has. notes: what was found out about it, in words; detected: about each
    of its columns. columns_new: the user's own, not yet there. aside: what could not be read: row,
    value, reason, column, and whether the whole row stays out. headers: of the file. own_currency:
    what becomes ours, where the workbook does not say it and the file does.
    """

    table: pd.DataFrame
    changes: dict[str, pd.Series[Any]]
    added: int
    updated: int
    conflicts: pd.DataFrame
    rows: int
    notes: tuple[str, ...]
    detected: tuple[Detected, ...]
    columns_new: tuple[str, ...]
    aside: pd.DataFrame
    headers: tuple[str, ...] = ()
    own_currency: str = ""


def prepare(
    path: Path,
    kind: Importable,
    mapping: Path | None = None,
    existing: pd.DataFrame | None = None,
    *,
    raw: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
    skip_bad: bool = False,
    written: Layout | None = None,
    kept: Kept | None = None,
    rates: Rates | None = None,
    room: int | None = None,
) -> Import:
    """Read a file and merge it into a table as it stands.

    mapping: a TOML file (see `mapping`); without it the file's own headers are recognised.
    existing: the table as the workbook has it, columns by key or header; raw: its cells as they
    stand, so that one that could not be read is not taken for blank. leads: as the workbook has
    them: to find the lead of an interaction that names an e-mail only, and what became of a lead
    that was merged into another. skip_bad: what cannot be read is set aside, and the rest comes.
    written: how the file is written, where the user said it. kept: finds the mapping that is kept
    for a file with such headers, where none is given. rates: our currency, and what others are
    worth in it. room: rows that the table's sheet holds.
    Raises BadData with every fault of the file; SetAside where skip_bad would bring the rest.
    """
    brought = incoming(path, kind, mapping, written, kept)
    return _merged(brought, kind, existing, raw, leads, skip_bad, rates, room)


def prepare_live(
    system: System,
    mapping: Path | None = None,
    existing: pd.DataFrame | None = None,
    *,
    kind: Importable = "leads",
    raw: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
    skip_bad: bool = False,
    kept: Kept | None = None,
    rates: Rates | None = None,
    room: int | None = None,
) -> Import:
    """Read leads or deals straight from a CRM and merge them into a table as it stands.

    system: whose token is in the environment or keyring. The other arguments are those of
    `prepare`. Raises BadData where the system refuses or cannot be reached, and for every fault;
    SetAside where skip_bad would bring the rest.
    """
    sheet = crm.fetch(system, kind)
    used = mapping or (kept(sheet.frame.columns) if kept else None)
    given = mappings.load(used, TABLES[kind]) if used else Mapping()
    brought = _understood(sheet, given, kind)
    return _merged(brought, kind, existing, raw, leads, skip_bad, rates, room)


def prepare_chats(
    path: Path,
    hand: Path | KeptMapping | None,
    existing: pd.DataFrame,
    *,
    raw: pd.DataFrame,
    leads: pd.DataFrame,
    with_text: bool = False,
) -> Import:
    """Read chats exported from WhatsApp and merge their messages into the table Interactions.

    path: a file, a zip or a folder. hand: a mapping of whose chats they are. existing, raw, leads:
    as for `prepare`. with_text: keep what was written.
    Raises BadData where no chat is of a lead (see `whatsapp_leads`).
    """
    from smarketing_xl.ingest.whatsapp_leads import Hand, chats_table, load_hand

    by_hand = load_hand(hand) if hand else Hand()
    sheet = chats_table(path, leads, by_hand, with_text)
    brought = _understood(sheet, Mapping(), "interactions")
    return _merged(brought, "interactions", existing, raw, leads, skip_bad=False)


def _merged(
    brought: Incoming,
    kind: Importable,
    existing: pd.DataFrame | None,
    raw: pd.DataFrame | None,
    leads: pd.DataFrame | None,
    skip_bad: bool,
    rates: Rates | None = None,
    room: int | None = None,
) -> Import:
    table = TABLES[kind]
    if kind != "spend":  # days become months
        _check_room(len(brought.rows), kind, room)
    heads = {one.column: " ".join(one.headers) for one in brought.detected}
    money = in_our_currency(
        brought.frame, table, brought.currencies, heads, rates or Rates(), existing
    )
    frame, remarks = money.frame, money.notes
    brought = replace(brought, undecided=(*brought.undecided, *money.faults))
    rows = brought.rows
    before = _blank(table) if existing is None else existing
    if kind == "interactions" and set(PERSON) & set(frame.columns):
        frame = identity.leads_found(frame, leads)
    if kind == "deals":
        frame = complete_deals(frame)
    if kind == "spend":
        frame, rows, note = spend.own_rows(frame, rows)
        frame, rows, periods = spend.spread(frame, rows)
        remarks = (*remarks, note, periods)
    frame, notes = identity.identified(frame, table)
    frame = _spelled_alike(frame, table, before, leads)
    frame, rows, passed = _without_merged(frame, rows, kind, leads)
    frame, rows, twice = _once(frame, rows, table)
    checked = check_rows(brought, frame, rows, table)
    if brought.unsettled and len(checked.whole) == len(brought.unsettled):
        dated = {column.key for column in table if column.kind in DATES}
        raise Undecided(list(checked.whole), bool(dated & set(brought.unsettled)))
    if checked.whole:
        raise BadData([*checked.faults, *checked.whole])
    if checked.faults and not skip_bad:
        bad = checked.aside["row"].n_unique()
        raise SetAside(list(checked.faults), bad, len(checked.rows))
    new = to_pandas(checked.frame).set_axis(pd.Index(checked.rows.to_list()))
    if kind == "spend":
        new = spend.by_month(new)
    merged = merge_rows(before, new, table, raw)
    _check_room(len(merged.table), kind, room)
    return Import(
        merged.table,
        merged.changes,
        merged.added,
        merged.updated,
        merged.conflicts,
        len(brought.rows),
        (*brought.notes, *notes, *filter(None, remarks), *passed, *twice),
        brought.detected,
        tuple(str(name) for name in new if name not in before),
        to_pandas(checked.aside),
        brought.headers,
        money.own,
    )


def _check_room(rows: int, kind: Importable, room: int | None) -> None:
    """Refuses what the sheet cannot hold, before time is spent on it."""
    if room is None or rows <= room:
        return
    remedy = _("Export a shorter time, or fewer of them")
    if kind == "interactions":
        remedy = _(
            "Export a shorter time, or read them from a file: smarketing attribution FILE --from "
            "parquet:PATH"
        )
    problem = _("{count} rows do not fit on the sheet {sheet}, which holds {most}")
    raise BadData(
        problem.format(
            count=format_number(rows), sheet=_(SHEETS[TABLES[kind].sheet]), most=format_number(room)
        ),
        remedy,
    )


def lists_deals(path: Path) -> bool:
    """Whether a file is a known CRM's export of deals, whatever it is to be imported as."""
    headers = readers.read_file(path, kind="deals").frame.columns
    return bool(system_of(headers, DEALS, "deals")[0])


def incoming(
    path: Path,
    kind: Importable,
    mapping: Path | KeptMapping | None = None,
    written: Layout | None = None,
    kept: Kept | None = None,
) -> Incoming:
    """The file's records by our columns, typed and checked, before anything is merged."""
    table = TABLES[kind]
    given = mappings.load(mapping, table) if mapping else Mapping()
    if written:
        given = replace(given, read=mappings.layout_over(given.read, written))
    layout = given.read
    sheet = readers.read_file(
        path,
        sheet=layout.sheet,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        header=layout.header,
        kind=kind,
    )
    kept_mapping = kept(sheet.frame.columns) if kept and mapping is None else None
    if kept_mapping is None:
        return _understood(sheet, given, kind)
    brought = incoming(path, kind, kept_mapping, written)
    note = _("The mapping {name} is used again: it was made for files with these headers")
    return replace(brought, notes=(note.format(name=kept_mapping.name), *brought.notes))


def _understood(sheet: RawTable, given: Mapping, kind: Importable) -> Incoming:
    """A sheet's records by the mapping given, and what its headers tell for the rest."""
    table = TABLES[kind]
    known = recognised(sheet.frame.columns, table, kind)
    brought = normalise_columns(sheet, mappings.over(known, given), table)
    lacking = mappings.not_there(given, sheet.frame.columns, table)
    if lacking:
        note = _("The mapping names headers that the file does not have: {names}")
        brought = replace(brought, notes=(note.format(names=", ".join(lacking)), *brought.notes))
    brought = replace(brought, headers=tuple(sheet.frame.columns))
    if not known.name:
        return brought
    source = _("Recognised: {name}").format(name=known.name)
    sure = _("How sure that is: {share}").format(share=format_percent(known.sure))
    return replace(brought, notes=(source, sure, *brought.notes))


# --- who is who ---------------------------------------------------------------------------------


def _without_merged(
    frame: pl.DataFrame, rows: pl.Series, kind: Importable, leads: pd.DataFrame | None
) -> tuple[pl.DataFrame, pl.Series, tuple[str, ...]]:
    """A lead that was merged into another does not come back; what it did belongs to the other."""
    into = {} if leads is None else merged_into(leads)
    if not into or "lead_id" not in frame:
        return frame, rows, ()
    if kind != "leads":
        ids = frame["lead_id"].cast(pl.String)
        return frame.with_columns(ids.replace(into).alias("lead_id")), rows, ()
    gone = frame["lead_id"].is_in(list(into)).fill_null(False)
    if not gone.any():
        return frame, rows, ()
    note = _("{count} leads passed over: they were merged into others").format(
        count=format_number(int(gone.sum()))
    )
    return frame.filter(~gone), rows.filter(~gone), (note,)


def _spelled_alike(
    frame: pl.DataFrame, table: Table, before: pd.DataFrame, leads: pd.DataFrame | None
) -> pl.DataFrame:
    """IDs and own columns as the workbook spells them: a Salesforce ID of 15 or 18 characters is
    one, and so are the columns Region and REGION."""
    known = {fold(str(name)): str(name) for name in before if name not in table.keys}
    names = {
        name: known[fold(name)]
        for name in frame.columns
        if name not in before and fold(name) in known and known[fold(name)] not in frame.columns
    }
    frame = frame.rename(names)
    for key in {one_id(table), "lead_id"} & set(frame.columns):
        there = leads if key == "lead_id" and leads is not None else before
        ids = there.get(key)
        frame = frame.with_columns(identity.same_ids(frame[key], ids).alias(key))
    return frame


def _once(
    frame: pl.DataFrame, rows: pl.Series, table: Table
) -> tuple[pl.DataFrame, pl.Series, tuple[str, ...]]:
    """Records that stand in the file twice, word for word, count once."""
    key = one_id(table)
    if not key or key not in frame or not frame[key].is_duplicated().any():
        return frame, rows, ()
    numbered = frame.clone()
    numbered.columns = [str(number) for number in range(frame.width)]  # a header may be "*" or "at"
    unlike = numbered.with_row_index("at").unique(
        subset=numbered.columns, keep="first", maintain_order=True
    )["at"]
    left_out = len(frame) - len(unlike)
    twice = _("{count} rows stand twice in the file").format(count=format_number(left_out))
    note = (twice,) if left_out else ()
    return frame[unlike], rows[unlike], note


# --- frames -------------------------------------------------------------------------------------


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """A Polars frame as the workbook's rooms know frames: text, floats, moments, yes/no.

    Ranges (11-50) stand as text among the numbers of their column.
    """
    names = [name for name in frame.columns if not name.startswith(RANGES)]
    out = pd.DataFrame({name: _pandas(frame[name]) for name in names})
    for name in frame.columns:
        if name.startswith(RANGES):
            key = name.removeprefix(RANGES)
            texts = pd.Series(frame[name].to_list(), out.index, dtype=object)
            out[key] = out[key].astype(object).where(texts.isna(), texts)
    return out


def _pandas(cells: pl.Series) -> pd.Series[Any]:
    if cells.dtype == pl.String:
        return pd.Series(cells.to_list(), dtype="str")
    if cells.dtype == pl.Boolean:
        return pd.Series(cells.to_list(), dtype="boolean")
    return pd.Series(cells.to_numpy())


def _blank(table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.key: typed(pd.Series(dtype=object), c)[0] for c in table})
