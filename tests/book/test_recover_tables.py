"""Repair gives tables and columns their names back, and every formula goes on as before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import check, read, write
from smarketing_xl.book.write import Append
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table

LEADS = pd.DataFrame({"lead_id": ["L1", "L2"], "employees": [10.0, 20], "status": ["new"] * 2})


@pytest.fixture(params=["en", "es"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[xw.Book]:
    with opened(make(tmp_path / "book.xlsm", request.param), "file") as book:
        write.commit(write.plan_writes(book, [Append(tables.LEADS, LEADS)]))
        yield book


def formulas(book: xw.Book) -> dict[str, str]:
    """Every formula of the workbook."""
    return {
        f"{sheet.name}!{place}": formula.text
        for sheet in book.impl.document.sheets
        for place, formula in sheet.formulas.items()
    }


def using(book: xw.Book, *words: str) -> set[str]:
    """The cells whose formulas hold one of the words."""
    return {at for at, text in formulas(book).items() if any(word in text for word in words)}


def calculated(book: xw.Book) -> dict[str, object]:
    """The formulas of calculated columns, by table."""
    return {table.name: table.calculated for table in book.impl.document.tables.values()}


@pytest.mark.parametrize("table", [tables.LEADS, tables.PLAN, tables.FUNNEL, tables.GRADES])
def test_a_table_called_otherwise_has_its_name_again(book: xw.Book, table: Table) -> None:
    before, columns = formulas(book), calculated(book)
    frame = read.read_table(book, table)
    read.find_table(book, table).live.name = "Ours_2027"
    assert actions.check(book).rows >= 1
    named = {at for at, text in before.items() if re.search(rf"\b{table.name}\[", text)}
    assert using(book, "Ours_2027[") == named
    assert any("Ours_2027" in said for said in actions.offered_repairs(book))
    actions.repair(book)
    assert actions.check(book).rows == 0
    assert (formulas(book), calculated(book)) == (before, columns)
    pd.testing.assert_frame_equal(read.read_table(book, table), frame)


@pytest.mark.parametrize(
    ("table", "key"), [(tables.PLAN, "share"), (tables.PLAN, "quota"), (tables.SCENARIOS, "quota")]
)
def test_a_renamed_header_is_put_back_in_formulas_too(
    book: xw.Book, table: Table, key: str
) -> None:
    before, columns = formulas(book), calculated(book)
    place = read.find_table(book, table)
    header = place.block(-1, place.offsets[key], 1, 1)
    old = header.value
    spelt = [table.name + form for form in ("[%s]", "[[#This Row],[%s]]")]
    by_its_name = using(book, *(form % old for form in spelt))
    header.value = "Ours [#1]"
    assert by_its_name == using(book, *(form % "Ours '['#1']" for form in spelt)) != set()
    book.save()
    assert actions.check(book).rows >= 1
    actions.repair(book)
    assert actions.check(book).rows == 0
    assert header.value == old
    assert (formulas(book), calculated(book)) == (before, columns)


def test_numbers_follow_under_the_new_names(book: xw.Book) -> None:
    place = read.find_table(book, tables.PLAN)
    place.live.name = "Year"
    place.block(-1, place.offsets["share"], 1, 1).value = "Part"
    read.named_range(book, "quota").value = 1_200_000.0
    place.block(0, place.offsets["share"], 1, 1).value = 0.5
    parts = place.block(0, place.offsets["share"], place.height - 1, 1).value
    quota = 1_200_000 * 0.5 / sum(parts)  # the months sum to the year
    assert place.block(0, place.offsets["quota"], 1, 1).value == pytest.approx(quota)


def test_a_name_that_is_taken_is_refused(book: xw.Book) -> None:
    before = formulas(book)
    live = read.find_table(book, tables.PLAN).live
    for taken in ("Funnel", "quota"):
        with pytest.raises(Exception, match=taken):
            live.name = taken
    assert formulas(book) == before


def test_in_a_file_plain_cells_under_our_headers_are_named_with_what_to_do(book: xw.Book) -> None:
    document = book.impl.document
    sheet = document.sheet(read.find_table(book, tables.FUNNEL).sheet.name)
    some = document.tables_of(sheet)
    some.remove(document.tables["funnel"])  # as if made a plain range
    (fault,) = {fault for fault in check.find_faults(book) if "Funnel" in fault.problem}
    assert "Calc" in fault.remedy
    assert actions.offered_repairs(book) == ()
