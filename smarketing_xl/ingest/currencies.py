"""Amounts in other currencies, turned into ours by the rates that the workbook keeps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import polars as pl

from smarketing_xl.errors import Fault
from smarketing_xl.i18n import _, format_number
from smarketing_xl.parsing.money import CODES, DOLLARS, currency, one_currency
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.model import Column, Kind, Table

_NAMED_BY = frozenset(
    {
        "currency", "currency code", "deal currency", "deal currency code", "moneda",
        "codigo de moneda", "codigo de la moneda", "divisa",
    }
)  # fmt: skip
_ALREADY_OURS = re.compile(
    r"(?i)company currency|moneda de (?:la )?(?:empresa|compañ[ií]a)|moeda da empresa"
    r"|\((?:converted|base)\)|\(conv"
)
_DATED_BY = ("month", "closed", "won_on", "expected", "created")
_EVER = dt.datetime(1900, 1, 1)  # of a rate without a month
_LAST = dt.datetime(2999, 1, 1)  # of an amount without a date: by the latest rate


@dataclass(frozen=True)
class Rates:
    """What one unit of each currency is worth in ours.

    own: our currency, ISO code; blank where the workbook does not say. table: currency, month (from
    then on; null: ever) and rate, rows as they were typed.
    """

    own: str = ""
    table: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={"currency": pl.String, "month": pl.Datetime("us"), "rate": pl.Float64}
        )
    )


def make_rates(own: str | None, table: pd.DataFrame) -> Rates:
    """The rates as a workbook has them: its currency, and the columns currency, month, rate."""
    rows = table.dropna(subset=["currency", "rate"])
    frame = pl.DataFrame(
        {
            "currency": [currency(str(name).strip()) for name in rows["currency"]],
            "month": pl.Series(rows["month"].to_numpy().astype("datetime64[us]")),
            "rate": rows["rate"].to_numpy(),
        },
        schema=Rates().table.schema,
    )
    return Rates(currency(own.strip()) if own else "", frame)


@dataclass(frozen=True)
class Converted:
    """A file's amounts in our currency.

    faults: why they cannot be. notes: what was converted, in words. own: the currency that becomes
    ours, as the workbook has none yet and the file names it; else blank.
    """

    frame: pl.DataFrame
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    own: str = ""


def in_our_currency(
    frame: pl.DataFrame,
    table: Table,
    named: Mapping[str, pl.Series],
    headers: Mapping[str, str],
    rates: Rates,
    before: pd.DataFrame | None = None,
) -> Converted:
    """Every amount in our currency; the file's columns that name the currency then name ours.

    named: of a column of amounts, what its cells name (EUR, $). headers: how the file heads it. A
    cell's currency is the one that it names, else that of its row, else that of the header, else
    ours. It is converted by the rate of its row's month, else by that of the last month before.
    Where the workbook has no currency, that of the file becomes ours; several are a fault, and so
    is one beside another of the rows that are there (before).
    """
    by_row = _named_by_rows(frame)
    settled = pl.repeat(False, len(frame), dtype=pl.Boolean, eager=True)
    currencies: dict[Column, pl.Series] = {}
    for column in table:
        if column.kind is not Kind.MONEY or column.key not in frame:
            continue
        header = headers.get(column.key, "")
        if _ALREADY_OURS.search(header):
            settled |= frame[column.key].is_not_null()
        else:
            cells = named.get(column.key)
            currencies[column] = _currencies(frame[column.key], cells, by_row, header, rates.own)
    own = rates.own
    if not own:
        own, fault = _becomes_ours(currencies, headers, rates, before)
        if fault:
            return Converted(frame, (fault,))
    months = _months(frame)
    faults: list[Fault] = []
    notes: list[str] = []
    for column, money in currencies.items():
        foreign = [name for name in money.drop_nulls().unique().sort() if name != own]
        if not foreign or not rates.own:
            continue
        if own not in CODES:
            faults.append(_no_currency(own))
            continue
        factors = _rates_of(money, months, rates)
        foreign_cells = money.is_in(foreign).fill_null(False)
        lacking = foreign_cells & factors.is_null()
        if lacking.any():
            faults += _lacking(money.filter(lacking), months.filter(lacking), own)
            continue
        amounts = frame[column.key] * factors.fill_null(1.0)
        frame = frame.with_columns(amounts.alias(column.key))
        settled |= foreign_cells
        notes.append(
            _(
                "{column}: {count} amounts in {currencies} are turned into {own} by the rates"
            ).format(
                column=_(column.label),
                count=format_number(int(foreign_cells.sum())),
                currencies=", ".join(foreign),
                own=own,
            )
        )
    if by_row is not None and settled.any():
        frame = frame.with_columns(frame[by_row.name].set(settled, rates.own or None))
    becomes = "" if rates.own else own
    return Converted(frame, tuple(dict.fromkeys(faults)), tuple(notes), becomes)


def _becomes_ours(
    currencies: Mapping[Column, pl.Series],
    headers: Mapping[str, str],
    rates: Rates,
    before: pd.DataFrame | None,
) -> tuple[str, Fault | None]:
    """The one currency that a file names, or why it cannot be ours; blank where it names none."""
    names = {column: set(money.drop_nulls()) for column, money in currencies.items()}
    for column, several in names.items():
        if len(several) > 1:
            return "", _unknown(several, headers.get(column.key, ""))
    found = one_currency(set().union(*names.values()))
    if len(found) > 1:
        return "", _unknown(found)
    there = set() if before is None else one_currency(_standing(before))
    if found and there - found:
        return "", _unknown(found | there)
    if found & set(rates.table["currency"]):
        return "", Fault(_("The sheet Rates does not say which currency is ours"), _type_rates())
    return next(iter(found), ""), None


def _standing(before: pd.DataFrame) -> set[str]:
    """The currencies that rows of a workbook name."""
    columns = [name for name in before if fold_words(str(name)) in _NAMED_BY]
    cells = pd.concat([before[name] for name in columns]) if columns else pd.Series(dtype=str)
    return {currency(str(cell).strip()) for cell in cells.dropna().unique()}


def _named_by_rows(frame: pl.DataFrame) -> pl.Series | None:
    """The column that names each row's currency, as ISO codes."""
    for name in frame.columns:
        if fold_words(name) in _NAMED_BY and frame[name].dtype == pl.String:
            known = {cell: currency(cell.strip()) for cell in frame[name].drop_nulls().unique()}
            return frame[name].replace_strict(known, default=None, return_dtype=pl.String)
    return None


