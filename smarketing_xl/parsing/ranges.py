"""Ranges as CRMs export them: 11-50 employees, 5–10 k of income, 25 to 34 years, 10,000+."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from smarketing_xl.parsing.numbers import UNCLEAR, as_number, bare

Range = tuple[float, float]

_UNIT = r"(?:\s*(?:employees|empleados|people|personas|years|años|anos|yrs))?"
_NUMBER = r"(.*?[0-9].*?)"
_BETWEEN = re.compile(
    rf"^(?:from|de|between|entre)?\s*{_NUMBER}\s*(?:-|–|—|\bto\b|\ba\b|\band\b|\by\b|\bhasta\b)\s*"
    rf"{_NUMBER}{_UNIT}$"
)
_FROM = re.compile(
    rf"^(?:(?:>=?|≥|more than|over|más de|mas de|at least|desde)\s*{_NUMBER}|"
    rf"{_NUMBER}\s*(?:\+|or more|and more|o más|o mas|y más|y mas)){_UNIT}$"
)
_UP_TO = re.compile(rf"^(?:<=?|≤|less than|under|up to|menos de|hasta|at most)\s*{_NUMBER}{_UNIT}$")
_TIMES = re.compile(r"(?i)[0-9]\s?(k|m|mm)\s*\D*$")


def as_range(value: object) -> Range | None:
    """A cell as lowest and highest of a range, the ends without bound infinite; None: no range.

    >>> [as_range(text) for text in ("11-50", "5–10 k", "10000+", "< 10", "25 to 34", "1 a 10")]
    [(11.0, 50.0), (5000.0, 10000.0), (10000.0, inf), (-inf, 10.0), (25.0, 34.0), (1.0, 10.0)]
    >>> [as_range(text) for text in ("50", "50-11", "2026-03", "Ana", None)]
    [None, None, None, None, None]
    """
    return _range(value) if isinstance(value, str) and 1 < len(value) <= 60 else None


def bounds(value: object) -> Range | None:
    """The bounds of a number or a range; None where a cell is neither.

    >>> bounds("11-50"), bounds(12)
    ((11.0, 50.0), (12.0, 12.0))
    """
    number = as_number(value)
    return as_range(value) if number is None else (number, number)


@lru_cache(maxsize=8192)
def _range(written: str) -> Range | None:
    text = written.strip().lower()
    if match := _BETWEEN.match(text):
        low, high = match.groups()
        times = _TIMES.search(high)
        if times and not _TIMES.search(low):
            low = f"{low}{times[1]}"
        ends = _ends(low, high)
        return ends if ends and 0 <= ends[0] < ends[1] and not _other(written) else None
    if match := _FROM.match(text):
        low = next(filter(None, match.groups()))
        number = _ends(low, low)
        return number and (number[0], math.inf)
    if match := _UP_TO.match(text):
        number = _ends(match[1], match[1])
        return number and (-math.inf, number[0])
    return None


def _ends(low: str, high: str) -> Range | None:
    numbers = [as_number(_whole(_capital(end.strip()))) for end in (low, high)]
    if numbers[0] is None or numbers[1] is None:
        return None
    return numbers[0], numbers[1]


def _capital(end: str) -> str:
    """Money is written in capitals; a thousand may be k."""
    return re.sub(r"\s+(?=(?:K|M|MM)$)", "", end.upper())


def _whole(end: str) -> str:
    """The ends of ranges are round: 1.001 and 1,001 are thousands."""
    digits = bare(end)[0]
    return re.sub("[.,]", "", digits) if re.match(UNCLEAR, digits) else end


def _other(written: str) -> bool:
    """A month or a telephone looks like a range: 2026-03, 0034-91."""
    return bool(re.match(r"^\s*(?:(?:19|20)[0-9]{2}-[01]?[0-9]|0[0-9]+-[0-9]+)\s*$", written))
