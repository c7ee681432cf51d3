"""Rows of totals stay last and are no data; rows pasted below a table belong to it."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read, write
from smarketing_xl.book.contents import current, rows_under
from smarketing_xl.book.write import Append
from smarketing_xl.cli.app import make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

NOW = dt.datetime(2026, 9, 30, 12)
LEADS = pd.DataFrame(
    {
        "lead_id": ["L1", "L2", "L3"],
        "created": pd.to_datetime(["2026-09-01 10:00"] * 3),
        "employees": [10.0, 20.0, 30.0],
        "revenue": [100.0, 200.0, 300.0],
    }
)


def fill(path: Path, *changes: write.Change) -> None:
    with opened(path, "file") as book, read_once():
        write.commit(write.plan_writes(book, changes))


def read_once() -> Any:
    from smarketing_xl.book.once import reading_once

    return reading_once()


def test_rows_under_a_table_are_those_of_its_end_now(path: Path) -> None:
    """What was read with a table of three rows is right for one that has fewer since, or more."""
    with opened(path, "file", save=False) as book:
        place = read.find_table(book, tables.LEADS)
        place.sheet.range((place.top + place.height, place.left)).value = "below"
        with read_once():
            place = read.find_table(book, tables.LEADS)
            for height in range(2, place.height + 2):
                below = [row[0] for row in rows_under(replace(place, height=height), 1)]
                assert below == [place.sheet.range((place.top + height, place.left)).value]


def patch(path: Path, part: str, change: Any) -> None:
    """Rewrites a part of the file, as another program would have saved it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    changed = change(parts[part].decode()).encode()
    assert changed != parts[part]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (parts | {part: changed}).items():
            new.writestr(name, data)


def leads_part(path: Path) -> tuple[str, str]:
    with opened(path, "file", save=False) as book:
        live = read.find_table(book, tables.LEADS).live.impl.api
        return live.sheet.entry.part, live.part


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = make(tmp_path / "book.xlsm")
    fill(made, Append(tables.LEADS, LEADS))
    return made


@pytest.fixture
def totalled(path: Path) -> Path:
    return switch_totals_on(path)


def switch_totals_on(path: Path) -> Path:
    """The leads with their row of totals switched on, as Excel saves it."""
    sheet, table = leads_part(path)
    with opened(path, "file", save=False) as book:
        place = read.find_table(book, tables.LEADS)
        last = place.top + place.height - 1
        revenue = place.block(0, place.offsets["revenue"], 1, 1).address.split("$")[1]
    row = (
        f'<row r="{last + 1}"><c r="A{last + 1}" t="inlineStr"><is><t>Total</t></is></c>'
        f'<c r="{revenue}{last + 1}"><f>SUBTOTAL(109,Leads[Revenue])</f><v>600</v></c></row>'
    )
    patch(path, sheet, lambda text: text.replace("</sheetData>", row + "</sheetData>"))

    def switch_on(text: str) -> str:
        text = re.sub(r' totalsRowShown="0"', "", text)
        first, corner = re.search(r' ref="(\w+):([A-Z]+)\d+"', text).groups()  # type: ignore[union-attr]
        return re.sub(
            r' ref="[^"]*"',
            f' ref="{first}:{corner}{last + 1}" totalsRowCount="1"',
            text,
            count=1,
        )

    patch(path, table, switch_on)
    return path


def shown(book: xw.Book) -> list[Any]:
    """The row of totals: its label and its sum, and how many leads stand above."""
    place = read.find_table(book, tables.LEADS)
    assert place.totals == 1
    row = place.height - 1
    return [
        place.block(row, 0, 1, 1).value,
        place.block(row, place.offsets["revenue"], 1, 1).value,
        place.live.range.shape[0] - place.height,
        place.height - 1,
    ]


