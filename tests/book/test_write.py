"""What a fill may and may not do to a workbook, on the file host with the real workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read, write
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.write import Append, Columns, Rows
from smarketing_xl.errors import BadData, WorkbookError
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

LEADS = pd.DataFrame(
    {
        "lead_id": ["L1", "L2", "L3"],
        "created": pd.to_datetime(["2026-01-05 10:00", "2026-02-06 11:30", "2026-03-07 09:15"]),
        "company": ["Acme", "=cmd|' /C calc'!A0", "Órbita"],
        "employees": [10.0, float("nan"), 250.0],
        "status": ["new", "won", "lost"],
    }
)


def fill(book: xw.Book, *changes: write.Change) -> None:
    write.commit(write.plan_writes(book, changes))


def leads(book: xw.Book) -> pd.DataFrame:
    return read.read_table(book, tables.LEADS)


def test_rows_come_back_as_they_were_written_and_saved(path: Path) -> None:
    with opened(path, "file") as book:
        fill(book, Append(tables.LEADS, LEADS))
    with opened(path, "file") as book:
        found = leads(book)[list(LEADS)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, LEADS, check_dtype=False)


def test_labels_are_in_the_language_of_the_workbook(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    place = read.find_table(book, tables.LEADS)
    shown = place.block(1, place.offsets["status"], 1, 1).value
    assert shown == {"en": "Won", "es": "Ganado"}[read.language(book)]


def test_a_second_append_goes_below_the_first(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    fill(book, Append(tables.LEADS, LEADS.assign(lead_id=["L4", "L5", "L6"])))
    assert leads(book)["lead_id"].tolist() == ["L1", "L2", "L3", "L4", "L5", "L6"]


def test_text_that_looks_like_a_formula_stays_text(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    assert leads(book)["company"].iloc[1] == "=cmd|' /C calc'!A0"


def test_a_fill_writes_only_its_columns(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    before = leads(book)
    fill(book, Columns(tables.LEADS, pd.DataFrame({"grade": ["A", "B", "C"]}, before.index)))
    after = leads(book)
    assert after["grade"].tolist() == ["A", "B", "C"]
    pd.testing.assert_frame_equal(after.drop(columns="grade"), before.drop(columns="grade"))


def test_rows_keep_what_people_wrote_beside_them(book: xw.Book) -> None:
    row = {"month": pd.Timestamp("2026-01-01"), "source": "Blog", "customers": 3.0, "revenue": 9.0}
    fair = row | {"source": "Fair", "customers": 1.0}
    fill(book, Rows(tables.NEW_CUSTOMERS, pd.DataFrame([row, fair])))
    fill(book, Rows(tables.NEW_CUSTOMERS, pd.DataFrame([fair | {"customers": 2.0}])))
    found = read.read_table(book, tables.NEW_CUSTOMERS)
    assert found[["source", "customers"]].to_numpy().tolist() == [["Fair", 2.0]]


def beside(book: xw.Book, header: str, formula: str) -> None:
    """A column of one's own beside New customers, calculated in every row."""
    place = read.find_table(book, tables.NEW_CUSTOMERS)
    at, bottom = place.left + len(place.headers), place.top + place.height - 1
    place.sheet.range((place.top, at)).value = header
    place.live.resize(place.sheet.range((place.top, place.left), (bottom, at)))
    place.sheet.range((place.top + 1, at), (bottom, at)).formula = formula


