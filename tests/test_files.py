"""The one writer: what it refuses to write over, and what it keeps of what it replaces."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from smarketing_xl import actions
from smarketing_xl.cli.app import make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import CSV, PDF, path_of, private_folder, replace_file, write_file
from smarketing_xl.hosts import opened

PAPER = b"%PDF-1.7 a page"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A workbook that only its owner may read."""
    path = tmp_path / "Sales.xlsm"
    path.write_bytes(b"PK\x03\x04 a workbook")
    path.chmod(0o600)
    return path


def test_a_new_file_is_as_private_as_its_source(source: Path, tmp_path: Path) -> None:
    write_file(tmp_path / "a.pdf", PAPER, PDF, source=source)
    assert (tmp_path / "a.pdf").read_bytes() == PAPER
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("Sales.xlsm", None, "PDF"),
        ("other.xlsm", b"PK\x03\x04", "PDF"),
        ("crm.csv", b"Lead ID,Name\n", "PDF"),
        ("no ending", b"", "PDF"),
        ("picture.pdf", b"\x89PNG\r\n", "something else"),
        ("older.pdf", b"%PDF-1.4", "already exists"),
        ("nowhere/a.pdf", None, "no folder"),
    ],
)
def test_what_stands_there_is_not_written_over(
    source: Path, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(WorkbookError, match=says):
        write_file(path, PAPER, PDF, source=source)
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_source_is_never_written_over_under_another_name(source: Path, tmp_path: Path) -> None:
    disguised = tmp_path / "Agreement.pdf"
    disguised.hardlink_to(source)
    with pytest.raises(WorkbookError, match="made from"):
        write_file(disguised, PAPER, PDF, source=source, replace=True)
    assert source.read_bytes().startswith(b"PK")


def test_an_older_file_of_the_kind_is_replaced_when_that_was_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")
    path.chmod(0o640)
    write_file(path, b"new", CSV, replace=True)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_a_link_goes_on_leading_to_the_file_it_led_to(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    write_file(link, b"new", CSV, replace=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old")

    def fail(out: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(WorkbookError, match="No space left"):
        replace_file(path, fail)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]


def test_hard_links_that_part_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("old")
    other.hardlink_to(path)
    write_file(path, b"new", CSV, replace=True)
    assert other.read_text() == "old"
    assert "hard links" in caplog.text


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    try:
        os.setxattr(path, "user.origin", b"crm")
    except OSError:
        return  # a file system without them has none to lose
    write_file(path, b"new", CSV, replace=True)
    assert os.getxattr(path, "user.origin") == b"crm"


def test_no_paper_is_written_over_a_workbook(tmp_path: Path) -> None:
    book = make(tmp_path / "Sales.xlsm")
    before = book.read_bytes()
    for write in (actions.agreement_pdf, actions.review_pdf):
        with opened(book, "file") as live, pytest.raises(WorkbookError):
            write(live, book)
    assert book.read_bytes() == before


def test_a_workbook_in_a_cloud_has_no_path_here(tmp_path: Path) -> None:
    class InACloud:
        @property
        def fullname(self) -> str:
            raise RuntimeError("Couldn't find the local OneDrive folder")

    class AtHome:
        fullname = str(tmp_path / "Sales.xlsm")

    assert path_of(InACloud()) is None
    assert path_of(AtHome()) is None  # never saved
    (tmp_path / "Sales.xlsm").touch()
    assert path_of(AtHome()) == tmp_path / "Sales.xlsm"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_what_a_killed_run_left_goes_with_the_next_and_what_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    run = (
        "import sys, time; from pathlib import Path\n"
        "from smarketing_xl.files import private_folder, replace_file\n"
        "def slowly(out):\n    out.write(b'half'); out.flush(); print('there', flush=True); "
        "time.sleep(600)\n"
        "with private_folder() as folder:\n    (folder / 'copy.csv').write_text('a lead')\n"
        f"    replace_file(Path({str(tmp_path / 'list.csv')!r}), slowly)\n"
    )
    environ = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", run], stdout=subprocess.PIPE, env=environ
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"there\n"
        with private_folder() as own:
            assert len(list(temporary.iterdir())) == 2  # that of the other, which is at work
        assert not own.exists() and len(list(tmp_path.glob(".list-*"))) == 1
        process.kill()
        process.wait(60)
    with private_folder() as own:
        assert list(temporary.iterdir()) == [own]
    write_file(tmp_path / "list.csv", b"whole", CSV)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["list.csv", "tmp"]
