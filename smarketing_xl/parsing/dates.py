"""Dates as exports write them: day or month first, with names of months; from the whole column."""

from __future__ import annotations

from itertools import product
from typing import Literal

import polars as pl

from smarketing_xl.i18n import _
from smarketing_xl.parsing.result import ParseResult

Order = Literal["day first", "month first"]

_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p")
_YEARS = ("%Y", "%y")
_SINGLE = (  # formats that can be read in one way only
    *(
        day + time
        for day, time in product(
            (
                "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d-%b-%Y", "%d/%b/%Y",
                "%d-%b-%y", "%b %d %Y", "%a %d %b %Y", "%a %b %d %Y",
            ),
            _TIMES,
        )
    ),
    "%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S",
)  # fmt: skip
_MONTHS = ("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%b-%Y", "%b-%y", "%b %y", "%Y %b")
_ORDERS: dict[Order, tuple[str, ...]] = {
    "day first": tuple(f"%d{s}%m{s}{y}{t}" for s, y, t in product("/-", _YEARS, _TIMES)),
    "month first": tuple(f"%m{s}%d{s}{y}{t}" for s, y, t in product("/-", _YEARS, _TIMES)),
}
_DOTTED = tuple(
    f"%d.%m.{y}{t}" for y, t in product(_YEARS, _TIMES)
)  # no country puts the month first
_NAMES = {
    "enero": "jan", "febrero": "feb", "marzo": "mar", "abril": "apr", "mayo": "may", "junio": "jun",
    "julio": "jul", "agosto": "aug", "septiembre": "sep", "setiembre": "sep", "octubre": "oct",
    "noviembre": "nov", "diciembre": "dec", "ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec",
    "sept": "sep", "set": "sep",
}  # fmt: skip
_LOOK = 300
_ROUNDS = 6
_ZONE = r"\s*(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})$"


def parse_dates(
    cells: pl.Series, order: Order | None = None, *, months: bool = False, zone: str | None = None
) -> ParseResult:
    """A text column as moments (naive).

    order: of day and month in 03/04/2026; found from the whole column where not given: one value
    above 12 settles it. months: a month alone (2026-03, Mar 2026) counts as its first day. zone: to
    which times with an offset (…Z, +02:00) are turned; without it their own clock time is kept.

    >>> found = parse_dates(pl.Series(["03/04/2026", "25/04/2026"]))
    >>> found.values.dt.to_string("%Y-%m-%d").to_list()
    ['2026-04-03', '2026-04-25']
    >>> parse_dates(pl.Series(["03/04/2026"])).ambiguous
    '03/04/2026 could be 3 April or 4 March'
    """
    given = cells.is_not_null()
    text, note = _tidy(cells, zone)
    values = _stamps(text)
    values, __ = _read(text, values, _SINGLE + _DOTTED + (_MONTHS if months else ()))
    left = given & values.is_null()
    if not left.any():
        return ParseResult(values, left, note)
    day, used = _read(text, values, _ORDERS["day first"])
    swapped = tuple(
        form.replace("%d", "%!").replace("%m", "%d").replace("%!", "%m") for form in used
    )
    month, __ = _read(text, values, swapped or _ORDERS["month first"])
    if not order:
        order, why = _order(cells.filter(left), day.filter(left), month.filter(left))
        if why:
            return ParseResult(day, given & day.is_null() & month.is_null(), note, why)
    found = day if order == "day first" else month
    shown = {"day first": _("day first"), "month first": _("month first")}
    if (day.is_not_null() & left).any() or (month.is_not_null() & left).any():
        note = ", ".join(filter(None, (shown[order], note)))
    return ParseResult(found, given & found.is_null(), note)


def looks_dated(cells: pl.Series, months: bool = False) -> bool:
    """Whether the first cells of a column could be dates: worth reading the whole of it so."""
    some = cells.drop_nulls().head(_LOOK)
    pattern = (
        r"^\s*(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{1,2}[ /-]\p{L}{3}|"
        r"\p{L}{3,4}\.? [0-9]{1,2},? [0-9]{4})"
    )
    return bool(len(some)) and bool(some.str.contains(pattern).all())


