"""Whether a workbook's file may be written: not while another program has it open."""

from __future__ import annotations

import contextlib
from pathlib import Path

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import denied
from smarketing_xl.i18n import _


def check_free(path: Path) -> None:
    """WorkbookError where another program has the file open, or where it cannot be written."""
    for lock in (path.with_name("~$" + path.name), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            who = _owner(lock)
            raise WorkbookError(
                _("{name} is open elsewhere{who}").format(
                    name=path.name, who=f" ({who})" if who else ""
                ),
                _("Close it there; if nobody has it open, delete {lock}").format(lock=lock.name),
            )
    try:
        if path.exists():
            with path.open("r+b"):
                pass
    except PermissionError as error:
        raise denied(path) from error
    if path.exists() and not path.stat().st_mode & 0o222:
        raise denied(path)


def _owner(lock: Path) -> str:
    with contextlib.suppress(OSError):
        raw = lock.read_bytes()[:400]
        if lock.name.startswith("~$"):
            return raw[1 : 1 + raw[0]].decode("latin-1").strip() if raw else ""
        return raw.decode("utf-8", "replace").lstrip(",").split(",")[0].strip()
    return ""
