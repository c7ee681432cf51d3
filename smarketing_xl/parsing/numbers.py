"""Numbers as people write them, and the one grammar of them: 1.234,50 €; B/. 12; (12); 45 %.

A single cell is read here; a whole column, by the same grammar, in `number_columns`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from smarketing_xl.blanks import is_blank
from smarketing_xl.i18n import decimal_sign
from smarketing_xl.parsing.money import SIGN, THOUSANDTHS, currency, one_currency

DecimalMark = Literal[",", "."]

# what is taken away before the digits are looked at, in this order: (pattern, what stays)
SPACES = r"[\s\u00a0\u202f\u2009'’`]"
MINUS = "[\u2212\u2012\u2013]"
STEPS = (
    (SPACES, ""),
    (MINUS, "-"),
    (rf"^({SIGN}*)\((.*)\)({SIGN}*)$", "-${1}${2}${3}"),
    (rf"^([+-]?){SIGN}+([+-]?)", "${1}${2}"),
    (rf"{SIGN}+([+-]?)$", "${1}"),
    (r"^\((.*)\)$", "-${1}"),
    (r"^([^-].*)-$", "-${1}"),
    (rf"^-{SIGN}+", "-"),
)
PERCENT = "%"
TIMES = r"([0-9])(k|K|M|MM)$"
MANY = {"k": 1e3, "K": 1e3, "M": 1e6, "MM": 1e6}
SHAPE: dict[DecimalMark, str] = {
    ".": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.[0-9]*)?|\.[0-9]+)$",
    ",": r"^[+-]?(?:(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3})(?:,[0-9]*)?|,[0-9]+)$",
}
# a value that can be written so only if the comma (the point) begins the decimals
PROVES: dict[DecimalMark, str] = {
    ",": r"^[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})?|"
    r"[0-9]{4,},[0-9]{3}|0,[0-9]{3}|"
    r"[0-9]{1,3}(?:\.[0-9]{3}){2,})$",
    ".": r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})?|"
    r"[0-9]{4,}\.[0-9]{3}|0\.[0-9]{3}|"
    r"[0-9]{1,3}(?:,[0-9]{2,3})+,[0-9]{3})$",
}
UNCLEAR = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"  # a thousand, or three decimals

_STEPS = [
    (re.compile(pattern), stays.replace("${", r"\g<").replace("}", ">")) for pattern, stays in STEPS
]
_SIGN = re.compile(SIGN)
_TIMES = re.compile(TIMES)
_SHAPE = {mark: re.compile(shape) for mark, shape in SHAPE.items()}
_PROVES = {mark: re.compile(shape) for mark, shape in PROVES.items()}
_UNCLEAR = re.compile(UNCLEAR)


def as_number(value: object) -> float | None:
    """A cell as a number; None where it is none, or blank.

    Any number is one, also Excel's Decimal of a currency cell; a truth value is none. Text: point
    or comma decimals, thousands, money before or after, a percentage as its share, (12) and 12-
    as negative. Where one mark could be either ("1,200"), money has no thousandths; else the
    language spoken decides: 1200 in English, 1.2 in Spanish.

    >>> [as_number(text) for text in ("1.200,50", "1,200.50", "0,5", "1,200", "10 %", "ten")]
    [1200.5, 1200.5, 0.5, 1200.0, 0.1, None]
    >>> [as_number(text) for text in ("EUR 50", "R$ 5", "(12)", "1'234", "B/. 1,200", "5k")]
    [50.0, 5.0, -12.0, 1234.0, 1200.0, 5000.0]
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        return float(value)
    if not isinstance(value, str):
        return None
    return _number(value, decimal_sign())


def bare(text: str) -> tuple[str, set[str]]:
    """An amount without its money and spaces, its minus in front; and the currencies it names."""
    for pattern, stays in _STEPS[:2]:
        text = pattern.sub(stays, text)
    signs = {currency(sign) for sign in _SIGN.findall(text)}
    for pattern, stays in _STEPS[2:]:
        text = pattern.sub(stays, text, count=1)
    return text, one_currency(signs)


@lru_cache(maxsize=8192)
def _number(text: str, spoken: DecimalMark) -> float | None:
    if is_blank(text) or not any(map(str.isdigit, text)):
        return None
    digits, signs = bare(text)
    percent = digits.endswith(PERCENT)
    digits = digits.removesuffix(PERCENT)
    times = _TIMES.search(digits)
    digits = digits[: times.start(2)] if times else digits
    mark = _mark(digits, bool(signs) and not signs & THOUSANDTHS, spoken)
    if not _SHAPE[mark].match(digits):
        return None
    number = float(digits.replace("." if mark == "," else ",", "").replace(",", "."))
    if times:
        return number * MANY[times[2]]
    return number / 100 if percent else number


def _mark(digits: str, money: bool, spoken: DecimalMark) -> DecimalMark:
    """What begins the decimals of a number that stands alone."""
    for mark, proof in _PROVES.items():
        if proof.match(digits):
            return mark
    if money and _UNCLEAR.match(digits):
        return "." if "," in digits else ","
    return spoken
