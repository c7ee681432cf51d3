"""Charts of documents, drawn as vectors."""

from __future__ import annotations

from typing import Any

from smarketing_xl.reports.document import Chart
from smarketing_xl.reports.fonts import PLAIN, drawable

COLOURS = ("#0F6E6E", "#E08E2B", "#5F6B6B", "#7FB5B5")
_HEIGHT = 170.0
_LABELS = 12


def drawing(chart: Chart, width: float) -> Any:
    """The chart with its legend, as wide as asked for (points)."""
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.colors import HexColor

    paper = Drawing(width, _HEIGHT + 22)
    plot = _lines(chart) if chart.kind == "lines" else _bars(chart)
    plot.x, plot.y, plot.width, plot.height = 34, 22, width - 44, _HEIGHT - 34
    plot.valueAxis.valueMin = 0
    plot.valueAxis.visibleGrid = True
    plot.valueAxis.gridStrokeColor = HexColor("#D9E2E2")
    plot.valueAxis.strokeColor = None
    axis = plot.categoryAxis
    names, axis_font = drawable("\n".join(_thinned(chart.axis)))
    axis.categoryNames = names.split("\n")
    axis.strokeColor = HexColor("#5F6B6B")
    axis.visibleTicks = False
    for labels, font in ((plot.valueAxis.labels, PLAIN), (axis.labels, axis_font)):
        labels.fontName, labels.fontSize = font, 7.5
    paper.add(plot)
    for shape in _legend(chart):
        paper.add(shape)
    return paper


def _lines(chart: Chart) -> Any:
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.lib.colors import HexColor

    plot = HorizontalLineChart()
    plot.data = [list(values) for values in chart.series.values()]
    for at, label in enumerate(chart.series):
        plot.lines[at].strokeColor = HexColor(COLOURS[at % len(COLOURS)])
        plot.lines[at].strokeWidth = 1.2 if label in chart.promised else 2.2
        if label in chart.promised:
            plot.lines[at].strokeDashArray = [3, 3]
    return plot


def _bars(chart: Chart) -> Any:
    from reportlab.graphics.charts.barcharts import VerticalBarChart
    from reportlab.lib.colors import HexColor

    plot = VerticalBarChart()
    plot.data = [[value or 0 for value in values] for values in chart.series.values()]
    plot.groupSpacing, plot.barSpacing = 8, 1
    for at in range(len(chart.series)):
        plot.bars[at].fillColor = HexColor(COLOURS[at % len(COLOURS)])
        plot.bars[at].strokeColor = None
    return plot


def _legend(chart: Chart) -> list[Any]:
    from reportlab.graphics.shapes import Rect, String
    from reportlab.lib.colors import HexColor
    from reportlab.pdfbase.pdfmetrics import stringWidth

    shapes: list[Any] = []
    left = 34.0
    for at, label in enumerate(chart.series):
        colour = HexColor(COLOURS[at % len(COLOURS)])
        text, font = drawable(label)
        shapes += [
            Rect(left, _HEIGHT + 6, 9, 4, fillColor=colour, strokeColor=None),
            String(left + 13, _HEIGHT + 4, text, fontName=font, fontSize=8),
        ]
        left += 30 + stringWidth(text, font, 8)
    return shapes


def _thinned(labels: tuple[str, ...]) -> list[str]:
    """Not more labels than can be read."""
    step = -(-len(labels) // _LABELS)
    return [label if at % step == 0 else "" for at, label in enumerate(labels)]
