"""Rows are written by putting new cells between the old ones, as if they were taken apart."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from smarketing_xl.a1.areas import Area
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book
from smarketing_xl.hosts.file.model import render
from smarketing_xl.hosts.file.model.document import Document
from smarketing_xl.hosts.file.model.sheet import Sheet

ROWS, COLUMNS = 60, 30
VALUES: list[Any] = [
    None, "", " a & b <c>", "=1+1", "≥ 10", "x", 3, 2.5, True, 1e12, float("inf"),
    dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 1, 12, 30),
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Cells here and there: plain, styled, styled and blank, with formulas; rows of many shapes."""
    draw = np.random.default_rng(5)
    path = tmp_path / "shapes.xlsx"
    book = xlsxwriter.Workbook(str(path))
    bold = book.add_format({"bold": True, "num_format": "0.00"})
    sheet = book.add_worksheet("Leads")
    sheet.set_column("D:D", 12, bold)
    sheet.set_row(7, 30, bold)
    for row in range(2, ROWS):
        for column in draw.permutation(COLUMNS)[: row % COLUMNS].tolist():
            look = bold if draw.random() < 0.5 else None
            match draw.integers(0, 4):
                case 0:
                    sheet.write_blank(row, column, None, bold)
                case 1:
                    sheet.write_number(row, column, float(draw.random()), look)
                case 2:
                    sheet.write_string(row, column, "text & more", look)
                case 3 if row % 10 == 0:
                    sheet.write_formula(row, column, "=1+2", look, 3)
    book.close()
    return path


def written(path: Path, put: Callable[[Sheet], bytes]) -> bytes:
    """The sheet's part after areas of all sizes were written to it."""
    sheet = Document(path).sheet("Leads")
    draw = np.random.default_rng(6)
    for _each in range(12):
        top, left = int(draw.integers(1, ROWS)), int(draw.integers(1, COLUMNS))
        area = Area(top, left, top + int(draw.integers(0, 30)), left + int(draw.integers(0, 9)))
        rows, columns = area.shape
        values = draw.integers(0, len(VALUES), (rows, columns))
        sheet.write(area, [[VALUES[at] for at in row] for row in values])
    return put(sheet)


def taken_apart(sheet: Sheet) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render._Pen, "_plan", lambda *_row: (None, b""))
        return b"".join(render.render_sheet(sheet))


def test_what_is_put_together_is_what_is_taken_apart(path: Path) -> None:
    put_together = written(path, lambda sheet: b"".join(render.render_sheet(sheet)))
    assert put_together.replace(b"</row>", b"</row>\n") == written(path, taken_apart).replace(
        b"</row>", b"</row>\n"
    )


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MARKS = st.sampled_from(["", "", ' x="a>b"', " x='/>'", ' ht="20"'])
INNER = st.sampled_from(["", "<v>1</v>", "<is><t>x</t></is>", "<is><t/></is>"])


@st.composite
def odd_rows(draw: st.DrawFn) -> str:
    """Cells side by side, inside of another, inside of something else, before something else."""
    cells = [f'<c r="{letter}2"{draw(MARKS)}>{{}}{draw(INNER)}</c>' for letter in "BCDE"]
    row = ""
    for cell in reversed(cells):
        match draw(st.integers(0, 5)):
            case 0:
                row = cell.format(row)
            case 1:
                row = f"<x>{cell.format('')}</x>{row}"
            case 2:
                row = f"<x>{cell.format('')}{row}</x>"
            case 3:
                row = cell.format(f"<is><t>y</t>{row}</is>")
            case 4:
                row = cell.format("") + row + "<extLst><ext/></extLst>"
            case _:
                row = cell.format("") + row
    return f'<row r="2"{draw(MARKS)}>{row}</row>'


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "odd.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Leads").write("A1", 1)
    return path


@given(odd_rows(), st.sampled_from(["A2", "B2", "C2", "D2", "E2", "F2", "B2:D2", "A2:F2"]))
def test_a_row_that_is_more_than_cells_is_refused_or_stays_whole(
    small: Path, row: str, at: str
) -> None:
    path = small.with_name("tried.xlsx")
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            odd = f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
            new.writestr(name, odd if name.endswith("sheet1.xml") else old.read(name))
    before = path.read_bytes()
    try:
        book = open_book(path)
        area = book.sheets[0][at]
        area.value = [[7.0] * area.columns.count]
        book.save()
    except WorkbookError:
        assert path.read_bytes() == before
        return
    with zipfile.ZipFile(path) as package:
        etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    assert set(np.ravel(open_book(path).sheets[0][at].value)) == {7.0}
