"""Every button of the extension, dispatched as a click does, in a live LibreOffice."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.book.contents import current
from smarketing_xl.hosts.calc.office import arguments
from smarketing_xl.schema import tables
from tests.hosts.calc.live import WORKBOOK, click, click_and_escape
from udfs.macros import BUTTONS
from workbook.calc import settings


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


def test_a_question_that_nobody_can_answer_is_a_no(filled: xw.Book) -> None:
    before = read.find_table(filled, tables.LEADS).height
    said = click(filled, "import_leads", str(sample.path("leads")), agreed=False)
    assert "Nobody can answer here: nothing was done" in said
    assert read.find_table(filled, tables.LEADS).height == before
    logged = read.raw_frame(read.find_table(filled, tables.LOG))
    assert len(logged) == 4  # of the four imports


FILLS = {
    "import_leads": (tables.LEADS, "created"),
    "import_customers": (tables.CUSTOMERS, "won_on"),
    "import_interactions": (tables.INTERACTIONS, "by"),
    "import_spend": (tables.SPEND, "cost"),
    "plan": (tables.PLAN, "leads_due"),
    "score": (tables.LEADS, "grade"),
    "find_duplicates": (tables.LEADS, "duplicate_of"),
    "sla": (tables.SLA_SALES, "assigned"),
    "attribution": (tables.ATTRIBUTION, "markov"),
    "learn": (tables.PROPOSAL, "lift"),
    "refresh": (tables.CAMPAIGNS, "linear"),
}


@pytest.mark.parametrize("name", FILLS)
def test_a_click_fills_its_table(filled: xw.Book, name: str) -> None:
    table, column = FILLS[name]
    given = [str(sample.path(name.removeprefix("import_")))] if BUTTONS[name].asks else []
    place = read.find_table(filled, table)
    cells = place.block(0, place.offsets[column], place.height - 1, 1)
    cells.clear_contents()
    said = click(filled, name, *given)
    assert "rows" in said, said
    place = read.find_table(filled, table)
    shown = place.block(0, place.offsets[column], place.height - 1, 1).options(ndim=1).value
    assert any(cell is not None for cell in shown)


@pytest.mark.parametrize("name", [it.name for it in BUTTONS.values() if it.asks == "save"])
def test_a_document_is_written(filled: xw.Book, name: str, tmp_path: Path) -> None:
    for needed in ("score", "sla", "attribution"):
        click(filled, needed)
    written = (tmp_path / "Acuerdo ñ").with_suffix(Path(BUTTONS[name].suggested).suffix)
    click(filled, name, str(written))
    begins = {".pdf": b"%PDF", ".txt": b"\xef\xbb\xbfAna Demo, ", ".csv": b"\xef\xbb\xbf"}
    assert written.read_bytes().startswith(begins[written.suffix])


def test_undo_takes_back_the_last_fill(filled: xw.Book) -> None:
    place = read.find_table(filled, tables.LEADS)
    click(filled, "score")
    cell = place.block(0, place.offsets["score"], 1, 1)
    right, cell.value = cell.value, -1.0
    click(filled, "score")
    assert cell.value == right
    assert "Undone" in click(filled, "undo")
    assert cell.value == -1


def test_check_names_what_is_broken(smarketing: xw.Book) -> None:
    place = read.find_table(smarketing, tables.PERSONAS)
    place.block(-1, place.offsets["operator"], 1, 1).value = "renamed"
    said = click(smarketing, "check")
    assert "Operator" in said, said


def test_help_is_shown(smarketing: xw.Book) -> None:
    assert "5. Feedback" in click(smarketing, "help")


def test_ticked_criteria_are_adopted(filled: xw.Book) -> None:
    click(filled, "learn")
    place = read.find_table(filled, tables.PROPOSAL)
    place.block(0, place.offsets["take"], 1, 1).value = "Yes"
    before = len(read.read_table(filled, tables.PERSONAS))
    assert "rows" in click(filled, "adopt")
    assert len(read.read_table(filled, tables.PERSONAS)) > before


OTHERS = {"adopt", "merge_selected", "undo", "check", "help"}


def test_every_other_button_answers(filled: xw.Book) -> None:
    others = {name for name, button in BUTTONS.items() if not button.asks} - OTHERS - FILLS.keys()
    for name in others:
        said = click(filled, name)
        assert said
        assert "Unexpected" not in said


def test_a_click_is_one_step_of_the_undo_of_calc(filled: xw.Book) -> None:
    place = read.find_table(filled, tables.LEADS)
    at = place.offsets["score"]
    click(filled, "score")
    place.block(0, at, 5, 1).value = [[-1.0]] * 5
    click(filled, "score")
    assert place.block(0, at, 1, 1).value >= 0
    undo = filled.impl.api.getUndoManager()
    assert undo.getCurrentUndoActionTitle() == "Score leads"
    undo.undo()
    assert place.block(0, at, 1, 1).value == -1


def test_a_step_that_a_killed_command_left_open_does_no_harm(smarketing: xw.Book) -> None:
    undo = smarketing.impl.api.getUndoManager()
    undo.enterUndoContext("killed")
    before = content(smarketing)
    assert "rows" in click(smarketing, "plan")
    assert content(smarketing) != before
    undo.undo()
    assert content(smarketing) == before


def content(book: xw.Book) -> dict[tuple[str, int, int], str]:
    """Every cell that is not blank, as it was typed."""
    return {
        (sheet.name, down, across): cell
        for sheet in book.sheets
        for down, row in enumerate(sheet.used_range.formula)
        for across, cell in enumerate(row)
        if cell
    }


def test_every_step_can_be_undone_and_redone_by_calc(smarketing: xw.Book) -> None:
    undo = smarketing.impl.api.getUndoManager()
    stages = [content(smarketing)]
    for step in actions.demonstration(now=dt.datetime.combine(sample.AS_OF, dt.time(12))):
        undo.enterUndoContext("step")
        step(smarketing)
        undo.leaveUndoContext()
        stages.append(content(smarketing))
    assert len(stages[-1]) > 50 * len(stages[0])
    for stage in reversed(stages[:-1]):
        undo.undo()
        assert content(smarketing) == stage
    for stage in stages[1:]:
        undo.redo()
        assert content(smarketing) == stage


def test_a_button_that_fails_changes_nothing_and_says_why(filled: xw.Book) -> None:
    place = read.find_table(filled, tables.PERSONAS)
    operator = place.block(0, place.offsets["operator"], 1, 1)
    right, operator.value = operator.value, "resembles"
    before = contents(filled)
    said = click(filled, "score")
    assert "Personas" in said
    assert "resembles" in said
    assert contents(filled) == before
    operator.value = right


def test_a_write_that_fails_takes_back_what_was_written(filled: xw.Book) -> None:
    click(filled, "score")
    place = read.find_table(filled, tables.LEADS)
    place.block(0, place.offsets["score"], 5, 1).value = [[-1.0]] * 5
    log = read.find_table(filled, tables.LOG).sheet
    before = contents(filled)
    log.api.protect("")
    said = click(filled, "score")  # writes the leads, then its line in the log
    log.api.unprotect("")
    assert said.startswith(f"The sheet {log.name} is protected")
    assert contents(filled) == before


def everything(book: xw.Book) -> list[object]:
    """Every cell of every table but the log and the journal; formulas as formulas."""
    places = [
        read.find_table(book, it) for it in tables.TABLES if it not in (tables.LOG, tables.JOURNAL)
    ]
    return [
        current(place, range(len(place.headers)), place.height - 1).tolist() for place in places
    ]


def contents(book: xw.Book) -> list[object]:
    return [sheet.used_range.formula for sheet in book.sheets]


def test_escape_stops_a_button_and_nothing_is_written(filled: xw.Book) -> None:
    before = contents(filled)
    assert "was stopped" in click_and_escape(filled, "attribution")
    assert contents(filled) == before
    assert "rows" in click(filled, "attribution")


def test_why_this_error_says_the_sentence_of_the_selected_cell(smarketing: xw.Book) -> None:
    sheet = smarketing.sheets["Home"]
    cell = sheet.range("Z99")
    cell.formula = '=REQUIRED_LEADS("a lot",6000,0.1)'
    cell.select()
    assert "quota is not a number" in click(smarketing, "why_error")


def test_why_this_error_speaks_of_the_selected_cell_alone(smarketing: xw.Book) -> None:
    sheet = smarketing.sheets["Home"]
    sheet.range("Z98").formula = '=REQUIRED_LEADS("a lot",6000,0.1)'
    sheet.range("Z99").value = "well"
    sheet.range("Z99").select()
    assert "No formula of Smarketing has failed" in click(smarketing, "why_error")
    sheet.range("Z97:Z99").select()  # the first of them that shows an error
    assert "quota is not a number" in click(smarketing, "why_error")
    sheet.range("Z99").formula = "=1/0"
    sheet.range("Z99").select()
    assert "divided by zero" in click(smarketing, "why_error")


def test_why_this_error_answers_in_an_array_formula(smarketing: xw.Book) -> None:
    cells = smarketing.sheets["Home"].range("Z98:Z99")
    cells.formula_array = '=REQUIRED_LEADS({"a lot";1000},6000,0.1)'
    smarketing.sheets["Home"].range("Z98").select()
    assert "is not a number ('a lot')" in click(smarketing, "why_error")
    assert cells.formula_array == '=REQUIRED_LEADS({"a lot";1000},6000,0.1)'


def test_without_a_cell_why_this_error_says_so(smarketing: xw.Book) -> None:
    document = smarketing.impl.api
    shape = document.createInstance("com.sun.star.drawing.RectangleShape")
    page = smarketing.sheets["Home"].api.getDrawPage()
    page.add(shape)
    controller = document.getCurrentController()
    controller.select(shape)
    assert "No cell is selected" in click(smarketing, "why_error")


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


def configuration(app: xw.App, path: str) -> Any:
    office = app.impl.office
    provider = office.service("com.sun.star.configuration.ConfigurationProvider")
    return provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", arguments(nodepath=path)
    )


def test_every_button_is_in_the_menu_and_on_a_toolbar(app: xw.App) -> None:
    ui = configuration(app, "/org.openoffice.Office.Addons/AddonUI")
    bars = [ui.getByName("OfficeToolBar").getByName(name) for name in settings.TOOLBARS]
    on_bar = {bar.getByName(it).getByName("URL") for bar in bars for it in bar.getElementNames()}
    assert {f"org.smarketing:{name}" for name in BUTTONS} <= on_bar
    menu = ui.getByName("OfficeMenuBar").getByName("org.smarketing.xl").getByName("Submenu")
    in_menu = set()
    for step in menu.getElementNames():
        inner = menu.getByName(step).getByName("Submenu")
        in_menu |= {inner.getByName(it).getByName("URL") for it in inner.getElementNames()}
    assert in_menu == {f"org.smarketing:{name}" for name in BUTTONS}


def test_toolbars_have_names_and_are_docked(app: xw.App) -> None:
    states = configuration(app, "/org.openoffice.Office.UI.CalcWindowState/UIElements/States")
    rows = set()
    for name in settings.TOOLBARS:
        bar = states.getByName(f"private:resource/toolbar/addon_{name}")
        assert bar.UIName.startswith("Smarketing ")
        assert (bar.Docked, bar.Visible, bar.DockingArea) == (True, True, 0)
        rows.add(bar.DockPos)
    assert len(rows) == len(settings.TOOLBARS)


@pytest.mark.parametrize("language", ["en-US", "es"])
def test_a_toolbar_is_no_longer_than_the_screen_of_a_laptop(language: str) -> None:
    """A letter takes 5.9 of 1,366 pixels in LibreOffice's plainest window, a button 14 more."""
    bars = ElementTree.fromstring(settings.buttons()).find("node/node[2]")
    assert bars is not None
    assert len(bars) == len(settings.TOOLBARS)
    for bar in bars:
        spoken = bar.iterfind(".//value[@{http://www.w3.org/XML/1998/namespace}lang]")
        titles = [it.text or "" for it in spoken if language in it.attrib.values()]
        assert titles
        assert sum(5.9 * len(title) + 14 for title in titles) <= 1366, titles


