"""People at work in LibreOffice: the workbook is open, a cell is typed in, a window is closed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import calc, opened
from smarketing_xl.hosts.calc import office
from smarketing_xl.hosts.calc.books import Book
from smarketing_xl.hosts.calc.office import arguments, struct, uno
from smarketing_xl.schema import tables
from smarketing_xl.setup.editions import is_without_macros
from tests.hosts.calc.live import WORKBOOK, click, processes_of
from udfs.lambdas.names import names

DEADLINE = 200.0  # seconds for a command


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copyfile(WORKBOOK, tmp_path / "Mañana.xlsm"))


@pytest.fixture
def shown(app: xw.App, path: Path) -> Iterator[xw.Book]:
    """The workbook as a person has it: in a window of its own."""
    document = app.impl.api.loadComponentFromURL(path.as_uri(), "_blank", 0, ())
    yield xw.Book(impl=Book(app.impl, document))
    if document in [book.impl.api for book in app.books]:
        document.close(True)


@pytest.fixture
def reachable(pipe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PIPE", pipe)
    monkeypatch.setenv("SMARKETING_PIPE", pipe)


def smarketing(*words: object) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "smarketing_xl",
        *map(str, words),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize("host", ["auto", "calc"])
def test_a_command_fills_the_workbook_that_is_open(shown: xw.Book, path: Path, host: str) -> None:
    on_disk = path.read_bytes()
    quota = shown.names["quota"].refers_to_range
    before = read.read_table(shown, tables.PLAN)["leads_due"].sum()
    quota.value = quota.value * 3  # typed, not saved
    done = smarketing("plan", path, "--host", host)
    assert done.returncode == 0, done.stderr
    assert read.read_table(shown, tables.PLAN)["leads_due"].sum() == pytest.approx(
        before * 3, rel=0.1
    )
    assert len(read.read_table(shown, tables.LOG)) == 1
    assert shown.impl.api.isModified()
    assert path.read_bytes() == on_disk
    undo = shown.impl.api.getUndoManager()
    undo.undo()  # all of the command; what was typed stays, and the sheet's formulas follow that
    due = read.read_table(shown, tables.PLAN)["leads_due"].sum()
    assert due == pytest.approx(before * 3, rel=0.1)
    assert read.read_table(shown, tables.LOG).empty


@pytest.mark.usefixtures("reachable")
def test_a_workbook_without_macros_is_filled_where_it_is_open(app: xw.App, tmp_path: Path) -> None:
    path = make(tmp_path / "Plan.xlsx")
    document = app.impl.api.loadComponentFromURL(path.as_uri(), "_blank", 0, ())
    shown = xw.Book(impl=Book(app.impl, document))
    try:
        done = smarketing("plan", path)
        assert done.returncode == 0, done.stderr
        assert read.read_table(shown, tables.PLAN)["leads_due"].sum() > 0
        assert len(read.read_table(shown, tables.LOG)) == 1
        document.store()
    finally:
        document.close(True)
    assert is_without_macros(path)
    with opened(path, "file", save=False) as book:
        found = {name.name: name.refers_to for name in book.names}
    assert {name: found[name].lstrip("=") for name in names("en")} == {
        name: it.text for name, it in names("en").items()
    }


@pytest.mark.usefixtures("reachable", "shown")
def test_a_workbook_that_is_not_open_is_filled_on_disk(tmp_path: Path) -> None:
    other = Path(shutil.copyfile(WORKBOOK, tmp_path / "other.xlsm"))
    on_disk = other.read_bytes()
    done = smarketing("plan", other)
    assert done.returncode == 0, done.stderr
    assert other.read_bytes() != on_disk


@pytest.mark.usefixtures("shown")
def test_a_command_on_the_file_refuses_while_somebody_has_it_open(path: Path) -> None:
    on_disk = path.read_bytes()
    done = smarketing("plan", path, "--host", "file")
    assert done.returncode == 1
    assert "open elsewhere" in done.stderr
    assert path.read_bytes() == on_disk


def test_a_button_leaves_the_cell_that_is_being_typed_in(shown: xw.Book) -> None:
    sheet = shown.sheets["Home"]
    sheet.impl.activate()
    cell = sheet.range("Z99")
    cell.select()
    keyboard = Keyboard(shown)
    keyboard.command("SetInputMode")
    keyboard.types("half")
    assert cell.value is None
    assert "rows" in click(shown, "plan")
    keyboard.types(" done\r")
    assert cell.value == "half done"
    assert read.read_table(shown, tables.PLAN)["leads_due"].notna().all()


def test_a_formula_that_is_typed_answers_and_follows_the_quota(shown: xw.Book) -> None:
    sheet = shown.sheets["Home"]
    sheet.impl.activate()
    sheet.range("Z99").select()
    keyboard = Keyboard(shown)
    keyboard.types("=REQUIRED_LEADS(quota;300000;0.1)\r")
    assert sheet.range("Z99").formula == "=REQUIRED_LEADS(quota,300000,0.1)"
    quota = shown.names["quota"].refers_to_range
    quota.value = 1_000_000
    assert sheet.range("Z99").value == 34
    quota.value = 3_000_000
    assert sheet.range("Z99").value == 100


class Keyboard:
    """Keys pressed in a window."""

    def __init__(self, book: xw.Book) -> None:
        self._office = book.app.impl.office
        self._frame = book.impl.api.getCurrentController().getFrame()
        self._window = self._frame.getComponentWindow()
        self._keys = self._frame.getContainerWindow().getToolkit()

    def command(self, name: str, **values: object) -> None:
        helper = self._office.service("com.sun.star.frame.DispatchHelper")
        helper.executeDispatch(self._frame, f".uno:{name}", "", 0, arguments(**values))

    def types(self, text: str) -> None:
        for sign in text:
            event = uno().createUnoStruct("com.sun.star.awt.KeyEvent")
            event.KeyChar, event.Source = uno().Char(sign), self._window
            event.KeyCode = 1280 if sign == "\r" else 0  # com.sun.star.awt.Key.RETURN
            self._keys.keyPress(event)
            self._keys.keyRelease(event)
        self._keys.processEventsToIdle()


@pytest.mark.usefixtures("reachable")
def test_a_workbook_closed_while_it_is_filled_says_so(shown: xw.Book, path: Path) -> None:
    on_disk = path.read_bytes()
    with (
        pytest.raises(WorkbookError, match=r"Mañana\.xlsm was closed while it was being updated"),
        opened(path) as book,
    ):
        shown.impl.api.close(True)
        actions.plan(book)
    assert path.read_bytes() == on_disk


def at_work(book: xw.Book) -> bool:
    """Whether a button works there: closing the window is ours meanwhile."""
    frame = book.impl.api.getCurrentController().getFrame()
    close = struct("com.sun.star.util.URL", Complete=".uno:CloseWin", Protocol=".uno:")
    return hasattr(frame.queryDispatch(close, "_self", 0), "getSlaveDispatchProvider")


def test_closing_waits_for_the_button(app: xw.App, shown: xw.Book, path: Path) -> None:
    click(shown, "import_leads", str(sample.path("leads")))
    with ThreadPoolExecutor() as others:
        working = others.submit(click, shown, "score")
        while not (working.done() or at_work(shown)):
            time.sleep(0.02)
        with suppress(Exception):  # refused while it works, and done as soon as it is finished
            shown.impl.api.close(True)
        assert "2,000 rows" in working.result(DEADLINE)
    until = time.monotonic() + DEADLINE
    while path in [Path(book.fullname) for book in app.books] and time.monotonic() < until:
        time.sleep(0.1)
    assert path not in [Path(book.fullname) for book in app.books]
    assert app.impl.office.lives()
    assert app.books.add().app == app
    app.books.active.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_office_that_dies_at_work_is_said_and_the_file_is_as_it_was(path: Path) -> None:
    on_disk = path.read_bytes()
    with (
        pytest.raises(WorkbookError, match="was closed while it was being updated"),
        opened(path, "calc") as book,
    ):
        for process in processes_of(book.app.impl.office.process.args[3]):
            os.kill(process, signal.SIGKILL)
        actions.plan(book)
    assert path.read_bytes() == on_disk


def test_fifty_thousand_leads_are_scored_by_a_click(app: xw.App, path: Path) -> None:
    leads = sample.generate(leads=50_000)["leads"]
    book = app.books.open(str(path))
    try:
        assert "50,000 added" in click(book, "import_leads", str(written(leads, path)))
        assert "50,000 rows" in click(book, "score")
        found = read.read_table(book, tables.LEADS, checked=())
        assert len(found) == 50_000
        assert found["score"].between(0, 100).all()
        assert found["why"].notna().all()
    finally:
        book.close()


def written(frame: pd.DataFrame, beside: Path) -> Path:
    file = beside.with_name("leads.csv")
    frame.to_csv(file, index=False)
    return file


def test_nobody_is_found_where_no_libreoffice_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PIPE", "smarketing-nobody")
    assert not calc.answers()
