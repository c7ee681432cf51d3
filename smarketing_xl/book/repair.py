"""Mending what Check workbook finds, as far as one can know what was meant.

Cells are mended as any fill writes them, so that Undo takes it back; headers and rows below a
table are put right first. What could be meant two ways is left to people.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl.book import check, read
from smarketing_xl.book.named import declared_content
from smarketing_xl.book.read import TablePlace
from smarketing_xl.book.recover_names import put_back_names
from smarketing_xl.book.recover_tables import restorations
from smarketing_xl.book.write import Change, Columns
from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import (
    Language,
    _,
    format_number,
    format_percent,
    is_day_first,
    speaking,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import (
    DATES,
    NUMBERS,
    cells,
    typed,
)
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.named_cells import GOALS

_NAMELESS = re.compile(r"(?:Column\d+|Columna\d+|)")  # what Excel calls a column without a name


@dataclass
class Repairs:
    """What would be done, in words; the steps that do it; the cells it would change."""

    messages: list[str] = field(default_factory=list)
    steps: list[Callable[[], object]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def proposed_repairs(book: xw.Book) -> Repairs:
    """Everything that can be mended; changes nothing."""
    repairs = Repairs()
    spoken = read.language(book)
    for message, step in (*restorations(book), *put_back_names(book)):
        repairs.messages.append(message)
        repairs.steps.append(step)
    for table in tables.TABLES:
        for place in _standing(book, table):
            _headers(place, spoken, repairs)
            _rows_below(place, repairs)
            _cells(place, spoken, repairs)
    _shares_of_the_year(book, repairs)
    _quota(book, repairs)
    return repairs


def _standing(book: xw.Book, table: Table) -> list[TablePlace]:
    """The place of a table, or none where it is gone or shows no headers."""
    try:
        return [read.find_table(book, table)]
    except WorkbookError:
        return []


# --- headers and rows ---------------------------------------------------------------------------


def _headers(place: TablePlace, spoken: Language, repairs: Repairs) -> None:
    """Strange headers where ours should stand: as many of them, between the same neighbours."""
    for keys, offsets in _gaps(place):
        if len(keys) != len(offsets):
            continue
        for key, offset in zip(keys, offsets, strict=True):
            title = place.table[key].title(spoken)
            header = place.block(-1, offset, 1, 1)
            repairs.messages.append(
                _("{sheet}: the header {old} becomes {title} again").format(
                    sheet=place.sheet.name, old=place.headers[offset] or "—", title=title
                )
            )
            repairs.steps.append(partial(setattr, header, "value", title))


def _gaps(place: TablePlace) -> Iterator[tuple[list[str], list[int]]]:
    """Between columns that stand as declared: the keys missing there, the strange columns there."""
    known = {offset: key for key, offset in place.offsets.items() if key in place.table.keys}
    missing: list[str] = []
    left = -1
    for key in [*place.table.keys, None]:
        right = place.offsets.get(key) if key else len(place.headers)
        if key and right is None:
            missing.append(key)
            continue
        assert right is not None
        strange = [offset for offset in range(left + 1, right) if offset not in known]
        if key is None and place.table.open:  # people's own columns stand behind ours
            strange = [at for at in strange if _NAMELESS.fullmatch(place.headers[at].strip())]
        if missing and right > left:
            yield missing, strange
        missing, left = [], right


def _rows_below(place: TablePlace, repairs: Repairs) -> None:
    """Any fill takes them in (see `write.take_in`), this one too."""
    if place.pasted:
        message = _("{sheet}: the {count} rows below become part of the table {name}")
        count = format_number(place.pasted)
        repairs.messages.append(
            message.format(sheet=place.sheet.name, count=count, name=place.table.name)
        )


# --- cells --------------------------------------------------------------------------------------


def _cells(place: TablePlace, spoken: Language, repairs: Repairs) -> None:
    raw = read.raw_frame(place)
    for column in place.table:
        if column.key not in raw or column.ours or column.formula:
            continue
        meant = _meant(raw[column.key], column, spoken)
        if meant.empty:
            continue
        repairs.changes.append(Columns(place.table, meant.to_frame(column.key)))
        shown = cells(meant, column, spoken)
        repairs.messages += [
            _("{sheet}, row {row}, {column}: {old} becomes {new}").format(
                sheet=place.sheet.name,
                row=row,
                column=column.title(spoken),
                old=_text(raw.at[row, column.key]),
                new=_text(new),
            )
            for row, new in zip(meant.index, shown, strict=True)
        ]


def _meant(raw: pd.Series[Any], column: Column, spoken: Language) -> pd.Series[Any]:
    """The cells of a column that hold what it cannot, as what they were meant to be."""
    good, bad = typed(raw, column)
    if column.kind in NUMBERS:
        meant = _numbers(raw[bad], column.kind)
        if column.kind is Kind.SHARE:
            hundredths = good[(good > 1) & (good <= 100)] / 100
            meant = pd.concat([meant[meant.between(0, 1)], hundredths])
        return meant.sort_index()
    if column.kind in DATES:
        wrong = good[(good < check.EARLIEST) | (good > check.LATEST)]
        sound = good.drop(wrong.index).dropna()
        parsed: pd.Series[Any] = pd.concat([_dates(raw[bad], spoken), _years(wrong, sound)])
        return parsed.sort_index()
    return pd.Series(dtype=object)


def _numbers(texts: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    """Texts as the numbers they were meant to be, read as an import reads a column.

    Nothing where the column can be read in two ways, of what contradicts the rest, of a share
    among amounts, or of another currency than most name.
    """
    import polars as pl

    from smarketing_xl.parsing.number_columns import parse_numbers

    if texts.empty:
        return pd.Series(dtype="float64")
    money = kind is Kind.MONEY
    parsed = parse_numbers(
        pl.Series(texts.astype(str).tolist()), money=money, whole=kind is Kind.WHOLE
    )
    values: pd.Series[Any] = pd.Series(parsed.values.to_list(), texts.index, dtype="float64")
    if parsed.ambiguous:
        return values.iloc[:0]
    if money:
        values = values[~texts.astype(str).str.contains("%")]
    if len(parsed.mixed) > 1 and parsed.currencies is not None:
        named = pd.Series(parsed.currencies.to_list(), texts.index, dtype=object)
        usual = named.value_counts().index[0]
        values = values[(named.isna() | (named == usual)).reindex(values.index)]
    return values.dropna()


def _dates(texts: pd.Series[Any], spoken: Language) -> pd.Series[Any]:
    import polars as pl

    from smarketing_xl.parsing.date_columns import parse_dates

    if texts.empty:
        return pd.Series(dtype="datetime64[us]")
    parsed = parse_dates(pl.Series(texts.astype(str).tolist()))
    with speaking(spoken):
        if parsed.ambiguous and not is_day_first():
            return pd.Series(dtype="datetime64[us]")
    values: pd.Series[Any] = pd.Series(parsed.values.to_list(), texts.index, dtype="datetime64[us]")
    return values.dropna()


def _years(wrong: pd.Series[Any], sound: pd.Series[Any]) -> pd.Series[Any]:
    """Dates with the one year, of the same digits or another century, that the others allow."""
    if wrong.empty or sound.empty:
        return pd.Series(dtype="datetime64[us]")
    years = range(sound.min().year - 1, sound.max().year + 2)
    meant = {}
    for row, date in wrong.items():
        digits = f"{date.year:04}"
        shuffled = {int("".join(order)) for order in permutations(digits)}
        fits = [year for year in years if year in shuffled or year % 100 == date.year % 100]
        if len(fits) == 1:
            meant[row] = date + pd.DateOffset(year=fits[0])
    return pd.Series(meant, dtype="datetime64[us]")


# --- goals --------------------------------------------------------------------------------------


def _shares_of_the_year(book: xw.Book, repairs: Repairs) -> None:
    for place in _standing(book, tables.PLAN):
        raw = read.raw_frame(place)
        if "share" not in raw:
            return
        shares, bad = typed(raw["share"], tables.PLAN["share"])
        total = shares.sum()
        sound = not bad.any() and shares.between(0, 1).all()
        if not sound or total <= 0 or check.makes_a_year(total):
            return
        repairs.changes.append(Columns(tables.PLAN, (shares / total).to_frame("share")))
        repairs.messages.append(
            _("{sheet}: the shares of the year are scaled from {sum} to 100 %").format(
                sheet=place.sheet.name, sum=format_percent(total, 1)
            )
        )


def _quota(book: xw.Book, repairs: Repairs) -> None:
    try:
        if not check.goes_in_circles(book, "quota"):
            return
    except WorkbookError:  # a name is gone: that is mended first
        return
    cell = next(cell for cell in GOALS if cell.name == "quota")
    place = read.named_range(book, "quota")
    repairs.messages.append(
        _("{sheet}: the quota is again last year's sales with the growth target").format(
            sheet=place.sheet.name
        )
    )
    repairs.steps.append(partial(setattr, place, "formula", declared_content(book, cell)))


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    return str(cell)
