"""A file's cells as ours: columns by our keys, typed, checked, every fault with row and remedy."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from smarketing_xl.errors import Fault
from smarketing_xl.leads.dates import dates, looks_dated
from smarketing_xl.leads.mapping import As, Layout, Mapping, plain
from smarketing_xl.leads.numbers import looks_numeric, numbers
from smarketing_xl.leads.reading import Reading
from smarketing_xl.leads.sheet import Sheet
from smarketing_xl.leads.text import harmless, tidy
from smarketing_xl.texts import _
from smarketing_xl.workbook.schema import Choices, Column, Kind, Table
from smarketing_xl.workbook.values import DATES, NUMBERS

MOST_FAULTS = 200  # named one by one in a column; the rest are counted
_THREADS = 2


@dataclass(frozen=True)
class Incoming:
    """What a file brings.

    frame: columns by our keys, then the file's further columns by their headers; null where blank.
    rows: each record's row in the file. faults: what cannot be used. notes: what was found out.
    """

    frame: pl.DataFrame
    rows: pl.Series
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """One column on its way in."""

    name: str
    values: pl.Series
    faults: list[Fault] = field(default_factory=list)
    note: str = ""
    formulas: int = 0


def normalise(sheet: Sheet, mapping: Mapping, table: Table) -> Incoming:
    """Reads every cell as its column wants it. Faults are collected, not raised."""
    frame, rows = _records(sheet, mapping.read)
    there = {plain(name): name for name in frame.columns}
    context = _Context(mapping, rows)
    jobs: list[Callable[[], Cells]] = []
    used: set[str] = set()
    notes: list[str] = []
    for column in _wanted(table):
        names = [_first(part, there) for part in _parts(mapping, column.key)]
        found = [name for name in names if name is not None]
        if not found:
            if column.key in mapping.constants:
                jobs.append(_constant(column, mapping.constants[column.key], len(frame)))
            continue
        used |= set(found)
        if [plain(name) for name in found] != [plain(column.label)]:
            notes.append(f"{_(column.label)} ← {' + '.join(found)}")
        jobs.append(_ours(column, [frame[name] for name in found], found[0], context))
    taken = {name.lower() for name in table.headers()}
    skipped = {plain(name) for name in mapping.read.skip}
    for name in frame.columns:
        if name not in used and plain(name) not in skipped:
            own = f"{name} (2)" if name.lower() in taken else name
            jobs.append(_theirs(own, frame[name], context))
    with ThreadPoolExecutor(_THREADS) as pool:
        done = list(pool.map(lambda job: job(), jobs))
    faults = [fault for cells in done for fault in cells.faults]
    notes += [f"{cells.name}: {cells.note}" for cells in done if cells.note]
    if formulas := sum(cells.formulas for cells in done):
        notes.append(
            _("{count} cells begin like a formula: kept as text behind an apostrophe").format(
                count=formulas
            )
        )
    out = pl.DataFrame([cells.values.alias(cells.name) for cells in done])
    return Incoming(out, rows, tuple(faults), tuple(dict.fromkeys([*sheet.notes, *notes])))


@dataclass(frozen=True)
class _Context:
    mapping: Mapping
    rows: pl.Series

    def form(self, header: str, key: str) -> As | None:
        forms = self.mapping.forms
        return forms.get(plain(header)) or forms.get(plain(key))


def listed(
    bad: pl.Series,
    rows: pl.Series,
    what: str,
    remedy: str,
    column: str,
    values: pl.Series | None = None,
) -> list[Fault]:
    """A fault for each bad row; past `MOST_FAULTS` they are counted."""
    at = bad.arg_true()
    found = [
        Fault(
            what,
            remedy,
            row=int(rows[row]),
            column=column,
            value=None if values is None else values[row],
        )
        for row in at.head(MOST_FAULTS)
    ]
    if len(at) > MOST_FAULTS:
        more = _("{problem}, in {count} more rows")
        found.append(
            Fault(more.format(problem=what, count=len(at) - MOST_FAULTS), remedy, column=column)
        )
    return found


def _records(sheet: Sheet, layout: Layout) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that hold something, and where they stand in the file; their totals left out."""
    frame = sheet.frame
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    blanks = {cell.lower() for cell in layout.blank}

    def cleaned(name: str) -> pl.Series:
        cells = tidy(frame[name])
        if not blanks:
            return cells
        return cells.set(cells.str.to_lowercase().is_in(list(blanks)).fill_null(False), None)

    with ThreadPoolExecutor(_THREADS) as pool:
        frame = frame.with_columns(list(pool.map(cleaned, texts)))
    rows = pl.int_range(sheet.first_row, sheet.first_row + len(frame), eager=True).alias("row")
    kept = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    if layout.totals and frame.dtypes[0] == pl.String:
        kept = kept & ~frame.to_series(0).str.starts_with(layout.totals).fill_null(False)
    if kept.all():
        return frame, rows
    return frame.filter(kept), rows.filter(kept)


