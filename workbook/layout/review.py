"""Review: the charts that both teams look at together."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from smarketing_xl.texts import _
from smarketing_xl.workbook.tables import MODELS
from workbook.layout import review_data
from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, INK, LINE, NAVY, QUIET, SERIES, SIZE, SMALL, TEAL
from workbook.layout.review_data import CHANNELS, SHEET, SOURCES, Part

_WIDE, _HIGH = 620, 310  # pixels
_COLUMN = 64  # pixels of a column under the charts
_TOP, _ROWS = 4, 14  # the first chart's row; rows between charts
_COLUMNS = (0, 10)
_AMBER = SERIES[2]
_SHARES = {"value": True, "num_format": "0%;;", "font": {"name": FONT, "size": SIZE, "bold": True}}
_OFFSET = {"x_offset": 4, "y_offset": 4, "object_position": 2}


def draw(canvas: Canvas) -> dict[str, Part]:
    """Write the numbers behind the charts, then the charts; answers where the numbers stand."""
    parts = review_data.draw(canvas)
    sheet = canvas.sheets[SHEET]
    sheet.set_column(0, review_data.LEFT - 1, 8.43)
    rows = (
        (_new_customers(canvas, parts["months"]), _added_up(canvas, parts["months"])),
        (_by_month(canvas, parts["months"]), _grades(canvas, parts["grades"])),
        (_credits(canvas, parts["credits"]),),
        (_paths(canvas, parts["paths"]), _cost(canvas, parts["channels"])),
        (_budget(canvas, parts["channels"]), _follow_up(canvas, parts["owners"])),
    )
    for number, charts in enumerate(rows):
        for column, chart in zip(_COLUMNS, charts, strict=False):
            sheet.insert_chart(_TOP + number * _ROWS, column, chart, _OFFSET)
    sheet.print_area(0, 0, _TOP + len(rows) * _ROWS, review_data.LEFT - 3)
    sheet.set_print_scale(70)
    sheet.set_h_pagebreaks([_TOP + 2 * _ROWS, _TOP + 4 * _ROWS])
    return parts


def _chart(canvas: Canvas, kind: str, title: str, subtype: str = "") -> Chart:
    """A chart in the workbook's look."""
    chart = canvas.book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_title(
        {
            "name": title,
            "name_font": {"name": FONT, "size": 14, "bold": True, "color": NAVY},
            "overlay": False,
        }
    )
    chart.set_size({"width": _WIDE, "height": _HIGH})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    axis = {"num_font": font, "name_font": font | {"bold": False, "color": QUIET}}
    line = {"line": {"color": LINE}}
    chart.set_x_axis({**axis, **line})
    chart.set_y_axis({**axis, "line": {"none": True}, "major_gridlines": {"visible": True, **line}})
    chart.show_blanks_as("gap")
    return chart


def _series(
    canvas: Canvas, part: Part, key: str, across: str, colour: str, **more: Any
) -> dict[str, Any]:
    sheet = canvas.title(SHEET)
    return {
        "name": part.header(sheet, key),
        "categories": part.area(sheet, across),
        "values": part.area(sheet, key),
        "fill": {"color": colour},
        "border": {"none": True},
        **more,
    }


def _axis(chart: Chart, **properties: Any) -> None:
    """Change the value axis and leave the look as it is."""
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_y_axis(
        {
            "num_font": font,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
            "min": 0,
            **properties,
        }
    )


def _months_axis(chart: Chart) -> None:
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_x_axis(
        {"num_font": font, "line": {"color": LINE}, "num_format": "mmm yy", "text_axis": True}
    )


def _new_customers(canvas: Canvas, months: Part) -> Chart:
    chart = _chart(canvas, "column", _("New customers by month and source"), "stacked")
    keys = [f"source{number}" for number in range(SOURCES)]
    for key, colour in zip((*keys, "other"), SERIES, strict=True):
        chart.add_series(_series(canvas, months, key, "month", colour, gap=60))
    _axis(chart, num_format="0")
    _months_axis(chart)
    return chart


def _added_up(canvas: Canvas, months: Part) -> Chart:
    chart = _chart(canvas, "line", _("Leads promised and delivered, added up"))
    for key, colour, dash in (("promised_sum", _AMBER, "dash"), ("delivered_sum", TEAL, "solid")):
        line = {"color": colour, "width": 2.5, "dash_type": dash}
        series = _series(canvas, months, key, "month", colour)
        del series["fill"], series["border"]
        chart.add_series({**series, "line": line})
    _axis(chart, num_format="#,##0")
    _months_axis(chart)
    return chart


