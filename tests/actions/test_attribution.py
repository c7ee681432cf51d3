"""What a manager sets on the Attribution sheet, and what the button then writes there."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.attribution import resampling, sources
from smarketing_xl.book import read
from smarketing_xl.book.write import Rows, commit, plan_writes
from smarketing_xl.cli.app import make
from smarketing_xl.errors import BadData, NotEnoughData, OutOfRange
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

NOW = dt.datetime(2026, 6, 30)
MODELS = list(tables.MODELS.labels)


def at(*days):
    return pd.to_datetime([f"2026-{day} 10:00" for day in days], format="ISO8601")


LEADS = pd.DataFrame(
    {
        "lead_id": ["1", "2", "3", "4"],
        "created": at("02-01", "01-10", "02-01", "05-01"),
        "status": ["won", "won", "lost", "new"],
        "closed": [*at("03-01", "03-05", "03-02"), pd.NaT],
        "source": ["Ads", "Mail", "Ads", "Mail"],
        "score": [80.0, 60.0, 20.0, 40.0],
        "grade": ["A", "B", "D", "C"],
        "qualified": [True, True, False, False],
    }
)
CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["c1", "c2"],
        "lead_id": ["1", "2"],
        "won_on": at("03-01", "03-05"),
        "revenue": [500.0, 300.0],
        "margin": [100.0, 50.0],
    }
)
INTERACTIONS = pd.DataFrame(
    {
        "lead_id": ["1", "1", "1", "2", "2", "3", "3", "4"],
        "time": at("02-01", "02-02", "02-20", "01-10", "03-01", "02-03", "02-20", "05-01"),
        "channel": ["Ads", "Ads", "Direct", "Mail", None, "Mail", "Ads", "Mail"],
        "campaign": ["Spring", "Spring", None, None, None, None, "Spring", None],
        "kind": ["visit", "visit", "visit", "email", "event", "email", "visit", "email"],
        "by": [None] * 8,
    }
)
SPEND = pd.DataFrame(
    {
        "month": pd.to_datetime(["2026-01-01", "2026-01-01"]),
        "channel": ["Ads", "Mail"],
        "campaign": ["Spring", None],
        "cost": [100.0, 50.0],
    }
)
FILLED = (
    tables.ATTRIBUTION,
    tables.CAMPAIGNS,
    tables.NEW_CUSTOMERS,
    tables.SOURCE_QUALITY,
    tables.TOP_PATHS,
    tables.CERTAINTY,
    tables.CAMPAIGN_CERTAINTY,
    tables.CAVEATS,
)


@pytest.fixture
def path(tmp_path):
    path = make(tmp_path / "small.xlsm")
    given = (
        Rows(tables.LEADS, LEADS),
        Rows(tables.CUSTOMERS, CUSTOMERS),
        Rows(tables.INTERACTIONS, INTERACTIONS),
        Rows(tables.SPEND, SPEND),
    )
    with opened(path, "file") as book:
        commit(plan_writes(book, given))
    return path


def fill(path, source=None, limits=None, **settings):
    """Sets the named cells, presses the button; answers what the tables of the sheet then hold."""
    with opened(path, "file") as book:
        for name, value in settings.items():
            read.named_range(book, name).value = value
        if limits:
            rows = pd.DataFrame(limits, columns=["channel", "lowest", "highest"])
            commit(plan_writes(book, [Rows(tables.LIMITS, rows)]))
        actions.attribution(book, now=NOW, source=source)
    with opened(path, "file", save=False) as book:
        return {table.name: read.read_table(book, table) for table in FILLED}


def said(sheet):
    return " ".join(sheet["Caveats"]["said"])


def test_the_tables_of_the_sheet(path):
    sheet = fill(path)
    channels = sheet["Attribution"].set_index("channel")
    assert channels.loc["Ads", ["first", "last"]].tolist() == [1, 0]
    assert channels["first"].to_dict() == {"Ads": 1, "Mail": 1, "Event": 0, "Direct": 0}
    ads = channels.loc["Ads"]
    assert ads["cac"] == pytest.approx(100 / ads["customers"])
    assert ads["budget"] == pytest.approx(ads["proposed"] * 150, abs=0.005)
    assert channels["budget"].sum() == pytest.approx(150)
    quality = sheet["SourceQuality"].set_index("source")
    assert quality.loc["Ads", ["leads", "qualified", "customers"]].tolist() == [2, 1, 1]
    assert quality.loc["Ads", ["score", "grade", "cycle_days"]].tolist() == [80, "A", 28]
    assert quality.loc["Ads", ["cost_per_lead", "cost_per_qualified"]].tolist() == [50, 100]
    assert sheet["TopPaths"]["path"].tolist() == ["Mail > Event", "Ads > Direct"]
    certainty = sheet["Certainty"]
    assert len(certainty) == 4 * len(MODELS) and set(certainty["model"]) == set(MODELS)
    assert (certainty["rank_low"] <= certainty["rank"]).all()
    campaigns = sheet["CampaignCertainty"]
    assert len(campaigns) == 2 * len(MODELS) and set(campaigns["model"]) == set(MODELS)
    limits = campaigns[campaigns["model"] == "markov"].set_index("campaign")[["low", "high"]]
    shown = sheet["Campaigns"].set_index("campaign")[["low", "high"]]
    pd.testing.assert_frame_equal(limits, shown.loc[limits.index], check_names=False)
    assert "1 journey is still open" in said(sheet)
    assert "cannot tell" in said(sheet) and "proposed budget" in said(sheet)


def test_payback_is_counted_in_margin_where_margins_are_known(path):
    """Last touch or not, Markov credits Ads with some of the 150 of margin: months to earn 100."""
    ads = fill(path, credit_by="margin")["Attribution"].set_index("channel").loc["Ads"]
    assert ads["payback"] == pytest.approx(100 * 12 / ads["markov"], rel=1e-4)


@pytest.mark.parametrize(
    "setting, told",
    [
        ({"lookback_days": 30}, "1 touch lies before the look-back window"),
        ({"skip_direct": "Yes"}, "1 direct visit was skipped"),
        ({"merge_repeats": "Yes"}, "1 repeated touch of the same channel"),
    ],
)
def test_what_a_setting_leaves_out_is_counted(path, setting, told):
    assert told not in said(fill(path))
    assert told in said(fill(path, **setting))


@pytest.mark.parametrize("setting", [{"open_days": 30}, {"count_open": "Yes"}])
def test_a_lead_that_nobody_touched_for_long_may_count_as_lost(path, setting):
    assert "still open" in said(fill(path))
    assert "still open" not in said(fill(path, **setting))


@pytest.mark.parametrize("credit_by, earned", [("customers", 2), ("revenue", 800), ("margin", 150)])
def test_every_model_shares_out_what_was_chosen_to_the_cent(path, credit_by, earned):
    sheet = fill(path, credit_by=credit_by)
    for name in ("Attribution", "Campaigns"):
        table = sheet[name]
        for model in MODELS:
            assert table[model].sum() == pytest.approx(earned, abs=1e-9), (name, model)
        assert table["customers"].sum() == pytest.approx(2)
        assert table["revenue"].sum() == pytest.approx(800, abs=1e-9)


@pytest.mark.parametrize(
    "setting, model",
    [
        ({"half_life_days": 1}, "time_decay"),
        ({"first_weight": 0.6, "last_weight": 0.2}, "position"),
        ({"markov_order": 2}, "markov"),
    ],
)
def test_settings_of_a_model_change_that_model_alone(path, setting, model):
    before, after = fill(path)["Attribution"], fill(path, **setting)["Attribution"]
    others = [name for name in MODELS if name != model]
    assert np.abs(after[model] - before[model]).max() > 1e-3
    pd.testing.assert_frame_equal(before[others], after[others])


def test_a_model_whose_spread_would_take_too_long_is_blank_and_said(path, monkeypatch):
    monkeypatch.setattr(resampling, "STATES", 2)
    sheet = fill(path)
    assert sheet["Attribution"]["low"].isna().all() and sheet["Attribution"]["markov"].notna().all()
    assert "markov" not in set(sheet["Certainty"]["model"])
    assert "Markov has no interval" in said(sheet)
    assert sheet["Campaigns"]["low"].notna().all()


def test_a_budget_that_may_not_change(path):
    table = fill(path, most_change=0)["Attribution"]
    assert table["proposed"].tolist() == pytest.approx(table["share"].tolist())


def test_limits_that_were_typed_are_kept_to(path):
    table = fill(path, limits=[("mail", 60, None), ("Ads", None, 85)])["Attribution"]
    budget = table.set_index("channel")["budget"]
    assert budget["Ads"] <= 85 and budget["Mail"] >= 65
    assert budget.sum() == pytest.approx(150)


def test_limits_of_channels_that_are_none_are_all_named(path):
    with pytest.raises(BadData) as raised:
        fill(path, limits=[("Ads", 1, None), ("Adds", 1, None), ("ads ", 2, None)])
    found = [(fault.sheet, fault.row, fault.value) for fault in raised.value.faults]
    assert found == [("Attribution", 7, "Adds"), ("Attribution", 8, "ads")]


@pytest.mark.parametrize(
    "setting, error",
    [
        ({"credit_by": "profit"}, BadData),
        ({"skip_direct": "perhaps"}, BadData),
        ({"markov_order": 7}, BadData),
        ({"office_zone": "Europe/Nowhere"}, OutOfRange),
    ],
)
def test_settings_that_cannot_be_change_nothing(path, setting, error):
    before = fill(path)
    with pytest.raises(error):
        fill(path, **setting)
    with opened(path, "file", save=False) as book:
        for table in FILLED:
            pd.testing.assert_frame_equal(before[table.name], read.read_table(book, table))


@pytest.fixture
def elsewhere(tmp_path):
    """A function that lays the interactions down outside the workbook; answers their name."""

    touches = INTERACTIONS.assign(kind=INTERACTIONS["kind"].str.capitalize())

    def lay(kind):
        rows = duckdb.from_df(touches)
        if kind == "parquet":
            rows.write_parquet(str(tmp_path / "touches.parquet"))
            return f"parquet:{tmp_path / 'touches.parquet'}"
        with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
            connection.register("rows", touches)
            connection.execute("CREATE TABLE touches AS SELECT * FROM rows")
        return f"duckdb:{tmp_path / 'crm.duckdb'}#touches"

    return lay


@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_the_sheet_filled_from_elsewhere_says_the_same(path, elsewhere, kind):
    """Worked on in parts; grouped where they lie, in Spark: attribution/test_spark_elsewhere.py."""
    here = fill(path)
    there = fill(path, source=elsewhere(kind))
    drawn = ["low", "high", "rank_low", "rank_high"]  # from the same journeys in another order
    for name, table in here.items():
        if name != "Caveats":
            same = table.columns.difference(drawn)
            pd.testing.assert_frame_equal(table[same], there[name][same], rtol=1e-9)
    assert set(here["Caveats"]["said"]) == set(there["Caveats"]["said"])


@pytest.mark.parametrize("ids", [["L9", " L9 "], ["00Q5g00000AbCdEAAV", "L1"]])
def test_touches_elsewhere_are_those_of_the_lead_that_a_duplicate_is(ids):
    """As in the workbook, where they lie in DuckDB."""
    rows = pd.DataFrame({"lead_id": [*ids, None], "channel": ["a", "b", "c"]})
    names = pd.DataFrame({"known_as": ["L9", "00Q5g00000AbCdE", "L1"], "lead": ["L1"] * 3})
    there = sources.with_leads(duckdb.from_df(rows), names).df().sort_values("channel")
    assert there["lead_id"].fillna("nobody").tolist() == ["L1", "L1", "nobody"]


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize(
    "zones, counted",
    [
        ({}, 2),
        ({"office_zone": "America/Lima"}, 2),
        ({"office_zone": "America/Lima", "data_zone": "UTC"}, 2),
        ({"office_zone": "UTC", "data_zone": "America/Lima"}, 0),
        ({"office_zone": "Europe/Madrid", "data_zone": "UTC"}, 1),
    ],
)
def test_the_moment_of_the_report_is_read_on_the_clock_of_the_tables(
    path, tmp_path, outside, zones, counted
):
    """At 10:30 in Madrid it is 9:30 in UTC: a touch of 9:45 UTC is still to come."""
    now = dt.datetime(2026, 3, 10, 10, 30)
    late = INTERACTIONS[:2].assign(
        lead_id=["1", "2"], time=pd.to_datetime(["2026-03-10 07:30", "2026-03-10 09:45"])
    )
    late["channel"] = "Radio"
    source = None
    if outside:
        duckdb.from_df(late).write_parquet(str(tmp_path / "late.parquet"))
        source = f"parquet:{tmp_path / 'late.parquet'}"
    sold = CUSTOMERS.assign(won_on=late["time"])
    with opened(path, "file") as book:
        commit(plan_writes(book, [Rows(tables.CUSTOMERS, sold), Rows(tables.INTERACTIONS, late)]))
        for name, value in zones.items():
            read.named_range(book, name).value = value
        if not counted:
            with pytest.raises(NotEnoughData):
                actions.attribution(book, now=now, source=source)
            return
        actions.attribution(book, now=now, source=source)
        table = read.read_table(book, tables.ATTRIBUTION).set_index("channel")
        assert table["last"]["Radio"] == counted
        told = " ".join(read.read_table(book, tables.CAVEATS)["said"])
        assert ("1 sale lies after" in told) == (counted == 1)


def test_times_with_a_zone_become_those_of_the_tables(path, tmp_path):
    """3 in the morning in London is 10 in the evening in Lima, on the day of the sale."""
    late = pd.DataFrame(
        {
            "lead_id": ["1"],
            "time": pd.to_datetime(["2026-03-02 03:00"]).tz_localize("UTC"),
            "channel": ["Radio"],
        }
    )
    duckdb.from_df(late).write_parquet(str(tmp_path / "late.parquet"))
    with opened(path, "file") as book:
        sold = CUSTOMERS.assign(won_on=pd.to_datetime(["2026-03-01", "2026-03-05"]))
        commit(plan_writes(book, [Rows(tables.CUSTOMERS, sold)]))
    credits = []
    for zone in ("Europe/London", "America/Lima"):
        sheet = fill(path, source=f"parquet:{tmp_path / 'late.parquet'}", data_zone=zone)
        credits.append(sheet["Attribution"].set_index("channel")["last"].get("Radio", 0))
    assert credits == [0, 1]


def test_the_sources_of_leads_count_where_no_interaction_is_recorded(tmp_path: Path) -> None:
    leads, customers = tmp_path / "leads.csv", tmp_path / "customers.csv"
    leads.write_text(
        "Lead ID,Created,Name,Source\nA,2026-03-01,Ana,Web\nB,2026-03-02,Ben,Ads\n"
        "C,2026-03-03,Cid,Ads\n"
    )
    customers.write_text("Lead ID,Customer since,Revenue\nA,2026-03-20,500\nB,2026-03-21,700\n")
    with opened(make(tmp_path / "Sales.xlsm"), "file") as book:
        actions.import_file(book, leads, "leads")
        actions.import_file(book, customers, "customers")
        actions.attribution(book, dt.datetime(2026, 3, 25))
        channels = read.read_table(book, tables.ATTRIBUTION)
    assert channels.set_index("channel")["last"].to_dict() == {"Ads": 1, "Web": 1}
