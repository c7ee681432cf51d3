"""What the charts draw, in a workbook filled with the sample data and never opened in an office."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from smarketing_xl.hosts import opened
from tests.workbook.office import recalculated
from workbook.layout.review_data import GRADES, LEFT, MONTHS, SOURCES

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def book(demo_file: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(demo_file, data_only=True)


def part(book: openpyxl.Workbook, title: str) -> tuple[tuple[Any, ...], Rows]:
    """The headers and rows under a title among the numbers at the right."""
    lines = list(book["Review"].iter_rows(min_col=LEFT + 1, values_only=True))
    start = next(at for at, line in enumerate(lines) if line[0] == title)
    return lines[start + 1], lines[start + 2 :]


def table(book: openpyxl.Workbook, sheet: str, name: str) -> Rows:
    area = book[sheet].tables[name].ref
    return [tuple(cell.value for cell in row) for row in book[sheet][area]][1:]


def test_each_source_is_counted_once_and_the_others_make_up_the_rest(
    book: openpyxl.Workbook,
) -> None:
    headers, rows = part(book, "By month")
    at = headers.index("New customers")
    sources = headers[at + 1 : at + 1 + SOURCES]
    assert len(set(sources)) == SOURCES
    listed = table(book, "Attribution", "NewCustomers")
    for row in rows[:MONTHS]:
        month = [line for line in listed if line[0] == row[0]]
        assert row[at] == sum(line[2] for line in month)
        for source, count in zip(sources, row[at + 1 :], strict=False):
            assert count == sum(line[2] for line in month if line[1] == source)
        assert sum(row[at + 1 : at + 2 + SOURCES]) == row[at]


def test_leads_add_up_month_after_month(book: openpyxl.Workbook) -> None:
    headers, rows = part(book, "By month")
    delivered, added = (headers.index(name) for name in ("Leads delivered", "Delivered, added up"))
    months = rows[:MONTHS]
    assert [row[added] for row in months] == [
        sum(row[delivered] for row in months[: end + 1]) for end in range(MONTHS)
    ]


def test_every_graded_lead_is_in_one_grade_once(book: openpyxl.Workbook) -> None:
    _headers, rows = part(book, "By grade")
    headers = [cell.value for cell in book["Leads"][5]]
    twice = [line[headers.index("Duplicate of")] for line in table(book, "Leads", "Leads")]
    assert sum(row[1] for row in rows[:GRADES]) == twice.count(None) == 1935
    assert sum(row[2] for row in rows[:GRADES]) == 300


def test_the_persona_is_drawn_as_it_was_found(book: openpyxl.Workbook) -> None:
    for title, name, keys in (
        ("On history that was not learned from, by grade", "PersonaGrades", (0, 4, 5, 6, 9)),
        ("The persona and two models", "PersonaModels", (0, 1, 2, 3, 5)),
        ("What moved since the persona was agreed", "PersonaDrift", (0, 1, 2)),
        ("Rejected by sales, by criterion", "PersonaRejections", (0, 3, 4, 5)),
    ):
        _headers, drawn = part(book, title)
        found = table(book, "Suggestions", name)
        assert found[0][0], name
        for row, line in zip(drawn, found[:3], strict=False):
            assert row[: len(keys)] == pytest.approx(tuple(line[key] for key in keys)), name


def test_fit_and_interest_stand_apart(book: openpyxl.Workbook) -> None:
    headers, rows = part(book, "Leads by fit and engagement")
    assert headers[1:5] == tuple(f"Engagement {level}" for level in range(1, 5))
    leads = table(book, "Leads", "Leads")
    ratings = [cell for line in leads for cell in line if cell in ("A1", "A4", "D1")]
    assert rows[0][1] == ratings.count("A1") > 0
    assert rows[0][4] == ratings.count("A4") > 0
    assert sum(sum(row[1:5]) for row in rows[:GRADES]) == len(leads)


def test_what_the_persona_is_worth_is_said_in_words(book: openpyxl.Workbook) -> None:
    said = [str(cell.value) for cell in book["Review"]["A"] if cell.value]
    assert any(text.startswith("The persona ranks a good customer above") for text in said)
    assert (
        sum(text.startswith(("Logistic regression:", "Gradient boosting:")) for text in said) == 2
    )


def test_an_office_without_our_functions_shows_the_same_numbers(
    demo_file: Path, tmp_path: Path
) -> None:
    [file] = recalculated([demo_file], tmp_path, "ods")
    there = CalamineWorkbook.from_path(str(file))
    apart, count = [], 0
    with opened(demo_file, "file", save=False) as filled:
        for sheet in filled.sheets:
            ours = sheet.impl.model
            theirs = there.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            for row, column in ours.formulas:
                count += 1
                values = ours.value(row, column), theirs[row - 1][column - 1]
                if not _alike(*values):
                    apart.append((sheet.name, row, column, *values))
    assert count > 1000 and not apart


def _alike(one: Any, other: Any) -> bool:
    """The other's GAMMADIST has eight digits in a tail of 6 in 100,000."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11)
    if isinstance(one, dt.datetime) and type(other) is dt.date:
        other = dt.datetime.combine(other, dt.time())
    return bool((one or None) == (other or None))
