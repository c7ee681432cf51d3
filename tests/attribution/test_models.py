"""Every model on journeys small enough to work out by hand."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.attribution import markov as chains
from smarketing_xl.attribution import shapley as fair
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.paths import attribute_paths, from_paths
from smarketing_xl.attribution.types import VALUES
from smarketing_xl.errors import BadData, NotEnoughData, OutOfRange


def credits(table):
    return dict(zip(table["channel"], table["credit"], strict=True))


@pytest.fixture
def one_sale():
    """Ads 14 days before the sale, Fair 7 days before, Mail at the sale: 100 earned."""
    sold = dt.datetime(2026, 2, 1, 12)
    interactions = pd.DataFrame(
        {
            "lead_id": ["1"] * 3,
            "time": [sold - dt.timedelta(14), sold - dt.timedelta(7), sold],
            "channel": ["Ads", "Fair", "Mail"],
        }
    )
    conversions = pd.DataFrame(
        {"lead_id": ["1"], "time": [sold], "revenue": [100.0], "margin": [40.0]}
    )
    return build_journeys(interactions, conversions, as_of=dt.datetime(2026, 6, 1))


@pytest.mark.parametrize(
    "model, ads, fair_, mail",
    [
        ("first", 1, 0, 0),
        ("last", 0, 0, 1),
        ("linear", 1 / 3, 1 / 3, 1 / 3),
        ("time_decay", 1 / 7, 2 / 7, 4 / 7),  # a week is one half-life
        ("position", 0.4, 0.2, 0.4),
        ("j_shaped", 0.2, 0.2, 0.6),
        ("inverse_j", 0.6, 0.2, 0.2),
        ("markov", 1 / 3, 1 / 3, 1 / 3),  # without any of them nothing is sold
    ],
)
@pytest.mark.parametrize("value, earned", [("customers", 1), ("revenue", 100), ("margin", 40)])
def test_one_sale(one_sale, model, ads, fair_, mail, value, earned):
    expected = {"Ads": ads * earned, "Fair": fair_ * earned, "Mail": mail * earned}
    assert credits(attribute(one_sale, model, value=value)) == pytest.approx(expected)


def test_position_weights_are_free(one_sale):
    table = attribute(one_sale, "position", first_weight=0.1, last_weight=0.5)
    assert credits(table) == pytest.approx({"Ads": 0.1, "Fair": 0.4, "Mail": 0.5})


def test_position_of_two_touches_splits_by_the_two_weights():
    table = attribute(from_paths(["A > B"], [4]), "position", first_weight=0.6, last_weight=0.2)
    assert credits(table) == pytest.approx({"A": 3, "B": 1})


def test_markov_solved_by_hand():
    """A, won twice; A > B, won once; B, lost once. From the start: A 3/4, B 1/4.

    From A: won 2/3, B 1/3. From B: won 1/2, lost 1/2. P(won) = 3/4 (2/3 + 1/3 1/2) + 1/4 1/2 = 3/4.
    Without A: 1/4 1/2 = 1/8, so A loses 5/6. Without B: 3/4 2/3 = 1/2, so B loses 1/3.
    """
    walked = from_paths(["A", "A > B", "B"], [2, 1, 0], [0, 0, 1])
    effects = chains.removal_effects(walked)
    assert effects["removal_effect"].tolist() == pytest.approx([5 / 6, 1 / 3])
    assert credits(attribute(walked, "markov")) == pytest.approx({"A": 15 / 7, "B": 6 / 7})


def test_markov_without_lost_journeys_is_the_share_of_journeys_met():
    effects = chains.removal_effects(from_paths(["A", "A > B", "B", "B"], [1, 1, 1, 1]))
    assert effects["removal_effect"].tolist() == pytest.approx([1 / 2, 3 / 4])


def test_markov_of_a_higher_order_remembers_how_it_got_there():
    """C sells after A and never after B: one step back the chain cannot see that, two it can.

    Order 2: without A nothing is sold, without B all is; so B deserves nothing.
    """
    walked = from_paths(["A > C", "B > C"], [10, 0], [0, 10])
    by_order = [credits(attribute(walked, "markov", order=order)) for order in (1, 2)]
    assert by_order[0]["B"] == pytest.approx(by_order[0]["A"])
    assert by_order[1] == pytest.approx({"A": 5, "B": 0, "C": 5})


def without(paths, customers, lost, order, channel):
    """The chance to win from the start, every state that ends in the channel made a loss."""
    steps = Counter()
    for path, won, gone in zip(paths, customers, lost, strict=True):
        names = path.split(" > ")
        states = [tuple(names[max(0, at - order + 1) : at + 1]) for at in range(len(names))]
        for one, other in pairwise(["start", *states]):
            steps[one, other] += won + gone
        steps[states[-1], "won"] += won
        steps[states[-1], "lost"] += gone
    names = sorted({origin for origin, _next in steps}, key=str)
    chances = np.eye(len(names))
    wins = np.zeros(len(names))
    for (origin, reached), count in steps.items():
        leaving = sum(n for (one, _next), n in steps.items() if one == origin)
        if leaving and reached == "won":
            wins[names.index(origin)] += count / leaving
        elif leaving and reached != "lost" and reached[-1] != channel:
            chances[names.index(origin), names.index(reached)] -= count / leaving
    return np.linalg.solve(chances, wins)[names.index("start")]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_one_inverse_answers_as_taking_out_channel_by_channel_does(order):
    rng = np.random.default_rng(order)
    paths = [" > ".join(rng.choice(list("ABCD"), rng.integers(1, 7))) for _path in range(60)]
    customers, lost = rng.integers(0, 9, 60), rng.integers(1, 30, 60)
    found = chains.removal_effects(from_paths(paths, customers, lost), order=order)
    whole = without(paths, customers, lost, order, None)
    expected = [1 - without(paths, customers, lost, order, name) / whole for name in "ABCD"]
    assert found["removal_effect"].tolist() == pytest.approx(expected, abs=1e-12)


def test_markov_by_iteration_says_the_same_as_by_inverse(monkeypatch):
    rng = np.random.default_rng(3)
    paths = [" > ".join(rng.choice(list("ABCD"), rng.integers(1, 8))) for _ in range(60)]
    walked = from_paths(paths, rng.integers(0, 5, 60), rng.integers(0, 9, 60), rng.random(60) * 9)
    for value in ("customers", "revenue"):
        exact = attribute(walked, "markov", value=value, order=3)["credit"]
        with monkeypatch.context() as small:
            small.setattr(chains, "DENSE", 1)
            iterated = attribute(walked, "markov", value=value, order=3)["credit"]
        assert iterated.to_numpy() == pytest.approx(exact.to_numpy(), rel=1e-9, abs=1e-9)


def test_markov_with_many_states_sorts_instead_of_tabling(monkeypatch):
    walked = from_paths(["A > B > A", "B > A", "B"], [3, 2, 1], [4, 5, 6])
    tabled = attribute(walked, "markov", order=2)
    monkeypatch.setattr(chains, "TABLE", 1)
    pd.testing.assert_frame_equal(attribute(walked, "markov", order=2), tabled)


def test_shapley_solved_by_hand():
    """A alone sells 20 of 100, B alone 10 of 100, both 40 of 100; without smoothing.

    For a journey that met both: A gets half of 0.2 + (0.4 - 0.1), B half of 0.1 + (0.4 - 0.2).
    """
    walked = from_paths(["A", "B", "A > B"], [20, 10, 40], [80, 90, 60])
    table = fair.shapley_credit(walked, smoothing=0)
    assert credits(table) == pytest.approx({"A": 20 + 25, "B": 10 + 15})


def test_shapley_is_not_the_equal_split_in_disguise():
    few_lost = from_paths(["A", "B", "A > B"], [20, 10, 40], [80, 90, 60])
    many_lost = from_paths(["A", "B", "A > B"], [20, 10, 40], [80, 9000, 60])
    assert credits(attribute(few_lost, "linear")) == credits(attribute(many_lost, "linear"))
    assert (
        attribute(many_lost, "shapley")["credit"][1] < attribute(few_lost, "shapley")["credit"][1]
    )


def test_a_channel_that_changes_nothing_gets_nothing():
    """Journeys sell at the same rate with and without Null, and never with Null alone."""
    walked = from_paths(
        ["A", "A > Null", "B", "B > Null", "A > B", "A > B > Null", "Null"],
        [20, 2, 10, 1, 40, 4, 0],
        [80, 8, 90, 9, 60, 6, 50],
    )
    assert credits(fair.shapley_credit(walked, smoothing=0))["Null"] == pytest.approx(0)


def test_sampled_shapley_keeps_its_error_bound(monkeypatch):
    rng = np.random.default_rng(5)
    paths = [" > ".join(rng.choice(list("ABCDEFGH"), rng.integers(1, 6))) for _ in range(200)]
    walked = from_paths(paths, rng.integers(0, 5, 200), rng.integers(0, 20, 200))
    exact = attribute(walked, "shapley")
    monkeypatch.setattr(fair, "PARTS", 3)
    sampled = attribute(walked, "shapley", samples=2000)
    assert (sampled["error"] > 0).all()
    assert ((sampled["credit"] - exact["credit"]).abs() <= 2 * sampled["error"]).all()
    assert sampled["credit"].sum() == pytest.approx(exact["credit"].sum())


def test_shapley_of_a_hundred_campaigns_adds_up():
    rng = np.random.default_rng(6)
    paths = [" > ".join(f"c{n}" for n in rng.integers(0, 100, 4)) for _ in range(500)]
    sold = rng.integers(0, 3, 500)
    table = attribute(from_paths(paths, sold, [5] * 500), "shapley")
    assert len(table) == 100
    assert (table["error"] == 0).all()
    assert table["credit"].sum() == pytest.approx(sold.sum())


names = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=6).map(" > ".join)
rows = st.lists(
    st.tuples(names, st.integers(0, 20), st.integers(0, 50), st.floats(-1e4, 1e6)),
    min_size=1,
    max_size=12,
)


@given(rows)
@settings(max_examples=40, deadline=None)
def test_credits_add_up_to_what_was_earned_to_the_cent(paths):
    texts, customers, lost, revenue = zip(*paths, strict=True)
    revenue = [amount if sold else 0.0 for amount, sold in zip(revenue, customers, strict=True)]
    walked = from_paths(texts, customers, lost, revenue)
    if not walked.weights.sum():
        return
    for model in MODELS:
        if model == "time_decay":
            continue
        for value in ("customers", "revenue"):
            total = walked.earned(value).sum()
            credit = attribute(walked, model, value=value)["credit"].sum()
            assert credit == pytest.approx(total, abs=0.005), (model, value)


@given(rows, st.permutations("ABCD"))
@settings(max_examples=25, deadline=None)
def test_names_and_the_order_of_rows_do_not_matter(paths, renamed):
    texts, customers, lost, _revenue = zip(*paths, strict=True)
    new = dict(zip("ABCD", renamed, strict=True))
    other = [" > ".join(new[name] for name in text.split(" > ")) for text in texts][::-1]
    for model in ("linear", "position", "markov", "shapley"):
        ours = credits(attribute(from_paths(texts, customers, lost), model))
        theirs = credits(attribute(from_paths(other, customers[::-1], lost[::-1]), model))
        for name, credit in ours.items():
            assert theirs[new[name]] == pytest.approx(credit, abs=1e-7), model


@given(rows, rows)
@settings(max_examples=25, deadline=None)
def test_shapley_of_two_earnings_is_the_sum_of_both(paths, more):
    texts, _customers, lost, one = zip(*paths, strict=True)
    other = [more[at % len(more)][3] for at in range(len(texts))]
    ones = [1] * len(texts)

    def of(revenue):
        return attribute(from_paths(texts, ones, lost, revenue), "shapley", value="revenue")[
            "credit"
        ].to_numpy()

    both = of([a + b for a, b in zip(one, other, strict=True)])
    assert both == pytest.approx(of(one) + of(other), abs=1e-4)


@pytest.mark.parametrize(
    "model, setting, value",
    [
        ("markov", "order", 5),
        ("time_decay", "half_life_days", 0),
        ("position", "first_weight", 0.9),
        ("position", "last_weight", -0.1),
        ("shapley", "smoothing", -1),
    ],
)
def test_settings_that_cannot_be_are_refused(one_sale, model, setting, value):
    with pytest.raises(OutOfRange):
        attribute(one_sale, model, **{setting: value})


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(OutOfRange, match="markov"):
        attribute(from_paths(["A"], [1]), "magic")


def test_what_was_never_recorded_cannot_be_credited():
    walked = from_paths(["A"], [1])
    with pytest.raises(NotEnoughData):
        attribute(walked, "linear", value="revenue")
    with pytest.raises(NotEnoughData):
        attribute(walked, "time_decay")
    with pytest.raises(OutOfRange):
        attribute(walked, "linear", value="profit")
    assert VALUES == ("customers", "revenue", "margin")


def test_counted_paths_as_the_formula_shows_them():
    table = attribute_paths(["Search > Mail", "Search"], [3, 1], [7, 4], "last")
    assert table["channel"].tolist() == ["Mail", "Search"]
    assert table["credit"].tolist() == [3, 1]


def test_every_bad_row_of_the_paths_is_named():
    with pytest.raises(BadData) as raised:
        from_paths(["A", "", None, "B"], [1, 1, 1, -2], [0, np.nan, 0, 0])
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [
        (2, None),
        (3, None),
        (4, "customers"),
        (2, "lost"),
    ]


@pytest.mark.parametrize(
    "paths, customers", [(["A > > B"], [1]), (["A"], [1, 2]), (["A"], ["many"])]
)
def test_paths_that_make_no_sense_are_refused(paths, customers):
    with pytest.raises(BadData):
        from_paths(paths, customers)


def test_no_paths_at_all():
    with pytest.raises(NotEnoughData):
        from_paths([], [])
