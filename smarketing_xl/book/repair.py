"""Mending what Check workbook finds, as far as one can know what was meant.

Cells are mended as any fill writes them, so that Undo takes it back; headers and rows below a
table are put right first. What could be meant two ways is left to people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl.book import check, read
from smarketing_xl.book.read import TablePlace
from smarketing_xl.book.recover_tables import restorations
from smarketing_xl.book.write import Change, Columns
from smarketing_xl.i18n import (
    Language,
    _,
    format_number,
    format_percent,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import (
    DATES,
    NUMBERS,
    cells,
    typed,
)
from smarketing_xl.schema.model import Column, Kind
from smarketing_xl.schema.named_cells import GOALS


@dataclass
class Repairs:
    """What would be done, in words; the steps that do it; the cells it would change."""

    said: list[str] = field(default_factory=list)
    steps: list[Callable[[], object]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def proposed_repairs(book: xw.Book) -> Repairs:
    """Everything that can be mended; changes nothing."""
    found = Repairs()
    spoken = read.language(book)
    for said, step in restorations(book):
        found.said.append(said)
        found.steps.append(step)
    for table in tables.TABLES:
        for place in check.there(book, table):
            _headers(place, spoken, found)
            _rows_below(place, found)
            _cells(place, spoken, found)
    _shares_of_the_year(book, found)
    _quota(book, found)
    return found


# --- headers and rows ---------------------------------------------------------------------------


def _headers(place: TablePlace, spoken: Language, found: Repairs) -> None:
    """A strange header where one of ours should stand, between the same neighbours."""
    keys = {offset: key for key, offset in place.offsets.items()}
    ours = place.table.keys
    for at, key in enumerate(ours):
        if key in place.offsets:
            continue
        before = place.offsets.get(ours[at - 1], -1) if at else -1
        offset = before + 1
        after = keys.get(offset + 1)
        last = at + 1 == len(ours)
        strange = keys.get(offset) not in ours and offset < len(place.headers)
        if (at and before < 0) or not strange or not (last or after == ours[at + 1]):
            continue
        title = place.table[key].title(spoken)
        header = place.block(-1, offset, 1, 1)
        found.said.append(
            _("{sheet}: the header {old} becomes {title} again").format(
                sheet=place.sheet.name, old=place.headers[offset], title=title
            )
        )
        found.steps.append(partial(setattr, header, "value", title))


def _rows_below(place: TablePlace, found: Repairs) -> None:
    rows = check.rows_below(place)
    width = len(place.headers)
    if not rows:
        return
    block = place.block(place.height - 1, 0, rows, width)
    corner = (place.top + place.height - 1 + rows, place.left + width - 1)
    area = place.sheet.range((place.top, place.left), corner)

    def take_in() -> None:  # lifted meanwhile: a file's table grows over nothing
        held = block.options(ndim=2).value
        block.clear_contents()
        place.live.resize(area)
        block.value = held

    if _holds_formulas(block):
        return
    said = _("{sheet}: the {count} rows below become part of the table {name}")
    found.said.append(
        said.format(sheet=place.sheet.name, count=format_number(rows), name=place.table.name)
    )
    found.steps.append(take_in)


def _holds_formulas(block: xw.Range) -> bool:
    formulas = block.formula if block.count > 1 else ((block.formula,),)
    values = block.options(ndim=2).value
    return any(
        str(formula).startswith("=") and formula != value
        for row, shown in zip(formulas, values, strict=True)
        for formula, value in zip(row, shown, strict=True)
    )


# --- cells --------------------------------------------------------------------------------------


def _cells(place: TablePlace, spoken: Language, found: Repairs) -> None:
    raw = read.raw_frame(place)
    for column in place.table:
        if column.key not in raw or column.ours or column.formula:
            continue
        meant = _meant(raw[column.key], column, spoken)
        if meant.empty:
            continue
        found.changes.append(Columns(place.table, meant.to_frame(column.key)))
        shown = cells(meant, column, spoken)
        found.said += [
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
    if parsed.ambiguous and spoken != "es":
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


def _shares_of_the_year(book: xw.Book, found: Repairs) -> None:
    for place in check.there(book, tables.PLAN):
        raw = read.raw_frame(place)
        if "share" not in raw:
            return
        shares, bad = typed(raw["share"], tables.PLAN["share"])
        total = shares.sum()
        sound = not bad.any() and shares.between(0, 1).all()
        if not sound or total <= 0 or check.makes_a_year(total):
            return
        found.changes.append(Columns(tables.PLAN, (shares / total).to_frame("share")))
        found.said.append(
            _("{sheet}: the shares of the year are scaled from {sum} to 100 %").format(
                sheet=place.sheet.name, sum=format_percent(total, 1)
            )
        )


def _quota(book: xw.Book, found: Repairs) -> None:
    if not check.goes_in_circles(book, "quota"):
        return
    cell = next(cell for cell in GOALS if cell.name == "quota")
    place = read.named_range(book, "quota")
    found.said.append(
        _("{sheet}: the quota is again last year's sales with the growth target").format(
            sheet=place.sheet.name
        )
    )
    found.steps.append(partial(setattr, place, "formula", cell.formula))


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    return str(cell)
