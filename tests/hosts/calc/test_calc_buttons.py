"""Every button of the extension, dispatched as a click does, in a live LibreOffice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import xlwings as xw

from smarketing_xl import sample
from smarketing_xl.hosts.calc.office import arguments
from smarketing_xl.workbook import reading, tables
from tests.hosts.calc.live import WORKBOOK, click
from udfs.macros import BUTTONS


@pytest.fixture(scope="module")
def filled(app: xw.App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xw.Book]:
    """The workbook with the sample data, imported by the buttons."""
    path = tmp_path_factory.mktemp("filled") / "filled.xlsm"
    shutil.copyfile(WORKBOOK, path)
    book = app.books.open(str(path))
    for kind in ("leads", "customers", "interactions", "spend"):
        said = click(book, f"import_{kind}", str(sample.path(kind)))
        assert "Unexpected" not in said, said
        assert "rows" in said
    yield book
    book.close()


def test_imported_rows_are_in_their_tables(filled: xw.Book) -> None:
    assert len(reading.read(filled, tables.LEADS, checked=())) > 1_000
    assert len(reading.read(filled, tables.SPEND)) > 10


@pytest.mark.parametrize("name", ["plan", "score", "sla", "attribution", "find_duplicates"])
def test_a_fill_by_its_button(filled: xw.Book, name: str) -> None:
    said = click(filled, name)
    assert "rows" in said, said


def test_scores_stand_beside_their_leads(filled: xw.Book) -> None:
    click(filled, "score")
    leads = reading.read(filled, tables.LEADS, checked=())
    assert leads["score"].between(0, 100).all()
    assert leads["grade"].notna().all()


def test_a_button_can_be_undone_by_the_undo_of_calc(filled: xw.Book) -> None:
    place = reading.find(filled, tables.LEADS)
    at = place.offsets["score"]
    click(filled, "score")
    place.block(0, at, 5, 1).value = [[-1.0]] * 5
    click(filled, "score")
    assert place.block(0, at, 1, 1).value >= 0
    undo = filled.impl.api.getUndoManager()
    assert undo.getCurrentUndoActionTitle() == "Score leads"
    undo.undo()
    assert place.block(0, at, 1, 1).value == -1


def test_a_button_that_fails_changes_nothing_and_says_why(smarketing: xw.Book) -> None:
    sheet = smarketing.sheets["Personas"]
    place = reading.find(smarketing, tables.PERSONAS)
    place.block(0, place.offsets["operator"], 1, 1).value = "resembles"
    before = [s.used_range.formula for s in smarketing.sheets]
    said = click(smarketing, "score")
    assert sheet.name in said or "empty" in said
    assert [s.used_range.formula for s in smarketing.sheets] == before


def test_why_this_error_says_the_sentence_of_the_selected_cell(smarketing: xw.Book) -> None:
    sheet = smarketing.sheets["Home"]
    cell = sheet.range("Z99")
    cell.formula = '=REQUIRED_LEADS("a lot",6000,0.1)'
    cell.select()
    assert "quota is not a number" in click(smarketing, "why_error")


def test_two_documents_are_filled_apart(smarketing: xw.Book, filled: xw.Book) -> None:
    quota = smarketing.names["quota"].refers_to_range
    quota.value = 1_000
    said = click(smarketing, "plan")
    assert "rows" in said
    assert filled.names["quota"].refers_to_range.value != 1_000


def test_formulas_answer_while_a_button_works(smarketing: xw.Book, filled: xw.Book) -> None:
    with ThreadPoolExecutor() as others:
        working = others.submit(lambda: [click(smarketing, "plan") for _time in range(3)])
        while not working.done():
            filled.impl.api.calculateAll()
    assert all("rows" in said for said in working.result())


@pytest.mark.parametrize("name", ["check", "help", "refresh", "undo"])
def test_the_other_buttons_answer(filled: xw.Book, name: str) -> None:
    said = click(filled, name)
    assert said
    assert "Unexpected" not in said


def test_every_button_is_in_the_menu_and_on_the_toolbar(app: xw.App) -> None:
    office = app.impl.office
    provider = office.service("com.sun.star.configuration.ConfigurationProvider")
    node = arguments(nodepath="/org.openoffice.Office.Addons/AddonUI")
    ui = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", node
    )
    bar = ui.getByName("OfficeToolBar").getByName("org.smarketing.xl")
    on_bar = {bar.getByName(it).getByName("URL") for it in bar.getElementNames()}
    assert {f"org.smarketing:{name}" for name in BUTTONS} <= on_bar
    menu = ui.getByName("OfficeMenuBar").getByName("org.smarketing.xl").getByName("Submenu")
    in_menu = set()
    for step in menu.getElementNames():
        inner = menu.getByName(step).getByName("Submenu")
        in_menu |= {inner.getByName(it).getByName("URL") for it in inner.getElementNames()}
    assert in_menu == {f"org.smarketing:{name}" for name in BUTTONS}
