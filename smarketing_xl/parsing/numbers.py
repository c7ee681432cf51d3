"""Numbers as people write them: 1.234,50 €; $1,234.50; (12); 45 %; read from the whole column."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import polars as pl

from smarketing_xl.i18n import _
from smarketing_xl.parsing.result import ParseResult
from smarketing_xl.parsing.text import distinct

Decimal = Literal[",", "."]

_PLAIN = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$"
_MACHINE = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.(?:[0-9]{1,2}|[0-9]{4,}))?$"
_LOOK = 300
_WHOLE = r"^[+-]?[0-9]+$"
_MONEY = (
    r"(?i)^\s*(?:[A-Z]{1,3}\$|\p{Sc}|EUR|USD|GBP|CHF|MXN|BRL|ARS|COP|CLP|PEN|CAD|AUD|INR|JPY)\s*|"
    r"\s*(?:[A-Z]{1,3}\$|\p{Sc}|EUR|USD|GBP|CHF|MXN|BRL|ARS|COP|CLP|PEN|CAD|AUD|INR|JPY)\s*$"
)
_SIGN = r"(?i)([A-Z]{1,3}\$|\p{Sc}|EUR|USD|GBP|CHF|MXN|BRL|ARS|COP|CLP|PEN|CAD|AUD|INR|JPY)"
_SHAPE: dict[Decimal, str] = {
    ".": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.[0-9]*)?|\.[0-9]+)$",
    ",": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3})(?:,[0-9]*)?|,[0-9]+)$",
}
# a value that can be written so only if the comma (the point) begins the decimals
_PROVES: dict[Decimal, str] = {
    ",": r"^[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})?|"
    r"[0-9]{4,},[0-9]{3}|0,[0-9]{3}|"
    r"[0-9]{1,3}(?:\.[0-9]{3}){2,})$",
    ".": r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})?|"
    r"[0-9]{4,}\.[0-9]{3}|0\.[0-9]{3}|"
    r"[0-9]{1,3}(?:,[0-9]{2,3})+,[0-9]{3})$",
}


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


def parse_numbers(cells: pl.Series, decimal: Decimal | None = None) -> ParseResult:
    """A text column as floats; a percentage becomes its share (45 % is 0.45).

    decimal: what begins the decimals; found from the whole column where not given. A column of
    which every value could be meant both ways (1.234 alone) is ambiguous; so is one with evidence
    for both, and one that mixes currencies.

    >>> parse_numbers(pl.Series(["1.234,50 €", "7 €", "(2,5) €"])).values.to_list()
    [1234.5, 7.0, -2.5]
    >>> parse_numbers(pl.Series(["1.234", "2.500"])).ambiguous
    '1.234 could be 1234 or 1.234'
    """
    few = distinct(cells)
    if len(few) * 4 < len(cells):
        return _spread(parse_numbers(few, decimal), few, cells)
    given = cells.is_not_null()
    if decimal != "," and _all(cells, _PLAIN):
        return ParseResult(
            cells.cast(pl.Float64), pl.zeros(len(cells), pl.Int8, eager=True).cast(bool)
        )
    if _all(cells, _WHOLE):
        values = cells.str.strip_prefix("+").cast(pl.Float64, strict=False)
        return ParseResult(values, given & values.is_null())
    signs = _signs(cells)
    bare = cells.str.replace_all(_MONEY, "").str.replace_all(r"[\s\u{a0}\u{202f}'’]", "")
    percent = bare.str.ends_with("%")
    bare = bare.str.strip_suffix("%").str.replace(r"^\((.*)\)$", "-$1")
    bare = bare.str.replace(r"^(.*[0-9])-$", "-$1").str.replace_all("−", "-", literal=True)
    bare = bare.str.replace_all(_MONEY, "").str.replace(r"^-(?:\p{Sc}|[A-Z]{1,3}\$)", "-")
    found, ambiguous = (decimal, "") if decimal else _decimal(bare)
    fits = bare.str.contains(_SHAPE[found]).fill_null(False)
    plain = bare.str.replace_all("." if found == "," else ",", "", literal=True)
    values = (
        plain.set(~fits, None).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    if percent.any():
        values = values.zip_with(~percent.fill_null(False), values / 100)
    if len(signs) > 1:
        ambiguous = _("it mixes currencies: {signs}").format(signs=", ".join(sorted(signs)))
    return ParseResult(
        values, given & values.is_null(), _note(bare, found, signs, percent), ambiguous
    )


def _spread(reading: ParseResult, few: pl.Series, cells: pl.Series) -> ParseResult:
    """What was read from a column's different cells, for every cell."""
    told = few.is_not_null()
    old, values, bad = few.filter(told), reading.values.filter(told), reading.bad.filter(told)
    return replace(
        reading,
        values=cells.replace_strict(old, values, default=None, return_dtype=pl.Float64),
        bad=cells.replace_strict(old, bad, default=False, return_dtype=pl.Boolean),
    )


def looks_numeric(cells: pl.Series) -> bool:
    """Whether a column is of amounts, not of codes: no leading zeros, no endless digits."""
    return _all(
        cells, r"^[^\p{L}]*[0-9][^\p{L}]*$|^\D{1,5}[0-9][0-9.,\s]*$|^[0-9.,\s]*[0-9]\D{1,5}$"
    ) and not bool(
        cells.str.contains(
            r"^\s*[+-]?0[0-9]|[0-9]{16}|^\+|[0-9][-/:][0-9]|[0-9]\s+[0-9]{1,2}\b"
        ).any()
    )


def _all(cells: pl.Series, pattern: str) -> bool:
    return bool(cells.str.contains(pattern).all())  # nulls are passed over


def _signs(cells: pl.Series) -> set[str]:
    if not cells.str.contains(_SIGN).any():
        return set()
    found = cells.str.extract(_SIGN).drop_nulls().unique().to_list()
    names = {"€": "EUR", "$": "USD", "£": "GBP"}
    return {names.get(sign.upper(), sign.upper()) for sign in found}


def _decimal(bare: pl.Series) -> tuple[Decimal, str]:
    """What begins the decimals, and why that cannot be known."""
    comma = bare.str.contains(_PROVES[","])
    point = bare.str.contains(_PROVES["."])
    if comma.any() and point.any():
        examples = (bare.filter(comma.fill_null(False))[0], bare.filter(point.fill_null(False))[0])
        return ".", _("it has both {one} and {other}").format(one=examples[0], other=examples[1])
    if comma.any():
        return ",", ""
    if point.any():
        return ".", ""
    unclear = bare.filter(bare.str.contains(r"^[+-]?[0-9]{1,3}[.,][0-9]{3}$").fill_null(False))
    if unclear.is_empty():
        return ".", ""
    shown = str(unclear[0])
    return ".", _("{value} could be {whole} or {broken}").format(
        value=shown, whole=shown.replace(".", "").replace(",", ""), broken=shown.replace(",", ".")
    )


def _note(bare: pl.Series, decimal: Decimal, signs: set[str], percent: pl.Series) -> str:
    notes = []
    if bare.str.contains(decimal, literal=True).any():
        notes.append(_("decimal comma") if decimal == "," else _("decimal point"))
    if bare.str.contains("." if decimal == "," else ",", literal=True).any():
        notes.append(_("thousands separated"))
    if percent.any():
        notes.append(_("percentages"))
    return ", ".join([*notes, *sorted(signs)])
