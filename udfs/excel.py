"""The door that Excel knocks at: each formula as the server of xlwings calls it.

The VBA wrappers send the values of ranges (dates as serial numbers), and after the arguments the
cell that asks and the workbook's language. What goes back is rows of plain values: errors as their
texts, which the wrapper turns into real Excel errors; no failure reaches Excel as a traceback.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from smarketing_xl.errors import CellError
from smarketing_xl.i18n import LANGUAGES
from smarketing_xl.xlwings_light import xlwings as xw
from udfs.functions import FORMULAS
from udfs.registry import CATEGORY, Formula
from udfs.values import to_serial

_CONTEXT = {
    "place": "The cell that asks: '[Book.xlsm]Sheet'!$A$1, or blank.",
    "language": "The workbook's language: en or es.",
}
Door = Callable[..., list[list[Any]]]


def door(formula: Formula) -> Door:
    """A formula as xlwings takes it: declared to xlwings, cells in raw, rows of cells out."""

    def ask(*cells: Any) -> list[list[Any]]:
        *given, place, language = cells
        spoken = language if language in LANGUAGES else None
        return rows(formula.call(*given, place=place or "", language=spoken))

    ask.__name__ = ask.__qualname__ = formula.name
    ask.__doc__ = formula.help
    helps = {it.name: it.help for it in formula.arguments} | _CONTEXT
    ask.__annotations__ = {}
    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in helps]
    )
    declared = xw.ret("raw")(ask)
    for name, help in helps.items():
        declared = xw.arg(name, "raw", doc=help)(declared)
    declared = xw.func(category=CATEGORY)(declared)
    return cast(Door, declared)


def rows(answer: Any) -> list[list[Any]]:
    """An answer as rows of what COM can carry. A blank is an empty text: Excel would show 0."""
    if not isinstance(answer, np.ndarray):
        return [[_carried(answer)]]
    if answer.dtype == object:
        answer = _all_carried(answer)
    return [list(row) for row in answer.tolist()]


def _carried(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return to_serial(cell)
    return str(cell) if isinstance(cell, CellError) else cell


_all_carried = np.frompyfunc(_carried, 1, 1)

globals().update({name: door(formula) for name, formula in FORMULAS.items()})
