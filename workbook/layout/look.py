"""Colours, fonts and number formats: few, and readable from the back of a meeting room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from smarketing_xl.schema.model import Cell, Column, Kind

FONT = "Arial"  # Windows, macOS and LibreOffice have it, or one of the same widths
SIZE, SMALL = 10, 9
INK = "#1F2933"
QUIET = "#616E7C"
LINE = "#D5DAE0"
NAVY = "#1F3A5F"  # what people or imports fill
TEAL = "#0B7A75"  # what a button or a formula fills
INPUT = "#FFF8E1"
ANSWER = "#E6F4F1"
PAPER = "#FFFFFF"  # behind every text: a dark theme changes what has no fill of its own
SERIES = (NAVY, TEAL, "#E69F00", "#C9D3E0", "#7A1631", "#56B4E9", "#CC4B37", "#F2E36B")
"""Colours of a chart's series that people who see few colours tell apart too."""
HATCHES = {  # colour: its hatching and the strokes' colour, for black and white
    SERIES[2]: ("wide_upward_diagonal", PAPER),
    SERIES[3]: ("wide_downward_diagonal", QUIET),
    SERIES[4]: ("light_upward_diagonal", PAPER),
    SERIES[5]: ("light_vertical", PAPER),
    SERIES[6]: ("light_horizontal", PAPER),
    SERIES[7]: ("large_grid", QUIET),
}
MARKERS = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True)
class Tone:
    """How a state is tinted."""

    fill: str
    ink: str


GOOD = Tone("#D5F0E0", "#0F5132")
FAIR = Tone("#E8F3D6", "#3F5B10")
WARN = Tone("#FFE8B3", "#7A4F01")
BAD = Tone("#F9D5D3", "#8A1C17")
CALM = Tone("#E9ECEF", "#495057")

_END = "_)"  # leaves room at the right, which Calc takes from an indent there
NUMBER_FORMATS: dict[Kind, str | int] = {
    Kind.NUMBER: f"#,##0.0{_END}",
    Kind.WHOLE: f"#,##0{_END}",
    Kind.MONEY: f"#,##0{_END}",
    Kind.SHARE: f"0.0%{_END}",
    Kind.DATE: 14,  # the reader's own short date
    Kind.TIME: 22,
    Kind.MONTH: "mmm yyyy",
    Kind.CLOCK: f"[<=1]hh:mm{_END};General{_END}",
}
CHANCE = '[>=0.9995]"> 99.9%";[<0.0005]"< 0.1%";0.0%'
"""A probability: what is not certain never reads 100 % or 0 %."""
CHANCES = {"chance", "quota_chance", "year_chance"}  # columns and named cells that hold one
_AS_TYPED = {"phone", "lead_id", "customer_id", "duplicate_of"}  # keep leading zeros and plus signs
_PLAIN = {"lowest", "weight", "first_contact_hours"}  # numbers as people typed them
_ROUND = {"score", "interest"}
_SIGNED = {"change"}
_TO_THE_RIGHT = {Kind.CLOCK, Kind.NUMBER, Kind.WHOLE, Kind.MONEY, Kind.SHARE}


def _aligned(kind: Kind) -> dict[str, Any]:
    return {"align": "right"} if kind in _TO_THE_RIGHT else {"align": "left", "indent": 1}


def _in_block(kind: Kind) -> dict[str, Any]:
    """Beside a label: texts at the left, all else at the right."""
    texts = (Kind.TEXT, Kind.CHOICE, Kind.YES_NO, Kind.ANY)
    return {"align": "left", "indent": 1} if kind in texts else {"align": "right"}


class Look:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, kind: Kind | None = None, /, **properties: Any) -> Format:
        """A cell format: the number format of a kind and further properties."""
        base: dict[str, Any] = {
            "font_name": FONT,
            "font_size": SIZE,
            "font_color": INK,
            "bg_color": PAPER,
            "valign": "vcenter",
        }
        if kind in NUMBER_FORMATS:
            base["num_format"] = NUMBER_FORMATS[kind]
        properties = base | properties
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(properties)
        return self._made[key]

    def body(self, column: Column) -> Format:
        """The cells of a table's column."""
        aligned = _aligned(column.kind)
        if column.key in _AS_TYPED:
            return self(num_format="@", **aligned)
        if column.key in _PLAIN:
            return self(num_format=f"General{_END}", **aligned)
        if column.key in _ROUND:
            return self(num_format=f"0{_END}", **aligned)
        if column.key in CHANCES and column.decimals is None:
            return self(num_format=CHANCE, **aligned)
        if column.key in _SIGNED:
            return self(num_format=f"+#,##0{_END};-#,##0{_END};0{_END}", **aligned)
        if column.decimals is not None:
            percent = "%" if column.kind is Kind.SHARE else ""
            point = f".{'0' * column.decimals}" if column.decimals else ""
            return self(num_format=f"#,##0{point}{percent}{_END}", **aligned)
        return self(column.kind, **aligned)

    def header(self, column: Column) -> Format:
        """A column's header: teal where a button or formula fills the column, else navy."""
        return self(
            bold=True,
            font_color="#FFFFFF",
            bg_color=TEAL if column.ours or column.formula else NAVY,
            border=1,
            border_color="#FFFFFF",
            text_wrap=True,
            **({"num_format": f"@{_END}"} if column.kind in _TO_THE_RIGHT else {}),
            **_aligned(column.kind),
        )

    def title(self) -> Format:
        """The name of a list."""
        return self(bold=True, font_color="#FFFFFF", bg_color=NAVY, indent=1, shrink=True)

    def section(self, kind: Kind | None = None) -> Format:
        """A heading within a sheet."""
        return self(
            kind,
            bold=True,
            font_size=12,
            font_color=NAVY,
            bottom=2,
            bottom_color=NAVY,
            valign="bottom",
            align="left",
        )

    def remark(self) -> Format:
        """An explanation beside a cell."""
        return self(font_color=QUIET, indent=1)

    def input(self, kind: Kind) -> Format:
        """A cell to type in; a long text shrinks to fit."""
        framed = {"border": 1, "border_color": LINE, "shrink": True}
        return self(kind, bg_color=INPUT, **framed, **_in_block(kind))

    def answer(self, cell: Cell) -> Format:
        """A cell that answers."""
        kind = cell.kind
        framed: dict[str, Any] = {"border": 1, "border_color": LINE, "shrink": True}
        if cell.name in CHANCES:
            framed["num_format"] = CHANCE
        return self(kind, bg_color=ANSWER, bold=True, **framed, **_in_block(kind))

    def tint(self, tone: Tone) -> Format:
        """A conditional format."""
        return self.book.add_format({"bg_color": tone.fill, "font_color": tone.ink})
