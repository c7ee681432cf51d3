"""People's rights over what the tables say of them: rows without the person, on every host.

What else a file holds of them (notes, caches of pivot tables, texts that no cell shows any more) is
found and taken out by `smarketing_xl.rights`, which needs the file itself.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Summary, log_line
from smarketing_xl.actions.conflicts import formulas_stay
from smarketing_xl.arrays import Flags
from smarketing_xl.book.kept_texts import FILL, MARK, PART
from smarketing_xl.book.once import forget as forget_reads
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import (
    find_table,
    has_name,
    has_table,
    language,
    named_range,
    raw_frame,
    read_table,
)
from smarketing_xl.book.undo import kept_fills
from smarketing_xl.book.write import Change, Columns, Rows, commit, plan_writes, take_in
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.leads.anonymous import TABLES, Names, linked, without_people
from smarketing_xl.leads.person import Person, find_person, past_keeping
from smarketing_xl.leads.traces import Traces, add_rows, plain
from smarketing_xl.parsing.text import as_text, fold
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table

MONTHS = 24
"""How long people are kept after their lead ended, where nobody says otherwise."""
_SHOWN = (tables.SLA_LATE, tables.UNMATCHED)
_BY_SELLER = {
    "Capacity": "seller",
    "SlaSales": "owner",
    "Outcomes": "owner",
    "Pipeline": "owner",
    "Outlook": "name",
    "MeasuredFunnel": "name",
}
_SIGNERS = ("company", "marketing_head", "sales_head")


@dataclass
class Gone:
    """What was taken out of the tables. notes: by sheet, the rows whose notes go too."""

    summary: Summary
    traces: Traces
    notes: dict[str, set[int]] = field(default_factory=dict)


def person_in(book: xw.Book, wanted: str) -> tuple[Person, dict[str, pd.DataFrame], Traces]:
    """The rows of the person with an e-mail, telephone or ID, and what to look for elsewhere.

    Raises NotEnoughData where there is nobody, or several.
    """
    with reading_once(), speaking(language(book)):
        frames = _frames(book)
        person = find_person(frames, wanted)
        rows = {table.name: frames[table.name][person.rows[table.name]] for table in TABLES}
        traces = Traces()
        for found in rows.values():
            add_rows(traces, found)
        leads = set(rows["Leads"]["lead_id"].dropna().map(as_text))
        conflicts, theirs = _conflicts_of(book, leads, traces)
        rows[tables.CONFLICTS.name] = conflicts[theirs]
        return person, rows, traces


def journal_mentions(book: xw.Book, traces: Traces) -> list[tuple[str, str]]:
    """What the journal holds of a person: the fill, and the cells that name them."""
    with reading_once(), speaking(language(book)):
        if not has_table(book, tables.JOURNAL):
            return []
        found: dict[tuple[str, str], None] = {}
        for what, text in kept_fills(book):
            said = f"{_(tables.SHEETS['journal'])}: {what}"
            found |= {(said, cell): None for cell in _strings(text) if traces.are_in(cell)}
        return list(found)


def _strings(value: object) -> Iterator[str]:
    """Every text in what was JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def erase_person(book: xw.Book, wanted: str) -> Gone:
    """Take a person out of all tables; their rows stay, of an anonymous lead. Cannot be undone."""
    with reading_once(), speaking(language(book)):
        person = find_person(_frames(book), wanted)
        return _take_out(book, person.rows, _("A person was erased"))


def past_count(book: xw.Book, months: int = MONTHS, customers: bool = False) -> int:
    """How many leads are past the time for which they are kept."""
    with reading_once(), speaking(language(book)):
        return int(_past(book, months, customers).rows["Leads"].sum())


def past_in_words(count: int, months: int = MONTHS) -> str:
    """How many leads ended so long ago."""
    return _("{count} leads ended more than {time} ago").format(
        count=format_number(count), time=_time(months)
    )


def _time(months: int) -> str:
    return _("{count} months").format(count=format_number(months))


def anonymise_past(book: xw.Book, months: int = MONTHS, customers: bool = False) -> Gone:
    """Leads that ended so many months ago, and all that is of them, are of nobody any more.

    customers: also those who bought. Cannot be undone. Raises NotEnoughData where there is none.
    """
    with reading_once(), speaking(language(book)):
        past = _past(book, months, customers)
        if not past.rows["Leads"].any():
            raise NotEnoughData(
                _("No lead ended more than {time} ago").format(time=_time(months)),
                _("Nothing is to be done"),
            )
        return _take_out(book, past.rows, _("Old leads were made anonymous"))


