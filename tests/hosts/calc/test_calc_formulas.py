"""Formulas typed into a live LibreOffice reach Python through the extension."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.errors import CellError
from smarketing_xl.hosts.calc.books import FILTERS
from smarketing_xl.hosts.calc.formulas import PREFIX, to_calc, to_excel
from smarketing_xl.hosts.calc.office import arguments
from tests.hosts.calc.live import WORKBOOK, kept
from udfs.functions import FORMULAS

OURS = re.compile(rf"\b(?:{'|'.join(FORMULAS)})\(")


def shown(area: xw.Range) -> list[object]:
    found: list[object] = area.options(err_to_str=True, ndim=1).value
    return found


def test_a_typed_formula_follows_the_quota(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = [1_000_000, 300_000, 0.1]
    sheet["D1"].formula = "=REQUIRED_LEADS(A1,B1,C1)"
    assert sheet["D1"].value == 34
    sheet["A1"].value = 3_000_000
    assert sheet["D1"].value == 100
    assert sheet["D1"].formula == "=REQUIRED_LEADS(A1,B1,C1)"


def test_a_formula_inside_another(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet["A1"].formula = '=IF(REQUIRED_LEADS(1000000,300000,0.1)>30,"many","few")'
    sheet["A2"].formula = "=ROUND(LEAD_VALUE(300000,0.1)*2,0)+SUM(1,2)"
    assert sheet["A1:A2"].value == ["many", 60_003]


def test_ranges_in_and_out_each_element_with_its_own_error(book: xw.Book) -> None:
    sheet = book.sheets[0]
    sheet["A1"].value = [[1_000_000], ["a lot"], [-5], [None], [300_000]]
    sheet["B1:B5"].formula_array = "=REQUIRED_LEADS(A1:A5,300000,0.1)"
    assert shown(sheet["B1:B5"]) == [34, CellError.VALUE, CellError.NUM, 0, 10]


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ('=REQUIRED_LEADS("a lot",6000,0.1)', CellError.VALUE),
        ("=REQUIRED_LEADS(-1,6000,0.1)", CellError.NUM),
        ("=REQUIRED_LEADS(1000,6000,1.1)", CellError.NUM),
        ("=REQUIRED_LEADS(1000,0,0.1)", CellError.DIV0),
        ("=REQUIRED_LEADS(1/0,6000,0.1)", CellError.DIV0),
    ],
)
def test_errors_are_the_errors_of_the_spreadsheet(
    book: xw.Book, formula: str, error: CellError
) -> None:
    book.sheets[0]["A1"].formula = formula
    assert shown(book.sheets[0]["A1"]) == [error]


def test_every_formula_is_listed_with_its_help(app: xw.App) -> None:
    listed = app.impl.office.service("com.sun.star.sheet.FunctionDescriptions")
    known = {}
    for at in range(listed.getCount()):
        described = {it.Name: it.Value for it in listed.getByIndex(at)}
        known[described["Name"]] = described
    for name, formula in FORMULAS.items():
        assert known[name]["Description"] == formula.help
        assert [it.Name for it in known[name]["Arguments"]] == [it.name for it in formula.arguments]
        assert [it.Description for it in known[name]["Arguments"]] == [
            it.help for it in formula.arguments
        ]


def test_the_workbook_computes_through_the_add_in_though_it_has_vba(smarketing: xw.Book) -> None:
    quota, leads = (smarketing.names[name].refers_to_range for name in ("quota", "leads_needed"))
    before = leads.value
    assert not smarketing.impl.api.isModified()
    leads.formula = "=REQUIRED_LEADS(quota,avg_revenue,conv_rate)"
    assert leads.value == pytest.approx(before, abs=1)
    quota.value = quota.value * 2
    assert leads.value == pytest.approx(before * 2, abs=1)
    assert leads.formula == "=REQUIRED_LEADS(quota,avg_revenue,conv_rate)"


@pytest.mark.parametrize("by_hand", [False, True])
def test_saved_as_excel_it_holds_formulas_that_excel_knows(
    smarketing: xw.Book, tmp_path: Path, by_hand: bool
) -> None:
    path = tmp_path / "saved.xlsm"
    before = formulas(Path(smarketing.fullname))
    if by_hand:
        filter_name = arguments(FilterName="Calc MS Excel 2007 VBA XML")
        smarketing.impl.api.storeAsURL(path.as_uri(), filter_name)
    else:
        smarketing.save(path)
    after = formulas(path)
    assert before == after
    with zipfile.ZipFile(path) as package:
        assert not any(PREFIX.encode() in package.read(part) for part in package.namelist())


@pytest.mark.parametrize("by_hand", [False, True])
def test_saved_in_place_it_keeps_what_calc_alone_would_lose(
    smarketing: xw.Book, by_hand: bool
) -> None:
    path = Path(smarketing.fullname)
    before = kept(path)
    smarketing.names["quota"].refers_to_range.value = 1_234_567
    if by_hand:
        smarketing.impl.api.store()
    else:
        smarketing.save()
    assert kept(path) == before
    with zipfile.ZipFile(path) as package:
        assert b"1234567" in b"".join(map(package.read, package.namelist()))


def formulas(path: Path) -> dict[str, int]:
    """How often each of our functions stands in a workbook's cells."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if part.startswith("xl/worksheets/sheet"):
                text = package.read(part).decode()
                for found in re.findall(r"<f[^>]*>([^<]*)</f>", text):
                    for name in OURS.findall(found):
                        counts[name] = counts.get(name, 0) + 1
    return counts


def test_a_bar_warns_of_a_format_without_macros(app: xw.App, tmp_path: Path) -> None:
    desktop = app.impl.office.desktop  # shown: a hidden document has no bars
    document = desktop.loadComponentFromURL(WORKBOOK.as_uri(), "_blank", 0, ())
    window = document.getCurrentController()
    for suffix, warned in ((".xlsm", False), (".ods", True), (".xlsx", True), (".xlsm", False)):
        filter_name = arguments(FilterName=FILTERS[suffix])
        document.storeAsURL((tmp_path / f"saved{suffix}").as_uri(), filter_name)
        assert window.hasInfobar("smarketing") == warned
    document.close(True)


def test_saving_twice_is_not_taken_for_a_change_by_others(
    smarketing: xw.Book, tmp_path: Path
) -> None:
    quota = smarketing.names["quota"].refers_to_range
    for value in (1_000_000, 2_000_000):
        quota.value = value
        smarketing.impl.api.store()
    again = smarketing.app.books.open(smarketing.fullname, read_only=True)
    assert again.names["quota"].refers_to_range.value == 2_000_000


@pytest.mark.parametrize(
    ("excel", "in_calc"),
    [
        ("=SUM(A1,B2)", "=SUM(A1;B2)"),
        ('=IF(A1="a,b;c",1,2)', '=IF(A1="a,b;c";1;2)'),
        ("='It''s'!A1+Goals!$B$2", "=$'It''s'.A1+$Goals.$B$2"),
        ("=SUM({1,2;3,4})", "=SUM({1;2|3;4})"),
        ("=Plan[[#This Row],[a,b]]", "=Plan[[#This Row];[a,b]]"),
        ("=#REF!+A1", "=#REF!+A1"),
        ("plain, text", "plain, text"),
    ],
)
def test_formulas_translate_both_ways(excel: str, in_calc: str) -> None:
    assert to_calc(excel) == in_calc
    assert to_excel(in_calc) == excel
