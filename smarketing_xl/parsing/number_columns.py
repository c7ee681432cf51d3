"""Whole columns of numbers, by the grammar of `numbers`: one mark begins the decimals of all."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from smarketing_xl.blanks import BLANK, DASHES
from smarketing_xl.i18n import _
from smarketing_xl.parsing.money import SIGN, THOUSANDTHS, currency, one_currency
from smarketing_xl.parsing.numbers import (
    MANY,
    PROVES,
    SHAPE,
    STEPS,
    TIMES,
    UNCLEAR,
    DecimalMark,
)
from smarketing_xl.parsing.result import ParseResult
from smarketing_xl.parsing.text_columns import distinct

_PLAIN = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$"
_MACHINE = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?$"
_LOOK = 300
_WHOLE = r"^[+-]?[0-9]+$"
_OUTWEIGHS = 3  # so many cells prove one mark for each that proves the other: that one is a slip


def plainly(cells: pl.Series) -> bool:
    """Whether a column is of numbers as machines write them, and not of codes.

    >>> [plainly(pl.Series([text])) for text in ("12", "-0.5", "0012", "1.234")]
    [True, True, False, False]
    """
    return (
        _all(cells.head(_LOOK), _MACHINE)
        and cells.null_count() < len(cells)
        and _all(cells, _MACHINE)
    )


def parse_numbers(
    cells: pl.Series,
    decimal: DecimalMark | None = None,
    *,
    money: bool = False,
    whole: bool = False,
) -> ParseResult:
    """A text column as floats; a percentage becomes its share (45 % is 0.45).

    decimal: what begins the decimals; found from the whole column where not given. Money has no
    thousandths, so that 45.000 € tells as much as 1.234.567. A cell against what the others settle
    is bad; a column of which every value could be meant both ways (1.234 alone) is ambiguous; so is
    one with evidence for both. A dash is a blank. money: the column is of amounts, also where a
    cell names no currency: once the mark of decimals is settled, three of them are bad.
    whole: of whole numbers, so that 1.234 is a thousand.

    >>> parse_numbers(pl.Series(["1.234,50 €", "7 €", "(2,5) €"])).values.to_list()
    [1234.5, 7.0, -2.5]
    >>> parse_numbers(pl.Series(["1.234", "2.500"])).ambiguous
    '1.234 could be 1234 or 1.234'
    """
    few = distinct(cells)
    if len(few) * 4 < len(cells):
        return _spread(parse_numbers(few, decimal, money=money, whole=whole), few, cells)
    if decimal != "," and _all(cells, _PLAIN):
        return ParseResult(
            cells.cast(pl.Float64), pl.zeros(len(cells), pl.Int8, eager=True).cast(bool)
        )
    given = cells.is_not_null() & ~cells.str.strip_chars().is_in(list(DASHES)).fill_null(False)
    given &= ~cells.str.contains(BLANK).fill_null(False)
    if _all(cells, _WHOLE):
        values = cells.str.strip_prefix("+").cast(pl.Float64, strict=False)
        return ParseResult(values, given & values.is_null())
    bare = cells
    for pattern, stays in STEPS[:2]:
        bare = bare.str.replace_all(pattern, stays)
    currencies, signs = _currencies(bare)
    for pattern, stays in STEPS[2:]:
        bare = bare.str.replace(pattern, stays)
    percent = bare.str.ends_with("%").fill_null(False)
    bare = bare.str.strip_suffix("%")
    times = bare.str.extract(TIMES, 2)
    bare = bare.str.replace(TIMES, "${1}")
    unclear = bare.str.contains(UNCLEAR).fill_null(False)
    cents = currencies.is_not_null() & ~currencies.is_in(list(THOUSANDTHS)).fill_null(False)
    weak = unclear if whole else unclear & cents
    mark, ambiguous = (decimal, "") if decimal else _decimal(bare, weak)
    odd = unclear if money and not ambiguous and not decimal else weak.fill_null(False)
    against = odd & bare.str.contains(mark, literal=True)
    fits = bare.str.contains(SHAPE[mark]).fill_null(False) & ~against
    plain = bare.str.replace_all("." if mark == "," else ",", "", literal=True)
    values = (
        plain.set(~fits, None).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    if percent.any():
        values = values.zip_with(~percent, values / 100)
    if times.is_not_null().any():
        values = values * times.replace_strict(MANY, default=None).fill_null(1.0)
    note = _note(bare, mark, signs, percent)
    proved = bare.str.contains(f"{PROVES[',']}|{PROVES['.']}").any()
    unsettled = bool(ambiguous) and not proved
    return ParseResult(values, given & values.is_null(), note, ambiguous, currencies, unsettled)


def _spread(reading: ParseResult, few: pl.Series, cells: pl.Series) -> ParseResult:
    """What was read from a column's different cells, for every cell."""
    there = few.is_not_null()
    old = few.filter(there)

    def each(values: pl.Series, kind: pl.DataType, otherwise: bool | None) -> pl.Series:
        return cells.replace_strict(old, values.filter(there), default=otherwise, return_dtype=kind)

    money = reading.currencies
    return replace(
        reading,
        values=each(reading.values, pl.Float64(), None),
        bad=each(reading.bad, pl.Boolean(), False),
        currencies=None if money is None else each(money, pl.String(), None),
    )


