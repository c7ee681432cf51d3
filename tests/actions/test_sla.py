"""What Update SLA says beside what it fills."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from smarketing_xl import actions
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened


@pytest.mark.parametrize(("year", "said"), [(2026, True), (2025, False)])
def test_shares_within_a_year_of_leads_that_go_back_less_are_said_to_be(
    tmp_path: Path, year: int, said: bool
) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text(f"Lead ID,Created\nA,{year}-01-30\nB,2026-03-01\n", encoding="utf-8")
    with opened(make(tmp_path / "Sales.xlsm"), "file") as book:
        actions.import_file(book, leads, "leads")
        notes = actions.sla(book, dt.datetime(2026, 3, 31)).notes
    assert any(note.startswith("The leads go back 60 days") for note in notes) == said
