"""Cells of an open Calc document through xlwings."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl.errors import CellError

NOON = dt.datetime(2026, 3, 1, 12, 30)
DAY = dt.datetime(2026, 3, 1)


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    return book.sheets[0]


@pytest.mark.parametrize(
    "value",
    [1.5, -3.0, "text", "=1+1", "'quoted", "12", True, False, NOON, DAY, None, "José & <ñ>"],
)
def test_a_cell_gives_back_what_was_written(sheet: xw.Sheet, value: object) -> None:
    sheet["B2"].value = value
    assert sheet["B2"].value == value
    assert type(sheet["B2"].value) is type(value)


def test_a_block_keeps_numbers_texts_dates_truth_values_and_blanks(sheet: xw.Sheet) -> None:
    rows = [[1.0, "one", DAY, True], [None, None, None, None], [2.5, "", NOON, False]]
    sheet["B2"].value = rows
    rows[2][1] = None
    assert sheet["B2:E4"].value == rows
    assert sheet["A1:F5"].options(ndim=2).value[0] == [None] * 6


def test_one_row_one_column_and_one_cell_have_the_shapes_of_excel(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, 2], [3, 4]]
    assert sheet["A1:B1"].value == [1, 2]
    assert sheet["A1:A2"].value == [1, 3]
    assert sheet["B2"].value == 4
    assert sheet["A1:A2"].options(ndim=2).value == [[1], [3]]


def test_a_list_fills_a_row_and_one_value_fills_a_range(sheet: xw.Sheet) -> None:
    sheet["A1"].value = ["a", "b", "c"]
    sheet["A2:C3"].value = 7
    assert sheet["A1:C3"].value == [["a", "b", "c"], [7, 7, 7], [7, 7, 7]]


def test_a_data_frame_comes_back(sheet: xw.Sheet) -> None:
    frame = pd.DataFrame({"n": [1.0, np.nan], "t": ["x", "y"], "d": [DAY, pd.NaT]})
    sheet["A1"].options(index=False).value = frame
    assert sheet["A1:C3"].value == [["n", "t", "d"], [1.0, "x", DAY], [None, "y", None]]
    back = sheet["A1"].options(pd.DataFrame, index=False, expand="table").value
    assert back["n"].iloc[0] == 1.0


def test_numpy_numbers_are_numbers(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [np.int64(3), np.float32(0.5), np.bool_(True), np.nan]
    assert sheet["A1:D1"].value == [3.0, 0.5, True, None]


def test_dates_keep_the_format_that_the_cell_had(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "mmm yyyy"
    sheet["A1"].value = DAY
    sheet["A2"].value = DAY
    sheet["A3"].value = NOON
    assert sheet["A1"].number_format.lower() == "mmm yyyy"
    assert sheet["A2"].api.getCellByPosition(0, 0).getString() == "2026-03-01"
    assert sheet["A3"].api.getCellByPosition(0, 0).getString() == "2026-03-01 12:30"


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=1/0", CellError.DIV0),
        ("=NA()", CellError.NA),
        ("=10^400", CellError.NUM),
        ('="a"+1', CellError.VALUE),
        ("=NO_SUCH_NAME", "#NAME?"),
    ],
)
def test_errors_read_as_blank_or_as_their_text(sheet: xw.Sheet, formula: str, shown: str) -> None:
    sheet["A1"].formula = formula
    assert sheet["A1"].value is None
    assert sheet["A1"].options(err_to_str=True).value == shown


@pytest.mark.parametrize("error", list(CellError))
def test_an_error_written_is_an_error(sheet: xw.Sheet, error: CellError) -> None:
    sheet["A1"].value = [1.0, error, "text"]
    assert sheet["A1:C1"].options(err_to_str=True).value == [1.0, error, "text"]


def test_formulas_are_written_and_read_as_in_excel(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [2.0, 3.0]
    sheet["C1"].formula = "=SUM($A$1:B1, 5)"
    assert sheet["C1"].value == 10
    assert sheet["C1"].formula == "=SUM($A$1:B1, 5)"
    assert sheet["A1:C1"].formula == (("2", "3", "=SUM($A$1:B1, 5)"),)
    sheet["D1:E2"].formula = "=A1+$A1"
    assert sheet["D1:E2"].formula == (("=A1+$A1", "=B1+$A1"), ("=A2+$A2", "=B2+$A2"))
    sheet["A2:B2"].formula = [["=A1*2", "=B1*2"]]
    assert sheet["A2:B2"].value == [4, 6]


def test_array_formulas(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1.0], [2.0]]
    sheet["B1:B2"].formula_array = "=A1:A2*10"
    assert sheet["B1:B2"].value == [10, 20]
    assert sheet["B1:B2"].formula_array == "=A1:A2*10"
    assert sheet["B1"].has_array


def test_text_that_begins_with_an_equals_sign_stays_text(sheet: xw.Sheet) -> None:
    sheet["A1"].value = '=HYPERLINK("http://example.org")'
    assert sheet["A1"].value == '=HYPERLINK("http://example.org")'


def test_notes_survive_writing(sheet: xw.Sheet) -> None:
    assert sheet["A1"].note is None
    sheet["B2"].add_note("What one customer brings")
    sheet["A1:C3"].value = 5
    sheet["B2"].value = 6
    sheet["B2"].formula = "=1+1"
    assert sheet["B2"].note.text == "What one customer brings"
    sheet["B2"].note.text = "changed"
    assert sheet["B2"].note.text == "changed"
    sheet["B2"].note.delete()
    assert sheet["B2"].note is None


def test_expand_goes_to_the_first_gap(sheet: xw.Sheet) -> None:
    sheet["B2"].value = [["a", "b", "c"], [1, 2, None], [3, None, None], [None, 9, 9]]
    assert sheet["B2"].expand().address == "$B$2:$D$4"
    assert sheet["B2"].expand("down").address == "$B$2:$B$4"
    assert sheet["B2"].expand("right").address == "$B$2:$D$2"
    assert sheet["G9"].expand().address == "$G$9"


def test_clearing(sheet: xw.Sheet) -> None:
    sheet["A1"].value = 5
    sheet["A1"].color = (255, 0, 10)
    sheet["A1"].number_format = "0.00"
    sheet["A1"].clear_contents()
    assert sheet["A1"].value is None
    assert sheet["A1"].color == (255, 0, 10)
    sheet["A1"].clear()
    assert sheet["A1"].color is None
    sheet["A1"].color = "#0a0b0c"
    assert sheet["A1"].color == (10, 11, 12)


def test_addresses(sheet: xw.Sheet) -> None:
    assert sheet.range((2, 3), (4, 5)).address == "$C$2:$E$4"
    assert sheet.range("C2").get_address(False, False) == "C2"
    assert sheet[0, 0].address == "$A$1"
    assert sheet["A1:C3"][1:, 0].address == "$A$2:$A$3"
    assert sheet.range("A1:B2").count == 4
    assert sheet["A1"].get_address(include_sheetname=True) == "'Sheet1'!$A$1"
    assert sheet["A1"].get_address(external=True) == f"'[{sheet.book.name}]Sheet1'!$A$1"


def test_what_is_not_built_says_so(sheet: xw.Sheet) -> None:
    with pytest.raises(NotImplementedError, match=r"Range\.merge is not available"):
        sheet["A1"].merge()
    with pytest.raises(NotImplementedError, match=r"Sheet\.charts is not available"):
        _ = sheet.charts
