"""From the quota to customers to leads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import CellError, DivisionByZero, OutOfRange, SmarketingError, WrongType
from smarketing_xl.funnel import (
    funnel_volumes,
    lead_value,
    quota_from_growth,
    required_conversion,
    required_customers,
    required_leads,
)

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

money = st.floats(1, 1e9)
rates = st.floats(0.001, 1)


@pytest.mark.parametrize(
    ("quota", "revenue", "rate", "customers", "leads"),
    [
        (1_000_000, 300_000, 0.10, 4, 34),  # 3.33 customers: 34 leads, not 4 / 0.1 = 40
        (1_000_000, 5_000, 0.04, 200, 5_000),  # 5,000.000000000001 in floating point
        (1_800_000, 6_000, 0.15, 300, 2_000),
        (1, 3, 1, 1, 1),
        (0, 5_000, 0.04, 0, 0),
    ],
)
def test_quota_to_customers_and_leads(quota, revenue, rate, customers, leads):
    assert required_customers(quota, revenue) == customers
    assert required_leads(quota, revenue, rate) == leads


def test_fractions_are_kept_on_request():
    assert required_customers(1_000_000, 300_000, whole=False) == pytest.approx(3.333333333333)
    assert required_leads(1_000_000, 300_000, 0.1, whole=False) == pytest.approx(33.33333333333)


@given(leads=st.integers(1, 10**6), rate=st.integers(1, 1000), revenue=st.integers(1, 10**6))
def test_floating_noise_never_adds_a_lead(leads, rate, revenue):
    share = rate / 1000
    assert required_leads(leads * share * revenue, revenue, share) == leads


@given(quota=money, more=money, revenue=money, rate=rates)
def test_a_higher_quota_never_needs_fewer_leads(quota, more, revenue, rate):
    assert required_leads(quota + more, revenue, rate) >= required_leads(quota, revenue, rate)


@given(quota=money, revenue=money, rate=rates)
def test_the_leads_needed_bring_the_quota_and_no_lead_is_idle(quota, revenue, rate):
    leads = required_leads(quota, revenue, rate)
    assert leads * lead_value(revenue, rate) >= quota * (1 - 1e-9)
    assert (leads - 1) * lead_value(revenue, rate) < quota * (1 + 1e-9)


def test_growth_makes_the_quota():
    assert quota_from_growth(1_500_000, 0.2) == 1_800_000
    assert quota_from_growth([100, 100], [-1, 0.5]).tolist() == [0, 150]


def test_what_a_lead_is_worth():
    assert lead_value([6_000, 0], 0.15).tolist() == [900, 0]


def test_goal_seek_finds_the_conversion_that_makes_the_leads_enough():
    assert required_conversion(400, 600_000, 10_000) == pytest.approx(0.15)
    assert required_leads(600_000, 10_000, required_conversion(407, 600_000, 10_000)) == 407


def test_goal_seek_says_when_no_conversion_does():
    with pytest.raises(OutOfRange, match="no answer"):
        required_conversion(59, 600_000, 10_000)
    assert required_conversion.cells([60, 59], 600_000, 10_000).tolist() == [1.0, CellError.NUM]


def test_a_long_funnel_has_a_volume_at_every_stage():
    volumes = funnel_volumes(300, [0.025, 0.40, 0.60, 0.625])
    assert volumes.tolist() == [80_000, 2_000, 800, 480, 300]


def test_stages_are_not_rounded_from_rounded_stages():
    # 10/3 customers: 3.33 / 0.2 = 16.67 and 16.67 / 0.5 = 33.33; from rounded ones it would be 40
    assert funnel_volumes(10 / 3, [0.5, 0.2]).tolist() == [34, 17, 4]
    assert funnel_volumes(10 / 3, [0.5, 0.2], whole=False) == pytest.approx(
        [33.3333, 16.6667, 3.33333], abs=1e-4
    )


def test_several_targets_are_several_funnels():
    assert funnel_volumes([1, 10], [0.5]).tolist() == [[2, 1], [20, 10]]


def test_a_funnel_of_one_stage_is_its_target():
    assert funnel_volumes(7, []).tolist() == [7]


@given(target=st.floats(0.1, 1e4), stages=st.lists(st.floats(0.01, 1), min_size=1, max_size=12))
def test_a_funnel_never_widens(target, stages):
    assert (np.diff(funnel_volumes(target, stages)) <= 0).all()


def test_every_bad_stage_is_named():
    with pytest.raises(SmarketingError) as failure:
        funnel_volumes(10, [0.5, 0, 2, "half"])
    assert [fault.value for fault in failure.value.faults] == [0, 2, "half"]


def test_ranges_answer_cell_by_cell():
    cells = required_leads.cells(
        [1000, "much", 1000, 1000, None, CellError.NA],
        [10, 10, 0, 10, 10, 10],
        [0.1, 1, 1, 2, 1, 1],
    )
    assert cells.tolist() == [
        1000.0, CellError.VALUE, CellError.DIV0, CellError.NUM, 0.0, CellError.NA,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quota", "revenue", "rate", "error", "words"),
    [
        ("1.000", 10, 0.1, WrongType, "quota is not a number"),
        (1000, 0, 0.1, DivisionByZero, "avg_revenue is zero"),
        (1000, 10, 0, DivisionByZero, "conv_rate is zero"),
        (1000, 10, 15, OutOfRange, "Give a share from 0 to 1"),
        (-5, 10, 0.1, OutOfRange, "Give money, 0 or more"),
        (1e308, 1e-300, 0.1, OutOfRange, "no answer"),
    ],
)
def test_bad_goals_say_what_is_wrong(quota, revenue, rate, error, words):
    with pytest.raises(error, match=words):
        required_leads(quota, revenue, rate)
