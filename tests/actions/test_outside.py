"""Leads that lie outside the workbook, by its personas, grades and agreement."""

import datetime as dt
import os
import subprocess
import sys

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.attribution.sources import in_spark, open_source
from smarketing_xl.book import read
from smarketing_xl.book.write import Append, commit, plan_writes
from smarketing_xl.cli.app import make
from smarketing_xl.errors import BadData, NotEnoughData, SmarketingError
from smarketing_xl.hosts import opened
from smarketing_xl.sample import generate
from smarketing_xl.schema import tables

NOW = dt.datetime(2026, 10, 15)
LEADS = generate(leads=40)["leads"].assign(created=lambda leads: leads["created"].dt.floor("s"))


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = make(tmp_path / "Sales.xlsm")
    with opened(path, "file") as book:
        commit(plan_writes(book, [Append(tables.LEADS, LEADS)]))
        actions.score(book, now=NOW)
    shown = LEADS.rename(columns=lambda key: tables.LEADS[key].label)  # as people export them
    duckdb.from_df(shown).write_parquet("leads.parquet")
    return path


def here(path):
    with opened(path, "file", save=False) as book:
        return read.read_table(book, tables.LEADS).set_index("lead_id")


def there(place):
    frame = open_source(place)
    rows = frame.df() if hasattr(frame, "df") else frame.toPandas()
    return rows.set_index("lead_id")


@pytest.mark.parametrize("to", ["parquet:scores.parquet", "duckdb:made.duckdb#scores"])
def test_scores_are_those_of_the_sheet(path, to):
    with opened(path, "file") as book:
        done = actions.score_outside(book, "parquet:leads.parquet", to, now=NOW)
        with pytest.raises(SmarketingError, match="--force"):
            actions.score_outside(book, "parquet:leads.parquet", to, now=NOW)
        actions.score_outside(book, "parquet:leads.parquet", to, now=NOW, replace=True)
    assert done.rows == len(LEADS)
    answers = ["persona", "score", "grade", "qualified", "why"]
    pd.testing.assert_frame_equal(
        there(to).loc[LEADS["lead_id"], answers], here(path)[answers], check_dtype=False
    )
    with opened(path, "file", save=False) as book:
        assert read.read_table(book, tables.LOG)["inputs"].iloc[-1].count(to) == 1


def test_what_lies_in_spark_is_scored_and_compared_there(spark, path):
    in_spark(nw.from_native(LEADS, eager_only=True), spark).write.mode("overwrite").saveAsTable(
        "outside_leads"
    )
    with opened(path, "file") as book:
        for step in (actions.score_outside, actions.duplicates_outside):
            step(book, "spark:outside_leads", f"spark:{step.__name__}", replace=True)
        with pytest.raises(BadData, match="Spark stays there"):
            actions.score_outside(book, "spark:outside_leads", "duckdb:made.duckdb#scores")
        actions.find_duplicates(book)
    sheet = here(path)
    scores = there("spark:score_outside").loc[LEADS["lead_id"], ["persona", "score", "grade"]]
    pd.testing.assert_frame_equal(scores, sheet[["persona", "score", "grade"]], check_dtype=False)
    twice = there("spark:duplicates_outside")["duplicate_of"].dropna()
    assert twice.to_dict() == sheet["duplicate_of"].dropna().to_dict()


@pytest.mark.parametrize(
    ("source", "to", "problem"),
    [
        ("parquet:leads.parquet", "parquet:leads.parquet", "made from"),
        ("parquet:leads.parquet", "parquet:scores.txt", "kind Parquet"),
        ("parquet:leads.parquet", "parquet:nowhere/scores.parquet", "no folder"),
        ("parquet:leads.parquet", "duckdb:made.duckdb", "names no table"),
        ("parquet:leads.parquet", "scores.parquet", "no place"),
        ("parquet:leads.parquet", "spark:scores", "nothing else goes there"),
        ("parquet:gone.parquet", "parquet:scores.parquet", "no such file"),
    ],
)
def test_where_nothing_can_go_nothing_is_written(path, source, to, problem):
    before = path.read_bytes()
    with opened(path, "file") as book, pytest.raises(SmarketingError, match=problem):
        actions.score_outside(book, source, to, now=NOW)
    assert path.read_bytes() == before


def test_a_source_without_ids_or_rows_says_so(path):
    duckdb.sql("SELECT 'Lugo' AS city").write_parquet("odd.parquet")
    duckdb.sql("FROM 'leads.parquet' LIMIT 0").write_parquet("none.parquet")
    with opened(path, "file", save=False) as book:
        with pytest.raises(NotEnoughData, match="lead_id"):
            actions.duplicates_outside(book, "parquet:odd.parquet", "parquet:twice.parquet")
        with pytest.raises(NotEnoughData, match="no rows"):
            actions.duplicates_outside(book, "parquet:none.parquet", "parquet:twice.parquet")


def test_a_spark_server_that_does_not_answer_is_one_sentence():
    pytest.importorskip("pyspark")
    code = (
        "from smarketing_xl.attribution.sources import open_source\n"
        "from smarketing_xl.errors import BadData\n"
        "try:\n    open_source('spark:touches')\n"
        "except BadData as error:\n    print(error)"
    )
    remote = os.environ | {"SPARK_REMOTE": "sc://localhost:1"}
    done = subprocess.run([sys.executable, "-c", code], env=remote, capture_output=True, text=True)
    assert "SPARK_REMOTE" in done.stdout, done.stderr
