"""The plan of the year: month by month, leads ahead by the sales cycle; scenarios beside it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import NotEnoughData, OutOfRange, WrongType
from smarketing_xl.funnel import (
    lead_plan,
    leads_due,
)

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

EVEN = np.full(12, 1 / 12)
JANUARY = dt.date(2026, 1, 1)


def test_a_year_by_month():
    plan = lead_plan(1_200_000, 10_000, 0.1, 0, dt.date(2026, 1, 20), EVEN)
    assert list(plan) == ["month", "share", "quota", "customers", "leads", "leads_due"]
    assert plan["month"].iloc[[0, 11]].tolist() == [
        pd.Timestamp(2026, 1, 1),
        pd.Timestamp(2026, 12, 1),
    ]
    assert plan["quota"].tolist() == pytest.approx([100_000] * 12)
    assert plan["customers"].tolist() == [10] * 12
    assert plan["leads"].tolist() == [100] * 12
    assert plan["leads_due"].tolist() == [100] * 12  # no sales cycle: due when they are counted


def test_leads_are_due_a_sales_cycle_ahead():
    # 31 days before February is January; before 1 to 31 March it is 29 January to 28 February
    months = ["2026-01", "2026-02", "2026-03"]
    due = leads_due(months, months, [0, 280, 310], 1, 1, 31)
    # January: all of February's 280 and 3 of 31 days of March; February: the other 28
    # March looks at 1 April to 1 May, which is the plan again from January: 0, and 1 May's 280/31
    assert due.tolist() == [280 + 30, 280, 10]


def test_half_a_month_ahead_by_hand():
    # April has 30 days: the leads of 1 to 15 April are due 17 to 31 March with a cycle of 15 days
    months = ["2026-03", "2026-04"]
    assert leads_due("2026-03", months, [0, 300], 1, 1, 15) == 150


def test_before_the_plan_only_its_own_sales_are_due_and_after_it_repeats():
    months = pd.date_range("2026-01-01", periods=12, freq="MS")
    quotas = np.full(12, 31.0)
    # 31 days ahead of December 2025 is January 2026; nothing was planned for 2025
    assert leads_due("2025-12-24", months, quotas, 1, 1, 31) == 31
    assert leads_due("2025-11", months, quotas, 1, 1, 31) == 0
    assert leads_due("2027-12", months, quotas, 1, 1, 31) == 31


def test_rows_of_a_sorted_or_shuffled_table_get_the_same():
    plan = lead_plan(1.8e6, 6_000, 0.15, 45, JANUARY, np.arange(1, 13) / 78)
    mixed = plan.sample(frac=1, random_state=1)
    due = leads_due(mixed["month"], mixed["month"], mixed["quota"], 6_000, 0.15, 45)
    assert due.tolist() == mixed["leads_due"].tolist()


@given(
    shares=st.lists(st.integers(0, 50), min_size=12, max_size=12).filter(sum),
    cycle=st.integers(0, 700),
)
def test_leads_due_over_a_year_are_the_years_leads(shares, cycle):
    year = np.array(shares) / sum(shares)
    plan = lead_plan(1e6, 500, 0.1, cycle, dt.date(2025, 1, 1), year)
    # each month is rounded up; a repeated February may have a day more
    assert 0.97 * 20_000 <= plan["leads_due"].sum() <= 1.03 * 20_000 + 12


def test_shares_need_sum_to_one_only_as_far_as_typed_percentages_do():
    plan = lead_plan(1_000_000, 1_000, 0.1, 0, JANUARY, np.full(12, 0.0833))
    assert plan["quota"].sum() == pytest.approx(1_000_000)
    assert plan["share"].tolist() == [0.0833] * 12  # what was typed stays


@pytest.mark.parametrize(
    ("shares", "error", "words"),
    [
        ([0.5, 0.4], OutOfRange, "sum to 90 %"),
        ([1.5, -0.5], OutOfRange, "value 1 is out of range"),
        ([0.5, "half"], WrongType, "value 2 is not a number"),
        ([], NotEnoughData, "no months"),
    ],
)
def test_shares_that_make_no_year_are_refused(shares, error, words):
    with pytest.raises(error, match=words):
        lead_plan(1_000, 10, 0.1, 0, JANUARY, shares)


@pytest.mark.parametrize(
    ("months", "quotas", "error", "words"),
    [
        (["2026-01", "2026-03"], [1, 2], OutOfRange, "from 2026-01 to 2026-03"),
        (["2026-01", "2026-01"], [1, 2], OutOfRange, "from 2026-01 to 2026-01"),
        (["2026-01"], [1, 2], WrongType, "1 months and 2 quotas"),
        (["January"], [1], WrongType, "not a date"),
        (["NaT"], [1], NotEnoughData, "months is blank"),
    ],
)
def test_a_broken_plan_is_refused(months, quotas, error, words):
    with pytest.raises(error, match=words):
        leads_due("2026-01", months, quotas, 10, 0.1, 30)


@pytest.mark.parametrize("cycle", [-1, 1826, "long"])
def test_an_impossible_sales_cycle_is_refused(cycle):
    with pytest.raises((OutOfRange, WrongType), match="days"):
        leads_due("2026-01", ["2026-01"], [1], 10, 0.1, cycle)
