"""Against ChannelAttribution's own answers on its sample data (skipped where that is absent)."""

import pandas as pd
import pytest

from smarketing_xl.attribution.markov import removal_effects, transitions
from smarketing_xl.attribution.models import attribute
from smarketing_xl.attribution.paths import from_paths


@pytest.fixture(scope="module")
def walked(sample_paths):
    data = pd.read_csv(sample_paths / "input_Data.csv", sep=";")
    return from_paths(
        data.path, data.total_conversions, data.total_null, data.total_conversion_value
    )


@pytest.mark.parametrize("value, theirs", [("customers", "conversions"), ("revenue", "value")])
@pytest.mark.parametrize("model", ["first", "last", "linear"])
def test_rules_of_thumb_to_1e_9(walked, sample_paths, model, value, theirs):
    answers = pd.read_csv(sample_paths / "out_heuristic_models.csv", index_col="channel_name")
    ours = attribute(walked, model, value=value).set_index("channel")["credit"]
    expected = answers[f"{model}_touch_{theirs}"].loc[ours.index]
    assert ours.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def test_markov_to_1e_9_of_the_exact_solution(walked, sample_paths):
    exact = pd.read_csv(sample_paths / "own_exact_markov_order1.csv", index_col="channel_name")
    ours = attribute(walked, "markov").set_index("channel")
    effects = removal_effects(walked).set_index("channel")["removal_effect"]
    assert ours["share"].to_numpy() == pytest.approx(exact["share"].loc[ours.index], abs=1e-9)
    assert effects.to_numpy() == pytest.approx(exact["removal_effect"].loc[effects.index], abs=1e-9)


@pytest.mark.parametrize("value, theirs", [("customers", ""), ("revenue", "_value")])
def test_markov_to_1e_3_of_the_tight_simulation(walked, sample_paths, value, theirs):
    tight = pd.read_csv(
        sample_paths / "out_markov_order1_tight_seed1.csv", index_col="channel_name"
    )[f"total_conversion{theirs or 's'}"]
    ours = attribute(walked, "markov", value=value).set_index("channel")["share"]
    assert ours.to_numpy() == pytest.approx((tight / tight.sum()).loc[ours.index], abs=1e-3)


def test_transitions_to_1e_9(walked, sample_paths):
    names = pd.read_csv(sample_paths / "out_transition_channels.csv")
    known = {str(row.id_channel): row.channel_name for row in names.itertuples()}
    known |= {"(start)": "(start)", "(conversion)": "(won)", "(null)": "(lost)"}
    theirs = pd.read_csv(sample_paths / "out_transition_matrix_order1.csv", dtype=str)
    pairs = [theirs["channel_from"].map(known), theirs["channel_to"].map(known)]
    expected = theirs["transition_probability"].astype(float).set_axis(pairs).sort_index()
    ours = transitions(walked).set_index(["origin", "destination"])["probability"].sort_index()
    assert ours.index.tolist() == expected.index.tolist()
    assert ours.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)
