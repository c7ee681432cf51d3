"""Experiments: dealt as declared, exact by hand, true to their promises in simulated firms."""

from __future__ import annotations

import datetime as dt
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from benchmarks.simulate_advice import (
    CHANNELS,
    COST,
    experiment_figures,
    response_figures,
    walks,
)
from smarketing_xl.attribution.evidence import weigh
from smarketing_xl.attribution.experiments import plans, responses, spend_response
from smarketing_xl.attribution.experiments.assignment import (
    assignments,
    fewest_weeks,
    is_possible,
    ways,
)
from smarketing_xl.attribution.experiments.inference import differences, measure
from smarketing_xl.attribution.experiments.responses import Measured
from smarketing_xl.attribution.experiments.spend_response import Response
from smarketing_xl.attribution.settings import Settings
from smarketing_xl.errors import NotEnoughData, OutOfRange

NOW = dt.datetime(2026, 6, 3)


@pytest.mark.parametrize(
    ("split", "regions", "weeks", "count"),
    [("region", 8, 5, 70), ("week", 1, 12, 64), ("both", 2, 8, 16), ("both", 3, 6, 6**3)],
)
def test_every_way_is_dealt_once_and_is_possible(split, regions, weeks, count) -> None:
    dealt = assignments(split, regions, weeks, np.random.default_rng(1))
    assert dealt.shape == (count, regions, weeks) and ways(split, regions, weeks) == count
    assert len(np.unique(dealt.reshape(count, -1), axis=0)) == count
    assert all(is_possible(split, way) for way in dealt)
    other = ~dealt[0]
    other[0, 0] = ~other[0, 0]
    assert not is_possible(split, other)


def test_many_ways_are_drawn_and_few_regions_are_too_few() -> None:
    dealt = assignments("both", 20, 12, np.random.default_rng(1), most=50)
    assert len(dealt) == 50 and all(is_possible("both", way) for way in dealt)
    assert (dealt.mean(axis=(1, 2)) == 0.5).all()
    assert fewest_weeks("region", 7) is None and fewest_weeks("both", 1) is None


def test_p_value_is_the_share_of_ways_that_differ_as_much_by_hand() -> None:
    counts = np.array([[20.0], [21], [19], [20], [11], [10], [9], [10]])
    changed = np.zeros((8, 1), dtype=bool)
    changed[4:] = True
    dealt = assignments("region", 8, 1, np.random.default_rng(0))
    found = measure(dealt, changed, counts, np.ones(8))
    assert found.p == pytest.approx(2 / 70)  # none of 70 differs more, either way
    assert found.estimate == pytest.approx(40.5 / 80.5 - 1, abs=0.03)
    assert -1 < found.low < -0.4 and -0.5 < found.high < 0
    by_hand = [np.log((s + 0.5) / (120 - s + 0.5)) for s in map(sum, combinations(counts[:, 0], 4))]
    assert np.sort(differences(dealt, counts, np.ones(8))) == pytest.approx(np.sort(by_hand))


@pytest.mark.parametrize("size", [-0.5, 0.3, 1.0])
def test_an_effect_without_noise_is_found_as_it_is(size) -> None:
    draw = np.random.default_rng(4)
    counts = np.outer([400.0, 900, 1600, 300], np.exp(draw.normal(0, 0.2, 12)))
    changed = assignments("both", 4, 12, draw)[7]
    came = np.where(changed, counts * (1 + size), counts)
    found = measure(assignments("both", 4, 12, draw), changed, came, counts.mean(axis=1))
    assert found.estimate == pytest.approx(size, abs=0.01)
    assert found.low < size + 0.01 and found.high > size - 0.01 and found.p < 0.01


def test_false_alarms_power_and_coverage_keep_their_promises() -> None:
    for split in ("week", "both"):
        found = experiment_figures(split, repeats=80, seed=3)
        assert found["false alarms"] <= 0.1  # 5 % and two standard errors of 80 firms
        assert found["coverage"] >= 0.91
        assert found["seen"] == pytest.approx(found["promised"], abs=0.13)


def test_responses_of_spend_cover_the_truth_or_are_refused() -> None:
    found = response_figures(repeats=150, seed=2)
    assert found["coverage"] >= 0.91 and found["told"] > 0.5
    assert found["told where spend hardly changed"] <= 0.05


