"""Whole columns of dates, by the grammar of `dates`: the order of day and month is one for all."""

from __future__ import annotations

import datetime as dt

import polars as pl

from smarketing_xl.blanks import BLANK, DASHES
from smarketing_xl.i18n import _
from smarketing_xl.parsing.dates import (
    DAY_ZERO,
    DOTTED,
    EARLIEST,
    LATEST,
    MONTH_NAMES,
    MONTHS,
    ORDERS,
    SERIAL,
    SINGLE,
    STEPS,
    TIMED,
    ZONE,
    Order,
    offset,
    parsed,
)
from smarketing_xl.parsing.result import ParseResult

_LOOK = 300
_SAMPLE = 60  # cells in which a format is looked for
_ROUNDS = 24
_OUTWEIGHS = 20  # so many cells settle the order for each that contradicts: that one is a slip
_FIRSTS = 3  # so many different days, all the first of a month in one order only, settle it
_MOST_APART = 60  # minutes between the zones of a column that changes to summer time
_CLOCK = r"[0-9]:[0-9][0-9]"


def parse_dates(
    cells: pl.Series,
    order: Order | None = None,
    *,
    months: bool = False,
    zone: str | None = None,
    likely: Order | None = None,
) -> ParseResult:
    """A text column as moments (naive).

    order: of day and month in 03/04/2026; found from the whole column where not given: one value
    above 12 settles it, or that all are the first of a month. likely: the order where nothing in
    the column tells it. months: a month alone (2026-03, Mar 2026) counts as its first day. zone: to
    which times with an offset (…Z, +02:00, CET) are turned; without it their own clock time is
    kept, or UTC where they differ by more than summer time. Serial numbers of Excel are dates.

    >>> parse_dates(pl.Series(["03/04/2026", "25/04/2026"])).values.dt.to_string("%F").to_list()
    ['2026-04-03', '2026-04-25']
    >>> parse_dates(pl.Series(["03/04/2026"])).ambiguous
    '03/04/2026 could be 3 April or 4 March'
    """
    blank = cells.str.strip_chars().is_in(list(DASHES)) | cells.str.contains(BLANK)
    if blank.any():
        cells = cells.set(blank.fill_null(False), None)
    given = cells.is_not_null()
    text, note = _tidy(cells, zone)
    values = _stamps(text)
    values = _serials(text, values)
    values, __ = _read(text, values, SINGLE + DOTTED + (MONTHS if months else ()))
    left = given & values.is_null()
    if not left.any():
        return ParseResult(values, left, note)
    day, used = _read(text, values, ORDERS["day first"])
    swapped = tuple(
        form.replace("%d", "%!").replace("%m", "%d").replace("%!", "%m") for form in used
    )
    month, __ = _read(text, values, swapped or ORDERS["month first"])
    month, __ = _read(text, month, ORDERS["month first"])  # in forms that no day stands first in
    weak = False
    if not order:
        order, why, weak = _order(cells.filter(left), day.filter(left), month.filter(left), months)
        if why and likely and why.unsettled:
            order = likely
        elif why:
            bad = given & day.is_null() & month.is_null()
            return ParseResult(day, bad, note, str(why), unsettled=why.unsettled)
    moments = day if order == "day first" else month
    shown = {"day first": _("day first"), "month first": _("month first")}
    if (day.is_not_null() & left).any() or (month.is_not_null() & left).any():
        note = ", ".join(filter(None, (shown[order], note)))
    return ParseResult(moments, given & moments.is_null(), note, weak=weak)


def looks_dated(cells: pl.Series, months: bool = False) -> bool:
    """Whether the first cells of a column could be dates: worth reading the whole of it so."""
    some = cells.drop_nulls().head(_LOOK)
    pattern = (
        r"^\s*(?:[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{1,2}[ /-]\p{L}{3}|"
        r"\p{L}{3,4}\.? [0-9]{1,2},? [0-9]{4})"
    )
    return bool(len(some)) and bool(some.str.contains(pattern).all())


def _tidy(cells: pl.Series, zone: str | None) -> tuple[pl.Series, str]:
    """One way of writing: lower case, no T or comma, English months, no zone; what was changed."""
    text = cells
    if text.drop_nulls().head(_LOOK).str.contains(r"^(?:19|20)[0-9]{8}$").any():
        text = text.str.replace(r"^((?:19|20)[0-9]{8})$", "${1}00")  # the hour alone, as GA4 has it
    if text.str.contains(r"\p{L}|,|^\s|\s$").any():
        text = text.str.strip_chars().str.to_lowercase()
        if text.str.contains(_spanish()).any():
            text = _english(text)
        for pattern, stays in STEPS:
            text = text.str.replace_all(pattern, stays)
    zoned = text.str.contains(rf"{TIMED}\s*\(?(?:[a-z]|[+-][0-9])").fill_null(False)
    if not zoned.any():
        return text, ""
    named = text.str.extract(rf"{TIMED}{ZONE}", 1)
    zoned = (named.is_not_null() & (named != "")).fill_null(False)
    if not zoned.any():
        return text, ""
    plain = text.zip_with(~zoned, text.str.replace(ZONE, ""))
    known = {name: offset(name) for name in named.filter(zoned).unique().to_list()}
    apart = max(known.values()) - min(known.values())
    if zone is None and apart <= _MOST_APART:
        return plain, _("times as written, offset from UTC left out")
    wanted = zone or "UTC"
    moments, __ = _read(plain, _nothing(plain), SINGLE)
    minutes = named.replace_strict(known, default=0, return_dtype=pl.Int64)
    utc = moments - pl.Series(minutes * 60_000_000).cast(pl.Duration("us"))
    local = utc.dt.replace_time_zone("UTC").dt.convert_time_zone(wanted).dt.replace_time_zone(None)
    written = local.dt.to_string("%Y-%m-%d %H:%M:%S")
    turned = zoned & moments.is_not_null()
    return plain.zip_with(~turned, written), _("times turned to {zone}").format(zone=wanted)


