"""A file's cells as ours: columns by our keys, typed, checked, every fault with row and remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import polars as pl

from smarketing_xl.errors import Fault
from smarketing_xl.i18n import N_, _, format_number, is_day_first
from smarketing_xl.ingest.columns import (
    Cells,
    Context,
    Look,
    as_text,
    cleaned,
    constant,
    ours,
    theirs,
)
from smarketing_xl.ingest.mapping import UNTIL, Layout, Mapping, known_by
from smarketing_xl.ingest.raw_table import RawTable, footer
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables import LEADS

Done = TypeVar("Done")
_THREADS = 2
RANGES = "\x00"  # before the name of a column of numbers: its cells that hold ranges, as text
NOTHING_ASIDE = pl.DataFrame(
    schema={"row": pl.Int64, "value": pl.String, "reason": pl.String, "column": pl.String}
)


@dataclass(frozen=True)
class Incoming:
    """What a file brings.

    frame: columns by our keys, then the file's further columns by their headers; null where blank.
    rows: each record's row in the file. faults: cells that cannot be read, named; aside: all of
    them: row, value, reason, column. undecided: columns that can be read in two ways; unsettled:
    which of them for want of evidence. notes: what was found out. detected: what each column of the
    file was taken for. currencies: of our columns of amounts, what each cell names.
    """

    frame: pl.DataFrame
    rows: pl.Series
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    detected: tuple[Detected, ...] = ()
    undecided: tuple[Fault, ...] = ()
    unsettled: tuple[str, ...] = ()
    aside: pl.DataFrame = field(default_factory=lambda: NOTHING_ASIDE)
    headers: tuple[str, ...] = ()
    currencies: dict[str, pl.Series] = field(default_factory=dict)


@dataclass(frozen=True)
class Detected:
    """What one column of a file was taken for, to be looked at before anything is written.

    headers: theirs, several where they are joined. column: where it goes, by key or own header.
    kind, note: what its cells are, and how they are written. example: the first as it stands in
    the file, and as it was read.
    """

    headers: tuple[str, ...]
    column: str
    kind: str
    note: str
    example: tuple[str, object]


def normalise_columns(sheet: RawTable, mapping: Mapping, table: Table) -> Incoming:
    """Reads every cell as its column wants it. Faults are collected, not raised."""
    frame, rows, looks, worded, below = _records(sheet, mapping.read)
    there = {fold_words(name): name for name in reversed(frame.columns)}
    context = Context(mapping, rows, looks)
    jobs: list[Callable[[], Cells]] = []
    origins: list[tuple[str, ...]] = []  # the headers that each job reads
    again: dict[int, Callable[[Context], Callable[[], Cells]]] = {}
    for column in _wanted(table):
        names = [_first(part, there) for part in _parts(mapping, column.key)]
        joined = column.key not in mapping.columns or mapping.columns[column.key].joined
        headers = tuple(name for name in names if name is not None)
        if headers:
            again[len(jobs)] = partial(
                _ours, column, [frame[name] for name in headers], headers[0], joined
            )
            jobs.append(again[len(jobs)](context))
            origins.append(headers)
        elif column.key in mapping.constants:
            jobs.append(constant(column, mapping.constants[column.key], len(frame)))
            origins.append(())
    used = {name for names in origins for name in names}
    taken = {name.lower() for name in table.headers()}
    skipped = {fold_words(name) for name in mapping.read.skip}
    for name in frame.columns:
        if name not in used and fold_words(name) not in skipped:
            own = f"{name} (2)" if name.lower() in taken else name
            jobs.append(theirs(own, frame[name], context))
            origins.append((name,))
    done = _at_once(jobs)
    if any(cells.unsettled or cells.weak for cells in done):
        likely = replace(context, mapping=replace(mapping, read=_likely(mapping.read, done)))
        for at, make in again.items():
            if done[at].unsettled or done[at].weak:
                done[at] = make(likely)()
    faults = [fault for cells in done for fault in cells.faults]
    notes = [*sheet.notes]
    if below:
        notes.append(
            _("{count} rows at the end are totals or remarks, and left out").format(
                count=format_number(below)
            )
        )
    if worded:
        notes.append(
            _("{count} cells say NULL, N/A or the like: read as blank").format(
                count=format_number(worded)
            )
        )
    if formulas := sum(cells.formulas for cells in done):
        notes.append(
            _("{count} cells begin like a formula: kept as text").format(
                count=format_number(formulas)
            )
        )
    out = pl.DataFrame(
        [
            *(cells.values.alias(cells.name) for cells in done),
            *(c.ranges.alias(RANGES + c.name) for c in done if c.ranges is not None),
        ]
    )
    asides = [
        cells.aside.with_columns(column=pl.lit(cells.name))
        for cells in done
        if cells.aside is not None
    ]
    detected = tuple(
        _detected(cells, names, frame) for cells, names in zip(done, origins, strict=True)
    )
    return Incoming(
        out,
        rows,
        tuple(faults),
        tuple(dict.fromkeys(notes)),
        detected,
        tuple(cells.undecided for cells in done if cells.undecided),
        tuple(cells.name for cells in done if cells.unsettled),
        pl.concat(asides) if asides else NOTHING_ASIDE,
        currencies={c.name: c.currencies for c in done if c.currencies is not None},
    )


def _ours(
    column: Column, given: list[pl.Series], header: str, joined: bool, context: Context
) -> Callable[[], Cells]:
    return ours(column, given, header, context, joined)


def _likely(layout: Layout, done: Iterable[Cells]) -> Layout:
    """How a column is written that does not tell it: as the file's others are; else the day is
    first where the language has it so."""
    done = list(done)
    notes = {part for cells in done if not cells.weak for part in cells.note.split(", ")}
    if not notes & {_("day first"), _("month first")}:
        notes |= {part for cells in done for part in cells.note.split(", ")}
    days, months = _("day first") in notes, _("month first") in notes
    if not layout.dates and (days != months or is_day_first()):
        layout = replace(layout, dates="month first" if months and not days else "day first")
    commas, points = _("decimal comma") in notes, _("decimal point") in notes
    if not layout.decimal and commas != points:
        layout = replace(layout, decimal="," if commas else ".")
    return layout


def _at_once(jobs: Iterable[Callable[[], Done]]) -> list[Done]:
    """Does the jobs side by side, in the language now spoken."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(lambda job: job(), [partial(copy_context().run, job) for job in jobs]))


