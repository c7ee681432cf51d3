"""The arithmetic of goals: how many customers and leads a quota needs, and what a lead is worth."""

from __future__ import annotations

import math
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from smarketing_xl.arrays import Floats
from smarketing_xl.elementwise import Number, elementwise
from smarketing_xl.i18n import N_

NOISE = 1e-12
"""Relative difference taken for the noise of floating-point arithmetic."""

QUOTA = Number(N_("money"), low=0)
AVG_REVENUE = Number(N_("money per customer"), low=0, divisor=True)
CONVERSION = Number(N_("a share"), low=0, high=1, divisor=True)


@singledispatch
def whole_up(values: Any) -> Any:
    """Rounded up to whole numbers, unless a whole number was missed only by floating-point noise.

    >>> whole_up([33.34, 5000.000000000001, 5000.001]).tolist()
    [34.0, 5000.0, 5001.0]
    """
    values = np.asarray(values, dtype=np.float64)
    nearest = np.rint(values)
    return np.where(np.abs(values - nearest) <= NOISE * np.abs(values), nearest, np.ceil(values))


@whole_up.register
def _(number: float) -> float:  # a single number, as in most cells
    if not math.isfinite(number):
        return number
    whole = round(number)
    return float(whole if abs(number - whole) <= NOISE * abs(number) else math.ceil(number))


@elementwise(
    last_year_sales=Number(N_("money"), low=0),
    growth_target=Number(N_("a share"), low=-1),
)
def quota_from_growth(last_year_sales: Any, growth_target: Any) -> Any:
    """The quota: last year's sales x (1 + growth target, as a share).

    >>> quota_from_growth(1_500_000, 0.2)
    1800000.0
    """
    return last_year_sales * (1 + growth_target)


@elementwise(quota=QUOTA, avg_revenue=AVG_REVENUE)
def required_customers(quota: Any, avg_revenue: Any, whole: bool = True) -> Any:
    """Customers that reach the quota: quota / average revenue, rounded up if `whole`.

    >>> required_customers(1_000_000, 300_000)
    4.0
    """
    customers = quota / avg_revenue
    return whole_up(customers) if whole else customers


@elementwise(quota=QUOTA, avg_revenue=AVG_REVENUE, conv_rate=CONVERSION)
def required_leads(quota: Any, avg_revenue: Any, conv_rate: Any, whole: bool = True) -> Any:
    """Leads that reach the quota: quota / average revenue / conversion rate.

    Rounded up once, at the end, if `whole`: 3.33 customers at 10 % are 34 leads, not 40.

    >>> required_leads(1_000_000, 300_000, 0.10), required_leads(1_000_000, 5_000, 0.04)
    (34.0, 5000.0)
    """
    leads = quota / avg_revenue / conv_rate
    return whole_up(leads) if whole else leads


@elementwise(
    leads=Number(N_("leads"), low=0, divisor=True),
    quota=QUOTA,
    avg_revenue=AVG_REVENUE,
)
def required_conversion(leads: Any, quota: Any, avg_revenue: Any) -> Any:
    """The conversion rate at which so many leads reach the quota; above 1 there is none (#NUM!).

    >>> required_conversion(400, 600_000, 10_000)
    0.15
    """
    rate = quota / avg_revenue / leads
    return np.where(rate <= 1 + NOISE, np.minimum(rate, 1.0), np.nan)


@elementwise(
    avg_revenue=Number(N_("money per customer"), low=0),
    conv_rate=Number(N_("a share"), low=0, high=1),
)
def lead_value(avg_revenue: Any, conv_rate: Any) -> Any:
    """What a lead is worth: average revenue x conversion rate.

    >>> lead_value(6_000, 0.15)
    900.0
    """
    return avg_revenue * conv_rate


def funnel_volumes(target: ArrayLike, conversions: ArrayLike, whole: bool = True) -> Floats:
    """The volume needed at every stage of a funnel so that its last stage reaches the target.

    target: needed at the last stage; one number, or several (one funnel each).
    conversions: the share of each stage that reaches the next, from the first stage on; any number.
    Returns one more volume than conversions, along the last axis. Every stage is computed from the
    target and rounded up once, so rounding never compounds: give a target that is not rounded.

    >>> funnel_volumes(10 / 3, [0.5, 0.2]).tolist()
    [34.0, 17.0, 4.0]
    """
    shares = shares_to_last(np.atleast_1d(np.asarray(conversion(conversions))))
    return np.asarray(stage_volume(np.asarray(target)[..., None], shares, whole))


def shares_to_last(rates: Floats) -> Floats:
    """For every stage, the share of it that reaches the last; of the last itself, all."""
    return np.append(np.cumprod(rates[::-1])[::-1], 1.0)


@elementwise(conversions=CONVERSION)
def conversion(conversions: Any) -> Any:
    """Shares of a stage that reach the next, as they are."""
    return conversions


@elementwise(target=Number(N_("customers"), low=0), share=Number(N_("a share"), low=0, high=1))
def stage_volume(target: Any, share: Any, whole: bool = True) -> Any:
    """The volume of a stage of which a share reaches the last: target / share."""
    volume = target / share
    return whole_up(volume) if whole else volume
