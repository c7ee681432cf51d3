"""Letters that PDF's own fonts lack, drawn with a font of this computer.

Helvetica, which every PDF reader has, holds the alphabets of Western Europe. Other letters come
from the first font found here that has them, and only the letters used go into the file.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

PLAIN = "Helvetica"
_PLACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/seguisym.ttf",
    "C:/Windows/Fonts/segoeui.ttf",
    "C:/Windows/Fonts/arial.ttf",
)


def marked_up(text: str) -> str:
    """A text as a paragraph takes it, each letter in a font that has it.

    Where no font has a letter, the letter without its accents stands there, else a question mark.

    >>> marked_up("Ana & Co")
    'Ana &amp; Co'
    """
    runs = groupby(((letter, _font_of(letter)) for letter in text), key=lambda pair: pair[1])
    parts = []
    for font, pairs in runs:
        letters = "".join(_simpler(letter) if font is None else letter for letter, _font in pairs)
        letters = escape(letters)
        parts.append(f'<font name="{font}">{letters}</font>' if font else letters)
    return "".join(parts)


def drawable(text: str) -> tuple[str, str]:
    """A text and the one font that draws it, where a text has one font, as in charts."""
    fonts = {_font_of(letter) for letter in text} - {""}
    if not fonts:
        return text, PLAIN
    letters = set(text) - {"\n"}
    known = next((it for it in _fonts() if all(_has(it, letter) for letter in letters)), None)
    return (text, known) if known else ("".join(map(_simpler, text)), PLAIN)


def _font_of(letter: str) -> str | None:
    """The font that a letter needs: blank where Helvetica has it, None where none has."""
    if _in_helvetica(letter):
        return ""
    return next((font for font in _fonts() if _has(font, letter)), None)


def _in_helvetica(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _simpler(letter: str) -> str:
    if _in_helvetica(letter):
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base and _in_helvetica(base) else "?"


@cache
def _fonts() -> tuple[str, ...]:
    """The fonts of this computer, known to the PDF library by their names."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    names = []
    for place in _PLACES:
        name = Path(place).stem
        if name in names or not Path(place).is_file():
            continue
        try:
            pdfmetrics.registerFont(TTFont(name, place))
            pdfmetrics.registerFontFamily(name, name, name, name, name)
        except (TTFError, OSError):
            continue
        names.append(name)
    return tuple(names)


def _has(font: str, letter: str) -> bool:
    return ord(letter) in _glyphs(font)


@cache
def _glyphs(font: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(font).face.charToGlyph
