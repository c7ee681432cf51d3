"""Whatever a CRM writes is read alike; what can be read in two ways is said, never guessed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
import xlsxwriter

from smarketing_xl.errors import BadData, WorkbookError
from smarketing_xl.ingest.importer import Import, prepare
from smarketing_xl.ingest.readers import read_file
from tests.strict_workbook import strict

SOFFICE = shutil.which("soffice")


def brought(folder: Path, text: str) -> Import:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return prepare(path, "leads")


def test_parquet_says_what_to_install_where_duckdb_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "leads.parquet"
    pl.DataFrame({"Lead ID": ["L1"]}).write_parquet(path)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(WorkbookError, match=r"smarketing-xl\[duckdb\]"):
        read_file(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "#", "\x1f"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_delimiter_in_any_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["Lead ID", "Name", "Revenue"], ["1", "Ana Peña", "5 €"], ["2", '"B"', ""]]
    path = tmp_path / "export.csv"
    path.write_bytes("\r\n".join(map(delimiter.join, rows)).encode(encoding))
    table = prepare(path, "leads").table
    assert table["name"].tolist() == ["Ana Peña", "B"]
    assert table["revenue"].tolist()[0] == 5


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "ods"])
def test_the_same_leads_in_every_format(tmp_path: Path, kind: str) -> None:
    names = ["Lead ID", "Name", "Created", "Revenue"]
    created = [pd.Timestamp(2026, 4, 3), pd.Timestamp(2026, 4, 25, 10, 30)]
    book, path = tmp_path / "leads.xlsx", tmp_path / f"leads.{kind}"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        when = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, names)
        for at, (name, moment, euros) in enumerate(
            zip(["Ana", "Ben"], created, [1234.5, 7], strict=True), 1
        ):
            sheet.write_row(at, 0, [str(at), name])
            sheet.write_datetime(at, 2, moment.to_pydatetime(), when)
            sheet.write_number(at, 3, euros)
    columns = [["1", "2"], ["Ana", "Ben"], created, [1234.5, 7.0]]
    frame = pl.DataFrame(dict(zip(names, columns, strict=True)))
    if kind == "csv":
        frame.write_csv(path)
    elif kind == "parquet":
        frame.write_parquet(path)
    elif kind != "xlsx":
        if SOFFICE is None:
            pytest.skip("LibreOffice is not installed")
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        convert = ["--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(book)]
        subprocess.run([SOFFICE, profile, *convert], check=True, capture_output=True, timeout=120)
    table = prepare(path, "leads").table
    assert table["lead_id"].tolist() == ["1", "2"]
    assert table["created"].tolist() == created
    assert table["revenue"].tolist() == [1234.5, 7]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,50 €", "7 €"], [1234.5, 7]),
        (["$1,234.50", "$7"], [1234.5, 7]),
        (["1 234,5", "7"], [1234.5, 7]),
        (["1'234.50 CHF", "7 CHF"], [1234.5, 7]),
        (["(12)", "7-"], [-12, -7]),
        (["45 %", "7 %"], [0.45, 0.07]),
        (["1,00,000.5", "7"], [100000.5, 7]),
    ],
)
def test_amounts_as_people_write_them(
    tmp_path: Path, cells: list[str], expected: list[float]
) -> None:
    table = brought(tmp_path, f"Lead ID\tRevenue\n1\t{cells[0]}\n2\t{cells[1]}\n").table
    assert table["revenue"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("Created", ["03/04/2026", "05/06/2026"], "3 April or 4 March"),
        ("Created", ["25/04/2026", "04/25/2026"], "both"),
        ("Revenue", ["1.234", "2.500"], "1234 or 1.234"),
        ("Revenue", ["1.234,5", "1,234.5"], "both"),
        ("Revenue", ["5 €", "$7"], "mixes currencies"),
    ],
)
def test_what_can_be_read_in_two_ways_is_said(
    tmp_path: Path, header: str, cells: list[str], why: str
) -> None:
    with pytest.raises(BadData, match=why):
        brought(tmp_path, f"Lead ID\t{header}\n1\t{cells[0]}\n2\t{cells[1]}\n")
    own = brought(tmp_path, f"Lead ID\tMy own\n1\t{cells[0]}\n2\t{cells[1]}\n")
    assert own.table["My own"].tolist() == cells
    (said,) = [one.note for one in own.detected if one.column == "My own"]
    assert why in said


def test_several_entries_in_a_cell_are_kept_and_said(tmp_path: Path) -> None:
    found = brought(tmp_path, "Lead ID,Likes\n1,tea;coffee\n2,coffee;water\n3,tea\n4,water\n")
    assert found.table["Likes"].tolist() == ["tea; coffee", "coffee; water", "tea", "water"]
    assert found.detected[-1].note == "several entries a cell"


def test_codes_and_telephones_are_no_numbers(tmp_path: Path) -> None:
    found = brought(tmp_path, "Lead ID,Zip,Long\n007,04001,1234567890123456\n8,28013,2\n")
    assert found.table["lead_id"].tolist() == ["007", "8"]
    assert found.table["Zip"].tolist() == ["04001", "28013"]
    assert found.table["Long"].tolist() == ["1234567890123456", "2"]


def test_one_column_stays_one_column(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    for header in ("Lead ID", "Company / Account", "E-mail", "What?"):
        path.write_text(f"{header}\nLorem\nIpsum\n")
        assert read_file(path).frame.rows() == [("Lorem",), ("Ipsum",)]


def _workbook(path: Path, cover: list[list[object]]) -> Path:
    """A cover, then leads whose IDs are shown as 00007."""
    with xlsxwriter.Workbook(path) as made:
        for at, row in enumerate(cover):
            (
                made.get_worksheet_by_name("Export Summary") or made.add_worksheet("Export Summary")
            ).write_row(at, 0, row)
        sheet, padded = made.add_worksheet("Data"), made.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, ["Lead ID", "Name", "E-mail", "Employees"])
        for at in (1, 2):
            sheet.write_row(at, 1, ["Ana", f"a{at}@x.pe", at])
            sheet.write_number(at, 0, 6 + at, padded)
        sheet.write_number(2, 3, 2, padded)
    return path


@pytest.mark.parametrize(
    "cover",
    [
        [["Export Summary"], ["Exported by", "Ana"], ["Rows", 2], ["On", "2026-01-01"]],
        [["Report", "From", "To"], ["Leads", "2026-01-01", "2026-01-31"], ["Rows", 2, None]],
        [],
    ],
)
def test_a_cover_is_passed_over_and_shown_zeros_stay(
    tmp_path: Path, cover: list[list[object]]
) -> None:
    table = prepare(_workbook(tmp_path / "leads.xlsx", cover), "leads").table
    assert table["lead_id"].tolist() == ["00007", "00008"]
    assert table["employees"].tolist() == [1, 2]


def test_of_several_tables_the_first_is_read(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "leads.xlsx") as made:
        for name in ("Leads", "More"):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, ["Lead ID", "Name", "E-mail"])
            sheet.write_row(1, 0, [name, "Ana", "a@x.pe"])
    assert prepare(tmp_path / "leads.xlsx", "leads").table["lead_id"].tolist() == ["Leads"]


def test_a_strict_workbook_is_read(tmp_path: Path) -> None:
    strict(_workbook(tmp_path / "leads.xlsx", []), tmp_path / "strict.xlsx")
    assert prepare(tmp_path / "strict.xlsx", "leads").table["lead_id"].tolist() == [
        "00007",
        "00008",
    ]
