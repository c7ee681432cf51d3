"""How sure the plan is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import CellError, DivisionByZero, OutOfRange
from smarketing_xl.funnel import conversion_range, leads_for_probability, quota_probability

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

experience = st.integers(1, 5000).flatmap(
    lambda total: st.tuples(st.integers(0, total), st.just(total))
)


@pytest.mark.parametrize(
    ("won", "total", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3 (score)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(won, total, low, high):
    assert conversion_range(won, total) == pytest.approx((low, high), abs=5e-5)


def test_intervals_of_whole_columns_and_of_bad_cells():
    cells = conversion_range.cells([10, 11, 1], [10, 10, 0])
    assert cells[:, 0] == pytest.approx([0.7224672, 1.0])
    assert cells[:, 1].tolist() == [CellError.NUM] * 2
    assert cells[:, 2].tolist() == [CellError.DIV0] * 2


@given(experience, st.floats(0.5, 0.99))
def test_the_interval_holds_what_was_seen_and_widens_with_confidence(seen, confidence):
    won, total = seen
    low, high = conversion_range(won, total, confidence)
    assert 0 <= low <= won / total <= high <= 1
    wider_low, wider_high = conversion_range(won, total, confidence + 0.005)
    assert wider_low <= low
    assert high <= wider_high


def test_one_lead_converts_as_often_as_experience_says():
    # Jeffreys: (won + 1/2) / (total + 1) = 2.5 / 10
    assert quota_probability(1, 100, 100, 2, 9) == pytest.approx(0.25)


def test_two_leads_by_hand():
    # a, b = 2.5, 7.5; no success in two: b(b+1) / (n(n+1)) = 63.75 / 110
    assert quota_probability(2, 100, 100, 2, 9) == pytest.approx(1 - 63.75 / 110)
    # both: a(a+1) / (n(n+1)) = 8.75 / 110
    assert quota_probability(2, 200, 100, 2, 9) == pytest.approx(8.75 / 110)


def test_against_the_beta_binomial_summed_directly():
    from math import exp, lgamma

    def beta(a, b):
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    n, k, a, b = 400, 60, 30.5, 170.5
    tail = sum(
        exp(-beta(j + 1, n - j + 1) + beta(a + j, b + n - j) - beta(a, b)) / (n + 1)
        for j in range(k, n + 1)
    )
    assert quota_probability(400, 6_000, 100, 30, 200) == pytest.approx(tail, abs=1e-10)


def test_edges():
    assert quota_probability(0, 0, 100, 1, 10) == 1  # no quota is always met
    assert quota_probability(3, 400, 100, 1, 10) == 0  # fewer leads than customers needed
    assert quota_probability(3.9, 400, 100, 1, 10) == 0  # part of a lead brings nothing


@given(seen=experience, needed=st.integers(1, 300), leads=st.integers(0, 4000))
def test_one_more_lead_never_lowers_the_probability(seen, needed, leads):
    before, after = quota_probability([leads, leads + 1], needed, 1, *seen)
    assert 0 <= before <= after <= 1


@given(seen=experience, needed=st.integers(1, 300), leads=st.integers(1, 4000))
def test_a_higher_quota_never_raises_the_probability(seen, needed, leads):
    low, high = quota_probability(leads, [needed, needed + 1], 1, *seen)
    assert high <= low + 1e-9


@given(won=st.integers(1, 50), needed=st.integers(1, 100), chance=st.floats(0.05, 0.95))
def test_leads_for_a_chance_are_enough_and_not_one_too_many(won, needed, chance):
    leads = leads_for_probability(chance, needed, 1, won, 100)
    assert quota_probability(leads, needed, 1, won, 100) >= chance
    assert quota_probability(leads - 1, needed, 1, won, 100) < chance


def test_nine_in_ten_needs_more_leads_than_the_plain_division():
    assert leads_for_probability(0.9, 1_800_000, 6_000, 300, 2_000) == 2_200  # plain: 2,000


def test_no_number_of_leads_is_enough_when_nothing_was_ever_won():
    assert leads_for_probability.cells(0.9999, 600_000, 6_000, 0, 1_000)[()] is CellError.NUM
    assert leads_for_probability(0, 600_000, 6_000, 0, 1_000) == 0


def test_many_leads_are_exact_too():
    many = quota_probability([1_000_000, 2_000_000], 150_000, 1, 15_000, 100_000)
    assert many[0] == pytest.approx(0.5, abs=0.01)
    assert many[1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("leads", "won", "total", "error", "words"),
    [
        (10, 11, 10, OutOfRange, "won is more than total"),
        (10, 0, 0, DivisionByZero, "total is zero"),
        (-1, 1, 10, OutOfRange, "leads is out of range"),
        (1e8, 1, 10, OutOfRange, "leads is out of range"),
    ],
)
def test_bad_experience_is_refused(leads, won, total, error, words):
    with pytest.raises(error, match=words):
        quota_probability(leads, 100, 10, won, total)


def test_ten_thousand_cells_share_one_sum():
    shares = quota_probability(np.arange(10_000), 1_000, 1, 300, 2_000)
    assert (np.diff(shares) >= 0).all()
