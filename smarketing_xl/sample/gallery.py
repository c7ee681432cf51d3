"""Examples to begin from, invented: a clinic, a school, a shop, and the agency of the demo.

Texts are said in the language of the workbook; attributes are the keys of columns of Leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smarketing_xl.example_names import ExampleName
from smarketing_xl.i18n import N_

Rule = tuple[str, str, str, str | int, int, bool]
"""Persona, attribute, operator, value, weight, required."""


@dataclass(frozen=True)
class Example:
    """What a firm would have typed.

    numbers: inputs by their names. hours: office hours to the first contact, best grade first.
    stages: the share of each stage of the funnel that reaches the next; from leads on they multiply
    to the typed rate exactly, so that goals and funnel need as many leads.
    """

    numbers: dict[str, Any]
    rules: tuple[Rule, ...]
    hours: tuple[float | None, ...] = (4, 8, 24, None)
    stages: tuple[float | None, ...] = (0.025, 0.40, 0.60, 0.625, None)


_PROMISES = {
    "sla_qualified": 60,
    "sla_attempts": 4,
    "sla_attempt_days": 10,
    "sla_decide_days": 5,
}
GALLERY: dict[ExampleName, Example] = {
    "clinic": Example(
        _PROMISES
        | {
            "last_year_sales": 480_000,
            "growth_target": 0.15,
            "avg_revenue": 1_200,
            "revenue_spread": 0.8,
            "typed_rate": 0.2,
            "cycle_days": 20,
            "past_leads": 1_900,
            "past_won": 380,
            "sla_qualified": 90,
        },
        (
            (N_("Family nearby"), "goal", "contains", N_("Implant"), 30, True),
            (N_("Family nearby"), "age", "between", "30; 65", 25, False),
            (N_("Family nearby"), "source", "one_of", N_("Referral; Search"), 20, False),
            (N_("Family nearby"), "income", "at_least", 18_000, 10, False),
            (N_("Company with a health plan"), "employees", "at_least", 20, 30, True),
            (N_("Company with a health plan"), "job_title", "contains", N_("Human resources"), 30,
             False),
        ),
        (1, 4, 16, None),
        (0.03, 0.5, 0.7, 4 / 7, None),
    ),
    "school": Example(
        _PROMISES
        | {
            "last_year_sales": 750_000,
            "growth_target": 0.1,
            "avg_revenue": 2_500,
            "revenue_spread": 0.4,
            "typed_rate": 0.125,
            "cycle_days": 60,
            "past_leads": 2_400,
            "past_won": 300,
        },
        (
            (N_("Adult who changes career"), "age", "between", "25; 45", 30, True),
            (N_("Adult who changes career"), "goal", "contains", N_("Certificate"), 30, False),
            (N_("Adult who changes career"), "source", "is", N_("Webinar"), 15, False),
            (N_("Firm that trains its people"), "employees", "between", "20; 500", 30, True),
            (N_("Firm that trains its people"), "job_title", "contains", N_("Human resources"), 35,
             False),
        ),
        (4, 8, 24, None),
        (0.02, 0.35, 0.6, 25 / 42, None),
    ),
    "shop": Example(
        _PROMISES
        | {
            "last_year_sales": 300_000,
            "growth_target": 0.25,
            "avg_revenue": 150,
            "revenue_spread": 1.2,
            "typed_rate": 0.3,
            "cycle_days": 5,
            "past_leads": 6_500,
            "past_won": 1_950,
            "sla_qualified": 350,
            "sla_attempts": 2,
            "sla_attempt_days": 3,
            "sla_decide_days": 1,
        },
        (
            (N_("Regular customer"), "source", "one_of", N_("Referral; Newsletter"), 35, False),
            (N_("Regular customer"), "goal", "contains", N_("Gift"), 25, False),
            (N_("Regular customer"), "age", "at_least", 25, 15, False),
            (N_("Small business that resells"), "employees", "between", "1; 20", 30, True),
            (N_("Small business that resells"), "goal", "contains", N_("Wholesale"), 40, False),
        ),
        (1, 2, 8, None),
        (0.04, 0.6, 0.75, 2 / 3, None),
    ),
    "agency": Example(
        _PROMISES
        | {
            "last_year_sales": 1_500_000,
            "growth_target": 0.2,
            "avg_revenue": 6_000,
            "revenue_spread": 0.6,
            "typed_rate": 0.15,
            "cycle_days": 45,
            "past_leads": 2_000,
            "past_won": 300,
        },
        (
            (N_("Clinic manager"), "industry", "one_of", N_("Health; Dental"), 30, True),
            (N_("Clinic manager"), "job_title", "contains", N_("Manager"), 25, False),
            (N_("Clinic manager"), "employees", "between", "5; 60", 20, False),
            (N_("Academy owner"), "industry", "is", N_("Education"), 30, True),
            (N_("Academy owner"), "job_title", "contains", N_("Founder"), 25, False),
            (N_("Academy owner"), "employees", "at_most", 40, 15, False),
            (N_("Retail marketer"), "industry", "one_of", N_("Retail; Hospitality"), 30, True),
            (N_("Retail marketer"), "job_title", "contains", N_("Marketing"), 25, False),
            (N_("Retail marketer"), "employees", "at_least", 50, 20, False),
        ),
    ),
}  # fmt: skip
