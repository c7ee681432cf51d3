"""Step 2, goals: from the quota to customers to leads, and how sure the plan is."""

from __future__ import annotations

from typing import Any

import numpy as np

from smarketing_xl import funnel
from smarketing_xl.errors import CellError
from smarketing_xl.i18n import N_
from udfs import helpers
from udfs.lambdas import goals as lambdas
from udfs.registry import formula

_QUOTA = N_("Sales to reach, in money.")
_AVG_REVENUE = N_("What one new customer brings, in money.")
_CONV_RATE = N_("Share of leads that become customers, 0 to 1.")
_WHOLE = N_("TRUE rounds up to whole people, FALSE keeps the fraction. TRUE if left out.")
_LEADS = N_("Number of leads.")
_CYCLE_DAYS = N_("Days from the first contact to the signature.")
_WON = N_("How many of the leads counted became customers.")
_TOTAL = N_("How many leads were counted.")
_SPREAD = N_("How customers' revenue spreads: standard deviation over average. 0 if left out.")


quota_from_growth = formula(
    "Goals",
    N_("The quota of the year to come: last year's sales, grown by the target."),
    example="=QUOTA_FROM_GROWTH(last_year_sales, growth_target)",
    native=True,
    arguments={
        "last_year_sales": N_("Sales of last year, in money."),
        "growth_target": N_("Growth wanted: 0.2 is 20 %."),
    },
)(funnel.quota_from_growth)


required_customers = formula(
    "Goals",
    N_("How many new customers reach the quota."),
    example="=REQUIRED_CUSTOMERS(quota, avg_revenue)",
    native=True,
    arguments={
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
        "whole": _WHOLE,
    },
)(funnel.required_customers)


required_leads = formula(
    "Goals",
    N_("How many leads marketing must bring so that sales reach the quota."),
    example="=REQUIRED_LEADS(quota, avg_revenue, conv_rate)",
    native=True,
    arguments={
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
        "conv_rate": _CONV_RATE,
        "whole": _WHOLE,
    },
)(funnel.required_leads)


required_conversion = formula(
    "Goals",
    N_("The conversion rate at which so many leads reach the quota."),
    example="=REQUIRED_CONVERSION(leads_needed, quota, avg_revenue)",
    native=True,
    arguments={
        "leads": _LEADS,
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
    },
)(funnel.required_conversion)


lead_value = formula(
    "Goals",
    N_("What a lead is worth: the average revenue times the share that becomes customers."),
    example="=LEAD_VALUE(avg_revenue, conv_rate)",
    native=True,
    arguments={
        "avg_revenue": _AVG_REVENUE,
        "conv_rate": _CONV_RATE,
    },
)(funnel.lead_value)


@formula(
    "Goals",
    N_("The volume needed at each stage of a funnel so that its last stage reaches the target."),
    example="=FUNNEL_VOLUMES(customers_needed, B5:B8)",
    spills=True,
    native=True,
    within=lambdas.funnel_volumes,
    arguments={
        "target": N_("The number needed at the last stage; several as a row or a column."),
        "conversions": N_("Share of each stage that reaches the next, from the first stage on."),
        "whole": _WHOLE,
    },
)
def funnel_volumes(target: Any, conversions: Any, whole: Any = True) -> Any:
    stages, upright = helpers.line(conversions)
    last, column = helpers.line(target)
    rates = helpers.element_by_element(funnel.conversion, stages[None, :])[0]
    targets = helpers.element_by_element(funnel.stage_volume, last[:, None], 1.0, whole=False)
    bad = np.array([isinstance(rate, CellError) for rate in rates], dtype=bool)
    shares = np.array(funnel.shares_to_last(np.where(bad, 1.0, rates)), dtype=object)
    for place in np.flatnonzero(bad):  # every stage up to it depends on it
        shares[: place + 1] = rates[place]
    volumes = funnel.stage_volume.cells(targets, shares, whole=helpers.flag(whole))
    single = not isinstance(conversions, np.ndarray)  # stands across the targets
    return volumes.T if upright or (single and len(last) > 1 and not column) else volumes


