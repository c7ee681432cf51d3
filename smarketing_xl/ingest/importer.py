"""From a CRM's file to the table it belongs in: read, mapped, checked, merged; not written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest import Importable, System, crm, readers
from smarketing_xl.ingest import mapping as mappings
from smarketing_xl.ingest.columns import listed
from smarketing_xl.ingest.deals import complete_deals
from smarketing_xl.ingest.mapping import KeptMapping, Mapping
from smarketing_xl.ingest.normalise import Detected, Incoming, normalise_columns
from smarketing_xl.ingest.raw_table import RawTable
from smarketing_xl.ingest.upsert import merge_rows, one_id
from smarketing_xl.leads.merge_duplicates import merged_into
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.convert import typed
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables import (
    CUSTOMERS,
    DEALS,
    INTERACTIONS,
    LEADS,
    SPEND,
)

_PERSON = ("email", "phone", "company")
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
    of its columns. columns_new: the user's own, not yet there.
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


def prepare(
    path: Path,
    kind: Importable,
    mapping: Path | KeptMapping | None = None,
    existing: pd.DataFrame | None = None,
    *,
    raw: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
) -> Import:
    """Read a file and merge it into a table as it stands.

    mapping: a TOML file (see `mapping`), or one that a workbook keeps; without it the file's own
    headers are recognised.
    existing: the table as the workbook has it, columns by key or header; raw: its cells as they
    stand, so that one that could not be read is not taken for blank. leads: as the workbook has
    them: to find the lead of an interaction that names an e-mail only, and what became of a lead
    that was merged into another. Raises BadData with every fault of the file.
    """
    brought = incoming(path, kind, mapping)
    return _merged(brought, kind, existing, raw, leads)


def prepare_live(
    system: System,
    mapping: Path | KeptMapping | None = None,
    existing: pd.DataFrame | None = None,
    *,
    kind: Importable = "leads",
    raw: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
) -> Import:
    """The same straight from a CRM; its token is in the environment or keyring."""
    given = mappings.load(mapping, TABLES[kind]) if mapping else Mapping()
    brought = _understood(crm.fetch(system, kind), given, kind)
    return _merged(brought, kind, existing, raw, leads)


def _merged(
    brought: Incoming,
    kind: Importable,
    existing: pd.DataFrame | None,
    raw: pd.DataFrame | None,
    leads: pd.DataFrame | None,
) -> Import:
    table = TABLES[kind]
    frame, rows = brought.frame, brought.rows
    if kind == "interactions" and "email" in frame:
        frame = _leads_found(frame, leads)
    if kind == "deals":
        frame = complete_deals(frame)
    frame = _identified(frame, table)
    frame, rows, passed = _without_merged(frame, rows, kind, leads)
    frame, rows, twice = _once(frame, rows, table)
    faults = [*brought.faults, *_checked(frame, rows, table)]
    if faults:
        raise BadData(faults)
    new = to_pandas(frame).set_axis(pd.Index(rows.to_list()))
    before = _blank(table) if existing is None else existing
    if kind == "spend":
        new = _by_month(new)
    merged = merge_rows(before, new, table, raw)
    return Import(
        merged.table,
        merged.changes,
        merged.added,
        merged.updated,
        merged.conflicts,
        len(brought.rows),
        (*brought.notes, *passed, *twice),
        brought.detected,
        tuple(str(name) for name in new if name not in before),
    )


def lists_deals(path: Path) -> bool:
    """Whether a file is a known CRM's export of deals, whatever it is to be imported as."""
    headers = readers.read_file(path).frame.columns
    there = {fold_words(header) for header in headers}
    return any(
        mapping.recognise and all(there & set(part) for part in mapping.recognise)
        for mapping in mappings.known(DEALS, "deals")
    )


def incoming(path: Path, kind: Importable, mapping: Path | KeptMapping | None = None) -> Incoming:
    """The file's records by our columns, typed and checked, before anything is merged."""
    table = TABLES[kind]
    given = mappings.load(mapping, table) if mapping else Mapping()
    layout = given.read
    sheet = readers.read_file(
        path,
        sheet=layout.sheet,
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        header=layout.header,
    )
    return _understood(sheet, given, kind)


