"""Charts of Review in one look: columns and bars over parts of the numbers beside them."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, HATCHES, INK, LINE, NAVY, QUIET, SIZE, SMALL
from workbook.layout.review_data import SHEET, Part

WIDE, HIGH = 620, 310  # pixels
_FONT = {"name": FONT, "size": SMALL, "color": INK}


def chart_of(canvas: Canvas, kind: str, title: str, subtype: str = "") -> Chart:
    """A chart in the workbook's look."""
    chart = canvas.book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    chart.set_title(
        {
            "name": title,
            "name_font": {"name": FONT, "size": 14, "bold": True, "color": NAVY},
            "overlay": False,
        }
    )
    chart.set_size({"width": WIDE, "height": HIGH})
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    axis = {"num_font": _FONT, "name_font": _FONT | {"bold": False, "color": QUIET}}
    line = {"line": {"color": LINE}}
    chart.set_x_axis({**axis, **line})
    chart.set_y_axis({**axis, "line": {"none": True}, "major_gridlines": {"visible": True, **line}})
    chart.show_blanks_as("gap")
    return chart


def series(
    canvas: Canvas, part: Part, key: str, across: str, colour: str, **more: Any
) -> dict[str, Any]:
    """A series over a column of a part, named by its header."""
    sheet = canvas.title(SHEET)
    return {
        "name": part.header(sheet, key),
        "categories": part.area(sheet, across),
        "values": part.area(sheet, key),
        **filled(colour),
        **more,
    }


def filled(colour: str) -> dict[str, Any]:
    """How columns of a colour are filled: hatched too, so that no reader needs the colour."""
    if colour not in HATCHES:
        return {"fill": {"color": colour}, "border": {"none": True}}
    pattern, strokes = HATCHES[colour]
    return {
        "pattern": {"pattern": pattern, "fg_color": strokes, "bg_color": colour},
        "border": {"color": QUIET, "width": 0.5},
    }


def line(
    canvas: Canvas, part: Part, key: str, across: str, colour: str, dash: str
) -> dict[str, Any]:
    """A series drawn as a line; what is promised is dashed."""
    drawn = series(canvas, part, key, across, colour)
    kept = {each: drawn[each] for each in ("name", "categories", "values")}
    return {**kept, "line": {"color": colour, "width": 2.5, "dash_type": dash}}


def value_axis(chart: Chart, **properties: Any) -> None:
    """Change the value axis and leave the look as it is."""
    chart.set_y_axis(
        {
            "num_font": _FONT,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
            "min": 0,
            **properties,
        }
    )


def labels(number_format: str) -> dict[str, Any]:
    """The values over their columns."""
    font = {"name": FONT, "size": SIZE, "bold": True}
    return {"value": True, "num_format": number_format, "font": font}


def interval(
    canvas: Canvas, part: Part, plus: str = "plus", minus: str = "minus"
) -> dict[str, Any]:
    """Error bars over two columns of a part: how far above and below."""
    sheet = canvas.title(SHEET)
    return {
        "type": "custom",
        "plus_values": part.area(sheet, plus),
        "minus_values": part.area(sheet, minus),
        "line": {"color": INK, "width": 1.25},
    }


def bars(canvas: Canvas, title: str, num_format: str = "0%") -> Chart:
    """Bars from left to right, the first row at the top."""
    chart = chart_of(canvas, "bar", title)
    chart.set_x_axis(
        {
            "num_font": _FONT,
            "num_format": num_format,
            "line": {"none": True},
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
        }
    )
    chart.set_y_axis(
        {
            "num_font": _FONT,
            "line": {"color": LINE},
            "reverse": True,
            "crossing": "max",
            "major_gridlines": {"visible": False},
        }
    )
    return chart
