"""SLA: below the terms, the hours promised for each grade and the way to each table."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import TABLES
from workbook.layout.canvas import Canvas
from workbook.layout.places import BLOCK_COLUMN, block_end, page, table_places
from workbook.layout.tables import caption

_SHEET = "sla"
_GRADES = 5


def draw(canvas: Canvas) -> None:
    """Draw both parts under the named cells."""
    row = block_end(_SHEET) + 1
    _heading(canvas, row, _("First contact, by grade"))
    for number in range(1, _GRADES + 1):
        _grade(canvas, row + number, number)
    row += _GRADES + 2
    _heading(canvas, row, _("On this sheet"))
    places = table_places()
    for table in TABLES:
        if table.sheet == _SHEET:
            row += 1
            place = places[table.name]
            target = f"{_SHEET}!{xl_rowcol_to_cell(place.row, place.column)}"
            canvas.link(_SHEET, row, BLOCK_COLUMN, target, f"→ {caption(table)}")


def _heading(canvas: Canvas, row: int, text: str) -> None:
    for column in range(BLOCK_COLUMN, BLOCK_COLUMN + len(page(_SHEET).block)):
        canvas.sheets[_SHEET].write_blank(row, column, None, canvas.look.section())
    canvas.sheets[_SHEET].write_string(row, BLOCK_COLUMN, text, canvas.look.section())


def _grade(canvas: Canvas, row: int, number: int) -> None:
    """As the Grades table has it; blank when there are fewer grades."""
    grade = f'=IFERROR(INDEX(Grades[grade],{number})&"","")'
    hours = f"INDEX(Grades[first_contact_hours],{number})"
    promised = f'=IFERROR(IF({hours}=0,"–",{hours}),"")'
    canvas.formula(_SHEET, row, BLOCK_COLUMN, grade, canvas.look(indent=1))
    form = canvas.look(bold=True, align="right", indent=1)
    canvas.formula(_SHEET, row, BLOCK_COLUMN + 1, promised, form)
    if number == 1:
        canvas.link(_SHEET, row, BLOCK_COLUMN + 2, "personas!A1", _("change"))
