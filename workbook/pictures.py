"""The pictures of the set-up page, drawn from what is declared; workbook/build.py writes them.

Excel puts its own pictures on buttons (named by `imageMso`); here a button has its first letter.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from smarketing_xl.i18n import LANGUAGES, Language, translate
from smarketing_xl.setup.settings import SHEET, SHIPPED
from udfs.buttons import GROUPS, TAB, Button, Menu
from udfs.macros import BUTTONS

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
INTERPRETER = r"C:\Users\ann\smarketing\Scripts\python.exe"
_TOP, _BOTTOM, _ROW = 34, 142, 26
_COLOURS = ("#1f6f5c", "#2b6cb0", "#975a16", "#6b46c1", "#c05621", "#4a5568")
_Item = Button | Menu


def ribbon(language: Language) -> str:
    """The Smarketing tab as an SVG."""
    shapes, left = [], 12
    for colour, (key, label) in zip(_COLOURS, GROUPS.items(), strict=True):
        start = left
        items = [_shown(button) for button in BUTTONS.values() if button.group == key]
        for large, run in groupby(dict.fromkeys(items), key=_is_large):
            for column in _columns(list(run), 1 if large else 3):
                width = (
                    76
                    if large
                    else 24 + max(_width(translate(it.label, language)) for it in column)
                )
                draw = _large if large else _small
                for row, item in enumerate(column):
                    shapes += draw(translate(item.label, language), left, row, colour)
                left += width
        middle = (start + left) / 2
        shapes.append(_text(middle, _BOTTOM - 8, translate(label, language), "middle", "#666"))
        shapes.append(
            f'<line x1="{left}" y1="{_TOP + 6}" x2="{left}" y2="{_BOTTOM}" stroke="#ccc"/>'
        )
        left += 12
    tab = translate(TAB, language)
    head = [
        f'<rect width="{left}" height="{_BOTTOM + 8}" fill="#f3f3f3"/>',
        f'<rect y="{_TOP - 4}" width="{left}" height="{_BOTTOM - _TOP + 8}" fill="#fff"/>',
        _text(24, 20, tab, "start", "#1f6f5c", 'font-weight="bold"'),
        f'<rect x="24" y="26" width="{_width(tab)}" height="3" fill="#1f6f5c"/>',
    ]
    return _svg(left, _BOTTOM + 8, [*head, *shapes])


def settings_sheet() -> str:
    """The sheet xlwings.conf after `smarketing connect`, as an SVG."""
    rows = list(SHIPPED.items())
    widths = [max(_width(row[at]) for row in rows) + 16 for at in (0, 1)]
    edges = [32, 32 + widths[0], 32 + sum(widths)]
    height = 24 * (len(rows) + 1)
    shapes = [f'<rect width="{edges[-1]}" height="24" fill="#f3f3f3"/>']
    shapes.append(f'<rect width="32" height="{height}" fill="#f3f3f3"/>')
    shapes += [
        _text((edges[at] + edges[at + 1]) / 2, 17, "AB"[at], "middle", "#666") for at in (0, 1)
    ]
    for number, row in enumerate(rows, start=1):
        y = 24 * number
        shapes.append(_line(0, y, edges[-1], y))
        shapes.append(_text(16, y + 17, str(number), "middle", "#666"))
        shapes += [_text(edges[at] + 6, y + 17, row[at]) for at in (0, 1)]
    shapes += [_line(x, 0, x, height) for x in edges]
    shapes.append(f'<rect y="{height}" width="{edges[-1]}" height="26" fill="#f3f3f3"/>')
    shapes.append(
        f'<rect x="32" y="{height}" width="{_width(SHEET) + 16}" height="22" fill="#fff"/>'
    )
    shapes.append(_text(40, height + 15, SHEET, "start", "#1f6f5c", 'font-weight="bold"'))
    return _svg(edges[-1], height + 26, shapes)


def pictures() -> dict[str, str]:
    """Every picture drawn here, by its file name."""
    tabs = {f"ribbon.{language}.svg": ribbon(language) for language in LANGUAGES}
    return {**tabs, "xlwings.conf.svg": settings_sheet()}


def _shown(button: Button) -> _Item:
    return button.menu or button


def _is_large(item: _Item) -> bool:
    return isinstance(item, Menu) or item.large


def _columns(items: list[_Item], rows: int) -> Iterator[list[_Item]]:
    return (items[at : at + rows] for at in range(0, len(items), rows))


def _large(label: str, left: int, _row: int, colour: str) -> list[str]:
    lines = textwrap.wrap(label, 11, break_long_words=False)
    words = [_text(left + 38, _TOP + 62 + 15 * at, line, "middle") for at, line in enumerate(lines)]
    return [*_tile(label, left + 22, _TOP + 10, 32, colour), *words]


def _small(label: str, left: int, row: int, colour: str) -> list[str]:
    top = _TOP + 8 + _ROW * row
    return [*_tile(label, left + 4, top, 16, colour), _text(left + 25, top + 13, label)]


def _tile(label: str, x: int, y: int, size: int, colour: str) -> list[str]:
    font = f'font-size="{size * 0.6:g}"'
    middle, line = x + size / 2, y + size * 0.72
    return [
        f'<rect x="{x}" y="{y}" width="{size}" height="{size}" rx="3" fill="{colour}"/>',
        _text(middle, line, label[0], "middle", "#fff", font),
    ]


def _line(x: int, y: int, to_x: int, to_y: int) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="#ccc"/>'


def _text(
    x: float, y: float, text: str, anchor: str = "start", colour: str = "#222", more: str = ""
) -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place} {more}>{escape(text)}</text>".replace(" >", ">")


def _width(text: str) -> int:
    return sum(9 if letter.isupper() else 7 for letter in text) + 8


def _svg(width: int, height: int, shapes: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="Segoe UI, Carlito, Arial, sans-serif" font-size="12">'
    )
    return "\n".join([head, *shapes, "</svg>", ""])


def write() -> None:
    """Write every picture into docs/images."""
    for name, picture in pictures().items():
        (IMAGES / name).write_text(picture, encoding="utf-8")
