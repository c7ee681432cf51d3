"""Dates as people and exports write them, and the one grammar of them: which order, which names.

A single cell is read here; a whole column, by the same grammar, in `date_columns`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from itertools import product
from typing import Literal

from smarketing_xl.blanks import is_blank

Order = Literal["day first", "month first"]

_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p")
_YEARS = ("%Y", "%y")
SINGLE = (  # formats that can be read in one way only
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
MONTHS = ("%Y-%m", "%Y/%m", "%m/%Y", "%b %Y", "%b-%Y", "%b-%y", "%b %y", "%Y %b")
ORDERS: dict[Order, tuple[str, ...]] = {
    "day first": tuple(f"%d{s}%m{s}{y}{t}" for s, y, t in product("/-", _YEARS, _TIMES)),
    "month first": tuple(f"%m{s}%d{s}{y}{t}" for s, y, t in product("/-", _YEARS, _TIMES)),
}
DOTTED = tuple(
    f"%d.%m.{y}{t}" for y, t in product(_YEARS, _TIMES)
)  # no country puts the month first
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_NAMES = {
    "enero": "jan", "febrero": "feb", "marzo": "mar", "abril": "apr", "mayo": "may", "junio": "jun",
    "julio": "jul", "agosto": "aug", "septiembre": "sep", "setiembre": "sep", "octubre": "oct",
    "noviembre": "nov", "diciembre": "dec", "ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec",
    "sept": "sep", "set": "sep",
    "janeiro": "jan", "fevereiro": "feb", "março": "mar", "marco": "mar", "maio": "may",
    "junho": "jun", "julho": "jul", "setembro": "sep", "outubro": "oct", "novembro": "nov",
    "dezembro": "dec", "fev": "feb", "mai": "may", "out": "oct", "dez": "dec",
}  # fmt: skip
# what is made of a text in lower case before its format is looked for: (pattern, what stays)
STEPS = (
    (r"^(?:lun|mi[eé]|jue|vie|s[aá]b|dom)[a-zé]*\.?,?\s+|^martes,?\s+", ""),
    (r"\b([0-9]{1,2}) de ([a-zñ]+)(?: del?)? ([0-9]{4})", "${1} ${2} ${3}"),
    (rf"\b(?:({'|'.join(_ENGLISH)})[a-z]*\b\.?)", "${1}"),
    (r"a\.\s?m\.?", "am"),
    (r"p\.\s?m\.?", "pm"),
    (r"([0-9])t([0-9])", "${1} ${2}"),
    (r",\s*", " "),
    (r"\s+", " "),
)
# a zone after a time of day, and its minutes from UTC where it has a name
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "art": -180, "brt": -180, "clt": -240,
    "clst": -180, "cot": -300, "pet": -300, "ect": -300, "vet": -240, "bot": -240, "pyt": -180,
    "uyt": -180,
}  # fmt: skip
ZONE = (
    rf"\s*\(?((?:{'|'.join(sorted(ZONES, key=len, reverse=True))})?\s?"
    r"(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)\)?$"
)
TIMED = r"[0-9]:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[ap]m)?"
SERIAL = r"^[2-7][0-9]{4}(?:\.[0-9]+)?$"  # days since 1899-12-30, as Excel counts them: from 1954
DAY_ZERO = dt.datetime(1899, 12, 30)
EARLIEST, LATEST = 1900, 2200  # years


def as_moment(value: object, order: Order = "day first") -> dt.datetime | None:
    """A cell as a moment, without its zone; None where it is none, or blank.

    Dates, Excel's serial numbers from 1954 on, and text in any form that exports use, in English or
    Spanish. order: of 3/4/2026, where both can be meant.

    >>> as_moment("31 mar 2026 3:05 p. m."), as_moment(46106.4375)
    (datetime.datetime(2026, 3, 31, 15, 5), datetime.datetime(2026, 3, 25, 10, 30))
    """
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None) if value == value else None
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, bool) or is_blank(value):
        return None
    if isinstance(value, int | float):
        value = f"{value:.10f}".rstrip("0").rstrip(".")
    return _moment(value, order) if isinstance(value, str) else None


def as_date(value: object) -> dt.datetime | None:
    """A cell as the start of a day; None where it is no date.

    >>> as_date("31/3/2026"), as_date("2026-03-31 15:00"), as_date("3/31/2026")
    (datetime.datetime(2026, 3, 31, 0, 0), datetime.datetime(2026, 3, 31, 0, 0), \
datetime.datetime(2026, 3, 31, 0, 0))
    """
    moment = as_moment(value)
    return moment and dt.datetime(moment.year, moment.month, moment.day)


def offset(zone: str) -> int:
    """Minutes from UTC of a zone as it is written after a time.

    >>> [offset(zone) for zone in ("Z", "cest", "-05", "+0530", "UTC-5")]
    [0, 120, -300, 330, -300]
    """
    match = re.fullmatch(r"([a-z]*)\s?(?:([+-])([0-9]{1,2}):?([0-9]{2})?)?", zone.lower())
    if not match:
        return 0
    minutes = ZONES.get(match[1], 0)
    if match[2]:
        minutes += (-1 if match[2] == "-" else 1) * (60 * int(match[3]) + int(match[4] or 0))
    return minutes


def tidy(text: str) -> str:
    """One way of writing: lower case, no T, no comma, English months, no zone."""
    text = text.strip().lower()
    for name in sorted(MONTH_NAMES, key=len, reverse=True):
        if name in text:
            text = re.sub(rf"\b{name}\b\.?", MONTH_NAMES[name], text)
    for pattern, stays in STEPS:
        text = re.sub(pattern, stays.replace("${", r"\g<").replace("}", ">"), text)
    if re.search(TIMED, text):
        text = re.sub(ZONE, "", text)
    return text


@lru_cache(maxsize=8192)
def _moment(text: str, order: Order) -> dt.datetime | None:
    text = tidy(text)
    if re.match(SERIAL, text):
        moment = DAY_ZERO + dt.timedelta(days=float(text))
        return (moment + dt.timedelta(seconds=0.5)).replace(microsecond=0)
    if re.fullmatch(r"[0-9]{13}", text):
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(text))
        return moment if EARLIEST <= moment.year <= LATEST else None
    other: Order = "month first" if order == "day first" else "day first"
    for form in (*SINGLE, *DOTTED, *ORDERS[order], *ORDERS[other]):
        if time := parsed(text, form):
            return time
    return None


def parsed(text: str, form: str) -> dt.datetime | None:
    """A tidy text by one format; a month alone is its first day."""
    match = _compiled(form).match(text)
    return _made(match) if match else None


_PARTS = {
    "%Y": r"(?P<Y>[0-9]{4})", "%y": r"(?P<y>[0-9]{2})", "%m": r"(?P<m>[0-9]{1,2})",
    "%d": r"(?P<d>[0-9]{1,2})", "%b": f"(?P<b>{'|'.join(_ENGLISH)})",
    "%a": f"(?:{'|'.join(_WEEKDAYS)})[a-z]*", "%H": r"(?P<H>[0-9]{1,2})",
    "%I": r"(?P<I>[0-9]{1,2})", "%M": r"(?P<M>[0-9]{1,2})", "%S": r"(?P<S>[0-9]{1,2})",
    "%.f": r"(?P<f>\.[0-9]+)", "%p": r"(?P<p>am|pm)",
}  # fmt: skip


@cache
def _compiled(form: str) -> re.Pattern[str]:
    pattern = form.replace(".", r"\.").replace(r"%\.f", "%.f")
    if form.startswith("%Y%m%d"):  # digits without marks: each of its width
        pattern = "".join(
            part.replace("{1,2}", "{2}") for part in (_PARTS[f"%{c}"] for c in form[1::2])
        )
        return re.compile(f"{pattern}$")
    for code, part in _PARTS.items():
        pattern = pattern.replace(code, part)
    return re.compile(f"{pattern}$")


def _made(match: re.Match[str]) -> dt.datetime | None:
    parts = match.groupdict()
    year = int(parts["Y"]) if parts.get("Y") else int(parts["y"])
    if not parts.get("Y"):
        year += 2000 if year < 70 else 1900
    month = int(parts["m"]) if parts.get("m") else _ENGLISH.index(parts["b"]) + 1
    hour = int(parts.get("H") or 0)
    if parts.get("I"):
        hour = int(parts["I"])
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["p"] == "pm" else 0)
    try:
        moment = dt.datetime(
            year,
            month,
            int(parts.get("d") or 1),
            hour,
            int(parts.get("M") or 0),
            int(parts.get("S") or 0),
        )
    except ValueError:
        return None
    if parts.get("f"):
        moment += dt.timedelta(seconds=float(parts["f"]))
    return moment if EARLIEST <= year <= LATEST else None
