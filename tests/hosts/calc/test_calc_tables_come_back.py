"""Repair in a live Calc: tables called otherwise, or made plain cells, are ours again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.cli import make
from smarketing_xl.texts import Language
from smarketing_xl.workbook import reading, tables


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_renamed_and_a_removed_table_come_back(
    app: xw.App, tmp_path: Path, language: Language
) -> None:
    book = app.books.open(str(make(tmp_path / "book.xlsm", language)))
    before = {table: reading.read(book, table) for table in (tables.PLAN, tables.FUNNEL)}
    reading.find(book, tables.PLAN).live.name = "Year"
    funnel = reading.find(book, tables.FUNNEL)
    area = funnel.live.range.address
    funnel.sheet.tables.api.removeByName("Funnel")
    offered = " ".join(actions.offered_repairs(book))
    assert "Year" in offered
    assert "Funnel" in offered
    actions.repair(book)
    assert actions.check(book).rows == 0
    assert reading.find(book, tables.FUNNEL).live.range.address == area
    for table, frame in before.items():
        pd.testing.assert_frame_equal(reading.read(book, table), frame)
    quota = reading.named_range(book, "quota")
    quota.value = 1_200_000.0
    plan = reading.read(book, tables.PLAN)
    assert plan["quota"].tolist() == pytest.approx((1_200_000 * plan["share"]).tolist())
    book.close()
