"""`smarketing calc install` and `uninstall`: LibreOffice's own tool on a throw-away profile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.errors import CellError, WorkbookError
from smarketing_xl.hosts import calc
from smarketing_xl.hosts.calc.office import program
from smarketing_xl.setup import calc as setup


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    try:
        program("unopkg")
    except WorkbookError as error:
        pytest.skip(str(error))
    return tmp_path / "perfil ñ"


def smarketing(*words: object) -> str:
    command = [
        sys.executable,
        "-m",
        "smarketing_xl",
        *map(str, words),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout


def typed(profile: Path) -> object:
    """What a formula of ours answers in a LibreOffice of that profile."""
    app = calc.start(profile, options=setup.places(profile)[1:])
    try:
        cell: xw.Range = app.books.add().sheets[0]["A1"]
        cell.formula = "=REQUIRED_LEADS(1000000,300000,0.1)"
        return cell.options(err_to_str=True).value
    finally:
        app.quit()


def test_installed_it_answers_and_uninstalled_it_is_gone(profile: Path) -> None:
    assert "works from the next start on" in smarketing("calc", "install", "--profile", profile)
    assert typed(profile) == 34
    assert "works from" in smarketing(
        "calc", "install", "--profile", profile
    )  # a newer one over it
    assert typed(profile) == 34
    assert "no longer" in smarketing("calc", "uninstall", "--profile", profile)
    assert typed(profile) in ("#NAME?", CellError.VALUE)


def test_what_is_not_installed_cannot_be_taken_out(profile: Path) -> None:
    with pytest.raises(WorkbookError, match=r"LibreOffice refused: .*org\.smarketing\.xl"):
        setup.uninstall(profile)
