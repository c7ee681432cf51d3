"""Intervals for credits and ranks."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from smarketing_xl.attribution import resampling, shapley
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.attribution.resampling import bootstrap
from smarketing_xl.errors import NotEnoughData, OutOfRange


def test_the_same_answer_on_every_run():
    walked = from_paths(["A", "B", "A > B"], [20, 10, 40], [80, 90, 60])
    one, other = bootstrap(walked), bootstrap(walked)
    pd.testing.assert_frame_equal(one.table(), other.table())


@pytest.mark.parametrize("groups", [resampling.GROUPS, 50_000])
def test_spread_of_first_touch_is_that_of_a_binomial(monkeypatch, groups):
    """6,000 of 20,000 journeys are sales that began with A: sqrt(20000 x 0.3 x 0.7) = 64.8.

    Both by groups and by the plain bootstrap, journey by journey.
    """
    monkeypatch.setattr(resampling, "GROUPS", groups)
    walked = from_paths(["A", "B"], [6000, 2000], [4000, 8000])
    spread = bootstrap(walked, "first", resamples=600)
    assert spread.draws.std(0)[0] == pytest.approx(64.8, rel=0.12)
    assert spread.draws.mean(0)[0] == pytest.approx(6000, abs=12)


def test_a_part_of_many_journeys_has_the_spread_of_all(monkeypatch):
    walked = from_paths(["A", "B"], [6000, 2000], [4000, 8000])
    monkeypatch.setattr(resampling, "JOURNEYS", 5000)
    spread = bootstrap(walked, "first", resamples=1000)
    assert spread.draws.std(0)[0] == pytest.approx(64.8, rel=0.15)
    assert spread.draws.mean(0)[0] == pytest.approx(6000, abs=10)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_every_model_has_intervals_around_its_credits(made_up, grouped, model, elsewhere):
    build = grouped if elsewhere else build_journeys
    walked = build(*made_up(), as_of=dt.datetime(2026, 6, 30))
    table = bootstrap(walked, model, resamples=200).table()
    assert table["credit"].to_numpy() == pytest.approx(
        attribute(walked, model)["credit"].to_numpy()
    )
    assert (table["low"] <= table["credit"] + 1e-9).all()
    assert (table["high"] >= table["credit"] - 1e-9).all()
    assert sorted(table["rank"]) == list(range(1, len(table) + 1))
    assert (table["rank_low"] <= table["rank_high"]).all()


def test_rows_elsewhere_and_here_have_intervals_of_one_width(made_up, grouped):
    past = made_up(leads=800)
    here, there = (
        build(*past, as_of=dt.datetime(2026, 6, 30)) for build in (build_journeys, grouped)
    )
    widths = [bootstrap(walked, resamples=2000).draws.std(0) for walked in (here, there)]
    assert widths[1] == pytest.approx(widths[0], rel=0.15)


def test_channels_that_the_data_cannot_tell_apart_are_said():
    near = bootstrap(from_paths(["Ads", "Mail"], [50, 48], [50, 52]))
    far = bootstrap(from_paths(["Ads", "Mail"], [90, 10], [10, 90]))
    assert near.ties() == ("The data cannot tell Ads and Mail apart: either may bring more.",)
    assert far.ties() == ()
    assert far.table()["rank_high"].tolist() == [1, 2]


def test_revenue_may_be_the_value():
    walked = from_paths(["A", "B"], [20, 10], [80, 90], [400.0, 900.0])
    spread = bootstrap(walked, "linear", value="revenue")
    assert spread.credits.tolist() == [400, 900]
    assert (spread.draws.std(0) > 50).all()


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"level": 0}, {"resamples": 1}])
def test_settings_that_cannot_be(wrong):
    with pytest.raises(OutOfRange):
        bootstrap(from_paths(["A"], [1]), **wrong)


def test_chains_too_long_for_intervals(monkeypatch):
    monkeypatch.setattr(resampling, "STATES", 3)
    with pytest.raises(OutOfRange, match="states"):
        bootstrap(from_paths(["A > B", "B > A"], [1, 1]), order=2)


def test_shapley_of_many_channels_has_intervals_and_where_it_is_sampled_says_why(monkeypatch):
    rng = np.random.default_rng(6)
    paths = [" > ".join(f"c{n}" for n in rng.integers(0, 40, 4)) for _ in range(500)]
    walked = from_paths(paths, rng.integers(0, 3, 500), [5] * 500)
    spread = bootstrap(walked, "shapley", resamples=100)
    assert spread.credits == pytest.approx(attribute(walked, "shapley")["credit"].to_numpy())
    assert (spread.draws.std(0) > 0).all()
    assert spread.draws.sum(1).mean() == pytest.approx(spread.credits.sum(), rel=0.02)
    monkeypatch.setattr(shapley, "PARTS", 100)
    with pytest.raises(OutOfRange, match="too many combinations"):
        bootstrap(walked, "shapley")


def test_no_journeys():
    walked = from_paths(["A"], [1])
    empty = replace(walked, counted=False).only(np.array([False]))
    with pytest.raises(NotEnoughData):
        bootstrap(empty)
