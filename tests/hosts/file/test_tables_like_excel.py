"""What hangs on a table's rows follows them, as in Excel: references, array columns, values."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import WORKBOOK, write_file
from smarketing_xl.hosts.file import open_book
from tests.hosts.file.test_what_excel_saves import patch

LEADS, GOALS = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
TABLE = "xl/tables/table1.xml"


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


@pytest.mark.parametrize(
    ("formula", "grown"),
    [
        ('COUNTIF(Leads!D5:D9,">20")', 'COUNTIF(Leads!D5:D11,">20")'),
        ("SUM(Leads!$D$5:$D$9)/2", "SUM(Leads!$D$5:$D$11)/2"),
        ("SUM(Leads!D5:D8)", "SUM(Leads!D5:D8)"),
        ("SUM(Leads!D5:D9)&Goals!D5:D9", "SUM(Leads!D5:D11)&Goals!D5:D9"),
        ("Leads!D9+Leads!D5", "Leads!D9+Leads!D5"),
        ("SUM(Leads!I5:I9)", "SUM(Leads!I5:I9)"),
    ],
)
def test_references_to_a_whole_column_grow_with_it(rich: Path, formula: str, grown: str) -> None:
    book = open_book(rich)
    book.sheets["Goals"]["H1"].formula = "=" + formula
    book.names.add("of_leads", "=" + formula)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(8, 6))
    assert book.sheets["Goals"]["H1"].formula == "=" + grown
    assert book.names["of_leads"].refers_to == "=" + grown
    table.resize(table.range.resize(6, 6))
    assert book.sheets["Goals"]["H1"].formula == "=" + formula


def test_lists_and_rules_that_read_a_whole_column_grow_with_it(rich: Path) -> None:
    rules = (
        '<conditionalFormatting sqref="H1"><cfRule type="expression" priority="9"><formula>'
        "COUNTIF(Leads!$B$5:$B$9,H1)&gt;1</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" sqref="H1"><formula1>'
        "Leads!$B$5:$B$9</formula1></dataValidation></dataValidations>"
    )
    patch(rich, GOALS, ("</sheetData>", "</sheetData>" + rules))
    book = open_book(rich)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(7, 6))
    book.save()
    xml = part(rich, GOALS)
    assert "<formula1>Leads!$B$5:$B$10</formula1>" in xml
    assert "COUNTIF(Leads!$B$5:$B$10,H1)" in xml


def test_what_is_said_for_each_row_stays_of_that_row(rich: Path) -> None:
    """In a table of one row, A5:F5 is the row and $A$5:$A$5 a column."""
    rules = (
        '<conditionalFormatting sqref="A5:F999"><cfRule type="expression" priority="9"><formula>'
        "COUNTA($A5:$F5)-COUNTIF($B$5:$B$5,$B5)&gt;0</formula></cfRule></conditionalFormatting>"
    )
    patch(rich, LEADS, ("</sheetData>", "</sheetData>" + rules))
    book = open_book(rich)
    sheet, goals = book.sheets["Leads"], book.sheets["Goals"]
    table = sheet.tables["Leads"]
    table.resize(table.range.resize(2, 6))
    sheet["H5"].formula = "=COUNTA(A5:F5)+SUM($D$5:$D$5)"
    goals["H1"].formula = "=SUM(Leads!D5:D5)"
    table.resize(table.range.resize(6, 6))
    assert sheet["H5"].formula == "=COUNTA(A5:F5)+SUM($D$5:$D$9)"
    assert goals["H1"].formula == "=SUM(Leads!D5:D9)"
    book.save()
    assert "COUNTA($A5:$F5)-COUNTIF($B$5:$B$9,$B5)" in part(rich, LEADS)


def test_an_array_column_goes_on_as_arrays(rich: Path) -> None:
    text = "SUM(Leads[[#This Row],[Revenue]]*{1,2})"
    patch(
        rich,
        TABLE,
        (
            "<calculatedColumnFormula>Leads[[#This Row],[Revenue]]*2<",
            f'<calculatedColumnFormula array="1">{text}<',
        ),
    )
    xml = part(rich, LEADS)
    cells = re.findall(r'<c r="(E[5-9])"[^>]*><f>[^<]*</f>', xml)
    assert len(cells) == 5
    patch(
        rich,
        LEADS,
        *(
            (found, re.sub(r"<f>[^<]*</f>", f'<f t="array" ref="{cell}">{text}</f>', found))
            for cell in cells
            for found in re.findall(rf'<c r="{cell}"[^>]*><f>[^<]*</f>', xml)
        ),
    )
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    table = sheet.tables["Leads"]
    table.resize(table.range.resize(7, 6))
    sheet["D10"].value = 60
    assert sheet["E10"].value == 180
    book.save()
    assert f'<f t="array" ref="E10">{text}</f>' in part(rich, LEADS)


@pytest.mark.parametrize("cached", ["", "<v>777</v>"])
def test_a_tables_formulas_are_calculated_whatever_the_file_says(rich: Path, cached: str) -> None:
    xml = part(rich, LEADS)
    cell = re.search(r'<c r="E6"[^>]*><f>[^<]*</f>(<v>[^<]*</v>)', xml)
    assert cell is not None
    patch(rich, LEADS, (cell[0], cell[0].replace(cell[1], cached)))
    sheet = open_book(rich).sheets["Leads"]
    assert sheet["E5:E7"].value == [20, 40, 60]


def test_what_no_engine_knows_keeps_the_files_value(rich: Path) -> None:
    sheet = open_book(rich).sheets["Goals"]
    assert sheet["E4:E6"].value == [7, 2, 8]


def test_unlocked_cells_of_a_protected_sheet_can_be_written_others_not(rich: Path) -> None:
    patch(rich, LEADS, ("</sheetData>", '</sheetData><sheetProtection sheet="1"/>'))
    styles = part(rich, "xl/styles.xml")
    free = '<xf numFmtId="0" applyProtection="1"><protection locked="0"/></xf></cellXfs>'
    patch(rich, "xl/styles.xml", ("</cellXfs>", free))
    count = len(re.findall(r"<xf ", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0]))
    patch(rich, LEADS, ('<c r="I5"', f'<c r="I5" s="{count}"'))
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    sheet["I5"].value = "mine"
    for write in (
        lambda: setattr(sheet["F5"], "value", 1),
        lambda: setattr(sheet["F5"], "formula", "=1"),
        lambda: sheet.tables["Leads"].resize(sheet.tables["Leads"].range.resize(7, 6)),
    ):
        with pytest.raises(WorkbookError, match="The sheet is protected"):
            write()
    book.save()
    assert open_book(rich).sheets["Leads"]["I5"].value == "mine"


def test_what_a_killed_run_left_is_cleared_and_a_running_one_is_not(rich: Path) -> None:
    left = rich.with_name(".rich-abcd1234.tmp")
    others = [rich.with_name(".other-abcd1234.tmp"), rich.with_name(".rich-notes.tmp")]
    for path in (left, *others):
        path.write_bytes(b"half a workbook")
    book = open_book(rich)
    book.sheets["Leads"]["F5"].value = 1
    book.save()
    assert not left.exists()
    assert all(path.exists() for path in others)

    def write_beside(out: object) -> None:
        running = [path for path in rich.parent.glob(".rich-*.tmp") if path not in others]
        write_file(rich, b"PK\x03\x04 another", WORKBOOK, replace=True)
        assert all(path.exists() for path in running)
        out.write(b"PK\x03\x04 whole")  # type: ignore[attr-defined]

    write_file(rich, write_beside, WORKBOOK, replace=True)
    assert rich.read_bytes() == b"PK\x03\x04 whole"
