"""What marketing promised and delivered, and where the month will end."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.simulate_forecasts import month_end_coverage
from smarketing_xl.errors import BadData
from smarketing_xl.sla.forecast import month_end
from smarketing_xl.sla.marketing import by_group, day_by_day, delivered
from smarketing_xl.sla.terms import Terms

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

TERMS = Terms(sla_leads=20, sla_qualified=5)


def leads_on(*days, qualified=(), **more):
    frame = pd.DataFrame({"created": pd.to_datetime(list(days))})
    frame["qualified"] = [number in qualified for number in range(len(days))]
    return frame.assign(**more)


def test_a_month_half_over():
    # February 2026 has 20 working days; at the end of Friday 13th ten have passed
    days = ["2026-02-02"] * 9 + ["2026-02-10"] * 3
    found = delivered(leads_on(*days, qualified=(0, 1)), TERMS, "2026-02-13T18:00").iloc[-1]
    assert (found["promised"], found["delivered"], found["to_date"]) == (20, 12, 10)
    assert found["pace"] == pytest.approx(2 / 2.5)  # the qualified ones are further behind
    assert found["state"] == "behind"


@pytest.mark.parametrize(
    ("leads", "qualified", "now", "state"),
    [
        (10, 3, "2026-02-13T18:00", "on_track"),
        (15, 4, "2026-02-13T18:00", "ahead"),
        (20, 5, "2026-02-13T18:00", "met"),
        (0, 0, "2026-02-01T12:00", "not_started"),  # a Sunday
        (19, 5, "2026-02-28T18:00", "missed"),
        (20, 5, "2026-02-28T18:00", "met"),
    ],
)
def test_states_of_a_month(leads, qualified, now, state):
    frame = leads_on(*["2026-02-01 08:00"] * leads, qualified=range(qualified))
    assert delivered(frame, TERMS, now)["state"].iloc[-1] == state


def test_every_month_has_a_row_even_without_leads():
    found = delivered(leads_on("2025-11-03", "2026-01-05"), TERMS, "2026-01-31")
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2025-11", "2025-12", "2026-01"]
    assert found["delivered"].tolist() == [1, 0, 1]


def test_repeated_and_future_leads_do_not_count():
    frame = leads_on("2026-02-02", "2026-02-03", "2026-02-20", duplicate_of=[None, "L1", None])
    assert delivered(frame, TERMS, "2026-02-13")["delivered"].tolist() == [1]


def test_months_outside_the_agreement_have_no_promise():
    terms = Terms(sla_leads=20, agreed_from=dt.date(2026, 2, 1))
    found = delivered(leads_on("2026-01-05", "2026-02-02"), terms, "2026-02-13")
    assert np.isnan(found["promised"][0])
    assert found["state"].tolist()[0] is None or pd.isna(found["state"][0])
    assert found["promised"][1] == 20


def test_no_leads_at_all():
    found = delivered(leads_on(), TERMS, "2026-02-13")
    assert found[["delivered", "promised"]].to_numpy().tolist() == [[0, 20]]


def test_a_lead_of_the_night_before_the_first_counts_on_the_offices_clock():
    terms = Terms(sla_leads=20, office_zone="Europe/Madrid", data_zone="UTC")
    found = delivered(leads_on("2026-01-31 23:30"), terms, "2026-02-13")
    assert found["month"].dt.month.tolist() == [2]


def test_promises_by_grade_and_persona():
    promises = pd.DataFrame({"group": ["A", "Academy"], "promised": [4, 10]}, index=[8, 9])
    frame = leads_on(*["2026-02-02"] * 3, grade=["A", "A", "B"], persona=["Academy", None, None])
    found = by_group(promises, frame, TERMS, "2026-02-13T18:00", lead_value=900)
    assert found.index.tolist() == [8, 9]
    assert found["delivered"].tolist() == [2, 1]
    assert found["pace"].tolist() == [1, 0.2]
    assert found["value_promised"].tolist() == [3_600, 9_000]
    assert found["value_delivered"].tolist() == [1_800, 900]
    assert found["state"].tolist() == ["on_track", "behind"]


def test_a_group_that_does_not_exist_is_named_with_its_row():
    promises = pd.DataFrame({"group": ["A", "Acadmy"], "promised": [4, 10]}, index=[8, 9])
    with pytest.raises(BadData, match=r"row 9.*neither a grade nor a persona"):
        by_group(promises, leads_on(), TERMS, "2026-02-13", known=["A", "Academy"])


def test_the_line_of_the_month_day_by_day():
    line = day_by_day(
        leads_on("2026-02-02", "2026-02-04", qualified=(1,)), TERMS, "2026-02-04T12:00"
    )
    assert len(line) == 28
    assert line["promised"].iloc[[0, 1, 2, 27]].tolist() == [0, 1, 2, 20]
    assert line["delivered"].iloc[:4].tolist()[:3] == [0, 1, 1]
    assert line["delivered"].iloc[3] == 2
    assert line["delivered_qualified"].iloc[3] == 1
    assert line["delivered"].iloc[4:].isna().all()


def test_a_forecast_by_hand():
    # no history: Jeffreys' gamma(1/2); after 10 leads in half a month 10.5 / 0.5 a month
    assert month_end(10, 0.5, [])[0] == round(10 + 10.5)
    # as many as in the months before, and as usual so far
    assert month_end(10, 0.5, [20, 20, 20])[0] == 20


def test_a_month_that_is_over_is_certain():
    assert month_end(17, 1, [20, 30]) == (17, 17, 17)


def test_nothing_known_is_not_forecast():
    assert np.isnan(month_end(0, 0, [])).all()


@given(
    st.integers(0, 500),
    st.floats(0, 1),
    st.lists(st.integers(0, 400), max_size=15),
)
def test_one_more_lead_never_lowers_the_forecast(far, elapsed, history):
    before, after = month_end(far, elapsed, history), month_end(far + 1, elapsed, history)
    if not np.isnan(before).any():
        assert before[1] <= before[0] <= before[2] or before[0] == 0
        assert all(more >= less for less, more in zip(before, after, strict=True))
        assert before[0] >= far


@pytest.mark.parametrize("past", [1, 3, 12])
@pytest.mark.parametrize(
    "world",
    [{}, {"spread": 0.3}, {"growth": 0.06}, {"batch": 10.0}, {"spread": 0.3, "batch": 10.0}],
)
def test_nine_of_ten_months_end_within_the_interval(past, world):
    inside = month_end_coverage(past, **world, repeats=120, seed=7)
    assert 0.82 <= inside <= 0.985  # 0.85 to 0.95, as far as 120 months can tell
