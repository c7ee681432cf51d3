"""One cell as XML: values out of Python into `<c>`, and the text rules of the format."""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from smarketing_xl.errors import CellError

LONGEST_TEXT = 32_767
NEWER_ERRORS = {
    "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!",
    "#BUSY!", "#PYTHON!", "#EXTERNAL!",
}  # fmt: skip
ERROR_TEXTS = {
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", *NEWER_ERRORS,
}  # fmt: skip
EPOCH = dt.datetime(1899, 12, 30)
EPOCH_1904 = dt.datetime(1904, 1, 1)
LAST_DAY = 2_958_465  # 31 December 9999
_LEAP = 60  # 29 February 1900, which Excel counts, and which never was
_DAY = 86_400_000  # milliseconds

_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = re.compile(r"_x((?![dD][89a-fA-F])[0-9A-Fa-f]{4})_")  # half a character is none
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7});")
_HALVES = range(0xD800, 0xE000)  # of characters, in UTF-16
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """Text for an element; control characters as `_x000D_`, as the format has it.

    >>> escape("a<b & c"), escape("_x0041_")
    ('a&lt;b &amp; c', '_x005F_x0041_')
    """
    return _SPECIAL.sub(_escape_one, text) if _SPECIAL.search(text) else text


def _escape_one(match: re.Match[str]) -> str:
    char = match[0]
    if len(char) > 1:
        return "_x005F" + char
    return _NAMED.get(char) or f"_x{ord(char):04X}_"


def unescape(xml: str) -> str:
    """The text of an element's XML (entities only).

    >>> unescape("&lt;a&gt; &amp;amp; &#233;&#x2122;"), ord(unescape("&#128;"))
    ('<a> &amp; é™', 128)
    """
    return _ENTITY.sub(_unescape_one, xml) if "&" in xml else xml


def _unescape_one(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return _ENTITIES[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    is_character = code <= sys.maxunicode and code not in _HALVES
    return chr(code) if is_character else match[0]


def plain(text: str) -> str:
    """Text without the format's own escapes: `_x000D_` → carriage return."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def tidy(value: Any) -> Any:
    """A value as a cell can hold it: None, bool, int, float, str, datetime or CellError.

    Blanks of every library (NaN, NaT, pandas.NA, "") are None; infinities are #NUM!.
    """
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        return value if math.isfinite(value) else (None if value != value else CellError.NUM)
    if value is None or kind in (int, bool, dt.datetime, CellError):
        return _naive(value) if kind is dt.datetime else value
    return _tidy_rare(value)


def _tidy_rare(value: Any) -> Any:
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, np.generic):
        if isinstance(value, np.datetime64):
            return None if np.isnat(value) else value.astype("datetime64[us]").item()
        return tidy(value.item())
    if isinstance(value, dt.datetime):
        return dt.datetime(
            value.year, value.month, value.day,
            value.hour, value.minute, value.second, value.microsecond,
        )  # fmt: skip
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    if isinstance(value, str):
        return str(value) or None
    try:
        return tidy(float(value))
    except (TypeError, ValueError):
        return str(value)


def _naive(value: dt.datetime) -> dt.datetime:
    return value.replace(tzinfo=None) if value.tzinfo else value


def serial(value: dt.datetime, epoch: dt.datetime = EPOCH) -> float:
    """Days since the epoch, with Excel's 29 February 1900 that never was.

    >>> serial(dt.datetime(2024, 1, 2)), serial(dt.datetime(1900, 1, 1))
    (45293.0, 1.0)
    """
    since = value - epoch
    days = since.days + (since.seconds + since.microseconds / 1e6) / 86_400
    return days - 1 if epoch == EPOCH and days < 61 else days


def shown_as_dates(numbers: Sequence[Any], epoch: dt.datetime = EPOCH) -> list[Any]:
    """Numbers of cells that show dates: datetimes, to the millisecond.

    A time of day without a day, and what is no day of the calendar, stays the number that it is.
    """
    days = np.array([number if type(number) is float else np.nan for number in numbers])
    last = LAST_DAY if epoch == EPOCH else LAST_DAY - (EPOCH_1904 - EPOCH).days
    known = (days >= 1) & (days < last + 1)
    days = np.where(known, days, 1)
    since = days + (days < _LEAP) if epoch == EPOCH else days
    milliseconds = np.minimum(np.round(since * _DAY), (last + 1) * _DAY - 1)
    moments = np.datetime64(epoch, "ms") + milliseconds.astype("timedelta64[ms]")
    moments = moments.astype("datetime64[us]").tolist()
    return [
        moment if is_day else number
        for moment, is_day, number in zip(moments, known.tolist(), numbers, strict=True)
    ]


def shown_number(value: float | int) -> str:
    """The shortest text that reads back as the same number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def cell_type(value: Any) -> str:
    """The `t` attribute of a formula's cached value, with a blank before it."""
    if isinstance(value, bool):
        return ' t="b"'
    if isinstance(value, CellError) or value in ERROR_TEXTS:
        return ' t="e"'
    return ' t="str"' if isinstance(value, str) else ""


def cached(value: Any, epoch: dt.datetime = EPOCH) -> str:
    """`<v>` of a formula's value; nothing where it is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"<v>{int(value)}</v>"
    if isinstance(value, dt.datetime):
        return f"<v>{shown_number(serial(value, epoch))}</v>"
    if isinstance(value, str):
        return f"<v>{escape(value)}</v>"
    return f"<v>{shown_number(value)}</v>"


def cell_with(value: Any, epoch: dt.datetime = EPOCH) -> str:
    """What follows `<c r="B2" s="5"` in a cell that holds a value; text is never a formula."""
    if value is None:
        return "/>"
    kind = type(value)
    if kind is str:
        space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
    if kind is float or kind is int:
        return f"><v>{shown_number(value)}</v></c>"
    return f"{cell_type(value)}>{cached(value, epoch)}</c>"
