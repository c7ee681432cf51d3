"""Imports into a workbook: only what changes is written, and what people typed is still there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import actions, cli
from smarketing_xl.hosts import opened
from smarketing_xl.workbook.reading import find, raw_frame
from smarketing_xl.workbook.tables import LEADS


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with two imported leads."""
    export = tmp_path / "first.csv"
    export.write_text("Lead ID,Name,Age,Status,City\n1,Ana,30,New,Leeds\n2,Ben,40,New,York\n")
    made = cli.make(tmp_path / "Sales.xlsm")
    with opened(made, "file") as live:
        actions.import_file(live, export, "leads")
    return made


def cells(book: Path) -> pd.DataFrame:
    with opened(book, "file", save=False) as live:
        return raw_frame(find(live, LEADS)).reset_index(drop=True)


def typed(book: Path, **values: object) -> None:
    """What a salesperson types in the first row."""
    with opened(book, "file") as live:
        place = find(live, LEADS)
        for key, value in values.items():
            place.block(0, place.offsets[key], 1, 1).value = value


def test_what_cannot_be_read_is_no_blank_and_stays(book: Path, tmp_path: Path) -> None:
    typed(book, age="unknown", status="Called twice")
    export = tmp_path / "second.csv"
    export.write_text("Lead ID,Name,Age,Status,City\n1,Ana,31,Won,Bristol\n2,Ben,41,New,York\n")
    with opened(book, "file") as live:
        summary = actions.import_file(live, export, "leads")
    after = cells(book)
    assert after.loc[0, ["age", "status", "city"]].tolist() == [
        "unknown",
        "Called twice",
        "Bristol",
    ]
    assert after.loc[1, "age"] == 41
    assert summary.table is not None
    assert len(summary.table) == 2  # the age and the status are said to differ


def test_an_import_without_news_writes_nothing_but_the_log(book: Path, tmp_path: Path) -> None:
    before = cells(book)
    with opened(book, "file") as live:
        summary = actions.import_file(live, tmp_path / "first.csv", "leads")
    assert summary.rows == 0
    pd.testing.assert_frame_equal(cells(book), before)


def test_a_mapping_made_once_is_remembered_beside_the_workbook(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "third.csv"
    export.write_text("Ref,Who\n3,Eva\n")
    mapping = tmp_path / "mine.toml"
    mapping.write_text('[columns]\nlead_id = "Ref"\nname = "Who"\n')
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads", mapping)
    assert (tmp_path / "Sales.leads.toml").read_text() == mapping.read_text()
    export.write_text("Ref,Who\n4,Leo\n")
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads")
    assert cells(book)["name"].tolist() == ["Ana", "Ben", "Eva", "Leo"]


def test_a_preview_changes_nothing(book: Path, tmp_path: Path) -> None:
    content = book.read_bytes()
    with opened(book, "file", save=False) as live:
        actions.preview_import(live, tmp_path / "first.csv", "leads")
    assert book.read_bytes() == content


def test_a_file_and_a_system_at_once_are_one_too_many(book: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    run = CliRunner().invoke(cli.app, ["import", str(book)])
    assert run.exit_code != 0
    both = ["import", str(book), str(tmp_path / "first.csv"), "--from", "hubspot"]
    assert CliRunner().invoke(cli.app, both).exit_code != 0
