"""A workbook with all that a fill must not lose, built with XlsxWriter."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

RIBBON = (
    '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon/></customUI>'
)
MACROS = b"\xd0\xcf\x11\xe0 stands for vbaProject.bin"
FORMULA = "REQUIRED_LEADS(Plan[[#This Row],[Quota]],avg_revenue,conv_rate)"


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rich")
    macros = folder / "vbaProject.bin"
    macros.write_bytes(MACROS)
    path = folder / "rich.xlsm"
    book = xlsxwriter.Workbook(str(path))
    book.add_vba_project(str(macros))
    _leads(book)
    _goals(book)
    _review(book)
    book.close()
    _add_ribbon(path)
    return path


@pytest.fixture
def rich(_built: Path, tmp_path: Path) -> Path:
    """A copy of the rich workbook, free to be written."""
    path = tmp_path / "rich.xlsm"
    shutil.copy(_built, path)
    return path


def _leads(book: Any) -> None:
    sheet = book.add_worksheet("Leads")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": "#,##0.00", "bold": True, "bg_color": "#DDEEFF"})
    columns = [
        {"header": "Lead ID"},
        {"header": "Created", "format": day},
        {"header": "Revenue", "format": money},
        {"header": "Twice", "formula": "=Leads[[#This Row],[Revenue]]*2"},
        {"header": "Score"},
        {"header": "My note"},
    ]
    rows = [
        [f"L{at}", dt.datetime(2026, 1, at), at * 10, at * 20, 50 + at, f"called {at}x"]
        for at in range(1, 6)
    ]
    sheet.add_table("B4:G9", {"name": "Leads", "columns": columns, "data": rows})
    for row, values in enumerate(rows, 4):
        formula = "=Leads[[#This Row],[Revenue]]*2"
        sheet.write_formula(row, 4, formula, None, values[3])
    sheet.set_row(8, 24)
    sheet.write("I5", "beside the first lead")
    sheet.write_formula("I6", "=SUM(Leads[Revenue])", None, 150)
    sheet.merge_range("B1:G1", "All leads", money)
    sheet.data_validation("F5:F9", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.conditional_format("F5:F9", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D5:D9", {"type": "cell", "criteria": ">", "value": 20})
    sheet.add_sparkline("J5", {"range": "Leads!D5:D9"})
    sheet.write_comment("B4", "One row a lead")
    sheet.set_landscape()
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 2)
    sheet.write_dynamic_array_formula("L5:L7", "=SEQUENCE(3)", None, 1)
    sheet.write("L6", 2)
    sheet.write("L7", 3)


def _goals(book: Any) -> None:
    sheet = book.add_worksheet("Goals")
    for row, (name, value) in enumerate([("avg_revenue", 5000), ("conv_rate", 0.1)]):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value)
        book.define_name(name, f"=Goals!$B${row + 1}")
    columns = [{"header": "Month"}, {"header": "Quota"}, {"header": "Leads"}]
    sheet.add_table("A5:C7", {"name": "Plan", "columns": columns, "data": [["Jan", 50_000]]})
    sheet.write_row("A7", ["Feb", 100_000])
    for row, value in ((5, 100), (6, 200)):
        sheet.write_formula(row, 2, "=" + FORMULA, None, value)
    sheet.write("E1", "total")
    sheet.write_formula("E2", "=SUM(Plan[Leads])", None, 300)
    sheet.write_formula("E3", '=IF(E2>250,"many","few")', None, "many")
    sheet.write_formula("E4", "=NO_SUCH_FUNCTION(B1)", None, 7)
    sheet.write_formula("E5", "=1+1", None, 2)
    sheet.write_formula("E6", "=IFERROR(E4,0)+1", None, 8)


def _review(book: Any) -> None:
    sheet = book.add_worksheet("Review")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Leads!$D$5:$D$9", "categories": "=Leads!$B$5:$B$9"})
    sheet.insert_chart("B2", chart)


def _add_ribbon(path: Path) -> None:
    plain = path.with_suffix(".plain")
    path.rename(plain)
    link = (
        '<Relationship Id="rIdRibbon" Target="customUI/customUI14.xml" '
        'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"/>'
    )
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "_rels/.rels":
                data = data.replace(b"</Relationships>", link.encode() + b"</Relationships>")
            new.writestr(info, data)
        new.writestr("customUI/customUI14.xml", RIBBON)