def looks_numeric(cells: pl.Series) -> bool:
    """Whether a column is of amounts, not of codes: no leading zeros, no endless digits, no Q1."""
    return _all(
        cells, r"^[^\p{L}]*[0-9][^\p{L}]*$|^\D{1,5}[0-9][0-9.,\s]*$|^[0-9.,\s]*[0-9]\D{1,5}$"
    ) and not bool(
        cells.str.contains(
            r"^\s*[+-]?0[0-9]|[0-9]{16}|^\+|[0-9][-/:–][0-9]|[0-9]\s+[0-9]{1,2}\b|"
            r"^\p{L}{1,3}[0-9]+$|[0-9]\s*[a-zA-Z]{1,2}$"
        ).any()
    )


def _all(cells: pl.Series, pattern: str) -> bool:
    return bool(cells.str.contains(pattern).all())  # nulls are passed over


def _currencies(cells: pl.Series) -> tuple[pl.Series, set[str]]:
    """The currency of each cell, null where it names none; and all of them."""
    some = cells.str.contains(SIGN).fill_null(False)
    if not some.any():
        return pl.repeat(None, len(cells), dtype=pl.String, eager=True), set()
    signs_of_cell = cells.str.extract_all(SIGN).list.unique().list.sort().list.join(" ")
    every = signs_of_cell.filter(some).unique().to_list()
    each = {signs: _named(signs) for signs in every}
    money = signs_of_cell.replace_strict(each, default=None, return_dtype=pl.String)
    return money, one_currency({name for names in each.values() for name in names.split("/")})


def _named(signs: str) -> str:
    return "/".join(sorted(one_currency(set(map(currency, signs.split())))))


def _decimal(bare: pl.Series, weak: pl.Series) -> tuple[DecimalMark, str]:
    """What begins the decimals, and why that cannot be known."""
    comma = bare.str.contains(PROVES[","]).fill_null(False)
    point = bare.str.contains(PROVES["."]).fill_null(False)
    if not comma.any() and not point.any():
        comma = weak & bare.str.contains(".", literal=True)
        point = weak & bare.str.contains(",", literal=True)
    commas, points = int(comma.sum()), int(point.sum())
    if commas and points and max(commas, points) < _OUTWEIGHS * min(commas, points):
        examples = (bare.filter(comma)[0], bare.filter(point)[0])
        return ".", _("it has both {one} and {other}").format(one=examples[0], other=examples[1])
    if commas or points:
        return ("," if commas > points else "."), ""
    unclear = bare.filter(bare.str.contains(r"^[+-]?[0-9]{1,3}[.,][0-9]{3}$").fill_null(False))
    if unclear.is_empty():
        return ".", ""
    shown = str(unclear[0])
    return ".", _("{value} could be {whole} or {broken}").format(
        value=shown, whole=shown.replace(".", "").replace(",", ""), broken=shown.replace(",", ".")
    )


def _note(bare: pl.Series, decimal: DecimalMark, signs: set[str], percent: pl.Series) -> str:
    notes = []
    if bare.str.contains(decimal, literal=True).any():
        notes.append(_("decimal comma") if decimal == "," else _("decimal point"))
    if bare.str.contains("." if decimal == "," else ",", literal=True).any():
        notes.append(_("thousands separated"))
    if percent.any():
        notes.append(_("percentages"))
    return ", ".join([*notes, *sorted(signs)])
