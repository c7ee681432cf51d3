"""Outcomes: above the tables the measured funnel of all leads, as numbers and as a chart."""

from __future__ import annotations

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from smarketing_xl.i18n import N_, _
from smarketing_xl.outcomes.funnel import STAGES
from smarketing_xl.schema.model import Kind
from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, INK, SMALL, TEAL
from workbook.layout.places import page, table_places
from workbook.layout.review_charts import chart_of

_SHEET = "outcomes"
_TOP = 3  # row of the headings
_COLUMNS: tuple[tuple[str, str, Kind], ...] = (
    ("leads", N_("Leads"), Kind.WHOLE),
    ("conversion", N_("Of the stage before"), Kind.SHARE),
    ("of_all", N_("Of all leads"), Kind.SHARE),
    ("median", N_("Median days"), Kind.NUMBER),
    ("most", N_("90 % within"), Kind.NUMBER),
)


def draw(canvas: Canvas) -> None:
    """The numbers over the table of the funnel, and the chart at their left."""
    left = table_places()["MeasuredFunnel"].column
    sheet, look = canvas.sheets[_SHEET], canvas.look
    sheet.write_string(_TOP, left, _("The funnel of all leads"), look.section())
    for at, header in enumerate(("", *(_(label) for _key, label, _kind in _COLUMNS), "", "")):
        sheet.write_string(_TOP + 1, left + at, header, look(bold=True, text_wrap=True))
    sheet.set_row(_TOP + 1, 30)  # headers on two lines
    for row in range(len(STAGES)):
        _stage(canvas, _TOP + 2 + row, left, row + 1)
    _chart(canvas, left)


def _stage(canvas: Canvas, row: int, left: int, number: int) -> None:
    """A stage as the table of the funnel has it, and what its bar is drawn from."""
    first = f"INDEX(MeasuredFunnel[{{}}],{number})"
    filled = f'=IF(COUNT(MeasuredFunnel[leads])<{number},"",{{}})'
    name = canvas.look(bold=True, shrink=True)
    canvas.formula(_SHEET, row, left, filled.format(first.format("stage")), name)
    for at, (key, _label, kind) in enumerate(_COLUMNS, start=1):
        known = f'IF(ISNUMBER({first.format(key)}),{first.format(key)},"")'
        canvas.formula(_SHEET, row, left + at, filled.format(known), canvas.look(kind))
    leads, before = (xl_rowcol_to_cell(row, left + at) for at in (1, 2))
    faint = canvas.look(font_color="#FFFFFF")
    every = xl_rowcol_to_cell(row - number + 1, left + 1)
    margin = f'=IF({leads}="",0,({every}-{leads})/2)'
    canvas.formula(_SHEET, row, left + len(_COLUMNS) + 1, margin, faint)
    share = f'IF({before}="",""," · "&FIXED(100*{before},0)&" %")'
    bar = f'=IF({leads}=""," ",{xl_rowcol_to_cell(row, left)}&": "&FIXED({leads},0)&{share})'
    canvas.formula(_SHEET, row, left + len(_COLUMNS) + 2, bar, faint)


def _chart(canvas: Canvas, left: int) -> None:
    """Bars around a middle, the widest on top; each named by its count and its conversion."""
    chart = chart_of(
        canvas, "bar", _("The funnel: how many, and what share of the stage before"),
        "stacked",
    )  # fmt: skip
    title = canvas.title(_SHEET)
    first, last = _TOP + 2, _TOP + 1 + len(STAGES)

    def area(at: int) -> str:
        return f"='{title}'!{xl_range_abs(first, left + at, last, left + at)}"

    shared = {"categories": area(len(_COLUMNS) + 2), "border": {"none": True}, "gap": 25}
    margin = {"values": area(len(_COLUMNS) + 1), "fill": {"none": True}, "name": " "}
    leads = {"values": area(1), "fill": {"color": TEAL}, "name": _("Leads")}
    for series in (margin, leads):
        chart.add_series({**shared, **series})
    chart.set_legend({"none": True})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_y_axis(
        {"reverse": True, "num_font": font, "line": {"none": True},
         "major_gridlines": {"visible": False}}
    )  # fmt: skip
    chart.set_size({"width": 760, "height": 24 * (page(_SHEET).header_row - _TOP - 2)})
    canvas.sheets[_SHEET].insert_chart(
        _TOP, 0, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2}
    )
