"""What if: the same goals under other numbers, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from smarketing_xl.elementwise import Floats
from smarketing_xl.funnel.chance import conversion_range, quota_probability
from smarketing_xl.funnel.goals import required_customers, required_leads
from smarketing_xl.texts import _

if TYPE_CHECKING:
    import pandas as pd


def sensitivity(
    quota: float, avg_revenues: ArrayLike, conv_rates: ArrayLike, whole: bool = True
) -> Floats:
    """Leads needed for every pair of average revenue (rows) and conversion rate (columns).

    >>> sensitivity(600_000, [5_000, 6_000], [0.10, 0.15, 0.20]).tolist()
    [[1200.0, 800.0, 600.0], [1000.0, 667.0, 500.0]]
    """
    rows = np.atleast_1d(np.asarray(avg_revenues, dtype=object))[:, None]
    columns = np.atleast_1d(np.asarray(conv_rates, dtype=object))[None, :]
    return np.asarray(required_leads(quota, rows, columns, whole=whole))


def scenarios(given: pd.DataFrame, plan_leads: float, past_leads: float) -> pd.DataFrame:
    """Named scenarios with what follows from each: the Scenarios table.

    given: one row a scenario with the columns scenario, quota, avg_revenue and conv_rate.
    plan_leads: leads that marketing plans to bring, whatever comes. past_leads: how many leads the
    conversion rates rest on; the more, the surer.
    Returns the same rows with customers and leads (needed), and chance: the probability that the
    plan's leads meet the scenario's quota, had the past leads converted at its rate.
    """
    out = given.copy()
    goals = out["quota"].to_numpy(), out["avg_revenue"].to_numpy()
    rate = out["conv_rate"].to_numpy()
    out["customers"] = required_customers(*goals)
    out["leads"] = required_leads(*goals, rate)
    won = np.floor(rate * past_leads + 0.5)  # as the workbook's ROUND
    out["chance"] = quota_probability(plan_leads, *goals, won, past_leads)
    return out


def proposed_scenarios(
    quota: float, avg_revenue: float, conv_rate: float, won: float, total: float
) -> pd.DataFrame:
    """Three scenarios to start from: as planned, and the ends of what the past allows (95 %).

    Returns the columns that `scenarios` takes.
    """
    import pandas as pd

    low, high = conversion_range(won, total)
    return pd.DataFrame(
        {
            "scenario": [_("This plan"), _("Best"), _("Worst")],
            "quota": quota,
            "avg_revenue": avg_revenue,
            "conv_rate": [conv_rate, max(high, conv_rate), min(low, conv_rate)],
        }
    )
