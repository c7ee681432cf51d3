"""From the quota to customers to leads: goals, the plan of the year, and how sure it is.

Formulas of numbers take single values or arrays broadcast together, raise with every bad element
named, and answer element by element through `.cells(...)` (see `smarketing_xl.elementwise`).
"""

from smarketing_xl.funnel.chance import (
    conversion_range,
    leads_for_probability,
    quota_probability,
)
from smarketing_xl.funnel.goals import (
    conversion,
    funnel_volumes,
    lead_value,
    quota_from_growth,
    required_conversion,
    required_customers,
    required_leads,
    shares_to_last,
    stage_volume,
    whole_up,
)
from smarketing_xl.funnel.plan import lead_plan, leads_ahead, leads_due, year_after_year

__all__ = [
    "conversion",
    "conversion_range",
    "funnel_volumes",
    "lead_plan",
    "lead_value",
    "leads_ahead",
    "leads_due",
    "leads_for_probability",
    "quota_from_growth",
    "quota_probability",
    "required_conversion",
    "required_customers",
    "required_leads",
    "shares_to_last",
    "stage_volume",
    "whole_up",
    "year_after_year",
]
