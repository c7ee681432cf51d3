"""Expressions that mean the same on every backend that computes where the data lies."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from smarketing_xl.attribution.columns import no_times
from smarketing_xl.attribution.settings import JourneyRules
from smarketing_xl.clock import microseconds
from smarketing_xl.errors import Fault, WrongType
from smarketing_xl.i18n import _

Frame = nw.LazyFrame[Any]


def collect(frame: Frame) -> pd.DataFrame:
    """A small frame brought here."""
    brought: pd.DataFrame = frame.collect(backend="pandas").to_native()
    return brought


def blank_text() -> nw.Expr:
    """A null of type text, for a column that some backends would otherwise give no type."""
    return nw.lit(None, nw.String)


def text(column: nw.Expr) -> nw.Expr:
    """Text without spaces around it; blank text is null."""
    trimmed = column.cast(nw.String).str.strip_chars()
    return nw.when(trimmed != "").then(trimmed)


def number(column: nw.Expr) -> nw.Expr:
    """Numbers, with what is not a number made null."""
    value = column.cast(nw.Float64)
    return nw.when(~value.is_null() & ~value.is_nan()).then(value)


def first_of(**reasons: nw.Expr) -> nw.Expr:
    """The name of the first reason that holds, null if none does."""
    reason = blank_text()
    for name, holds in reversed(reasons.items()):
        reason = nw.when(holds).then(nw.lit(name)).otherwise(reason)
    return reason


def moment(frame: Frame, column: str, rules: JourneyRules) -> nw.Expr:
    """Microseconds since 1970 in local time.

    Raises WrongType for a column that holds no times, or that stands in another zone than the
    session's.
    """
    dtype = frame.collect_schema()[column]
    value = nw.col(column)
    if dtype == nw.Date:
        value = value.cast(nw.Datetime("us"))
    elif not isinstance(dtype, nw.Datetime):
        raise no_times(column, dtype)
    elif dtype.time_zone and not _same_zone(dtype.time_zone, rules.timezone or "UTC"):
        raise WrongType(
            Fault(
                _("The session shows times in another zone than the one asked for"),
                _("Set the session's time zone to {zone}").format(zone=rules.timezone or "UTC"),
                column=column,
                value=dtype.time_zone,
            )
        )
    return microseconds(value)


def _same_zone(one: str, other: str) -> bool:
    return one.removeprefix("Etc/") == other.removeprefix("Etc/")
