"""Texts as they compare: one folding for personas, headers, entries of lists and duplicates.

Case, accents, the width and form of letters (ＡＢＣ, ﬁ, Ⅳ, ß) and spaces around or doubled make no
difference: people type "málaga", "Malaga " and "MÁLAGA" and mean one place.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from smarketing_xl.blanks import SPACES

ACCENTS = "[\u0300-\u036f]"  # marks written after their letter
_ACCENTS = re.compile(f"{ACCENTS}+")
_SPACES = re.compile(f"{SPACES}+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A text without case, accents, forms of letters, and spaces around or doubled.

    >>> fold("  MÁLAGA   Este "), fold("Ⅳ"), fold("ﬁn"), fold("Straße"), fold("ＡＢＣ")
    ('malaga este', 'iv', 'fin', 'strasse', 'abc')
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return _SPACES.sub(" ", fold_letters(text)).strip()


def fold_letters(text: str) -> str:
    """A text without case, accents and forms of letters; its spaces stay as many as they are."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", bare)))


def fold_words(text: str) -> str:
    """A folded text's letters and digits only, a space between words.

    >>> fold_words(" Correo_Electrónico "), fold_words("Peña & Hijos, S.L.")
    ('correo electronico', 'pena hijos s l')
    """
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def as_text(cell: object) -> str:
    """A cell as text: 12.0 is "12", a date is ISO."""
    if isinstance(cell, Decimal):
        cell = float(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    return str(cell).strip()
