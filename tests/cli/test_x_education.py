"""A real CRM export that nobody prepared, all the way: mapped, scored, SLA and attribution filled.

The data set states no licence, so it is read where it lies beside the checkout, and only there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.book.write import (
    Append,
    Rows,
    commit,
    plan_writes,
)
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SMARKETING_DATA", ROOT.parent / "shared" / "data"))
EXPORT = DATA / "x_education" / "Leads.csv"
MAPPING = ROOT / "tests" / "ingest" / "x_education.toml"

PERSONA = [
    ("Job title", "is", "Working Professional", 40),
    ("Lead Origin", "is", "Lead Add Form", 40),
    ("Total Time Spent on Website", "at_least", 600, 30),
    ("Last Activity", "is", "SMS Sent", 30),
    ("Do Not Email", "is", "Yes", -20),
]
GRADES = pd.DataFrame(
    {
        "grade": list("ABCD"),
        "lowest": [45.0, 28.0, 20.0, 0.0],
        "qualified": [True, True, False, False],
        "first_contact_hours": [4.0, 8.0, 24.0, float("nan")],
    }
)


@pytest.mark.skipif(not EXPORT.exists(), reason="the public data is not beside the checkout")
def test_a_real_export_is_imported_scored_and_credited(tmp_path: Path) -> None:
    path = make(tmp_path / "school.xlsm")
    with opened(path, "file") as book:
        persona = pd.DataFrame(PERSONA, columns=["attribute", "operator", "value", "weight"])
        persona = persona.assign(persona="Career changer", required=False)
        commit(plan_writes(book, [Rows(tables.PERSONAS, persona), Rows(tables.GRADES, GRADES)]))
        imported = actions.import_file(book, EXPORT, "leads", MAPPING)
        assert imported.rows == 9_240
        touches = read.read_table(book, tables.LEADS, checked=())[["lead_id", "source"]]
        now = pd.Timestamp("2026-10-01 12:00")
        touches = touches.rename(columns={"source": "channel"}).assign(time=now, kind="visit")
        commit(plan_writes(book, [Append(tables.INTERACTIONS, touches.dropna())]))
        actions.score(book, now=now.to_pydatetime())
        measured = actions.sla(book, now=now.to_pydatetime())
        assert measured.notes[0].startswith("9,240 leads have no date")  # the export has none
        actions.attribution(book, now=now.to_pydatetime())
    with opened(path, "file", save=False) as book:
        leads = read.read_table(book, tables.LEADS, checked=())
        channels = read.read_table(book, tables.ATTRIBUTION)
    won = (leads["status"] == "won").groupby(leads["grade"]).mean()
    print(won)
    assert len(leads) == 9_240
    assert won.sort_index().is_monotonic_decreasing
    assert won["A"] > 2 * won["D"]
    assert channels["first"].sum() == pytest.approx(leads["status"].eq("won").sum())
