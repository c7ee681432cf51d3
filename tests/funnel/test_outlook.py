"""Are we on quota: the account against the plan, and the record of the forecast."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from smarketing_xl.funnel.outlook import Plan, history, outlook, record
from smarketing_xl.funnel.revenue import chance_of
from smarketing_xl.outcomes.account import account

MONTHS = np.arange(np.datetime64("2026-01"), np.datetime64("2027-01"))
PLAN = Plan(MONTHS, np.full(12, 10_000.0), 1_000, 0.2, 30)
NOW = dt.datetime(2026, 7, 1)


@pytest.fixture(scope="module")
def found():
    draw = np.random.default_rng(3)
    count = 600
    created = pd.Timestamp("2025-07-01") + pd.to_timedelta(
        np.sort(draw.uniform(0, 365, count)), "D"
    )
    won = draw.random(count) < 0.2
    closed = created + pd.to_timedelta(draw.gamma(2, 15, count), "D")
    over = closed < NOW
    leads = pd.DataFrame(
        {
            "lead_id": [f"L{number}" for number in range(count)],
            "created": created,
            "status": np.where(over, np.where(won, "won", "lost"), "new"),
            "closed": closed.where(over),
            "revenue": np.where(over & won, 1_000.0, np.nan),
            "owner": draw.choice(["Ana", "Ben"], count),
        }
    )
    return account(leads, at=NOW)


def test_parts_add_up_to_the_year(found):
    table = outlook(history(found), PLAN, NOW)
    year = table[table["part"] == "year"].iloc[0]
    for part in ("quarter", "month", "owner"):
        rows = table[table["part"] == part]
        assert rows["came"].sum() == pytest.approx(year["came"])
        assert rows["customers"].sum() == pytest.approx(year["customers"], abs=0.02)
    assert year["quota"] == 120_000
    assert (
        year["came"] == found.customers[found.customers["since"] >= "2026-01-01"]["revenue"].sum()
    )


def test_months_that_are_over_expect_nothing_more(found):
    table = outlook(history(found), PLAN, NOW).set_index("name")
    assert table.loc["2026-06", "customers"] == 0
    assert (
        table.loc["2026-06", "low"] == table.loc["2026-06", "high"] == table.loc["2026-06", "came"]
    )
    assert table.loc["2026-08", "customers"] > 0


def test_a_year_that_is_over_expects_nothing_more_of_leads_still_open(found):
    table = outlook(history(found), PLAN, dt.datetime(2027, 3, 15))
    assert (table["customers"] == 0).all()
    assert (table["low"] == table["came"]).all()
    assert set(table["part"]) == {"year", "quarter", "month", "owner"}


def test_the_record_looks_at_what_came(found):
    rows = record(history(found), PLAN, NOW)
    assert len(rows) == 8  # at the ends of August to March, each three months ahead
    assert (rows["until"] - rows["month"]).dt.days.between(89, 92).all()
    assert rows["inside"].mean() >= 0.6
    last = rows.iloc[-1]
    since = found.customers["since"]
    assert (
        last["came"]
        == found.customers[(since >= "2026-04-01") & (since < "2026-07-01")]["revenue"].sum()
    )


def test_a_customer_without_a_lead_counts():
    leads = pd.DataFrame(
        {"lead_id": ["A"], "created": [pd.Timestamp("2026-05-01")], "status": ["new"]}
    )
    buyers = pd.DataFrame(
        {"customer_id": ["C"], "won_on": [pd.Timestamp("2026-06-01")], "revenue": [700.0]}
    )
    table = outlook(history(account(leads, customers=buyers, at=NOW)), PLAN, NOW)
    assert table["came"].iloc[0] == 700


def test_nothing_known_is_no_error():
    leads = pd.DataFrame({"lead_id": ["A"], "created": [pd.NaT], "status": ["new"]})
    table = outlook(history(account(leads, at=NOW)), PLAN, NOW)
    assert table["came"].iloc[0] == table["customers"].iloc[0] == 0


def test_a_year_that_has_its_quota_is_sure_of_it():
    assert chance_of(-1, 0, 0, 1_000, 0.5) == 1
