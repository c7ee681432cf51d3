"""The sheet in which the xlwings module of a workbook looks for Python."""

from __future__ import annotations

import csv
import io
import locale
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import xlwings as xw

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import replace_file
from smarketing_xl.i18n import _

SHEET = "xlwings.conf"
MODULES = "udfs.excel"

# What every workbook is built with: the same for all who share it. Every switch that the module of
# xlwings reads is there: the default of one left out is a text in a Spanish or French Excel.
SHIPPED: dict[str, str] = {
    "UDF MODULES": MODULES,
    "USE UDF SERVER": "True",
    "DEBUG UDFS": "False",
    "SHOW CONSOLE": "False",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "CONDA PATH": "",
    "CONDA ENV": "",
    "LICENSE_KEY": "",
}
OWN = ("INTERPRETER_WIN", "INTERPRETER_MAC", "PYTHONPATH")
"""What is one person's: `smarketing connect` keeps it in the user's own settings of xlwings."""


def read_settings(book: xw.Book) -> dict[str, str]:
    """What the sheet holds, by name in capitals; empty where there is no such sheet."""
    sheet = _sheet(book)
    if sheet is None:
        return {}
    settings = {}
    for name, value in sheet.range("A1:B200").value:
        if name is None:
            break  # as the module of xlwings reads it: up to the first blank
        settings[str(name).strip().upper()] = "" if value is None else str(value)
    return settings


def write_settings(book: xw.Book, wanted: Mapping[str, str]) -> None:
    """Make the sheet say these settings, no more and no less.

    Raises WorkbookError where the workbook has no such sheet.
    """
    sheet = _sheet(book)
    if sheet is None:
        raise WorkbookError(
            _("This workbook has no sheet {name}").format(name=SHEET),
            _("Copy your tables into a new workbook: smarketing new"),
        )
    rows: list[list[Any]] = [[name, value] for name, value in wanted.items()]
    rows += [[None, None]] * (len(read_settings(book)) - len(rows))
    sheet.range((1, 1), (len(rows), 2)).value = rows


def strange_settings(found: Mapping[str, str]) -> list[str]:
    """The settings of a workbook that are not as it was built, by name.

    Whoever sends a workbook may set them: they say which program its formulas and buttons start.
    """
    names = [*SHIPPED, *(name for name in found if name not in SHIPPED)]
    return [name for name in names if found.get(name) != SHIPPED.get(name)]


def read_own(file: Path) -> dict[str, str]:
    """The user's own settings of xlwings: lines of "NAME","value"; empty where there are none."""
    if not file.exists():
        return {}
    with file.open(encoding=locale.getencoding(), errors="replace", newline="") as lines:
        return {row[0].upper(): row[1] for row in csv.reader(lines) if len(row) > 1}


def write_own(file: Path, wanted: Mapping[str, str]) -> None:
    """Put settings among the user's own; the others stay. VBA reads the system's code page."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = io.StringIO()
    rows = (read_own(file) | dict(wanted)).items()
    csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    content = lines.getvalue().encode(locale.getencoding())
    replace_file(file, lambda out: _put(out, content))


def _put(out: BinaryIO, content: bytes) -> None:
    out.write(content)


def file_beside(path: Path) -> Path | None:
    """A file of settings in the workbook's folder: xlwings takes from it what the sheet lacks."""
    beside = path.resolve().parent / SHEET
    return beside if beside.exists() else None


def _sheet(book: xw.Book) -> xw.Sheet | None:
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)
