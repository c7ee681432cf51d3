"""What the cells of a table hold: values, and formulas where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import xlwings as xw
from numpy.typing import NDArray

from smarketing_xl.book.excel import is_excel
from smarketing_xl.book.once import known_now
from smarketing_xl.schema.convert import Cells
from smarketing_xl.schema.formulas import in_full

if TYPE_CHECKING:
    from smarketing_xl.book.read import TablePlace

# CVErr(0) to CVErr(4095) as COM has them; https://learn.microsoft.com/office/vba/api/excel.xlcverror
_COM_ERRORS = range(-2146828288, -2146828288 + 4096)


class Formula(str):
    """A cell's content that is a formula, not text that looks like one."""


def is_typed(content: object) -> bool:
    """Whether people or a fill wrote it; what a column calculates by itself is not."""
    return content not in (None, "") and not isinstance(content, Formula)


def cell_values(cells: xw.Range) -> list[list[Any]]:
    """What a range holds, row by row."""
    rows: list[list[Any]] = cells.options(ndim=2).value
    if is_excel(cells.sheet.book):
        return [[plain_value(cell) for cell in row] for row in rows]
    return rows


def as_cells(rows: list[list[Any]]) -> Cells:
    """Rows of cells, at least one, as an array of them."""
    cells = np.empty((len(rows), len(rows[0])), dtype=object)
    cells[:] = rows
    return cells


def plain_value(cell: Any) -> Any:
    """A cell as every host has it.

    Excel hands over currencies as decimals, and errors that came with Microsoft 365 (#SPILL!,
    #CALC!, #FIELD!) as whole numbers, which no number of a cell is: those read as blank, as the
    errors do that xlwings knows.
    """
    kind = type(cell)
    if kind is Decimal:
        return float(cell)
    return None if kind is int and cell in _COM_ERRORS else cell


def table_values(place: TablePlace) -> Cells:
    """The values of all rows of a table, shape (rows, columns)."""
    known = known_now().values
    name, rows, width = place.table.name, place.height - 1, len(place.headers) - place.new
    if name not in known or len(known[name]) != rows:
        empty = np.empty((0, width), dtype=object)
        known[name] = as_cells(cell_values(place.block(0, 0, rows, width))) if rows else empty
    return known[name]


def rows_under(place: TablePlace, count: int) -> list[list[Any]]:
    """The values in so many rows below a table and its totals, across its width."""
    first = place.top + place.height + place.totals
    begins, rows = known_now().below.get(place.table.name, (first, []))
    found = rows[first - begins :][:count] if first >= begins else []
    if len(found) == count and all(len(row) == len(place.headers) for row in found):
        return found
    return cell_values(place.block(place.height - 1 + place.totals, 0, count, len(place.headers)))


def current(place: TablePlace, offsets: Sequence[int], height: int) -> Cells:
    """The cells of some columns: formulas where there are any, else values; padded to a height."""
    now = place.height - 1
    out = np.full((max(now, height), len(offsets)), None, dtype=object)
    if not now or not offsets:
        return out
    known = known_now().contents.setdefault(place.table.name, {})
    unknown = sorted({offset for offset in offsets if offset not in known})
    for first, last in stretches(unknown):
        columns = unknown[first:last]
        known |= zip(columns, _contents(place, columns[0], len(columns)).T, strict=True)
    for at, offset in enumerate(offsets):
        column = known[offset][:now]
        out[: len(column), at] = column
    return out


def _contents(place: TablePlace, offset: int, width: int) -> Cells:
    rows = place.height - 1
    values = known_now().values.get(place.table.name)
    if values is None or len(values) != rows or offset + width > values.shape[1]:
        return block_contents(place, 0, offset, rows, width)
    block = place.block(0, offset, rows, width)
    return _with_formulas(place, block, values[:, offset : offset + width])


def block_contents(place: TablePlace, row: int, offset: int, height: int, width: int) -> Cells:
    """The cells of a block as they are now: formulas where there are any, else values."""
    block = place.block(row, offset, height, width)
    values = as_cells(cell_values(block))
    return _with_formulas(place, block, values)


def _with_formulas(place: TablePlace, block: xw.Range, values: Cells) -> Cells:
    typed = np.empty_like(values)
    typed[:] = block.formula if values.size > 1 else ((block.formula,),)
    contents = values.copy()
    for row, column in np.argwhere(_begins_as_formula(typed)):
        formula = typed[row, column]
        if formula != values[row, column]:  # text that merely begins with = is its own value
            contents[row, column] = Formula(in_full(formula, place.table.name))
    return contents


def _begins_as_formula(cells: Cells) -> NDArray[np.bool_]:
    begins = np.frompyfunc(lambda cell: isinstance(cell, str) and cell[:1] == "=", 1, 1)
    return np.asarray(begins(cells), dtype=np.bool_)


def stretches(offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring offsets as (first, past the last) positions in the list."""
    if not len(offsets):
        return []
    breaks = [i for i in range(1, len(offsets)) if offsets[i] != offsets[i - 1] + 1]
    return list(zip([0, *breaks], [*breaks, len(offsets)], strict=True))
