"""The committed workbooks are what their text says, and every table and cell is in them."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from smarketing_xl.i18n import LANGUAGES, Language, translate
from smarketing_xl.sample import AS_OF
from smarketing_xl.schema.formulas import labelled
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.named_cells import CELLS
from smarketing_xl.schema.tables import BY_NAME, CHOICES, SHEETS, TABLES
from smarketing_xl.sla.office_hours import clock_hours
from workbook.build import FILES, build
from workbook.layout.canvas import codename

ERRORS = {"#VALUE!", "#NUM!", "#DIV/0!", "#N/A", "#NAME?", "#REF!"}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def built(language: Language) -> bytes:
    return build(language)


@pytest.fixture(scope="module")
def book(built: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(built))


def test_building_again_gives_the_same_bytes(built: bytes, language: Language) -> None:
    assert build(language) == built


def test_the_committed_workbook_is_the_one_built_from_its_text(
    built: bytes, language: Language
) -> None:
    with zipfile.ZipFile(io.BytesIO(built)) as fresh, zipfile.ZipFile(FILES[language]) as kept:
        assert fresh.namelist() == kept.namelist(), "run: python workbook/build.py"
        changed = [name for name in fresh.namelist() if fresh.read(name) != kept.read(name)]
    assert changed == [], "run: python workbook/build.py"


def test_what_formulas_keep_is_of_the_day_of_the_examples_whenever_it_is_built(
    built: bytes,
) -> None:
    kept = openpyxl.load_workbook(io.BytesIO(built), data_only=True)
    ((sheet, cell),) = kept.defined_names["as_of"].destinations
    assert kept[sheet][cell].value.date() == AS_OF.date()


def test_every_part_is_well_formed(built: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(built)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                etree.fromstring(package.read(name))


def test_every_sheet_stands_in_order_under_its_code_name(
    book: openpyxl.Workbook, built: bytes, language: Language
) -> None:
    titles = [translate(title, language) for title in SHEETS.values()]
    assert book.sheetnames[: len(SHEETS)] == titles
    with zipfile.ZipFile(io.BytesIO(built)) as package:
        project = package.read("xl/vbaProject.bin")
        for number, key in enumerate(SHEETS, start=1):
            sheet = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert f'codeName="{codename(key)}"' in sheet
            assert codename(key).encode() in project


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_its_headers_in_the_language(
    book: openpyxl.Workbook, language: Language, table: object
) -> None:
    sheets = dict(zip(SHEETS, book.worksheets, strict=False))  # hidden helpers stand behind
    found = sheets[table.sheet].tables[table.name]  # type: ignore[attr-defined]
    titles = [column.title(language) for column in table]  # type: ignore[attr-defined]
    assert [column.name for column in found.tableColumns] == titles
    assert len({title.lower() for title in titles}) == len(titles), "two headers are the same"


def test_no_table_stands_below_another_thing_that_grows(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        areas = [openpyxl.utils.range_boundaries(table.ref) for table in sheet.tables.values()]
        for left, top, right, _bottom in areas:
            below = [
                cell.coordinate
                for row in sheet.iter_rows(min_row=top, min_col=left, max_col=right)
                for cell in row
                if cell.value is not None and not _inside(cell, areas)
            ]
            assert below == [], sheet.title


def _inside(cell: object, areas: list[tuple[int, int, int, int]]) -> bool:
    row, column = cell.row, cell.column  # type: ignore[attr-defined]
    return any(
        top <= row <= bottom and left <= column <= right for left, top, right, bottom in areas
    )


def test_every_named_cell_and_list_can_be_found(
    book: openpyxl.Workbook, language: Language
) -> None:
    names = book.defined_names
    assert names["smarketing_language"].value == f'"{language}"'

    def title(table: str, key: str) -> str:
        return BY_NAME[table][key].title(language)

    for cell in CELLS:
        [(sheet, address)] = names[cell.name].destinations
        value = book[sheet][address].value
        if cell.formula:
            assert value == labelled(cell.formula, title)
        elif cell.choices:
            assert value == cell.choices.shown(language)[str(cell.value)]
        elif cell.kind is Kind.CLOCK:
            assert clock_hours(value) == cell.value
        elif isinstance(cell.value, str):
            assert value == translate(cell.value, language)
        elif isinstance(value, dt.time):
            assert value.hour + value.minute / 60 == cell.value
        elif not hasattr(cell.value, "year"):
            assert value == cell.value
    for choices in CHOICES:
        [(sheet, area)] = names[choices.name].destinations
        entries = [row[0].value for row in _rows(book[sheet][area])]
        assert entries == list(choices.shown(language).values())


def _rows(area: object) -> tuple[tuple[object, ...], ...]:
    return area if isinstance(area, tuple) else ((area,),)


def test_no_formula_shows_an_error_and_all_have_a_value(built: bytes) -> None:
    formulas = openpyxl.load_workbook(io.BytesIO(built))
    values = openpyxl.load_workbook(io.BytesIO(built), data_only=True)
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert values[sheet.title][cell.coordinate].value not in ERRORS


def test_the_goals_show_the_numbers_of_the_example(built: bytes) -> None:
    """1,500,000 grown by 20 % is 1,800,000: at 6,000 each 300 customers, at 15 % 2,000 leads."""
    values = openpyxl.load_workbook(io.BytesIO(built), data_only=True)

    def of(name: str) -> object:
        [(sheet, address)] = values.defined_names[name].destinations
        return values[sheet][address].value

    assert (of("quota"), of("customers_needed"), of("leads_needed")) == (1_800_000, 300, 2_000)


def test_libreoffice_opens_it_and_keeps_every_sheet(
    built: bytes, tmp_path: Path, language: Language
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    source = tmp_path / "book.xlsm"
    source.write_bytes(built)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(source)]
    subprocess.run([office, profile, *convert], check=True, capture_output=True, timeout=180)
    opened = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)
    assert opened.sheetnames == openpyxl.load_workbook(source).sheetnames
    [(sheet, address)] = opened.defined_names["leads_needed"].destinations
    assert opened[sheet][address].value == 2_000
