"""The doors of Excel answer the same, however COM hands the cells over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.udfs.test_ask_formulas import HEADERS, LEADS, PERSONAS, SALES, TOUCHES
from tests.vba.cases import FRIDAY, USUAL
from udfs import excel
from udfs.functions import FORMULAS
from udfs.values import ERROR_CODES

TODAY = 46_000.0
CELLS: dict[str, tuple[Any, ...]] = {
    **USUAL,
    "SLA_PACE": (60.0, 110.0, FRIDAY, None, None, None, None),
    "PERSONA_SCORE": (HEADERS, LEADS, PERSONAS, None, TODAY),
    "PERSONA_BEST": (HEADERS, LEADS, PERSONAS, TODAY),
    "PERSONA_WHY": (HEADERS, LEADS, PERSONAS, TODAY),
    "LEAD_PLAN": (1.2e6, 1e4, 0.1, 0.0, TODAY, None, True),
    "ATTRIBUTE_TOUCHES": (*TOUCHES, *SALES, "linear", [[100.0], [50.0]], None, 7.0, 180.0),
    "ATTRIBUTE_PATHS": ([["Search > E-mail"]], [[3.0]], [[7.0]], "last", None),
}


class PyTime(dt.datetime):
    """A date as pywin32 makes it: its own kind, with a time zone."""


def whole(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def truth(cell: Any) -> Any:
    return int(cell) if isinstance(cell, bool) else cell


def blank(cell: Any) -> Any:
    return "" if cell is None else cell


def dated(cell: Any) -> Any:
    if not isinstance(cell, int | float) or not 45_000 < cell < 47_000:
        return cell
    moment = dt.datetime(1899, 12, 30) + dt.timedelta(seconds=round(cell * 86_400))
    return PyTime(*moment.timetuple()[:6], tzinfo=dt.UTC)


def each(cells: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(cells, list | tuple):
        return tuple(each(cell, change) for cell in cells)
    return change(cells)


def ask(name: str, *cells: Any) -> Any:
    return getattr(excel, name)(*cells, "", "en")


def test_every_formula_has_its_cells() -> None:
    assert CELLS.keys() == FORMULAS.keys()


@pytest.mark.parametrize("change", [whole, truth, blank, dated])
@pytest.mark.parametrize("name", CELLS)
def test_whole_numbers_truth_blanks_and_dates(name: str, change: Callable[[Any], Any]) -> None:
    assert ask(name, *each(CELLS[name], change)) == ask(name, *each(CELLS[name], lambda it: it))


@pytest.mark.parametrize("name", CELLS)
def test_one_cell_may_come_as_a_range_and_an_error_as_its_number(name: str) -> None:
    cells = each(CELLS[name], lambda it: it)
    for place, cell in enumerate(cells):
        around = cells[:place], cells[place + 1 :]
        if not isinstance(cell, tuple):
            assert ask(name, *around[0], ((cell,),), *around[1]) == ask(name, *cells)
        for code, error in ERROR_CODES.items():
            shown = ask(name, *around[0], code, *around[1])
            assert shown == ask(name, *around[0], str(error), *around[1])
            assert place or all(cell == str(error) for row in shown for cell in row)
