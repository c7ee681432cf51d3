"""Costs as ad platforms export them: sums of other rows left out, periods spread over months."""

from __future__ import annotations

import pandas as pd
import polars as pl

from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest.mapping import UNTIL
from smarketing_xl.schema.tables import SPEND

_TOTAL = (
    r"(?i)^\s*(?:grand\s+total|sub-?total(?:es|s)?|total(?:es|s)?(?:\s+general)?|suma|sum)"
    r"\s*(?:[:\-–(].*)?$"
)
_CENT = 0.005
_RATE = (
    r"(?i)\b(?:ctr|cpc|cpm|cpa|cpl|cpr|roas|rate|ratio|avg|average|mean|per|por|frequency|reach|"
    r"position|quality|score|share|tasa|promedio|media|frecuencia|alcance|posici[oó]n|porcentaje)\b|%"
)


def own_rows(frame: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series, str]:
    """A file's rows without those that are the sum of others; and what was left out, in words.

    A row that says Total is one; so is one without a campaign, or without a channel, whose cost is
    that of all others of its month and channel together.
    """
    if "cost" not in frame or frame.is_empty():
        return frame, rows, ""
    is_total = pl.repeat(False, len(frame), eager=True)
    for cells in frame:
        if cells.dtype == pl.String:
            is_total |= cells.str.contains(_TOTAL).fill_null(False)
    unnamed = pl.Series([False] * len(frame))
    for name in ("channel", "campaign"):
        if name in frame and frame[name].null_count() < len(frame):
            unnamed |= frame[name].is_null()
    named = frame.filter(~is_total & ~unnamed)
    sums = [pl.repeat(named["cost"].sum(), len(frame), dtype=pl.Float64, eager=True)]
    if "month" in frame:
        of_month = named.group_by("month").agg(others=pl.col("cost").sum())
        each = frame.select("month").join(of_month, on="month", how="left", maintain_order="left")
        sums.append(each["others"])
    near = _CENT * (1 + named.height)  # each row may be rounded
    is_sum = pl.repeat(False, len(frame), eager=True)
    for others in sums:
        is_sum |= ((frame["cost"] - others).abs() <= near).fill_null(False)
    left_out = is_total | (unnamed & is_sum) if named.height else is_total
    if not left_out.any():
        return frame, rows, ""
    note = _("{count} rows are sums of others, and left out").format(
        count=format_number(int(left_out.sum()))
    )
    return frame.filter(~left_out), rows.filter(~left_out), note


def spread(frame: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series, str]:
    """Each cost on the months of its period, by days; a cost without a period stays in its month.

    Amounts are divided; rates stay as they are.
    """
    if "month" not in frame or frame["month"].dtype != pl.Datetime("us"):
        return frame.drop(UNTIL, strict=False), rows, ""
    first = frame["month"].dt.truncate("1mo")
    if UNTIL not in frame:
        return frame.with_columns(month=first), rows, ""
    last = frame[UNTIL].fill_null(frame["month"])
    several = (last.dt.truncate("1mo") > first).fill_null(False)
    plain = frame.drop(UNTIL)
    if not several.any():
        return plain.with_columns(month=first), rows, ""
    long = plain.with_columns(_row=rows, _start=frame["month"], _last=last, _several=several)
    months = pl.date_ranges(
        pl.col("_start").dt.truncate("1mo").dt.date(),
        pl.when("_several").then("_last").otherwise("_start").dt.date(),
        "1mo",
    )
    long = long.with_columns(_month=months).explode("_month")
    begin = pl.max_horizontal(pl.col("_start").dt.date(), pl.col("_month"))
    end = pl.min_horizontal(pl.col("_last").dt.date(), pl.col("_month").dt.month_end())
    days = (end - begin).dt.total_days() + 1
    every = (pl.col("_last").dt.date() - pl.col("_start").dt.date()).dt.total_days() + 1
    part = pl.when("_several").then(days / every).otherwise(1.0)
    amounts = [name for name in plain.columns if _is_amount(plain[name])]
    long = long.with_columns(
        *(pl.col(name) * part for name in amounts),
        month=pl.col("_month").cast(pl.Datetime("us")),
    )
    note = _("{count} costs are of several months, and spread over them by days").format(
        count=format_number(int(several.sum()))
    )
    return long.select(plain.columns), long["_row"], note


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Days added up to months, by channel, campaign and line; the first row of each stands for it.

    Only amounts are added up; a rate of several rows is no longer known, and blank.
    """
    keys = [name for name in SPEND.key if name in rows]
    groups = rows.groupby(keys, dropna=False, sort=False)
    begins = ~rows.duplicated(keys).to_numpy()
    first = rows[begins].copy()
    single = (groups[keys[0]].transform("size") == 1).to_numpy()[begins]
    for name in map(str, rows.select_dtypes("number")):
        if _adds_up(name):
            first[name] = groups[name].sum(min_count=1).to_numpy()
        else:
            first[name] = first[name].where(single)
    return first


def _is_amount(cells: pl.Series) -> bool:
    return cells.dtype.is_float() and _adds_up(cells.name)


def _adds_up(name: str) -> bool:
    return not bool(pl.Series([name]).str.contains(_RATE)[0])
