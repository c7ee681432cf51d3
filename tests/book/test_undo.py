"""Undo on the file host: the last ten fills, one after the other, whatever happened in between."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl import actions, sample
from smarketing_xl.book import contents, read, undo
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.write import Rows, commit, plan_writes
from smarketing_xl.cli.app import make
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables


def everything(book: xw.Book) -> dict[str, list[object]]:
    """Every cell of every table but the log and the journal; formulas as formulas."""
    places = (read.find_table(book, table) for table in tables.TABLES)
    return {
        place.table.name: contents.current(
            place, range(len(place.headers)), place.height - 1
        ).tolist()
        for place in places
        if place.table not in (tables.LOG, tables.JOURNAL)
    }


def leads(book: xw.Book, data: Path, *rows: str) -> read.TablePlace:
    """Leads imported: where they stand."""
    data.write_text("\n".join(["Lead ID,Company,Phone", *rows]), encoding="utf-8")
    actions.import_file(book, data, "leads")
    return read.find_table(book, tables.LEADS)


def test_the_last_ten_fills_are_undone_each_after_saving_and_reopening(tmp_path: Path) -> None:
    made = make(tmp_path / "book.xlsm")
    states = []
    for number in range(12):
        with opened(made, "file") as book:
            leads(book, tmp_path / f"{number}.csv", f"L{number},Firm {number},")
        with opened(made, "file", save=False) as book:
            states.append(everything(book))
    assert len(states) == 12
    assert all(one != other for one, other in pairwise(states))
    for earlier in states[-2:-12:-1]:
        with opened(made, "file") as book:
            actions.undo(book)
        with opened(made, "file", save=False) as book:
            assert everything(book) == earlier
    with (
        opened(made, "file") as book,
        pytest.raises(NotEnoughData, match=r"^There is no update to undo.*Update something first"),
    ):
        actions.undo(book)


def test_undo_takes_back_the_last_fill_after_saving(path: Path, tmp_path: Path) -> None:
    with opened(path, "file") as book:
        leads(book, tmp_path / "leads.csv", "L1,Acme,", "L2,Orbit,")
        assert len(read.read_table(book, tables.LEADS)) == 2
    with opened(path, "file") as book:
        actions.undo(book)
        assert read.read_table(book, tables.LEADS).empty
        with pytest.raises(NotEnoughData):
            actions.undo(book)


def test_undo_leaves_what_was_edited_since(book: xw.Book, tmp_path: Path) -> None:
    place = leads(book, tmp_path / "leads.csv", "L1,Acme,", "L2,Orbit,")
    place.block(0, place.offsets["company"], 1, 1).value = "Acme Ltd"
    actions.undo(book)
    assert read.read_table(book, tables.LEADS)["company"].tolist() == ["Acme Ltd"]


@pytest.mark.parametrize("shared", ["L1", None])
def test_undo_tells_rows_apart_that_share_an_id_or_have_none(
    book: xw.Book, tmp_path: Path, shared: str | None
) -> None:
    place = leads(book, tmp_path / "leads.csv", "L1,Acme,", "L2,Orbit,", "L3,Zenit,")
    place.block(0, 0, 3, 1).value = [[shared]] * 3
    before = everything(book)
    actions.score(book)
    assert everything(book) != before
    summary = actions.undo(book)
    assert everything(book) == before
    assert not summary.notes


def test_undo_follows_rows_that_were_sorted_since(book: xw.Book, tmp_path: Path) -> None:
    place = leads(book, tmp_path / "leads.csv", "L1,Acme,", "L2,Orbit,", "L3,Zenit,")
    before = everything(book)[tables.LEADS.name]
    actions.score(book)
    block = place.block(0, 0, 3, len(place.headers))
    block.value = block.value[::-1]
    actions.undo(book)
    assert everything(book)[tables.LEADS.name][:3] == before[2::-1]


def test_merging_into_the_same_lead_twice_is_undone_twice(book: xw.Book, tmp_path: Path) -> None:
    rows = (f"L{number},Acme,+34 600 111 222" for number in (1, 2, 3))
    leads(book, tmp_path / "leads.csv", *rows)
    actions.find_duplicates(book)
    states = []
    for gone in ("L2", "L3"):
        states.append(everything(book))
        actions.merge_duplicates(book, [gone])
    assert read.read_table(book, tables.LEADS)["merged"].tolist() == ["L2; L3"]
    for earlier in reversed(states):
        actions.undo(book)
        assert everything(book) == earlier
    assert read.read_table(book, tables.LEADS)["merged"].isna().all()


def test_undo_follows_interactions_that_were_sorted_since(book: xw.Book, tmp_path: Path) -> None:
    leads(book, tmp_path / "leads.csv", *(f"L{n},Acme,+34 600 111 222" for n in (1, 2)))
    touches = tmp_path / "touches.csv"
    touches.write_text(
        "Lead ID,Time,Channel\nL1,2026-01-01,Ads\nL1,2026-01-02,Ads\nL2,2026-01-09,Web\n"
    )
    actions.import_file(book, touches, "interactions")
    actions.find_duplicates(book)
    actions.merge_duplicates(book, ["L2"])
    place = read.find_table(book, tables.INTERACTIONS)
    block = place.block(0, 0, 3, len(place.headers))
    block.value = block.value[::-1]
    assert not actions.undo(book).notes
    asked = read.read_table(book, tables.INTERACTIONS)
    assert asked["lead_id"].tolist() == ["L2", "L1", "L1"]
    assert asked["channel"].tolist() == ["Web", "Ads", "Ads"]


def test_undo_empties_tables_that_the_first_fill_filled(book: xw.Book) -> None:
    actions.import_file(book, sample.path("leads"), "leads")
    actions.import_file(book, sample.path("interactions"), "interactions")
    before = everything(book)
    actions.sla(book)
    for table in (tables.SLA_ATTEMPTS, tables.SLA_SPEED):
        assert len(read.read_table(book, table)) > 1
    actions.undo(book)
    assert everything(book) == before


KEYS = st.tuples(
    st.sampled_from([dt.datetime(2026, 1, 1), dt.datetime(2026, 2, 1), None]),
    st.sampled_from(["Iberia", "Americas", None]),
    st.sampled_from(["Ana", "Ben", None]),
)
FILLS = st.lists(st.tuples(KEYS, st.integers(0, 9)), max_size=8, unique_by=lambda row: row[0])


@settings(deadline=None)
@given(st.lists(FILLS, min_size=2, max_size=4))
def test_tables_filled_anew_with_blanks_in_their_keys_come_back(fills: list[Any]) -> None:
    """Months, lines and owners may be blank; what moves to another row is known there."""
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder) / "book.xlsm")
        with opened(made, "file", save=False) as book:
            states = []
            for rows in fills:
                frame = pd.DataFrame(
                    [(*key, float(leads)) for key, leads in rows],
                    columns=["month", "line", "owner", "leads"],
                )
                with reading_once():
                    writes = plan_writes(book, [Rows(tables.OUTCOMES, frame)])
                    kept = plan_writes(book, [undo.record_fill(book, "Outcomes", writes)])
                    commit([*writes, *kept])
                states.append(shown(book))
            for earlier in states[-2::-1]:
                actions.undo(book)
                assert shown(book) == earlier


def shown(book: xw.Book) -> list[object]:
    """The rows of the table of outcomes, as they stand."""
    with reading_once():
        frame = read.read_table(book, tables.OUTCOMES)
    return frame[["month", "line", "owner", "leads"]].astype(object).fillna("").values.tolist()


def test_a_journal_of_a_former_version_is_undone(book: xw.Book) -> None:
    """Its entries have the cells row by row, and also those that the fill left as they were."""
    actions.import_file(book, sample.path("leads"), "leads")
    before = everything(book)
    actions.score(book, sample.AS_OF)
    journal = read.read_table(book, tables.JOURNAL)
    last = journal[journal["fill"] == journal["fill"].max()].sort_values("part")
    entries = undo._unpack("".join(last["data"]))
    for entry in entries:
        former = {
            part: [list(map(undo._coded, row)) for row in undo._cells(entry, part).tolist()]
            for part in ("before", "after", "keys")
            if entry[part] is not None
        }
        assert entry.pop("by") == "column"
        entry |= former
    data = undo._pack(entries)
    parts = [data[at : at + undo.PART] for at in range(0, len(data), undo.PART)]
    entry = pd.DataFrame({"part": np.arange(1.0, len(parts) + 1), "data": parts})
    entry = entry.assign(fill=journal["fill"].max(), what=last["what"].iloc[0])
    rest = journal.drop(last.index)[["fill", "part", "what", "data"]]
    rows = pd.concat([rest, entry[list(rest)]], ignore_index=True)
    commit(plan_writes(book, [Rows(tables.JOURNAL, rows)]))
    assert not actions.undo(book).notes
    assert everything(book) == before
