"""Cells on their way in and out of formulas: numbers, dates, texts, blanks and errors.

Hosts differ in how they hand a cell over: Excel gives serial numbers and error codes, LibreOffice
floats, a file datetimes. Formulas see one form only: None is blank, an Excel error is a
`CellError`, a range is a 2-D array of objects.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.errors import CellError

Grid = NDArray[np.object_]

EPOCH = dt.datetime(1899, 12, 30)  # day 0 of a spreadsheet's calendar
_EPOCH64 = np.datetime64(EPOCH, "us")
_DAY_SECONDS = 86_400
LAST_SERIAL = 2_958_465.999_999_99  # 9999-12-31
LAST_TIME = np.datetime64("9999-12-31T23:59:59", "us")

# What COM makes of an error cell; errors that no formula of ours returns count as #VALUE!.
ERROR_CODES: dict[int, CellError] = {
    -2146826281: CellError.DIV0,
    -2146826252: CellError.NUM,
    -2146826246: CellError.NA,
    -2146826273: CellError.VALUE,
    -2146826265: CellError.VALUE,  # #REF!
    -2146826259: CellError.VALUE,  # #NAME?
    -2146826288: CellError.VALUE,  # #NULL!
    -2146826245: CellError.NA,  # #GETTING_DATA
    -2146826243: CellError.VALUE,  # #SPILL!
    -2146826238: CellError.VALUE,  # #CALC!
}
_FOREIGN_ERRORS = ("#REF!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")
_ERROR_TEXTS = {str(error): error for error in CellError} | dict.fromkeys(
    _FOREIGN_ERRORS, CellError.VALUE
)


def cell_in(value: object) -> object:
    """One cell as formulas see it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _ERROR_TEXTS.get(value, value) if value[0] == "#" else value
    if isinstance(value, int) and not isinstance(value, bool):
        return ERROR_CODES.get(value, value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None)  # a spreadsheet's clock has no zone
    return value


_cells_in = np.frompyfunc(cell_in, 1, 1)


def argument_in(value: Any) -> Any:
    """A single cell as it is, a range (rows of cells, or one row) as a 2-D array of objects."""
    if isinstance(value, np.ndarray):
        given: Grid = value.astype(object)
    elif isinstance(value, list | tuple):
        given = _rows(value)
    else:
        return cell_in(value)
    if given.size == 1:
        return cell_in(given.item())
    return np.asarray(_cells_in(np.atleast_2d(given)), dtype=object)


def _rows(value: list[Any] | tuple[Any, ...]) -> Grid:
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    width = max(map(len, rows), default=0)
    given = np.empty((len(rows), width), dtype=object)
    for at, row in enumerate(rows):
        given[at, : len(row)] = row
    return given


def result_out(value: Any) -> Any:
    """A formula's answer: one value, or a 2-D array of objects. Not-a-number becomes #NUM!."""
    if isinstance(value, np.ndarray) and value.size < 2:
        value = value.reshape(-1)[0] if value.size else CellError.NA
    if not isinstance(value, np.ndarray):
        return _cell_out(value)
    if value.dtype.kind in "iub":
        return np.atleast_2d(value.astype(object))
    if value.dtype.kind == "f" and np.isfinite(value).all():
        return np.atleast_2d(value.astype(object))
    if value.dtype.kind == "M":
        value = value.astype("datetime64[us]")
    return np.atleast_2d(np.asarray(_cells_out(value), dtype=object))


def _cell_out(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.astype("datetime64[us]").item() if value.dtype.kind == "M" else value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return CellError.NUM
    if isinstance(value, dt.datetime) and type(value) is not dt.datetime:
        value = dt.datetime.fromisoformat(value.isoformat())  # pandas' own kind
    return None if value == "" else value


_cells_out = np.frompyfunc(_cell_out, 1, 1)


def to_times(raw: Any) -> tuple[NDArray[np.datetime64], NDArray[np.object_]]:
    """Dates, date-times or serial numbers → times, and for each None or the error it answers.

    A blank has the time NaT and no error: what a blank means is the formula's to say.
    """
    given = np.asarray(raw, dtype=object)
    pairs = np.frompyfunc(_time, 1, 2)(given)
    microseconds = np.asarray(pairs[0], dtype="datetime64[us]")
    return microseconds, np.asarray(pairs[1], dtype=object)


def _time(cell: object) -> tuple[np.datetime64, CellError | None]:
    nothing = np.datetime64("NaT", "us")
    if cell is None:
        return nothing, None
    if isinstance(cell, CellError):
        return nothing, cell
    if isinstance(cell, bool):
        return nothing, CellError.VALUE
    if isinstance(cell, int | float):
        if not 0 <= cell <= LAST_SERIAL:
            return nothing, CellError.NUM
        seconds = round(cell * _DAY_SECONDS)  # the nearest: a serial number never hits it exactly
        return _EPOCH64 + np.timedelta64(seconds, "s"), None
    if isinstance(cell, dt.date):
        return np.datetime64(cell.isoformat(), "us"), None
    return nothing, CellError.VALUE


def to_serial(time: dt.date) -> float:
    """A date as the number that a spreadsheet keeps for it."""
    moment = time if isinstance(time, dt.datetime) else dt.datetime.combine(time, dt.time())
    return (moment.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)
