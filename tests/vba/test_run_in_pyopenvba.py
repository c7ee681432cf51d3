"""The workbook's VBA, run: formulas, errors and buttons, on Windows, on macOS, without Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.vba import com
from tests.vba.cases import FRIDAY, MONDAY, USUAL, as_rows, cases, differences
from tests.vba.openvba import Excel, error, shown
from udfs.error_reasons import why
from udfs.functions import FORMULAS
from udfs.macros import BUTTONS
from workbook.ribbon import callback

PLACE = "B3"


@pytest.fixture(scope="module")
def windows() -> Iterator[Excel]:
    with com.server() as server:
        yield Excel(server)


@pytest.fixture(scope="module")
def mac() -> Excel:
    return Excel(None, mac=True)


@pytest.fixture
def without_python() -> Excel:
    return Excel(None)


@pytest.mark.parametrize("name", USUAL)
def test_vba_answers_as_python_does_where_there_is_python(windows: Excel, name: str) -> None:
    assert differences(name, cases(name), windows.formula) == []


@pytest.mark.parametrize("name", USUAL)
def test_vba_answers_the_same_by_itself_on_a_mac(mac: Excel, name: str) -> None:
    assert differences(name, cases(name), mac.formula) == []


def test_every_formula_said_to_be_native_has_its_cases() -> None:
    assert {name for name, formula in FORMULAS.items() if formula.native} == USUAL.keys()


def test_only_formulas_that_read_whole_tables_need_python() -> None:
    needing = {name for name, formula in FORMULAS.items() if not formula.native}
    assert needing == {
        "PERSONA_SCORE", "PERSONA_BEST", "PERSONA_WHY", "LEAD_PLAN", "ATTRIBUTE_TOUCHES",
        "ATTRIBUTE_PATHS",
    }  # fmt: skip
    said = (Path(__file__).parents[2] / "docs" / "setup.md").read_text(encoding="utf-8")
    assert f"there {len(USUAL)} of the {len(FORMULAS)} answer in VBA" in said


def test_holidays_are_known_to_python_only(mac: Excel) -> None:
    assert mac.formula("BUSINESS_HOURS", FRIDAY, MONDAY, None, None, None, "ES") == "#N/A"


def test_a_moment_left_out_is_now(mac: Excel) -> None:
    assert mac.formula("SLA_STATUS", FRIDAY, None, 2.0) == "Late"
    month = dt.datetime.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    late = (month + dt.timedelta(days=62) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert mac.formula("SLA_STATUS", late, None, 2.0) == "Due"


def test_formulas_that_need_python_are_not_available_without_it(without_python: Excel) -> None:
    for name, formula in FORMULAS.items():
        if not formula.native:
            cells = [1.0] * len(formula.arguments)
            assert without_python.formula(name, *cells) == "#N/A"


def test_where_python_is_away_it_is_asked_once_and_formulas_still_answer(
    without_python: Excel,
) -> None:
    for _cell in range(3):
        assert without_python.formula("REQUIRED_LEADS", 1e6, 3e5, 0.1) == 34
    assert len(without_python.server.calls) == 1


def test_an_error_inside_a_function_is_an_answer_and_python_is_asked_again() -> None:
    excel = Excel(FailingServer(1))
    for _cell in range(2):
        assert excel.formula("CAC", 1.0, 1.0) == "#VALUE!"
    assert [call[0] for call in excel.server.calls] == ["CallUDF", "CallUDF"]


def test_a_server_that_has_ended_is_started_again_once() -> None:
    excel = Excel(FailingServer(462))
    assert excel.formula("CAC", 10.0, 2.0) == 5
    assert [call[0] for call in excel.server.calls] == ["CallUDF", "CallUDF"]
    assert "smarketing connect" in str(excel.status_bar)
    assert excel.formula("CAC", 10.0, 2.0) == 5
    assert len(excel.server.calls) == 2, "asked again within the minute"


def test_a_computer_that_was_never_connected_is_not_kept_waiting() -> None:
    excel = Excel(RecordingServer(), config={})
    assert excel.formula("CAC", 10.0, 2.0) == 5
    assert excel.server.calls == []


def test_settings_are_looked_up_for_the_first_formula_only(windows: Excel) -> None:
    assert windows.formula("CAC", 10.0, 2.0) == 5
    assert set(windows.server.looked_up) <= {"INTERPRETER_WIN", "C:\\Python\\python.exe"}
    before = len(windows.server.looked_up)
    for _cell in range(3):
        assert windows.formula("CAC", 10.0, 2.0) == 5
        assert windows.formula("REQUIRED_LEADS", 1e6, 3e5, 0.1) == 34
    assert len(windows.server.looked_up) == before


def test_ranges_of_the_sheet_are_read_at_once(windows: Excel) -> None:
    sheet = windows.app.sheet(1)
    sheet.set_value("A1", 1e6)
    sheet.set_value("A2", "x")
    cells = sheet.sheet.vba_get("Range", ["A1:A2"])
    found = windows.app.interpreter.run("REQUIRED_LEADS", [cells, 3e5, 0.1])
    assert as_rows(shown(found)) == [[34], ["#VALUE!"]]


def test_an_argument_left_out_takes_its_default(windows: Excel) -> None:
    assert windows.formula("REQUIRED_LEADS", 1e6, 3e5, 0.1) == 34


def test_dates_come_as_serial_numbers_and_answers_are_shown_as_dates(windows: Excel) -> None:
    due = windows.formula("FOLLOW_UP_DUE", 46024 + 17 / 24, 2.0)
    assert due.isoformat() == "2026-01-05T10:00:00"


def test_the_reason_of_an_error_is_kept_by_cell(windows: Excel) -> None:
    assert windows.formula("CAC", 100.0, 0.0) == "#DIV/0!"
    place = windows.server.calls[-1][3].items[-2]
    assert place.endswith("$B$3")
    assert "zero" in why(place)


def test_the_language_of_the_workbook_is_spoken() -> None:
    with com.server() as server:
        spanish = Excel(server, language="es")
        plan = spanish.formula("LEAD_PLAN", 1.2e6, 1e4, 0.1, 0.0, 46023.0)
        assert plan[0][0] == "Mes"


@pytest.mark.parametrize("name", list(BUTTONS))
def test_every_button_runs_its_macro_on_the_running_server(name: str) -> None:
    excel = Excel(RecordingServer())
    excel.answer_files("C:\\Año 1\\leads.csv")
    excel.run(f"Ribbon.{callback(BUTTONS[name])}", excel.server)
    called = [call[0] for call in excel.server.calls]
    assert called == ["Module", "SetAttr", "Exec"]
    assert excel.status_bar_given_back
    statement = str(excel.server.calls[-1][1])
    assert statement.startswith(f"import udfs.macros; udfs.macros.{name}(")
    assert not excel.escape_breaks_macros
    asked = {"": 0, "open": 1, "save": 1, "cell": 2}[BUTTONS[name].asks]
    answers = [text for text in statement.split("(")[1].strip(")").split(", ") if text]
    assert len(answers) == asked
    if BUTTONS[name].asks in ("open", "save"):
        path = bytes.fromhex(answers[0].strip("'")).decode("utf-16-be")
        assert path == "C:\\Año 1\\leads.csv"


@pytest.mark.parametrize("name", list(BUTTONS))
def test_every_button_runs_python_on_a_mac(name: str) -> None:
    excel = Excel(None, mac=True)
    excel.answer_files("/Users/ann/leads.csv")
    excel.run(f"Ribbon.{callback(BUTTONS[name])}", excel.server)
    ((called, statement, _python, path),) = excel.server.calls
    assert called == "ExecuteMac" and f"udfs.macros.{name}(" in statement
    assert path.split(";")[0] == "false" and path.count(";") == 6


def test_a_file_not_chosen_does_nothing() -> None:
    excel = Excel(RecordingServer())
    excel.answer_files(False)
    excel.run("Ribbon.Smarketing_import_leads", excel.server)
    assert excel.server.calls == []


def test_a_button_without_python_says_what_to_do(without_python: Excel) -> None:
    without_python.run("Ribbon.Smarketing_score", without_python.server)
    ((_kind, said, title, _style),) = without_python.app.dialogs
    assert "smarketing connect" in said and title == "Smarketing"


def test_opening_says_where_python_is_not_set_up_and_never_fails() -> None:
    excel = Excel(None, config={})
    excel.run("ThisWorkbook.Workbook_Open")
    assert "smarketing connect" in str(excel.status_bar)
    assert excel.app.dialogs == []
    assert [each["macro"].split("!")[1] for each in excel.described] == list(FORMULAS)
    for each in excel.described:
        assert 0 < len(each["description"]) <= 255
        assert all(0 < len(text) <= 255 for text in each["argumentdescriptions"])
    ready = Excel(None, config={"INTERPRETER_WIN": "C:\\Python\\python.exe"})
    ready.run("ThisWorkbook.Workbook_Open")
    assert "connect" not in str(ready.status_bar)


class FailingServer:
    """A server whose every answer is an error of COM."""

    def __init__(self, number: int) -> None:
        self.number = number

    def CallUDF(self, *given: Any) -> Any:  # noqa: N802 - the server's own name
        raise error(self.number, "it failed")


class RecordingServer:
    """A server that takes every call and does nothing."""

    def Module(self, name: str) -> com.Served:  # noqa: N802 - the server's own name
        return com.Served(name)

    def SetAttr(self, target: Any, name: str, value: Any) -> None:  # noqa: N802
        assert name == "BOOK_CALLER"

    def Exec(self, statement: str) -> None:  # noqa: N802
        compile(statement, "button", "exec")
