"""Where things stand: tables side by side, so that a growing table never meets another.

Every sheet: title in row 1, what it is for in row 2, what to do next in row 3, captions above the
tables' headers. Named cells stand in a block on the left; on some sheets below what matters first.
"""

from __future__ import annotations

from dataclasses import dataclass

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.named_cells import CELLS
from smarketing_xl.schema.tables import CHOICES, TABLES

LAST_ROW = 1_048_575
GAP = 4  # width of the blank column between tables
GRID = 5  # steps each way of the sensitivity grid


@dataclass(frozen=True)
class Page:
    """How a sheet is divided, counted from zero.

    block: widths of the columns of named cells at the left: label, value, remarks.
    answers: rows of that block above the named cells, for what matters first.
    frozen: columns that stay in sight. charted: a chart stands above the tables, so that no row
    stays in sight.
    """

    first_column: int = 0
    header_row: int = 4
    block: tuple[int, ...] = ()
    answers: int = 0
    frozen: int = 0
    charted: bool = False


PAGES: dict[str, Page] = {
    "goals": Page(first_column=9, block=(37, 16, 15, 15, 15, 15, 15)),
    "outcomes": Page(header_row=19, charted=True),
    "sla": Page(first_column=9, block=(28, 32, 20, 20, 20, 19, 17), answers=18),
    "attribution": Page(first_column=9, block=(33, 19, 19, 19, 19, 19, 60), answers=20),
    "rates": Page(first_column=7, block=(20, 10, 22, 22, 44)),
    "leads": Page(frozen=2),
    "deals": Page(frozen=2),
    "customers": Page(frozen=1),
    "lists": Page(first_column=len(CHOICES) + 1),  # right of the lists
}
BLOCK_COLUMN = 1  # the labels of named cells at the left; values stand right of them
SECTIONS: dict[str, str] = {  # above which named cell
    "last_year_sales": N_("What we want"),
    "customers_needed": N_("What it takes"),
    "as_of": N_("Are we on quota?"),
    "agree_shares": N_("Do our numbers agree?"),
    "sla_leads": N_("Marketing promises"),
    "sla_attempts": N_("Sales promises"),
    "office_open": N_("Office hours and public holidays"),
    "company": N_("Who signs"),
    "lost_after_days": N_("Old leads"),
    "credit_by": N_("Settings"),
}


@dataclass(frozen=True)
class Place:
    """A cell by its row and column, counted from 0 as XlsxWriter does."""

    row: int
    column: int


def page(sheet: str) -> Page:
    """How a sheet is divided; as usual where nothing of its own is declared."""
    return PAGES.get(sheet, Page())


def table_places() -> dict[str, Place]:
    """The first header cell of every table: side by side in the order they are declared."""
    places: dict[str, Place] = {}
    free: dict[str, int] = {}
    for table in TABLES:
        if table.name == "Scenarios":
            places[table.name] = Place(grid_row() + GRID + 5, BLOCK_COLUMN)
            continue
        column = free.get(table.sheet, page(table.sheet).first_column)
        places[table.name] = Place(page(table.sheet).header_row, column)
        free[table.sheet] = column + len(table.columns) + 1
    return places


def cell_places() -> dict[str, Place]:
    """Where the label of every named cell stands, by the cell's name."""
    places: dict[str, Place] = {}
    free: dict[str, int] = {}
    for cell in CELLS:
        at = page(cell.sheet)
        step = free.get(cell.sheet, at.header_row + at.answers)  # below what is frozen
        step += 2 if cell.name in SECTIONS else 0
        places[cell.name] = Place(step, BLOCK_COLUMN)
        free[cell.sheet] = step + 1
    return places


def block_end(sheet: str) -> int:
    """The first free row below a sheet's named cells."""
    places = cell_places()
    return max(places[cell.name].row for cell in CELLS if cell.sheet == sheet) + 1


def first_answer(sheet: str) -> int:
    """The first row of what matters first, below what is frozen."""
    return page(sheet).header_row + 1


def grid_row() -> int:
    """The heading of the sensitivity grid, below the goals."""
    return block_end("goals") + 1


def shares_sheet(table: Table) -> bool:
    """Whether other things stand on the table's sheet (its filter would hide their rows)."""
    tables = sum(other.sheet == table.sheet for other in TABLES)
    return tables > 1 or any(cell.sheet == table.sheet for cell in CELLS)
