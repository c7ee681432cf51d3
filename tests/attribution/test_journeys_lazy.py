"""The same call on data that lies elsewhere gives the same numbers."""

import datetime as dt
import sys

import duckdb
import narwhals as nw
import polars as pl
import pytest

from smarketing_xl.attribution.conversions import history
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.sources import beside, open_source
from smarketing_xl.attribution.types import VALUES
from smarketing_xl.errors import BadData, NotEnoughData, WrongType

AS_OF = dt.datetime(2026, 6, 30)
SETTINGS = [
    {},
    {"by": "campaign", "count_open": True},
    {"skip_direct": True, "merge_repeats": True, "lookback_days": 30, "open_days": 20},
]


def filled(made):
    return {reason: count for reason, count in made.dropped.items() if count}


def assert_same(one, other):
    assert one.channels == other.channels
    assert filled(one) == filled(other)
    assert one.untouched == pytest.approx(other.untouched)
    for model in MODELS:
        for value in VALUES:
            ours, theirs = (attribute(made, model, value=value) for made in (one, other))
            assert theirs["credit"].to_numpy() == pytest.approx(
                ours["credit"].to_numpy(), rel=1e-9, abs=1e-6
            ), (model, value)


def to_polars(frame):
    return pl.DataFrame(frame.astype(object).where(frame.notna(), None).to_dict("list"))


@pytest.mark.parametrize("settings", SETTINGS)
def test_polars(made_up, settings):
    interactions, conversions = made_up()
    here = build_journeys(interactions, conversions, as_of=AS_OF, **settings)
    there = build_journeys(to_polars(interactions), to_polars(conversions), as_of=AS_OF, **settings)
    assert_same(here, there)


@pytest.mark.parametrize("settings", SETTINGS)
def test_grouped(made_up, grouped, settings):
    interactions, conversions = made_up()
    here = build_journeys(interactions, conversions, as_of=AS_OF, **settings)
    assert_same(here, grouped(interactions, conversions, as_of=AS_OF, **settings))


def test_a_very_long_journey_grouped(made_up, grouped):
    interactions, conversions = made_up(leads=1)
    many = interactions.loc[interactions.index.repeat(80)].assign(by=None)
    many["time"] += nw.from_native(many)["time"].to_native().groupby(level=0).cumcount() * (
        dt.timedelta(minutes=1)
    )
    many = many.reset_index(drop=True)
    conversions = conversions.iloc[:0]
    assert_same(
        build_journeys(many, conversions, as_of=AS_OF, count_open=True),
        grouped(many, conversions, as_of=AS_OF, count_open=True),
    )


@pytest.mark.parametrize("settings", SETTINGS[::2])
def test_spark(spark, made_up, settings):
    interactions, conversions = made_up(leads=60)
    home = nw.from_native(spark.createDataFrame([(1,)], "one int"))
    there = beside(home, nw.from_native(interactions)).to_native()
    assert_same(
        build_journeys(interactions, conversions, as_of=AS_OF, **settings),
        build_journeys(there, conversions, as_of=AS_OF, **settings),
    )


def test_a_spark_table_by_name(spark, made_up):
    interactions, conversions = made_up(leads=30)
    home = nw.from_native(spark.createDataFrame([(1,)], "one int"))
    beside(home, nw.from_native(interactions)).to_native().createOrReplaceTempView("touches")
    there = build_journeys(open_source("spark:touches"), conversions, as_of=AS_OF)
    assert_same(build_journeys(interactions, conversions, as_of=AS_OF), there)
    with pytest.raises(BadData, match="no such table"):
        open_source("spark:touches; drop table touches")


def test_a_folder_of_parquet_files(made_up, tmp_path):
    interactions, conversions = made_up()
    folder = tmp_path / "it's here"
    folder.mkdir()
    half = len(interactions) // 2
    for name, part in (("a", interactions[:half]), ("b", interactions[half:])):
        duckdb.from_df(part).write_parquet(str(folder / f"{name}.parquet"))
    there = build_journeys(open_source(f"parquet:{folder}"), conversions, as_of=AS_OF)
    assert_same(build_journeys(interactions, conversions, as_of=AS_OF), there)


