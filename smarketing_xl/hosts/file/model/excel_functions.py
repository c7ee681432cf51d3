"""Excel's own functions where the calculation engine answers otherwise than Excel does.

The engine takes the first cell of an array where GAMMALN, GAMMADIST, EXP or ROW are given one, and
writes FIXED as English does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import formualizer as fz

from smarketing_xl.a1.formulas import tokens
from smarketing_xl.i18n import Language, separated, speaking

_IN_COLUMN = re.compile(r"INDEX\(\(?(?:'[^']*'!|\w+!)?(\$?[A-Z]{1,3}):\1\)?,(.*)\)", re.S)


def corrections(language: Language) -> dict[str, Callable[..., Any]]:
    """Functions to be registered in the place of the engine's, by name."""

    def fixed(number: float, decimals: float = 2, plain: bool = False) -> str:
        last = Decimal(1).scaleb(-int(decimals))
        shown = Decimal(str(number)).quantize(last, ROUND_HALF_UP)
        with speaking(language):
            return separated(f"{shown:f}" if plain else f"{shown:,f}")

    return {
        "FIXED": fixed,
        "GAMMALN": _over_arrays(_log_gamma),
        "GAMMADIST": _gamma_distribution,
        "EXP": _over_arrays(math.exp),
    }


def row_numbers(formula: str) -> str:
    """A formula in which the row numbers of a span of cells are counted.

    >>> row_numbers("SUM(ROW(INDEX(A:A,2):INDEX(A:A,B1)))")
    'SUM(SEQUENCE((B1)-(2)+1,1,(2)))'
    """
    if "ROW(" not in formula.upper():
        return formula
    pieces = list(tokens(formula))
    out: list[str] = []
    at = 0
    while at < len(pieces):
        kind, text = pieces[at]
        span = _span(pieces, at) if kind == "call" and text.upper() == "ROW(" else None
        if span is None:
            out.append(text)
            at += 1
        else:
            first, last, at = span
            out.append(f"SEQUENCE({_row(last)}-{_row(first)}+1,1,{_row(first)})")
    return "".join(out)


def _row(cell: str) -> str:
    """The row of a cell; the engine finds none in a column where nothing is filled."""
    match = _IN_COLUMN.fullmatch(cell)
    return f"({match[2]})" if match else f"ROW({cell})"


def _span(pieces: list[tuple[str, str]], call: int) -> tuple[str, str, int] | None:
    """Both ends of `first:last` inside a call, and the place after it; None where it is no span."""
    depth, colon = 0, None
    for at in range(call, len(pieces)):
        kind, text = pieces[at]
        opens = kind == "call" or (kind == "other" and text == "(")
        closes = kind == "end" or (kind == "other" and text == ")")
        depth += opens - closes
        if depth == 1 and text == ":":
            colon = at
        if depth == 0:
            if colon is None:
                return None
            first, last = pieces[call + 1 : colon], pieces[colon + 1 : at]
            return "".join(it[1] for it in first), "".join(it[1] for it in last), at + 1
    return None


def _log_gamma(number: float) -> float:
    if number <= 0:
        raise ValueError(number)
    return math.lgamma(number)


def _gamma_distribution(x: Any, shapes: Any, scale: Any, _cumulative: bool) -> Any:
    """GAMMADIST of a number for one shape or rows of them."""
    from scipy.special import gammainc

    def below(shape: float) -> float:
        if shape <= 0 or scale <= 0 or x < 0:
            raise ValueError(shape)
        return float(gammainc(shape, x / scale))

    return _over_arrays(below)(shapes)


def _over_arrays(rule: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of one number, for a number or rows of them."""

    def cell(value: Any) -> Any:
        if isinstance(value, dict):  # an error on its way
            return fz.LiteralValue.error(value.get("kind", "Value"), None)
        try:
            number = float(value or 0)
        except (TypeError, ValueError):
            return fz.LiteralValue.error("Value", None)
        try:
            return rule(number)
        except (ArithmeticError, ValueError):
            return fz.LiteralValue.error("Num", None)

    def function(value: Any) -> Any:
        if isinstance(value, list):
            return [[cell(each) for each in row] for row in value]
        return cell(value)

    return function
