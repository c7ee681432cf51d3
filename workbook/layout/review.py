"""Review: the charts that both teams look at together."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.chart import Chart

from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import MODELS
from workbook.layout import review_data, review_personas, review_promises, review_quota
from workbook.layout.canvas import Canvas
from workbook.layout.look import FONT, INK, LINE, MARKERS, NAVY, QUIET, SERIES, SMALL, TEAL
from workbook.layout.review_charts import (
    HIGH,
    WIDE,
    bars,
    chart_of,
    interval,
    labels,
    line,
    series,
    value_axis,
)
from workbook.layout.review_data import CHANNELS, SHEET, SOURCES, Part

_PANEL, _ROWS = 3, 14  # the first row of what stands above the charts; rows between charts
_TOP = _PANEL + review_quota.ROWS  # the first chart's row
_COLUMNS = (0, 10)
_COLUMN = 64  # pixels of a column under the charts
_AMBER = SERIES[2]
_OFFSET = {"x_offset": 4, "y_offset": 4, "object_position": 2}


def draw(canvas: Canvas) -> dict[str, Part]:
    """Write the numbers behind the charts, then the charts; answers where the numbers stand."""
    parts = review_data.draw(canvas)
    promises = review_promises.draw(canvas, review_data.end(parts))
    sheet = canvas.sheets[SHEET]
    sheet.set_column(0, review_data.LEFT - 1, 8.43, canvas.look())
    review_quota.draw(canvas, _PANEL)
    together = (
        _new_customers(canvas, parts["months"]),
        _added_up(canvas, parts["months"]),
        _by_month(canvas, parts["months"]),
        _grades(canvas, parts["grades"]),
    )
    channels = (
        _paths(canvas, parts["paths"]),
        _cost(canvas, parts["channels"]),
        _budget(canvas, parts["channels"]),
        _follow_up(canvas, parts["owners"]),
        *review_promises.charts(canvas, promises),
    )
    credits = _place(canvas, together, _TOP)
    sheet.insert_chart(credits, 0, _credits(canvas, parts["credits"]), _OFFSET)
    end = _place(canvas, channels, credits + _ROWS)
    persona = review_personas.sentences(canvas, end + 1)
    last = _place(canvas, review_personas.draw(canvas, review_data.end(promises)), persona)
    sheet.print_area(0, 0, last, review_data.LEFT - 3)
    sheet.set_print_scale(70)
    pages = range(credits, end, 2 * _ROWS)
    sheet.set_h_pagebreaks([*pages, end, persona + 2 * _ROWS])
    return parts


def _place(canvas: Canvas, charts: Sequence[Chart], top: int) -> int:
    """Two charts side by side, from a row on; answers the row below."""
    for number, chart in enumerate(charts):
        row = top + number // 2 * _ROWS
        canvas.sheets[SHEET].insert_chart(row, _COLUMNS[number % 2], chart, _OFFSET)
    return top + (len(charts) + 1) // 2 * _ROWS


def _months_axis(chart: Chart) -> None:
    font = {"name": FONT, "size": SMALL, "color": INK}
    chart.set_x_axis(
        {"num_font": font, "line": {"color": LINE}, "num_format": "mmm yy", "text_axis": True}
    )


def _new_customers(canvas: Canvas, months: Part) -> Chart:
    chart = chart_of(canvas, "column", _("New customers by month and source"), "stacked")
    keys = [f"source{number}" for number in range(SOURCES)]
    for key, colour in zip((*keys, "other"), SERIES, strict=True):
        chart.add_series(series(canvas, months, key, "month", colour, gap=60))
    value_axis(chart, num_format="0")
    _months_axis(chart)
    return chart


def _added_up(canvas: Canvas, months: Part) -> Chart:
    chart = chart_of(canvas, "line", _("Leads promised and delivered, added up"))
    for key, colour, dash in (("promised_sum", _AMBER, "dash"), ("delivered_sum", TEAL, "solid")):
        chart.add_series(line(canvas, months, key, "month", colour, dash))
    value_axis(chart, num_format="#,##0")
    _months_axis(chart)
    return chart


def _by_month(canvas: Canvas, months: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Leads by month"))
    for key, colour in (("promised", _AMBER), ("delivered", NAVY), ("qualified", TEAL)):
        chart.add_series(series(canvas, months, key, "month", colour, gap=80, overlap=0))
    value_axis(chart, num_format="#,##0")
    _months_axis(chart)
    return chart


def _grades(canvas: Canvas, grades: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Do better grades convert better?"))
    shown = labels("0%;;")
    chart.add_series(series(canvas, grades, "rate", "grade", TEAL, gap=80, data_labels=shown))
    chart.set_legend({"none": True})
    value_axis(chart, num_format="0%")
    return chart


def _credits(canvas: Canvas, credits: Part) -> Chart:
    """Every model side by side, each bar with its interval; as wide as two charts."""
    chart = chart_of(canvas, "column", _("Credit of each channel by model, with 95 % intervals"))
    chart.set_size({"width": _COLUMNS[1] * _COLUMN + WIDE, "height": HIGH})
    for model, colour in zip(MODELS.labels, SERIES, strict=False):
        spread = interval(canvas, credits, f"{model} plus", f"{model} minus")
        more = {"gap": 50, "overlap": 0, "y_error_bars": spread}
        chart.add_series(series(canvas, credits, model, "channel", colour, **more))
    value_axis(chart, num_format="#,##0", min=None)
    return chart


def _paths(canvas: Canvas, paths: Part) -> Chart:
    """The journeys that brought most customers, the longest bar on top."""
    chart = bars(canvas, _("Journeys from first touch to customer"), num_format="0")
    chart.add_series(series(canvas, paths, "customers", "path", TEAL, gap=40))
    chart.set_legend({"none": True})
    return chart


def _cost(canvas: Canvas, channels: Part) -> Chart:
    """One series a channel, so that each point carries the channel's name."""
    chart = chart_of(canvas, "scatter", _("Cost per customer against customers"))
    sheet = canvas.title(SHEET)
    columns, top = channels.columns, channels.top + 1
    small = {"name": FONT, "size": SMALL, "color": INK}
    for row in range(top, top + CHANNELS):
        colour = SERIES[(row - top) % len(SERIES)]
        chart.add_series(
            {
                "name": [sheet, row, columns["channel"]],
                "categories": [sheet, row, columns["customers"], row, columns["customers"]],
                "values": [sheet, row, columns["cac"], row, columns["cac"]],
                "marker": {
                    "type": MARKERS[(row - top) % len(MARKERS)],
                    "size": SMALL,
                    "fill": {"color": colour},
                    "border": {"color": QUIET},
                },
                "data_labels": {"series_name": True, "position": "right", "font": small},
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
    value_axis(chart, name=channels.header(sheet, "cac"), name_font=font, num_format="#,##0")
    return chart


def _budget(canvas: Canvas, channels: Part) -> Chart:
    chart = bars(canvas, _("Share of budget: today and proposed"))
    for key, colour in (("share", SERIES[3]), ("proposed", TEAL)):
        chart.add_series(series(canvas, channels, key, "channel", colour, gap=60, overlap=0))
    return chart


def _follow_up(canvas: Canvas, owners: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Follow-up in time, by owner"))
    shown = labels("0%;;")
    chart.add_series(series(canvas, owners, "share", "owner", NAVY, gap=80, data_labels=shown))
    chart.set_legend({"none": True})
    value_axis(chart, num_format="0%", max=1)
    return chart
