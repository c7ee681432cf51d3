"""Documents as a workbook of one sheet, for an office suite to make a PDF of by its own export.

The page is a grid of narrow columns; a table's cells are as many of them, merged, as they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from smarketing_xl.i18n import _
from smarketing_xl.reports.charts import COLOURS
from smarketing_xl.reports.document import (
    Chart,
    Document,
    Row,
    Section,
    all_numbers,
    is_number,
)
from smarketing_xl.reports.pdf import (
    GREY,
    LIGHT,
    TEAL,
    widths,
)

GRID = 24
_COLUMN = 3.6  # characters
_POINTS = 22.6  # of a column
_LINE = 13.0  # points
_FONT = "Arial"
_CHART = (720, 250)  # pixels
_CHART_ROWS = 13
_ROW = 15.0  # points of a row whose height nobody sets
_SCALE = 88  # per cent at which the grid fits the width of A4
_PAGE = 741.0 / _SCALE * 100  # points of rows on a page


def write(document: Document, path: Path) -> Path:
    """The document as a workbook (.xlsx) that prints on A4; returns its path."""
    from xlsxwriter.workbook import Workbook

    with Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.formats[0].set_font_name(_FONT)  # by which the widths of columns are measured
        book.formats[0].set_font_size(10)
        book.set_properties({"title": document.title, "author": document.subtitle})
        _Page(book, document).draw()
    return path


class _Page:
    """The sheet being written, from top to bottom."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        self.sheet = book.add_worksheet("1")
        self.data = book.add_worksheet("2")  # what the charts draw; hidden, so not printed
        self.data.hide()
        self.row = self.taken = 0
        self.heights: dict[int, float] = {}

    def draw(self) -> None:
        sheet = self.sheet
        sheet.set_paper(9)
        sheet.set_portrait()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.set_print_scale(_SCALE)
        sheet.hide_gridlines(2)
        sheet.set_column(0, GRID - 1, _COLUMN)
        sheet.set_footer(f"&L&8{self.document.title.replace('&', '&&')}&R&8&P")
        self._text(self.document.title, 18, bold=True, font_color=TEAL)
        if self.document.subtitle:
            self._text(self.document.subtitle, 11, font_color=GREY)
        starts = []
        for section in self.document.sections:
            starts.append(self.row)
            self._section(section)
        if self.document.signatures:
            self._signatures()
        sheet.print_area(0, 0, self.row, GRID - 1)
        sheet.set_h_pagebreaks(self._breaks(starts))

    def _breaks(self, starts: list[int]) -> list[int]:
        """Where pages begin: no section is cut that fits on one, nor signatures from it."""
        breaks: list[int] = []
        used = self._height(0, starts[0])
        for first, past in pairwise([*starts, self.row + 1]):
            high = self._height(first, past)
            if used + high > _PAGE and (high <= _PAGE or used > _PAGE / 2):
                breaks.append(first)
                used = 0.0
            used = (used + high) % _PAGE
        return breaks

    def _height(self, first: int, past: int) -> float:
        return sum(self.heights.get(row, _ROW) for row in range(first, past))

    def _high(self, row: int, height: float) -> None:
        self.sheet.set_row(row, height)
        self.heights[row] = height

    def _section(self, section: Section) -> None:
        self.row += 1
        self._text(section.title, 11.5, bold=True, font_color=TEAL)
        for paragraph in section.paragraphs:
            self._text(paragraph, 9.5)
        if section.rows:
            self._table(section)
        if section.chart:
            self._chart(section.chart)

    def _table(self, section: Section) -> None:
        edges = _edges(widths(section))
        if section.header:
            right = [all_numbers(each) for each in zip(*section.rows, strict=True)]
            right[0] = False
            look = {"bold": True, "font_color": GREY, "bottom": 1, "bottom_color": TEAL}
            self._line(section.header, edges, right, **look)
        for row in section.rows:
            right = [bool(at) and is_number(cell) for at, cell in enumerate(row)]
            self._line(row, edges, right, bottom=1, bottom_color=LIGHT)

    def _line(self, row: Row, edges: Sequence[int], right: Sequence[bool], **look: Any) -> None:
        lines = 1
        for (first, past), cell, flush in zip(pairwise(edges), row, right, strict=True):
            side = {"align": "right", "indent": 1} if flush else {"align": "left"}
            self._put(self.row, first, past - 1, cell, 9, valign="top", **side, **look)
            lines = max(lines, _lines(cell, 9, past - first))
        self._high(self.row, lines * _LINE + 3)
        self.row += 1

    def _text(self, text: str, size: float, **look: Any) -> None:
        self._put(self.row, 0, GRID - 1, text, size, valign="top", **look)
        self._high(self.row, _lines(text, size, GRID) * size * 1.4 + 4)
        self.row += 1

    def _put(self, row: int, first: int, last: int, text: str, size: float, **look: Any) -> None:
        given = {"font_name": _FONT, "font_size": size, "text_wrap": True, **look}
        form = self.book.add_format(given)
        if first == last:
            self.sheet.write_string(row, first, text, form)
            return
        self.sheet.merge_range(row, first, row, last, "", form)
        self.sheet.write_string(row, first, text, form)

    def _chart(self, chart: Chart) -> None:
        kind = "line" if chart.kind == "lines" else "column"
        drawn = self.book.add_chart({"type": kind})
        left, last = self.taken, len(chart.axis)
        self.data.write_column(1, left, chart.axis)
        for at, (label, values) in enumerate(chart.series.items(), start=1):
            self.data.write_string(0, left + at, label)
            for row, value in enumerate(values, start=1):
                if value is not None:
                    self.data.write_number(row, left + at, value)
            drawn.add_series(
                {
                    "name": ["2", 0, left + at],
                    "categories": ["2", 1, left, last, left],
                    "values": ["2", 1, left + at, last, left + at],
                    **_look(kind, COLOURS[(at - 1) % len(COLOURS)], label in chart.promised),
                }
            )
        self.taken += len(chart.series) + 1
        font = {"name": _FONT, "size": 8}
        drawn.set_legend({"position": "top", "font": font})
        drawn.set_x_axis({"num_font": font, "text_axis": True})
        grid = {"visible": True, "line": {"color": LIGHT}}
        drawn.set_y_axis({"num_font": font, "min": 0, "major_gridlines": grid})
        drawn.set_chartarea({"border": {"none": True}})
        drawn.set_size({"width": _CHART[0], "height": _CHART[1]})
        self.sheet.insert_chart(self.row, 0, drawn, {"object_position": 1})
        self.row += _CHART_ROWS

    def _signatures(self) -> None:
        self.row += 2
        names = self.document.signatures
        edges = _edges([1.0] * len(names))
        top = self.row
        for (first, past), (role, name) in zip(pairwise(edges), names, strict=True):
            last = past - 2
            self._put(top, first, last, role, 9, bold=True, font_color=GREY)
            self._put(top + 1, first, last, name, 9)
            self._put(top + 2, first, last, "", 9, bottom=1, bottom_color=GREY)
            self._put(top + 3, first, last, _("Date and signature"), 7.5, font_color=GREY)
        self._high(top + 2, 44)
        self.row += 3


def _look(kind: str, colour: str, promised: bool) -> dict[str, Any]:
    if kind == "column":
        return {"fill": {"color": colour}, "gap": 60}
    dash = "dash" if promised else "solid"
    return {"line": {"color": colour, "width": 1.25 if promised else 2.25, "dash_type": dash}}


def _edges(shares: Sequence[float]) -> list[int]:
    """Where each column begins on the grid, and where the last ends; each at least one wide."""
    edges, passed, whole = [0], 0.0, sum(shares)
    for at, share in enumerate(shares, start=1):
        passed += share
        least, most = edges[-1] + 1, GRID - (len(shares) - at)
        edges.append(min(max(round(passed / whole * GRID), least), most))
    return edges


def _lines(text: str, size: float, columns: int) -> int:
    """So many lines a text takes in so many columns of the grid."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    room, lines, used = columns * _POINTS - 6, 1, 0.0
    for word in text.split():
        width = stringWidth(f"{word} ", "Helvetica-Bold", size)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return lines
