"""Known rows updated, new ones added below; what people typed stays, what disagrees is listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Places
from smarketing_xl.schema.convert import same
from smarketing_xl.schema.model import Table

# what sales types about a lead: an import fills it where it is blank, never over what is there
SALES = ("owner", "status", "decided", "reason", "closed", "revenue")
LATER = "line"
"""A column of a key that rows may have got later: in it a blank is known by the others."""
CONFLICTS = ["id", "column", "here", "there", "row"]


@dataclass(frozen=True)
class Merged:
    """table: existing rows in their order, then the new. conflicts: columns as in `CONFLICTS`.

    changes: for each column that changes in known rows, the new values of only those rows.
    """

    table: pd.DataFrame
    changes: dict[str, pd.Series[Any]]
    added: int
    updated: int
    conflicts: pd.DataFrame


def merge_rows(
    existing: pd.DataFrame,
    incoming: pd.DataFrame,
    table: Table,
    raw: pd.DataFrame | None = None,
) -> Merged:
    """Bring rows into a table.

    Rows of people are known by the table's key, else by e-mail, else by phone and company; other
    rows by all that tells them apart. In a known row a blank is filled; a column of the CRM takes
    the incoming value; one of `SALES`, or of the user's own, keeps what it has, and the difference
    is a conflict. The incoming index is its row in the file, said in the conflicts. raw: the
    existing cells as they stand; one that could not be read is no blank, and stays.
    """
    at = find(existing, incoming, table)
    known = at >= 0
    out = existing.copy()
    for name in incoming.columns.difference(existing.columns, sort=False):
        out[name] = _blank_like(incoming[name], existing.index)
    ours = set(table.keys) - set(SALES)
    conflicts: list[pd.DataFrame] = []
    changes: dict[str, pd.Series[Any]] = {}
    rows = at[known]
    for name in incoming.columns:
        if name in identity(table) and name != LATER:
            continue
        theirs = incoming[name][known]
        here = _standing(out, raw, name).iloc[rows]
        differ = ~same(_compared(here), _compared(theirs)) & theirs.notna().to_numpy()
        blank = here.isna().to_numpy()
        read = out[name].iloc[rows].notna().to_numpy()
        free = differ & (blank | read) if name in ours else differ & blank
        if name == "phone":
            free &= ~_damaged(here, theirs)
        stays = differ & ~free
        if free.any():
            out[name] = _put(out[name], rows[free], theirs[free])
            changes[name] = out[name].iloc[rows[free]]
        if stays.any():
            conflicts.append(
                pd.DataFrame(
                    {
                        "id": existing[table.keys[0]].iloc[rows[stays]].to_numpy(),
                        "column": name,
                        "here": _objects(here)[stays],
                        "there": _objects(theirs)[stays],
                        "row": theirs.index[stays],
                    }
                )
            )
    added = incoming[~known]
    whole = _below(out, added)
    listed = (
        pd.concat(conflicts, ignore_index=True) if conflicts else pd.DataFrame(columns=CONFLICTS)
    )
    touched = {row for values in changes.values() for row in values.index}
    return Merged(whole, changes, len(added), len(touched), listed)


def _damaged(here: pd.Series[Any], theirs: pd.Series[Any]) -> NDArray[np.bool_]:
    """Telephones that a spreadsheet broke on the way: 5.21555E+12, or the leading zeros lost."""
    new = theirs.astype("string").fillna("")
    old = here.astype("string").fillna("").reset_index(drop=True)
    rounded = new.str.contains(r"^\d(?:[.,]\d+)?[eE]\+?\d+$", regex=True)
    digits = new.str.replace(r"\D", "", regex=True).reset_index(drop=True)
    whole = old.str.replace(r"\D", "", regex=True)
    pairs = zip(digits, whole, strict=True)
    cut = [0 < len(one) < len(other) and other.endswith(one) for one, other in pairs]
    known = (whole.str.len() > 0).to_numpy(dtype=bool)
    broken: NDArray[np.bool_] = rounded.to_numpy(dtype=bool) & known
    broken |= np.array(cut, dtype=bool)
    return broken


def _standing(typed: pd.DataFrame, raw: pd.DataFrame | None, name: str) -> pd.Series[Any]:
    """A column with what is in its cells, also where that could not be read."""
    if raw is None or name not in raw:
        return typed[name]
    unread = typed[name].isna() & raw[name].notna()
    return typed[name].astype(object).where(~unread, raw[name]) if unread.any() else typed[name]


def one_id(table: Table) -> str:
    """The column that alone tells rows apart, such as a lead's id; blank if there is none."""
    return table.key[0] if len(table.key) == 1 else ""