@formula(
    "Goals",
    N_("The plan of a year by month: share, quota, customers, leads, and leads due ahead."),
    example="=LEAD_PLAN(quota, avg_revenue, conv_rate, cycle_days, first_month)",
    spills=True,
    within=lambdas.lead_plan,
    arguments={
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
        "conv_rate": _CONV_RATE,
        "cycle_days": _CYCLE_DAYS,
        "first_month": N_("Any day of the first month."),
        "shares": N_("Share of the year of each month; twelve equal months if left out."),
        "titles": N_("TRUE puts the titles above, FALSE leaves them out. TRUE if left out."),
    },
)
def lead_plan(
    quota: Any,
    avg_revenue: Any,
    conv_rate: Any,
    cycle_days: Any,
    first_month: Any,
    shares: Any = None,
    titles: Any = True,
) -> Any:
    from smarketing_xl.schema.tables import PLAN

    months = np.full(12, 1 / 12)
    if shares is not None:
        months = helpers.numbers(helpers.line(shares)[0], "shares")
    plan = funnel.lead_plan(
        helpers.number(quota, "quota"),
        helpers.number(avg_revenue, "avg_revenue"),
        helpers.number(conv_rate, "conv_rate"),
        helpers.number(cycle_days, "cycle_days"),
        helpers.time(first_month, "first_month"),
        months,
    )
    return helpers.frame_out(plan, PLAN, helpers.flag(titles, "titles"))


@formula(
    "Goals",
    N_("Leads to bring in a month so that the sales planned for later months can close."),
    example="=LEADS_DUE([@Month], Plan[Month], Plan[Quota], avg_revenue, conv_rate, cycle_days)",
    native=True,
    within=lambdas.leads_due,
    arguments={
        "month": N_("The month asked for."),
        "months": N_("The months of the plan, in order."),
        "quotas": N_("The quota of each month."),
        "avg_revenue": _AVG_REVENUE,
        "conv_rate": _CONV_RATE,
        "cycle_days": _CYCLE_DAYS,
    },
)
def leads_due(
    month: Any, months: Any, quotas: Any, avg_revenue: Any, conv_rate: Any, cycle_days: Any
) -> Any:
    sales = funnel.year_after_year(
        helpers.times(helpers.line(months)[0], "months"),
        helpers.numbers(helpers.line(quotas)[0], "quotas"),
    )
    dates, *numbers = helpers.line_up(month, avg_revenue, conv_rate, cycle_days)
    asked, wrong = helpers.times_or_errors(dates)
    asked = np.where(helpers.usable(wrong), asked, sales.first).astype("datetime64[M]")
    due = helpers.element_by_element(funnel.leads_ahead, *numbers, month=asked, sales=sales)
    return helpers.bad(due, wrong)


@formula(
    "Goals",
    N_("How sure a conversion rate is: lowest and highest that the leads counted allow."),
    example="=CONVERSION_RANGE(past_won, past_leads)",
    spills=True,
    native=True,
    within=lambdas.conversion_range,
    arguments={
        "won": _WON,
        "total": _TOTAL,
        "confidence": N_("How sure to be, 0 to 1. 0.95 if left out."),
    },
)
def conversion_range(won: Any, total: Any, confidence: Any = 0.95) -> Any:
    ends = helpers.element_by_element(funnel.conversion_range, won, total, confidence)
    if ends.ndim == 1:  # single cells: lowest beside highest
        return ends[None, :]
    low, high = ends
    return np.vstack([low, high]) if low.shape[0] == 1 else np.hstack([low, high])


leads_for_probability = formula(
    "Goals",
    N_("The fewest leads that meet the quota with such a probability."),
    example="=LEADS_FOR_PROBABILITY(0.9, quota, avg_revenue, past_won, past_leads)",
    native=True,
    within=lambdas.leads_for_probability,
    arguments={
        "probability": N_("How sure to be, 0 to 1: 0.9 is nine years in ten."),
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
        "won": _WON,
        "total": _TOTAL,
        "spread": _SPREAD,
    },
)(funnel.leads_for_probability)


quota_probability = formula(
    "Goals",
    N_("Probability that so many leads bring the quota, given how sure rate and revenue are."),
    example="=QUOTA_PROBABILITY(leads_needed, quota, avg_revenue, past_won, past_leads)",
    native=True,
    within=lambdas.quota_probability,
    arguments={
        "leads": _LEADS,
        "quota": _QUOTA,
        "avg_revenue": _AVG_REVENUE,
        "won": _WON,
        "total": _TOTAL,
        "spread": _SPREAD,
    },
)(funnel.quota_probability)
