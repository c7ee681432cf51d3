"""An installed Python of another version than LibreOffice's works in a process of its own.

SMARKETING_OTHER_PYTHON names a Python that Smarketing XL is installed in. Without, the extension is
told of a version that LibreOffice does not have; the Python is this one, and must do without
LibreOffice's bridge.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl import sample
from smarketing_xl.book import read
from smarketing_xl.errors import CellError
from smarketing_xl.hosts import calc
from smarketing_xl.schema import tables
from smarketing_xl.setup import calc as setup
from tests.hosts.calc.live import WORKBOOK, click, click_and_escape, ended, kept, processes_of

OTHER = os.environ.get("SMARKETING_OTHER_PYTHON")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other") / "extensions"
    with zipfile.ZipFile(io.BytesIO(setup.extension())) as package:
        package.extractall(folder / "Smarketing")
    note = folder / "Smarketing" / "where.json"
    note.write_text(_where(OTHER) if OTHER else json.dumps({**setup.where(), "version": [3, 99]}))
    return folder


def _where(python: str) -> str:
    asked = "import json; from smarketing_xl.setup.calc import where; print(json.dumps(where()))"
    return subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def other(extension: Path) -> Iterator[xw.App]:
    profile = extension.parent / "profile"
    options = (f"-env:BUNDLED_EXTENSIONS={extension.as_uri()}",)
    calc.start(profile, options=options).quit()
    started = calc.start(profile, options=options)
    yield started
    started.quit()
    assert ended("smarketing_calc.process", str(extension))


@pytest.fixture
def workbook(other: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    path = tmp_path / "filled.xlsm"
    shutil.copyfile(WORKBOOK, path)
    opened = other.books.open(str(path))
    yield opened
    opened.close()


def test_formulas_follow_and_show_the_errors_of_the_spreadsheet(other: xw.App) -> None:
    book = other.books.add()
    sheet = book.sheets[0]
    sheet["A1"].value = [[1_000_000], ["a lot"], [-5], [None], [300_000]]
    sheet["B1:B5"].formula_array = "=REQUIRED_LEADS(A1:A5,300000,0.1)"
    shown = sheet["B1:B5"].options(err_to_str=True).value
    assert shown == [34, CellError.VALUE, CellError.NUM, 0, 10]
    sheet["A1"].value = 3_000_000
    assert sheet["B1"].value == 100
    book.close()


def test_the_work_is_done_outside(workbook: xw.Book, extension: Path) -> None:
    cell = workbook.sheets[0]["Z1"]
    cell.formula_array = "=REQUIRED_LEADS(1000000,300000,0.1)"  # our sheets ask for none
    assert cell.value == 34
    (process,) = processes_of("smarketing_calc.process", str(extension))
    loaded = Path(f"/proc/{process}/maps").read_text()
    assert "numpy" in loaded
    assert "pyuno" not in loaded


def test_buttons_fill_the_document_and_calc_undoes_them(workbook: xw.Book) -> None:
    assert "rows" in click(workbook, "import_leads", str(sample.path("leads")))
    assert "rows" in click(workbook, "score")
    place = read.find_table(workbook, tables.LEADS)
    assert place.height > 1_000
    score = place.block(0, place.offsets["score"], 1, 1)
    right, score.value = score.value, -1.0
    assert "rows" in click(workbook, "score")
    assert score.value == right >= 0
    workbook.impl.api.getUndoManager().undo()
    assert score.value == -1


def test_escape_stops_a_button(workbook: xw.Book) -> None:
    for kind in ("leads", "interactions"):
        click(workbook, f"import_{kind}", str(sample.path(kind)))
    before = [sheet.used_range.formula for sheet in workbook.sheets]
    assert "was stopped" in click_and_escape(workbook, "attribution")
    assert [sheet.used_range.formula for sheet in workbook.sheets] == before


def test_a_button_that_fails_says_why(workbook: xw.Book) -> None:
    before = [sheet.used_range.formula for sheet in workbook.sheets]
    assert "empty" in click(workbook, "score")
    assert [sheet.used_range.formula for sheet in workbook.sheets] == before


def test_why_this_error_knows_what_the_formulas_said(workbook: xw.Book) -> None:
    cell = workbook.sheets["Home"].range("Z99")
    cell.formula = '=REQUIRED_LEADS("a lot",6000,0.1)'
    cell.select()
    assert "quota is not a number" in click(workbook, "why_error")


def test_what_calc_spoils_is_put_right(workbook: xw.Book) -> None:
    path = Path(workbook.fullname)
    before = kept(path)
    workbook.names["quota"].refers_to_range.value = 1_234_567
    workbook.impl.api.store()
    assert kept(path) == before


def test_a_process_that_died_is_started_again(workbook: xw.Book, extension: Path) -> None:
    leads = workbook.names["leads_needed"].refers_to_range
    assert leads.value > 0
    for process in processes_of("smarketing_calc.process", str(extension)):
        os.kill(process, signal.SIGKILL)
    quota = workbook.names["quota"].refers_to_range
    before, quota.value = leads.value, quota.value * 2
    assert leads.value == pytest.approx(before * 2, abs=1)
