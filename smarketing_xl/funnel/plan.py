"""The plan of the year, month by month, with the leads due ahead by the sales cycle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.elementwise import Number, elementwise
from smarketing_xl.errors import Fault, NotEnoughData, OutOfRange, SmarketingError, WrongType
from smarketing_xl.funnel.goals import (
    AVG_REVENUE,
    CONVERSION,
    QUOTA,
    required_customers,
    required_leads,
    whole_up,
)
from smarketing_xl.i18n import N_, _, format_percent

if TYPE_CHECKING:
    import pandas as pd

Months = NDArray[np.datetime64]

MONTH = np.timedelta64(1, "M")

TOLERANCE = 0.005
"""How far from 1 the shares of a year may sum: shares typed in whole tenths of a percent."""


def lead_plan(
    quota: float,
    avg_revenue: float,
    conv_rate: float,
    cycle_days: float,
    first_month: dt.date | np.datetime64,
    shares: ArrayLike,
) -> pd.DataFrame:
    """What each month must bring: quota, customers, leads, and leads due for later months' sales.

    cycle_days: days from first contact to signature. first_month: any day of it. shares: of the
    year's quota, one a month, none below 0; they must sum to 1 (within 0.5 %, what rounding of
    typed percentages leaves) and are then scaled to sum to it exactly.
    Returns the columns of the Plan table: month, share, quota, customers, leads, leads_due. Whole
    people are rounded up in the running total, so that the months sum to the year's number.
    `leads_due` follows `leads_due`: sales are taken as even over the days of a month, and the plan
    as repeating after its last month. Raises OutOfRange, NotEnoughData or WrongType with every
    fault.
    """
    import pandas as pd

    given = _shares(shares)
    months = _month(first_month) + np.arange(len(given))
    quotas = np.asarray(_of_year(quota, given / given.sum()))
    return pd.DataFrame(
        {
            "month": months.astype("datetime64[us]"),
            "share": given,
            "quota": quotas,
            "customers": month_by_month(required_customers(np.cumsum(quotas), avg_revenue)),
            "leads": month_by_month(required_leads(np.cumsum(quotas), avg_revenue, conv_rate)),
            "leads_due": leads_due(months, months, quotas, avg_revenue, conv_rate, cycle_days),
        }
    )


def month_by_month(totals: Any) -> Floats:
    """What each month adds to a running total.

    >>> month_by_month([4.0, 4.0, 5.0]).tolist()
    [4.0, 0.0, 1.0]
    """
    return np.diff(np.asarray(totals, dtype=np.float64), prepend=0.0)


def leads_due(
    month: Any,
    months: ArrayLike,
    quotas: ArrayLike,
    avg_revenue: ArrayLike,
    conv_rate: ArrayLike,
    cycle_days: ArrayLike,
) -> Any:
    """Leads to bring in a month so that the sales of a sales cycle later can close.

    month: the month asked for (any day of it). months, quotas: the plan, see `year_after_year`.
    avg_revenue: money per customer. conv_rate: share of leads. cycle_days: days from first contact
    to signature, up to five years. All but the plan: single or arrays broadcast together.
    Whole leads, rounded up in the running total from the plan's first month on. Raises OutOfRange,
    NotEnoughData or WrongType with every fault.

    >>> months = ["2026-01", "2026-02", "2026-03"]
    >>> leads_due("2026-01", months, [0, 28_000, 0], 100, 0.5, 31)  # all of February's
    560.0
    """
    plan = year_after_year(months, quotas)
    return leads_ahead(avg_revenue, conv_rate, cycle_days, _months(month, _("month")), plan)


@dataclass(frozen=True)
class Sales:
    """Sales that close evenly over the days of each month, and month after month come again.

    first: the first month; before it nothing is sold. quotas: money, by month.
    """

    first: np.datetime64
    quotas: Floats

    def closed_by(self, day: Floats) -> Floats:
        """Sales closed by each day; days are counted from 1970, in parts too."""
        days = np.floor(day).astype(np.int64)
        month: Months = days.astype("datetime64[D]").astype("datetime64[M]")
        start, after = _first_day(month), _first_day(month + MONTH)
        turns, place = np.divmod((month - self.first).astype(np.int64), len(self.quotas))
        to_date = np.concatenate([[0.0], np.cumsum(self.quotas)])
        part = (day - start) / (after - start) * self.quotas[place]
        return np.where(month < self.first, 0.0, turns * to_date[-1] + to_date[place] + part)


@elementwise(
    avg_revenue=AVG_REVENUE,
    conv_rate=CONVERSION,
    cycle_days=Number(N_("days"), low=0, high=1825),
)
def leads_ahead(
    avg_revenue: Any, conv_rate: Any, cycle_days: Any, month: Months, sales: Sales
) -> Any:
    """Leads due in each month for the sales that close a sales cycle later; see `leads_due`."""
    first, after = (_first_day(edge) + cycle_days for edge in (month, month + MONTH))
    value = avg_revenue * conv_rate
    before, by_then = (
        whole_up(np.round(sales.closed_by(edge) / value, 9)) for edge in (first, after)
    )
    return by_then - before


def year_after_year(months: ArrayLike, quotas: ArrayLike) -> Sales:
    """The sales of a plan, one row a month in any order, none missing or twice.

    Beyond its last month it repeats from its first (next January sells like this one); before its
    first month it sells nothing. Raises OutOfRange, NotEnoughData or WrongType with every fault.
    """
    starts, sold = _in_order(months, quotas)
    return Sales(starts[0], sold)


def _first_day(month: Months) -> Floats:
    """The first day of each month, counted from 1970."""
    return month.astype("datetime64[D]").astype(np.float64)


@elementwise(quota=QUOTA, share=Number(N_("a share"), low=0, high=1))
def _of_year(quota: Any, share: Any) -> Any:
    return quota * share


def _shares(shares: ArrayLike) -> Floats:
    given = np.atleast_1d(np.asarray(_of_year(1.0, shares)))
    if not len(given):
        raise NotEnoughData(_("The plan has no months"), _("Give a share for each month"))
    if abs(given.sum() - 1) > TOLERANCE:
        raise OutOfRange(
            _("The shares of the year sum to {total}").format(total=format_percent(given.sum(), 1)),
            _("Change them until they sum to 100 %"),
        )
    return given


def _in_order(months: ArrayLike, quotas: ArrayLike) -> tuple[Months, Floats]:
    """The plan by month; a fault for each month that is missing or there twice."""
    starts = np.atleast_1d(_months(months, _("months")))
    sold = np.atleast_1d(np.asarray(_of_year(quotas, 1.0)))
    if not len(starts) or starts.shape != sold.shape:
        raise WrongType(
            _("The plan has {months} months and {quotas} quotas").format(
                months=len(starts), quotas=len(sold)
            ),
            _("Give one quota for each month"),
        )
    order = np.argsort(starts, kind="stable")
    starts, sold = starts[order], sold[order]
    gaps = np.flatnonzero(np.diff(starts).astype(int) != 1)
    faults = [
        Fault(
            _("The plan goes from {month} to {next}").format(month=starts[i], next=starts[i + 1]),
            _("Give every month once, none left out"),
        )
        for i in gaps
    ]
    if faults:
        raise OutOfRange(faults)
    return starts, sold


def _month(day: Any) -> np.datetime64:
    return np.datetime64(_months(day, "first_month").item(), "M")


def _months(days: Any, name: str) -> Months:
    """Days as months; raises for what is not a date or is blank."""
    try:
        months = np.asarray(days, dtype="datetime64[us]").astype("datetime64[M]")
    except (TypeError, ValueError) as error:
        raise WrongType(_("{name} is not a date").format(name=name), _("Give a date")) from error
    if np.isnat(months).any():
        blank: SmarketingError = NotEnoughData(
            _("{name} is blank").format(name=name), _("Give a date")
        )
        raise blank
    return months