def _understood(sheet: RawTable, given: Mapping, kind: Importable) -> Incoming:
    """A sheet's records by the mapping given, and what its headers tell for the rest."""
    table = TABLES[kind]
    known = mappings.recognised(sheet.frame.columns, table, kind)
    brought = normalise_columns(sheet, mappings.over(known, given), table)
    if not known.name:
        return brought
    said = _("Recognised: {name}").format(name=known.name)
    return replace(brought, notes=(said, *brought.notes))


# --- who is who ---------------------------------------------------------------------------------


def _leads_found(frame: pl.DataFrame, leads: pd.DataFrame | None) -> pl.DataFrame:
    """The lead of an interaction that names an e-mail only."""
    told = frame["lead_id"] if "lead_id" in frame else pl.repeat(None, len(frame), eager=True)
    ids: dict[str, str] = {}
    if leads is not None:
        pairs = leads.dropna(subset=["email"])
        ids = dict(zip(pairs["email"].str.lower(), pairs["lead_id"], strict=True))
    made = frame["email"].map_elements(lambda mail: ids.get(mail) or _id(mail), pl.String)
    found = told.cast(pl.String).fill_null(made)
    return frame.drop("email").with_columns(found.alias("lead_id"))


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


def _identified(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Rows without an id get one made from their e-mail, else from phone and company."""
    key = one_id(table)
    if not key or (key in frame and not frame[key].has_nulls()):
        return frame
    blank = pl.lit(None, pl.String)
    column = {name: pl.col(name) if name in frame else blank for name in _PERSON}
    phone = column["phone"].str.replace_all(r"\D", "")
    person = pl.coalesce(
        column["email"], pl.concat_str(phone, column["company"].str.to_lowercase(), separator="|")
    )
    made = frame.with_columns(person=person)["person"].map_elements(_id, pl.String)
    told = frame[key] if key in frame else pl.repeat(None, len(frame), eager=True)
    return frame.with_columns(told.cast(pl.String).fill_null(made).alias(key))


def _id(person: str) -> str:
    return f"X-{hashlib.sha256(person.encode()).hexdigest()[:10]}"


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


# --- checked ------------------------------------------------------------------------------------


def _checked(frame: pl.DataFrame, rows: pl.Series, table: Table) -> list[Fault]:
    faults: list[Fault] = []
    key = one_id(table)
    for column in table:
        if not column.required:
            continue
        if column.key not in frame:
            faults.append(
                Fault(
                    _("The file has no column for this"),
                    _("Say which in the mapping, under [columns]: {key} = {example}").format(
                        key=column.key, example='"..."'
                    ),
                    column=_(column.label),
                )
            )
            continue
        faults += listed(
            frame[column.key].is_null(),
            rows,
            _("is blank"),
            _("Fill it in the file, or leave the row out"),
            _(column.label),
        )
    if key and key in frame:
        again = frame[key].is_duplicated() & frame[key].is_not_null()
        faults += listed(
            again,
            rows,
            _("stands in several rows that differ"),
            _("Keep one of them in the file"),
            _(table[key].label),
            frame[key],
        )
    return faults


# --- frames -------------------------------------------------------------------------------------


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """A Polars frame as the workbook's rooms know frames: text, floats, moments, yes/no."""
    return pd.DataFrame({name: _pandas(frame[name]) for name in frame.columns})


def _pandas(cells: pl.Series) -> pd.Series[Any]:
    if cells.dtype == pl.String:
        return pd.Series(cells.to_list(), dtype="str")
    if cells.dtype == pl.Boolean:
        return pd.Series(cells.to_list(), dtype="boolean")
    return pd.Series(cells.to_numpy())


def _blank(table: Table) -> pd.DataFrame:
    return pd.DataFrame({c.key: typed(pd.Series(dtype=object), c)[0] for c in table})


def _by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Days added up to months, by channel and campaign; the first row of each stands for it."""
    keys = [name for name in ("month", "channel", "campaign") if name in rows]
    groups = rows.groupby(keys, dropna=False, sort=False)
    first = rows[~rows.duplicated(keys)].copy()
    for name in map(str, rows.select_dtypes("number")):
        first[name] = groups[name].sum(min_count=1).to_numpy()
    return first
