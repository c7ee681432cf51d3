"""Names whose cells, rows or sheets were deleted: told in a sentence, and put back."""

from __future__ import annotations

import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.errors import SmarketingError
from smarketing_xl.schema import named_cells, tables

DEFAULTS = {cell.name: cell for cell in named_cells.CELLS}


def break_name(book: xw.Book, name: str) -> None:
    """As Excel leaves it when the row of its cell is deleted."""
    sheet = book.names[name].refers_to.partition("!")[0]
    place = read.named_range(book, name)
    across = DEFAULTS[name].sheet == "attribution"  # labels above the values, not beside them
    label = (place.row - 1, place.column) if across else (place.row, place.column - 1)
    place.sheet.range(label, (place.row, place.column)).value = None
    book.names[name].refers_to = f"{sheet}!#REF!"


@pytest.mark.parametrize("names", [["quota"], ["company", "conv_rate", "credit_by", "first_month"]])
def test_a_deleted_cell_is_put_back_with_its_default(book: xw.Book, names: list[str]) -> None:
    def held() -> list[tuple[object, bool]]:
        cells = [read.named_range(book, name) for name in names]
        return [(cell.value, str(cell.formula).startswith("=")) for cell in cells]

    default = held()
    for name in names:
        break_name(book, name)
    checked = actions.check(book)
    assert all(name in " ".join(checked.notes) for name in names)
    assert len(actions.offered_repairs(book)) == len(names)
    actions.repair(book)
    assert held() == default
    assert actions.check(book).rows == 0


def test_a_name_that_is_gone_finds_its_cell_again(book: xw.Book) -> None:
    place = read.named_range(book, "avg_revenue")
    place.value = 7_777
    book.names["avg_revenue"].delete()
    actions.repair(book)
    found = read.named_range(book, "avg_revenue")
    assert (found.address, found.value) == (place.address, 7_777)


def test_every_fill_says_what_is_gone_instead_of_breaking(book: xw.Book) -> None:
    for cell in named_cells.CELLS:
        break_name(book, cell.name)
    steps = [actions.plan, actions.sla, actions.attribution, actions.score, actions.undo]
    for step in steps:
        with pytest.raises(SmarketingError):
            step(book)
    checked = actions.check(book)
    assert len(named_cells.CELLS) <= checked.rows
    actions.repair(book)
    assert actions.check(book).rows == 0
    cells = [read.named_range(book, cell.name) for cell in named_cells.CELLS]
    assert len({(cell.sheet.name, cell.address) for cell in cells}) == len(cells)


@pytest.mark.parametrize("table", [tables.LEADS, tables.PLAN, tables.GRADES])
def test_deleted_headers_are_written_again(book: xw.Book, table: tables.Table) -> None:
    place = read.find_table(book, table)
    titles = list(place.headers)
    place.block(-1, 0, 1, len(titles)).value = [[None] * len(titles)]
    with pytest.raises(SmarketingError, match=r"missing|falta"):
        read.read_table(book, table)
    assert actions.check(book).rows
    actions.repair(book)
    assert list(read.find_table(book, table).headers) == titles