def _leads(seed: int = 3, weeks: int = 60) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    count = draw.poisson(60 * weeks)
    days = np.sort(draw.random(count) * 7 * weeks)
    return pd.DataFrame(
        {
            "created": pd.Timestamp(NOW) - pd.to_timedelta(7 * weeks - days, "D"),
            "source": draw.choice(["Ads", "Mail"], count),
            "Region": draw.choice(["North", "South; coast", "East", "West"], count),
            "country": "Panama",
            "status": "new",
            "qualified": False,
        }
    )


def test_an_experiment_is_dealt_written_and_read_back() -> None:
    leads = _leads()
    asked = plans.Asked("ads ", "stop", "both")
    found = plans.setting(asked, leads, NOW, 0.5, 45)
    assert found.asked.column == "Region" and found.asked.first_day == dt.date(2026, 6, 8)
    assert found.expected == pytest.approx(-0.5, abs=0.05)
    dealt = plans.plan(found, np.random.default_rng(1))
    assert dealt.power.chance >= 0.8 and dealt.asked.weeks == 6
    changed, kept = plans.written(dealt)
    regions, flags = plans.dealt(dealt.asked, changed, kept)
    assert regions == dealt.regions and (flags == dealt.changed).all() and "South, coast" in regions
    with pytest.raises(OutOfRange, match="as it was dealt"):
        plans.dealt(dealt.asked, changed.replace("2026-06-08", "2026-06-15"), kept)

    later = leads.assign(created=leads["created"] + pd.Timedelta(days=7 * 10))
    whole = pd.Series(np.floor((later["created"] - pd.Timestamp("2026-06-08")).dt.days / 7))
    inside = whole.between(0, 5)
    place = pd.Index(regions).get_indexer(later["Region"].str.replace(";", ","))
    here = np.zeros(len(later), dtype=bool)
    here[inside] = flags[place[inside], whole[inside].astype(int)]
    stopped = later[~(here & (later["source"] == "Ads"))]
    read = plans.read(dealt.asked, regions, flags, stopped, 0.5)
    assert read.effect.p < 0.05 and read.effect.low < -0.5 < read.effect.high
    assert read.low < 0.5 < read.high
    nothing = plans.read(dealt.asked, regions, flags, later, 0.5)
    assert nothing.low < 0 < nothing.high


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (plans.Asked("Radio", "stop", "week"), "came from Radio"),
        (plans.Asked("Ads", "stop", "region"), "too few"),
        (plans.Asked("Ads", "stop", "week", weeks=6), "too few: it takes 12"),
        (plans.Asked("Ads", "stop", "week", weeks=90), "too short: 90"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(asked, said) -> None:
    with pytest.raises(NotEnoughData, match=said):
        plans.plan(plans.setting(asked, _leads(), NOW, 0.5, 45), np.random.default_rng(1))


def test_experiments_come_before_months_of_spend_and_count_by_how_sure_they_are() -> None:
    read = pd.DataFrame(
        {
            "channel": ["Ads", "ads", "Mail"],
            "response": [0.2, 0.6, np.nan],
            "response_low": [0.1, -0.4, np.nan],
            "response_high": [0.3, 1.6, np.nan],
        }
    )
    history = {"ads": Response(0.9, 0.8, 1.0, "x"), "mail": Response(0.4, 0.2, 0.6, "x")}
    known = responses.measured(read, history)
    assert known["ads"].estimate == pytest.approx(0.204, abs=1e-3)
    assert known["mail"].estimate == 0.4
    drawn = responses.draws(("Ads", "Fair"), known, 0.5, 400)
    assert (drawn[:, 1] == 0.5).all() and drawn[:, 0].std() == pytest.approx(0.05, rel=0.2)
    assert responses.draws(("Fair",), known, 0.5, 400) is None


def test_a_measured_response_replaces_the_assumed_one_in_the_budget() -> None:
    journeys = walks(np.random.default_rng(5), 3_000, 0.03, np.array([0.02, 0.15, 0.02, 0.02]))
    say = partial(weigh, journeys, CHANNELS, COST, Settings(), "customers", None, None, {})
    assumed, nothing = say(), Measured(0.02, 0.0, 0.04, "experiment")
    measured = say({"mail": nothing})
    mail = CHANNELS.index("Mail")
    assert assumed.budget[mail] > COST[mail] >= measured.budget[mail]
    assert any("Mail 0.02" in note for note in measured.notes)


def test_months_of_spend_that_hardly_changed_say_so() -> None:
    leads = np.full(24, 30.0)
    assert "hardly changed" in spend_response.fit(leads, np.full(24, 100.0), leads).reason
    assert "fewer than 12" in spend_response.fit(leads[:8], leads[:8], leads[:8]).reason
