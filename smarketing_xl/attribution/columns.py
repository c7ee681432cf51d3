"""The columns of a frame in memory as arrays: leads and channels as codes, times as numbers."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Ints
from smarketing_xl.attribution.settings import NO_CAMPAIGN, JourneyRules
from smarketing_xl.errors import Fault, WrongType
from smarketing_xl.i18n import _

Frame = nw.DataFrame[Any]


def leads(interactions: Frame, conversions: Frame) -> tuple[Ints, Ints]:
    """Numbers for leads, the same in both frames, in the order met; -1 where blank."""
    if _is_polars_text(interactions["lead_id"]) and _is_polars_text(conversions["lead_id"]):
        together = nw.concat([frame.select("lead_id") for frame in (interactions, conversions)])
        codes = _polars_codes(together["lead_id"])
        return codes[: len(interactions)], codes[len(interactions) :]
    left, right = _values(interactions["lead_id"]), _values(conversions["lead_id"])
    if pd.api.types.is_numeric_dtype(left) != pd.api.types.is_numeric_dtype(right):
        left, right = _as_text(left), _as_text(right)
    both = pd.concat([pd.Series(left), pd.Series(right)], ignore_index=True)
    codes = pd.factorize(both)[0]
    return codes[: len(interactions)], codes[len(interactions) :]


def channels(interactions: Frame, rules: JourneyRules) -> tuple[Ints, list[str]]:
    """What each interaction is credited to as a code, -1 for nothing, and the names as spelled.

    Without a channel the kind of the interaction stands in (a call, a fair).
    """
    columns = ["channel", "kind"] if rules.by == "channel" else ["campaign"]
    spelled: list[str] = []
    codes = np.full(len(interactions), -1, dtype=np.int64)
    for column in columns:
        if column not in interactions.columns or (spelled and (codes >= 0).all()):
            continue
        name_codes, names = _numbered(interactions[column])
        usable = np.array([_is_named(name) for name in names] + [False], dtype=bool)[name_codes]
        codes = np.where((codes < 0) & usable, name_codes + len(spelled), codes)
        spelled += [str(name).strip() for name in names]
    if rules.by == "campaign":
        codes[codes < 0] = len(spelled)
        spelled.append(_(NO_CAMPAIGN))
    return codes, spelled


def merged(codes: Ints, spelled: list[str]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Codes in the order of names, and the names that occur; those that differ in case are one."""
    used = np.bincount(codes, minlength=len(spelled)) > 0
    shown: dict[str, str] = {}
    for name in np.array(spelled, dtype=object)[used]:
        shown[name.lower()] = min(name, shown.get(name.lower(), name))
    place = {key: code for code, key in enumerate(sorted(shown))}
    recode = np.array([place.get(name.lower(), -1) for name in spelled], dtype=np.int32)
    return recode[codes], tuple(shown[key] for key in sorted(shown))


def named(series: nw.Series[Any]) -> NDArray[np.bool_]:
    """Which cells of a column hold something other than spaces."""
    codes, names = _numbered(series)
    return np.array([_is_named(name) for name in names] + [False], dtype=bool)[codes]


def times(frame: Frame, column: str, rules: JourneyRules) -> Ints:
    """Microseconds since 1970 in local time. Raises WrongType where the column holds no times."""
    series = frame[column]
    if isinstance(series.dtype, nw.Datetime) and series.dtype.time_zone:
        local = rules.timezone or "UTC"
        series = series.dt.convert_time_zone(local).dt.replace_time_zone(None)
    values = series.to_numpy()
    if values.dtype.kind == "O":
        values = _parsed(values, column)
    if values.dtype.kind != "M" and not np.isnan(values.astype(np.float64)).all():
        raise no_times(column, values[0])
    return values.astype("datetime64[us]", copy=False).view(np.int64)


def won(conversions: Frame) -> NDArray[np.bool_]:
    """Which rows are sales: all of them where there is no column that says so."""
    if "won" not in conversions.columns:
        return np.ones(len(conversions), dtype=bool)
    return conversions["won"].fill_null(False).to_numpy().astype(bool)


def amounts(conversions: Frame, column: str) -> Floats | None:
    """Money, NaN where blank; None where there is no such column."""
    if column not in conversions.columns:
        return None
    return np.asarray(conversions[column].to_numpy(), dtype=np.float64)


def _numbered(series: nw.Series[Any]) -> tuple[Ints, Any]:
    """What differs, numbered, and each of them; -1 where blank."""
    if not _is_polars_text(series):
        return pd.factorize(_values(series))
    codes = _polars_codes(series)
    met = np.flatnonzero(codes >= 0)
    rows = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    rows[codes[met]] = met
    return codes, [series[int(row)] for row in rows]


def _is_polars_text(series: nw.Series[Any]) -> bool:
    return series.implementation.is_polars() and series.dtype == nw.String


def _polars_codes(series: nw.Series[Any]) -> Ints:
    """Numbers for texts without making a Python object of each."""
    import polars as pl

    column: pl.Series = series.to_native()
    numbers = column.cast(pl.Categorical(pl.Categories.random())).to_physical()
    codes: Ints = numbers.cast(pl.Int64).fill_null(-1).to_numpy()
    return codes


def _values(series: nw.Series[Any]) -> Any:
    """What pandas can number, without copying what pandas already holds."""
    native = series.to_native()
    return native.array if isinstance(native, pd.Series) else series.to_numpy()


def _as_text(values: Any) -> Any:
    column = pd.Series(values)
    text = column.astype("str").str.removesuffix(".0").astype(object)
    return text.where(column.notna(), None).to_numpy()


def _is_named(name: object) -> bool:
    return bool(str(name).strip())


def _parsed(values: NDArray[Any], column: str) -> NDArray[Any]:
    try:
        return pd.to_datetime(pd.Series(values)).to_numpy()
    except (TypeError, ValueError):
        raise no_times(column, values[0]) from None


def no_times(column: str, value: object) -> WrongType:
    """What to raise of a column that holds something else."""
    problem, remedy = _("These are not dates with times"), _("Give dates, with times if known")
    return WrongType(Fault(problem, remedy, column=column, value=value))