def _detected(cells: Cells, headers: tuple[str, ...], frame: pl.DataFrame) -> Detected:
    if cells.ranges is not None and cells.values.null_count() == len(cells.values):
        shown = cells.ranges.drop_nulls()[0]
        note = _("ranges, as typed")
        return Detected(headers, cells.name, _("text"), note, (shown, shown))
    first = cells.values.is_not_null().arg_max()
    if first is None or cells.values[first] is None:
        return Detected(headers, cells.name, _("blank"), cells.note, ("", None))
    given = " ".join(as_text(frame[name][first : first + 1])[0] or "" for name in headers)
    return Detected(
        headers, cells.name, _kind(cells.values.dtype), cells.note, (given, cells.values[first])
    )


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_numeric():
        return _("number")
    if dtype.is_temporal():
        return _("date")
    return _("yes or no") if dtype == pl.Boolean else _("text")


def _records(
    sheet: RawTable, layout: Layout
) -> tuple[pl.DataFrame, pl.Series, dict[str, Look], int, int]:
    """The rows that hold something, where they stand in the file, how its text columns look, how
    many cells say in a word that they are blank, and how many rows below are no records.
    """
    frame = sheet.frame
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    blanks = {cell.lower() for cell in layout.blank}
    done = _at_once(partial(cleaned, frame[name], blanks) for name in texts)
    frame = frame.with_columns([cells for cells, _look, _worded in done])
    looks = dict(zip(texts, (look for _cells, look, _worded in done), strict=True))
    worded = sum(count for _cells, _look, count in done)
    cut = footer(frame)
    below = int((~frame.tail(cut).select(pl.all_horizontal(pl.all().is_null())).to_series()).sum())
    frame = frame.head(len(frame) - cut)
    rows = pl.int_range(sheet.first_row, sheet.first_row + len(frame), eager=True).alias("row")
    kept = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    if layout.totals and frame.dtypes[0] == pl.String:
        kept = kept & ~frame.to_series(0).str.starts_with(layout.totals).fill_null(False)
    if kept.all():
        return frame, rows, looks, worded, below
    return frame.filter(kept), rows.filter(kept), looks, worded, below


def _wanted(table: Table) -> list[Column]:
    """The columns an import brings; interactions may know a lead by its e-mail or phone only."""
    columns = [replace(column, required=False) for column in table if not column.ours]
    until = Column(UNTIL, N_("Until"), Kind.DATE)
    extra = (until if key == UNTIL else Column(key, LEADS[key].label) for key in known_by(table))
    return [*columns, *extra]


def _parts(mapping: Mapping, key: str) -> tuple[tuple[str, ...], ...]:
    source = mapping.columns.get(key)
    return source.parts if source else ()


def _first(part: tuple[str, ...], there: dict[str, str]) -> str | None:
    return next((there[name] for name in part if name in there), None)
