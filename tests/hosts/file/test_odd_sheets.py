"""Sheets as other programs write them: rightly filled, or refused, never half."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book_of(path: Path, rows: str, head: str = "", tail: str = "") -> Path:
    """A workbook whose sheet holds these rows; styles 1 to 3 differ in their number format."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Data")
        for column, code in enumerate(["0.0", "0.00", "0.000"]):
            sheet.write_blank(0, column, None, book.add_format({"num_format": code}))
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def sheet_of(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        xml = book.read("xl/worksheets/sheet1.xml")
    etree.fromstring(xml)
    return xml.decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "odd.xlsx"


def test_a_space_in_an_end_tag(path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row >'
    book = open_book(book_of(path, rows))
    book.sheets[0]["C1"].value = 9
    book.save()
    sheet_of(path)
    assert open_book(path).sheets[0]["A1:C1"].value == [1, 2, 9]


def test_shared_formulas_keep_their_first_when_only_its_row_was_written(path: Path) -> None:
    shared = "".join(
        f'<row r="{row}"><c r="F{row}"><v>{row}</v></c>'
        f'<c r="G{row}"><f t="shared" si="0"/></c></row>'
        for row in range(4, 9)
    )
    first = '<c r="G3"><f t="shared" ref="G3:G8" si="0">F3*2</f></c>'
    rows = f'<row r="3"><c r="F3"><v>3</v></c>{first}</row>{shared}'
    sheet = open_book(book_of(path, rows)).sheets[0]
    sheet.impl.model.xml.set_row_attributes(3, ' ht="30"')
    assert [sheet[f"G{row}"].formula for row in (3, 6, 8)] == ["=F3*2", "=F6*2", "=F8*2"]


@pytest.mark.parametrize("true", ["1", "true"])
def test_a_cleared_cell_looks_as_it_did_where_its_row_has_another_look(
    path: Path, true: str
) -> None:
    columns = '<cols><col min="1" max="2" style="3" width="9"/></cols>'
    rows = f'<row r="1" s="2" customFormat="{true}"><c r="A1" s="3"><v>1</v></c></row>'
    book = open_book(book_of(path, rows, columns))
    book.sheets[0]["A1"].clear_contents()
    book.sheets[0]["B1"].value = 5
    book.save()
    xml = sheet_of(path)
    assert '<c r="A1" s="3"/>' in xml
    assert '<c r="B1" s="2">' in xml


def test_a_plain_blank_cell_stays_plain_in_a_column_that_is_not(path: Path) -> None:
    columns = '<cols><col min="1" max="4" style="3" width="9"/></cols>'
    rows = '<row r="1"><c r="A1"/><c r="C1"><f>1+1</f><v>2</v></c></row>'
    book = open_book(book_of(path, rows, columns))
    book.sheets[0]["D1"].value = 5
    book.save()
    assert '<c r="A1"/>' in sheet_of(path)


@pytest.mark.parametrize("formula", ["ROW(1:2)", "ROW(A1:A2)"])
def test_an_array_that_cannot_be_calculated_is_left_to_the_office_suite(
    path: Path, formula: str
) -> None:
    rows = (
        f'<row r="1"><c r="A1"><f t="array" ref="A1:A2">{formula}</f><v>1</v></c>'
        '<c r="D1"><v>3</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    )
    book = open_book(book_of(path, rows))
    book.sheets[0]["D1"].value = 7
    book.save()
    xml = sheet_of(path)
    assert "object" not in xml
    assert "#N/A" not in xml
    assert "<v>7</v>" in xml


def test_what_stands_around_the_rows_may_be_quoted_either_way(path: Path) -> None:
    columns = "<cols><col min='1' max='2' style='3' width='9'/></cols>"
    protection = "<sheetProtection sheet='1'/>"
    book = open_book(book_of(path, '<row r="1"><c r="C1"><v>1</v></c></row>', columns, protection))
    assert book.sheets[0]["A1"].number_format == "0.000"
    with pytest.raises(WorkbookError, match="protected"):
        book.sheets[0]["C1"].value = 2


def test_a_part_packed_by_another_method_is_refused(path: Path) -> None:
    book_of(path, "")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as book:
        book.writestr("xl/media/image1.png", b"picture" * 100)
    with pytest.raises(WorkbookError, match="damaged"):
        open_book(path)
