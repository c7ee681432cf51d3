"""Imports in any sequence: every file's values stand under their own headers, and undo is exact.

What a cell holds already stays: a file that says otherwise is a conflict.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl import actions
from smarketing_xl.book import read, write
from smarketing_xl.book.contents import current
from smarketing_xl.book.write import Append, Columns
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

OWN = ("Segment", "Tier", "Region")  # columns that no workbook has yet

rows = st.dictionaries(st.sampled_from(["L1", "L2", "L3", "L4"]), st.integers(1, 99), min_size=1)
exports = st.lists(
    st.tuples(st.sets(st.sampled_from(OWN), min_size=1), rows), min_size=1, max_size=3
)


def export(folder: Path, name: str, columns: set[str], leads: dict[str, int]) -> Path:
    """A file of leads: each own column holds its header's letter and the lead's number."""
    frame = pd.DataFrame({"Lead ID": list(leads), "Company": [f"C {lead}" for lead in leads]})
    for column in sorted(columns):
        frame[column] = [f"{column[0]}{lead}-{number}" for lead, number in leads.items()]
    path = folder / f"{name}.csv"
    frame.to_csv(path, index=False)
    return path


def content(book: xw.Book) -> tuple[tuple[str, ...], list[list[Any]]]:
    place = read.find_table(book, tables.LEADS)
    cells = current(place, range(len(place.headers)), place.height - 1)
    return place.headers, cells.tolist()


@settings(max_examples=10, deadline=None)
@given(files=exports)
def test_every_value_stands_under_its_header_and_undo_takes_all_back(
    files: list[tuple[set[str], dict[str, int]]],
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        wanted: dict[tuple[str, str], str] = {}
        with opened(make(folder / "book.xlsm"), "file", save=False) as book:
            states = [content(book)]
            for at, (columns, leads) in enumerate(files):
                path = export(folder, str(at), columns, leads)
                actions.import_file(book, path, "leads")
                for lead, number in leads.items():
                    for column in columns:
                        wanted.setdefault((lead, column), f"{column[0]}{lead}-{number}")
                found = read.read_table(book, tables.LEADS).set_index("lead_id")
                assert set(found.index) == {lead for lead, _column in wanted}
                shown = {at: found.at[at] for at in wanted}
                assert shown == wanted
                states.append(content(book))
            again = actions.import_file(book, path, "leads")
            assert again.rows == 0
            actions.undo(book)
            for state in reversed(states[:-1]):
                actions.undo(book)
                assert content(book) == state


def test_writes_of_one_table_start_from_what_those_before_leave(book: xw.Book) -> None:
    frame = pd.DataFrame({"lead_id": ["L1", "L2"], "Segment": ["a", "b"]})
    first = write.plan_writes(book, [Append(tables.LEADS, frame)])
    row = read.find_table(book, tables.LEADS).top + 1
    tier = Columns(tables.LEADS, pd.DataFrame({"Tier": ["x"]}, index=np.array([row])))
    planned_alone = write.plan_writes(book, [tier])
    with pytest.raises(ValueError, match="than the writes before leave"):
        write.commit([*first, *planned_alone])
    assert read.read_table(book, tables.LEADS).empty
    together = write.plan_writes(book, [Append(tables.LEADS, frame), tier])
    write.commit(together)
    found = read.read_table(book, tables.LEADS)
    assert found["Segment"].tolist() == ["a", "b"]
    assert found["Tier"].tolist()[0] == "x"
