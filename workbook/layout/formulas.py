"""Formulas of the schema as the workbook writes them, and their values for viewers without Python.

`[@key]` is this row's cell of a column, `Table[key]` a whole column: both get the column's label.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from smarketing_xl.texts import Language
from smarketing_xl.workbook.schema import Table
from smarketing_xl.workbook.tables import TABLES

_THIS_ROW = re.compile(r"\[@(\w+)\]")
_COLUMN = re.compile(r"\b([A-Z]\w*)\[(\w+)\]")
_BY_NAME = {table.name: table for table in TABLES}
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worded(formula: str, language: Language, table: Table | None = None) -> str:
    """The formula with the labels of a language, as it stands in the file."""
    if table:
        formula = _THIS_ROW.sub(
            lambda found: f"{table.name}[[#This Row],[{table[found[1]].title(language)}]]", formula
        )
    return _COLUMN.sub(
        lambda found: f"{found[1]}[{_BY_NAME[found[1]][found[2]].title(language)}]", formula
    )


def value_of(formula: str, names: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    """What arithmetic and calls of our functions come to.

    names: what named cells hold, and this row's cells under `@key`.

    >>> value_of("=quota*[@share]", {"quota": 1200, "@share": 0.5}, {})
    600.0
    """
    readable = _THIS_ROW.sub(lambda found: f"_row_{found[1]}", formula.removeprefix("="))
    known = {name.replace("@", "_row_"): value for name, value in names.items()}
    return _value(ast.parse(readable, mode="eval").body, known, functions)


def _value(node: ast.expr, names: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.BinOp(left=left, op=op, right=right):
            sides = (_value(side, names, functions) for side in (left, right))
            return _OPERATORS[type(op)](*sides)
        case ast.Call(func=ast.Name(id=name), args=args):
            return functions[name](*(_value(arg, names, functions) for arg in args))
    raise ValueError(f"Cannot evaluate {ast.unparse(node)}")
