"""Journeys that many tests share."""

import os
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from smarketing_xl.attribution.journeys_lazy import lazy_journeys
from smarketing_xl.attribution.settings import JourneyRules

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def sample_paths():
    """ChannelAttribution's sample data, and its own answers, where they are at hand."""
    home = Path(os.environ.get("SMARKETING_DATA", REPOSITORY.parent / "shared" / "data"))
    folder = home / "channel_attribution"
    if not (folder / "input_Data.csv").exists():
        pytest.skip("the public data is not beside the checkout")
    return folder


@pytest.fixture
def grouped():
    """A function that groups touches into paths where they lie, as in Spark; in DuckDB here."""

    def group(interactions, conversions, **settings):
        homes = (nw.from_native(duckdb.from_df(rows)) for rows in (interactions, conversions))
        return lazy_journeys(*homes, JourneyRules(**settings))

    return group


@pytest.fixture
def made_up():
    """A function that makes interactions and conversions: leads with all the trouble there is."""

    def make(leads=300, seed=0):
        rng = np.random.default_rng(seed)
        touches = leads * 4
        lead = rng.integers(0, leads, touches)
        minutes = rng.integers(0, 60 * 24 * 200, touches)
        interactions = pd.DataFrame(
            {
                "lead_id": [f"L{number}" for number in lead],
                "time": pd.Timestamp("2026-01-01") + pd.to_timedelta(minutes, unit="min"),
                "channel": rng.choice(["Search", "Mail", " mail", "Direct", "Fair", None], touches),
                "campaign": rng.choice(["Spring", "Autumn", None], touches),
                "kind": rng.choice(["visit", "call", None], touches),
                "by": rng.choice(["Ana", None, None, None], touches),
            }
        )
        sales = leads // 2
        conversions = pd.DataFrame(
            {
                "lead_id": [f"L{number}" for number in rng.integers(0, leads + 20, sales)],
                "time": pd.Timestamp("2026-03-01")
                + pd.to_timedelta(rng.integers(0, 130, sales), "D"),
                "won": rng.random(sales) < 0.8,
                "revenue": np.where(
                    rng.random(sales) < 0.9, rng.integers(100, 9000, sales), np.nan
                ),
                "margin": rng.integers(-500, 2000, sales).astype(float),
            }
        )
        return interactions, conversions

    return make
