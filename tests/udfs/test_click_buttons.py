"""A click, on any host: what was done is said, what went wrong is said, nothing else happens."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing_xl import sample
from smarketing_xl.actions import IMPORTS, Summary, import_file
from smarketing_xl.book.read import find_table, read_table
from smarketing_xl.errors import Fault, NotEnoughData
from smarketing_xl.hosts import file, progress_bar
from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import LEADS
from udfs.buttons import run
from udfs.functions import FORMULAS
from udfs.macros import BUTTONS

WORKBOOKS = Path(__file__).parents[2] / "workbook"


class Shown:
    """The application in front of the user: what it was told to show."""

    def __init__(self) -> None:
        self.alerts: list[tuple[str, str]] = []
        self.told: list[Any] = []
        self.presses = "ok"
        self.selection: Any = None

    @property
    def status_bar(self) -> Any:
        return self.told[-1]

    @status_bar.setter
    def status_bar(self, text: Any) -> None:
        self.told.append(text)

    def alert(self, prompt: str, title: str, mode: str, buttons: str = "ok") -> str:
        self.alerts.append((prompt, mode))
        return self.presses if buttons == "ok_cancel" else "ok"


class Clicked:
    """A workbook on the file host, in an application that shows what it is told."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.app = Shown()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


@pytest.fixture(params=["Smarketing.xlsm", "Smarketing.es.xlsm"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    path = shutil.copy(WORKBOOKS / request.param, tmp_path / "book.xlsm")
    opened = file.open_book(Path(path))
    yield Clicked(opened)
    opened.close()


@pytest.fixture
def english(tmp_path: Path) -> Iterator[Any]:
    path = shutil.copy(WORKBOOKS / "Smarketing.xlsm", tmp_path / "book.xlsm")
    opened = file.open_book(Path(path))
    yield Clicked(opened)
    opened.close()


def sent(text: str) -> str:
    """An answer as Ribbon.bas sends it."""
    return text.encode("utf-16-be").hex().upper()


def pressing(monkeypatch: pytest.MonkeyPatch, outcome: Any) -> str:
    """A button whose action does as told."""

    def click(book: Any, *answer: str) -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setitem(BUTTONS, "score", dataclasses.replace(BUTTONS["score"], click=click))
    return "score"


def test_updating_the_plan_fills_the_sheet_and_says_so(book: Any) -> None:
    run("plan", book)
    assert book.app.alerts == []
    assert "12" in book.app.status_bar


def test_several_steps_are_said_in_one_line(english: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done = [Summary("Plan updated", 12), Summary("Leads scored", 2_000, ("all good",))]
    run(pressing(monkeypatch, done), english)
    assert english.app.status_bar == "Plan updated: 12 rows  |  Leads scored: 2,000 rows. all good"


def test_long_work_says_how_far_it_is(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_bar, "OFTEN", 0.0)
    with_the_sample(book)
    run("attribution", book)
    told = [text for text in book.app.told if text and "%" in text]
    shares = [int(re.findall(r"(\d+) %", text)[0]) for text in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] >= 80
    assert len(set(shares)) > 30
    assert any("Markov" in text for text in told)
    assert book.app.alerts == []


def test_escape_stops_long_work_and_nothing_is_written(
    book: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_bar, "OFTEN", 0.0)
    with_the_sample(book)
    before = [sheet.used_range.formula for sheet in book.sheets]
    presses = iter([False] * 20)
    book.app.impl = SimpleNamespace(escaped=lambda: next(presses, True))
    run("attribution", book)
    assert "Esc" in book.app.told[-3]
    assert "%" not in book.app.status_bar
    assert book.app.alerts == []
    assert [sheet.used_range.formula for sheet in book.sheets] == before
    book.app.impl = None
    run("attribution", book)
    assert [sheet.used_range.formula for sheet in book.sheets] != before


def test_a_refresh_says_what_was_filled_and_what_a_step_lacks(english: Any, tmp_path: Path) -> None:
    run("import_leads", english, exported(tmp_path))
    run("refresh", english)
    ((said, mode),) = english.app.alerts[1:]
    assert mode == "info"
    missed, done = said.split("\n\n")
    assert missed.startswith("Not updated: Attribution. No customer has a touch")
    assert "Leads scored: 2 rows" in done
    assert "Leads scored: 2 rows" in english.app.status_bar


def test_a_refresh_that_fills_nothing_is_told_as_a_failure(
    english: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Summary("Not updated: Plan", 0, faults=(Fault("No quota", "Type it"),))
    run(pressing(monkeypatch, [nothing]), english)
    assert english.app.alerts == [("Not updated: Plan. No quota. Type it", "critical")]
    assert english.app.status_bar == ""


def test_what_is_missing_is_said_with_its_remedy(
    english: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pressing(monkeypatch, NotEnoughData("Leads is empty", "Import it")), english)
    assert english.app.alerts == [("Leads is empty. Import it", "critical")]


def test_a_failure_nobody_foresaw_is_a_sentence_not_a_traceback(
    english: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(pressing(monkeypatch, RuntimeError("disk on fire")), english)
    assert english.app.alerts == [("Unexpected error: disk on fire", "critical")]


def test_the_workbooks_language_is_spoken(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = dataclasses.replace(BUTTONS["score"], click=lambda book: _("Smarketing"))
    monkeypatch.setitem(BUTTONS, "score", told)
    run("score", book)
    assert book.app.alerts[0][1] == "info"


def test_why_this_error_says_the_reason_of_the_selected_cell(english: Any) -> None:
    place = "'[Año.xlsm]Mi hoja'!$B$3"
    FORMULAS["CAC"].call(100, 0, place=place)
    run("why_error", english, sent(place), sent("#DIV/0!"))
    ((said, _mode),) = english.app.alerts
    assert said.startswith("CAC: customers is zero")


def test_a_cell_without_an_error_is_told_so(english: Any) -> None:
    run("why_error", english, sent("[Book]S!$A$9"), sent("34"))
    assert english.app.alerts[0][0].startswith("No formula of Smarketing has failed")


def with_the_sample(book: Any) -> None:
    for kind in IMPORTS:
        import_file(book, sample.path(kind), kind)


def exported(folder: Path) -> str:
    path = folder / "export.csv"
    path.write_text(
        "Lead ID,Name,E-mail,Created\n"
        "1,Ana,a@example.com,25/04/2026\n2,Ana,a@example.com,26/04/2026\n"
    )
    return sent(str(path))


def test_an_import_shows_what_it_found_before_it_writes(english: Any, tmp_path: Path) -> None:
    english.app.presses = "cancel"
    run("import_leads", english, exported(tmp_path))
    ((said, _mode),) = english.app.alerts
    assert "Created → Created: date, day first" in said
    assert english.app.status_bar is False
    assert read_table(english, LEADS).empty
    english.app.presses = "ok"
    run("import_leads", english, exported(tmp_path))
    assert "2 added" in english.app.status_bar
    assert len(read_table(english, LEADS)) == 2


def test_the_selected_duplicates_are_merged_and_no_others(english: Any, tmp_path: Path) -> None:
    run("import_leads", english, exported(tmp_path))
    run("find_duplicates", english)
    place = find_table(english, LEADS)
    english.app.selection = place.block(0, 0, 1, 1)
    run("merge_selected", english)
    assert "No lead was chosen" in english.app.alerts[-1][0]
    english.app.selection = place.block(0, 2, 2, 3)
    before = read_table(english, LEADS)["lead_id"].tolist()
    english.app.presses = "cancel"
    run("merge_selected", english)
    assert (
        "1 lead goes into the one that it duplicates:\nAna (2) → Ana (1)"
        in (english.app.alerts[-1][0])
    )
    assert read_table(english, LEADS)["lead_id"].tolist() == before
    english.app.presses = "ok"
    run("merge_selected", english)
    assert read_table(english, LEADS)["lead_id"].tolist() == ["1"]


def test_a_duplicate_that_a_filter_hides_is_not_merged(english: Any, tmp_path: Path) -> None:
    run("import_leads", english, exported(tmp_path))
    run("find_duplicates", english)
    place = find_table(english, LEADS)
    english.app.selection = place.block(0, 2, 2, 3)
    hidden = place.top + 2
    place.sheet.impl.model.xml.set_row_attributes(hidden, ' hidden="1"')
    run("merge_selected", english)
    assert "No lead was chosen" in english.app.alerts[-1][0]
    assert len(read_table(english, LEADS)) == 2
