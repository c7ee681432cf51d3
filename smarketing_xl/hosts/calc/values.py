"""Cells of Calc as Python has them, and back.

Calc hands over numbers and texts; a number's format says whether it is a date or a truth value, the
cell itself which error it shows. Formats and errors are asked for whole ranges at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from smarketing_xl.a1.areas import Area
from smarketing_xl.errors import CellError

Rows = list[list[Any]]

EPOCH = dt.datetime(1899, 12, 30)
DATE, TIME, LOGICAL = 2, 4, 1024  # com.sun.star.util.NumberFormat
TYPED = 1 | 2 | 4  # com.sun.star.sheet.CellFlags: numbers, dates, texts
CONTENTS = TYPED | 16  # and formulas
NOTES, FORMATS = 8, 32 | 64
ERROR_RESULT = 4  # com.sun.star.sheet.FormulaResult


class OtherError(str):
    """An error of a cell that no formula of ours answers."""


ERRORS: dict[int, str] = {
    502: CellError.VALUE,  # a bad argument
    503: CellError.NUM,
    504: CellError.VALUE,
    519: CellError.VALUE,
    523: CellError.NUM,  # no convergence
    524: OtherError("#REF!"),
    525: OtherError("#NAME?"),
    532: CellError.DIV0,
    32767: CellError.NA,
}


def read(xl: Any, area: Area, formats: Any, epoch: dt.datetime) -> Rows:
    """The cells of a range: None for blanks, datetimes, truth values, error texts, numbers, texts.

    xl: the range as Calc's object. formats: the document's number formats.
    """
    rows: Rows = [
        [None if cell == BLANK else cell for cell in row] if BLANK in row else list(row)
        for row in xl.getDataArray()
    ]
    for kind, inside in _kinds(xl, area, formats):
        convert = _to_time(epoch) if kind & DATE else bool
        for at in range(inside.top - area.top, inside.bottom - area.top + 1):
            row = rows[at]
            for column in range(inside.left - area.left, inside.right - area.left + 1):
                if type(row[column]) is float:
                    row[column] = convert(row[column])
    for inside in areas_of(xl.queryFormulaCells(ERROR_RESULT)):
        for row_at, column_at in inside:
            down, across = row_at - area.top, column_at - area.left
            cell = xl.getCellByPosition(across, down)
            rows[down][across] = ERRORS.get(cell.getError(), CellError.VALUE)
    return rows


def _kinds(xl: Any, area: Area, formats: Any) -> Iterator[tuple[int, Area]]:
    """The parts of a range that show dates or truth values."""
    groups = xl.getUniqueCellFormatRanges()
    for at in range(groups.getCount()):
        group = groups.getByIndex(at)
        kind = formats.getByKey(group.NumberFormat).Type
        if kind & (DATE | LOGICAL):
            for inside in areas_of(group):
                yield kind, inside


def areas_of(ranges: Any) -> list[Area]:
    """Calc's ranges as areas."""
    return [
        Area(it.StartRow + 1, it.StartColumn + 1, it.EndRow + 1, it.EndColumn + 1)
        for it in ranges.getRangeAddresses()
    ]


def _to_time(epoch: dt.datetime) -> Callable[[float], dt.datetime | float]:
    def convert(days: float) -> dt.datetime | float:
        try:
            return epoch + dt.timedelta(milliseconds=round(days * 86_400_000))
        except OverflowError:  # a number too large to be a date
            return days

    return convert


def to_days(time: dt.date, epoch: dt.datetime) -> float:
    """A date or a time as the number that Calc keeps for it."""
    moment = time if isinstance(time, dt.datetime) else dt.datetime.combine(time, dt.time())
    return (moment.replace(tzinfo=None) - epoch) / dt.timedelta(days=1)


TAKEN = frozenset({float, str})  # what Calc takes as it is
PLAIN = TAKEN | {type(None)}
BLANK = ""  # Calc makes an error of None, and falls over two of them
SHOWN_ERRORS = (CellError, OtherError)


def writable(
    rows: Sequence[Sequence[Any]], epoch: dt.datetime
) -> tuple[tuple[tuple[Any, ...], ...], frozenset[type]]:
    """Rows as Calc takes them, and the types that need a format or a formula besides."""
    special: set[type] = set()
    out = []
    for row in rows:
        types = set(map(type, row)) - TAKEN
        if types:
            special |= types
            row = [cell if type(cell) in TAKEN else _plain(cell, epoch) for cell in row]
        out.append(tuple(row))
    return tuple(out), frozenset(special)


def _plain(cell: Any, epoch: dt.datetime) -> object:
    if isinstance(cell, dt.date):
        return to_days(cell, epoch)
    if cell is None or isinstance(cell, SHOWN_ERRORS):
        return BLANK
    return str(cell) if isinstance(cell, str) else float(cell)


def runs(rows: Sequence[Sequence[Any]], wanted: type | tuple[type, ...]) -> Iterator[Area]:
    """The stretches of each column, as areas from row 1 and column 1, that hold such values."""
    for column in range(len(rows[0])):
        start = None
        for at, row in enumerate(rows):
            if isinstance(row[column], wanted):
                start = at if start is None else start
            elif start is not None:
                yield Area(start + 1, column + 1, at, column + 1)
                start = None
        if start is not None:
            yield Area(start + 1, column + 1, len(rows), column + 1)
