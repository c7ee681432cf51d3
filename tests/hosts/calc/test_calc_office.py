"""Starting and ending a LibreOffice of our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.files import private_folder
from smarketing_xl.hosts import calc
from smarketing_xl.hosts.calc.office import program
from tests.hosts.calc.live import WORKBOOK, ended, processes_of


@pytest.fixture
def broken_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python first on PATH, as in a virtual environment, whose library fails on import."""
    library = tmp_path / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for folder in (tmp_path / "bin", library / "lib-dynload"):
        folder.mkdir(parents=True)
    for module in ("os", "encodings"):
        (library / f"{module}.py").write_text("raise MemoryError('the library of another Python')")
    python = tmp_path / "bin" / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setenv("PATH", f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path))


@pytest.mark.usefixtures("broken_python")
def test_formulas_answer_whatever_python_is_first_on_the_path(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    app = calc.start(tmp_path / "profile", options=options)
    try:
        sheet = app.books.add().sheets[0]
        sheet["A1"].formula = "=REQUIRED_LEADS(1000000,300000,0.1)"
        assert sheet["A1"].value == 34
    finally:
        app.quit()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere LibreOffice brings its Python")
@pytest.mark.parametrize("kind", ["virtual environment", "installation", "home"])
def test_started_from_the_shell_of_another_python_it_lives(
    options: tuple[str, ...], tmp_path: Path, kind: str
) -> None:
    other, told = tmp_path / "other", {}
    if kind == "virtual environment":
        venv.create(other, with_pip=False)
    elif kind == "installation":  # as conda, or one built from source
        library = other / "lib" / f"python3.{sys.version_info.minor}"
        library.parent.mkdir(parents=True)
        library.symlink_to(sysconfig.get_path("stdlib"))
        (other / "bin").mkdir()
        (other / "bin" / "python3").symlink_to(sys.executable)
    else:
        told = {"PYTHONHOME": sys.base_prefix}
    user = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    converting = ("--convert-to", "csv", "--outdir", tmp_path, WORKBOOK)
    done = subprocess.run(
        [program("soffice"), "--headless", "--norestore", user, *options, *converting],
        env={**os.environ, "PATH": f"{other / 'bin'}:{os.defpath}", "SMARKETING_PIPE": "", **told},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert b"Smarketing XL" in (tmp_path / f"{WORKBOOK.stem}.csv").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_office_that_does_not_answer_is_ended_whole(tmp_path: Path) -> None:
    app = calc.start(tmp_path / "profile")
    processes = processes_of(str(tmp_path / "profile"))
    assert processes
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    app.quit()
    assert ended(str(tmp_path / "profile"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_office_ends_with_the_python_that_started_it_however_that_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = (
        "from smarketing_xl.hosts import calc; calc.start(); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", at_work],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as python:
        assert python.stdout is not None
        assert python.stdout.readline() == "open\n"
        assert processes_of("soffice.bin", str(tmp_path))
        python.kill()
    assert ended(str(tmp_path))
    assert list(tmp_path.iterdir())  # what the next run removes
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with private_folder():
        pass
    assert not list(tmp_path.iterdir())


def test_offices_started_are_apart(app: xw.App, tmp_path: Path) -> None:
    other = calc.start(tmp_path / "profile")
    try:
        book = other.books.add()
        assert book.fullname not in [it.fullname for it in app.books if it.fullname]
        assert len(other.books) == 1
    finally:
        other.quit()
    assert app.impl.office.lives()
    assert not other.impl.office.lives()