def test_formulas_beside_ours_go_with_their_rows_and_into_new_ones(book: xw.Book) -> None:
    def row(source: str, customers: float) -> dict[str, object]:
        first = pd.Timestamp("2026-01-01")
        return {"month": first, "source": source, "customers": customers, "revenue": 10.0}

    def write_rows(*rows: dict[str, object]) -> None:
        fill(book, Rows(tables.NEW_CUSTOMERS, pd.DataFrame(rows)))

    write_rows(row("Blog", 1.0), row("Fair", 2.0), row("Ads", 3.0))
    place = read.find_table(book, tables.NEW_CUSTOMERS)
    customers = place.sheet.range((place.top + 1, place.left + place.offsets["customers"]))
    beside(book, "Twice", f"={customers.get_address(False, False)}*2")
    write_rows(row("Fair", 2.0), row("Ads", 4.0), row("Podcast", 5.0))
    found = read.read_table(book, tables.NEW_CUSTOMERS)
    assert found["source"].tolist() == ["Fair", "Ads", "Podcast"]
    assert found["Twice"].tolist() == [4.0, 8.0, 10.0]


def test_a_fill_twice_equals_a_fill_once(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    change = Columns(tables.LEADS, pd.DataFrame({"score": [1.0, 2.0, 3.0]}, leads(book).index))
    fill(book, change)
    [again] = write.plan_writes(book, [change])
    assert (again.before == again.after).all()


def test_bad_cells_are_named_all_at_once_and_stop_no_other_rows(book: xw.Book) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    place = read.find_table(book, tables.LEADS)
    place.block(0, place.offsets["employees"], 1, 1).value = "ten"
    place.block(2, place.offsets["created"], 1, 1).value = "yesterday"
    with reading_once():
        found = leads(book)
        faults = read.unread_cells()
    assert found["lead_id"].tolist() == ["L1", "L2", "L3"]
    assert {fault.row - place.top for fault in faults if fault.row} == {1, 3}
    assert all(fault.sheet == place.sheet.name for fault in faults)
    with reading_once():
        leads_without(book, "employees", "created")
        assert read.unread_cells() == []


def test_bad_cells_of_settings_are_refused_all_at_once(book: xw.Book) -> None:
    place = read.find_table(book, tables.PLAN)
    place.block(0, place.offsets["share"], 2, 1).value = "a tenth"
    with pytest.raises(BadData) as caught:
        read.read_table(book, tables.PLAN)
    assert [fault.row for fault in caught.value.faults] == [place.top + 1, place.top + 2]


def leads_without(book: xw.Book, *unchecked: str) -> pd.DataFrame:
    return read.read_table(book, tables.LEADS, checked=set(tables.LEADS.keys) - set(unchecked))


def test_an_import_brings_its_own_columns_beside_ours(path: Path, tmp_path: Path) -> None:
    data = tmp_path / "leads.csv"
    data.write_text("Lead ID,Company,Shoe size\nL1,Acme,41\nL2,Orbit,\n")
    with opened(path, "file") as book:
        actions.import_file(book, data, "leads")
    with opened(path, "file") as book:
        found = leads(book)
    assert found["Shoe size"].fillna(0).tolist() == [41, 0]
    assert list(found)[:-1] == tables.LEADS.keys


def test_a_missing_column_is_named(book: xw.Book) -> None:
    place = read.find_table(book, tables.LEADS)
    place.sheet.range((place.top, place.left)).value = "Nothing known"
    with pytest.raises(WorkbookError, match="Leads"):
        leads(book)


def test_a_failing_write_restores_everything(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(book, Append(tables.LEADS, LEADS))
    before = leads(book)
    writes = write.plan_writes(
        book,
        [
            Columns(tables.LEADS, pd.DataFrame({"grade": list("ABC")}, before.index)),
            Append(tables.LEADS, LEADS),
        ],
    )
    put, calls = write._put, []

    def second_fails(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise OSError("disk full")
        put(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "_put", second_fails)
    with pytest.raises(OSError, match="disk full"):
        write.commit(writes)
    pd.testing.assert_frame_equal(leads(book), before)


def test_quota_is_computed_from_its_inputs(book: xw.Book) -> None:
    read.named_range(book, "last_year_sales").value = 1000
    read.named_range(book, "growth_target").value = 0.5
    from smarketing_xl.schema.named_cells import GOALS

    assert read.read_cells(book, GOALS)["quota"] == 1500
    assert isinstance(read.read_cells(book, GOALS)["first_month"], dt.date)
