"""The language of the people at the keyboard: one catalogue (gettext), English as the source.

Mark a text with `_("...")` where it is said, and with `N_("...")` where it is only declared (and
said later with `_`). Placeholders are named: `_("{count} leads").format(count=12)`.
"""

from __future__ import annotations

import gettext as _gettext
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from smarketing_xl.singulars import NUMBERS, ONE

Language = Literal["en", "es", "pt"]
"""A language is its catalogue (locale/*/LC_MESSAGES/smarketing.po), with its code named here: es is
neutral American Spanish, pt Portuguese of Brazil. The catalogue also says how it writes days and
numbers, and its plurals."""
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE = Path(__file__).parent / "locale"

_COMMA = {"AO", "AR", "BO", "BR", "CL", "CO", "CR", "EC", "ES", "MZ", "PT", "PY", "UY", "VE"}
"""Countries of our languages that begin decimals with a comma (Unicode CLDR)."""
_spoken: ContextVar[Language] = ContextVar("language", default="en")
_currency: ContextVar[str] = ContextVar("currency", default="")


@cache
def _catalogue(language: Language) -> _gettext.NullTranslations:
    return _gettext.translation("smarketing", LOCALE, [language], fallback=language == "en")


def _(text: str) -> str:
    """The text in the language now spoken."""
    return translate(text, _spoken.get())


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text for the catalogue; says nothing yet."""
    return text


def translate(text: str, language: Language) -> str:
    """The text in a given language; where it counts, its `format` takes the form of the number."""
    if not text:
        return text
    return _Counting.of(text, language) if text in ONE else _catalogue(language).gettext(text)


class _Counting(str):
    """A text of many whose `format` says it of its number, by the plural rule of the language."""

    text: str
    language: Language

    @classmethod
    def of(cls, text: str, language: Language) -> _Counting:
        counting = cls(_of(2, text, language))
        counting.text, counting.language = text, language
        return counting

    def format(self, *args: object, **given: object) -> str:
        number = next((str(given[name]) for name in NUMBERS if name in given), "")
        form = _of(_whole(number), self.text, self.language)
        return form.format(*args, **given)


def _of(number: int, text: str, language: Language) -> str:
    return _catalogue(language).ngettext(ONE[text], text, number)


def _whole(number: str) -> int:
    """A number as it is shown, without separators; 1.5 is more than one."""
    return int("".join(filter(str.isdecimal, number)) or 2)


def every_text(language: Language) -> frozenset[str]:
    """Every text of ours in a language."""
    if language == "en":
        known = getattr(_catalogue(LANGUAGES[-1]), "_catalog", {})
        return frozenset({key if isinstance(key, str) else key[0] for key in known} | {*ONE})
    return frozenset(getattr(_catalogue(language), "_catalog", {}).values())


def day_format() -> str:
    """How a day is written, for strftime."""
    return _("%Y-%m-%d")


def is_day_first() -> bool:
    """Whether who types a date in this language puts the day before the month."""
    return day_format().startswith("%d")


def decimal_sign() -> str:
    """What begins the decimals where people type them in this language."""
    return _("0.5")[1]


def current_language() -> Language:
    """The language now spoken."""
    return _spoken.get()


def language_of_the_user() -> Language:
    """The language of the system: of LC_ALL, LC_MESSAGES or LANG, else of Windows; or English."""
    return language_of(_locale("LC_MESSAGES"))


def _locale(kind: str) -> str:
    """The locale of the system for messages or for numbers, such as es_PA.UTF-8."""
    named = (os.environ.get(name) for name in ("LC_ALL", kind, "LANG"))
    return next(filter(None, named), None) or _of_windows()


@cache
def language_of(locale: str) -> Language:
    """The language of a locale such as es-MX or es_ES.UTF-8; English where it is none of ours."""
    return next((ours for ours in LANGUAGES if re.match(rf"{ours}\b|{ours}_", locale)), "en")


def _of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language for a while, e.g. that of the workbook being filled."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def paying_in(currency: str) -> Iterator[None]:
    """Write amounts in a currency for a while, an ISO code or a sign; blank: as plain numbers."""
    before = _currency.set(currency)
    try:
        yield
    finally:
        _currency.reset(before)


def format_money(amount: float) -> str:
    """An amount in the currency of the workbook, in whole units.

    >>> with paying_in("USD"): format_money(1_800_000)
    'USD\\xa01,800,000'
    >>> with paying_in("$"): format_money(900)
    '$900'
    """
    currency = _currency.get()
    space = "\N{NO-BREAK SPACE}" if currency[-1:].isalpha() else ""
    return f"{currency}{space}{format_number(amount)}"


def format_number(number: float, decimals: int = 0, *, padded: bool = False) -> str:
    """A number as people write it in the language now spoken.

    padded: with zeros up to the last decimal, as in a column of numbers; else without.
    """
    text = f"{half_up(number, decimals):,.{decimals}f}"
    if decimals and not padded:
        text = text.rstrip("0").rstrip(".")
    return separated(text)


def half_up(number: float, decimals: int = 0) -> Decimal | float:
    """A number rounded as a sheet shows it: a half away from zero, of the 15 digits it holds.

    >>> f"{half_up(2.5):.0f}", f"{half_up(-0.125, 2):.2f}", f"{half_up(float('nan')):.0f}"
    ('3', '-0.13', 'nan')
    """
    if not abs(number) < 1e15:
        return number
    digits = Decimal(f"{number:.15g}")
    return digits.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def format_percent(share: float, decimals: int = 0) -> str:
    """A share of 1 as a percentage, as people write it."""
    return f"{format_number(100 * share, decimals)} %"


def separated(number: str) -> str:
    """A number like 1,234.50 with the separators of the reader's country.

    Panama and Mexico write as in English, Spain or Colombia 1.234,50: the country of a system that
    speaks this language decides; else the language itself, in which Brazil writes 1.234,50.
    """
    country = _country(current_language(), _locale("LC_NUMERIC"))
    has_comma = country in _COMMA if country else _("1,234.5").endswith(",5")
    return number.translate(str.maketrans(",.", ".,")) if has_comma else number


@cache
def _country(language: Language, locale: str) -> str:
    found = re.match(rf"{language}[_-]([A-Z]{{2}})", locale)
    return found[1] if found else ""