def test_a_table_of_a_duckdb_file_whatever_its_name(made_up, tmp_path):
    interactions, conversions = made_up()
    name = 'touches"; DROP TABLE touches; --'
    file = tmp_path / "it's.duckdb"
    with duckdb.connect(str(file)) as connection:
        quoted = name.replace('"', '""')
        connection.execute(f'CREATE TABLE "{quoted}" AS SELECT * FROM interactions')
    there = build_journeys(open_source(f"duckdb:{file}#{name}"), conversions, as_of=AS_OF)
    assert_same(build_journeys(interactions, conversions, as_of=AS_OF), there)


def test_conversions_in_a_file_and_touches_here(made_up):
    interactions, conversions = made_up()
    there = build_journeys(interactions, duckdb.from_df(conversions), as_of=AS_OF)
    assert_same(build_journeys(interactions, conversions, as_of=AS_OF), there)


def test_the_tables_of_the_workbook_elsewhere(made_up):
    interactions, conversions = made_up()
    leads = conversions.drop_duplicates("lead_id").assign(
        created=dt.datetime(2026, 1, 1),
        closed=lambda frame: frame["time"],
        status=lambda frame: frame["won"].map({True: "won", False: "lost"}),
        source="Radio",
    )[["lead_id", "created", "closed", "status", "source", "revenue"]]
    customers = conversions[conversions["won"]].assign(
        customer_id=lambda frame: frame.index.astype("str"), won_on=lambda frame: frame["time"]
    )[["customer_id", "lead_id", "won_on", "revenue", "margin"]]
    made = []
    for home in (lambda frame: frame, duckdb.from_df):
        found = history(home(interactions), home(leads), home(customers), as_of=AS_OF)
        made.append(build_journeys(found.interactions, found.conversions, as_of=AS_OF))
        assert found.filled["from_source"] > 0
    assert_same(*made)


def test_a_half_life_other_than_the_one_summed_with(made_up, grouped):
    interactions, conversions = made_up(leads=20)
    there = grouped(interactions, conversions, as_of=AS_OF, half_life_days=3)
    attribute(there, "time_decay", half_life_days=3)
    with pytest.raises(NotEnoughData, match="half-life of 3"):
        attribute(there, "time_decay", half_life_days=7)


def test_times_in_another_zone_than_the_session(made_up, grouped):
    interactions, conversions = made_up(leads=5)
    interactions["time"] = interactions["time"].dt.tz_localize("UTC")
    with pytest.raises(WrongType, match="zone"):
        grouped(interactions, conversions, as_of=AS_OF, timezone="America/Lima")


def test_texts_are_no_times_there_either(made_up, grouped):
    interactions, conversions = made_up(leads=5)
    with pytest.raises(WrongType):
        grouped(interactions.assign(time="x"), conversions, as_of=AS_OF)


@pytest.mark.parametrize(
    "source, problem",
    [
        ("clicks.parquet", "no source"),
        ("excel:clicks", "no source"),
        ("parquet:", "no source"),
        ("parquet:/nowhere/clicks", "no such file"),
        ("duckdb:/nowhere/x.db#t", "no such file"),
        ("duckdb:/nowhere/x.db", "no table"),
    ],
)
def test_sources_that_are_none(source, problem):
    with pytest.raises(BadData, match=problem):
        open_source(source)


def test_sources_say_what_to_install_where_duckdb_is_missing(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(BadData, match=r"smarketing-xl\[duckdb\]"):
        open_source(f"parquet:{tmp_path}")


def test_a_folder_without_parquet_and_a_file_that_is_none(tmp_path):
    with pytest.raises(BadData, match="no Parquet file"):
        open_source(f"parquet:{tmp_path}")
    (tmp_path / "x.parquet").write_text("not one")
    with pytest.raises(BadData):
        open_source(f"parquet:{tmp_path}")
    with pytest.raises(BadData):
        open_source(f"duckdb:{tmp_path / 'x.parquet'}#t")