def test_a_row_of_totals_is_no_lead_stays_last_and_follows(totalled: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("Lead ID,Company,Revenue,Region\nL4,Acme,400,North\nL1,Orbita,100,South\n")
    with opened(totalled, "file") as book:
        before = contents(book)
        assert shown(book) == ["Total", 600, 1, 3]
        assert actions.score(book, now=NOW).rows == 3
        actions.import_file(book, more, "leads")
        assert shown(book) == ["Total", 1000, 1, 4]
        book.save()
    with opened(totalled, "file") as book:
        assert shown(book) == ["Total", 1000, 1, 4]
        actions.undo(book)
        actions.undo(book)
        assert shown(book) == ["Total", 600, 1, 3]
        assert contents(book) == before


def contents(book: xw.Book) -> list[Any]:
    place = read.find_table(book, tables.LEADS)
    return [place.headers, current(place, range(len(place.headers)), place.height + 1).tolist()]


def test_rows_pasted_below_are_leads_and_become_rows_of_the_table(path: Path) -> None:
    rows = [["P-1", dt.datetime(2026, 9, 20), "Nora"], ["P-2", dt.datetime(2026, 9, 21), "Noe"]]
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        below = place.block(place.height - 1, 0, 2, 3)
        below.value = rows
        assert actions.score(book, now=NOW).rows == 5
        place = read.find_table(book, tables.LEADS)
        assert place.pasted == 0
        assert place.live.range.shape[0] == 6
        assert place.block(3, 0, 2, 3).value == rows
        assert all(place.block(3, place.offsets["grade"], 2, 1).value)
        actions.undo(book)
        assert read.find_table(book, tables.LEADS).block(3, 0, 2, 3).value == rows


def test_any_fill_takes_in_the_rows_below_every_table(path: Path) -> None:
    with opened(path, "file") as book:
        place = read.find_table(book, tables.INTERACTIONS)
        place.block(place.height - 1, 0, 1, 3).value = ["L1", dt.datetime(2026, 9, 2), "Web"]
        place.block(place.height - 2, 0, 1, 3).value = ["L1", dt.datetime(2026, 9, 1), "Web"]
        actions.score(book, now=NOW)
        place = read.find_table(book, tables.INTERACTIONS)
        assert (place.pasted, place.live.range.shape[0]) == (0, 3)


def test_a_sum_typed_under_a_column_is_no_row_and_keeps_its_place(path: Path) -> None:
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        row = place.height - 1
        place.block(row, 0, 1, 1).value = "Total"
        total = place.block(row, place.offsets["revenue"], 1, 1)
        total.formula = "=SUM(Leads[Revenue])"
        assert read.find_table(book, tables.LEADS).pasted == 0
        assert actions.score(book, now=NOW).rows == 3
        with pytest.raises(WorkbookError, match="cannot grow: something stands below"):
            write.commit(write.plan_writes(book, [Append(tables.LEADS, LEADS)]))
        assert total.value == 600


def test_undoing_an_import_leaves_no_ghosts_beside_a_column_of_ones_own(
    path: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more.csv"
    more.write_text("Lead ID,Company\nL4,Acme\nL5,Orbita\n")
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        width = len(place.headers)
        place.block(-1, width, 1, 1).value = "Twice"
        place.live.resize(place.sheet.range((place.top, 1), (place.top + 3, width + 1)))
        place.block(0, width, 3, 1).formula = "=Leads[[#This Row],[Revenue]]*2"
        actions.import_file(book, more, "leads")
        assert actions.score(book, now=NOW).rows == 5
        actions.undo(book)
        actions.undo(book)
        place = read.find_table(book, tables.LEADS)
        assert place.live.range.shape[0] == 4
        assert actions.score(book, now=NOW).rows == 3
        assert place.block(0, width, 3, 1).value == [200, 400, 600]


def test_a_row_that_only_a_column_calculates_is_no_lead(path: Path) -> None:
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        width = len(place.headers)
        place.block(-1, width, 1, 1).value = "Twice"
        place.live.resize(place.sheet.range((place.top, 1), (place.top + 5, width + 1)))
        place.block(0, width, 5, 1).formula = "=Leads[[#This Row],[Revenue]]*2"
        assert len(read.read_table(book, tables.LEADS)) == 3
        place.block(4, width, 1, 1).value = "call back"
        assert len(read.read_table(book, tables.LEADS)) == 4


def test_one_text_among_dates_stops_no_fill_and_is_told(path: Path) -> None:
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        place.block(1, place.offsets["created"], 1, 1).value = "soon"
        for fill_ in (actions.score, actions.sla):
            summary = fill_(book, now=NOW)
            assert summary.rows == 3
        told = " ".join(summary.notes)
        assert "1 cell could not be read" in told
        assert f"row {place.top + 2}, Created: is not a date ('soon')" in told


def test_a_protected_sheet_is_refused_and_nothing_changes(path: Path) -> None:
    sheet, _table = leads_part(path)
    guard = '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/>'
    patch(path, sheet, lambda text: text.replace("</sheetData>", guard))
    whole = path.read_bytes()
    with (
        pytest.raises(WorkbookError, match=r"Leads, row \d+: The sheet is protected"),
        opened(path, "file") as book,
    ):
        actions.score(book, now=NOW)
    assert path.read_bytes() == whole
