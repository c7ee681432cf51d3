"""One column of a file on its way in: typed, checked, every fault with row and remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from smarketing_xl.blanks import BLANK
from smarketing_xl.errors import Fault
from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest.mapping import (
    As,
    Layout,
    Mapping,
)
from smarketing_xl.parsing.date_columns import looks_dated, parse_dates
from smarketing_xl.parsing.number_columns import looks_numeric, parse_numbers, plainly
from smarketing_xl.parsing.ranges import as_range
from smarketing_xl.parsing.result import ParseResult
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.parsing.text_columns import (
    distinct,
    formula_like,
    ordinary,
    tidy,
)
from smarketing_xl.schema.convert import DATES, NUMBERS
from smarketing_xl.schema.model import Choices, Column, Kind

MOST_FAULTS = 200  # named one by one in a column; the rest are counted


@dataclass(frozen=True)
class Cells:
    """One column on its way in.

    undecided: why the whole column cannot be read; unsettled: only for
    want of evidence. weak: its order is only likely, the file's others outweigh it. aside: of each
    cell that cannot be read, row, value and reason. ranges: texts such as 11-50 in a column of
    numbers, kept as they are.
    currencies: of amounts, what each cell names.
    """

    name: str
    values: pl.Series
    faults: list[Fault] = field(default_factory=list)
    note: str = ""
    formulas: int = 0
    undecided: Fault | None = None
    unsettled: bool = False
    weak: bool = False
    aside: pl.DataFrame | None = None
    ranges: pl.Series | None = None
    currencies: pl.Series | None = None


@dataclass(frozen=True)
class Context:
    """How the file is to be read, where its records stand, and what its columns look like."""

    mapping: Mapping
    rows: pl.Series
    looks: dict[str, Look] = field(default_factory=dict)

    def form(self, header: str, key: str) -> As | None:
        """How a column is written, where the mapping says so."""
        forms = self.mapping.forms
        return forms.get(fold_words(header)) or forms.get(fold_words(key))


class Look(StrEnum):
    """What the cells of a column are as they stand, so that no more is done than must be."""

    NUMBERS = "numbers as machines write them"
    ORDINARY = "text with nothing special in it"
    OTHER = "anything else"


def cleaned(cells: pl.Series, blanks: Collection[str]) -> tuple[pl.Series, Look, int]:
    """A text column, tidy, with null for what stands for nothing; what it looks like; and how many
    cells said nothing in a word (NULL, N/A).

    blanks: cells, in lower case, that mean nothing was chosen.
    """
    few = distinct(cells)
    if plainly(few):
        look = Look.NUMBERS
    elif ordinary(few):
        look = Look.ORDINARY
    else:
        cells, look = tidy(cells), Look.OTHER
    if blanks:
        none = cells.str.to_lowercase().is_in(list(blanks)).fill_null(False)
        cells = cells.set(none, None)
    worded = 0
    if look is not Look.NUMBERS and few.str.contains(BLANK).any():
        none = cells.str.contains(BLANK).fill_null(False)
        worded, cells = int(none.sum()), cells.set(none, None)
    return cells, look, worded


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
    faults = [
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
        more = format_number(len(at) - MOST_FAULTS)
        message = _("{problem}, in {count} more rows").format(problem=what, count=more)
        faults.append(Fault(message, remedy, column=column))
    return faults


def constant(column: Column, value: object, count: int) -> Callable[[], Cells]:
    """A column of ours that is the same in every row."""
    cells = pl.repeat(str(value), count, dtype=pl.String, eager=True)
    context = Context(Mapping(), pl.zeros(count, pl.Int64, eager=True))
    return ours(column, [cells], _(column.label), context)


def ours(
    column: Column, given: list[pl.Series], header: str, context: Context, joined: bool = True
) -> Callable[[], Cells]:
    """A column of ours, from one or more of theirs: joined, or of each row the first filled."""

    def read() -> Cells:
        if column.choices:
            return _entries(column.key, given, column.choices, header, context)
        cells = _joined(given) if joined else _first_filled(given)
        if meanings := context.mapping.values.get(column.key):
            cells = _renamed(as_text(cells), meanings)
        if column.kind in NUMBERS:
            return _typed(column, cells, header, context, pl.Float64())
        if column.kind in DATES:
            return _typed(column, cells, header, context, pl.Datetime("us"))
        simple = len(given) == 1 and context.looks.get(header, Look.OTHER) is not Look.OTHER
        text = cells if simple else tidy(as_text(cells))
        formulas = 0 if simple else formula_like(text)
        if column.key == "email":
            text = text.str.to_lowercase()
        return Cells(column.key, text, formulas=formulas)

    return read


def _first_filled(given: list[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([as_text(cells).alias(str(at)) for at, cells in enumerate(given)])
    return frame.select(pl.coalesce(pl.all())).to_series()


def _renamed(cells: pl.Series, meanings: dict[str, str]) -> pl.Series:
    """Cells by what the mapping says that they mean; "*" is any other that is filled."""
    known = {
        one: meanings.get(one.lower(), meanings.get("*", one))
        for one in cells.drop_nulls().unique()
    }
    return cells.replace_strict(known, default=None, return_dtype=pl.String)


def _joined(given: list[pl.Series]) -> pl.Series:
    if len(given) == 1:
        return given[0]
    frame = pl.DataFrame([cells.alias(str(at)) for at, cells in enumerate(given)])
    joined = pl.concat_str(pl.all().cast(pl.String), separator=" ", ignore_nulls=True)
    return tidy(frame.select(joined.alias("joined")).to_series())


def _typed(
    column: Column, cells: pl.Series, header: str, context: Context, kind: pl.DataType
) -> Cells:
    if cells.dtype == pl.String:
        reading = _read(cells, column.kind, context.form(header, column.key), context.mapping.read)
    else:
        reading = _as_is(cells, kind)
    name = f"{_(column.label)} ({header})" if header != _(column.label) else header
    values = reading.values.cast(kind)
    if column.kind is Kind.DATE:
        values = values.dt.truncate("1d")
    if reading.ambiguous:
        undecided = _undecided(reading.ambiguous, column, header)
        unsettled = reading.unsettled
        return Cells(column.key, values, undecided=undecided, unsettled=unsettled)
    what, remedy = (
        (_("is not a date"), _("Correct it in the file, or leave it blank"))
        if column.kind in DATES
        else (_("is not a number"), _("Correct it in the file, or leave it blank"))
    )
    bad, ranges = reading.bad, None
    if column.kind in NUMBERS and cells.dtype == pl.String and bad.any():
        written = {cell: cell for cell in cells.filter(bad).unique() if as_range(cell)}
        if written:
            ranges = cells.replace_strict(written, default=None, return_dtype=pl.String)
            ranges, bad = ranges.set(~bad, None), bad & ranges.is_null()
    faults = listed(bad, context.rows, what, remedy, name, cells)
    aside = _aside(bad, context.rows, cells, what)
    return Cells(
        column.key,
        values,
        faults,
        reading.note,
        aside=aside,
        ranges=ranges,
        currencies=reading.currencies,
        weak=reading.weak,
    )


def _aside(bad: pl.Series, rows: pl.Series, cells: pl.Series, why: str) -> pl.DataFrame | None:
    if not bad.any():
        return None
    given = as_text(cells).filter(bad).cast(pl.String)
    return pl.DataFrame({"row": rows.filter(bad), "value": given}).with_columns(reason=pl.lit(why))


def _undecided(why: str, column: Column, header: str) -> Fault:
    choice = (
        f'"{header}" = "day first" | "month first"'
        if column.kind in DATES
        else f'"{header}" = "decimal comma" | "decimal point"'
    )
    return Fault(
        _("The column can be read in two ways: {why}").format(why=why),
        _("Say which in the mapping, under [as]: {choice}").format(choice=choice),
        column=header,
    )


def _read(cells: pl.Series, kind: Kind, form: As | None, layout: Layout) -> ParseResult:
    if kind in DATES:
        order = form if form in ("day first", "month first") else layout.dates
        return parse_dates(cells, order, months=kind is Kind.MONTH, zone=layout.zone)
    decimals: dict[str | None, Any] = {"decimal comma": ",", "decimal point": "."}
    mark = decimals.get(form, layout.decimal)
    return parse_numbers(cells, mark, money=kind is Kind.MONEY, whole=kind is Kind.WHOLE)


def _as_is(cells: pl.Series, kind: pl.DataType) -> ParseResult:
    """A column whose file knew its type."""
    if kind.is_numeric() == cells.dtype.is_numeric() and cells.dtype != pl.Boolean:
        naive = cells
        if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone:
            naive = cells.dt.replace_time_zone(None)
        values = naive.cast(kind, strict=False)
        return ParseResult(values, cells.is_not_null() & values.is_null())
    return ParseResult(pl.repeat(None, len(cells), dtype=kind, eager=True), cells.is_not_null())


def _entries(
    key: str, given: list[pl.Series], choices: Choices, header: str, context: Context
) -> Cells:
    """Entries of a closed list, by their labels in any language or by the mapping's [values].

    Of several columns each row's first that is filled counts; one that was won is won, whatever
    another column says (a customer whose lead status was never changed).
    """
    read = [_entries_of(key, cells, choices, header, context) for cells in given]
    if len(read) == 1:
        return read[0]
    frame = pl.DataFrame([cells.values.alias(str(at)) for at, cells in enumerate(read)])
    won = pl.any_horizontal(pl.all() == "won").fill_null(False)
    values = frame.select(pl.when(won).then(pl.lit("won")).otherwise(pl.coalesce(pl.all())))
    faults = [fault for cells in read for fault in cells.faults]
    asides = [cells.aside for cells in read if cells.aside is not None]
    whole = pl.concat(asides) if asides else None
    return Cells(key, values.to_series(), faults, aside=whole)


def _entries_of(
    key: str, cells: pl.Series, choices: Choices, header: str, context: Context
) -> Cells:
    meanings = context.mapping.values.get(key, {})
    known = choices.known()
    text = as_text(cells).str.to_lowercase()
    distinct = text.drop_nulls().unique().to_list()
    entries = {one: meanings.get(one) or known.get(one) or meanings.get("*") for one in distinct}
    values = text.replace_strict(entries, default=None, return_dtype=pl.String)
    labels = ", ".join(choices.labels)
    faults = [
        Fault(
            _("The entry is not in our list, in {count} rows").format(
                count=format_number((text == one).sum())
            ),
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
    bad = text.is_not_null() & ~values.is_in(list(choices.labels)).fill_null(False)
    aside = _aside(bad, context.rows, cells, _("is not in the list"))
    values = values.set(bad, None)
    return Cells(key, values, faults, aside=aside)


def theirs(name: str, cells: pl.Series, context: Context) -> Callable[[], Cells]:
    """A column of the user's own: numbers and dates where all of it is so, beyond doubt."""

    def read() -> Cells:
        if cells.dtype != pl.String:
            return Cells(name, _plain(cells))
        form, look = context.form(name, name), context.looks.get(cells.name, Look.OTHER)
        if form is None and look is Look.NUMBERS and context.mapping.read.decimal != ",":
            return Cells(name, cells.cast(pl.Float64))
        if form == "list":
            return Cells(name, _list(cells))
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
                    return Cells(name, reading.values, note=reading.note)
                reason = reading.ambiguous
                if len(reading.mixed) > 1:
                    mixes = _("it mixes currencies: {signs}")
                    reason = mixes.format(signs=", ".join(reading.mixed))
                if reason:
                    why = _("kept as text: {why}").format(why=reason)
                    return Cells(name, cells, note=why)
        if look is Look.ORDINARY:
            return Cells(name, cells)
        if _is_list(cells):
            return Cells(name, _list(cells), note=_("several entries a cell"))
        return Cells(name, cells, formulas=formula_like(cells))

    return read


def _plain(cells: pl.Series) -> pl.Series:
    kind = cells.dtype
    if kind.is_numeric():
        return cells.cast(pl.Float64)
    if isinstance(kind, pl.Datetime | pl.Date):
        return _as_is(cells, pl.Datetime("us")).values
    return cells if kind == pl.Boolean else tidy(as_text(cells))


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
