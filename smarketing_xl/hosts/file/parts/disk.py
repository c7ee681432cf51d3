"""Replacing a file in one step, and not while anybody else has it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.locks import denied
from smarketing_xl.i18n import _

_SUFFIX = ".tmp"
_IS_WINDOWS = sys.platform == "win32"


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


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """WorkbookError where the file is no longer the one that was opened."""
    if not path.exists() or Stamp.of(path) != stamp:
        raise WorkbookError(
            _("{name} was changed by someone else meanwhile").format(name=path.name),
            _("Open it again and repeat the step; nothing was written"),
        )


def replace(path: Path, write: Callable[[BinaryIO], None], before: Callable[[], None]) -> None:
    """Write a file beside `path`, then put it in its place; until then the old one stays.

    before: the last check, made when all is written.
    """
    _sweep(path)
    try:
        handle, name = tempfile.mkstemp(prefix=_prefix(path), suffix=_SUFFIX, dir=path.parent)
    except OSError as error:
        raise _failed(path, error) from error
    new = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            _mark_in_use(out)
            write(out)
            out.flush()
            os.fsync(out.fileno())
            if path.exists():
                shutil.copymode(path, new)
            else:
                new.chmod(0o644)
            before()
            if not _IS_WINDOWS:  # where an open file is renamed only once it is closed
                new.replace(path)
        if _IS_WINDOWS:
            new.replace(path)
    except PermissionError as error:
        raise denied(path) from error
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    _settle(path.parent)


def _prefix(path: Path) -> str:
    return f".{path.stem}-"


def _mark_in_use(out: BinaryIO) -> None:
    """Until it is closed, nobody takes the file for one that a killed run left behind."""
    if not _IS_WINDOWS:  # which lets nobody delete an open file
        import fcntl

        with contextlib.suppress(OSError):  # some network disks know no locks
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(path: Path) -> None:
    """Delete what runs that were killed while they wrote this file have left beside it."""
    left = re.compile(re.escape(_prefix(path)) + r"[a-z0-9_]{8}" + re.escape(_SUFFIX))
    for old in path.parent.glob(f".*{_SUFFIX}"):
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
        _("The workbook is as it was; make room on the disk, or choose another folder"),
    )
