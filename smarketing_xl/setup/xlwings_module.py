"""The VBA module of xlwings: its name carries its version, so it must be the installed one's."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import _


def module_text() -> str:
    """The module that the installed xlwings brings (BSD licence, kept at its top).

    Lines end in a plain newline.
    """
    spec = find_spec("xlwings")
    path = Path(spec.origin).parent / "xlwings.bas" if spec and spec.origin else None
    if path is None or not path.exists():
        raise WorkbookError(
            _("xlwings is not installed beside Smarketing"), _("Install it: pip install xlwings")
        )
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def version_of(module: str) -> str:
    """The version that an xlwings module says it is; blank where it says none."""
    found = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', module)
    return found[1] if found else ""
