"""Of a large file it is said how far reading and writing are, and both can be stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from smarketing_xl.errors import Cancelled
from smarketing_xl.hosts.file import cells_in, open_book
from smarketing_xl.hosts.file.parts import package, row_index
from smarketing_xl.progress import steps, watched


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that counts as large, of many stretches."""
    monkeypatch.setattr(row_index, "_STRETCH", 4_000)
    for module in (package, row_index):
        monkeypatch.setattr(module, "LARGE", 10_000)
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Leads")
        for row in range(3_000):
            sheet.write_row(row, 0, [row, "Ana", 2.5])
    return path


def fill(path: Path) -> None:
    with steps(2) as step:
        step("Filling")
        book = open_book(path)
        book.sheets[0]["B2"].value = "Luz"
        step("Saving")
        book.save()


def test_each_tenth_is_said_and_then_the_work_again(large: Path) -> None:
    told: list[tuple[str, float]] = []
    with watched(lambda what, share: told.append((what, share))):
        fill(large)
    shares = [share for _what, share in told]
    assert shares == sorted(shares)
    reading = [what for what, _share in told if what.startswith("Filling: Reading")]
    writing = [what for what, _share in told if what.startswith("Saving: Writing")]
    assert len(reading) == len(writing) == 10
    assert [what for what, _share in told].count("Filling") == 2
    assert open_book(large).sheets[0]["B2"].value == "Luz"


@pytest.mark.parametrize("where", ["Filling: Reading", "Saving: Writing"])
def test_stopped_half_way_the_file_is_as_it_was(large: Path, where: str) -> None:
    before = large.read_bytes()

    def stop(what: str, share: float) -> None:
        if what.startswith(where) and share > 0.25:
            raise Cancelled("stopped", "")

    with pytest.raises(Cancelled), watched(stop):
        fill(large)
    assert large.read_bytes() == before
    assert [each.name for each in large.parent.iterdir()] == [large.name]


def test_what_its_sheets_hold(large: Path) -> None:
    assert 100_000 < cells_in(open_book(large)) < 1_000_000
