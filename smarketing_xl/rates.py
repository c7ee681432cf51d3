"""Ratios that managers ask for: cost of a customer and of a lead, return, pace.

Single numbers or arrays broadcast together (see `smarketing_xl.elementwise`).
"""

from __future__ import annotations

from typing import Any

from smarketing_xl.elementwise import Number, elementwise
from smarketing_xl.i18n import N_

COST = Number(N_("money"), low=0)


@elementwise(cost=COST, customers=Number(N_("customers"), low=0, divisor=True))
def cac(cost: Any, customers: Any) -> Any:
    """Customer acquisition cost: what was spent for each new customer.

    >>> cac(12_000, 30)
    400.0
    """
    return cost / customers


@elementwise(cost=COST, leads=Number(N_("leads"), low=0, divisor=True))
def cost_per_lead(cost: Any, leads: Any) -> Any:
    """What was spent for each lead.

    >>> cost_per_lead(12_000, 400)
    30.0
    """
    return cost / leads


@elementwise(revenue=Number(N_("money")), cost=Number(N_("money spent"), low=0, divisor=True))
def marketing_roi(revenue: Any, cost: Any) -> Any:
    """Return on marketing: (revenue - cost) / cost. 1 is a return of 100 %.

    >>> marketing_roi(30_000, 12_000)
    1.5
    """
    return (revenue - cost) / cost


@elementwise(
    delivered=Number(N_("leads"), low=0),
    promised=Number(N_("leads a month"), low=0, divisor=True),
    elapsed=Number(N_("a share of the month"), low=0, high=1, divisor=True),
)
def pace(delivered: Any, promised: Any, elapsed: Any) -> Any:
    """Leads delivered for each promised to date: 1 is on time, below 1 behind.

    >>> pace(60, 160, 0.5)
    0.75
    """
    return delivered / (promised * elapsed)