def _months(frame: pl.DataFrame) -> pl.Series:
    """When each row's amounts are of."""
    dates = [
        frame[key].cast(pl.Datetime("us"))
        for key in _DATED_BY
        if key in frame and frame[key].dtype.is_temporal()
    ]
    never = pl.repeat(_LAST, len(frame), dtype=pl.Datetime("us"), eager=True)
    columns = [each.alias(str(at)) for at, each in enumerate([*dates, never])]
    return pl.DataFrame(columns).select(pl.coalesce(pl.all()).alias("month")).to_series()


def _currencies(
    amounts: pl.Series,
    named: pl.Series | None,
    by_row: pl.Series | None,
    header: str,
    own: str,
) -> pl.Series:
    """The currency of each amount; null where nothing says it, or there is no amount."""
    heading = re.search(r"\(([A-Z]{3})\)\s*$", header)
    sources = [each for each in (named, by_row) if each is not None]
    if heading and heading[1] in CODES:
        sources.append(pl.repeat(heading[1], len(amounts), dtype=pl.String, eager=True))
    if not sources:
        return pl.repeat(None, len(amounts), dtype=pl.String, eager=True)
    money = sources[0]
    for other in sources[1:]:
        money = money.fill_null(other)
    money = money.set(amounts.is_null(), None)
    dollars = set(money.drop_nulls().unique()) & DOLLARS
    sign = own if own in DOLLARS else next(iter(dollars)) if len(dollars) == 1 else "$"
    return money.replace("$", sign)  # a peso's own sign


def _rates_of(money: pl.Series, months: pl.Series, rates: Rates) -> pl.Series:
    """The rate of each amount; null where none is known."""
    asked = pl.DataFrame({"currency": money, "month": months}).with_row_index("at")
    known = rates.table.with_columns(
        pl.col("month").fill_null(_EVER).dt.truncate("1mo"), "rate"
    ).sort("month")
    rows = asked.sort("month").join_asof(known, on="month", by="currency", check_sortedness=False)
    return rows.sort("at")["rate"]


def _unknown(signs: set[str], header: str = "") -> Fault:
    problem = (
        _("The column mixes currencies: {signs}")
        if header
        else _("The amounts are in several currencies: {signs}")
    )
    return Fault(problem.format(signs=", ".join(sorted(signs))), _type_rates(), column=header)


def _type_rates() -> str:
    return _("On the sheet Rates, type your currency, and what one of each other is worth in it")


def _no_currency(written: str) -> Fault:
    return Fault(
        _("Our currency is none that we know"),
        _("On the sheet Rates, type its three letters, such as USD"),
        value=written,
    )


def _lacking(money: pl.Series, months: pl.Series, own: str) -> list[Fault]:
    """A sentence for each currency without a rate, with the first month that lacks one."""
    first = pl.DataFrame({"name": money, "month": months}).group_by("name").agg(pl.min("month"))
    remedy = _("On the sheet Rates, type what one is worth in {own}; without a month: always")
    faults = []
    for name, month in first.sort("name").iter_rows():
        problem = (
            _("There is no rate of {currency}").format(currency=name)
            if month == _LAST
            else _("There is no rate of {currency} for {month}").format(
                currency=name, month=f"{month:%Y-%m}"
            )
        )
        faults.append(Fault(problem, remedy.format(own=own)))
    return faults
