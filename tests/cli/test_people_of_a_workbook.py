"""The day's list and people's rights from the terminal, in the workbook's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from smarketing_xl import actions
from smarketing_xl.book.read import find_table, read_table
from smarketing_xl.cli import app
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

LEADS = (
    "ID de lead,Creado,Nombre,Correo electrónico,Teléfono,Responsable,Estado,Cerrado,No contactar\n"
    "1,2026-03-03 10:00,Ana Díaz,ana@firma.example,+507 6123-4567,Eva,Nuevo,,\n"
    "2,2026-03-04 09:00,Bo Paz,bo@firma.example,,Leo,Nuevo,,\n"
    "3,2026-03-04 09:00,Cy Ruiz,cy@firma.example,,Leo,Nuevo,,Sí\n"
    "4,2020-03-04 09:00,Di Sol,di@firma.example,,Leo,Perdido,2020-04-01,\n"
)
NOW = ["--as-of", "2026-03-04T12:00:00", "--host", "file"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook in Spanish with four leads."""
    folder = tmp_path_factory.mktemp("ventas")
    leads = folder / "leads.csv"
    leads.write_text(LEADS, "utf-8")
    path = app.make(folder / "Ventas.xlsm", "es")
    with opened(path, "file") as book:
        actions.import_file(book, leads, "leads")
        place = find_table(book, tables.LEADS)
        place.block(0, place.offsets["grade"], 4, 1).value = [["A"]] * 4
    return path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "Ventas.xlsm"
    path.write_bytes(made.read_bytes())
    return path


def typed(*words: object) -> Result:
    return CliRunner().invoke(app.app, [*map(str, words)])


def test_the_day_is_said_in_the_workbooks_language_and_by_exit_code(book: Path) -> None:
    before = book.read_bytes()
    said = typed("today", book, *NOW)
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert lines[0] == "Eva, 04/03/2026: 1 con retraso, 0 para hoy"
    assert lines[1] == "1. Ana Díaz, +507 6123-4567 (1)"
    assert "Cy Ruiz" not in said.output and "Di Sol" not in said.output
    assert lines[-1].startswith("1 más no se lista: sin consentimiento")
    assert typed("today", book, "--owner", "leo", *NOW).output.startswith("Leo, 04/03/2026")
    quiet = typed("today", book, "--as-of", "2019-03-04T12:00:00", "--host", "file")
    assert (quiet.exit_code, quiet.output) == (3, "")
    assert book.read_bytes() == before


def test_the_day_goes_into_files_once(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "hoy.json"
    assert typed("today", book, "--json", "--out", out, *NOW).exit_code == 0
    assert [call["lead_id"] for call in json.loads(out.read_text("utf-8"))["calls"]] == ["1", "2"]
    again = typed("today", book, "--json", "--out", out, *NOW)
    assert "--force" in str(again.exception)
    ics = tmp_path / "hoy.ics"
    assert typed("today", book, "--ics", "--out", ics, *NOW).exit_code == 0
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert typed("today", book, "--json", "--ics", *NOW).exit_code != 0


def test_nobody_is_erased_or_made_anonymous_unasked(book: Path) -> None:
    before = book.read_bytes()
    shown = typed("person", book, "6123 4567")
    assert "Ana Díaz" in shown.output and "Bo Paz" not in shown.output
    refused = typed("person", book, "ana@firma.example", "--erase")
    assert "--yes" in str(refused.exception)
    counted = typed("retention", book)
    assert counted.output.startswith("1 ") and "--yes" in str(counted.exception)
    assert typed("retention", book, "--dry-run").exit_code == 0
    assert book.read_bytes() == before
    assert typed("person", book, "ana@firma.example", "--erase", "--yes").exit_code == 0
    assert typed("retention", book, "--yes").exit_code == 0
    assert "Ana Díaz" not in typed("today", book, *NOW).output
    with opened(book, "file", save=False) as live:
        names = read_table(live, tables.LEADS)["name"]
    assert names.dropna().tolist() == ["Bo Paz", "Cy Ruiz"]


def test_a_copy_for_others_is_never_written_over_the_workbook(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    assert isinstance(typed("anonymise", book, book).exception, Exception)
    made = tmp_path / "Agencia.xlsm"
    assert typed("anonymise", book, made).exit_code == 0
    assert "--force" in str(typed("anonymise", book, made).exception)
    assert book.read_bytes() == before