def test_selected_duplicates_are_merged_one_by_one_and_undone(filled: xw.Book) -> None:
    click(filled, "find_duplicates")
    states = [everything(filled)]
    for _time in range(2):
        place = read.find_table(filled, tables.LEADS)
        leads = read.raw_frame(place).set_index("lead_id", drop=False)
        gone = leads.index[leads["duplicate_of"].fillna("") != ""][0]
        first = leads.loc[gone, "duplicate_of"]
        row = read.raw_frame(place)["lead_id"].eq(gone).idxmax()
        place.block(int(row) - place.top - 1, 0, 1, 1).select()
        assert "Duplicates merged: 1 row" in click(filled, "merge_selected")
        left = read.raw_frame(place).set_index("lead_id")
        assert set(leads.index) - set(left.index) == {gone}
        assert left.loc[first, "merged"].endswith(gone)
        states.append(everything(filled))
    for earlier in states[-2::-1]:
        assert "Undone" in click(filled, "undo")
        assert everything(filled) == earlier
    again = read.raw_frame(read.find_table(filled, tables.LEADS))
    assert set(again["merged"].dropna()) <= {""}


def test_old_leads_are_counted_first_and_then_nobody(smarketing: xw.Book, tmp_path: Path) -> None:
    crm = tmp_path / "crm.csv"
    crm.write_text(
        "Lead ID,Created,Name,E-mail,Status,Closed\n"
        "1,2019-01-02,Ana Díaz,ana@firma.example,Lost,2019-03-04\n"
        "2,2019-01-02,Bo Paz,bo@firma.example,Customer,2019-03-04\n"
    )
    click(smarketing, "import_leads", str(crm))
    undo = smarketing.impl.api.getUndoManager()
    before, steps = everything(smarketing), len(undo.getAllUndoActionTitles())
    asked = click(smarketing, "retention", agreed=False)
    assert asked.startswith("1 lead ended more than 24 months ago. Make them anonymous?")
    assert everything(smarketing) == before
    assert len(undo.getAllUndoActionTitles()) == steps
    said = click(smarketing, "retention")
    assert "Save the workbook" in said
    names = read.read_table(smarketing, tables.LEADS)["name"]
    assert names.dropna().tolist() == ["Bo Paz"]
    assert "Ana" not in str(contents(smarketing))
    assert not undo.isUndoPossible()
    assert "1 lead ended" not in click(smarketing, "retention")