def _by_month(canvas: Canvas, months: Part) -> Chart:
    chart = _chart(canvas, "column", _("Leads by month"))
    for key, colour in (("promised", _AMBER), ("delivered", NAVY), ("qualified", TEAL)):
        chart.add_series(_series(canvas, months, key, "month", colour, gap=80, overlap=0))
    _axis(chart, num_format="#,##0")
    _months_axis(chart)
    return chart


def _grades(canvas: Canvas, grades: Part) -> Chart:
    chart = _chart(canvas, "column", _("Do better grades convert better?"))
    series = _series(canvas, grades, "rate", "grade", TEAL, gap=80, data_labels=_SHARES)
    chart.add_series(series)
    chart.set_legend({"none": True})
    _axis(chart, num_format="0%")
    return chart


def _credits(canvas: Canvas, credits: Part) -> Chart:
    """Every model side by side, each bar with its interval; as wide as two charts."""
    chart = _chart(canvas, "column", _("Credit of each channel by model, with 95 % intervals"))
    chart.set_size({"width": _COLUMNS[1] * _COLUMN + _WIDE, "height": _HIGH})
    sheet = canvas.title(SHEET)
    for model, colour in zip(MODELS.labels, SERIES, strict=False):
        interval = {
            "type": "custom",
            "plus_values": credits.area(sheet, f"{model} plus"),
            "minus_values": credits.area(sheet, f"{model} minus"),
            "line": {"color": QUIET, "width": 1},
        }
        more = {"gap": 50, "overlap": 0, "y_error_bars": interval}
        chart.add_series(_series(canvas, credits, model, "channel", colour, **more))
    _axis(chart, num_format="#,##0", min=None)
    return chart


def _paths(canvas: Canvas, paths: Part) -> Chart:
    """The journeys that brought most customers, the longest bar on top."""
    chart = _chart(canvas, "bar", _("Journeys from first touch to customer"))
    chart.add_series(_series(canvas, paths, "customers", "path", TEAL, gap=40))
    chart.set_legend({"none": True})
    _lying(chart, "0")
    return chart


def _cost(canvas: Canvas, channels: Part) -> Chart:
    """One series a channel, so that each point carries the channel's name."""
    chart = _chart(canvas, "scatter", _("Cost per customer against customers"))
    sheet = canvas.title(SHEET)
    columns, top = channels.columns, channels.top + 1
    for row in range(top, top + CHANNELS):
        colour = SERIES[(row - top) % len(SERIES)]
        chart.add_series(
            {
                "name": [sheet, row, columns["channel"]],
                "categories": [sheet, row, columns["customers"], row, columns["customers"]],
                "values": [sheet, row, columns["cac"], row, columns["cac"]],
                "marker": {
                    "type": "circle",
                    "size": 10,
                    "fill": {"color": colour},
                    "border": {"color": "#FFFFFF"},
                },
            }
        )
    font = {"name": FONT, "size": SMALL, "color": QUIET, "bold": False}
    chart.set_x_axis(
        {
            "name": _("Customers credited (Markov)"),
            "name_font": font,
            "num_font": font,
            "num_format": "0",
            "line": {"color": LINE},
            "min": 0,
        }
    )
    _axis(chart, name=_("Cost per customer"), name_font=font, num_format="#,##0")
    return chart


def _budget(canvas: Canvas, channels: Part) -> Chart:
    chart = _chart(canvas, "bar", _("Share of budget: today and proposed"))
    for key, colour in (("share", SERIES[3]), ("proposed", TEAL)):
        chart.add_series(_series(canvas, channels, key, "channel", colour, gap=60, overlap=0))
    _lying(chart, "0%")
    return chart


def _lying(chart: Chart, num_format: str) -> None:
    """The axes of lying bars, the first one on top."""
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_x_axis(
        {
            "num_font": font,
            "num_format": num_format,
            "line": {"none": True},
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    chart.set_y_axis(
        {
            "num_font": font,
            "line": {"color": LINE},
            "reverse": True,
            "crossing": "max",
            "major_gridlines": {"visible": False},
        }
    )


def _follow_up(canvas: Canvas, owners: Part) -> Chart:
    chart = _chart(canvas, "column", _("Follow-up in time, by owner"))
    chart.add_series(_series(canvas, owners, "share", "owner", NAVY, gap=80, data_labels=_SHARES))
    chart.set_legend({"none": True})
    _axis(chart, num_format="0%", max=1)
    return chart
