"""Which LibreOffice is installed, and what is known of its version: the one place that asks.

docs/calc.md says in full what each version loses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from smarketing_xl.hosts.calc.office import program_folder
from smarketing_xl.i18n import N_

Version = tuple[int, int]  # 25, 2
_BOOTSTRAP = ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc")
_PRODUCT = re.compile(r"^ProductKey=\D*(\d+)\.(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Known:
    """tried: when the live tests passed on it, year-month-day. arrays: how formulas that answer
    several cells are typed there."""

    tried: str
    arrays: str


TRIED: dict[Version, Known] = {
    (7, 4): Known(
        "2026-11-25",
        N_("Formulas that answer several cells are typed with Ctrl+Shift+Enter"),
    ),
    (25, 2): Known(
        "2026-11-25",
        N_(
            "Formulas that answer several cells are typed with Ctrl+Shift+Enter, or inside SORT, "
            "FILTER or UNIQUE, which fill the cells that they need"
        ),
    ),
}


def installed(folder: Path | None = None) -> Version | None:
    """The version of the LibreOffice on this machine, or in a folder of programs; None: unknown."""
    folder = folder or program_folder()
    for name in _BOOTSTRAP:
        if folder is not None and (folder / name).is_file():
            match = _PRODUCT.search((folder / name).read_text(encoding="utf-8", errors="replace"))
            return (int(match[1]), int(match[2])) if match else None
    return None
