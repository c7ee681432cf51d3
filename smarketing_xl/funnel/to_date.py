"""What came beside what the plan wants by then: of a month and of the plan's year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

PLANNED = {"revenue": "quota", "customers": "customers", "leads": "leads_due"}
"""What is counted → the column of the table Plan that it is set against."""


def against_plan(
    plan: pd.DataFrame, outcomes: pd.DataFrame, now: dt.datetime, passed: float = np.nan
) -> pd.DataFrame:
    """Revenue, customers and leads of the month of `now` and of the plan's year until then.

    plan: month, quota (money), customers, leads_due of the table Plan. outcomes: month, revenue,
    customers, leads of the table Outcomes, nothing later than `now`. passed: how much of this month
    has passed, 0 to 1; where nobody knows, as much as of its days, today included. Months over
    count whole, as on the sheet Goals.

    Returns rows period (month, year) and what (revenue, customers, leads), with came, by_then
    (planned until now) and whole (planned of all the period); NaN outside the plan.
    """
    this = np.datetime64(now, "M")
    planned, came = (_months(table) for table in (plan, outcomes))
    share = now.day / pd.Timestamp(now).days_in_month if np.isnan(passed) else passed
    rows: list[dict[str, Any]] = []
    for period, counted, wanted in (
        ("month", came == this, planned == this),
        ("year", np.isin(came, planned), np.ones(len(plan), dtype=np.bool_)),
    ):
        for what, column in PLANNED.items():
            each = pd.to_numeric(plan[column]).to_numpy(dtype=np.float64)
            over = np.where(planned == this, share, planned < this)
            rows.append(
                {
                    "period": period,
                    "what": what,
                    "came": float(np.nansum(outcomes.loc[counted, what].astype(float))),
                    "by_then": (each * over)[wanted].sum() if wanted.any() else np.nan,
                    "whole": each[wanted].sum() if wanted.any() else np.nan,
                }
            )
    return pd.DataFrame(rows)


def _months(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return pd.to_datetime(table["month"]).to_numpy().astype("datetime64[M]")
