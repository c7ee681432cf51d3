"""The sheet in which the xlwings module of a workbook looks for Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlwings as xw

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import _

SHEET = "xlwings.conf"
MODULES = "udfs.excel"

# What every workbook is built with; the interpreter is added by `smarketing connect`.
SHIPPED: dict[str, str] = {
    "UDF MODULES": MODULES,
    "USE UDF SERVER": "True",
    "SHOW CONSOLE": "False",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
}


def read_settings(book: xw.Book) -> dict[str, str]:
    """What the sheet holds, by name in capitals; empty where there is no such sheet."""
    sheet = _sheet(book)
    if sheet is None:
        return {}
    found = {}
    for name, value in sheet.range("A1:B200").value:
        if name is None:
            break  # as the module of xlwings reads it: up to the first blank
        found[str(name).strip().upper()] = "" if value is None else str(value)
    return found


def write_settings(book: xw.Book, wanted: Mapping[str, str]) -> None:
    """Put settings into the sheet; those it holds already and are not wanted stay.

    Raises WorkbookError where the workbook has no such sheet.
    """
    sheet = _sheet(book)
    if sheet is None:
        raise WorkbookError(
            _("This workbook has no sheet {name}").format(name=SHEET),
            _("Copy your tables into a new workbook: smarketing new"),
        )
    rows: list[list[Any]] = [[k, v] for k, v in (read_settings(book) | dict(wanted)).items()]
    sheet.range((1, 1), (len(rows), 2)).value = rows


def _sheet(book: xw.Book) -> xw.Sheet | None:
    return next((sheet for sheet in book.sheets if sheet.name == SHEET), None)