def _wanted(table: Table) -> list[Column]:
    """The columns an import brings; interactions may know a lead by its e-mail only."""
    columns = [replace(column, required=False) for column in table if not column.ours]
    if "lead_id" in table.keys and "email" not in table.keys:
        columns.append(Column("email", "E-mail"))
    return columns


def _parts(mapping: Mapping, key: str) -> tuple[tuple[str, ...], ...]:
    source = mapping.columns.get(key)
    return source.parts if source else ()


def _first(part: tuple[str, ...], there: dict[str, str]) -> str | None:
    return next((there[name] for name in part if name in there), None)


# --- one column ---------------------------------------------------------------------------------


def _constant(column: Column, value: object, count: int) -> Callable[[], Cells]:
    cells = pl.repeat(str(value), count, dtype=pl.String, eager=True)
    context = _Context(Mapping(), pl.zeros(count, pl.Int64, eager=True))
    return _ours(column, [cells], column.label, context)


def _ours(
    column: Column, given: list[pl.Series], header: str, context: _Context
) -> Callable[[], Cells]:
    def read() -> Cells:
        cells = given[0] if len(given) == 1 else _joined(given)
        if column.choices:
            return _entries(column.key, cells, column.choices, header, context)
        if column.kind in NUMBERS:
            return _typed(column, cells, header, context, pl.Float64())
        if column.kind in DATES:
            return _typed(column, cells, header, context, pl.Datetime("us"))
        text, formulas = harmless(tidy(as_text(cells)))
        if column.key == "email":
            text = text.str.to_lowercase()
        return Cells(column.key, text, formulas=formulas)

    return read