def identity(table: Table) -> tuple[str, ...]:
    """The columns that together tell rows apart: the table's key, else all of them."""
    return table.key or tuple(table.keys)


def find(existing: pd.DataFrame, incoming: pd.DataFrame, table: Table) -> Places:
    """Where in the existing rows each incoming one is known; -1 where it is new.

    An existing row is found once; by e-mail or phone only if its own id is not in the file.
    """
    if not one_id(table):
        return _find_by_all(existing, incoming, identity(table))
    at = np.full(len(incoming), -1, dtype=np.intp)
    free = np.ones(len(existing), dtype=bool)
    for names in ((one_id(table),), ("email",), ("phone", "company")):
        if not set(names) <= set(incoming) & set(existing):
            continue
        here, there = joined(existing, names), joined(incoming, names)
        places = _look(here.where(free), there.where((at < 0) & ~there.duplicated()))
        at = np.where(at >= 0, at, places)
        free[at[at >= 0]] = False
    return at


def _find_by_all(existing: pd.DataFrame, incoming: pd.DataFrame, names: tuple[str, ...]) -> Places:
    """By all columns of a key; where one side has no line yet, by the others."""
    at = _look(_repeated(existing, names), _repeated(incoming, names)).copy()
    if LATER not in names:
        return at
    others = tuple(name for name in names if name != LATER)
    left = np.flatnonzero(at < 0)
    for here, there in ((_blank_in(existing), True), (True, _blank_in(incoming.iloc[left]))):
        known = _repeated(existing, others).where(here & ~np.isin(np.arange(len(existing)), at))
        asked = _repeated(incoming.iloc[left], others).where(there & (at[left] < 0))
        at[left] = np.where(at[left] < 0, _look(known, asked), at[left])
    return at


def _blank_in(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that say no line."""
    if LATER not in rows:
        return np.ones(len(rows), dtype=np.bool_)
    return rows[LATER].isna().to_numpy(dtype=np.bool_)


def _look(here: pd.Series[Any], there: pd.Series[Any]) -> Places:
    places = pd.Series(np.arange(len(here)), index=here.to_numpy())
    places = places[places.index.notna()]
    places = places[~places.index.duplicated()]
    rows = there.map(places.to_dict())
    return rows.fillna(-1).to_numpy(dtype=np.intp)


def joined(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """The columns' letters and digits in one text; blank if any column is."""
    parts = [
        frame[name].astype("string").str.lower().str.replace(r"[^\w@.]", "", regex=True)
        for name in names
    ]
    text = _together(parts)
    return text.where(text.str.strip("|") != "").astype(object)


def _together(parts: list[pd.Series[Any]]) -> pd.Series[Any]:
    text = parts[0]
    for part in parts[1:]:
        text = text + "|" + part
    return text


def _repeated(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """What tells a row apart, and the how manieth of the same it is."""
    blank = pd.Series("", index=frame.index, dtype="string")
    parts = [_exact(frame[name]) if name in frame else blank for name in names]
    text = _together(parts)
    return (text + "#" + text.groupby(text).cumcount().astype("string")).astype(object)


def _exact(column: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.astype("datetime64[us]").astype("int64").where(column.notna())
        return column.astype("Int64").astype("string").fillna("")
    return column.astype("string").str.strip().str.lower().fillna("")


def _blank_like(values: pd.Series[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    return values.iloc[:0].reindex(index)


def _put(column: pd.Series[Any], rows: Places, values: pd.Series[Any]) -> pd.Series[Any]:
    if column.dtype != values.dtype:
        column = column.astype(object)
    column = column.copy()
    column.iloc[rows] = values.to_numpy()
    return column.infer_objects()


def _below(out: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    if added.empty:
        return out
    first = int(out.index.max()) + 1 if len(out) else 0
    rows = added.set_axis(pd.RangeIndex(first, first + len(added)))
    for name in out.columns.difference(rows.columns, sort=False):
        rows[name] = _blank_like(out[name], rows.index)
    whole = pd.concat([out, rows[out.columns]]) if len(out) else rows[out.columns]
    whole.attrs = dict(out.attrs)
    return whole


def _objects(column: pd.Series[Any]) -> NDArray[np.object_]:
    values = column.astype(object)
    return values.where(values.notna(), None).to_numpy()


def _compared(column: pd.Series[Any]) -> NDArray[np.object_]:
    """Cells as they are compared: a;b is a; b."""
    if not pd.api.types.is_string_dtype(column) or not column.str.contains(";").any():
        return _objects(column)
    return _objects(column.str.replace(r"\s*;\s*", "; ", regex=True))
