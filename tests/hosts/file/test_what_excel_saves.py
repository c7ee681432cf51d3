"""Things that Excel and others write and XlsxWriter does not: put in by hand, then kept."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book

LEADS, GOALS, TABLE = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml"


def patch(path: Path, part: str, *changes: tuple[str, str]) -> None:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    text = parts[part].decode()
    for old_text, new_text in changes:
        assert old_text in text
        text = text.replace(old_text, new_text)
    parts[part] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


def test_filter_hidden_rows_and_sort_state_stay(rich: Path) -> None:
    criteria = '<filterColumn colId="4"><filters><filter val="51"/></filters></filterColumn>'
    order = '<sortState ref="B5:G9"><sortCondition descending="1" ref="D5:D9"/></sortState>'
    patch(
        rich,
        TABLE,
        ('<autoFilter ref="B4:G9"/>', f'<autoFilter ref="B4:G9">{criteria}</autoFilter>{order}'),
    )
    patch(rich, LEADS, ('<row r="7" spans="2:12"', '<row r="7" spans="2:12" hidden="1"'))
    book = open_book(rich)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(8, 6))
    table.data_body_range[:, 4].options(ndim=2).value = [[at] for at in range(7)]
    book.save()
    xml = part(rich, TABLE)
    assert '<autoFilter ref="B4:G11">' + criteria in xml
    assert '<sortState ref="B5:G11"><sortCondition descending="1" ref="D5:D11"/>' in xml
    assert part(rich, LEADS).count('hidden="1"') == 1
    book = open_book(rich)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(3, 6))
    book.save()
    assert 'hidden="1"' not in part(rich, LEADS)


def test_a_totals_row_moves_below_the_new_rows(rich: Path) -> None:
    patch(rich, TABLE, ('ref="B4:G9" totalsRowShown="0"', 'ref="B4:G9" totalsRowCount="1"'),
          ('<autoFilter ref="B4:G9"/>', '<autoFilter ref="B4:G8"/>'))  # fmt: skip
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    table = sheet.tables["Leads"]
    assert table.data_body_range.address == "$B$5:$G$8"
    sheet["D9"].formula = "=SUBTOTAL(109,Leads[Revenue])"
    sheet["B9"].value = "Total"
    table.resize(table.range.resize(8, 6))
    assert table.totals_row_range.address == "$B$11:$G$11"
    table.data_body_range[4:, 2].options(ndim=2).value = [[1], [2]]
    assert sheet["B11"].value == "Total"
    assert sheet["D11"].formula == "=SUBTOTAL(109,Leads[Revenue])"
    assert sheet["D11"].value == 10 + 20 + 30 + 40 + 1 + 2
    book.save()
    assert '<autoFilter ref="B4:G10"/>' in part(rich, TABLE)


def test_sums_of_shown_rows_leave_out_what_excel_leaves_out(rich: Path) -> None:
    criteria = '<filterColumn colId="1"><filters><filter val="2"/></filters></filterColumn>'
    patch(rich, TABLE, ('<autoFilter ref="B4:G9"/>',
                        f'<autoFilter ref="B4:G9">{criteria}</autoFilter>'))  # fmt: skip
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    sheet["J1"].options(ndim=2).value = [[1.0], [20.0], [300.0]]
    book.save()
    book.close()
    for row in (2, 6, 8):  # the second by hand, the others by the filter
        patch(rich, LEADS, (f'<row r="{row}"', f'<row r="{row}" hidden="1"'))
    sheet = open_book(rich).sheets["Leads"]
    for at, (formula, wanted) in enumerate({
        "=SUBTOTAL(109,Leads[Revenue])": 10 + 30 + 50,
        "=SUBTOTAL(9,Leads[Revenue])": 10 + 30 + 50,
        "=1+SUBTOTAL(103,D5:D6,D8,SUM(D8))": 3,
        "=SUBTOTAL(109,D6)": 0,
        "=SUBTOTAL(9,J1:J3)": 321,
        "=SUBTOTAL(109,J1:J3)+SUM(J1:J3)": 301 + 321,
    }.items(), 20):  # fmt: skip
        sheet[at, 12].formula = formula
        assert sheet[at, 12].value == wanted, formula


def test_shared_formulas_are_spelt_out_when_their_first_is_overwritten(rich: Path) -> None:
    patch(
        rich,
        GOALS,
        ("<f>1+1</f><v>2</v>", '<f t="shared" ref="E5:E7" si="0">A1&amp;"x"</f><v>2</v>'),
        ("<f>IFERROR(E4,0)+1</f><v>8</v>", '<f t="shared" si="0"/><v>8</v>'),
    )
    book = open_book(rich)
    sheet = book.sheets["Goals"]
    assert sheet["E6"].formula == '=A2&"x"'
    sheet["E5"].value = "over it"
    book.save()
    sheet = open_book(rich).sheets["Goals"]
    assert sheet["E5:E6"].formula == (("over it",), ('=A2&"x"',))
    assert sheet["E6"].value == "conv_ratex"  # calculated, whatever the file had said


def test_a_part_of_an_array_formula_is_not_overwritten(rich: Path) -> None:
    sheet = open_book(rich).sheets["Leads"]
    with pytest.raises(WorkbookError, match="part of an array formula"):
        sheet["L6"].value = 5
    sheet["L5:L7"].value = None
    assert sheet["L5:L7"].value == [None, None, None]


def test_the_calculation_chain_forgets_formulas_that_are_gone(rich: Path) -> None:
    chain = (
        '<?xml version="1.0" encoding="UTF-8"?><calcChain xmlns="http://schemas.openxmlformats.org/'
        'spreadsheetml/2006/main"><c r="E2" i="2"/><c r="E3"/><c r="I6" i="1"/></calcChain>'
    )
    with zipfile.ZipFile(rich, "a") as file:
        file.writestr("xl/calcChain.xml", chain)
    link = (
        '<Relationship Id="rIdChain" Target="calcChain.xml" Type="http://schemas.openxmlformats.'
        'org/officeDocument/2006/relationships/calcChain"/></Relationships>'
    )
    patch(rich, "xl/_rels/workbook.xml.rels", ("</Relationships>", link))
    book = open_book(rich)
    book.sheets["Goals"]["E2"].value = 3
    book.save()
    assert '<c r="E3" i="2"/><c r="I6" i="1"/></calcChain>' in part(rich, "xl/calcChain.xml")
    assert 'r="E2" i=' not in part(rich, "xl/calcChain.xml")


def test_another_prefix_comments_and_missing_references_are_understood(rich: Path) -> None:
    xml = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheet'
        'ml/2006/main">\n<x:sheetData>\n <x:row><!-- one --><x:c t="str"><x:v>a</x:v></x:c>\n'
        "  <x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>\n"
        " <x:row r='3'><x:c s='1' r='C3'><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(rich) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet3.xml"] = xml.encode()
    with zipfile.ZipFile(rich, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    book = open_book(rich)
    sheet = book.sheets["Review"]
    sheet["B3"].value = "text & more"
    sheet["D3"].formula = "=B1*C3"
    assert sheet["B1"].formula == "=1+1"
    book.save()
    sheet = open_book(rich).sheets["Review"]
    assert sheet["D3"].value == 10
    assert sheet["A1:C3"].value == [["a", 2, None], [None] * 3, [None, "text & more", 5]]
