"""What the doors share: ranges lined up element by element, single values, lines, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.elementwise import Elementwise, Number, placed
from smarketing_xl.errors import (
    RAISES,
    CellError,
    Fault,
    NotEnoughData,
    SmarketingError,
    WrongType,
)
from smarketing_xl.i18n import N_, _, current_language
from udfs.error_reasons import explain
from udfs.values import LAST_TIME, Grid, to_times

if TYPE_CHECKING:
    import pandas as pd

    from smarketing_xl.schema.model import Column, Table


def over_cells(rule: Elementwise) -> Callable[..., Any]:
    """A rule as what a formula does: its numbers are cells or ranges, all else TRUE or FALSE."""

    def function(**cells: Any) -> Any:
        given = rule.signature.bind(**cells)
        given.apply_defaults()
        numbers = [given.arguments.pop(name) for name in rule.domains]
        switches = {name: flag(cell, name) for name, cell in given.arguments.items()}
        return element_by_element(rule, *numbers, **switches)

    return function


def element_by_element(rule: Elementwise, *cells: Any, **settings: Any) -> Any:
    """A rule over single values and ranges together; bad elements answer their own errors."""
    lined_up = line_up(*cells)
    answer = rule.cells(*lined_up, **settings)
    if answer.dtype == object:
        try:
            rule(*lined_up, **settings)
        except SmarketingError as error:
            explain(error)
    return answer


def line_up(*cells: Any) -> list[Any]:
    """Ranges stretched to one size as Excel does: a single row or column repeats, others end
    in #N/A where they are shorter."""
    grids = [cell for cell in cells if isinstance(cell, np.ndarray)]
    if not grids:
        return list(cells)
    height = max(grid.shape[0] for grid in grids)
    width = max(grid.shape[1] for grid in grids)
    return [_stretched(cell, height, width) for cell in cells]


def _stretched(cell: Any, height: int, width: int) -> Any:
    if not isinstance(cell, np.ndarray):
        return cell
    rows = cell.shape[0] if cell.shape[0] > 1 else height
    columns = cell.shape[1] if cell.shape[1] > 1 else width
    cell = np.broadcast_to(cell, (rows, columns))
    if (rows, columns) == (height, width):
        return cell
    padded = np.empty((height, width), dtype=object)
    padded.fill(CellError.NA)
    padded[:rows, :columns] = cell
    return padded


def scalar(cell: Any, name: str) -> Any:
    """A single value where a range makes no sense; an error in it is passed on."""
    if isinstance(cell, np.ndarray):
        raise WrongType(
            _("{name} must be a single cell").format(name=name), _("Give one cell, not a range")
        )
    return unbroken(cell, name)


def unbroken(cells: Any, name: str) -> Any:
    """A cell or a range as it is; an error that stands for all of it is passed on."""
    if isinstance(cells, CellError):
        error = _("{name} holds {error}").format(name=name, error=cells)
        raise RAISES[cells](error, _("Correct it"))
    return cells


def flag(cell: Any, name: str = "whole") -> bool:
    """TRUE or FALSE; numbers count as Excel has it."""
    cell = scalar(cell, name)
    if isinstance(cell, bool | int | float):
        return bool(cell)
    raise WrongType(
        _("{name} is neither TRUE nor FALSE").format(name=name), _("Give TRUE or FALSE")
    )


def text(cell: Any, name: str) -> str:
    """A single text; numbers are written out, 1 as "1"."""
    cell = scalar(cell, name)
    if cell is None:
        return ""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def number(cell: Any, name: str) -> float:
    """The number in a single cell, TRUE being 1. name: the argument's, for the error.

    Raises NotEnoughData where the cell is blank, WrongType where it is no number.
    """
    cell = scalar(cell, name)
    if isinstance(cell, bool | int | float):
        return float(cell)
    if cell is None:
        raise NotEnoughData(_("{name} is blank").format(name=name), _("Give a number"))
    raise WrongType(_("{name} is not a number").format(name=name), _("Give a number"))


def time(cell: Any, name: str) -> dt.datetime:
    """The date or time in a single cell. name: the argument's, for the error.

    Raises NotEnoughData where the cell is blank, WrongType where it is no date, OutOfRange where it
    lies beyond the calendar.
    """
    moments, errors = times_or_errors(scalar(cell, name))
    error = errors.item()
    if error is not None:
        problem = _("{name} is blank") if cell is None else _("{name} is not a date")
        raise RAISES[error](problem.format(name=name), _("Give a date"))
    moment: dt.datetime = moments.astype("datetime64[us]").item()
    return moment


def numbers(cells: Any, name: str) -> Floats:
    """Many numbers, all good. Raises one error that names every bad one."""
    rule = Elementwise(lambda **given: given[name], {name: Number(N_("each"))})
    return np.atleast_1d(rule(**{name: cells}))


def times(cells: Any, name: str) -> NDArray[np.datetime64]:
    """Many dates, all good. Raises one error that names every bad one."""
    moments, errors = times_or_errors(cells)
    bad = np.flatnonzero(~usable(errors))
    if len(bad):
        raise WrongType(
            [
                Fault(
                    _("{name} is not a date").format(name=placed(name, [at], moments.shape)),
                    _("Type it as a date, not as text"),
                    value=np.asarray(cells, dtype=object).flat[at],
                )
                for at in bad[:20]
            ]
        )
    return moments


