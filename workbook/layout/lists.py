"""The Lists sheet: every closed list under its name, for the drop-downs."""

from __future__ import annotations

from xlsxwriter.utility import xl_range_abs

from smarketing_xl.schema.formulas import COUNTING
from smarketing_xl.schema.tables import CHOICES
from workbook.layout.canvas import Canvas
from workbook.layout.places import page


def draw(canvas: Canvas) -> None:
    """Write the lists side by side, each a named range of its entries."""
    sheet, header = canvas.sheets["lists"], page("lists").header_row
    canvas.name(COUNTING, "lists", "$A:$A")
    for column, choices in enumerate(CHOICES):
        labels = list(choices.shown(canvas.language).values())
        sheet.write_string(header, column, choices.name, canvas.look.title())
        sheet.write_column(header + 1, column, labels, canvas.look())
        canvas.width("lists", column, max(map(len, [choices.name, *labels])) + 4)
        canvas.name(
            choices.name,
            "lists",
            xl_range_abs(header + 1, column, header + len(labels), column),
        )
