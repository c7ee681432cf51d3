"""Named cells: label, value, unit and explanation in a row each, in a block on the left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.texts import _
from smarketing_xl.workbook.cells import CELLS
from smarketing_xl.workbook.schema import Cell, Kind
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import value_of
from workbook.layout.look import QUIET
from workbook.layout.places import BLOCK_COLUMN, BLOCK_WIDTHS, HEADER_ROW


def draw(canvas: Canvas, functions: Mapping[str, Any]) -> None:
    """Write every named cell of the schema, name it, and note its value in the canvas."""
    next_row: dict[str, int] = {}
    for cell in CELLS:
        row = next_row.get(cell.sheet, HEADER_ROW)
        next_row[cell.sheet] = row + 1
        canvas.values[cell.name] = _write(canvas, cell, row, functions)
    for sheet in next_row:
        canvas.sheets[sheet].set_column(0, 0, 2)
        for offset, width in enumerate(BLOCK_WIDTHS):
            canvas.sheets[sheet].set_column(BLOCK_COLUMN + offset, BLOCK_COLUMN + offset, width)


def _write(canvas: Canvas, cell: Cell, row: int, functions: Mapping[str, Any]) -> object:
    sheet, look = canvas.sheets[cell.sheet], canvas.look
    column = BLOCK_COLUMN + 1
    sheet.write_string(row, BLOCK_COLUMN, _(cell.label), look())
    if cell.formula:
        value = value_of(cell.formula, canvas.values, functions)
        sheet.write_formula(row, column, cell.formula, look.answer(cell.kind), value)
    else:
        value = cell.value
        if isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, look.input(cell.kind))
        else:
            sheet.write(row, column, value, look.input(cell.kind))
    remark = " · ".join(filter(None, [_(cell.unit), _(cell.help)]))
    if remark:
        sheet.write_string(row, column + 1, remark, look(font_color=QUIET, indent=1))
    canvas.name(cell.name, cell.sheet, xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
    if not cell.formula:
        _validate(canvas, cell, row, column)
    return value


def _validate(canvas: Canvas, cell: Cell, row: int, column: int) -> None:
    rule: dict[str, object] = {"ignore_blank": True, "error_title": _(cell.label)[:32]}
    if cell.choices:
        rule |= {"validate": "list", "source": f"={cell.choices.name}"}
    elif cell.kind in (Kind.MONEY, Kind.SHARE, Kind.NUMBER, Kind.WHOLE):
        low, high = cell.low, cell.high
        rule["validate"] = "integer" if cell.kind is Kind.WHOLE else "decimal"
        if low is not None and high is not None:
            rule |= {"criteria": "between", "minimum": low, "maximum": high}
            problem = _("Give a number from {low} to {high}.").format(low=low, high=high)
        else:
            rule |= {"criteria": ">=", "value": low or 0}
            problem = _("Give a number of at least {low}.").format(low=low or 0)
        rule["error_message"] = problem
    elif cell.kind in (Kind.MONTH, Kind.DATE, Kind.TIME):
        rule |= {"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1)}
        rule["error_message"] = _("Give a date.")
    else:
        return
    canvas.sheets[cell.sheet].data_validation(row, column, row, column, rule)
