"""Who is who in a file: rows known by ID, else by e-mail, telephone or company; one ID a record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest.mapping import PERSON
from smarketing_xl.ingest.upsert import one_id
from smarketing_xl.schema.model import Table

# a Salesforce ID: the long one says which of its letters are capitals once more
_SALESFORCE = r"^([A-Za-z0-9]{15})(?:[A-Z0-5]{3})?$"


def same_ids(ids: pl.Series, known: pd.Series[Any] | None) -> pl.Series:
    """IDs as the workbook, else the file's first row, has them: of 15 and 18 characters one."""
    given = ids.cast(pl.String)
    if not given.str.contains(_SALESFORCE).any():
        return ids
    spelled: dict[str, str] = {}
    there = [] if known is None else known.dropna().astype(str).tolist()
    for each in [*there, *given.drop_nulls().to_list()]:
        if key := _record(each):
            spelled.setdefault(key, each)
    meant = {each: spelled.get(_record(each) or "", each) for each in given.drop_nulls().unique()}
    return given.replace_strict(meant, default=None, return_dtype=pl.String)


def _record(written: str) -> str | None:
    """The record that a Salesforce ID names: its first 15 characters; None for what is none."""
    match = re.match(_SALESFORCE, written)
    return match[1] if match else None


def leads_found(frame: pl.DataFrame, leads: pd.DataFrame | None) -> pl.DataFrame:
    """The leads of rows that name none, by e-mail, else telephone, else company.

    A person whom no lead is known for gets the ID that a lead of theirs would get.
    """
    named = frame["lead_id"] if "lead_id" in frame else _blank(frame)
    lead_ids = named.cast(pl.String)
    for key in PERSON:
        if key not in frame or leads is None or key not in leads:
            continue
        pairs = leads.dropna(subset=[key])
        ids = dict(zip(map(_plain(key), pairs[key]), pairs["lead_id"], strict=True))
        same = _plain(key)
        cells = {cell: ids.get(same(cell)) for cell in frame[key].drop_nulls().unique()}
        by_key = frame[key].replace_strict(cells, default=None, return_dtype=pl.String)
        lead_ids = lead_ids.fill_null(by_key)
    made = _person(frame).map_elements(made_id, pl.String)
    kept = frame.drop([key for key in PERSON if key in frame])
    return kept.with_columns(lead_ids.fill_null(made).alias("lead_id"))


def _plain(key: str) -> Callable[[object], str]:
    return _digits if key == "phone" else _letters


def _letters(cell: object) -> str:
    return " ".join(str(cell).casefold().split())


def _digits(cell: object) -> str:
    """The last eight digits: with and without the country's code, one telephone."""
    return re.sub(r"\D", "", str(cell))[-8:]


def identified(frame: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Rows without an ID get one made from e-mail, else telephone and company, else the lead's ID.

    Several rows of one person are several enquiries: each has its own ID, the first that of the
    person. Raises BadData where the file tells nobody from anybody.
    """
    key = one_id(table)
    if not key or (key in frame and not frame[key].has_nulls()):
        return frame, ()
    person = _person(frame)
    if key != "lead_id" and "lead_id" in frame:  # else the lead that became the customer
        person = person.fill_null(frame["lead_id"].cast(pl.String))
    own = frame[key].cast(pl.String) if key in frame else _blank(frame)
    unnamed = own.is_null() & person.is_not_null()
    whole = pl.DataFrame({"person": person, "row": _whole_rows(frame)})
    first = whole.select(pl.col("row").first().over("person")).to_series()
    again = (unnamed & (whole["row"] != first)).fill_null(False)
    seeds = person.zip_with(~again, person + "|" + whole["row"])
    made = seeds.map_elements(made_id, pl.String)
    repeated = int(again.sum())
    note = _("{count} rows are of people who stand above: they come as enquiries of their own")
    notes = (note.format(count=format_number(repeated)),) if repeated else ()
    if key not in frame and person.null_count() == len(frame) and len(frame):
        raise BadData(
            _("The file has no column for {column}, e-mail or telephone").format(
                column=_(table[key].label)
            ),
            _(
                "Write a mapping to edit with --make-mapping FILE, and say under [columns] which "
                "column it is"
            ),
        )
    return frame.with_columns(own.fill_null(made).alias(key)), notes


def _person(frame: pl.DataFrame) -> pl.Series:
    """What tells a person: e-mail, else telephone and company, else telephone; null if nothing."""
    blank = pl.lit(None, pl.String)
    column = {
        name: pl.col(name).cast(pl.String) if name in frame.columns else blank for name in PERSON
    }
    phone = column["phone"].str.replace_all(r"\D", "")
    phone = pl.when(phone != "").then(phone)
    both = pl.concat_str(phone, column["company"].str.to_lowercase(), separator="|")
    return frame.with_columns(_person=pl.coalesce(column["email"], both, phone))["_person"]


def _whole_rows(frame: pl.DataFrame) -> pl.Series:
    numbered = frame.clone()
    numbered.columns = [str(number) for number in range(frame.width)]
    joined = pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\x1f")
    return numbered.select(row=joined)["row"]


def made_id(person: str) -> str:
    """An ID from what tells a person apart, the same at every import."""
    return f"X-{hashlib.sha256(person.encode()).hexdigest()[:10]}"


def _blank(frame: pl.DataFrame) -> pl.Series:
    return pl.repeat(None, len(frame), dtype=pl.String, eager=True)
