"""The text of a formula: its pieces, and how it reads after being copied to another cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from formualizer import Token, Tokenizer, TokenizerError, TokenSubType, TokenType

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Place, letters, number

_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]*)")


def moved(formula: str, origin: Place, to: Place) -> str:
    """A formula as it reads after being copied from one cell to another.

    >>> moved("A1*$B$2+SUM(C:C)", (1, 1), (3, 2))
    'B3*$B$2+SUM(D:D)'
    """
    down, across = to[0] - origin[0], to[1] - origin[1]
    return rewritten(formula, lambda text: _shifted(text, down, across))


def rewritten(formula: str, change: Callable[[str], str]) -> str:
    """A formula with each of its references changed."""
    return "".join(change(text) if kind == "reference" else text for kind, text in tokens(formula))


def _shifted(text: str, down: int, across: int) -> str:
    sheet, mark, corners = text.rpartition("!")
    if "[" in corners:
        return text
    pieces = [
        _shifted_corner(piece, down, across, whole=":" in corners) for piece in corners.split(":")
    ]
    return text if None in pieces else sheet + mark + ":".join(map(str, pieces))


def _shifted_corner(text: str, down: int, across: int, whole: bool) -> str | None:
    cell = _CORNER.fullmatch(text)
    if cell:
        row = int(cell[4]) + (0 if cell[3] else down)
        column = number(cell[2]) + (0 if cell[1] else across)
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
            return "#REF!"
        return f"{cell[1]}{letters(column)}{cell[3]}{row}"
    if not whole:
        return None
    if re.fullmatch(r"\$\w+", text):
        return text
    if text.isdigit():
        return str(int(text) + down)
    if re.fullmatch(r"[A-Za-z]{1,3}", text):
        return letters(number(text) + across)
    return None


@lru_cache(maxsize=8192)
def tokens(formula: str) -> tuple[tuple[str, str], ...]:
    """The pieces of a formula: 'reference', 'call', 'end' of a call, '@', or 'other'."""
    try:
        return tuple((_kind(token), token.value) for token in Tokenizer("=" + formula).tokens())
    except TokenizerError:
        return (("other", formula),)  # no engine will understand it either


def _kind(token: Token) -> str:
    if token.token_type == TokenType.Operand and token.subtype == TokenSubType.Range:
        return "reference"
    if token.token_type == TokenType.Func:
        return "call" if token.subtype == TokenSubType.Open else "end"
    return "@" if token.value == "@" and token.token_type == TokenType.OpPrefix else "other"


def function_name(call: str) -> str:
    """'_xlfn.XLOOKUP(' → 'XLOOKUP'."""
    return call.rstrip("(").upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
