"""Named cells written as tables are: planned, checked, undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl.book import read
from smarketing_xl.book.contents import Formula
from smarketing_xl.book.read import TablePlace
from smarketing_xl.errors import WorkbookError
from smarketing_xl.schema import tables
from smarketing_xl.schema.formulas import labelled
from smarketing_xl.schema.model import Cell, Column, Table
from smarketing_xl.schema.named_cells import CELLS


@dataclass(frozen=True)
class Named:
    """A change: what a named cell is to hold, a value or a `Formula`."""

    cell: Cell
    value: object

    @property
    def table(self) -> Table:
        """The cell as a table of one column."""
        return _table(self.cell)

    @property
    def values(self) -> pd.DataFrame:
        """The one row of that table."""
        return pd.DataFrame({self.cell.name: pd.Series([self.value], dtype=object)})


def find_place(book: xw.Book, name: str) -> TablePlace:
    """Where a table stands, or a named cell as a table of one row. Raises WorkbookError if gone."""
    for cell in CELLS:
        if cell.name == name:
            return _place(book, cell)
    return read.find_table(book, tables.BY_NAME[name])


def declared_content(book: xw.Book, cell: Cell) -> object:
    """What a named cell holds to begin with: its formula, under the headers that the tables have.

    Its value where it has no formula, or one that reads a table that an older workbook lacks.
    """

    def title(table: str, key: str) -> str:
        place = read.find_table(book, tables.BY_NAME[table])
        return place.headers[place.offsets[key]]

    try:
        content: object = Formula(labelled(cell.formula, title)) if cell.formula else cell.value
    except WorkbookError:
        content = cell.value
    return Formula(content) if isinstance(content, str) and content[:1] == "=" else content


def _table(cell: Cell) -> Table:
    column = Column(cell.name, cell.label, cell.kind, choices=cell.choices)
    return Table(cell.name, cell.sheet, (column,))


def _place(book: xw.Book, cell: Cell) -> TablePlace:
    found = read.named_range(book, cell.name)
    live: Any = None
    top, left = found.row - 1, found.column
    return TablePlace(_table(cell), found.sheet, live, top, left, 2, (cell.name,))
