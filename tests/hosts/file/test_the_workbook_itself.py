"""The workbook that ships, filled as a file, in both languages."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from smarketing_xl.hosts.file import open_book

FOLDER = Path(__file__).parents[3] / "workbook"


@pytest.fixture(params=["Smarketing.xlsm", "Smarketing.es.xlsm"])
def shipped(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    source = FOLDER / request.param
    if not source.exists():
        pytest.skip("the workbook is not built")
    return Path(shutil.copy(source, tmp_path))


def test_an_input_is_followed_by_every_answer(shipped: Path) -> None:
    book = open_book(shipped)
    book.names["avg_revenue"].refers_to_range.value = 12_000
    book.names["conv_rate"].refers_to_range.value = 0.1
    # quota 1,800,000 / 12,000 = 150 customers; 150 / 10 % = 1,500 leads
    assert book.names["customers_needed"].refers_to_range.value == 150
    assert book.names["leads_needed"].refers_to_range.value == 1500
    book.save()
    again = open_book(shipped)
    assert again.names["leads_needed"].refers_to_range.value == 1500
    assert again.names["lead_worth"].refers_to_range.value == 1200


def test_a_filled_table_changes_its_sheets_only(shipped: Path) -> None:
    with zipfile.ZipFile(shipped) as file:
        before = {name: file.read(name) for name in file.namelist()}
    book = open_book(shipped)
    table = next(t for sheet in book.sheets for t in sheet.tables if t.name == "Leads")
    table.resize(table.range.resize(row_size=41))
    table.data_body_range[:, 0].options(ndim=2).value = [[f"L{at}"] for at in range(40)]
    book.save()
    with zipfile.ZipFile(shipped) as file:
        after = {name: file.read(name) for name in file.namelist()}
    changed = {name for name in before if before[name] != after[name]}
    assert list(before) == list(after)
    assert all(name.startswith(("xl/worksheets/sheet", "xl/tables/")) for name in changed)
    assert {"xl/vbaProject.bin", "xl/styles.xml", "xl/workbook.xml"} <= set(after) - changed
