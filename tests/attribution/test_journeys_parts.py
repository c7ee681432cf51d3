"""Touches in DuckDB, worked on part after part, give what they give in memory, to the last bit."""

import datetime as dt
import tempfile
from collections import Counter

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.attribution import journeys_parts
from smarketing_xl.attribution.journeys import build_journeys, ready
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.resampling import bootstrap
from smarketing_xl.attribution.settings import JourneyRules
from smarketing_xl.errors import Cancelled, WrongType
from smarketing_xl.progress import steps, watched

AS_OF = dt.datetime(2026, 6, 30)
SETTINGS = [
    {},
    {"by": "campaign", "count_open": True},
    {"skip_direct": True, "merge_repeats": True, "lookback_days": 30, "open_days": 20},
]
PER_ROW = ("codes", "offsets", "customers", "lost", "revenue", "margin", "days", "stages")


def assert_identical(here, there):
    assert here.channels == there.channels
    assert Counter(here.dropped) == Counter(there.dropped)
    assert here.untouched == pytest.approx(there.untouched)
    for name in PER_ROW:
        np.testing.assert_array_equal(getattr(there, name), getattr(here, name), name)


def assert_same_in_parts(interactions, conversions, **rules):
    here = build_journeys(interactions, conversions, as_of=AS_OF, **rules)
    homes = map(duckdb.from_df, (interactions, conversions))
    there = build_journeys(*homes, as_of=AS_OF, **rules)
    assert_identical(here, there)
    return here, there


@pytest.mark.parametrize("rules", SETTINGS)
def test_the_same_journeys_credits_and_intervals(made_up, rules):
    here, there = assert_same_in_parts(*made_up(), **rules)
    for model in MODELS:
        np.testing.assert_array_equal(
            attribute(here, model)["credit"], attribute(there, model)["credit"]
        )
    np.testing.assert_array_equal(bootstrap(here).draws, bootstrap(there).draws)


MOMENTS = st.integers(0, 9).map(lambda at: dt.datetime(2026, 5, 1) + dt.timedelta(hours=9 * at))
LATER = st.one_of(MOMENTS, st.just(dt.datetime(2026, 7, 9)), st.none())
LEADS = st.sampled_from(["L1", "L2", "L3", "L4", "l1", None])
TOUCHES = st.lists(
    st.fixed_dictionaries(
        {
            "lead_id": LEADS,
            "time": LATER,
            "channel": st.sampled_from(["Ads", "ads ", "Mail", "Direct", " ", None]),
            "campaign": st.sampled_from(["Spring", "spring", None]),
            "kind": st.sampled_from(["visit", "Mail", None]),
            "by": st.sampled_from([None, None, " ", "Ana"]),
        }
    ),
    min_size=1,
    max_size=30,
)
ENDS = st.lists(
    st.fixed_dictionaries(
        {
            "lead_id": LEADS,
            "time": LATER,
            "won": st.booleans(),
            "revenue": st.sampled_from([None, 10.0, 0.1, -3.0]),
            "created": LATER,
            "deal_created": LATER,
        }
    ),
    min_size=1,
    max_size=12,
)


def frame_of(rows):
    frame = pd.DataFrame(rows)
    when = frame.columns.intersection(["time", "created", "deal_created"])
    return frame.astype(dict.fromkeys(when, "datetime64[us]"))


@settings(max_examples=40, deadline=None)
@given(TOUCHES, ENDS, st.sampled_from(SETTINGS), st.integers(1, 40))
def test_ties_blanks_and_leads_that_end_twice_are_the_same_in_parts(touches, ends, rules, some):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journeys_parts, "PARTS", 4)
        patch.setattr(journeys_parts, "AT_ONCE", some)
        assert_same_in_parts(frame_of(touches), frame_of(ends), **rules)


@pytest.mark.parametrize(
    "of_touches, of_ends",
    [
        ([7, 8, 9], [8, 9, 7]),
        ([7, 8, 9], [8.0, None, 7.0]),
        ([7.0, 8.0, None], ["8", "9", "7"]),
        (["7", "8.0", "9"], [8, 9, 7]),
    ],
)
def test_ids_are_told_apart_as_in_memory_whatever_their_type(of_touches, of_ends):
    moments = pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-03"])
    interactions = pd.DataFrame({"lead_id": of_touches, "time": moments, "channel": list("abc")})
    conversions = pd.DataFrame({"lead_id": of_ends, "time": moments + dt.timedelta(days=5)})
    here, _there = assert_same_in_parts(interactions, conversions)
    assert here.customers.sum() >= 2


def test_a_very_long_journey(made_up):
    interactions, conversions = made_up(leads=1)
    many = interactions.loc[interactions.index.repeat(80)].assign(by=None)
    many["time"] += many.groupby(level=0).cumcount() * dt.timedelta(minutes=1)
    here, _there = assert_same_in_parts(
        many.reset_index(drop=True), conversions.iloc[:0], count_open=True
    )
    assert here.dropped["too_many"] > 0


def test_times_with_a_zone_become_those_asked_for(made_up):
    interactions, conversions = made_up()
    interactions["time"] = interactions["time"].dt.tz_localize("UTC")
    assert_same_in_parts(interactions, conversions, timezone="America/Lima")


def test_texts_are_no_times(made_up):
    interactions, conversions = made_up(leads=5)
    with pytest.raises(WrongType):
        build_journeys(duckdb.from_df(interactions.assign(time="x")), conversions, as_of=AS_OF)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where private folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_touches_are_laid_out_once_and_gone_afterwards(made_up, temporary, monkeypatch):
    interactions, conversions = made_up()
    written = []
    write = journeys_parts._write
    monkeypatch.setattr(
        journeys_parts, "_write", lambda rows, folder: (written.append(folder), write(rows, folder))
    )
    with ready(duckdb.from_df(interactions), conversions) as make:
        for by in ("channel", "campaign"):
            here = build_journeys(interactions, conversions, as_of=AS_OF, by=by)
            assert_identical(here, make(JourneyRules(as_of=AS_OF, by=by)))
        assert list(temporary.iterdir())
    assert len(written) == 2  # touches and ends
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5])
def test_whoever_watches_stops_it_and_nothing_is_left(made_up, temporary, share):
    interactions, conversions = made_up()
    reached = []

    def watch(what: str, done: float) -> None:
        reached.append(done)
        if done >= share:
            raise Cancelled("stopped", "again")

    with pytest.raises(Cancelled), watched(watch), steps(2) as step:
        step()
        with ready(duckdb.from_df(interactions), conversions) as make:
            step()
            make(JourneyRules(as_of=AS_OF))
    assert max(reached) == pytest.approx(share, abs=0.1)
    assert not list(temporary.iterdir())


def test_the_pass_itself_tells_how_far_it_is_and_is_stopped(tmp_path):
    """Of minutes of writing the first moments are done, and DuckDB has taken its files away."""
    many = duckdb.sql(
        "SELECT 'L' || range AS lead_id, TIMESTAMP '2026-05-01' AS time, range % 4 AS part"
        " FROM range(300_000_000)"
    )
    reached = []

    def watch(what: str, done: float) -> None:
        reached.append(done)
        if done >= 0.02:
            raise Cancelled("stopped", "again")

    with pytest.raises(Cancelled), watched(watch):
        journeys_parts._write(many, tmp_path)
    assert reached == [0.0, 0.01, 0.02]
    assert not list(tmp_path.rglob("*.parquet"))
