"""A command that is told to go (SIGTERM, a closed terminal) takes what is half-made with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from smarketing_xl.cli.app import make

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of Unix")
GOING = [signal.SIGTERM, signal.SIGHUP]


def tell_to_go(number: signal.Signals, at_work: Callable[[], bool], *words: object) -> None:
    """Start a command, and end it by a signal once it is at work."""
    with subprocess.Popen(
        [sys.executable, "-m", "smarketing_xl", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        until = time.monotonic() + 120
        while not at_work() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(number)
        assert process.wait(120) == 128 + number


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of the commands started."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("number", GOING)
def test_nothing_half_made_is_left(tmp_path: Path, temporary: Path, number: signal.Signals) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    made = folder / "demo.xlsm"
    tell_to_go(number, lambda: made.exists() and not time.sleep(1), "demo", made)
    assert list(folder.iterdir()) == []
    assert [each for each in temporary.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("number", GOING)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_copy_of_an_export_is_left(
    tmp_path: Path, temporary: Path, number: signal.Signals, suffix: str
) -> None:
    book, export = make(tmp_path / "Sales.xlsm"), tmp_path / f"crm{suffix}"
    frame = pl.DataFrame({"Lead ID": range(2_000), "Email": "ana@example.org"})
    if suffix == ".csv":
        export.write_text(frame.write_csv(), encoding="utf-16")
    else:
        frame.write_excel(export)
    before = book.read_bytes()
    tell_to_go(
        number,
        lambda: any(temporary.glob("smarketing-*/in-use")),
        *("import", book, export, "--as", "leads", "--yes"),
    )
    assert not any(temporary.glob("smarketing-*"))
    assert book.read_bytes() == before
