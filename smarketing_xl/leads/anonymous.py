"""Rows of people without the people: what is counted stays, who it was goes.

Dates, money, states, sources, campaigns, scores and all that refers from one table to another stay,
so that sums and credits are as they were.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from smarketing_xl.arrays import Flags
from smarketing_xl.i18n import current_language
from smarketing_xl.leads.person import MARK, Frames
from smarketing_xl.outcomes.matching import written
from smarketing_xl.parsing.match_keys import people
from smarketing_xl.parsing.text import as_text, fold
from smarketing_xl.schema.model import Kind, Table
from smarketing_xl.schema.tables import CUSTOMERS, DEALS, INTERACTIONS, LEADS, YES_NO

TABLES = (LEADS, CUSTOMERS, DEALS, INTERACTIONS)
SHARED = 5
"""A text stays that so many rows share, for it tells of nobody."""
_IDS = frozenset({"lead_id", "customer_id", "deal_id", "duplicate_of", "merged"})
_WHO = frozenset({"name", "email", "phone", "company"})
_TOLD = frozenset({"consent_by"})
_TRAITS = frozenset(
    {"job_title", "industry", "employees", "city", "country", "age", "income", "goal"}
)
_SELLERS = frozenset({"owner", "by"})
_IDENTITY = 1_000_000  # a whole number from here on may be a telephone or an identity card

Values = dict[str, "pd.Series[Any]"]


@dataclass
class Names:
    """What stands for whom, the same wherever the same person stood.

    everyone: pseudonyms for names, addresses, telephones, firms and salespeople, so that the same
    stays the same; else these are blank, and an e-mail is one that leads nowhere.
    """

    everyone: bool = False
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, kind: str, one: str) -> str:
        """The pseudonym of an ID, a name, a salesperson and so on."""
        known = self.known.setdefault(kind, {})
        if one not in known:
            known[one] = self._made(kind, len(known) + 1)
        return known[one]

    def _made(self, kind: str, number: int) -> str:
        if not self.everyone:
            token = secrets.token_hex(4)
            return f"anon-{token}@example.invalid" if kind == "email" else MARK + token
        made = {
            "email": f"person{number}@example.invalid",
            "phone": f"+9990{number:07}",
            "name": f"Person {number}",
            "company": f"Firm {number}",
            "seller": f"Seller {number}",
        }
        return made.get(kind, f"{kind}-{number:05}")


def without_people(
    table: Table, frame: pd.DataFrame, rows: Flags, names: Names, attributes: Collection[str]
) -> Values:
    """The new values of some rows, by column.

    frame: cells as they stand, columns by key or header. attributes: the columns that criteria of
    personas ask for: they stay, as scores are made of them.
    """
    changes: Values = {}
    for key in map(str, frame.columns):
        old = frame[key]
        new = _column(table, key, frame, rows, names, key in attributes)
        if new is None:
            continue
        differ = rows & ~_same(old, new)
        if differ.any():
            changes[key] = new[differ]
    return changes


def _column(
    table: Table, key: str, frame: pd.DataFrame, rows: Flags, names: Names, asked: bool
) -> pd.Series[Any] | None:
    """A whole column as it would be of nobody; None where it stays."""
    column = frame[key]
    if key in _IDS:
        return _identified(table, key, frame, names)
    if key == "name" and table is DEALS:
        return _each(column, partial(names.of, "Deal")) if names.everyone else _blank(column)
    if key in _WHO:
        return _who(key, frame, rows, names)
    if key in _TOLD:
        return _blank(column)
    if key in _SELLERS:
        return _each(column, lambda one: names.of("seller", fold(one))) if names.everyone else None
    if key == "do_not_contact" and not names.everyone:
        yes = YES_NO.shown(current_language())["yes"]
        return pd.Series(yes, index=column.index, dtype=object)
    if asked or (key in table.keys and key not in _TRAITS):
        return None
    if key in _TRAITS and names.everyone and table[key].kind is not Kind.TEXT:
        return None
    return column.where(_harmless(column, own=key not in table.keys), None)


def _identified(table: Table, key: str, frame: pd.DataFrame, names: Names) -> pd.Series[Any]:
    kind = {"customer_id": "C", "deal_id": "D"}.get(key, "L")

    def renamed(cell: str) -> str:
        return "; ".join(names.of(kind, one.strip()) for one in cell.split(";") if one.strip())

    return _each(frame[key], renamed)


def _who(key: str, frame: pd.DataFrame, rows: Flags, names: Names) -> pd.Series[Any]:
    column = frame[key]
    if not names.everyone:
        if key == "email":
            alike = pd.Series(written(frame, key), index=frame.index, dtype=object)
            return _each(alike, lambda one: names.of(key, one))
        if key != "company":
            return _blank(column)
        firms = pd.Series(written(frame, key), index=frame.index, dtype=object)
        others = firms[~rows].value_counts()
        return column.where(firms.map(others).fillna(0) >= SHARED, None)
    if key == "name":
        texts = column.where(column.notna(), None).map(as_text, na_action="ignore")
        alike = pd.Series(
            people(pl.Series(texts.tolist(), dtype=pl.String)).to_list(), index=frame.index
        )
    else:
        alike = pd.Series(written(frame, key), index=frame.index, dtype=object)
    return _each(alike, lambda one: names.of(key, one))


def _harmless(column: pd.Series[Any], own: bool) -> Flags:
    """Which cells tell of nobody: few numbers, and what many rows share."""
    written_alike = column.map(_as_key, na_action="ignore")
    times = written_alike.map(written_alike.value_counts())
    many = (times.fillna(SHARED) >= SHARED).to_numpy(dtype=np.bool_)
    harmless: Flags = many | column.map(_is_measure).to_numpy(dtype=np.bool_) if own else many
    return harmless


def _is_measure(cell: object) -> bool:
    if isinstance(cell, bool):
        return True
    if not isinstance(cell, int | float):
        return False
    return abs(cell) < _IDENTITY or not float(cell).is_integer()


def _as_key(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, dt.date) else fold(as_text(cell))


def _each(column: pd.Series[Any], make: Any) -> pd.Series[Any]:
    filled = column.astype(object).where(column.notna() & (column != ""), None)
    return filled.map(lambda cell: make(as_text(cell)), na_action="ignore").astype(object)


def _blank(column: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series(None, index=column.index, dtype=object)


def _same(old: pd.Series[Any], new: pd.Series[Any]) -> Flags:
    alike = (old == new) | (old.isna() & new.isna())
    same: Flags = alike.to_numpy(dtype=np.bool_)
    return same


def linked(frames: Frames, rows: Mapping[str, Flags]) -> dict[str, pd.Series[Any]]:
    """The lead of rows of Customers and Deals that know it by e-mail or telephone only.

    Without it they would be of nobody once these are gone.
    """
    leads = frames[LEADS.name][rows[LEADS.name]]
    if "created" in leads:  # of several the latest, as the account of outcomes has it
        created = pd.to_datetime(leads["created"], errors="coerce").fillna(pd.Timestamp.min)
        leads = leads.iloc[created.to_numpy().argsort(kind="stable")]
    found: dict[str, pd.Series[Any]] = {}
    for table in (CUSTOMERS, DEALS):
        frame = frames[table.name]
        if "lead_id" not in frame or "lead_id" not in leads:
            continue
        alone = rows[table.name] & frame["lead_id"].isna().to_numpy()
        lead = pd.Series(None, index=frame.index, dtype=object)
        for key in ("phone", "email"):
            whose = pd.Series(leads["lead_id"].to_numpy(), index=written(leads, key))
            whose = whose[whose.index.notna() & ~whose.index.duplicated(keep="last")]
            named = pd.Series(written(frame, key), index=frame.index).map(whose)
            lead = named.where(named.notna(), lead)
        found[table.name] = lead[alone & lead.notna()]
    return found
