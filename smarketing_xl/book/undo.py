"""Undo: the workbook remembers, on a hidden sheet, what the last fills replaced.

An entry lists, per table, the cells that changed with their content before and after. A row is
known by its table's key, or by all that the fill left as it was where a table has none, so that
sorting in between does no harm; a cell that someone edited since is left alone.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw
from isal import isal_zlib
from numpy.typing import NDArray

from smarketing_xl.a1.formulas import moved
from smarketing_xl.book import read
from smarketing_xl.book.contents import Formula, is_typed
from smarketing_xl.book.named import find_place
from smarketing_xl.book.write import Rows, Write, as_left, left_by, of_table
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import Cells, blank_cells, known_by, same

KEPT = 10  # fills that can be undone
PART = 32_000  # characters; a cell holds 32,767
MOST = 200_000_000  # bytes an entry may unpack to

Entry = dict[str, Any]


def record_fill(book: xw.Book, what: str, writes: Sequence[Write]) -> Rows:
    """The journal with one more entry, where the oldest stood: what these writes replace."""
    kept = read.read_table(book, tables.JOURNAL)
    fills = sorted(kept.loc[kept["fill"] > 0, "fill"].unique())
    number = (fills[-1] if fills else 0) + 1
    packed = _pack(
        [_entry(write, of_table(writes[:at], write.place.table)) for at, write in enumerate(writes)]
    )
    parts = [packed[at : at + PART] for at in range(0, len(packed), PART)]
    entry = pd.DataFrame(
        {
            "fill": float(number),
            "part": np.arange(1.0, len(parts) + 1),
            "what": what,
            "data": parts,
        }
    )
    stays = kept["fill"].isin([0, *fills[-(KEPT - 1) :]]).to_numpy()  # 0: kept texts, no fill
    rows = pd.concat([kept.loc[stays, list(entry)], entry], ignore_index=True)
    places = np.concatenate([np.flatnonzero(stays), np.full(len(entry), len(rows))])
    places[places >= len(rows)] = np.setdiff1d(np.arange(len(rows)), places)
    return Rows(tables.JOURNAL, rows.iloc[np.argsort(places)], ordered=True)


def kept_fills(book: xw.Book) -> list[tuple[str, list[Entry]]]:
    """Every fill that can be undone: what it was, and what it replaced."""
    kept = read.read_table(book, tables.JOURNAL)
    fills = kept[kept["fill"] > 0].sort_values(["fill", "part"]).groupby("fill", sort=True)
    return [(str(parts["what"].iloc[0]), _unpack("".join(parts["data"]))) for _fill, parts in fills]


def undo_changes(book: xw.Book) -> tuple[str, list[Write], Rows, int]:
    """The last fill, and the writes that take it back, the journal without it, edits kept.

    Raises NotEnoughData when there is nothing to undo.
    """
    kept = read.read_table(book, tables.JOURNAL)
    if not (kept["fill"] > 0).any():
        raise NotEnoughData(_("There is no update to undo"), _("Update something first"))
    last = kept["fill"].max()
    entry = kept[kept["fill"] == last].sort_values("part")
    writes: list[Write] = []
    left = 0
    for change in reversed(_unpack("".join(entry["data"]))):
        write, edited = _reverse(book, change, writes)
        writes.append(write)
        left += edited
    rest = kept[kept["fill"] != last]
    return str(entry["what"].iloc[0]), writes, Rows(tables.JOURNAL, rest), left


def _entry(write: Write, earlier: Sequence[Write]) -> Entry:
    """What a write replaces. earlier: what was planned for its table before it."""
    place = write.place
    names = {offset: key for key, offset in place.offsets.items()}
    differ = ~same(write.before, write.after)
    touched = np.flatnonzero(differ.any(axis=1))
    keys = _keys(write, touched)
    identity = [place.offsets[key] for key in keys]
    known = as_left(place, identity, len(write.after), earlier)[touched] if identity else None
    if known is not None:
        stays = ~_blank(write.after[touched])  # a row that is emptied is known by what it held
        for at, offset in enumerate(identity):
            if offset in write.offsets:
                new = write.after[touched, write.offsets.index(offset)]
                known[stays, at] = new[stays]
    columns = [names[offset] for offset in write.offsets]
    changed = np.flatnonzero(differ.any(axis=0) | np.isin(columns, place.table.key))
    return {
        "table": place.table.name,
        "columns": [columns[at] for at in changed],
        "rows": touched.tolist(),
        "known by": keys,
        "by": "column",
        "keys": None if known is None else _plain(known),
        "before": _plain(write.before[np.ix_(touched, changed)]),
        "after": _plain(write.after[np.ix_(touched, changed)]),
        "height": [place.height - 1, write.height],
        "new": list(place.headers[len(place.headers) - place.new :]),
    }


def _keys(write: Write, touched: np.ndarray[Any, np.dtype[np.intp]]) -> list[str]:
    """The columns that tell the touched rows from others."""
    place = write.place
    if place.table.key:
        return [key for key in place.table.key if key in place.offsets]
    differ = ~same(write.before[touched], write.after[touched])
    changed = {write.offsets[at] for at in np.flatnonzero(differ.any(axis=0))}
    return [key for key, offset in place.offsets.items() if offset not in changed]


def _reverse(book: xw.Book, change: Entry, planned: Sequence[Write]) -> tuple[Write, int]:
    """The table as it was before a change, but for cells that were edited since.

    planned: what takes back the changes after it.
    """
    later = [write for write in planned if write.place.table.name == change["table"]]
    place = left_by(later) or find_place(book, change["table"])
    width = list(range(len(place.headers)))
    height = place.height - 1
    now = as_left(place, width, max(height, change["height"][0]), later)
    after, before = _cells(change, "after"), _cells(change, "before")
    rows = _rows_now(place, now, change)
    rows, now = _made_room(place, now, change, rows)
    there = rows >= 0
    out = now.copy()
    left = 0
    for at, key in enumerate(change["columns"]):
        if key not in place.offsets or not there.any():
            continue
        offset = place.offsets[key]
        untouched = same(now[rows[there], offset], after[there, at])
        out[rows[there][untouched], offset] = before[there, at][untouched]
        left += int((~untouched).sum())
    was_empty = _blank(before)
    fresh = np.zeros(len(out), dtype=bool)
    fresh[rows[there & was_empty]] = True
    typed = np.asarray(np.frompyfunc(is_typed, 1, 1)(out), dtype=bool)
    gone = fresh & ~typed.any(axis=1)
    stay = np.flatnonzero(~gone)
    shrunk = np.full_like(out, None)
    shrunk[: len(stay)] = out[stay]
    _carry_formulas(place, shrunk, out, stay)
    dropped = _emptied(place, change.get("new", []), typed)
    return Write(place, max(len(stay), 1), width, now, shrunk, dropped), left


def _carry_formulas(
    place: read.TablePlace, shrunk: Cells, out: Cells, stay: NDArray[np.intp]
) -> None:
    """Formulas of rows that moved up read as they did; the one row of an empty table keeps them."""
    origins = stay if len(stay) else np.zeros(1, dtype=np.intp)
    for at, row in enumerate(origins):
        if at == row and len(stay):
            continue
        for offset, content in enumerate(out[row]):
            if isinstance(content, Formula):
                column = place.left + offset
                places = ((place.top + 1 + each, column) for each in (int(row), at))
                shrunk[at, offset] = Formula("=" + moved(content[1:], *places))


def _emptied(place: read.TablePlace, new: Sequence[str], typed: NDArray[np.bool_]) -> int:
    """How many columns that the fill added leave again: the last ones, if nothing is in them."""
    if not new or list(place.headers[-len(new) :]) != list(new):
        return 0
    return 0 if typed[:, -len(new) :].any() else len(new)


def _rows_now(place: read.TablePlace, now: Cells, change: Entry) -> np.ndarray[Any, np.dtype[Any]]:
    """Where each changed row stands now, by its key; -1 where it is gone.

    Rows that share a key, or have none, are told apart by where they stood.
    """
    rows = np.asarray(change["rows"], dtype=int)
    if change["keys"] is None:
        return np.where(rows < len(now), rows, -1)
    identity = [place.offsets[key] for key in change["known by"]]
    standing = [known_by(row) for row in now[:, identity]]
    wanted = [known_by(row) for row in _cells(change, "keys")]
    home = [row < len(now) and standing[row] == key for row, key in zip(rows, wanted, strict=True)]
    others: dict[tuple[str, ...], list[int]] = {}
    for row in sorted(set(range(len(now))).difference(rows[home].tolist()), reverse=True):
        others.setdefault(standing[row], []).append(row)
    return np.asarray(
        [
            row if stays else others[key].pop() if others.get(key) else -1
            for row, key, stays in zip(rows, wanted, home, strict=True)
        ],
        dtype=int,
    )


def _made_room(
    place: read.TablePlace, now: Cells, change: Entry, rows: np.ndarray[Any, np.dtype[Any]]
) -> tuple[np.ndarray[Any, np.dtype[Any]], Cells]:
    """For rows that the fill emptied a blank one each: where they stood, elsewhere, or below."""
    keys, columns = place.table.key, change["columns"]
    if not keys or not change["keys"] or not set(keys) <= set(columns):
        return rows, now
    blank = _blank(_cells(change, "after")[:, [columns.index(key) for key in keys]])
    homeless = np.flatnonzero((rows < 0) & blank)
    if not len(homeless):
        return rows, now
    given = [offset for key, offset in place.offsets.items() if key not in place.table.ours]
    free = np.flatnonzero(_blank(now[:, given]))
    stood = np.asarray(change["rows"], dtype=int)[homeless]
    own = np.isin(stood, free)
    others = np.setdiff1d(free, stood[own])
    below = np.arange(len(now), len(now) + len(homeless))
    rows = rows.copy()
    rows[homeless[own]] = stood[own]
    rows[homeless[~own]] = np.concatenate([others, below])[: int((~own).sum())]
    more = max(int(rows.max()) + 1 - len(now), 0)
    return rows, np.concatenate([now, np.full((more, now.shape[1]), None, dtype=object)])


def _blank(block: Cells) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows hold nothing."""
    return np.asarray(blank_cells(block).all(axis=1), dtype=np.bool_)


