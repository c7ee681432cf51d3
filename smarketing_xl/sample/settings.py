"""What the demo workbook's first steps hold: personas, grades, funnel and the year's shape."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from smarketing_xl.sample.words import OWNERS

AS_OF = dt.datetime(2026, 10, 15, 10, 0)
"""The moment at which the demo is looked at: nothing in the data is later."""

SHARES = (0.080, 0.085, 0.095, 0.090, 0.090, 0.080, 0.070, 0.045, 0.095, 0.100, 0.095, 0.075)
"""Share of the year's business, January to December."""

_PERSONAS = (
    ("Clinic manager", "Industry", "one_of", "Health; Dental", 30, True),
    ("Clinic manager", "Job title", "contains", "Manager", 25, False),
    ("Clinic manager", "Employees", "between", "5; 60", 20, False),
    ("Clinic manager", "Goal", "contains", "No-shows", 15, False),
    ("Clinic manager", "Country", "one_of", "Spain; Portugal", 10, False),
    ("Clinic manager", "Job title", "contains", "Student", -40, False),
    ("Academy owner", "Industry", "is", "Education", 30, True),
    ("Academy owner", "Job title", "contains", "Owner", 25, False),
    ("Academy owner", "Employees", "at_most", 40, 15, False),
    ("Academy owner", "Age", "between", "30; 60", 10, False),
    ("Academy owner", "Goal", "is", "More enrolments", 20, False),
    ("Academy owner", "Job title", "contains", "Student", -40, False),
    ("Retail marketer", "Industry", "one_of", "Retail; Hospitality", 30, True),
    ("Retail marketer", "Job title", "contains", "Marketing", 25, False),
    ("Retail marketer", "Employees", "at_least", 50, 20, False),
    ("Retail marketer", "Income", "at_least", 45_000, 10, False),
    ("Retail marketer", "Goal", "one_of", "Loyalty; Repeat visits", 15, False),
    ("Retail marketer", "Source", "is", "Social ads", -10, False),
)
_GRADES = (
    ("A", 90, True, 4),
    ("B", 70, True, 8),
    ("C", 40, False, 24),
    ("D", 0, False, np.nan),
)
_LINES = (
    ("Iberia", 1_050_000, np.nan, np.nan),
    ("Americas", 450_000, 6_200, np.nan),
    ("Europe", 300_000, np.nan, np.nan),
)
_MARCH, _APRIL = dt.datetime(AS_OF.year, 3, 1), dt.datetime(AS_OF.year, 4, 1)
_CAPACITY = (
    (OWNERS[0], None, np.nan, 40, 550_000),
    (OWNERS[1], None, np.nan, 40, 450_000),
    (OWNERS[2], None, np.nan, 40, 450_000),
    (OWNERS[3], _MARCH, 3, 40, 250_000),
    (OWNERS[4], _APRIL, 3, 40, 100_000),
)
_FUNNEL = (
    ("Visitor", 0.025),
    ("Lead", 0.40),
    ("Qualified lead", 0.60),
    ("Opportunity", 0.625),
    ("Customer", np.nan),
)
GOALS: dict[str, object] = {"typed_rate": 0.18, "past_leads": 1_400, "past_won": 252}
"""What the demo's goals say of the rate: last year's count, which this year's leads bear out."""

STAGES = (0.025, 0.72, 0.875, 0.2857, np.nan)
"""The demo's shares of each stage of the funnel that reach the next, as they were measured."""


def personas() -> pd.DataFrame:
    """The ideal customers, one row a criterion, as in the Personas table."""
    columns = ["persona", "attribute", "operator", "value", "weight", "required"]
    return pd.DataFrame(_PERSONAS, columns=columns)


def grades() -> pd.DataFrame:
    """Grades A to D with their lowest score and hours to first contact, as in the Grades table."""
    return pd.DataFrame(_GRADES, columns=["grade", "lowest", "qualified", "first_contact_hours"])


def funnel() -> pd.DataFrame:
    """Stages with the share of each that reaches the next, as in the Funnel table."""
    return pd.DataFrame(_FUNNEL, columns=["stage", "to_next"])


def lines() -> pd.DataFrame:
    """The teams of the demo with their quota, as in the table Lines."""
    return pd.DataFrame(_LINES, columns=["line", "quota", "avg_revenue", "conv_rate"])


def capacity() -> pd.DataFrame:
    """Who sells from when on, and how many leads a month, as in the table Capacity."""
    columns = ["seller", "start", "ramp", "leads", "quota"]
    rows = pd.DataFrame(_CAPACITY, columns=columns)
    return rows.assign(start=pd.to_datetime(rows["start"]))


def plan(year: int = AS_OF.year) -> pd.DataFrame:
    """The months of a year with their share of its sales, as in the Plan table."""
    months = pd.date_range(dt.datetime(year, 1, 1), periods=12, freq="MS", unit="us")
    return pd.DataFrame({"month": months, "share": SHARES})
