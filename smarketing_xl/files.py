"""The one writer of files: the right kind, never over the source, whole or not at all.

Every file that we write, be it a workbook, a PDF or a list, goes through `write_file`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import _

_log = logging.getLogger(__name__)
_TEMPORARY = ".tmp"
_FOLDER = "smarketing-"
_IN_USE = "in-use"
_IS_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class FileKind:
    """A kind of file. suffixes: its endings; begins: how its content begins (any, if blank)."""

    name: str
    suffixes: tuple[str, ...]
    begins: bytes = b""


WORKBOOK = FileKind("Excel", (".xlsm", ".xlsx"), b"PK\x03\x04")
PDF = FileKind("PDF", (".pdf",), b"%PDF")
CSV = FileKind("CSV", (".csv",))
JSON = FileKind("JSON", (".json",))
TEXT = FileKind("Text", (".txt",))
CALENDAR = FileKind("iCalendar", (".ics",), b"BEGIN:VCALENDAR")


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from another."""

    size: int
    changed: int
    node: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """The stamp of a file as it is now."""
        state = path.stat()
        return cls(state.st_size, state.st_mtime_ns, state.st_ino)


class OpenBook(Protocol):
    """A workbook that is open in an application."""

    @property
    def fullname(self) -> str:
        """Its path; Excel raises for one in a cloud that is not synchronised to this computer."""


def path_of(book: OpenBook) -> Path | None:
    """The file of an open workbook; None for one that was never saved, or lies in a cloud."""
    try:
        path = Path(book.fullname)
    except Exception:  # in whatever words the application says that it has no path here
        return None
    return path if path.is_file() else None


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """WorkbookError where the file is no longer the one that was opened."""
    if not path.exists() or Stamp.of(path) != stamp:
        raise WorkbookError(
            _("{name} was changed by someone else meanwhile").format(name=path.name),
            _("Open it again and repeat the step; nothing was written"),
        )


def check_target(
    path: Path, kind: FileKind, *, source: Path | None = None, replace: bool = False
) -> None:
    """WorkbookError where a file of that kind must not be written there.

    source: the file that it is made from, which is never overwritten. replace: whether a file of
    the same kind that stands there may go.
    """
    if path.suffix.lower() not in kind.suffixes:
        raise WorkbookError(
            _("{name} would hold a file of the kind {kind}").format(name=path.name, kind=kind.name),
            _("Let its name end in {endings}").format(endings=", ".join(kind.suffixes)),
        )
    if not path.exists():
        if not path.parent.is_dir():
            raise WorkbookError(
                _("There is no folder {folder}").format(folder=path.parent),
                _("Make it, or choose another"),
            )
        return
    if source is not None and source.exists() and path.samefile(source):
        raise WorkbookError(
            _("{name} is the file that this is made from").format(name=path.name),
            _("Choose another name; nothing was written"),
        )
    if not path.is_file():
        raise WorkbookError(
            _("{name} is no plain file").format(name=path.name), _("Choose another name")
        )
    if not _is_of(path, kind):
        raise WorkbookError(
            _("{name} holds something else than a file of the kind {kind}").format(
                name=path.name, kind=kind.name
            ),
            _("Choose another name; nothing was written"),
        )
    if not replace:
        raise WorkbookError(
            _("{path} already exists").format(path=path.name),
            _("Choose another name, or say that it may be replaced: --force"),
        )


def write_file(
    path: Path,
    content: bytes | Callable[[BinaryIO], None],
    kind: FileKind,
    *,
    source: Path | None = None,
    replace: bool = False,
) -> None:
    """Write a file of a kind in one step; until it is whole, what stood there stays.

    content: the bytes, or what writes them. source, replace: as `check_target` takes them. A new
    file is as private as its source at least: beside one that only its owner may read, nobody else
    may read it. Raises WorkbookError; then nothing was written.
    """
    check_target(path, kind, source=source, replace=replace)
    allowed = stat.S_IMODE(source.stat().st_mode) if source is not None else 0o777
    replace_file(path, content if callable(content) else lambda out: _put(out, content), allowed)