def times_or_errors(cells: Any) -> tuple[NDArray[np.datetime64], Grid]:
    """Dates element by element, and the error each answers: None where it is a date."""
    moments, errors = to_times(cells)
    errors = np.array(errors, dtype=object)
    errors[np.isnat(moments) & usable(errors)] = CellError.NA
    return moments, errors


def times_or_blanks(cells: Any) -> tuple[NDArray[np.datetime64], Grid]:
    """As `times_or_errors`, where a blank is no error: its time is NaT."""
    return to_times(cells)


def beyond_calendar(times: NDArray[np.datetime64]) -> Grid:
    """#NUM! where a time is later than a spreadsheet can show, else None."""
    errors = np.empty(np.shape(times), dtype=object)
    errors[times > LAST_TIME] = CellError.NUM
    return errors


def usable(errors: Grid) -> NDArray[np.bool_]:
    """Which elements of a grid of errors (None: no error) have none."""
    return np.asarray(np.frompyfunc(lambda error: error is None, 1, 1)(errors), dtype=bool)


def bad(answers: Any, *errors: Any) -> Grid:
    """Answers with the first error of each element in their place."""
    grids = np.broadcast_arrays(np.asarray(answers, dtype=object), *errors)
    out = np.array(grids[0], dtype=object)
    for wrong in reversed(grids[1:]):
        spoiled = ~usable(wrong)
        out[spoiled] = wrong[spoiled]
    return out


def line(cells: Any) -> tuple[Grid, bool]:
    """A row or column as one dimension, and whether it stands upright; blank ends are dropped."""
    grid = cells if isinstance(cells, np.ndarray) else np.array([[cells]], dtype=object)
    if min(grid.shape) > 1:
        raise WrongType(
            _("A single row or column is wanted"),
            _("Give one column, not {width}").format(width=grid.shape[1]),
        )
    flat = grid.reshape(-1)
    filled = np.flatnonzero([cell is not None for cell in flat])
    return flat[: filled[-1] + 1 if len(filled) else 0], grid.shape[0] > 1


def table_in(cells: Any, table: Table, name: str) -> pd.DataFrame:
    """A range with its header row as a typed frame. Raises WrongType for cells that do not fit."""
    if not isinstance(unbroken(cells, name), np.ndarray) or len(cells) < 2:
        raise NotEnoughData(
            _("{name} has no rows").format(name=name),
            _("Give the table with its header row: {table}[#All]").format(table=table.name),
        )
    frame, faults = frame_in(cells[0], cells[1:], table, name)
    if faults:
        raise WrongType(faults)
    return frame


def frame_in(
    headers: Grid, rows: Grid, table: Table, name: str
) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows of cells under headers as a typed frame, columns by the schema's keys.

    Headers that the schema does not know stay as they are, and so do ranges (11-50). Also answers a
    fault for each cell that does not fit its column; such cells, and errors, are blank in the
    frame.
    """
    import pandas as pd

    from smarketing_xl.schema.convert import NUMBERS, typed, unfit, with_ranges

    known = table.headers()
    declared = {column.key: column for column in table}
    index = pd.RangeIndex(1, len(rows) + 1)
    columns: dict[str, pd.Series[Any]] = {}
    faults: list[Fault] = []
    for offset, header in enumerate(headers):
        title = "" if header is None else str(header).strip()
        key = known.get(title.lower(), title)
        cells = _without_errors(rows[:, offset])
        column = declared.get(key)
        if column is None:
            columns[key] = pd.Series(cells, index, dtype=object).infer_objects()
            continue
        given = pd.Series(_dated(cells, column), index, dtype=object)
        columns[key], bad = typed(given, column)
        if column.kind in NUMBERS:
            columns[key] = with_ranges(columns[key], given)
        faults += [unfit(column, name, title, int(row), given[row]) for row in index[bad]]
    for key, column in declared.items():
        if key not in columns:
            columns[key] = typed(pd.Series(None, index, dtype=object), column)[0]
    frame = pd.DataFrame(columns, index)
    frame.attrs["sheet"] = name
    return frame, faults


def _without_errors(cells: Grid) -> Grid:
    return np.array([None if isinstance(cell, CellError) else cell for cell in cells], object)


def _dated(cells: Grid, column: Column) -> Grid:
    """Serial numbers in a column of dates as dates."""
    from smarketing_xl.schema.convert import DATES

    if column.kind not in DATES:
        return cells
    times, errors = to_times(cells)
    good = usable(errors) & ~np.isnat(times)
    return np.where(good, times.astype(object), cells)


def frame_out(frame: pd.DataFrame, table: Table, titles: bool = True) -> Grid:
    """A frame as cells, under the titles that its columns have in the language spoken."""
    body = frame.astype(object).where(frame.notna(), None).to_numpy(dtype=object)
    if not titles:
        return body
    known = {column.key: column.title(current_language()) for column in table}
    head = np.array([[known.get(str(key), str(key)) for key in frame]], dtype=object)
    return np.vstack([head, body])
