"""A formula as people read it, turned into the text that a file stores.

Excel marks what was not in its first functions: `_xlfn.` before a newer function, `_xlpm.` before
the name of a parameter or of a LET, `_xlop.` where a parameter that may be left out is declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from smarketing_xl.errors import CellError

MOST_CHARACTERS = 8192
"""Of a formula in Excel."""

_NEW = {
    "DROP", "HSTACK", "ISOMITTED", "LAMBDA", "LET", "MAKEARRAY", "MAP", "NORM.S.INV", "REDUCE",
    "SEQUENCE", "SORTBY", "TEXTSPLIT", "TOCOL", "UNIQUE", "VSTACK",
}  # fmt: skip
_NEW_ON_SHEETS = {"FILTER", "SORT"}
_OLD = {
    "ABS", "AND", "CHOOSE", "COLUMNS", "ERROR.TYPE", "EXP", "FIND", "GAMMADIST", "GAMMALN", "IF",
    "IFERROR", "INDEX", "INT", "ISERROR", "ISLOGICAL", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "MATCH",
    "MAX", "MID", "MIN", "MOD", "NOT", "NOW", "OR", "ROUND", "ROUNDUP", "ROWS", "SIGN", "SQRT",
    "SUBSTITUTE", "SUM", "TRANSPOSE", "TRIM",
}  # fmt: skip
_ERRORS = {str(error) for error in CellError}
_LIKE_A_CELL = re.compile(r"[A-Z]{1,3}\d+|R\d*|C\d*|R\d*C\d*", re.IGNORECASE)
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<error>\#[A-Z/0]+[!?A]?)
    |(?P<column>[A-Za-z_]\w*\[[^\]]+\])
    |(?P<optional>\[[a-z_]+\])
    |(?P<number>\d+(?:\.\d+)?(?:E[+-]?\d+)?)
    |(?P<word>[A-Za-z_][\w.]*)
    |(?P<space>\s+)
    |(?P<sign><=|>=|<>|[-+*/^&=<>(),;{}:])""",
    re.VERBOSE,
)


def stored(formula: str) -> str:
    """The text of a file for a formula without its leading `=`.

    Raises ValueError for what Excel would not take: an unknown function, a name that reads like a
    cell, a name that no LAMBDA or LET declares, brackets that do not match, too long a text.

    >>> stored('LAMBDA(a, [whole], LET(b, a + 1, IF(ISOMITTED(whole), b, "a(b)")))')
    '_xlfn.LAMBDA(_xlpm.a,_xlop.whole,_xlfn.LET(_xlpm.b,_xlpm.a+1,IF(_xlfn.ISOMITTED(_xlpm.whole),_xlpm.b,"a(b)")))'
    """
    tokens = _tokens(formula)
    _check_names(tokens)
    out = "".join(
        _marked(kind, text, after)
        for (kind, text), (_kind, after) in zip(tokens, [*tokens[1:], ("", "")], strict=True)
    )
    if len(out) > MOST_CHARACTERS:
        raise ValueError(f"{len(out)} characters: {out[:60]}...")
    return out


def _tokens(formula: str) -> list[tuple[str, str]]:
    tokens, at, depth = [], 0, 0
    while at < len(formula):
        match = _TOKEN.match(formula, at)
        if not match or match.lastgroup is None:
            raise ValueError(f"cannot read {formula[at : at + 20]!r}")
        at = match.end()
        if match.lastgroup != "space":
            tokens.append((match.lastgroup, match[0]))
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth < 0:
            break
    if depth:
        raise ValueError(f"brackets do not match: {formula[:60]}...")
    return tokens


def _check_names(tokens: list[tuple[str, str]]) -> None:
    """Every name is brought in by a LAMBDA or LET around it, and hides no other."""
    calls: list[_Call] = []
    for at, (kind, text) in enumerate(tokens):
        if text in ("(", "{"):
            calls.append(_Call(tokens[at - 1][1] if at else ""))
        elif text in (")", "}"):
            calls.pop()
        elif text in (",", ";"):
            calls[-1].argument += 1
        elif calls and _is_name(tokens, at, calls[-1]):
            name = text.strip("[]")
            if any(name in call.names for call in calls):
                raise ValueError(f"{name} hides another {name}")
            calls[-1].names.add(_possible(name))
        elif kind == "word" and not _is_known(text, tokens[at + 1][1], calls):
            raise ValueError(f"nothing declares {text}")


def _is_known(word: str, after: str, calls: list[_Call]) -> bool:
    function = after == "(" and not word.islower()
    return function or word in ("TRUE", "FALSE") or any(word in it.names for it in calls)


@dataclass
class _Call:
    """A function that is open: which argument comes, and the names that it brought in."""

    function: str
    argument: int = 0
    names: set[str] = field(default_factory=set)


def _is_name(tokens: list[tuple[str, str]], at: int, call: _Call) -> bool:
    if call.function not in ("LAMBDA", "LET"):
        return False
    alone = tokens[at - 1][1] in ("(", ",") and tokens[at + 1][1] == ","
    return (
        alone
        and tokens[at][0] in ("word", "optional")
        and (call.function == "LAMBDA" or call.argument % 2 == 0)
    )


def _marked(kind: str, text: str, after: str) -> str:
    if kind == "optional":
        return f"_xlop.{text[1:-1]}"
    if kind == "error" and text not in _ERRORS:
        raise ValueError(f"{text} is no error of ours")
    if kind != "word":
        return text
    if after == "(" and not text.islower():  # a LAMBDA that a LET names is in small letters
        if text in _NEW:
            return f"_xlfn.{text}"
        if text in _NEW_ON_SHEETS:
            return f"_xlfn._xlws.{text}"
        if text not in _OLD:
            raise ValueError(f"{text} is no function that we use")
        return text
    if text in ("TRUE", "FALSE"):
        return text
    return f"_xlpm.{text}"


def _possible(text: str) -> str:
    if _LIKE_A_CELL.fullmatch(text) or text.upper() in _OLD | _NEW | _NEW_ON_SHEETS:
        raise ValueError(f"{text} reads like a cell or a function")
    return text
