"""What the chart of the funnel draws, in a workbook filled with the sample data."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.chart.bar_chart import BarChart
from openpyxl.utils import range_boundaries

from smarketing_xl.book.read import read_table
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import half_up
from smarketing_xl.schema.tables import MEASURED_FUNNEL


def test_a_bar_a_stage_around_a_middle_named_by_its_count_and_conversion(demo_file: Path) -> None:
    with opened(demo_file, "file", save=False) as book:
        funnel = read_table(book, MEASURED_FUNNEL)
    funnel = funnel[funnel["group"] == "all"]
    sheet = openpyxl.load_workbook(demo_file, data_only=True)["Outcomes"]
    (chart,) = sheet._charts
    assert isinstance(chart, BarChart)
    assert (chart.barDir, chart.grouping, chart.overlap) == ("bar", "stacked", 100)

    def cells(reference: str) -> list[object]:
        left, top, right, bottom = range_boundaries(reference.rpartition("!")[2])
        return [cell for row in sheet.iter_rows(top, bottom, left, right, True) for cell in row]

    margin, leads = (cells(series.val.numRef.f) for series in chart.series)
    names = cells(chart.series[1].cat.strRef.f)
    counts = [int(count) for count in funnel["leads"]]
    assert leads == counts == sorted(counts, reverse=True)
    assert margin == [(counts[0] - count) / 2 for count in counts]
    assert names[0] == f"{funnel['stage'].iloc[0]}: {counts[0]:,}"
    rows = zip(names, funnel["stage"], counts, funnel["conversion"], strict=True)
    for name, stage, count, share in list(rows)[1:]:
        assert name == f"{stage}: {count:,} · {half_up(100 * share)} %"
