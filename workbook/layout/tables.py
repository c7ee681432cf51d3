"""Every table of the schema as a real Excel table: headers, first rows, formats, drop-downs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet

from smarketing_xl.texts import _
from smarketing_xl.workbook.schema import Column, Kind, Table
from smarketing_xl.workbook.tables import TABLES
from workbook.layout import examples
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import value_of, worded
from workbook.layout.look import QUIET
from workbook.layout.places import CAPTION_ROW, LAST_ROW, Place, places, shares_sheet


def draw(canvas: Canvas, functions: Mapping[str, Any]) -> None:
    """Write every table at its place."""
    where = places()
    for table in TABLES:
        _draw_table(canvas, table, where[table.name], functions)


def _draw_table(canvas: Canvas, table: Table, place: Place, functions: Mapping[str, Any]) -> None:
    sheet, look = canvas.sheets[table.sheet], canvas.look
    rows = examples.rows(table.name) or [{}]
    last = place.row + len(rows)
    sheet.add_table(
        place.row,
        place.column,
        last,
        place.column + len(table.columns) - 1,
        {
            "name": table.name,
            "style": "Table Style Light 1",
            "autofilter": not shares_sheet(table),
            "columns": [_declared(canvas, table, column) for column in table],
        },
    )
    if shares_sheet(table):
        sheet.write_string(
            CAPTION_ROW, place.column, _(table.help) or table.name, look(bold=True, font_size=12)
        )
    for offset, column in enumerate(table):
        at = place.column + offset
        sheet.set_column(at, at, column.width, look(column.kind))
        if column.help:
            sheet.write_comment(place.row, at, _(column.help), {"x_scale": 1.6, "y_scale": 0.9})
        if column.choices:
            sheet.data_validation(
                place.row + 1,
                at,
                LAST_ROW,
                at,
                {"validate": "list", "source": f"={column.choices.name}"},
            )
    for number, row in enumerate(rows, start=place.row + 1):
        _write_row(canvas, sheet, table, number, place.column, row, functions)


def _declared(canvas: Canvas, table: Table, column: Column) -> dict[str, object]:
    declared: dict[str, object] = {
        "header": column.title(canvas.language),
        "header_format": canvas.look.header(column.ours),
        "format": canvas.look(column.kind),
    }
    if column.formula:
        declared["formula"] = worded(column.formula, canvas.language, table)
    return declared


def _write_row(
    canvas: Canvas,
    sheet: Worksheet,
    table: Table,
    number: int,
    first: int,
    row: Mapping[str, object],
    functions: Mapping[str, Any],
) -> None:
    known = canvas.values | {f"@{key}": value for key, value in row.items()}
    for at, column in enumerate(table, start=first):
        form = canvas.look(column.kind)
        value = row.get(column.key)
        if column.formula and row:
            value = known[f"@{column.key}"] = value_of(column.formula, known, functions)
            formula = worded(column.formula, canvas.language, table)
            sheet.write_formula(number, at, formula, form, value)
        elif column.formula:
            formula = worded(column.formula, canvas.language, table)
            sheet.write_formula(number, at, formula, form, "")
        elif isinstance(value, dt.date):
            sheet.write_datetime(number, at, value, form)
        elif column.choices and value is not None:
            sheet.write(number, at, column.choices.shown(canvas.language)[str(value)], form)
        else:
            sheet.write(number, at, value, form)