def _spanish() -> str:
    return rf"\b(?:{'|'.join(MONTH_NAMES)})\b"


def _english(lower: pl.Series) -> pl.Series:
    words = sorted(MONTH_NAMES, key=len, reverse=True)
    plain = lower.str.replace_all(rf"\b({'|'.join(words)})\.", "${1}")
    plain = plain.str.replace_all(r"^martes,?\s+", "")
    return plain.str.replace_many(words, [MONTH_NAMES[word] for word in words], leftmost=True)


def _nothing(text: pl.Series) -> pl.Series:
    return pl.repeat(None, len(text), dtype=pl.Datetime("us"), eager=True)


def _stamps(text: pl.Series) -> pl.Series:
    """Milliseconds since 1970, as APIs write them."""
    if not text.drop_nulls().head(_LOOK).str.contains(r"^[0-9]{13}$").any():
        return _nothing(text)
    stamps = text.set(~text.str.contains(r"^[0-9]{13}$").fill_null(False), None)
    return stamps.cast(pl.Int64).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))


def _serials(text: pl.Series, known: pl.Series) -> pl.Series:
    """Days as Excel counts them, in cells that were never formatted as dates."""
    serial = text.str.contains(SERIAL).fill_null(False)
    if not serial.any():
        return known
    return known.zip_with(~serial, serial_moments(text.set(~serial, None).cast(pl.Float64)))


def serial_moments(days: pl.Series) -> pl.Series:
    """Excel's serial numbers as moments, to the second."""
    seconds = (days * 86_400).round().cast(pl.Int64)
    since = pl.Series(seconds * 1_000_000).cast(pl.Duration("us"))
    return pl.select(pl.lit(DAY_ZERO).cast(pl.Datetime("us")) + since).to_series()


def _read(
    text: pl.Series, known: pl.Series, formats: tuple[str, ...]
) -> tuple[pl.Series, tuple[str, ...]]:
    """Fills what is not yet known by the formats that occur, each found on the cells left."""
    used: list[str] = []
    for __ in range(_ROUNDS):
        left = known.is_null() & text.is_not_null()
        sample = text.filter(left).head(_SAMPLE)
        if sample.is_empty():
            break
        cells = sample.to_list()
        fits = {
            form: sum(parsed(cell, form) is not None for cell in cells)
            for form in formats
            if form not in used
        }
        best = max(fits, key=lambda form: fits[form], default="")
        if not fits.get(best):
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
    return moments.set(~moments.dt.year().is_between(EARLIEST, LATEST).fill_null(True), None)


def _spelled(day: dt.datetime) -> str:
    return f"{day.day} {day:%B}"


class _Why(str):
    """Why the order of a column cannot be known; unsettled: for want of evidence, not of unity."""

    unsettled = False


def _order(
    cells: pl.Series, day: pl.Series, month: pl.Series, months: bool
) -> tuple[Order, _Why | None, bool]:
    """The order, why it cannot be known, and whether it is only likely: all are the first of a
    month in a column that need not hold months."""
    only_day = day.is_not_null() & month.is_null()
    only_month = month.is_not_null() & day.is_null()
    days, others = int(only_day.sum()), int(only_month.sum())
    if days and others and max(days, others) < _OUTWEIGHS * min(days, others):
        sentence = _("it has both {one} and {other}")
        return (
            "day first",
            _Why(sentence.format(one=cells.filter(only_day)[0], other=cells.filter(only_month)[0])),
            False,
        )
    if days or others:
        return ("day first" if days > others else "month first"), None, False
    differ = (day != month).fill_null(False)
    if not differ.any():
        return "day first", None, False
    firsts: dict[Order, bool] = {
        "day first": bool((day.drop_nulls().dt.day() == 1).all()),
        "month first": bool((month.drop_nulls().dt.day() == 1).all()),
    }
    enough = months or day.n_unique() >= _FIRSTS
    if enough and firsts["day first"] != firsts["month first"]:
        return ("day first" if firsts["day first"] else "month first"), None, not months
    at = differ.arg_true()[0]
    sentence = _("{value} could be {one} or {other}")
    why = _Why(sentence.format(value=cells[at], one=_spelled(day[at]), other=_spelled(month[at])))
    why.unsettled = True
    return "day first", why, False
