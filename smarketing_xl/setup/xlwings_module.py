"""The VBA that xlwings brings: its module, cut to what we call, and the class it needs on a Mac.

The module's name for its library carries its version, so it must be the installed one's. Its text
stays as xlwings ships it, its licence on top; left out are whole procedures that we never call:
those that start a shell, query with SQL, run frozen programs or write code into workbooks, which
virus scanners take for an attack.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.i18n import _

MODULE = "xlwings"
DICTIONARY = "Dictionary"
CALLED = ("XLPy", "ExecuteMac", "CleanUp", "GetConfig", "FileExists", "ToPosixPath")
"""What workbook/vba/Smarketing.bas calls, and what xlwings' Python calls when it ends on a Mac."""

_MACRO_WORKBOOKS = (".xlsm", ".xltm")
_START = re.compile(r"\s*(?:Public |Private )?(?:Function|Sub) (\w+)")
_END = re.compile(r"\s*End (?:Function|Sub)\b")
_SAID = re.compile(r'"(?:[^"]|"")*"|\'.*')
_OPENED = re.compile(r"\s*#If\b")


def modules_of(path: Path) -> dict[str, str]:
    """Every VBA module of a workbook by its name; none where it carries no macros.

    Raises WorkbookError where the file is no workbook.
    """
    from pyopenvba import ExcelFile

    carried = "xl/vbaProject.bin" in Package.read_file(path)
    if not carried or path.suffix.lower() not in _MACRO_WORKBOOKS:
        return {}
    with ExcelFile(path) as file:
        return dict(file.vba_modules())


def module_text() -> str:
    """The module that the installed xlwings brings, without the procedures we never call.

    Lines end in a plain newline.
    """
    return only(_shipped("xlwings.bas"), CALLED)


def dictionary_class() -> str:
    """The class that the module needs on a Mac, as xlwings brings it (MIT licence)."""
    return _shipped("addin/Dictionary.cls")


def version_of(module: str) -> str:
    """The version that an xlwings module says it is; blank where it says none."""
    match = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', module)
    return match[1] if match else ""


def is_module(inside: str, wanted: str) -> bool:
    """Whether a module of a workbook is the one wanted, line by line."""
    return _lines(inside) == _lines(wanted)


def _lines(module: str) -> list[str]:
    return [line.rstrip() for line in module.strip().splitlines()]


def only(module: str, called: tuple[str, ...]) -> str:
    """A module with the procedures named, all that these call, and what stands before the first."""
    head, procedures = _split(module)
    wanted = [name.lower() for name in called]
    for name in wanted:  # grows while it is read
        words = set(re.findall(r"\w+", _SAID.sub("", procedures[name]).lower()))
        wanted += [other for other in procedures if other in words and other not in wanted]
    return head + "".join(text for name, text in procedures.items() if name in wanted)


def _split(module: str) -> tuple[str, dict[str, str]]:
    """What stands before the first procedure, and each procedure by its name in lower case.

    A procedure begins at an `#If` around its first line, and ends with the blank lines below it.
    """
    head: list[str] = []
    procedures: dict[str, list[str]] = {}
    current = head
    inside = False
    lines = module.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if not inside:
            conditional = _OPENED.match(line) and at + 1 < len(lines)
            match = _START.match(lines[at + 1] if conditional else line)
            if match:
                current = procedures.setdefault(match[1].lower(), [])
                inside = True
        elif _END.match(line):
            inside = False
        current.append(line)
    return "".join(head), {name: "".join(text) for name, text in procedures.items()}


def _shipped(name: str) -> str:
    spec = find_spec("xlwings")
    path = Path(spec.origin).parent / name if spec and spec.origin else None
    if path is None or not path.exists():
        raise WorkbookError(
            _("xlwings is not installed beside Smarketing"), _("Install it: pip install xlwings")
        )
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")
