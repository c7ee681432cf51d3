"""Whatever bytes a file holds, a reader reads it or refuses it: no crash, no hang."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.blanks import is_dash_or_blank
from smarketing_xl.errors import BadData
from smarketing_xl.ingest.columns import Context, cleaned, theirs
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.ingest.mapping import Mapping
from smarketing_xl.ingest.readers import read_file
from smarketing_xl.parsing.date_columns import parse_dates
from smarketing_xl.parsing.number_columns import parse_numbers
from smarketing_xl.parsing.text_columns import tidy

SOME = settings(max_examples=80, deadline=None)


def tried(content: bytes, name: str = "export.csv") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            frame = read_file(path).frame
        except BadData as refused:
            assert all(fault.remedy for fault in refused.faults)
        else:
            assert isinstance(frame, pl.DataFrame)


def parquet() -> bytes:
    whole = io.BytesIO()
    pl.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, 2.0]}).write_parquet(whole)
    return whole.getvalue()


def workbook() -> bytes:
    import xlsxwriter

    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True})
    sheet = book.add_worksheet("Leads")
    sheet.write_row(0, 0, ["Lead ID", "Name", "Age"])
    sheet.write_row(1, 0, ["1", "Ana", 30])
    book.close()
    return whole.getvalue()


def repacked(content: bytes, part: str, at: int, junk: bytes) -> bytes:
    """The workbook with some bytes of one part changed, in a zip that is whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name == part:
                place = at % len(held)
                held = held[:place] + junk + held[place + len(junk) :]
            new.writestr(name, held)
    return out.getvalue()


WORKBOOK, PARQUET = workbook(), parquet()
PARTS = [name for name in zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist() if "xl/" in name]


@given(st.binary(min_size=1, max_size=600))
@SOME
def test_any_bytes(content: bytes) -> None:
    tried(content)


@given(st.text(alphabet=",;\t|\"\n\r'= aé1.€/-\ufeff\u200b", min_size=1, max_size=200))
@SOME
def test_any_text_with_separators_and_quotes(text: str) -> None:
    tried(text.encode())
    tried(text.encode("utf-16"))


@given(st.sampled_from(PARTS), st.integers(0, 10**6), st.binary(min_size=1, max_size=12))
@SOME
def test_a_workbook_with_bytes_changed_inside(part: str, at: int, junk: bytes) -> None:
    tried(repacked(WORKBOOK, part, at, junk), "export.xlsx")


@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
@SOME
def test_a_workbook_with_bytes_changed_outside(at: int, junk: bytes) -> None:
    tried(WORKBOOK[:at] + junk + WORKBOOK[at + len(junk) :], "export.xlsx")


@given(st.integers(4, len(PARQUET) - 1), st.binary(min_size=1, max_size=8))
@SOME
def test_parquet_with_bytes_changed(at: int, junk: bytes) -> None:
    tried(PARQUET[:at] + junk + PARQUET[at + len(junk) :], "export.parquet")


@given(st.binary(max_size=700))
@SOME
def test_an_old_workbook_of_any_bytes(content: bytes) -> None:
    named = "Workbook".encode("utf-16-le")
    tried(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content + named, "export.xls")


CELLS = st.lists(
    st.one_of(st.none(), st.text(max_size=20), st.from_regex(r"[\d.,/ €%:()-]{1,14}")), min_size=1
)


@given(CELLS)
@SOME
def test_any_cells_are_numbers_dates_or_faults(cells: list[str | None]) -> None:
    column = tidy(pl.Series(cells, dtype=pl.String))
    for reading in (parse_numbers(column), parse_dates(column), parse_dates(column, months=True)):
        assert len(reading.values) == len(column)
        nothing = column.map_elements(is_dash_or_blank, pl.Boolean)
        lost = column.is_not_null() & reading.values.is_null() & ~reading.bad & ~nothing
        assert reading.ambiguous or not lost.any()


LIKE = st.one_of(
    st.lists(st.one_of(st.none(), st.from_regex(r"\A-?[0-9]{1,3}(\.[0-9]{1,4})?\Z")), min_size=1),
    st.lists(st.sampled_from(["", " a", "a;b", "b;a", "=1", "-1", "007", "12", "x"]), min_size=1),
    CELLS,
)


@given(LIKE, st.integers(1, 60))
@SOME
def test_a_column_looked_at_quickly_is_read_as_one_looked_at_slowly(
    cells: list[str | None], times: int
) -> None:
    given_cells = pl.Series("x", cells * times, dtype=pl.String)
    column, look, _worded = cleaned(given_cells, ())
    rows = pl.int_range(len(column), eager=True)
    quick = theirs("x", column, Context(Mapping(), rows, {"x": look}))()
    slow = theirs("x", tidy(given_cells), Context(Mapping(), rows))()
    assert quick.values.to_list() == slow.values.to_list()


@given(st.text(alphabet='Lead ID,Name\n"=+@1;2é/', max_size=120))
@SOME
def test_any_text_is_imported_or_its_faults_are_named(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text("Lead ID,Name,Created\n" + text, encoding="utf-8")
        try:
            brought = prepare(path, "leads")
        except BadData as refused:
            assert refused.faults
        else:
            assert brought.table["lead_id"].notna().all()
