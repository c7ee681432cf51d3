"""After a fill: parts not written keep their bytes; in the sheets written all else survives."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book
from tests.hosts.file.test_what_excel_saves import patch

LEADS, PLAN = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def changed(before: dict[str, bytes], path: Path) -> set[str]:
    after = parts(path)
    assert list(after) == list(before)
    return {name for name in before if before[name] != after[name]}


def test_saving_without_a_change_leaves_the_file_alone(rich: Path) -> None:
    before = rich.read_bytes()
    open_book(rich).save()
    assert rich.read_bytes() == before


def test_only_the_sheet_and_the_table_written_change(rich: Path) -> None:
    before = parts(rich)
    book = open_book(rich)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(8, 6))
    table.data_body_range[:, 4].options(ndim=2).value = [[at] for at in range(7)]
    book.save()
    chart = "xl/charts/chart1.xml"  # it shows two columns of the table
    assert changed(before, rich) == {LEADS, "xl/tables/table1.xml", chart}


def test_untouched_parts_keep_even_their_packed_bytes(rich: Path) -> None:
    with zipfile.ZipFile(rich) as file:
        before = {info.filename: info.compress_size for info in file.infolist()}
    book = open_book(rich)
    book.sheets["Leads"]["F5"].value = 1
    book.save()
    with zipfile.ZipFile(rich) as file:
        after = {info.filename: info.compress_size for info in file.infolist()}
    assert {name for name in before if before[name] != after[name]} <= {LEADS}


def test_everything_else_in_the_sheet_survives(rich: Path) -> None:
    old = parts(rich)[LEADS].decode()
    book = open_book(rich)
    book.sheets["Leads"]["F5:F9"].options(ndim=2).value = [[at] for at in range(5)]
    book.save()
    new = parts(rich)[LEADS].decode()
    start, end = "<sheetData>", "</sheetData>"
    assert new[: new.index(start)] == old[: old.index(start)]
    assert new[new.index(end) :] == old[old.index(end) :]
    cell = r'<c r="{}"[^>]*?(?:/>|>.*?</c>)'
    kept = ["B1", "C1", "B5", "C5", "D5", "E5", "G5", "I5", "I6", "L5", "L6", "L7"]
    for place in kept:
        assert re.findall(cell.format(place), new) == re.findall(cell.format(place), old), place


def test_a_grown_table_carries_all_to_its_new_rows(rich: Path) -> None:
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    table = sheet.tables["Leads"]
    table.resize(table.range.resize(8, 6))
    table.data_body_range[5:, 2].options(ndim=2).value = [[60], [70]]
    table.data_body_range[5:, 1].options(ndim=2).value = [[dt.datetime(2026, 2, 1)]] * 2
    book.save()
    xml = parts(rich)[LEADS].decode()
    assert 'sqref="F5:F11"' in xml
    assert "<xm:sqref>F5:F11</xm:sqref>" in xml
    assert 'sqref="D5:D11"' in xml
    assert re.search(r'<row r="11"[^>]* ht="24"', xml)
    sheet = open_book(rich).sheets["Leads"]
    assert sheet["E10"].formula == "=Leads[[#This Row],[Revenue]]*2"
    assert sheet["E10:E11"].value == [120, 140]
    assert sheet["D11"].number_format == "#,##0.00"
    assert sheet["D11"].color == (0xDD, 0xEE, 0xFF)
    assert sheet["C11"].value == dt.datetime(2026, 2, 1)
    assert sheet["I6"].value == 280


def test_a_shrunk_table_clears_the_rows_it_loses(rich: Path) -> None:
    book = open_book(rich)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(3, 6))
    book.save()
    xml = parts(rich)[LEADS].decode()
    assert 'sqref="F5:F6"' in xml
    assert '<c r="B7"' not in xml
    sheet = open_book(rich).sheets["Leads"]
    assert sheet["B7:G9"].value == [[None] * 6] * 3
    assert sheet["I5"].value == "beside the first lead"
    assert sheet["I6"].value == 30


def test_growing_and_shrinking_back_gives_the_same_sheet(rich: Path) -> None:
    for rows in (9, 6):
        book = open_book(rich)
        table = book.sheets["Leads"].tables["Leads"]
        table.resize(table.range.resize(rows, 6))
        book.save()
    sheet = open_book(rich).sheets["Leads"]
    assert sheet.tables["Leads"].range.address == "$B$4:$G$9"
    assert sheet["G5:G9"].value == [f"called {at}x" for at in range(1, 6)]


def test_a_table_takes_in_rows_below_it_as_excel_does(rich: Path) -> None:
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    sheet["B10:D10"].value = ["L6", None, 60]
    table = sheet.tables["Leads"]
    table.resize(table.range.resize(7, 6))
    book.save()
    sheet = open_book(rich).sheets["Leads"]
    assert sheet["B10:F10"].value == ["L6", None, 60, 120, None]


@pytest.mark.parametrize("below", ["C12", "G10"])
def test_a_table_does_not_grow_over_another_or_merged_cells(rich: Path, below: str) -> None:
    patch(rich, LEADS, ("<mergeCell ", f'<mergeCell ref="{below}:{below}"/><mergeCell '))
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    table = sheet.tables["Leads"]
    with pytest.raises(WorkbookError, match=rf"Leads, row {below[1:]}: Table Leads cannot grow"):
        table.resize(table.range.resize(10, 6))
    assert table.range.address == "$B$4:$G$9"


def test_a_table_takes_in_a_column_named_beside_it(rich: Path) -> None:
    book = open_book(rich)
    sheet = book.sheets["Goals"]
    table = sheet.tables["Plan"]
    with pytest.raises(WorkbookError, match="needs a name of its own"):
        table.resize(table.range.resize(4, 4))
    sheet["D5"].value = "Owner"
    table.resize(table.range.resize(4, 4))
    table.data_body_range[:, 3].options(ndim=2).value = [["Ana"], ["Luis"], ["Eva"]]
    book.save()
    table = open_book(rich).sheets["Goals"].tables["Plan"]
    assert table.header_row_range.value == ["Month", "Quota", "Leads", "Owner"]
    assert table.data_body_range[:, 3].value == ["Ana", "Luis", "Eva"]


def test_charts_sparklines_and_names_of_a_column_follow_its_rows(rich: Path) -> None:
    book = open_book(rich)
    book.names.add("revenues", "=Leads!$D$5:$D$9")
    book.names.add("first_two", "=Leads!$D$5:$D$6")
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(8, 6))
    book.save()
    after = parts(rich)
    assert b"<c:f>Leads!$D$5:$D$11</c:f>" in after["xl/charts/chart1.xml"]
    assert b"<c:f>Leads!$B$5:$B$11</c:f>" in after["xl/charts/chart1.xml"]
    assert b"<xm:f>Leads!D5:D11</xm:f>" in after[LEADS]
    names = open_book(rich).names
    assert names["revenues"].refers_to == "=Leads!$D$5:$D$11"
    assert names["first_two"].refers_to == "=Leads!$D$5:$D$6"
