"""Duplicates are merged on a click: nothing is lost, what pointed there follows, undo restores."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from smarketing_xl import actions
from smarketing_xl.book.read import find_table, raw_frame
from smarketing_xl.cli import app
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.hosts import opened
from smarketing_xl.leads.merge_duplicates import merged_into, plan_merge
from smarketing_xl.schema.tables import (
    CONFLICTS,
    CUSTOMERS,
    INTERACTIONS,
    LEADS,
    TABLES,
)
from tests.meeting.hands import FileHands

LEADS_CSV = (
    "Lead ID,Created,Name,E-mail,Phone,City,Status,Web note\n"
    "1,2026-01-02,Ana Peña,ana@example.com,,,New,\n"
    "2,2026-01-09,Ana Pena,ANA@example.com,+34 600 111 222,León,Accepted,called\n"
    "3,2026-01-05,Ben Gil,ben@example.com,,York,New,\n"
    "4,2026-02-01,Ana Peña,ana@example.com,,Gijón,New,again\n"
)
TOUCHES = (
    "Lead ID,Time,Channel\n1,2026-01-02 10:00,Ads\n2,2026-01-09 10:00,Web\n3,2026-01-05 10:00,Web\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Four leads, three of them the same person, with interactions and a customer."""
    made = app.make(tmp_path / "Sales.xlsm")
    texts = {
        "leads": LEADS_CSV,
        "interactions": TOUCHES,
        "customers": "Customer ID,Lead ID,Customer since\nC1,4,2026-03-01\n",
    }
    with opened(made, "file") as live:
        for kind, text in texts.items():
            (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
            actions.import_file(live, tmp_path / f"{kind}.csv", kind)  # type: ignore[arg-type]
        actions.find_duplicates(live)
    return made


def everything(book: Path) -> dict[str, pd.DataFrame]:
    """All tables but the log and the journal."""
    with opened(book, "file", save=False) as live:
        tables = [table for table in TABLES if table.name not in ("Log", "Journal")]
        return {table.name: raw_frame(find_table(live, table)) for table in tables}


def test_merging_fills_blanks_and_keeps_what_is_there(book: Path) -> None:
    with opened(book, "file") as live:
        summary = actions.merge_duplicates(live, ["2"])
    tables = everything(book)
    leads = tables[LEADS.name].set_index("lead_id")
    assert leads.index.tolist() == ["1", "3", "4"]
    first = leads.loc["1"]
    assert first[["phone", "city", "status", "Web note"]].tolist() == [
        "+34 600 111 222", "León", "New", "called",
    ]  # fmt: skip
    assert first["merged"] == "2"
    assert leads.loc["4", "duplicate_of"] == "1"
    assert tables[INTERACTIONS.name]["lead_id"].tolist() == ["1", "1", "3"]
    assert tables[CUSTOMERS.name]["lead_id"].tolist() == ["4"]
    differ = tables[CONFLICTS.name].set_index("column")
    assert differ.loc["Status", ["row_id", "here", "there", "source"]].tolist() == [
        "1", "New", "Accepted", "2",
    ]  # fmt: skip
    assert summary.rows == 1


def test_undo_brings_the_merged_lead_back_with_all_that_pointed_to_it(book: Path) -> None:
    before = everything(book)
    with opened(book, "file") as live:
        actions.merge_duplicates(live)
    assert len(everything(book)[LEADS.name]) == 2
    with opened(book, "file") as live:
        actions.undo(live)
    after = everything(book)
    for name, table in before.items():
        pd.testing.assert_frame_equal(after[name], table, obj=name)


def test_undo_finds_a_place_where_the_blank_row_was_taken_since(book: Path) -> None:
    with opened(book, "file") as live:
        actions.merge_duplicates(live, ["2"])
        place = find_table(live, LEADS)
        for key, value in {"lead_id": "9", "name": "Zoe"}.items():
            place.block(1, place.offsets[key], 1, 1).value = value
        actions.undo(live)
    leads = everything(book)[LEADS.name].set_index("lead_id")
    assert sorted(leads.index) == ["1", "2", "3", "4", "9"]
    assert leads.loc["2", "Web note"] == "called"
    assert leads.loc["9", "name"] == "Zoe"


def test_a_merged_lead_does_not_come_back_with_the_next_import(book: Path, tmp_path: Path) -> None:
    with opened(book, "file") as live:
        actions.merge_duplicates(live)
        summary = actions.import_file(live, tmp_path / "leads.csv", "leads")
        assert summary.notes[0].startswith("0 added")
        (tmp_path / "touches.csv").write_text("Lead ID,Time\n4,2026-05-01 10:00\n")
        actions.import_file(live, tmp_path / "touches.csv", "interactions")
    tables = everything(book)
    assert tables[LEADS.name]["lead_id"].tolist() == ["1", "3"]
    assert tables[INTERACTIONS.name]["lead_id"].tolist() == ["1", "1", "3", "1"]


def test_a_formula_beside_a_lead_stays_a_formula(book: Path) -> None:
    with opened(book, "file") as live:
        place = find_table(live, LEADS)
        place.block(0, place.offsets["city"], 1, 1).formula = '=IF(1=2,"x","")'
        actions.merge_duplicates(live, ["2"])
        assert place.block(0, place.offsets["city"], 1, 1).formula == '=IF(1=2,"x","")'


def test_from_the_terminal(book: Path) -> None:
    run = CliRunner().invoke(app.app, ["merge", str(book), "2", "4"])
    assert run.exit_code == 0, run.output
    assert len(everything(book)[LEADS.name]) == 2
    assert CliRunner().invoke(app.app, ["merge", str(book)]).exit_code != 0
    assert CliRunner().invoke(app.app, ["duplicates", str(book)]).exit_code == 0


def test_all_are_shown_first_and_merged_only_where_somebody_said_yes(book: Path) -> None:
    hands = FileHands(book)
    hands.filter(LEADS, "city", "León")
    before = book.read_bytes()
    run = CliRunner().invoke(app.app, ["merge", str(book), "--all"])
    assert "--yes" in str(run.exception)
    shown = CliRunner().invoke(app.app, ["merge", str(book), "--all", "--dry-run"])
    assert shown.exit_code == 0, shown.output
    for line in ("Would merge — 2 rows", "1 of them is hidden by a filter", "Ana Pena (2)"):
        assert line in shown.output
    assert book.read_bytes() == before
    assert CliRunner().invoke(app.app, ["merge", str(book), "--all", "--yes"]).exit_code == 0
    assert len(everything(book)[LEADS.name]) == 2


# --- which of them, and into which --------------------------------------------------------------


def leads(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["lead_id", "duplicate_of", "merged"], dtype=object)


def test_a_duplicate_of_a_duplicate_goes_where_that_one_goes() -> None:
    done = plan_merge(leads(("1", None, None), ("2", "1", "7"), ("3", "2", None)))
    assert done.into == {"2": "1", "3": "1"}
    assert done.changes["merged"].tolist() == ["2; 7; 3"]


@pytest.mark.parametrize(
    "table",
    [
        leads(("1", None, None)),
        leads(("1", "gone", None)),
        leads(("1", "1", None)),
        leads(("1", "2", None), ("2", "1", None)),
    ],
)
def test_what_duplicates_nothing_is_not_merged(table: pd.DataFrame) -> None:
    with pytest.raises(NotEnoughData, match="Find duplicates first"):
        plan_merge(table)


def test_what_was_merged_before_is_known() -> None:
    known = merged_into(leads(("1", None, "2; 3"), ("4", None, None)))
    assert known == {"2": "1", "3": "1"}


def test_a_no_of_a_duplicate_is_that_of_the_lead_that_stays() -> None:
    leads = pd.DataFrame(
        {
            "lead_id": ["1", "2", "3"],
            "duplicate_of": [None, "1", "1"],
            "consent": ["Yes", "Yes", "No"],
            "City": ["York", "Leeds", None],
        }
    )
    planned = plan_merge(leads)
    assert planned.changes["consent"].to_dict() == {0: "No"}
    assert "City" not in planned.changes