def anonymise_all(book: xw.Book) -> Gone:
    """Everybody in the workbook becomes a pseudonym, salespeople and signers too."""
    with reading_once(), speaking(language(book)):
        frames = _frames(book)
        everyone = {name: np.ones(len(frame), dtype=np.bool_) for name, frame in frames.items()}
        names, traces = Names(everyone=True), Traces()
        changes, notes = _changes(book, frames, everyone, names, traces)
        for table in TABLES:
            for key in ("owner", "by"):
                for cell in frames[table.name].get(key, pd.Series(dtype=object)).dropna():
                    traces.add_text(as_text(cell))
                    traces.add_words(as_text(cell))
        changes += [*_sellers(book, names), *_bookkeeping_blank(book)]
        summary = Summary(_("Made anonymous"), len(frames["Leads"]))
        _write(book, changes, summary, traces, everyone=True)
        for name in _SIGNERS:
            if has_name(book, name):
                cell = named_range(book, name)
                if cell.value not in (None, ""):
                    traces.add_text(as_text(cell.value))
                    cell.value = None
        return Gone(summary, traces, notes)


# --- what changes -------------------------------------------------------------------------------


def _frames(book: xw.Book) -> dict[str, pd.DataFrame]:
    return {
        table.name: raw_frame(find_table(book, table))
        if has_table(book, table)
        else pd.DataFrame(columns=table.keys, dtype=object)
        for table in TABLES
    }


def _past(book: xw.Book, months: int, customers: bool) -> Person:
    frames = _frames(book)
    frames["Leads"] = read_table(book, tables.LEADS, checked=("status", "closed"))
    day = pd.Timestamp(dt.date.today()) - pd.DateOffset(months=months)
    return past_keeping(frames, day.date(), customers)


def _take_out(book: xw.Book, rows: Mapping[str, Flags], what: str) -> Gone:
    frames, names, traces = _frames(book), Names(), Traces()
    changes, notes = _changes(book, frames, rows, names, traces)
    changes += _bookkeeping(book, names, traces)
    count = int(sum(each.sum() for each in rows.values()))
    told = _("Rows by table: {counts}").format(
        counts=", ".join(
            f"{_(tables.SHEETS[table.sheet])} {format_number(int(rows[table.name].sum()))}"
            for table in TABLES
            if rows[table.name].any()
        )
    )
    said = (
        told,
        _("Earlier updates can no longer be undone: the journal held what they replaced."),
    )
    summary = Summary(what, count, said)
    _write(book, changes, summary, traces)
    return Gone(summary, traces, notes)


def _changes(
    book: xw.Book,
    frames: Mapping[str, pd.DataFrame],
    rows: Mapping[str, Flags],
    names: Names,
    traces: Traces,
) -> tuple[list[Change], dict[str, set[int]]]:
    """What is written into the tables of records and those that show them; rows with notes."""
    asked = _attributes(book)
    leads = linked(frames, rows)
    changes: list[Change] = []
    notes: dict[str, set[int]] = {}
    before, after = set(), set()
    for table in TABLES:
        frame = frames[table.name].copy()
        if frame.empty or not rows[table.name].any():
            continue
        place = find_table(book, table)
        add_rows(traces, frame[rows[table.name]], names.everyone)
        if table.name in leads:
            frame.loc[leads[table.name].index, "lead_id"] = leads[table.name]
        values = without_people(table, frame, rows[table.name], names, asked)
        ids = pd.Series(range(len(frame)), index=frame.index, dtype=object)
        values, _formulas = formulas_stay(place, values, ids)
        for key, new in values.items():
            before |= {plain(as_text(cell)) for cell in frame.loc[new.index, key].dropna()}
            changes.append(Columns(table, new.to_frame(key)))
        after |= _left(frame, values)
        notes.setdefault(place.sheet.name, set()).update(map(int, frame.index[rows[table.name]]))
    traces.whole |= before - after - {""}
    for table in _SHOWN:
        if has_table(book, table):
            changes += _shown(book, table, names)
    return changes, notes


def _left(frame: pd.DataFrame, values: Mapping[str, pd.Series]) -> set[str]:
    """The texts that a table still holds."""
    out = set()
    for key in frame.columns:
        column = frame[key]
        if key in values:
            column = column.drop(values[key].index)
        out |= {plain(cell) for cell in column.dropna().unique() if isinstance(cell, str)}
    return out


def _attributes(book: xw.Book) -> set[str]:
    """The columns that criteria of personas ask for."""
    if not has_table(book, tables.PERSONAS):
        return set()
    headers = tables.LEADS.headers()
    asked = raw_frame(find_table(book, tables.PERSONAS)).get("attribute", pd.Series(dtype=object))
    told = {as_text(cell).strip() for cell in asked.dropna()}
    return {headers.get(one.lower(), one) for one in told}


def _shown(book: xw.Book, table: Table, names: Names) -> list[Change]:
    """Rows of a table that repeats leads, with what now stands for them."""
    frame = raw_frame(find_table(book, table))
    if "lead_id" not in frame or frame.empty:
        return []
    known = names.known.get("L", {})
    rows = frame["lead_id"].map(lambda cell: cell is not None and as_text(cell) in known)
    mask = np.ones(len(frame), dtype=np.bool_) if names.everyone else rows.to_numpy(dtype=np.bool_)
    if not mask.any():
        return []
    values = without_people(table, frame, mask, names, ())
    if table is tables.UNMATCHED:
        every = {one: made for kind in names.known.values() for one, made in kind.items()}
        ids = frame["row_id"].map(lambda cell: every.get(as_text(cell), cell), na_action="ignore")
        values["row_id"] = ids[mask]
    return [Columns(table, new.to_frame(key)) for key, new in values.items()]


