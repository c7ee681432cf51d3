"""Where things stand: tables side by side, so that a growing table never meets another.

Every sheet: title in row 1, what it is for in row 2, captions in row 4, table headers in row 5.
Sheets with named cells have them in a block on the left, tables to the right of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from smarketing_xl.workbook.cells import CELLS
from smarketing_xl.workbook.schema import Table
from smarketing_xl.workbook.tables import TABLES

CAPTION_ROW = 3
HEADER_ROW = 4
LAST_ROW = 1_048_575
BLOCK_COLUMN = 1  # the labels of named cells; values stand right of them
BLOCK_WIDTHS = (34, 16, 13, 13, 13, 13, 13)
GAP = 2


@dataclass(frozen=True)
class Place:
    """The first header cell of a table, counted from zero."""

    row: int
    column: int


def places() -> dict[str, Place]:
    """Every table's place, in the order of their declaration."""
    found: dict[str, Place] = {}
    free = {cell.sheet: BLOCK_COLUMN + len(BLOCK_WIDTHS) + 1 for cell in CELLS}
    for table in TABLES:
        column = free.get(table.sheet, 0)
        found[table.name] = Place(HEADER_ROW, column)
        free[table.sheet] = column + len(table.columns) + 1
    return found


def shares_sheet(table: Table) -> bool:
    """Whether other things stand on the table's sheet (its filter would hide their rows)."""
    tables = sum(other.sheet == table.sheet for other in TABLES)
    return tables > 1 or any(cell.sheet == table.sheet for cell in CELLS)