def _joined(given: list[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([cells.alias(str(at)) for at, cells in enumerate(given)])
    joined = pl.concat_str(pl.all().cast(pl.String), separator=" ", ignore_nulls=True)
    return tidy(frame.select(joined.alias("joined")).to_series())


def _typed(
    column: Column, cells: pl.Series, header: str, context: _Context, kind: pl.DataType
) -> Cells:
    if cells.dtype == pl.String:
        reading = _read(cells, column.kind, context.form(header, column.key), context.mapping.read)
    else:
        reading = _as_is(cells, kind)
    name = f"{column.label} ({header})" if header != column.label else header
    values = reading.values.cast(kind)
    if column.kind is Kind.MONTH:
        values = values.dt.truncate("1mo")
    if column.kind is Kind.DATE:
        values = values.dt.truncate("1d")
    if reading.ambiguous:
        return Cells(column.key, values, [_undecided(reading, column, header)])
    what, remedy = (
        (_("is not a date"), _("Correct it in the file, or leave it blank"))
        if column.kind in DATES
        else (_("is not a number"), _("Correct it in the file, or leave it blank"))
    )
    faults = listed(reading.bad, context.rows, what, remedy, name, cells)
    return Cells(column.key, values, faults, reading.note)


def _undecided(reading: Reading, column: Column, header: str) -> Fault:
    choice = (
        f'"{header}" = "day first" | "month first"'
        if column.kind in DATES
        else f'"{header}" = "decimal comma" | "decimal point"'
    )
    return Fault(
        _("The column can be read in two ways: {why}").format(why=reading.ambiguous),
        _("Say which in the mapping, under [as]: {choice}").format(choice=choice),
        column=header,
    )


def _read(cells: pl.Series, kind: Kind, form: As | None, layout: Layout) -> Reading:
    if kind in DATES:
        order = form if form in ("day first", "month first") else layout.dates
        return dates(cells, order, months=kind is Kind.MONTH, zone=layout.zone)
    decimals: dict[str | None, Any] = {"decimal comma": ",", "decimal point": "."}
    return numbers(cells, decimals.get(form, layout.decimal))


def _as_is(cells: pl.Series, kind: pl.DataType) -> Reading:
    """A column whose file knew its type."""
    if kind.is_numeric() == cells.dtype.is_numeric() and cells.dtype != pl.Boolean:
        naive = cells
        if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone:
            naive = cells.dt.replace_time_zone(None)
        values = naive.cast(kind, strict=False)
        return Reading(values, cells.is_not_null() & values.is_null())
    return Reading(pl.repeat(None, len(cells), dtype=kind, eager=True), cells.is_not_null())


def _entries(key: str, cells: pl.Series, choices: Choices, header: str, context: _Context) -> Cells:
    """Entries of a closed list, by their labels in any language or by the mapping's [values]."""
    said = context.mapping.values.get(key, {})
    known = choices.known()
    text = as_text(cells).str.to_lowercase()
    distinct = text.drop_nulls().unique().to_list()
    entries = {one: said.get(one) or known.get(one) or said.get("*") for one in distinct}
    values = text.replace_strict(entries, default=None, return_dtype=pl.String)
    labels = ", ".join(choices.labels)
    faults = [
        Fault(
            _("The entry is not in our list, in {count} rows").format(count=(text == one).sum()),
            _("Say what it means in the mapping, under [values.{key}]: one of {labels}").format(
                key=key, labels=labels
            ),
            row=int(context.rows[(text == one).arg_true()[0]]),
            column=header,
            value=one,
        )
        for one in sorted(distinct)
        if entries[one] not in choices.labels
    ]
    return Cells(key, values, faults)


def _theirs(name: str, cells: pl.Series, context: _Context) -> Callable[[], Cells]:
    """A column of the user's own: numbers and dates where all of it is so, beyond doubt."""

    def read() -> Cells:
        title = harmless(pl.Series([name]))[0][0]
        if cells.dtype != pl.String:
            return Cells(title, _plain(cells))
        form = context.form(name, name)
        if form == "list":
            return Cells(title, _list(cells))
        if form != "text":
            for kind, looks in ((Kind.NUMBER, looks_numeric), (Kind.TIME, looks_dated)):
                wanted = form is not None and (kind in NUMBERS) != (
                    form in ("date", "day first", "month first")
                )
                if not (wanted or (form is None and looks(cells.drop_nulls().head(300)))):
                    continue
                if cells.null_count() == len(cells) or not (wanted or looks(cells)):
                    continue
                reading = _read(cells, kind, form, context.mapping.read)
                if reading.clear:
                    return Cells(title, reading.values, note=reading.note)
                if reading.ambiguous:
                    why = _("kept as text: {why}").format(why=reading.ambiguous)
                    return Cells(title, harmless(cells)[0], note=why)
        if _is_list(cells):
            return Cells(title, harmless(_list(cells))[0], note=_("several entries a cell"))
        text, formulas = harmless(cells)
        return Cells(title, text, formulas=formulas)

    return read


def _plain(cells: pl.Series) -> pl.Series:
    kind = cells.dtype
    if kind.is_numeric():
        return cells.cast(pl.Float64)
    if isinstance(kind, pl.Datetime | pl.Date):
        return _as_is(cells, pl.Datetime("us")).values
    return cells if kind == pl.Boolean else harmless(tidy(as_text(cells)))[0]


def _is_list(cells: pl.Series) -> bool:
    """Multi-select cells: entries between ; that come back in other rows."""
    some = cells.drop_nulls()
    several = some.filter(some.str.contains(r"[^;\s][;|][^;]"))
    if len(several) < 2 or several.str.contains(r"[;|]\s*\S+\s+\S+\s+\S+\s+\S+\s+\S+").any():
        return False
    parts = some.head(2_000).str.split(";").explode().str.strip_chars()
    return parts.n_unique() * 2 <= len(parts)


def _list(cells: pl.Series) -> pl.Series:
    return cells.str.replace_all(r"\s*[;|\n]\s*", "; ").str.strip_chars("; ")


def as_text(cells: pl.Series) -> pl.Series:
    """Any column as text: 12.0 is "12", a date is ISO without an empty time."""
    kind = cells.dtype
    if kind == pl.String:
        return cells
    if kind.is_float():
        whole = (cells == cells.floor()) & (cells.abs() < 1e15)
        plain_text = cells.cast(pl.String)
        digits = cells.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        return digits.zip_with(whole.fill_null(False), plain_text)
    if isinstance(kind, pl.Datetime):
        return cells.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if kind == pl.Boolean:
        return cells.replace_strict({True: "Yes", False: "No"}, return_dtype=pl.String)
    return cells.cast(pl.String, strict=False)