def _sellers(book: xw.Book, names: Names) -> list[Change]:
    """Salespeople in the tables that count by them."""
    known = names.known.get("seller", {})
    changes: list[Change] = []
    for name, key in _BY_SELLER.items():
        table = tables.BY_NAME[name]
        if not has_table(book, table):
            continue
        frame = raw_frame(find_table(book, table))
        if key not in frame:
            continue
        said = frame[key].map(lambda cell: known.get(fold(as_text(cell)), cell), na_action="ignore")
        if name == "Capacity":
            said = frame[key].map(
                lambda cell: names.of("seller", fold(as_text(cell))), na_action="ignore"
            )
        changes.append(Columns(table, said.to_frame(key)))
    return changes


def _bookkeeping(book: xw.Book, names: Names, traces: Traces) -> list[Change]:
    """Log, conflicts and what was set aside, without the traces."""
    known = names.known.get("L", {})
    changes: list[Change] = []
    for table in (tables.LOG, tables.SET_ASIDE):
        frame = raw_frame(find_table(book, table)) if has_table(book, table) else pd.DataFrame()
        for key in frame.columns:
            texts = frame[key][frame[key].map(lambda cell: isinstance(cell, str))]
            hidden = texts.map(traces.hide)
            if (hidden != texts).any():
                changes.append(Columns(table, hidden[hidden != texts].to_frame(key)))
    frame, theirs = _conflicts_of(book, known, traces)
    if theirs.any():
        kept = frame[~theirs][tables.CONFLICTS.keys].reset_index(drop=True)
        changes.append(Rows(tables.CONFLICTS, kept))
    return changes


def _conflicts_of(
    book: xw.Book, leads: Collection[str], traces: Traces
) -> tuple[pd.DataFrame, Flags]:
    """The table of conflicts, and which rows are of leads with such IDs, or hold a trace."""
    if not has_table(book, tables.CONFLICTS):
        return pd.DataFrame(columns=tables.CONFLICTS.keys), np.zeros(0, dtype=np.bool_)
    frame = raw_frame(find_table(book, tables.CONFLICTS))
    theirs = np.array([as_text(cell) in leads for cell in frame["row_id"]], dtype=np.bool_)
    for key in ("here", "there", "source"):
        cells = frame[key]
        named = [isinstance(cell, str) and traces.are_in(cell) for cell in cells]
        theirs |= np.array(named, dtype=np.bool_)
    return frame, theirs


def _bookkeeping_blank(book: xw.Book) -> list[Change]:
    """Of a workbook for others: who filled and from what, and cells of imports, are blank; what
    disagreed is listed no more."""
    changes: list[Change] = []
    if has_table(book, tables.CONFLICTS):
        changes.append(Rows(tables.CONFLICTS, pd.DataFrame(columns=tables.CONFLICTS.keys)))
    for table, keys in (
        (tables.LOG, ("who", "inputs")),
        (tables.SET_ASIDE, ("value", "source")),
    ):
        if not has_table(book, table):
            continue
        frame = raw_frame(find_table(book, table))
        for key in keys:
            told = frame[key].dropna()
            if len(told):
                blank = pd.Series(None, index=told.index, dtype=object)
                changes.append(Columns(table, blank.to_frame(key)))
    return changes


def _write(
    book: xw.Book, changes: list[Change], summary: Summary, traces: Traces, everyone: bool = False
) -> None:
    """All or nothing; the journal keeps no fill that could bring it back."""
    line = log_line(summary)
    if everyone:
        line.values["who"] = ""
    journal = [_journal(book, traces)] if has_table(book, tables.JOURNAL) else []
    writes = plan_writes(book, [*changes, *journal, line])
    commit([*take_in(writes), *writes])
    forget_reads()


def _journal(book: xw.Book, traces: Traces) -> Rows:
    """The texts that the journal keeps (mappings), without lines that name the person."""
    kept = read_table(book, tables.JOURNAL)
    kept = kept[kept["fill"] == FILL].sort_values(["what", "part"])
    rows: list[dict[str, object]] = []
    for what, parts in kept.groupby("what", sort=False):
        packed = "".join(parts["data"]).removeprefix(MARK)
        text = base64.b64decode(packed).decode("utf-8")
        lines = [line for line in text.splitlines(keepends=True) if not traces.are_in(line)]
        packed = MARK + base64.b64encode("".join(lines).encode("utf-8")).decode()
        for at in range(0, len(packed), PART):
            part = packed[at : at + PART]
            rows.append({"fill": float(FILL), "part": len(rows) + 1.0, "what": what, "data": part})
    columns = ["fill", "part", "what", "data"]
    return Rows(tables.JOURNAL, pd.DataFrame(rows, columns=columns))
