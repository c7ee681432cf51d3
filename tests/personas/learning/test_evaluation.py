"""Whether a persona works, worked by hand or against other implementations."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import speaking
from smarketing_xl.personas.criteria import Criterion, Persona
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.drift import measure_drift
from smarketing_xl.personas.learning.evaluation import (
    auc,
    auc_difference,
    by_grade,
    calibrated,
    calibration,
    lift_of_top,
    places,
    proposed_grades,
)
from smarketing_xl.personas.learning.rejections import count_rejections
from smarketing_xl.stats.association import (
    Counted,
    information_value,
    lift_range,
    p_values,
    population_stability,
)
from smarketing_xl.stats.intervals import wilson

TODAY = dt.date(2026, 3, 31)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]


# --- measures -----------------------------------------------------------------------------------

scores = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: len({bought for _score, bought in rows}) == 2
)


@settings(max_examples=60, deadline=None)
@given(scores)
def test_auc_is_that_of_scikit_learn_and_lies_in_its_interval(rows):
    points = np.array([score for score, _bought in rows], dtype=float)
    bought = np.array([bought for _score, bought in rows])
    found = auc(points, bought)
    assert found.value == pytest.approx(roc_auc_score(bought, points))
    assert found.low <= found.value <= found.high


def test_the_interval_of_the_auc_holds_as_often_as_it_says():
    truth = stats.norm.cdf(1 / np.sqrt(2))  # two normal scores one deviation apart
    random = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        points = np.r_[random.normal(1, 1, 60), random.normal(0, 1, 90)]
        found = auc(points, np.arange(150) < 60)
        held += found.low <= truth <= found.high
    assert 0.91 <= held / 300 <= 0.985


def test_a_model_is_not_better_than_itself():
    points, bought = np.arange(20.0), np.arange(20) % 3 == 0
    same = auc_difference(points, points, bought)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_auc_needs_customers_and_others():
    with pytest.raises(NotEnoughData):
        auc(np.arange(3.0), np.ones(3, dtype=bool))


@pytest.mark.parametrize(
    "scores", [[100.0] * 90 + [0.0] * 10, [0.0] * 99 + [7.0, 50.0, 80.0, 90.0], [100.0] * 5, [0.0]]
)
def test_no_grade_is_empty_or_out_of_reach(scores):
    """Where there are as many different scores as grades each has leads; none begins above 100."""
    scores = np.array(scores)
    proposed = proposed_grades(scores, GRADES)
    lowest = [grade.lowest for grade in proposed]
    assert all(0 <= low <= 100 for low in lowest) and lowest == sorted(lowest, reverse=True)
    place = places(scores, proposed)
    if len(np.unique(scores)) >= len(GRADES):
        assert set(place) == set(range(len(GRADES)))


def test_lift_of_the_top_tenth_shares_out_ties():
    bought = np.r_[np.ones(10), np.zeros(90)].astype(bool)
    assert lift_of_top(np.arange(100)[::-1].astype(float), bought) == pytest.approx(10)
    assert lift_of_top(np.zeros(100), bought) == pytest.approx(1)


def test_wilson_as_published():
    low, high = wilson(np.array([81.0]), np.array([263.0]))  # Newcombe 1998, method 3
    assert (low[0], high[0]) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    low, high = wilson(np.array([0.0, 0.0]), np.array([20.0, 0.0]))
    assert high[0] == pytest.approx(0.1611, abs=1e-4)
    assert (low[1], high[1]) == (0, 1)


def test_p_values_are_fishers_and_the_normal_ones_agree_on_many_rows():
    exact = p_values(Counted(np.array([8]), np.array([10]), 20, 60))[0]
    tails = [stats.fisher_exact([[8, 2], [12, 38]], side)[1] for side in ("less", "greater")]
    assert exact == pytest.approx(2 * min(tails))
    many = Counted(np.array([5_200]), np.array([10_000]), 50_000, 100_000)
    more = Counted(many.best * 2, many.seen * 2, 100_000, 200_000)
    assert p_values(many)[0] == pytest.approx(2 * stats.norm.sf(4.21), rel=0.05)
    assert p_values(more)[0] < p_values(many)[0]


@pytest.mark.parametrize("rows", [1, 2, 40, 99_999])
def test_p_values_are_those_of_the_hypergeometric_distribution(rows: int):
    draw = np.random.default_rng(rows)
    for all_best in {0, 1, rows // 3, rows}:
        seen = draw.integers(0, rows + 1, 50)
        best = draw.hypergeometric(all_best, rows - all_best, seen)
        tails = (
            stats.hypergeom.cdf(best, rows, all_best, seen),
            stats.hypergeom.sf(best - 1, rows, all_best, seen),
        )
        expected = np.minimum(1, 2 * np.minimum(*tails))
        got = p_values(Counted(best, seen, all_best, rows))
        assert got == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_the_interval_of_the_lift_holds_as_often_as_it_says():
    random = np.random.default_rng(1)
    seen, rows = 200, 1_000
    truth = 0.4 / ((0.4 * seen + 0.15 * (rows - seen)) / rows)
    best = random.binomial(seen, 0.4, 500)
    rest = random.binomial(rows - seen, 0.15, 500)
    held = 0
    for a, b in zip(best, rest, strict=True):
        counted = Counted(np.array([a]), np.array([seen]), int(a + b), rows)
        low, high = lift_range(counted, 0.95)
        held += low[0] <= truth <= high[0]
    assert 0.92 <= held / 500 <= 0.98


def test_information_value_worked_by_hand():
    best, rest = np.array([60_000, 40_000]), np.array([30_000, 70_000])
    # (0.6 - 0.3) ln(0.6 / 0.3) + (0.4 - 0.7) ln(0.4 / 0.7)
    value, low, high = information_value(best, rest)
    assert value == pytest.approx(0.3 * np.log(2) + 0.3 * np.log(7 / 4), abs=1e-3)
    assert low < value < high


def test_information_value_of_chance_is_about_nothing():
    random = np.random.default_rng(2)
    values = [
        information_value(
            np.bincount(random.integers(0, 10, 200)), np.bincount(random.integers(0, 10, 600))
        )[0]
        for _ in range(50)
    ]
    assert np.mean(values) < 0.03


# --- tables for Review --------------------------------------------------------------------------


def test_what_each_grade_brought():
    points = np.array([90.0, 85, 70, 50, 10, 5])
    bought = np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    found = by_grade(
        places(points, GRADES), bought, np.array([100.0, 300, np.nan, 0, 0, 0]), GRADES
    )
    told = found.set_index("grade")
    assert told["leads"].tolist() == [2, 1, 1, 2]
    assert told["customers"].tolist() == [2, 1, 0, 0]
    assert told["revenue"].tolist() == [400, 0, 0, 0]
    assert told.loc["A", "lift"] == pytest.approx(2)
    assert told["low"].between(0, 1).all()


def test_a_grade_without_leads_has_no_conversion():
    found = by_grade(
        places(np.array([10.0, 90]), GRADES), np.array([False, True]), np.zeros(2), GRADES
    )
    assert found.set_index("grade").loc["B", ["conversion", "low"]].isna().all()


def test_thresholds_are_proposed_that_share_out_the_leads():
    proposed = proposed_grades(np.arange(100.0), GRADES)
    assert [grade.lowest for grade in proposed] == [89, 69, 39, 0]
    assert [grade.qualified for grade in proposed] == [True, True, False, False]
    alike = proposed_grades(np.zeros(50), GRADES)
    assert [grade.lowest for grade in alike] == [3, 2, 1, 0]


def test_probabilities_learned_on_one_half_hold_on_the_other():
    random = np.random.default_rng(4)
    points = random.uniform(0, 100, 4_000)
    bought = random.random(4_000) < points / 150
    learned = calibrated(points[:2000], bought[:2000])
    assert (np.diff(learned.chance(np.arange(0.0, 101))) >= 0).all()
    table = calibration(points[2000:], bought[2000:], learned.chance(points[2000:]))
    gap = (table["predicted"] - table["observed"]).abs()
    assert (gap * table["leads"]).sum() / table["leads"].sum() < 0.05  # calibration error
    assert table["leads"].sum() == 2000
    assert ((table["low"] <= table["observed"]) & (table["observed"] <= table["high"])).all()


# --- drift --------------------------------------------------------------------------------------

SPAIN = Persona("P", (Criterion("Country", "is", ("Spain",), 10.0),))


def countries(spain, france):
    return pd.DataFrame({"country": ["Spain"] * spain + ["France"] * france})


def test_leads_that_changed_are_said():
    found = measure_drift(countries(80, 20), countries(40, 60), [SPAIN], GRADES, TODAY)
    row = found.set_index("what").loc["Country is Spain"]
    assert (row["before"], row["now"]) == (0.8, 0.4)
    assert "moved much" in row["said"]
    assert found["what"].iloc[0] == "Grade A"


def test_leads_that_did_not_change_are_as_before():
    found = measure_drift(countries(80, 20), countries(78, 22), [SPAIN], GRADES, TODAY)
    assert set(found["said"]) == {"As before"}
    assert measure_drift(countries(0, 0), countries(1, 1), [SPAIN], GRADES, TODAY).empty


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=6))
def test_the_stability_index_is_never_negative_and_counts_both_ways_alike(rows):
    before, now = np.array(rows).T
    assert population_stability(before, now) >= -1e-12
    assert population_stability(before, now) == pytest.approx(population_stability(now, before))


# --- what sales rejects -------------------------------------------------------------------------

LOOP = Persona(
    "P",
    (
        Criterion("Country", "one_of", ("Spain", "Peru"), 30.0),
        Criterion("Job title", "contains", ("student",), 1.0),
    ),
)


def decided():
    """Qualified leads: of 50 students 31 are rejected, of 100 others 5."""
    students = pd.DataFrame(
        {"job_title": "Student", "status": ["rejected"] * 31 + ["accepted"] * 19}
    )
    others = pd.DataFrame({"job_title": "Owner", "status": ["rejected"] * 5 + ["won"] * 95})
    leads = pd.concat([students, others], ignore_index=True).assign(country="Spain")
    leads["reason"] = np.where(leads["status"] == "rejected", "no_budget", None)
    unreached = leads.head(40).assign(status="rejected", reason="unreachable")
    unfit = leads.head(40).assign(country="France")
    return pd.concat([leads, unreached, unfit], ignore_index=True)


def test_what_sales_rejects_is_counted_by_criterion_and_a_change_is_proposed():
    found = count_rejections(decided(), [LOOP], GRADES, TODAY).set_index("criterion")
    student = found.loc["Job title contains student"]
    assert (student["decided"], student["rejected"], student["share"]) == (50, 31, 0.62)
    assert student["reason"] == "No budget"
    assert student["said"].startswith(
        "Leads with Job title contains student pass the persona but are rejected 62 % of the time"
    )
    country = found.loc["Country one of Spain, Peru"]
    assert (country["decided"], country["rejected"]) == (150, 36)
    assert pd.isna(country["said"])


def test_without_decisions_there_is_nothing_to_say():
    leads = decided().assign(status="new")
    assert count_rejections(leads, [LOOP], GRADES, TODAY).empty


def test_the_proposed_change_is_said_in_spanish():
    with speaking("es"):
        found = count_rejections(decided(), [LOOP], GRADES, TODAY)
    assert "Cargo contiene student" in set(found["criterion"])
