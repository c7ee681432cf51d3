"""The two editions of the workbook: the same but for the macros, and one turned into the other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from pyopenvba import ExcelFile
from typer.testing import CliRunner
from xlsxwriter.workbook import Workbook

from smarketing_xl.actions import sla
from smarketing_xl.book.read import read_table
from smarketing_xl.cli.app import app, make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import file as files
from smarketing_xl.hosts.calc.repair_saved_xlsx import mend
from smarketing_xl.hosts.file.parts.package import MAIN, Package
from smarketing_xl.i18n import LANGUAGES, Language
from smarketing_xl.schema import tables
from smarketing_xl.setup.connect import connect_workbook
from smarketing_xl.setup.editions import holiday_headers, is_without_macros
from smarketing_xl.setup.template import template_path
from tests.udfs.ironcalc_book import Book
from udfs.lambdas.names import names

MACROS = {"xl/vbaProject.bin", "customUI/customUI14.xml"}
TOLD = {"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"}
LEADS = "Lead ID,Company,Country,Employees\nL1,Norte,Panama,80\nL2,Sur,Panama,5\n"


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def edition(path: Path, way: str) -> None:
    done = CliRunner().invoke(app, ["edition", str(path), way])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_editions_hold_the_same_sheets_tables_and_labels(
    tmp_path: Path, language: Language
) -> None:
    with_macros = parts(make(tmp_path / "Plan.xlsm", language))
    without = parts(make(tmp_path / "Plan.xlsx", language))
    assert with_macros.keys() - without.keys() == MACROS
    assert without.keys() <= with_macros.keys()
    different = {part for part, content in without.items() if with_macros[part] != content}
    assert different == TOLD
    book = files.open_book(tmp_path / "Plan.xlsx")
    twin = files.open_book(tmp_path / "Plan.xlsm")
    assert [it.name for it in book.names if it.name not in names(language)] == [
        it.name for it in twin.names
    ]
    assert {it.name for it in book.names} >= names(language).keys()
    book.close()
    twin.close()


def test_no_macro_is_left_and_excel_is_told_so(tmp_path: Path) -> None:
    found = parts(make(tmp_path / "Plan.xlsx"))
    told = b"".join(found[part] for part in TOLD)
    for word in (b"vbaProject", b"macroEnabled", b"customUI"):
        assert word not in told
    assert found["xl/workbook.xml"].count(b">_xlfn.LAMBDA(") == len(names("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_macros_and_functions_never_stand_together(language: Language) -> None:
    assert b"LAMBDA(" not in parts(template_path(language))["xl/workbook.xml"]


def test_there_and_back_changes_nothing_but_the_macros(tmp_path: Path) -> None:
    before = parts(make(tmp_path / "Plan.xlsm", "es"))
    edition(tmp_path / "Plan.xlsm", "--no-macros")
    assert not (tmp_path / "Plan.xlsm").exists()
    assert is_without_macros(tmp_path / "Plan.xlsx")
    edition(tmp_path / "Plan.xlsx", "--macros")
    assert not (tmp_path / "Plan.xlsx").exists()
    after = parts(tmp_path / "Plan.xlsm")
    assert after.keys() == before.keys()
    assert {part for part in after if after[part] != before[part]} <= TOLD
    with ExcelFile(tmp_path / "Plan.xlsm") as book, ExcelFile(template_path("es")) as built:
        assert book.vba_modules() == built.vba_modules()


def test_the_log_and_undo_go_along(tmp_path: Path) -> None:
    workbook, data = make(tmp_path / "Plan.xlsm"), tmp_path / "leads.csv"
    data.write_text(LEADS, encoding="utf-8")
    run = CliRunner()
    assert run.invoke(app, ["import", str(workbook), str(data), "--yes"]).exit_code == 0
    edition(workbook, "--no-macros")
    plan = tmp_path / "Plan.xlsx"
    assert leads(plan) == ["L1", "L2"]
    undone = run.invoke(app, ["undo", str(plan)])
    assert undone.exit_code == 0 and "Leads" in undone.output
    assert leads(plan) in ([], [None])
    assert is_without_macros(plan)


def test_fill_sla_writes_the_holidays_that_its_functions_read(tmp_path: Path) -> None:
    workbook, data = make(tmp_path / "Plan.xlsx", "es"), tmp_path / "leads.csv"
    data.write_text(LEADS, encoding="utf-8")
    assert CliRunner().invoke(app, ["import", str(workbook), str(data), "--yes"]).exit_code == 0
    book = files.open_book(workbook)
    try:
        book.names["holiday_country"].refers_to_range.value = "PA"
        sla(book)
        found = read_table(book, tables.HOLIDAYS)
        assert set(found["country"]) == {"PA"}
        mourning = found.set_index("day")["holiday"][pd.Timestamp("2026-12-20")]
        assert "Duelo" in mourning and found["day"].is_monotonic_increasing
        book.names["holiday_country"].refers_to_range.value = None
        sla(book)
        assert read_table(book, tables.HOLIDAYS).empty
    finally:
        book.close()


def test_an_edition_made_of_an_older_workbook_asks_for_no_table_it_lacks(tmp_path: Path) -> None:
    package = Package.read_file(template_path("es"))
    assert holiday_headers(package) == {"country": "País", "day": "Día", "holiday": "Feriado"}
    assert holiday_headers(Package.read_file(_without_tables(tmp_path))) == {}


def _without_tables(folder: Path) -> Path:
    path = folder / "old.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("Lists")
    return path


def leads(path: Path) -> list[object]:
    book = files.open_book(path)
    try:
        found = book.sheets["Leads"].tables["Leads"].data_body_range.columns[0].value
    finally:
        book.close()
    return found if isinstance(found, list) else [found]


def test_functions_that_another_program_damaged_are_put_back(tmp_path: Path) -> None:
    path = make(tmp_path / "Plan.xlsx")
    whole = parts(path)
    damaged = whole["xl/workbook.xml"].replace(b">_xlfn.LAMBDA(", b">_xlfn.lambda(")
    with zipfile.ZipFile(path, "w") as package:
        for part, content in whole.items():
            package.writestr(part, damaged if part == "xl/workbook.xml" else content)
    assert not is_without_macros(path)
    edition(path, "--no-macros")
    assert is_without_macros(path)
    assert parts(path).keys() == whole.keys()
    again = CliRunner().invoke(app, ["edition", str(path), "--no-macros"])
    assert again.exit_code and "already" in str(again.exception or again.output)


def test_the_doctor_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["doctor", str(make(tmp_path / "Plan.xlsx"))]).output
    assert "without macros" in " ".join(told.split())
    assert "lost its macros" not in told and "not connected" not in told


def test_calc_saves_the_functions_back_as_they_were(tmp_path: Path) -> None:
    whole = make(tmp_path / "Plan.xlsx").read_bytes()
    saved = tmp_path / "Saved.xlsx"
    with zipfile.ZipFile(saved, "w") as package:  # as Calc 7.4 writes them
        for part, content in parts(tmp_path / "Plan.xlsx").items():
            package.writestr(part, content.replace(b">_xlfn.LAMBDA(", b">_xlfn.lambda("))
    saved.write_bytes(mend(saved.read_bytes(), whole))
    assert is_without_macros(saved)
    assert b">_xlfn.lambda(" not in parts(saved)["xl/workbook.xml"]


def test_connect_says_that_this_edition_needs_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="needs nothing"):
        connect_workbook(make(tmp_path / "Plan.xlsx"))


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "Plan.xlsm")
    book = files.open_book(path)
    book.names.add("CAC", "=Goals!$A$1")
    book.save()
    book.close()
    before = path.read_bytes()
    done = CliRunner().invoke(app, ["edition", str(path), "--no-macros"])
    assert done.exit_code and "CAC" in str(done.exception or done.output)
    assert path.read_bytes() == before and not path.with_suffix(".xlsx").exists()


def test_macros_of_others_are_not_thrown_away(tmp_path: Path) -> None:
    path = make(tmp_path / "Plan.xlsm")
    with ExcelFile(path) as file:
        file.vba_project().add_module("Mine", 'Sub Hello()\r\n    MsgBox "Hello"\r\nEnd Sub\r\n')
        file.save()
    done = CliRunner().invoke(app, ["edition", str(path), "--no-macros"])
    assert done.exit_code and "Mine" in str(done.exception or done.output)
    assert path.exists() and not path.with_suffix(".xlsx").exists()


def test_another_engine_reads_the_functions_of_the_workbook(tmp_path: Path) -> None:
    told = etree.fromstring(parts(make(tmp_path / "Plan.xlsx", "es"))["xl/workbook.xml"])
    with Workbook(str(tmp_path / "alone.xlsx")) as alone:  # its sheets would take minutes there
        alone.add_worksheet("Sheet")
        for entry in told.iter(f"{{{MAIN}}}definedName"):
            if entry.text.startswith("_xlfn.LAMBDA("):
                alone.define_name(entry.get("name"), f"={entry.text}")
    book = Book(tmp_path / "alone.xlsx")
    assert book.ask("=REQUIRED_LEADS(1000000,300000,0.1)") == 34
    assert book.ask('=LEAD_GRADE(75,{"A",80;"B",50})') == "B"
