"""Excel's own functions, as far as the workbook's formulas use them (to cache what they come to).

A column is a list of cells; a blank is None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from smarketing_xl.errors import CellError
from smarketing_xl.i18n import format_number

Cells = list[Any]
_EPOCH = dt.datetime(1899, 12, 30)


def _flat(arguments: tuple[Any, ...]) -> Cells:
    lists = (it if isinstance(it, list) else [it] for it in arguments)
    return [cell for cells in lists for cell in cells]


def _numbers(arguments: tuple[Any, ...]) -> list[float]:
    return [it for it in _flat(arguments) if isinstance(it, int | float)]


def _meets(cell: Any, criterion: Any) -> bool:
    if isinstance(cell, str) and isinstance(criterion, str):
        return cell.casefold() == criterion.casefold()
    return cell is not None and bool(cell == criterion)


def _chosen(criteria: tuple[Any, ...]) -> list[bool]:
    columns, wanted = criteria[::2], criteria[1::2]
    return [
        all(_meets(cell, value) for cell, value in zip(row, wanted, strict=True))
        for row in zip(*columns, strict=True)
    ]


def _sumifs(summed: Cells, *criteria: Any) -> float:
    pairs = zip(summed, _chosen(criteria), strict=True)
    return sum(cell or 0 for cell, chosen in pairs if chosen)


def _match(wanted: Any, cells: Cells, _exact: int) -> int | CellError:
    places = (place for place, cell in enumerate(cells, start=1) if _meets(cell, wanted))
    return next(places, CellError.NA)


def _index(cells: Cells, place: float) -> Any:
    return cells[int(place) - 1] if 1 <= place <= len(cells) else CellError.VALUE


def serial(moment: dt.date) -> float:
    """A date or time as the number that Excel holds."""
    midnight = dt.datetime(moment.year, moment.month, moment.day)
    since = (moment if isinstance(moment, dt.datetime) else midnight) - _EPOCH
    return since / dt.timedelta(days=1)


def day_of(number: float) -> dt.date:
    """The date behind Excel's number."""
    return (_EPOCH + dt.timedelta(days=number)).date()


def _edate(number: float, months: float) -> float:
    day = day_of(number)
    years, month = divmod(day.month - 1 + int(months), 12)
    return serial(dt.date(day.year + years, month + 1, min(day.day, 28)))


EXCEL: Mapping[str, Callable[..., Any]] = {
    "COUNTA": lambda *cells: sum(cell is not None for cell in _flat(cells)),
    "COUNT": lambda *cells: len(_numbers(cells)),
    "COUNTIFS": lambda *criteria: sum(_chosen(criteria)),
    "SUM": lambda *cells: sum(_numbers(cells)),
    "SUMIFS": _sumifs,
    "MAX": lambda *cells: max(_numbers(cells), default=0),
    "MIN": lambda *cells: min(_numbers(cells), default=0),
    "ROUND": lambda number, digits: round(number, int(digits)),
    "FIXED": lambda number, digits: format_number(number, int(digits)),
    "AND": lambda *tests: all(tests),
    "OR": lambda *tests: any(tests),
    "EDATE": _edate,
    "MATCH": _match,
    "INDEX": _index,
}
