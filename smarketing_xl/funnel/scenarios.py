"""What if: the same goals under other numbers, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from smarketing_xl.elementwise import Floats
from smarketing_xl.funnel.chance import conversion_range, leads_for_probability, quota_probability
from smarketing_xl.funnel.goals import lead_value, required_customers, required_leads
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


def scenarios(given: pd.DataFrame, past_leads: float) -> pd.DataFrame:
    """Named scenarios with what follows from each.

    given: one row a scenario with the columns scenario, quota, avg_revenue, conv_rate and leads
    (the leads marketing can bring; blank: as many as the scenario needs). past_leads: how many
    leads the conversion rates rest on; the more, the surer.
    Returns the given columns with `leads` filled, and customers (needed), leads_needed, lead_value,
    sales (what the leads bring), probability (that they meet the quota, had past leads converted at
    the scenario's rate) and safe_leads (for a 90 % chance).
    """
    out = given.copy()
    goals = out["quota"].to_numpy(), out["avg_revenue"].to_numpy()
    rate = out["conv_rate"].to_numpy()
    out["customers"] = required_customers(*goals)
    out["leads_needed"] = required_leads(*goals, rate)
    leads = out["leads"].to_numpy(dtype=np.float64)
    out["leads"] = np.where(np.isnan(leads), out["leads_needed"], leads)
    out["lead_value"] = lead_value(goals[1], rate)
    out["sales"] = out["leads"] * out["lead_value"]
    past = rate * past_leads, past_leads
    out["probability"] = quota_probability(out["leads"].to_numpy(), *goals, *past)
    out["safe_leads"] = leads_for_probability(0.9, *goals, *past)
    return out


def proposed_scenarios(
    quota: float, avg_revenue: float, conv_rate: float, won: float, total: float
) -> pd.DataFrame:
    """Three scenarios to start from: as planned, and the ends of what the past allows (95 %).

    Returns the columns that `scenarios` takes; the leads of all three are those of the plan.
    """
    import pandas as pd

    low, high = conversion_range(won, total)
    leads = required_leads(quota, avg_revenue, conv_rate)
    return pd.DataFrame(
        {
            "scenario": [_("This plan"), _("Best"), _("Worst")],
            "quota": quota,
            "avg_revenue": avg_revenue,
            "conv_rate": [conv_rate, max(high, conv_rate), min(low, conv_rate)],
            "leads": leads,
        }
    )
