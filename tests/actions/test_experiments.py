"""An experiment in the workbook: typed or asked for, dealt once, watched, then read."""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.attribution.experiments.plans import Asked
from smarketing_xl.book import read
from smarketing_xl.book.write import Append, Rows, commit, plan_writes
from smarketing_xl.cli.app import make
from smarketing_xl.errors import BadData, NotEnoughData
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

NOW = dt.datetime(2026, 6, 3)
WEEKS = 60


def leads() -> pd.DataFrame:
    draw = np.random.default_rng(3)
    count = 50 * WEEKS
    when = pd.Timestamp("2026-08-31") - pd.to_timedelta(draw.integers(0, 7 * WEEKS, count), "D")
    return pd.DataFrame(
        {
            "lead_id": np.arange(count).astype(str),
            "created": when,
            "source": draw.choice(["Ads", "Mail"], count),
            "country": draw.choice(["Panama", "Peru", "Chile", "Spain"], count),
            "status": "new",
        }
    )


@pytest.fixture(params=["en", "es"])
def book(request, tmp_path):
    path = make(tmp_path / "book.xlsm", request.param)
    with opened(path, "file", save=False) as book:
        commit(plan_writes(book, [Rows(tables.LEADS, leads())]))
        yield book


def row(book) -> pd.Series:
    return read.read_table(book, tables.EXPERIMENTS).iloc[-1]


def test_dealt_once_then_watched_then_read_and_taken_by_the_budget(book) -> None:
    step = partial(actions.experiments, book, now=NOW)
    with pytest.raises(NotEnoughData):
        step()
    done = step(asked=Asked("Ads", "stop", "both"), seed=1)
    planned = row(book)
    assert planned["state"] == "planned" and planned["chance"] >= 0.8
    assert planned["first_day"] == pd.Timestamp("2026-06-08")
    assert planned["column"] in ("Country", "País") and "Panama: 2026-06-" in planned["changed"]
    assert planned["changed"] in done.notes[-1]
    options = read.read_table(book, tables.EXPERIMENT_OPTIONS)
    assert set(options["split"]) == {"week", "both"} and (options["chance"] > 0).all()

    again = actions.experiments(book, now=dt.datetime(2026, 6, 20))
    watched = row(book)
    assert watched["state"] == "running" and watched["changed"] == planned["changed"]
    assert pd.isna(watched["effect"]) and len(again.notes) == 1
    assert read.read_table(book, tables.EXPERIMENT_OPTIONS).empty

    actions.experiments(book, now=dt.datetime(2026, 8, 31))
    over = row(book)
    assert over["state"] == "over" and over["low"] < 0 < over["high"]  # nothing was changed
    assert over["response_low"] < 0.2 and over["p"] > 0.05


def test_a_typed_row_is_dealt_and_what_cannot_be_told_is_said_in_it(book) -> None:
    typed = pd.DataFrame(
        {
            "channel": ["Ads", "Radio", "Ads"],
            "action": ["halve", "stop", "double"],
            "split": ["week", "week", "region"],
            "weeks": [12.0, np.nan, np.nan],
        }
    )
    commit(plan_writes(book, [Append(tables.EXPERIMENTS, typed)]))
    actions.experiments(book, now=NOW)
    rows = read.read_table(book, tables.EXPERIMENTS)
    assert rows["state"].tolist()[0] == "planned" and rows["changed"].iloc[0].count("2026-") == 6
    assert rows["changed"].iloc[1:].isna().all() and rows["said"].notna().all()
    assert "Radio" in rows["said"].iloc[1]


def test_a_row_without_an_action_stops_the_update(book) -> None:
    commit(plan_writes(book, [Append(tables.EXPERIMENTS, pd.DataFrame({"channel": ["Ads"]}))]))
    with pytest.raises(BadData) as caught:
        actions.experiments(book, now=NOW)
    assert len(caught.value.faults) == 2
