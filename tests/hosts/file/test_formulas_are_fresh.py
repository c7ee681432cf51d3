"""Formulas show the values that Excel would, once what they read was written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from smarketing_xl.hosts.file import open_book
from smarketing_xl.hosts.file.model import calculate


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


def test_our_formulas_and_those_that_read_them_follow_an_input(rich: Path) -> None:
    book = open_book(rich)
    book.names["conv_rate"].refers_to_range.value = 0.05
    goals = book.sheets["Goals"]
    # 50,000 / 5,000 / 5 % = 200 leads; 100,000 needs twice as many
    assert goals["C6:C7"].value == [200, 400]
    assert goals["E2:E3"].value == [600, "many"]
    book.save()
    goals = open_book(rich).sheets["Goals"]
    assert goals["C6:C7"].value == [200, 400]
    assert goals["E2:E3"].value == [600, "many"]


def test_an_error_of_our_formula_is_an_excel_error(rich: Path) -> None:
    book = open_book(rich)
    book.names["avg_revenue"].refers_to_range.value = "much"
    book.save()
    xml = part(rich, "xl/worksheets/sheet2.xml")
    assert 'r="C6" t="e"><f>REQUIRED_LEADS' in xml
    goals = open_book(rich).sheets["Goals"]
    assert goals["C6"].options(err_to_str=True).value == "#VALUE!"
    assert goals["E2"].options(err_to_str=True).value == "#VALUE!"


def test_what_nobody_can_calculate_is_left_to_the_office_suite(rich: Path) -> None:
    book = open_book(rich)
    book.names["avg_revenue"].refers_to_range.value = 10_000  # B1, which E4 reads
    book.save()
    xml = part(rich, "xl/worksheets/sheet2.xml")
    assert "<f>NO_SUCH_FUNCTION(B1)</f></c>" in xml
    assert "<f>IFERROR(E4,0)+1</f></c>" in xml
    assert "<f>1+1</f><v>2</v>" in xml
    assert 'fullCalcOnLoad="1"' in part(rich, "xl/workbook.xml")


def test_formulas_that_read_nothing_written_keep_their_values(rich: Path) -> None:
    book = open_book(rich)
    book.sheets["Leads"]["F5"].value = 99
    book.save()
    assert "<f>NO_SUCH_FUNCTION(B1)</f><v>7</v>" in part(rich, "xl/worksheets/sheet2.xml")


def test_a_new_formula_has_a_value_before_it_is_read(rich: Path) -> None:
    book = open_book(rich)
    sheet = book.sheets["Goals"]
    sheet["G1"].formula = '=IFERROR(REQUIRED_LEADS("x",1,1),-1)+SUM(Plan[[Quota]:[Leads]])'
    assert sheet["G1"].value == -1 + 50_000 + 100_000 + 100 + 200
    sheet["G2:G3"].formula = "=A1"
    assert sheet["G2:G3"].formula == (("=A1",), ("=A2",))
    assert sheet["G2:G3"].value == ["avg_revenue", "conv_rate"]
    book.save()
    assert open_book(rich).sheets["Goals"]["G1"].value == 150_299


def test_a_dynamic_array_grows_with_what_it_reads(rich: Path) -> None:
    book = open_book(rich)
    sheet = book.sheets["Leads"]
    model = sheet.impl.model
    model.formulas[5, 12].text = "SEQUENCE(I5)"
    model.formulas[5, 12].xml = model.formulas[5, 12].xml.replace(
        "_xlfn.SEQUENCE(3)", "_xlfn.SEQUENCE(I5)"
    )
    sheet["I5"].value = 4
    assert sheet["L5:L9"].value == [1, 2, 3, 4, None]
    sheet["I5"].value = 2
    assert sheet["L5:L9"].value == [1, 2, None, None, None]
    sheet["L8"].value = "in the way"
    sheet["I5"].value = 5
    assert sheet["L5"].options(err_to_str=True).value == "#VALUE!"
    book.save()
    xml = part(rich, "xl/worksheets/sheet1.xml")
    assert 'cm="1" t="e"><f t="array" ref="L5">' in xml


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=ROUND(2.5,0)", 3),
        ("=-2^2", 4),
        ("=SUM(Leads[Revenue])/COUNTA(Leads[Lead ID])", 30),
        ("=COUNTIFS(Leads[Score],\">52\")", 3),
        ("=SUM(Leads[#All])-SUM(Leads)", 0),
        ("=Leads[[#Headers],[Score]]", "Score"),
        ("=IF(1/3>0.33,\"yes\",\"no\")", "yes"),
        ("=1/0", "#DIV/0!"),
        ("=\"a\"&B1&TRUE", "a5000TRUE"),
        ("=Goals!B2%", 0.001),
        ("=SUM(A:B)", 155_000.1),
        ("=LEAD_VALUE(avg_revenue,conv_rate)*2", 1000),
        ("=MAX(REQUIRED_CUSTOMERS(B6:B7,avg_revenue))", 20),
    ],
)  # fmt: skip
def test_formulas_of_every_kind(rich: Path, formula: str, value: object) -> None:
    sheet = open_book(rich).sheets["Goals"]
    sheet["H1"].formula = formula
    assert sheet["H1"].options(err_to_str=True).value == pytest.approx(value)


def test_what_takes_too_long_is_left_to_the_office_suite(
    rich: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calculate, "_PATIENCE_MS", 1)
    book = open_book(rich)
    sheet = book.sheets["Goals"]
    sheet["H1:H5000"].value = 1
    sheet["I1:I300"].formula = "=SUMPRODUCT((H$1:H$5000=H1)*H$1:H$5000)"
    book.save()
    assert 'fullCalcOnLoad="1"' in part(rich, "xl/workbook.xml")
    assert open_book(rich).sheets["Goals"]["H5000"].value == 1


def test_a_chain_longer_than_patience_still_follows(rich: Path) -> None:
    sheet = open_book(rich).sheets["Goals"]
    sheet["H1"].value = 1
    sheet["H2:H500"].formula = "=H1+1"
    assert sheet["H500"].value == 500
    sheet["H1"].value = 101
    assert sheet["H500"].value == 600
