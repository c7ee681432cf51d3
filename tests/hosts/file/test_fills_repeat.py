"""What always holds, whatever is filled in whatever order."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing_xl.hosts.file import open_book

MODEST = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=20).filter(lambda text: text == text.replace("\r", "")),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)


def fill(path: Path, values: list[Any]) -> None:
    book = open_book(path)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(len(values) + 1, 6))
    table.data_body_range[:, 4].options(ndim=2).value = [[value] for value in values]
    book.save()


def sheet_part(path: Path) -> bytes:
    with zipfile.ZipFile(path) as file:
        return file.read("xl/worksheets/sheet1.xml")


@given(st.lists(CELL, min_size=1, max_size=12))
@MODEST
def test_what_is_written_is_read_again(rich: Path, values: list[Any]) -> None:
    path = Path(shutil.copy(rich, rich.with_name("again.xlsm")))
    fill(path, values)
    table = open_book(path).sheets["Leads"].tables["Leads"]
    read = table.data_body_range[:, 4].options(ndim=1).value
    wanted = [None if value == "" else value for value in values]
    assert [type(value) for value in read] == [type(value) for value in wanted]
    assert read == wanted


@given(st.lists(st.integers(1, 15), min_size=1, max_size=4))
@MODEST
def test_filling_twice_is_filling_once_and_neighbours_stay(rich: Path, sizes: list[int]) -> None:
    path = Path(shutil.copy(rich, rich.with_name("again.xlsm")))
    for size in sizes:
        fill(path, list(map(float, range(size))))
        once = sheet_part(path)
        fill(path, list(map(float, range(size))))
        assert sheet_part(path) == once
    sheet = open_book(path).sheets["Leads"]
    assert sheet["I5"].value == "beside the first lead"
    assert sheet["L5:L7"].value == [1, 2, 3]
    kept = min(5, *sizes)
    assert sheet["G5"].resize(kept).options(ndim=1).value == [
        f"called {at}x" for at in range(1, kept + 1)
    ]


def test_a_number_beyond_every_date_loses_the_date_format_and_is_read(rich: Path) -> None:
    fill(rich, [dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)])
    fill(rich, [1e30, 2.0])
    table = open_book(rich).sheets["Leads"].tables["Leads"]
    assert table.data_body_range[:, 4].value == [1e30, dt.datetime(1900, 1, 2)]