def replace_file(
    path: Path,
    write: Callable[[BinaryIO], None],
    allowed: int = 0o777,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Write a file beside `path`, then put it in its place; until then the old one stays.

    Where path is a link, the file that it leads to is replaced. Rights, owner and extended
    attributes of the old file are kept; where they cannot be, that is logged. allowed: rights that
    a new file may have at most. before: the last check, made when all is written. Raises
    WorkbookError.
    """
    target = path.resolve()
    _sweep(target)
    try:
        handle, name = tempfile.mkstemp(
            prefix=_prefix(target), suffix=_TEMPORARY, dir=target.parent
        )
    except OSError as error:
        raise _failed(path, error) from error
    new = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            _mark_in_use(out)
            write(out)
            out.flush()
            os.fsync(out.fileno())
            if target.exists():
                _take_over(target, new)
            else:
                new.chmod(0o666 & ~_umask() & allowed)
            before()
            if not _IS_WINDOWS:  # where only a closed file can be renamed
                new.replace(target)
        if _IS_WINDOWS:
            new.replace(target)
    except PermissionError as error:
        raise denied(path) from error
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    _settle(target.parent)


def _prefix(target: Path) -> str:
    return f".{target.stem}-"


def _mark_in_use(out: BinaryIO) -> None:
    """Until it is closed, nobody takes the file for one that a killed run left behind."""
    if not _IS_WINDOWS:  # which lets nobody delete an open file
        import fcntl

        with contextlib.suppress(OSError):  # some network disks know no locks
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(target: Path) -> None:
    """Delete what runs that were killed while they wrote this file have left beside it."""
    left = re.compile(re.escape(_prefix(target)) + r"[a-z0-9_]{8}" + re.escape(_TEMPORARY))
    for old in target.parent.glob(f".*{_TEMPORARY}"):
        if left.fullmatch(old.name):
            with contextlib.suppress(OSError):
                if _is_abandoned(old):
                    old.unlink()


def _is_abandoned(old: Path) -> bool:
    if _IS_WINDOWS:
        return True
    import fcntl

    with old.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of one's own for copies that are gone afterwards; after a crash, with the next."""
    _sweep_folders()
    with (
        tempfile.TemporaryDirectory(prefix=_FOLDER) as name,
        (Path(name) / _IN_USE).open("wb") as mark,
    ):
        _mark_in_use(mark)
        yield Path(name)


def _sweep_folders() -> None:
    """Delete the folders of runs that were killed; those of others are not ours to judge."""
    for old in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        mark = old / _IN_USE
        with contextlib.suppress(OSError):
            if old.is_symlink() or not mark.is_file() or not _is_own(old):
                continue
            if _is_abandoned(mark):
                mark.unlink()  # on Windows an open file stays, and with it the folder
                shutil.rmtree(old)


def _is_own(path: Path) -> bool:
    return _IS_WINDOWS or path.stat().st_uid == os.geteuid()


def denied(path: Path) -> WorkbookError:
    """The error that says a file may not be written, and why that may be."""
    return WorkbookError(
        _("{name} may not be written").format(name=path.name),
        _("Close it in other programs, and see that it is not marked as read-only"),
    )


def _put(out: BinaryIO, content: bytes) -> None:
    out.write(content)


def _is_of(path: Path, kind: FileKind) -> bool:
    with path.open("rb") as file:
        begins = file.read(max(len(kind.begins), 4))
    if kind.begins:
        return begins.startswith(kind.begins) or not begins
    return not begins.startswith((WORKBOOK.begins, PDF.begins))


def _take_over(old: Path, new: Path) -> None:
    """Give a new file the rights, owner and extended attributes of the one it replaces."""
    state = old.stat()
    shutil.copymode(old, new)
    if state.st_nlink > 1:
        _log.warning(
            _("%s had other names (hard links); they keep the content it had before"), old.name
        )
    if hasattr(os, "chown") and (state.st_uid, state.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.chown(new, state.st_uid, state.st_gid)
        except OSError:
            _log.warning(_("%s belongs to you now: its owner could not be kept"), old.name)
    if hasattr(os, "listxattr"):
        for name in os.listxattr(old):
            with contextlib.suppress(OSError):  # of the system's own, which it sets itself
                os.setxattr(new, name, os.getxattr(old, name))


def _umask() -> int:
    """The rights that new files of this process lack."""
    now = os.umask(0o077)
    os.umask(now)
    return now


def _settle(folder: Path) -> None:
    """The directory's entry reaches the disk too (not possible, nor needed, on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _failed(path: Path, error: OSError) -> WorkbookError:
    return WorkbookError(
        _("{name} could not be written: {why}").format(name=path.name, why=error.strerror or error),
        _("What stood there is as it was; make room on the disk, or choose another folder"),
    )
