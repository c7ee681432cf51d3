"""Workbooks, sheets, names and tables of Calc through xlwings."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.book import read
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import calc, opened
from smarketing_xl.schema import tables
from tests.hosts.file.test_1904_and_apostrophes import dates, fill, new


def test_the_engine_is_known_to_xlwings(app: xw.App) -> None:
    assert calc.calc_engine().name == "calc"
    assert xw.engines["calc"].impl is calc.calc_engine().impl
    assert app.engine.name == "calc"
    assert app in list(calc.calc_engine().apps)


def test_a_book_has_its_files_name_and_path(smarketing: xw.Book, tmp_path: Path) -> None:
    assert smarketing.name == "Mein Trichter ñ.xlsm"
    assert Path(smarketing.fullname) == tmp_path / "Mein Trichter ñ.xlsm"
    assert smarketing in list(smarketing.app.books)
    assert smarketing.app.books[smarketing.name].fullname == smarketing.fullname


def test_sheets_in_order_by_name_and_number(smarketing: xw.Book) -> None:
    names = [sheet.name for sheet in smarketing.sheets]
    assert names[:3] == ["Home", "Personas", "Goals"]
    assert smarketing.sheets["Goals"].index == 3
    assert smarketing.sheets[2].name == "Goals"
    with pytest.raises(KeyError):
        smarketing.sheets["No such sheet"]


def test_a_sheet_is_added_renamed_hidden_and_deleted(book: xw.Book) -> None:
    added = book.sheets.add("Extra", before=book.sheets[0])
    assert [sheet.name for sheet in book.sheets] == ["Extra", "Sheet1"]
    added.visible = False
    assert not book.sheets["Extra"].visible
    added.name = "Renamed"
    book.sheets["Renamed"].delete()
    assert [sheet.name for sheet in book.sheets] == ["Sheet1"]


def test_named_cells_are_found(smarketing: xw.Book) -> None:
    quota = smarketing.names["quota"]
    cell = quota.refers_to_range
    assert cell.sheet.name == "Goals"
    assert quota.refers_to == f"=Goals!{cell.address}"
    assert smarketing.sheets["Home"].range("quota") == cell
    assert read.language(smarketing) == "en"
    assert "QUOTA" in smarketing.names
    assert "no_such_name" not in smarketing.names


def test_names_are_added_changed_and_deleted(book: xw.Book) -> None:
    book.names.add("rate", "=Sheet1!$A$1")
    assert book.names["rate"].refers_to_range.address == "$A$1"
    book.names["rate"].refers_to = "=Sheet1!$B$2:$C$3"
    assert book.names["rate"].refers_to_range.address == "$B$2:$C$3"
    book.names["rate"].delete()
    assert "rate" not in book.names


def test_every_table_of_the_workbook_is_found_with_its_headers(smarketing: xw.Book) -> None:
    for table in tables.TABLES:
        place = read.find_table(smarketing, table)
        assert set(table.keys) <= set(place.offsets), table.name


def test_a_table_grows_with_formats_and_calculated_columns(smarketing: xw.Book) -> None:
    plan = smarketing.sheets["Goals"].tables["Plan"]
    body = plan.data_body_range
    area = plan.range.resize(plan.range.shape[0] + 3)
    plan.resize(area)
    assert plan.range.shape[0] == body.shape[0] + 4
    new = area[-3:, :]
    assert new[:, 0].value == [None] * 3
    assert new[0, 0].number_format == body[0, 0].number_format
    calculated = [row[2] for row in new.formula]
    share = "Plan[[#This Row],[Share of the year]]/SUM(Plan[Share of the year])"
    assert calculated == [f'=IF(quota="","",quota*{share})'] * 3
    new[0, 1].value = 0.5
    quota = smarketing.names["quota"].refers_to_range
    assert new[0, 2].value == pytest.approx(0.5 / 1.5 * quota.value)


def test_growing_over_cells_in_use_leaves_them(smarketing: xw.Book) -> None:
    plan = smarketing.sheets["Goals"].tables["Plan"]
    below = plan.range[-1, 0].row + 1
    smarketing.sheets["Goals"].range((below, plan.range.column)).value = "mine"
    plan.resize(plan.range.resize(plan.range.shape[0] + 2))
    assert plan.range[-2, 0].value == "mine"


def test_a_table_shrinks(smarketing: xw.Book) -> None:
    plan = smarketing.sheets["Goals"].tables["Plan"]
    plan.resize(plan.range.resize(4))
    assert plan.data_body_range.shape[0] == 3


def test_a_table_is_made_of_a_range(book: xw.Book) -> None:
    book.sheets[0]["B2"].value = [["lead", "score"], ["a", 1], ["b", 2]]
    table = book.sheets[0].tables.add(book.sheets[0]["B2:C4"], name="Scores")
    assert table.header_row_range.value == ["lead", "score"]
    assert table.data_body_range.address == "$B$3:$C$4"
    book.sheets[0]["E1"].formula = "=SUM(Scores[score])"
    assert book.sheets[0]["E1"].value == 3
    table.resize(book.sheets[0]["B2:C3"])
    assert book.sheets[0]["E1"].value == 1


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".ods"])
def test_a_book_is_saved_in_the_format_of_its_suffix(
    book: xw.Book, tmp_path: Path, suffix: str
) -> None:
    book.sheets[0]["A1"].value = "kept"
    path = tmp_path / f"saved{suffix}"
    book.save(path)
    assert Path(book.fullname) == path
    with zipfile.ZipFile(path) as parts:
        assert ("xl/workbook.xml" in parts.namelist()) == (suffix != ".ods")
    book.sheets[0]["A1"].value = "kept too"
    book.save()
    again = book.app.books.open(str(path), read_only=True)
    assert again.sheets[0]["A1"].value == "kept too"
    again.close()


def test_a_book_without_a_file_says_so(book: xw.Book, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="has no file yet"):
        book.save()
    with pytest.raises(WorkbookError, match=r"does not save a workbook as \.csv"):
        book.save(tmp_path / "a.csv")


def test_what_cannot_be_opened_says_why(app: xw.App, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsm").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(WorkbookError, match=r"cannot read .*broken\.xlsm"):
        app.books.open(str(tmp_path / "broken.xlsm"))


def test_two_books_are_kept_apart(app: xw.App) -> None:
    one, other = app.books.add(), app.books.add()
    try:
        one.sheets[0]["A1"].value = 1
        other.sheets[0]["A1"].value = 2
        assert one.sheets[0]["A1"].value == 1
        assert one != other
    finally:
        one.close()
        other.close()


def test_settings_of_the_application(app: xw.App, book: xw.Book) -> None:
    with app.properties(calculation="manual", screen_updating=False):
        assert app.calculation == "manual"
        book.sheets[0]["A1"].value = 3
        book.sheets[0]["A2"].formula = "=A1+1"
    app.calculate()
    assert book.sheets[0]["A2"].value == 4
    app.status_bar = "Scoring leads"
    assert app.status_bar == "Scoring leads"
    app.status_bar = False
    assert app.status_bar == ""


def test_days_of_1904_and_apostrophes(app: xw.App, tmp_path: Path) -> None:
    path = new(tmp_path)
    with opened(path, "file", save=False) as book:
        wanted = dates(book)
    book = app.books.open(str(path))
    try:
        assert dates(book) == wanted
        fill(book, tmp_path)
        assert dates(book) == wanted
    finally:
        book.close()
