"""Check workbook names every fault where it stands, and mends those whose meaning is plain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read, write
from smarketing_xl.book.write import Append
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import translate
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.named_cells import GOALS

LEADS = pd.DataFrame(
    {
        "lead_id": [f"L{at}" for at in range(6)],
        "created": pd.to_datetime(["2026-01-05 10:00"] * 6),
        "employees": [10.0, 20, 30, 40, 50, 60],
        "status": ["new"] * 6,
    }
)


@pytest.fixture(params=["en", "es"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[xw.Book]:
    with opened(make(tmp_path / "book.xlsm", request.param), "file") as book:
        write.commit(write.plan_writes(book, [Append(tables.LEADS, LEADS)]))
        yield book


def put(book: xw.Book, table: Table, row: int, key: str, value: object) -> None:
    place = read.find_table(book, table)
    place.block(row, place.offsets[key], 1, 1).value = value


def got(book: xw.Book, table: Table, row: int, key: str) -> object:
    place = read.find_table(book, table)
    return place.block(row, place.offsets[key], 1, 1).value


def test_a_sound_workbook_needs_nothing(book: xw.Book) -> None:
    assert actions.check(book).rows == 0
    assert actions.offered_repairs(book) == ()
    assert actions.repair(book).rows == 0


MEANT = dt.datetime(2026, 2, 3)
SLIPS = {  # by what stands in one workbook: row, table, column, what was typed, what was meant
    "leads and a share without its sign": [
        (0, tables.LEADS, "employees", {"en": "1,250", "es": "1.250"}, 1_250),
        (1, tables.LEADS, "revenue", {"en": "€ 3,400.50", "es": "3.400,50 €"}, 3_400.5),
        (2, tables.LEADS, "created", {"en": "2026-02-03", "es": "03/02/2026"}, MEANT),
        (3, tables.LEADS, "created", dt.datetime(1926, 2, 3), MEANT),
        (4, tables.LEADS, "created", dt.datetime(2206, 2, 3), MEANT),
        (1, tables.FUNNEL, "to_next", 40, 0.4),
    ],
    "a share as text": [(1, tables.FUNNEL, "to_next", {"en": "40%", "es": "40 %"}, 0.4)],
}


@pytest.mark.parametrize("slips", SLIPS.values(), ids=SLIPS)
def test_a_cell_is_named_mended_and_undone(book: xw.Book, slips: list[tuple[Any, ...]]) -> None:
    def found() -> list[object]:
        return [got(book, table, row, key) for row, table, key, _typed, _meant in slips]

    spoken = read.language(book)
    written = [it[3][spoken] if isinstance(it[3], dict) else it[3] for it in slips]
    for (row, table, key, _typed, _meant), value in zip(slips, written, strict=True):
        put(book, table, row, key, value)
    checked = actions.check(book)
    # the product of the shares is no longer the conversion rate, which is said too
    assert checked.rows == len(slips) + 1
    for row, table, key, _typed, _meant in slips:
        place = read.find_table(book, table)
        named = [note for note in checked.notes if f"{place.top + 1 + row}" in note]
        title = place.headers[place.offsets[key]]
        assert any(place.sheet.name in note and title in note for note in named)
    assert found() == written
    actions.repair(book)
    assert found() == [meant for *_rest, meant in slips]
    assert actions.check(book).rows == 0
    actions.undo(book)
    assert found() == written


@pytest.mark.parametrize(
    ("key", "typed"), [("employees", "a few"), ("created", "soon"), ("status", "Perhaps")]
)
def test_what_cannot_be_known_is_left_to_people(book: xw.Book, key: str, typed: str) -> None:
    put(book, tables.LEADS, 1, key, typed)
    assert actions.check(book).rows == 1
    assert actions.repair(book).rows == 0
    assert got(book, tables.LEADS, 1, key) == typed


def test_rows_pasted_below_are_taken_in(book: xw.Book) -> None:
    put(book, tables.LEADS, 6, "lead_id", "L6")
    put(book, tables.LEADS, 7, "lead_id", "L7")
    put(book, tables.LEADS, 7, "employees", {"en": "1,000", "es": "1.000"}[read.language(book)])
    assert actions.check(book).rows == 2  # the rows, and the text among the numbers
    actions.repair(book)
    found = read.read_table(book, tables.LEADS)
    assert found["lead_id"].tolist() == [f"L{at}" for at in range(8)]
    assert found["employees"].iloc[-1] == 1_000


def test_shares_of_the_year_are_scaled(book: xw.Book) -> None:
    put(book, tables.PLAN, 0, "share", 0.3)
    assert actions.check(book).rows == 2  # and the block on Goals says so too
    actions.repair(book)
    assert read.read_table(book, tables.PLAN)["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("by", ["name", "address"])
def test_a_quota_that_goes_in_circles_is_its_formula_again(book: xw.Book, by: str) -> None:
    place = read.named_range(book, "quota")
    built = place.formula
    leads = read.named_range(book, "leads_needed").get_address()
    place.formula = "=leads_needed*900" if by == "name" else f"={leads}*900"
    assert actions.check(book).rows == 1
    actions.repair(book)
    assert read.named_range(book, "quota").formula == built
    assert actions.check(book).rows == 0


def test_a_key_that_stands_twice_is_named_and_kept(book: xw.Book) -> None:
    put(book, tables.LEADS, 3, "lead_id", "L1")
    assert actions.check(book).rows == 1
    assert actions.repair(book).rows == 0


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("avg_revenue", "=quota/customers_needed"),
        ("conv_rate", "=customers_needed/leads_needed"),
        ("growth_target", "=leads_needed/1000"),
        ("avg_revenue", "five thousand"),
        ("conv_rate", 1.5),
    ],
)
def test_a_goal_that_is_wrong_or_goes_in_circles_is_named(
    book: xw.Book, name: str, typed: object
) -> None:
    place = read.named_range(book, name)
    place.formula = typed
    notes = " ".join(actions.check(book).notes)
    (label,) = (cell.label for cell in GOALS if cell.name == name)
    assert translate(label, read.language(book)) in notes
    assert place.sheet.name in notes
    assert place.formula == typed
