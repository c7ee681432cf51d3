"""Review: what was promised against what happened, and what the promises are worth."""

from __future__ import annotations

from xlsxwriter.chart import Chart

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.tables import SLA_LINE
from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, INK, LINE, NAVY, SERIES, SMALL, TEAL
from workbook.layout.places import table_places
from workbook.layout.review_charts import chart_of, interval, series, value_axis
from workbook.layout.review_data import GRADES, Block, Part

_BANDS, _ATTEMPTS, _DAYS = 5, 8, 31
_AMBER = SERIES[2]
_CONTACT = (
    ("promised", N_("Hours promised"), Kind.NUMBER),
    ("median", N_("Median"), Kind.NUMBER),
    ("most", N_("90 % within"), Kind.NUMBER),
)
_PAYS = (
    ("conversion", N_("Conversion"), Kind.SHARE),
    ("low", N_("at least"), Kind.SHARE),
    ("high", N_("at most"), Kind.SHARE),
)


def draw(canvas: Canvas, top: int) -> dict[str, Part]:
    """Write the numbers from a row on; answers where they stand."""
    parts: dict[str, Part] = {}
    for name, rows, title, first, columns in (
        ("SlaContact", GRADES, _("Time to first contact"), ("grade", _("Grade")), _CONTACT),
        ("SlaSpeed", _BANDS, _("By speed"), ("hours", _("First contact within")), _PAYS),
        ("SlaAttempts", _ATTEMPTS, _("By attempts"), ("attempt", _("Attempt")), _PAYS),
    ):
        block = Block(canvas, top, rows, title)
        names = [f'=IFERROR(INDEX({name}[{first[0]}],{row})&""," ")' for row in range(1, rows + 1)]
        block.column(first[0], first[1], Kind.TEXT, names)
        for key, header, kind in columns:
            cells = [f"=IFERROR(0+INDEX({name}[{key}],{row}),0)" for row in range(1, rows + 1)]
            block.column(key, _(header), kind, cells)
        if columns is _PAYS:
            _spans(block)
        parts[name] = block.part
        top += rows + 4
    return parts


def charts(canvas: Canvas, parts: dict[str, Part]) -> list[Chart]:
    """This month day by day, hours to the first contact, what speed and attempts are worth."""
    return [
        _line(canvas),
        _contact(canvas, parts["SlaContact"]),
        _pays(
            canvas,
            parts["SlaSpeed"],
            "hours",
            _("Conversion by hours to the first contact: observed"),
        ),
        _pays(
            canvas, parts["SlaAttempts"], "attempt", _("Conversion after each attempt: observed")
        ),
    ]


def _spans(block: Block) -> None:
    cell = block.part.cell
    for key, header, (high, low) in (
        ("plus", _("Above"), ("high", "conversion")),
        ("minus", _("Below"), ("conversion", "low")),
    ):
        spans = [f"={cell(row, high)}-{cell(row, low)}" for row in range(block.part.rows)]
        block.column(key, header, Kind.NUMBER, spans)


def _line(canvas: Canvas) -> Chart:
    """Straight from its table, so that the days to come stay blank."""
    chart = chart_of(canvas, "line", _("This month: leads promised and delivered"))
    place, sheet = table_places()[SLA_LINE.name], canvas.title("sla")
    first, last = place.row + 1, place.row + _DAYS
    for key, colour, dash, width in (
        ("promised", _AMBER, "dash", 1.5),
        ("delivered", NAVY, "solid", 2.5),
        ("promised_qualified", _AMBER, "round_dot", 1.5),
        ("delivered_qualified", TEAL, "solid", 2.5),
    ):
        column = place.column + SLA_LINE.keys.index(key)
        chart.add_series(
            {
                "name": SLA_LINE[key].title(canvas.language),
                "categories": [sheet, first, place.column, last, place.column],
                "values": [sheet, first, column, last, column],
                "line": {"color": colour, "dash_type": dash, "width": width},
            }
        )
    value_axis(chart, num_format="#,##0")
    font = {"name": FONT, "size": SMALL, "color": INK}
    days = {"num_format": "d", "text_axis": True, "interval_unit": 3, "line": {"color": LINE}}
    chart.set_x_axis({"num_font": font, **days})
    return chart


def _contact(canvas: Canvas, contact: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Office hours to the first contact, by grade"))
    for key, colour in (("promised", _AMBER), ("median", TEAL), ("most", NAVY)):
        chart.add_series(series(canvas, contact, key, "grade", colour, gap=80, overlap=0))
    value_axis(chart, num_format="0")
    return chart


def _pays(canvas: Canvas, part: Part, across: str, title: str) -> Chart:
    chart = chart_of(canvas, "column", title)
    span = interval(canvas, part)
    chart.add_series(series(canvas, part, "conversion", across, TEAL, gap=60, y_error_bars=span))
    chart.set_legend({"none": True})
    value_axis(chart, num_format="0%")
    return chart