def test_a_renamed_header_is_found_and_put_back(smarketing: xw.Book) -> None:
    place = read.find_table(smarketing, tables.LEADS)
    header = place.block(-1, place.offsets["company"], 1, 1)
    header.value = "Firma"
    below = place.block(place.height - 1, 0, 1, 1)
    below.value = "L-pasted"
    assert "the header Firma becomes Company again" in "".join(actions.offered_repairs(smarketing))
    assert "Firma" in click(smarketing, "check")  # asks; without a window nobody may say yes
    actions.repair(smarketing)
    assert header.value == "Company"
    assert "L-pasted" in read.read_table(smarketing, tables.LEADS)["lead_id"].tolist()
    assert not actions.check(smarketing).rows


DEALS = (
    "Opportunity ID,Opportunity Name,Stage,Close Date,Amount,Opportunity Owner,Created Date,"
    "Lead ID\n"
    "006A,Alfa,Closed Won,2026-03-20,500,Ana,2026-03-05,A\n"
    "006B,Beta,Closed Lost,2026-03-21,700,Ana,2026-03-05,B\n"
    "006C,Gamma,Prospecting,2027-03-21,900,Ana,2026-03-25,C\n"
)


def test_an_import_of_deals_marks_their_leads_and_undo_takes_it_back(
    app: xw.App, tmp_path: Path
) -> None:
    path = tmp_path / "deals.xlsm"
    shutil.copyfile(WORKBOOK, path)
    leads, deals = tmp_path / "leads.csv", tmp_path / "opportunities.csv"
    leads.write_text(
        "Lead ID,Created,Owner\nA,2026-03-04,Ana\nB,2026-03-04,Ana\nC,2026-03-04,Eva\n"
    )
    deals.write_text(DEALS)
    book = app.books.open(str(path))
    try:
        click(book, "import_leads", str(leads))
        before = marked(book)
        assert before["status"].isna().all()
        said = click(book, "import_deals", str(deals))
        assert "3 added" in said, said
        after = marked(book)
        assert after["status"].tolist() == ["won", "lost", "opportunity"]
        assert after["revenue"].tolist()[0] == 500
        assert after["closed"].tolist()[:2] == [dt.datetime(2026, 3, 20), dt.datetime(2026, 3, 21)]
        assert len(read.read_table(book, tables.DEALS)) == 3
        click(book, "import_deals", str(deals))  # again: nothing twice
        assert len(read.read_table(book, tables.DEALS)) == 3
        assert marked(book).equals(after)
        click(book, "undo")
        click(book, "undo")
        assert marked(book).equals(before)
        assert read.read_table(book, tables.DEALS).empty
    finally:
        book.close()


def marked(book: xw.Book) -> pd.DataFrame:
    """What the table of leads says became of each."""
    return read.read_table(book, tables.LEADS, ())[["lead_id", "status", "closed", "revenue"]]