def _tidy(cells: pl.Series, zone: str | None) -> tuple[pl.Series, str]:
    """One way of writing: no T, no comma, English months, no offset; and what that changed."""
    text = cells
    if text.drop_nulls().head(_LOOK).str.contains(r"^(?:19|20)[0-9]{8}$").any():
        text = text.str.replace(r"^((?:19|20)[0-9]{8})$", "${1}00")  # the hour alone, as GA4 has it
    if text.str.contains(r"\p{L}|,").any():
        lower = text.str.to_lowercase()
        if lower.str.contains(r"[a-zñ]{3}").any():
            lower = lower.str.replace_all(
                r"\b([0-9]{1,2}) de (\p{L}+)(?: de)? ([0-9]{4})", "$1 $2 $3"
            )
            lower = (
                lower.str.replace_all(
                    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?", "$1"
                )
                if not lower.str.contains(_spanish()).any()
                else _english(lower)
            )
        lower = lower.str.replace_all(r"a\.\s?m\.", "am").str.replace_all(r"p\.\s?m\.", "pm")
        text = lower.str.replace(r"([0-9])t([0-9])", "$1 $2").str.replace_all(r",\s*", " ")
        text = text.str.to_uppercase().str.replace_all(r"\s+", " ")
    if not text.str.contains(_ZONE).any():
        return text, ""
    bare = text.str.replace(_ZONE, "")
    timed = text.str.contains(rf"[0-9]:[0-9][0-9].*{_ZONE}").fill_null(False)
    if not timed.any():
        return text, ""
    if zone is None:
        return text.zip_with(~timed, bare), _("times as written, offset from UTC left out")
    offset = text.str.extract(r"([+-][0-9]{2}:?[0-9]{2})$").fill_null("+0000").str.replace(":", "")
    moments, __ = _read(bare, _nothing(bare), _SINGLE)
    away = offset.str.slice(0, 1) + "1"
    minutes = offset.str.slice(1, 2).cast(pl.Int64) * 60 + offset.str.slice(3, 2).cast(pl.Int64)
    utc = moments - pl.Series(minutes * away.cast(pl.Int64) * 60_000_000).cast(pl.Duration("us"))
    local = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    written = local.dt.to_string("%Y-%m-%d %H:%M:%S")
    return text.zip_with(~timed, written), _("times turned to {zone}").format(zone=zone)


def _spanish() -> str:
    return rf"\b(?:{'|'.join(_NAMES)})\b"


def _english(lower: pl.Series) -> pl.Series:
    words = sorted(_NAMES, key=len, reverse=True)
    plain = lower.str.replace_all(rf"\b({'|'.join(words)})\.", "$1")
    return plain.str.replace_many(words, [_NAMES[word] for word in words], leftmost=True)


def _nothing(text: pl.Series) -> pl.Series:
    return pl.repeat(None, len(text), dtype=pl.Datetime("us"), eager=True)


def _stamps(text: pl.Series) -> pl.Series:
    """Milliseconds since 1970, as APIs write them."""
    if not text.drop_nulls().head(_LOOK).str.contains(r"^[0-9]{13}$").any():
        return _nothing(text)
    stamps = text.set(~text.str.contains(r"^[0-9]{13}$").fill_null(False), None)
    return stamps.cast(pl.Int64).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))


def _read(
    text: pl.Series, known: pl.Series, formats: tuple[str, ...]
) -> tuple[pl.Series, tuple[str, ...]]:
    """Fills what is not yet known by the formats that occur, each found on the cells left."""
    used: list[str] = []
    for __ in range(_ROUNDS):
        left = known.is_null() & text.is_not_null()
        sample = text.filter(left).head(_LOOK)
        if sample.is_empty():
            break
        fits = {form: len(sample) - _parse(sample, form).null_count() for form in formats}
        best = max(fits, key=lambda form: fits[form])
        if not fits[best]:
            break
        known = known.zip_with(~left, _parse(text, best))
        used.append(best)
    return known, tuple(used)


def _parse(text: pl.Series, form: str) -> pl.Series:
    if "%H" in form or "%I" in form:
        moments = text.str.to_datetime(form, time_unit="us", strict=False)
    else:
        has_day = "%d" in form
        day = text if has_day else "1 " + text
        moments = day.str.to_date(form if has_day else f"%d {form}", strict=False)
        moments = moments.cast(pl.Datetime("us"))
    return moments.set(~moments.dt.year().is_between(1900, 2200).fill_null(True), None)


def _order(cells: pl.Series, day: pl.Series, month: pl.Series) -> tuple[Order, str]:
    only_day = day.is_not_null() & month.is_null()
    only_month = month.is_not_null() & day.is_null()
    if only_day.any() and only_month.any():
        return "day first", _("it has both {one} and {other}").format(
            one=cells.filter(only_day)[0], other=cells.filter(only_month)[0]
        )
    if only_day.any():
        return "day first", ""
    if only_month.any():
        return "month first", ""
    differ = (day != month).fill_null(False)
    if not differ.any():
        return "day first", ""
    at = differ.arg_true()[0]
    return "day first", _("{value} could be {one} or {other}").format(
        value=cells[at], one=f"{day[at]:%-d %B}", other=f"{month[at]:%-d %B}"
    )
