"""Cells to typed columns and back: numbers, dates, labels of lists, yes and no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.blanks import is_blank, is_dash_or_blank
from smarketing_xl.errors import Fault
from smarketing_xl.i18n import Language, _, current_language
from smarketing_xl.parsing.ranges import as_range
from smarketing_xl.parsing.text import as_text as as_text
from smarketing_xl.schema.model import Choices, Column, Kind

Cells = NDArray[np.object_]

NUMBERS = {Kind.NUMBER, Kind.WHOLE, Kind.MONEY, Kind.SHARE}
DATES = {Kind.DATE, Kind.TIME, Kind.MONTH}
_NEVER_WORDS = {"floating", "integer", "mixed-integer-float", "boolean", "datetime", "empty"}


def typed(cells: pd.Series[Any], column: Column) -> tuple[pd.Series[Any], pd.Series[bool]]:
    """A column of raw cells as its kind has it, and which cells do not fit (read as blank)."""
    if column.kind is Kind.TEXT:
        return _each(_text, cells, None).astype("str"), pd.Series(False, index=cells.index)
    if pd.api.types.infer_dtype(cells) in _NEVER_WORDS:
        blank = cells.isna()
    else:
        measured = column.kind in NUMBERS or column.kind in DATES
        blank = _each(is_dash_or_blank if measured else is_blank, cells, True).astype(bool)
    cells = cells.where(~blank, None)
    held = pd.api.types.infer_dtype(cells)
    if column.kind in NUMBERS:
        good = cells.notna() if held == "floating" else cells.map(is_number).astype(bool)
        bad = cells.notna() & ~good
        if bad.any():  # 11-50 is kept as typed; it is no number, and no fault
            bad &= ~cells.map(lambda cell: as_range(cell) is not None).astype(bool)
        return cells.where(good).astype("float64"), bad
    if column.kind in DATES:
        days = cells
        if held != "datetime":
            days = cells.where(cells.map(lambda cell: isinstance(cell, dt.date)).astype(bool))
        times = pd.to_datetime(days, errors="coerce").astype("datetime64[us]")
        times = times.dt.round("s")
        return times, cells.notna() & times.isna()
    if column.kind is Kind.YES_NO and column.choices:
        entries = _entries(cells, column.choices)
        entries = entries.where(~cells.map(lambda cell: cell is True), "yes")
        entries = entries.where(~cells.map(lambda cell: cell is False), "no")
        return (entries == "yes").astype("boolean").where(entries.notna()), (
            cells.notna() & entries.isna()
        )
    if column.kind is Kind.CHOICE and column.choices:
        entries = _entries(cells, column.choices)
        return entries.astype("str"), cells.notna() & entries.isna()
    return cells, pd.Series(False, index=cells.index)


def _text(cell: object) -> str | None:
    return None if is_blank(cell) else as_text(cell)


def _each(rule: Callable[[Any], object], cells: pd.Series[Any], missing: object) -> pd.Series[Any]:
    """What a rule answers for each cell, and what is missing instead.

    A text that stands there many times is asked about once.
    """
    if pd.api.types.infer_dtype(cells) != "string":
        return cells.map(rule, na_action="ignore").where(cells.notna(), missing)
    codes, texts = pd.factorize(cells)
    answers = np.empty(len(texts) + 1, dtype=object)
    answers[:] = [*map(rule, texts), missing]  # which has the code -1
    return pd.Series(answers[codes], index=cells.index)


def with_ranges(numbers: pd.Series[Any], cells: pd.Series[Any]) -> pd.Series[Any]:
    """A column of numbers as `typed` reads it, with its ranges (11-50) as they were typed."""
    texts = cells[numbers.isna() & cells.notna()]
    ranges = texts[texts.map(lambda cell: as_range(cell) is not None).astype(bool)]
    if ranges.empty:
        return numbers
    out = numbers.astype(object)
    out[ranges.index] = ranges
    return out


def is_number(cell: object) -> bool:
    """Any number, also Excel's Decimal of a currency cell; a truth value is none."""
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def _entries(cells: pd.Series[Any], choices: Choices) -> pd.Series[Any]:
    known = choices.known()
    return _each(lambda cell: known.get(str(cell).strip().lower()), cells, None)


def known_by(key: Cells) -> tuple[str, ...]:
    """What a row is known by: the cells of its key as text, whether 1 came back as 1.0 or not.

    A blank is a blank, whether it came back as nothing or as an empty text.
    """
    return tuple("" if cell is None else as_text(cell) for cell in key)


def unfit(column: Column, sheet: str, header: str, row: int, value: object) -> Fault:
    """The fault of a cell that does not fit its column."""
    if column.choices:
        labels = ", ".join(column.choices.shown(current_language()).values())
        problem, remedy = (
            _("is not in the list"),
            _("Choose one of: {labels}").format(labels=labels),
        )
    elif column.kind in DATES:
        problem, remedy = _("is not a date"), _("Type it as a date, not as text")
    else:
        problem, remedy = _("is not a number"), _("Type it as a number, without units or text")
    return Fault(problem, remedy, sheet, row, header, value)


def cells(values: pd.Series[Any], column: Column | None, language: Language) -> Cells:
    """A typed column as cells: labels for entries, None for blanks, plain Python otherwise."""
    if column is not None and column.choices:
        shown = column.choices.shown(language)
        if column.kind is Kind.YES_NO:
            values = values.map({True: "yes", False: "no"}, na_action="ignore")
        values = values.map(lambda entry: shown.get(entry, entry), na_action="ignore")
    if pd.api.types.is_datetime64_any_dtype(values):
        plain = values.dt.to_pydatetime() if len(values) else values
        out = np.array(list(plain), dtype=object)
    else:
        out = np.array(values.tolist(), dtype=object)
    out = out.reshape(len(values))
    out[values.isna().to_numpy()] = None
    return out


def blank_cells(cells: Cells) -> NDArray[np.bool_]:
    """Which cells hold nothing, or an empty text."""
    blank = np.asarray(cells == np.array(None), dtype=np.bool_)
    held = ~blank
    blank[held] = np.asarray(cells[held] == "", dtype=np.bool_)
    return blank


def same(before: Cells, after: Cells) -> NDArray[np.bool_]:
    """Where two arrays of cells hold the same; a blank equals a blank."""
    alike = np.asarray(before == after, dtype=np.bool_)
    differ = ~alike
    ours, theirs = before[differ], after[differ]
    blank, cleared = blank_cells(ours), blank_cells(theirs)
    equal = blank & cleared
    both = ~(blank | cleared)
    equal[both] = np.frompyfunc(_equal, 2, 1)(ours[both], theirs[both])
    alike[differ] = equal
    return alike


def _equal(one: object, other: object) -> bool:
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return abs((one - other).total_seconds()) < 0.5
    if isinstance(one, float | int | Decimal) and isinstance(other, float | int | Decimal):
        one, other = float(one), float(other)
        return bool(one == other) or abs(one - other) <= 1e-12 * max(abs(one), abs(other))
    return bool(one == other) and isinstance(one, str) == isinstance(other, str)
