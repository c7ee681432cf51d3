"""Repair in a live Calc: tables called otherwise, or made plain cells, are ours again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.i18n import Language
from smarketing_xl.schema import tables


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_renamed_and_a_removed_table_come_back(
    app: xw.App, tmp_path: Path, language: Language
) -> None:
    book = app.books.open(str(make(tmp_path / "book.xlsm", language)))
    before = {table: read.read_table(book, table) for table in (tables.PLAN, tables.FUNNEL)}
    read.find_table(book, tables.PLAN).live.name = "Year"
    funnel = read.find_table(book, tables.FUNNEL)
    area = funnel.live.range.address
    funnel.sheet.tables.api.removeByName("Funnel")
    offered = " ".join(actions.offered_repairs(book))
    assert "Year" in offered
    assert "Funnel" in offered
    actions.repair(book)
    assert actions.check(book).rows == 0
    assert read.find_table(book, tables.FUNNEL).live.range.address == area
    for table, frame in before.items():
        pd.testing.assert_frame_equal(read.read_table(book, table), frame)
    quota = read.named_range(book, "quota")
    quota.value = 1_200_000.0
    plan = read.read_table(book, tables.PLAN)
    assert plan["quota"].tolist() == pytest.approx((1_200_000 * plan["share"]).tolist())
    book.close()
