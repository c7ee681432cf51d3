"""Goals: the leads needed over a grid of conversion rates and revenues per customer."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import _
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Kind
from workbook.layout.canvas import Canvas
from workbook.layout.look import FAIR, QUIET, SMALL, TEAL, WARN
from workbook.layout.places import BLOCK_COLUMN, GRID, grid_row, page

_STEPS = (0.8, 0.9, 1, 1.1, 1.2)
_SHEET = "goals"


def draw(canvas: Canvas) -> None:
    """Below the goals: rows are conversion rates, columns revenues; the middle is the plan."""
    sheet, look = canvas.sheets[_SHEET], canvas.look
    top, left = grid_row(), BLOCK_COLUMN
    canvas.section(_SHEET, top, left, len(page(_SHEET).block), _("What if: leads needed"))
    corner = _("Conversion ↓   Revenue per customer →")
    sheet.write_string(top + 1, left, corner, look(font_color=QUIET, font_size=SMALL))
    axis = {"bold": True, "font_color": "#FFFFFF", "bg_color": TEAL, "align": "right"}
    for at, step in enumerate(_STEPS):
        form = look(Kind.MONEY, **axis)
        canvas.formula(
            _SHEET,
            top + 1,
            left + 1 + at,
            formulas.unless_blank(f"=avg_revenue*{step}", "avg_revenue"),
            form,
        )
    for down, step in enumerate(_STEPS, start=2):
        form = look(Kind.SHARE, **axis)
        canvas.formula(
            _SHEET,
            top + down,
            left,
            formulas.unless_blank(f"=MIN(1,conv_rate*{step})", "conv_rate"),
            form,
        )
        for across, other in enumerate(_STEPS, start=1):
            _leads(canvas, top + down, left + across, middle=step == other == 1)
    cells = (top + 2, left + 1, top + 1 + GRID, left + GRID)
    for criteria, tone in (("<=", FAIR), (">", WARN)):
        rule: dict[str, Any] = {"type": "cell", "criteria": criteria, "value": "=leads_needed"}
        sheet.conditional_format(*cells, rule | {"format": look.tint(tone)})
    remark = _("Green: the planned leads are enough. Amber: more are needed.")
    sheet.write_string(top + 2 + GRID, left, remark, look.remark())


def _leads(canvas: Canvas, row: int, column: int, middle: bool) -> None:
    revenue = xl_rowcol_to_cell(grid_row() + 1, column, row_abs=True)
    rate = xl_rowcol_to_cell(row, BLOCK_COLUMN, col_abs=True)
    border = (
        {"border": 2, "border_color": TEAL} if middle else {"border": 1, "border_color": "white"}
    )
    canvas.formula(
        _SHEET,
        row,
        column,
        formulas.unless_blank(
            formulas.required_leads("marketing_quota", revenue, rate),
            "marketing_quota",
            revenue,
            rate,
        ),
        canvas.look(Kind.WHOLE, bold=middle, align="right", **border),
    )
