"""A workbook laid out as before SLA, Attribution and Leads began with their answers goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.schema import named_cells, tables
from tests.meeting.hands import FileHands
from tests.meeting.script import NOW, few

FORMER = Path(__file__).parent / "former.xlsm"  # made in November 2026
COMPARED = (tables.LEADS, tables.SLA_LATE, tables.SLA_MARKETING, tables.ATTRIBUTION)


def test_a_workbook_of_the_former_layout_comes_to_the_same_and_keeps_its_order(
    tmp_path: Path,
) -> None:
    former = FileHands(Path(shutil.copy(FORMER, tmp_path / "former.xlsm")))
    new = FileHands(make(tmp_path / "new.xlsm"))
    headers = former.place(tables.LEADS).headers
    for hands in (former, new):
        for kind, path in few(tmp_path).items():
            actions.import_file(hands.book, path, kind)
        actions.refresh(hands.book, now=NOW)
    assert former.place(tables.LEADS).headers == headers
    assert headers[:3] == ("Lead ID", "Created", "Name")
    for table in COMPARED:
        found, wanted = (read.read_table(hands.book, table) for hands in (former, new))
        assert len(found), table.name
        found = found[wanted.columns].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, wanted.reset_index(drop=True), check_dtype=False)
    cells = named_cells.ATTRIBUTION_SETTINGS + named_cells.TERMS
    found, wanted = (read.read_cells(hands.book, cells) for hands in (former, new))
    later = {name: False for name in wanted if not read.has_name(former.book, name)}  # is off
    assert found | later == wanted
