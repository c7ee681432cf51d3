"""What a lead did lately as a score, worked by hand, the same on every data frame."""

import datetime as dt

import duckdb
import pandas as pd
import polars as pl
import pytest

from smarketing_xl.errors import BadData
from smarketing_xl.personas.interest import (
    WEIGHTS,
    Weight,
    interest_of,
    interest_scores,
    rating,
    read_weights,
)

NOW = dt.datetime(2026, 3, 31, 12)
PLAIN = {"form": Weight(10, 30), "meeting": Weight(20, 30)}


def did(*rows):
    return pd.DataFrame(rows, columns=["lead_id", "time", "kind", "by"]).astype(
        {"time": "datetime64[us]"}
    )


DONE = did(
    ("1", NOW, "form", None),
    ("2", NOW - dt.timedelta(days=30), "form", None),
    ("3", NOW, "form", None),
    ("3", NOW - dt.timedelta(days=60), "meeting", "Ana"),
    ("4", NOW, "form", "Ana"),
    ("5", NOW + dt.timedelta(hours=1), "form", None),
    ("6", None, "form", None),
    ("7", NOW, "dance", None),
)
# Points: 1: 10. 2: 10 / 2. 3: 10 + 20 / 4. The others count nothing; 10 points are 50.
EXPECTED = {"1": 50.0, "2": 100 * (1 - 0.5**0.5), "3": 100 * (1 - 0.5**1.5), "7": 0.0}


@pytest.mark.parametrize("backend", ["pandas", "polars", "duckdb"])
def test_interactions_count_by_kind_and_fade(backend):
    frame = DONE
    if backend == "polars":
        cells = {name: [None if pd.isna(x) else x for x in DONE[name].tolist()] for name in DONE}
        frame = pl.DataFrame(cells)
    if backend == "duckdb":
        connection = duckdb.connect()
        connection.register("done", DONE)
        frame = connection.sql("select * from done")
    found = interest_scores(frame, NOW, PLAIN)
    found = found.df() if backend == "duckdb" else found
    told = dict(zip(list(found["lead_id"]), list(found["interest"]), strict=True))
    assert told == pytest.approx(EXPECTED)


def test_interactions_count_alike_on_spark(in_spark):
    found = {
        row["lead_id"]: row["interest"]
        for row in interest_scores(in_spark(DONE), NOW, PLAIN).collect()
    }
    assert found == pytest.approx(EXPECTED)


def test_each_lead_has_its_interest_and_who_did_nothing_has_none():
    leads = pd.DataFrame({"lead_id": ["9", "2", "1"]}, index=[5, 6, 7])
    found = interest_of(leads, DONE, NOW, PLAIN)
    assert list(found.index) == [5, 6, 7]
    assert found.tolist() == pytest.approx([0.0, EXPECTED["2"], 50.0])


def test_without_interactions_nobody_is_interested():
    leads = pd.DataFrame({"lead_id": ["1"]})
    assert interest_of(leads, DONE.head(0), NOW).tolist() == [0.0]


def test_the_rating_joins_grade_and_interest():
    assert rating(["A", "A", "B", "D", None], [75, 74.9, 25, 0, 90]).tolist() == [
        "A1", "A2", "B3", "D4", None,
    ]  # fmt: skip


def weights(*rows):
    frame = pd.DataFrame(rows, columns=["kind", "points", "half_life"], dtype=object)
    frame.index = pd.RangeIndex(4, 4 + len(rows))
    return frame


def test_weights_typed_replace_those_we_start_with():
    found = read_weights(weights(("form", 3, 5)))
    assert found["form"] == Weight(3, 5)
    assert found["visit"] == WEIGHTS["visit"]


def test_bad_weights_are_named_at_once():
    with pytest.raises(BadData) as caught:
        read_weights(weights(("form", -1, 0), (None, "x", 3)))
    named = [(fault.row, fault.column) for fault in caught.value.faults]
    assert named == [
        (4, "Points"), (4, "Half-life in days"), (5, "Type"), (5, "Points"),
    ]  # fmt: skip
