"""Open a workbook file, read and write through xlwings, save it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Leads")
    sheet.add_table(
        "B3:D5",
        {
            "name": "Leads",
            "columns": [{"header": "ID"}, {"header": "Created"}, {"header": "Revenue"}],
            "data": [["L1", None, 10], ["L2", None, 20]],
        },
    )
    goals = book.add_worksheet("Goals")
    goals.write("A1", "Quota")
    goals.write("B1", 1000)
    book.define_name("quota", "=Goals!$B$1")
    book.close()
    return path


def test_values_names_and_tables_are_read(path: Path) -> None:
    book = open_book(path)
    table = book.sheets["Leads"].tables["Leads"]
    assert table.header_row_range.value == ["ID", "Created", "Revenue"]
    assert table.data_body_range.value == [["L1", None, 10.0], ["L2", None, 20.0]]
    assert book.names["quota"].refers_to_range.value == 1000
    assert book.sheets["Leads"]["B3"].expand().address == "$B$3:$D$5"


def test_a_table_grows_and_keeps_what_was_written(path: Path) -> None:
    book = open_book(path)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range.resize(4, 3))
    day = dt.datetime(2024, 2, 29, 13, 30)
    table.data_body_range.value = [["L1", day, 1], ["=L2", day, 2.5], [None, None, True]]
    book.names["quota"].refers_to_range.value = 2000
    book.save()
    again = open_book(path)
    table = again.sheets["Leads"].tables["Leads"]
    assert table.range.address == "$B$3:$D$6"
    assert table.data_body_range.value == [
        ["L1", day, 1.0],
        ["=L2", day, 2.5],
        [None, None, True],
    ]
    assert again.names["quota"].refers_to_range.value == 2000


def test_a_data_frame_is_written_and_read(path: Path) -> None:
    book = open_book(path)
    frame = pd.DataFrame({"a": [1.0, None], "b": ["x", None]})
    book.sheets["Goals"]["D1"].options(index=False).value = frame
    book.save()
    rows = open_book(path).sheets["Goals"]["D1:E3"].value
    assert rows == [["a", "b"], [1.0, "x"], [None, None]]


def test_what_is_not_built_says_so(path: Path) -> None:
    with pytest.raises(NotImplementedError, match=r"Sheet\.autofit"):
        open_book(path).sheets[0].autofit()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="is not there"):
        open_book(tmp_path / "none.xlsx")


def test_a_note_is_read_and_replaced(rich: Path) -> None:
    book = open_book(rich)
    cell = book.sheets["Leads"]["B4"]
    assert cell.note.text == "One row a lead"
    cell.note.text = "A lead is a row"
    book.save()
    assert [note.text for note in open_book(rich).sheets["Leads"].notes] == ["A lead is a row"]
    assert book.sheets["Leads"]["B5"].note is None


def test_text_that_looks_like_a_formula_stays_text_when_edited(path: Path) -> None:
    book = open_book(path)
    goals = book.sheets["Goals"]
    goals["A3"].options(ndim=2).value = [["=1+1", "+34 600", "-x", "@y", "plain"]]
    book.save()
    goals = open_book(path).sheets["Goals"]
    assert goals["A3:E3"].value == ["=1+1", "+34 600", "-x", "@y", "plain"]
    assert goals["A3"].formula == "=1+1"
    model = goals.impl.model
    assert not model.formulas
    marked = [
        model.document.styles.root.findall(".//{*}cellXfs/{*}xf")[model.style(3, column)]
        for column in range(1, 6)
    ]
    assert [entry.get("quotePrefix") for entry in marked] == ["1"] * 4 + [None]


def test_a_date_in_a_cell_without_format_is_shown_as_a_date(path: Path) -> None:
    book = open_book(path)
    goals = book.sheets["Goals"]
    goals["A3"].value = [dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 1, 8, 30)]
    goals["C3"].number_format = "0.00"
    goals["C3"].value = dt.datetime(2026, 3, 1)
    book.save()
    goals = open_book(path).sheets["Goals"]
    assert goals["A3:B3"].value == [dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 1, 8, 30)]
    assert [goals[2, at].number_format for at in range(3)] == ["m/d/yyyy", "m/d/yyyy h:mm", "0.00"]
    assert goals["C3"].value == 46082


def test_sheets_are_hidden_and_shown(path: Path) -> None:
    book = open_book(path)
    book.sheets["Goals"].visible = False
    with pytest.raises(WorkbookError, match="last visible sheet"):
        book.sheets["Leads"].visible = False
    book.save()
    assert [sheet.visible for sheet in open_book(path).sheets] == [True, False]
