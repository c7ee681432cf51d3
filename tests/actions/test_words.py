"""Messages and the log speak in the words of the sheets and formulas, not in those of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.actions.base import Summary, log_line
from smarketing_xl.attribution.models import MODELS
from smarketing_xl.book import read
from smarketing_xl.book.write import Named, commit, plan_writes
from smarketing_xl.cli.app import make
from smarketing_xl.errors import BadData, CellError, DivisionByZero
from smarketing_xl.hosts.file import open_book
from smarketing_xl.i18n import LANGUAGES, Language, _, speaking
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.named_cells import CELLS
from udfs.error_reasons import why
from udfs.functions import FORMULAS
from workbook import catalogue

OF_CODE = re.compile(
    r"[a-z]_[a-z]|\b(?:None|NaN|NaT|nan|inf|True|False|float64|dtype|Terms|DataFrame)\b|\w\(\)"
    r"|\('-?[0-9]+\.0'\)|datetime|\de\+\d|00:00:00"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[xw.Book]:
    opened = open_book(make(tmp_path_factory.mktemp("words") / "book.xlsm"))
    actions.begin(opened, "shop")
    yield opened
    opened.close()


def test_no_text_holds_a_name_of_the_code() -> None:
    choices = {"first, last, linear, time_decay, position, markov or shapley. markov if left out."}
    texts = {text for text, _file in catalogue.texts()} - choices
    assert [text for text in texts if OF_CODE.search(re.sub(r"\{[^{}]*\}", "", text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_shows_every_input_as_its_cell_does(language: Language) -> None:
    inputs = {cell.name: cell.value for cell in CELLS if cell.value and str(cell.value)[0] != "="}
    with speaking(language):
        (line,) = log_line(Summary("", 0, inputs=inputs)).values["inputs"]
        labels = [_(cell.label) for cell in CELLS if cell.name in inputs]
    assert [said.split(" = ")[0] for said in line.split("; ") if " = " in said] == labels
    assert OF_CODE.findall(line) == []
    if language == "en":
        assert "Last year's sales = 1,500,000; Growth target = 20 %;" in line
        assert "Sales cycle = 45 days; First month = 2026-01-01;" in line


def test_a_cell_that_cannot_be_read_is_named_by_its_label(book: xw.Book) -> None:
    typed = [cell for cell in CELLS if cell.kind not in (Kind.TEXT, Kind.CLOCK, Kind.ANY)]
    for cell in typed:
        read.named_range(book, cell.name).value = "?"
    with pytest.raises(BadData) as said:
        read.read_cells(book, CELLS)
    assert [fault.column for fault in said.value.faults] == [cell.label for cell in typed]
    assert OF_CODE.findall(str(said.value)) == []


def test_an_input_that_a_rule_refuses_is_called_as_its_cell(tmp_path: Path) -> None:
    book = open_book(make(tmp_path / "book.xlsm"))
    actions.begin(book, "shop")
    (revenue,) = [cell for cell in CELLS if cell.name == "avg_revenue"]
    commit(plan_writes(book, [Named(revenue, 0)]))
    with pytest.raises(DivisionByZero, match=r"^Average revenue per customer .* is zero"):
        actions.plan(book)
    read.named_range(book, "avg_revenue").value = 1e300
    with pytest.raises(BadData, match="is out of range"):
        actions.plan(book)
    read.named_range(book, "first_month").value = 1e300
    with pytest.raises(BadData, match="First month: is not a date"):
        actions.plan(book)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("given", ["x", -1.5, 1e12, None, CellError.NA, [["x"], [-1.0], [2.5]]])
def test_a_formula_says_what_is_wrong_by_its_arguments(name: str, given: object) -> None:
    formula = FORMULAS[name]
    formula.call(*[given] * len(formula.arguments), place="[B]S!$A$1")
    said = why("[B]S!$A$1")
    for word in (*(argument.name for argument in formula.arguments), *MODELS):
        said = said.replace(word, "")
    assert OF_CODE.findall(said) == []
    assert "Unexpected" not in said
