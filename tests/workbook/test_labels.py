"""Every text of the built workbooks can be read: not cut, in any theme, by anybody."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.pdfbase.pdfmetrics import stringWidth

from smarketing_xl.i18n import LANGUAGES, Language
from workbook.build import FILES
from workbook.layout import look
from workbook.layout.pages import SHEETS

PADDING = 6  # points that a cell keeps free at its sides
INDENT = 7  # points of one indent
ROW = 18.0  # points of a row whose height is not set
LEAST = 0.7  # of its size, to which a text may shrink
OPEN = {"journal"}  # nobody reads it


@cache
def book(language: Language) -> openpyxl.Workbook:
    return openpyxl.load_workbook(FILES[language], data_only=True)


def points(text: str, cell: Cell) -> float:
    face = "Helvetica-Bold" if cell.font.b else "Helvetica"  # as wide as Arial
    return float(stringWidth(text, face, cell.font.sz))


def width(sheet: Worksheet, column: int) -> float:
    """Of a column, in points: a character is 7 pixels, of 0.75 points."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max and dimension.width:
            return int(dimension.width * 7) * 0.75
    return 64 * 0.75


def texts(language: Language) -> Iterator[tuple[Worksheet, Cell, str]]:
    for key, sheet in zip(SHEETS, book(language).worksheets, strict=False):
        if key in OPEN:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value:
                    yield sheet, cell, cell.value


def room(sheet: Worksheet, cell: Cell) -> float:
    """The width that a text has: its column's, and those beside it that stay empty."""
    whole = -PADDING - INDENT * (cell.alignment.indent or 0)
    merged = [area for area in sheet.merged_cells.ranges if cell.coordinate in area]
    last = merged[0].max_col if merged else cell.column
    whole += sum(width(sheet, column) for column in range(cell.column, last + 1))
    if cell.alignment.wrap_text or cell.alignment.shrink_to_fit:
        return whole
    if cell.alignment.horizontal not in (None, "general", "left"):
        return whole
    for column in range(last + 1, last + 30):
        beside = sheet.cell(cell.row, column)
        if beside.value is not None:
            return whole
        whole += width(sheet, column)
    return whole


def lines(text: str, cell: Cell, wide: float) -> int:
    count, used = 1, 0.0
    for word in re.split(r"(?<=-)|\s", text):
        needed = points(f"{word} ", cell)
        if used and used + needed > wide + 2:
            count, used = count + 1, 0.0
        used += needed
    return count


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_cut(language: Language) -> None:
    cut = []
    for sheet, cell, text in texts(language):
        wide = room(sheet, cell)
        if cell.alignment.wrap_text:
            high = sheet.row_dimensions[cell.row].height or ROW
            needed = lines(text, cell, wide) * cell.font.sz * 1.2
            word = max(points(word, cell) for word in re.split(r"(?<=-)|\s", text))
            fits = needed <= high + 2 and word <= wide
        elif cell.alignment.shrink_to_fit:
            fits = points(text, cell) * LEAST <= wide
        else:
            fits = points(text, cell) <= wide
        if not fits:
            cut.append((sheet.title, cell.coordinate, text))
    assert cut == []


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    return sum(
        part * share for part, share in zip(linear(colour), (0.2126, 0.7152, 0.0722), strict=True)
    )


def linear(colour: str) -> list[float]:
    parts = [int(colour[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """From 1 to 21; WCAG asks 4.5 for texts. https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_fill_of_its_own_and_stands_out_from_it(language: Language) -> None:
    faint = set()
    for sheet, cell, _text in texts(language):
        if sheet.title == "xlwings.conf":
            continue
        ink, fill = cell.font.color.rgb, cell.fill.fgColor.rgb
        assert cell.fill.fill_type == "solid", (sheet.title, cell.coordinate)
        if ink != fill and contrast(ink, fill) < 4.5:  # what a chart draws may not show
            faint.add((sheet.title, cell.coordinate))
    assert faint == set()


@pytest.mark.parametrize("tone", [look.GOOD, look.FAIR, look.WARN, look.BAD, look.CALM])
def test_a_state_can_be_read_on_its_tint(tone: look.Tone) -> None:
    assert contrast(tone.ink, tone.fill) >= 4.5


# How people without one kind of cone see: Machado, Oliveira and Fernandes 2009, severity 1.
SEEN = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: str, seen: str) -> tuple[float, float, float]:
    """CIE L*a*b* under D65 as it is seen."""
    given = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, given, strict=True))))
        for row in SEEN[seen]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("seen", SEEN)
def test_series_are_told_apart_whatever_cones_the_eye_has(seen: str) -> None:
    """20 in L*a*b* is far: 2 is what eyes just notice."""
    for one, other in itertools.combinations(look.SERIES, 2):
        apart = zip(lab(one, seen), lab(other, seen), strict=True)
        assert sum((a - b) ** 2 for a, b in apart) ** 0.5 > 20, (one, other)


def test_series_are_told_apart_in_black_and_white() -> None:
    """Two are solid, one much darker than the other; every other has a hatching of its own."""
    solid = [colour for colour in look.SERIES if colour not in look.HATCHES]
    patterns = [pattern for pattern, _strokes in look.HATCHES.values()]
    assert contrast(*solid) > 2
    assert len(set(patterns)) == len(patterns) == len(look.SERIES) - 2
