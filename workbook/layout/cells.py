"""Named cells: what people type, and what answers at once, each with its label and remarks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema.model import Cell, Kind
from smarketing_xl.schema.named_cells import CELLS, TO_ENTER
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import with_currency
from workbook.layout.places import BLOCK_COLUMN, SECTIONS, Place, cell_places, page

_MANY = 3  # columns of a block that leaves room for explanations


def draw(canvas: Canvas) -> None:
    """Write every named cell of the schema and name it."""
    places = cell_places()
    for cell in CELLS:
        _draw_cell(canvas, cell, places[cell.name])
    for sheet in {cell.sheet for cell in CELLS if page(cell.sheet).block}:
        canvas.width(sheet, 0, 2)
        for column, width in enumerate(page(sheet).block, start=BLOCK_COLUMN):
            canvas.width(sheet, column, width)


def _draw_cell(canvas: Canvas, cell: Cell, place: Place) -> None:
    """Label, value and remarks in a row."""
    sheet, look = canvas.sheets[cell.sheet], canvas.look
    row, column = place.row, place.column
    if cell.name in SECTIONS:
        wide = len(page(cell.sheet).block)
        canvas.section(cell.sheet, row - 1, column, wide, _(SECTIONS[cell.name]))
    sheet.write_string(row, column, _(cell.label), look())
    remarks = [_(cell.unit)]
    if len(page(cell.sheet).block) > _MANY:
        remarks.append(_(cell.help))
    if cell in TO_ENTER and cell.value:
        remarks.append(_("e.g. {value}").format(value=_shown_value(cell)))
    remark = " · ".join(filter(None, remarks)).replace('"', '""')
    shown = with_currency(remark) if cell.kind is Kind.MONEY else remark
    canvas.text(cell.sheet, row, column + 2, shown, look.remark())
    _value(canvas, cell, Place(row, column + 1))


def _value(canvas: Canvas, cell: Cell, place: Place) -> None:
    row, column = place.row, place.column
    area = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    canvas.name(cell.name, cell.sheet, area)
    if cell.formula:
        form = canvas.look.answer(cell)
        canvas.formula(cell.sheet, row, column, cell.formula, form)
    else:
        form = canvas.look.input(cell.kind)
        given = canvas.label(cell.choices, str(cell.value)) if cell.choices else _text(cell.value)
        if cell.kind is Kind.CLOCK and isinstance(given, int | float):
            given = given / 24  # shown as 09:00
        canvas.write(cell.sheet, row, column, given, form)
    canvas.sheets[cell.sheet].data_validation(row, column, row, column, _rule(cell))


def _text(value: object) -> object:
    """What an input holds to begin with, texts in the language of the workbook."""
    return _(value) if isinstance(value, str) and value else value


def _rule(cell: Cell) -> dict[str, Any]:
    """What may be typed, and the note that appears when the cell is chosen."""
    allowed, hint = _allowed(cell)
    note = "\n".join(filter(None, [_(cell.help), hint]))
    return {
        **allowed,
        "ignore_blank": True,
        "input_title": _(cell.label)[:32],
        "input_message": note[:255],
        "error_title": _(cell.label)[:32],
        "error_message": hint[:255],
    }


def _allowed(cell: Cell) -> tuple[dict[str, Any], str]:
    if cell.formula:
        return {"validate": "any"}, ""
    if cell.choices:
        return {"validate": "list", "source": f"={cell.choices.name}"}, _("Choose from the list.")
    if cell.kind in (Kind.MONTH, Kind.DATE, Kind.TIME):
        first = {"validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1)}
        return first, _("A date.")
    if cell.low is None:
        return {"validate": "any"}, ""
    number = {"validate": "integer" if cell.kind is Kind.WHOLE else "decimal"}
    if cell.high is None:
        hint = _("A number of at least {low}.").format(low=_shown(cell, cell.low))
        return {**number, "criteria": ">=", "value": cell.low}, hint
    hint = _("A number from {low} to {high}.").format(
        low=_shown(cell, cell.low), high=_shown(cell, cell.high)
    )
    return {**number, "criteria": "between", "minimum": cell.low, "maximum": cell.high}, hint


def _shown_value(cell: Cell) -> str:
    """The example that an input shows beside it."""
    if isinstance(cell.value, dt.date):
        return f"{cell.value:%Y-%m-%d}"
    if isinstance(cell.value, int | float):
        return _shown(cell, cell.value) if cell.kind is Kind.SHARE else format_number(cell.value)
    return str(cell.value)


def _shown(cell: Cell, limit: float) -> str:
    return f"{limit:.0%}".replace("%", " %") if cell.kind is Kind.SHARE else f"{limit:g}"
