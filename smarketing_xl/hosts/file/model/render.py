"""What was written in memory, put into the text of the sheet, row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from smarketing_xl.a1.areas import Area, letters
from smarketing_xl.hosts.file.model.sheet import Sheet
from smarketing_xl.hosts.file.parts.cell_xml import (
    EPOCH,
    EPOCH_1904,
    LAST_DAY,
    cached,
    cell_type,
    value_cell,
)
from smarketing_xl.hosts.file.parts.sheet_xml import own_style
from smarketing_xl.hosts.file.parts.styles import Styles

_RISKY = frozenset("=+-@\t\r＝＋－＠")  # a spreadsheet takes text that begins so for a formula
_TAG = re.compile(r"<(/?)(?=[a-zA-Z])")


def render_sheet(sheet: Sheet) -> bytes:
    """The part with everything that was written to the sheet."""
    pen = _Pen(sheet)
    for row, columns in _rows(sheet):
        pen.rewrite(row, columns)
    written = sheet.written()
    if written is not None:
        sheet.xml.widen(written)
    return sheet.xml.xml()


def _rows(sheet: Sheet) -> Iterator[tuple[int, list[int]]]:
    """Every row to be rewritten, with the columns written in it."""
    few = {row: set(columns) for row, columns in sheet.places.items()}
    for row, column in sheet.looks:
        few.setdefault(row, set()).add(column)
    done = set()
    for top, bottom, columns in _bands(sheet.areas):
        for row in range(top, bottom + 1):
            done.add(row)
            yield row, sorted(few[row].union(columns)) if row in few else columns
    for row, some in few.items():
        if row not in done:
            yield row, sorted(some)
    for row, entry in list(sheet.xml.rows.items()):
        if entry.stamps and row not in done and row not in few:
            yield row, []


def _bands(areas: list[Area]) -> Iterator[tuple[int, int, list[int]]]:
    """Runs of rows in which the same columns were written: first row, last row, columns."""
    cuts = sorted({area.top for area in areas} | {area.bottom + 1 for area in areas})
    for top, after in pairwise(cuts):
        columns: set[int] = set()
        for area in areas:
            if area.top <= top <= area.bottom:
                columns.update(range(area.left, area.right + 1))
        if columns:
            yield top, after - 1, sorted(columns)


class _Pen:
    """Writes rows of one sheet; what it learns about styles is kept for the next cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.xml = sheet.xml
        self.grid = sheet.grid
        self.formulas = sheet.formulas
        self.looks = sheet.looks
        self.styles: Styles = sheet.document.styles
        self.epoch = EPOCH_1904 if sheet.document.workbook.date_1904 else EPOCH
        self.column_styles = sheet.xml.column_styles()
        self._fit: dict[tuple[int, int], int] = {}

    def rewrite(self, row: int, columns: list[int]) -> None:
        cells = self.xml.cells(row)
        attributes = self.xml.row_attributes(row)
        row_style = own_style(attributes) if 'customFormat="1"' in attributes else None
        values = self.grid[row - 1] if row <= len(self.grid) else []
        width = len(values)
        written: dict[int, str] = {}
        for column in columns:
            old = cells.get(column)
            if old is not None:
                style = own_style(old[0])
            elif row_style is not None:
                style = row_style
            else:
                style = self.column_styles.get(column, 0)
            if self.looks:
                style = self.looks.get((row, column), style)
            value = values[column - 1] if column <= width else None
            written[column] = self._cell(row, column, style, value)
        if len(written) != len(cells) or written.keys() != cells.keys():
            for column, (marks, inner) in cells.items():
                if column not in written and (marks or inner):
                    head = f'<{self.xml.prefix}c r="{letters(column)}{row}"{marks}'
                    end = f">{inner}</{self.xml.prefix}c>" if inner else "/>"
                    written[column] = head + end
        self.xml.put_row(row, [written[column] for column in sorted(written)], attributes)

    def _cell(self, row: int, column: int, style: int, value: Any) -> str:
        formula = self.formulas.get((row, column)) if self.formulas else None
        if formula is None:
            style = self._fitting(style, value)
        mark = f' s="{style}"' if style else ""
        head = f'<c r="{letters(column)}{row}"{mark}'
        if formula is None:
            if value is None or value == "":
                return self._named(head + "/>") if style else ""
            return self._named(value_cell(head, value, self.epoch))
        text = self._named(f"{head}{formula.marks}{cell_type(value)}>")
        end = self._named(f"{cached(value, self.epoch)}</c>")
        known = formula.xml.startswith(f"<{self.xml.prefix}f")
        return text + (formula.xml if known else self._named(formula.xml)) + end

    def _fitting(self, style: int, value: Any) -> int:
        """The style, made to show a date as one and to keep risky text as text."""
        if type(value) is str:
            need = 1 if value and value[0] in _RISKY else 0
        elif isinstance(value, dt.datetime):
            need = 2 if value.time() == dt.time() else 3
        elif isinstance(value, int | float) and abs(value) > LAST_DAY:
            need = 4
        else:
            need = 0
        key = style, need
        if key not in self._fit:
            self._fit[key] = self._fitted(style, need)
        return self._fit[key]

    def _fitted(self, style: int, need: int) -> int:
        if need == 1:
            return self.styles.quoted(style)
        style = self.styles.unquoted(style)
        if need == 4:  # no date is that far away, and readers stumble over it
            return self.styles.with_code(style, 0) if self.styles.is_date(style) else style
        return self.styles.dated(style, with_time=need == 3) if need else style

    def _named(self, xml: str) -> str:
        prefix = self.xml.prefix
        return _TAG.sub(rf"<\1{prefix}", xml) if prefix else xml
