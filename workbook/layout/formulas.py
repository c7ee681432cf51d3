"""Formulas as they are declared, as the workbook holds them, and what they come to.

They are declared with the keys of columns: `[@key]` is this row's cell, `Table[key]` a whole
column. In the workbook the column's label stands there. The value is cached beside the formula, so
that a viewer without Python sees numbers.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from smarketing_xl.errors import CellError
from smarketing_xl.i18n import Language
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables import TABLES

_BY_NAME = {table.name: table for table in TABLES}
_REFERENCE = re.compile(r"\[@(?P<here>\w+)\]|\b(?P<table>[A-Z]\w*)\[(?P<column>\w+)\]")
_CELL = r"\$?[A-Z]{1,3}\$?\d+"
_TOKEN = re.compile(
    rf'(?P<text>"[^"]*")|(?P<reference>{_REFERENCE.pattern})'
    rf"|(?P<cells>{_CELL}(:{_CELL})?\b)|(?P<symbol><>|<=|>=|=|\^)"
)
_PYTHON = {"<>": "!=", "=": "==", "^": "**"}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.BitAnd: lambda left, right: f"{_text(left)}{_text(right)}",
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.USub: operator.neg,
}


def worded(formula: str, language: Language, table: Table | None = None) -> str:
    """The formula as it stands in the file of a language; `table`: where `[@key]` belongs to."""

    def label(found: re.Match[str]) -> str:
        if found["here"] and table:
            return f"{table.name}[[#This Row],[{table[found['here']].title(language)}]]"
        owner = _BY_NAME[found["table"]]
        return f"{owner.name}[{owner[found['column']].title(language)}]"

    return _REFERENCE.sub(label, formula)


def counted(column: str, empty: str, filled: str) -> str:
    """A sentence on how many cells of a column are filled, the number as the reader writes it."""
    count = f"COUNTA({column})"
    return f'=IF({count}=0,"{empty}",FIXED({count},0)&" {filled}")'


def value_of(formula: str, known: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    """What a formula comes to: a value, or the Excel error that its cell shows.

    known: named cells by name, cells under their address, this row's under `@key`, columns as
    lists under `Table[key]`.

    >>> value_of("=quota*[@share]", {"quota": 1200, "@share": 0.5}, {})
    600.0
    >>> value_of('=IF(quota>1,"at least "&quota,"")', {"quota": 12}, {})
    'at least 12'
    >>> value_of("=SUM(B$2:B3)", {"B2": 1, "B3": 2}, {"SUM": sum})
    3
    """
    names = {_identifier(name): value for name, value in known.items()}
    readable = _TOKEN.sub(_readable, formula.removeprefix("="))
    try:
        return _value(ast.parse(readable, mode="eval").body, names, functions)
    except _Shown as error:
        return error.error


def _readable(found: re.Match[str]) -> str:
    """A part of a formula as Python would have it."""
    if found["text"]:
        return repr(found["text"][1:-1])
    if found["reference"]:
        return _identifier(found["reference"].strip("[]") if found["here"] else found["reference"])
    if found["cells"]:
        first, _colon, last = found["cells"].replace("$", "").partition(":")
        return f"[{', '.join(_between(first, last))}]" if last else first
    return _PYTHON.get(found["symbol"], found["symbol"])


def _between(first: str, last: str) -> list[str]:
    """Every cell of a range, row by row."""
    (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last)
    rows, columns = range(top, bottom + 1), range(left, right + 1)
    return [xl_rowcol_to_cell(row, column) for row in rows for column in columns]


class _Shown(Exception):
    """An Excel error on its way through a formula."""

    def __init__(self, error: CellError) -> None:
        self.error = error


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _value(node: ast.expr, names: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    def value(part: ast.expr) -> Any:
        return _value(part, names, functions)

    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return names.get(name) if re.fullmatch(_CELL, name) else names[name]
        case ast.List(elts=cells):
            return [value(cell) for cell in cells]
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](value(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(type(op), value(left), value(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _OPERATORS[type(op)](value(left), value(right))
        case ast.Call(func=ast.Name(id="IF"), args=[test, then, otherwise]):
            return value(then) if value(test) else value(otherwise)
        case ast.Call(func=ast.Name(id="IFERROR"), args=[attempt, otherwise]):
            try:
                return value(attempt)
            except _Shown:
                return value(otherwise)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            answer = functions[name](*map(value, arguments))
            if isinstance(answer, CellError):
                raise _Shown(answer)
            return answer
    raise ValueError(f"Cannot evaluate {ast.unparse(node)}")


def _binary(op: type[ast.operator], left: Any, right: Any) -> Any:
    if op is ast.Div and not right:
        raise _Shown(CellError.DIV0)
    if op is not ast.BitAnd:
        left, right = left or 0, right or 0
    return _OPERATORS[op](left, right)


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
