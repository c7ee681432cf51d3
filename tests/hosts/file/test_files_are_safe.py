"""A file is replaced in one step or not at all, and never under someone else's hands."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book
from tests.strict_workbook import strict


def written(path: Path) -> object:
    book = open_book(path)
    book.sheets["Goals"]["B1"].value = 1
    return book


@pytest.mark.parametrize(
    ("lock", "content"),
    [
        ("~$rich.xlsm", b"\x09Ana L\xf3pez" + b" " * 45),
        (".~lock.rich.xlsm#", "Ana López,ana,pc,24.11.2026 02:00,file:///x;".encode()),
    ],
)
def test_a_file_open_elsewhere_is_refused(rich: Path, lock: str, content: bytes) -> None:
    book = written(rich)
    before = rich.read_bytes()
    rich.with_name(lock).write_bytes(content)
    with pytest.raises(WorkbookError, match=r"rich\.xlsm is open elsewhere \(Ana López\)"):
        book.save()  # type: ignore[attr-defined]
    with pytest.raises(WorkbookError, match="is open elsewhere"):
        open_book(rich)
    assert open_book(rich, read_only=True).sheets["Goals"]["B1"].value == 5000
    assert rich.read_bytes() == before


def test_a_read_only_file_is_refused(rich: Path) -> None:
    rich.chmod(0o444)
    with pytest.raises(WorkbookError, match="may not be written"):
        open_book(rich)


def test_a_file_changed_meanwhile_is_refused(rich: Path) -> None:
    book = written(rich)
    other = open_book(rich)
    other.sheets["Goals"]["B1"].value = 2
    other.save()
    with pytest.raises(WorkbookError, match="changed by someone else"):
        book.save()  # type: ignore[attr-defined]
    assert open_book(rich).sheets["Goals"]["B1"].value == 2


@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_a_failure_leaves_the_old_file(
    rich: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    book = written(rich)
    before = rich.read_bytes()

    def fail(_handle: int) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises((WorkbookError, KeyboardInterrupt)):
            book.save()  # type: ignore[attr-defined]
    assert rich.read_bytes() == before
    assert os.listdir(rich.parent) == ["rich.xlsm"]  # noqa: PTH208
    book.save()  # type: ignore[attr-defined]
    assert open_book(rich).sheets["Goals"]["B1"].value == 1


def test_a_copy_is_saved_under_another_name_of_the_same_kind(rich: Path) -> None:
    book = written(rich)
    before = rich.read_bytes()
    with pytest.raises(WorkbookError, match=r"ending \.xlsm"):
        book.save(rich.with_name("copy.xlsx"))  # type: ignore[attr-defined]
    book.save(rich.with_name("copy.xlsm"))  # type: ignore[attr-defined]
    assert rich.read_bytes() == before
    assert open_book(rich.with_name("copy.xlsm")).sheets["Goals"]["B1"].value == 1


def test_the_rights_of_the_file_stay(rich: Path) -> None:
    rich.chmod(0o640)
    written(rich).save()  # type: ignore[attr-defined]
    assert rich.stat().st_mode & 0o777 == 0o640


def test_a_strict_workbook_says_how_to_save_it(rich: Path, tmp_path: Path) -> None:
    saved = strict(rich, tmp_path / "strict.xlsm")
    with pytest.raises(WorkbookError, match="Strict Open XML"):
        open_book(saved)
