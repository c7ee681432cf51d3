"""What the formulas of a workbook come to, to be kept beside them."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area
from smarketing_xl.hosts.file.model.document import Document
from smarketing_xl.hosts.file.parts.cell_xml import EPOCH, serial

Values = dict[tuple[str, int, int], Any]


def formula_values(workbook: bytes, now: dt.datetime) -> Values:
    """The value of every formula, by sheet, row and column counted from 1.

    now: what TODAY and NOW answer, so that the same text gives the same bytes on any day.
    Raises ValueError for a formula that the file host cannot calculate.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsm"
        path.write_bytes(workbook)
        document = Document(path, read_only=True)
        document.now = now
        for sheet in document.sheets:
            document.note_written(sheet, Area(1, 1, LAST_ROW, LAST_COLUMN))
        document.calculate()
        values = {
            (sheet.name, *place): _kept(sheet.value(*place))
            for sheet in document.sheets
            for place in sheet.formulas
        }
        unknown = [
            (sheet.name, *place)
            for sheet in document.sheets
            for place, formula in sheet.formulas.items()
            if not formula.known
        ]
    if unknown:
        raise ValueError(f"no value is known for {unknown}")
    return values


def _kept(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return serial(value, EPOCH)
    return "" if value is None else str(value) if isinstance(value, str) else value
