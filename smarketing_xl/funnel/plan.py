"""The plan of the year, month by month, with the leads due ahead by the sales cycle."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smarketing_xl.elementwise import Floats, Number, elementwise
from smarketing_xl.errors import Fault, NotEnoughData, OutOfRange, SmarketingError, WrongType
from smarketing_xl.funnel.goals import QUOTA, required_customers, required_leads, whole_up
from smarketing_xl.texts import N_, _

if TYPE_CHECKING:
    import pandas as pd

Months = NDArray[np.datetime64]

TOLERANCE = 0.005
"""How far from 1 the shares of a year may sum: shares typed in whole tenths of a percent."""

SHORTEST_MONTH = 28


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
    people are rounded up month by month, so their sum may exceed the year's number. `leads_due`
    follows `leads_due`: sales are taken as even over the days of a month, and the plan as repeating
    after its last month. Raises OutOfRange, NotEnoughData or WrongType with every fault.
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
            "customers": required_customers(quotas, avg_revenue),
            "leads": required_leads(quotas, avg_revenue, conv_rate),
            "leads_due": leads_due(months, months, quotas, avg_revenue, conv_rate, cycle_days),
        }
    )


def leads_due(
    month: Any,
    months: ArrayLike,
    quotas: ArrayLike,
    avg_revenue: float,
    conv_rate: float,
    cycle_days: float,
) -> Any:
    """Leads to bring in a month so that the sales of a sales cycle later can close.

    month: the month asked for (any day of it), one or several. months, quotas: the plan, one row a
    month in any order, none missing or twice. The sales of a month close evenly over its days, and
    each needs its leads `cycle_days` before. Beyond its last month the plan repeats from its first
    (next January sells like this one); before its first month it sells nothing.
    Rounded up to whole leads. Raises OutOfRange, NotEnoughData or WrongType with every fault.

    >>> months = ["2026-01", "2026-02", "2026-03"]
    >>> leads_due("2026-01", months, [0, 28_000, 0], 100, 0.5, 31)  # all of February's
    560.0
    """
    starts, sold = _in_order(months, quotas)
    _cycle(cycle_days)
    leads = np.asarray(required_leads(sold, avg_revenue, conv_rate, whole=False))
    asked = _months(month, _("month"))
    ahead = int(cycle_days // SHORTEST_MONTH) + 2
    length = max(int((asked.max() - starts[0]).astype(int)) + ahead, 1)
    edges = (starts[0] + np.arange(length + 1)).astype("datetime64[D]").astype(np.float64)
    to_date = np.concatenate([[0.0], np.cumsum(np.resize(leads, length))])

    def closing_by(days: Any) -> Any:
        return np.interp(days + cycle_days, edges, to_date)

    first, after = (edge.astype("datetime64[D]").astype(np.float64) for edge in (asked, asked + 1))
    due = whole_up(np.round(closing_by(after) - closing_by(first), 9))  # differences of sums
    return float(due) if due.ndim == 0 else due


@elementwise(days=Number(N_("days"), low=0, high=1825))
def _cycle(days: Any) -> Any:
    return days


@elementwise(quota=QUOTA, share=Number(N_("a share"), low=0, high=1))
def _of_year(quota: Any, share: Any) -> Any:
    return quota * share


def _shares(shares: ArrayLike) -> Floats:
    given = np.atleast_1d(np.asarray(_of_year(1.0, shares)))
    if not len(given):
        raise NotEnoughData(_("The plan has no months"), _("Give a share for each month"))
    if abs(given.sum() - 1) > TOLERANCE:
        raise OutOfRange(
            _("The shares of the year sum to {total:.1%}").format(total=given.sum()),
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
