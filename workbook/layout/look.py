"""Colours, fonts and number formats: few, and readable from the back of a meeting room."""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from smarketing_xl.workbook.schema import Kind

FONT = "Calibri"
INK = "#1F2933"
QUIET = "#616E7C"
LINE = "#CBD2D9"
NAVY = "#1F3A5F"  # headers that people or imports fill
TEAL = "#0B7A75"  # headers that a button fills
INPUT = "#FFF8E1"
ANSWER = "#E6F4F1"
GOOD, GOOD_INK = "#D5F0E0", "#0F5132"
WARN, WARN_INK = "#FFE8B3", "#7A4F01"
BAD, BAD_INK = "#F9D5D3", "#8A1C17"
DIM, DIM_INK = "#E9ECEF", "#495057"

NUMBER_FORMATS: dict[Kind, str | int] = {
    Kind.NUMBER: "#,##0.0",
    Kind.WHOLE: "#,##0",
    Kind.MONEY: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.DATE: 14,  # the reader's own short date
    Kind.TIME: 22,
    Kind.MONTH: "mmm yyyy",
}


class Look:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, kind: Kind | None = None, **properties: object) -> Format:
        """A cell format: the number format of a kind and further properties."""
        base: dict[str, object] = {"font_name": FONT, "font_size": 11, "font_color": INK}
        base["valign"] = "vcenter"
        if kind in NUMBER_FORMATS:
            base["num_format"] = NUMBER_FORMATS[kind]
        if kind in (Kind.DATE, Kind.TIME, Kind.MONTH):
            base["align"] = "left"
        properties = base | properties
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(properties)
        return self._made[key]

    def header(self, ours: bool) -> Format:
        """A table's header: teal where a button fills the column, navy where people do."""
        return self(
            bold=True,
            font_color="#FFFFFF",
            bg_color=TEAL if ours else NAVY,
            border=1,
            border_color="#FFFFFF",
            text_wrap=True,
        )

    def input(self, kind: Kind) -> Format:
        """A cell to type in."""
        return self(kind, bg_color=INPUT, border=1, border_color=LINE, align="right")

    def answer(self, kind: Kind) -> Format:
        """A cell that answers."""
        return self(kind, bg_color=ANSWER, bold=True, border=1, border_color=LINE, align="right")
