"""Charts in the workbook's look."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, INK, LINE, NAVY, QUIET, SERIES, SIZE, SMALL
from workbook.layout.review_data import SHEET, Part

AMBER = SERIES[2]
SHARES = {"value": True, "num_format": "0%;;", "font": {"name": FONT, "size": SIZE, "bold": True}}
_WIDE, _HIGH = 620, 310  # pixels


def chart_of(canvas: Canvas, kind: str, title: str, subtype: str = "") -> Chart:
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


def series_of(
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


def value_axis(chart: Chart, **properties: Any) -> None:
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


def months_axis(chart: Chart) -> None:
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_x_axis(
        {"num_font": font, "line": {"color": LINE}, "num_format": "mmm yy", "text_axis": True}
    )
