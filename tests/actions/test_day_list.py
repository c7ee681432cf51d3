"""Today's calls of a workbook: who says no on any row is on none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from smarketing_xl import actions
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened

NOW = dt.datetime(2026, 3, 4, 12, 0)
ROWS = (
    "Lead ID,Created,Name,E-mail,Goal,Age,Source,Consent,Owner\n"
    "1,2026-03-03 10:00,Ana Paz,ana@example.com,Implant,40,Referral,Yes,Eva\n"
    "2,2026-03-03 11:00,Ana Paz,ana@example.com,Implant,40,Referral,{again},Eva\n"
    "3,2026-03-03 10:00,Bo Gil,bo@example.com,Implant,40,Referral,Yes,Eva\n"
)


def test_a_no_on_a_duplicate_takes_the_lead_off_the_list(tmp_path: Path) -> None:
    export = tmp_path / "leads.csv"
    with opened(make(tmp_path / "Clinic.xlsx"), "file", save=False) as book:
        actions.begin(book, "clinic")
        called, left_out = [], []
        for again in ("Yes", "No"):
            export.write_text(ROWS.format(again=again))
            actions.import_file(book, export, "leads")
            actions.find_duplicates(book)
            actions.score(book, now=NOW)
            due_list = actions.day_list(book, now=NOW)
            called.append(due_list.calls["lead_id"].tolist())
            left_out.append(due_list.left_out)
    assert called == [["1", "3"], ["3"]]
    assert left_out == [0, 1]
