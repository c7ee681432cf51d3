"""Rows are written by putting new cells between the old ones, as if they were taken apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter

from smarketing_xl.a1.areas import Area
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
    pen = render._Pen(sheet)
    for row, columns in render._rows(sheet):
        pen.rewrite(row, columns)
    area = sheet.written()
    assert area is not None
    sheet.xml.widen(area)
    return b"".join(sheet.xml.xml())


def test_what_is_put_together_is_what_is_taken_apart(path: Path) -> None:
    put_together = written(path, lambda sheet: b"".join(render.render_sheet(sheet)))
    assert put_together.replace(b"</row>", b"</row>\n") == written(path, taken_apart).replace(
        b"</row>", b"</row>\n"
    )
