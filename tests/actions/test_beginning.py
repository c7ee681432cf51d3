"""A new workbook holds nothing that nobody entered; an example says that it is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from smarketing_xl import actions
from smarketing_xl.actions.beginning import shows_example
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.errors import SmarketingError
from smarketing_xl.example_names import ExampleName
from smarketing_xl.hosts import opened
from smarketing_xl.sample.gallery import GALLERY
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.named_cells import ANSWERS, TO_ENTER


def titles(book: Any) -> set[str]:
    return {str(sheet.range((1, 1)).value or sheet.range((1, 2)).value) for sheet in book.sheets}


def test_a_new_workbook_holds_no_number_and_no_persona(tmp_path: Path) -> None:
    path = make(tmp_path / "New.xlsm")
    with opened(path, "file") as book:
        actions.begin(book)
        book.save()
    with opened(path, "file", save=False) as book:
        assert set(read.read_cells(book, TO_ENTER).values()) == {None}
        assert set(read.read_cells(book, ANSWERS).values()) == {None}  # blank, and no error
        assert read.read_table(book, tables.PERSONAS).empty
        assert not read.read_table(book, tables.GRADES)["first_contact_hours"].any()
        assert not [title for title in titles(book) if "EXAMPLE" in title]
        with pytest.raises(SmarketingError, match="blank: Last year's sales, Growth target, Quota"):
            actions.plan(book)
        paper = tmp_path / "Agreement.pdf"
        with pytest.raises(SmarketingError, match="blank: Quota, Average revenue per customer"):
            actions.agreement_pdf(book, paper)
        assert not paper.exists()


def test_an_example_says_so_in_its_language_until_the_first_own_number(tmp_path: Path) -> None:
    path = make(tmp_path / "Ejemplo.xlsm", "es")
    with opened(path, "file") as book:
        actions.begin(book, "school")
        book.save()
    with opened(path, "file", save=False) as book:
        assert shows_example(book)
        assert len([title for title in titles(book) if "EJEMPLO" in title]) == len(tables.SHEETS)
        assert read.read_cells(book, named_cells.GOALS)["quota"] == pytest.approx(825_000)
        personas = read.read_table(book, tables.PERSONAS)
        assert personas["persona"].iloc[0] == "Adulto que cambia de carrera"
        assert personas["value"].iloc[1] == "Certificado"
        actions.plan(book)
        read.named_range(book, "last_year_sales").value = 500_000
        assert not shows_example(book)
        assert not [title for title in titles(book) if "EJEMPLO" in title]


@pytest.mark.parametrize("name", get_args(ExampleName))
def test_an_example_agrees_with_itself(name: ExampleName) -> None:
    example, numbers = GALLERY[name], GALLERY[name].numbers
    won = numbers["past_won"] / numbers["past_leads"]
    assert won == pytest.approx(numbers["typed_rate"], rel=0.01)
    rates = [rate for rate in example.stages[1:] if rate]
    assert rates[0] * rates[1] * rates[2] == pytest.approx(numbers["typed_rate"], rel=1e-12)
    assert {rule[1] for rule in example.rules} <= set(tables.LEADS.keys)


@pytest.mark.parametrize("name", get_args(ExampleName))
def test_goals_funnel_and_plan_of_an_example_need_as_many_leads(
    name: ExampleName, tmp_path: Path
) -> None:
    path = make(tmp_path / "Example.xlsx")
    with opened(path, "file", save=False) as book:
        actions.begin(book, name)
        actions.plan(book)
        needed = read.read_cells(book, named_cells.ANSWERS)["leads_needed"]
        assert needed and read.read_table(book, tables.FUNNEL)["volume"].iloc[1] == needed
        assert read.read_table(book, tables.PLAN)["leads"].sum() == needed