# --- packing: JSON, compressed, as text ---------------------------------------------------------


def _plain(block: Cells) -> list[Any]:
    """Cells by columns; null for a blank one, one list of moments for one that holds only those."""
    return [_plain_column(column) for column in block.T.tolist()]


_WRITTEN_PLAINLY = {type(None), bool, int, float, str}
_MOMENTS = {type(None), dt.datetime}
_EPOCH = dt.datetime(1970, 1, 1)
_TICK = dt.timedelta(microseconds=1)


def _plain_column(cells: list[Any]) -> Any:
    kinds = set(map(type, cells))
    if kinds == {type(None)}:
        return None
    if kinds <= _MOMENTS:
        ticks = np.array(cells, dtype="datetime64[us]").astype(np.int64).tolist()
        blanks = zip(cells, ticks, strict=True)
        return {"t": [None if cell is None else tick for cell, tick in blanks]}
    return cells if kinds <= _WRITTEN_PLAINLY else list(map(_coded, cells))


def _coded(cell: Any) -> Any:
    if isinstance(cell, Formula):
        return {"f": str(cell)}
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    return cell.item() if isinstance(cell, np.generic) else cell


def _cells(change: Entry, which: str) -> Cells:
    """The cells of an entry; the journals of former versions have them row by row."""
    columns, height = change[which], len(change["rows"])
    if change.get("by") != "column":
        columns = list(zip(*columns, strict=True))
    out = np.full((height, len(columns)), None, dtype=object)
    for at, column in enumerate(columns):
        if isinstance(column, dict):
            out[:, at] = [None if tick is None else _EPOCH + tick * _TICK for tick in column["t"]]
        elif column is not None:
            out[:, at] = list(map(_decoded, column))
    return out


def _decoded(cell: Any) -> Any:
    if isinstance(cell, dict):
        return Formula(cell["f"]) if "f" in cell else dt.datetime.fromisoformat(cell["t"])
    return cell


def _pack(entries: list[Entry]) -> str:
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(
        isal_zlib.compress(text.encode(), isal_zlib.ISAL_BEST_COMPRESSION)
    ).decode()


def _unpack(packed: str) -> list[Entry]:
    unzip = zlib.decompressobj()
    text = unzip.decompress(base64.b64decode(packed), MOST)
    if unzip.unconsumed_tail:
        raise NotEnoughData(_("The undo journal is damaged"), _("Update again"))
    entries: list[Entry] = json.loads(text)
    return entries
