"""Step 2 on a workbook: lines, rates taken as measured, what the conversion rate follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions, hosts
from smarketing_xl.book import read
from smarketing_xl.book.write import Append, commit, plan_writes
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.named_cells import GOALS
from smarketing_xl.stats.intervals import wilson

TEMPLATE = Path(__file__).parents[2] / "workbook/Smarketing.xlsm"
NOW = dt.datetime(2026, 7, 1)
AGREE = ("agree_lines", "agree_rate", "agree_signed", "agree_promise")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[xw.Book]:
    path = tmp_path / "book.xlsm"
    path.write_bytes(TEMPLATE.read_bytes())
    with hosts.opened(path, "file") as opened:
        yield opened


def shown(book: xw.Book, *names: str) -> tuple[object, ...]:
    return tuple(read.named_range(book, name).value for name in names)


def add(book: xw.Book, table: Table, **columns: object) -> None:
    commit(plan_writes(book, [Append(table, pd.DataFrame(columns))]))


def history(book: xw.Book) -> None:
    """200 leads of half a year: 60 won after 30 days for 5,000, 120 lost, the last 20 open."""
    created = pd.date_range("2025-12-01", periods=200, freq="D").astype("datetime64[us]")
    status = ["won"] * 60 + ["lost"] * 120 + ["new"] * 20
    ended = (created + pd.Timedelta(days=30)).where([each != "new" for each in status])
    add(
        book,
        tables.LEADS,
        lead_id=[f"L{number}" for number in range(200)],
        created=created,
        line=["North", "South"] * 100,
        status=status,
        closed=ended,
        revenue=[5_000.0 if each == "won" else None for each in status],
    )


def test_the_quota_is_the_sum_of_the_lines_and_each_has_its_leads_and_chance(
    book: xw.Book,
) -> None:
    history(book)
    add(
        book,
        tables.LINES,
        line=["North", "South"],
        quota=[600_000.0, 300_000.0],
        avg_revenue=[None, 3_000.0],
        conv_rate=[0.1, None],
    )
    add(book, tables.CAPACITY, seller=["Ana"], line=["North"], leads=[50.0], quota=[1_000.0])
    add(
        book,
        tables.SPEND,
        month=[pd.Timestamp(2026, 2, 1)],
        channel=["Ads"],
        cost=[800.0],
        line=["North"],
    )
    actions.plan(book, now=NOW)
    assert shown(book, "quota", "agree_lines") == (900_000, "✗ 900,000, 1,667")
    lines = read.read_table(book, tables.LINES)
    assert lines["customers"].tolist() == [100, 100]
    assert lines["leads"].tolist() == [1000, 667]  # at 10 % and, as the goals say, 15 %
    assert lines["capacity"].fillna(0).tolist() == [600, 0]
    assert lines["came_revenue"].tolist() == [145_000, 150_000]  # one was won in 2025
    assert lines["cost"].fillna(0).tolist() == [800, 0]
    outlook = read.read_table(book, tables.OUTLOOK).set_index("name")
    assert outlook.loc[["North", "Ana"], "quota"].tolist() == [600_000, 1_000]
    assert outlook.loc["North", "chance"] == pytest.approx(0, abs=1e-3)


def test_measured_rates_are_taken_with_their_counts_and_undo_gives_back_what_was_typed(
    book: xw.Book,
) -> None:
    history(book)
    taken = ("conv_rate", "avg_revenue", "cycle_days", "past_leads", "past_won", "rate_from")
    before = shown(book, *taken)
    done = actions.take_rates(book, NOW)
    rate, revenue, cycle, leads, won, follows = shown(book, *taken)
    assert (revenue, cycle, follows) == (5_000, 30, "what was measured")
    measured = read.read_table(book, tables.MEASURED_RATES)
    assert measured["line"].fillna("").tolist() == ["", "North", "South"]
    assert measured[["leads", "won", "priced", "dated"]].iloc[0].tolist() == [200, 60, 60, 60]
    assert rate == measured["conversion"].iloc[0]
    assert isinstance(leads, float) and isinstance(won, float)
    low, high = (float(end) for end in wilson(won, leads))
    assert (low, high) == pytest.approx(measured[["low", "high"]].iloc[0].tolist(), abs=0.002)
    assert shown(book, "agree_rate") == ("✓",)
    assert "200" in done.notes[0] and "60" in done.notes[1]
    actions.undo(book)
    assert shown(book, *taken) == before


def test_the_conversion_rate_follows_the_funnel_where_that_is_chosen(book: xw.Book) -> None:
    actions.take_rates(book, NOW, "funnel")
    assert shown(book, "conv_rate") == (pytest.approx(0.4 * 0.6 * 0.625),)
    stages = read.find_table(book, tables.FUNNEL)
    stages.block(1, stages.offsets["to_next"], 1, 1).value = 0.8
    assert shown(book, "conv_rate", "agree_funnel") == (pytest.approx(0.3), "✓")
    actions.take_rates(book, NOW, "typed")
    assert shown(book, "conv_rate", "agree_funnel") == (0.15, "✗ 1,000")


def test_rates_of_nobody_change_nothing(book: xw.Book) -> None:
    add(book, tables.LEADS, lead_id=["L1"], created=[pd.Timestamp(2026, 1, 1)], status=["new"])
    with pytest.raises(NotEnoughData, match="No lead has become a customer"):
        actions.take_rates(book, NOW)
    assert shown(book, "rate_from") == ("what is typed",)


def test_the_promise_follows_the_plan_unless_typed_over_and_goals_are_held_to_the_signature(
    book: xw.Book, tmp_path: Path
) -> None:
    history(book)
    actions.sla(book, now=NOW)
    months = read.read_table(book, tables.SLA_MARKETING).set_index("month")
    due = read.read_table(book, tables.PLAN).set_index("month")["leads_due"]
    assert months["promised"].loc["2026"].tolist() == due.loc[:"2026-07"].tolist()
    assert months["planned"].loc["2026"].tolist() == due.loc[:"2026-07"].tolist()
    assert months["promised"].loc["2025"].unique().tolist() == [167]
    actions.agreement_pdf(book, tmp_path / "signed.pdf")
    assert shown(book, *AGREE[2:]) == ("✓", "✓")
    read.named_range(book, "sla_leads").value = 100
    read.named_range(book, "typed_rate").value = 0.125
    actions.sla(book, now=NOW)
    months = read.read_table(book, tables.SLA_MARKETING).set_index("month")
    assert months["promised"].unique().tolist() == [100]
    assert months["planned"].loc["2026"].sum() > due.loc[:"2026-07"].sum()  # both are shown
    signed, promise = shown(book, *AGREE[2:])
    assert signed == "✗ 1,800,000, 2,000"
    assert str(promise).startswith("✗ 1,200 / ")


def test_a_quota_of_former_versions_is_known_where_its_function_is_not(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts.functions, "_loaders", [])
    quota, growth = (read.named_range(book, name) for name in ("quota", "growth_target"))
    quota.formula = "=QUOTA_FROM_GROWTH(last_year_sales, growth_target)"
    growth.value = 0.5
    assert read.read_cells(book, GOALS)["quota"] == 1_500_000 * 1.5
    growth.value = None
    assert read.read_cells(book, GOALS)["quota"] is None
