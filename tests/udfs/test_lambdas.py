"""The functions of a workbook without macros: as a file stores them, and run in another engine."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from xlsxwriter.workbook import Workbook

from smarketing_xl.elementwise import Number, elementwise
from smarketing_xl.errors import CellError
from smarketing_xl.i18n import LANGUAGES, Language, speaking
from smarketing_xl.schema.tables import HOLIDAYS
from smarketing_xl.sla.calendar import public_holidays
from tests.udfs.ironcalc_book import Book, parameters, same
from tests.vba.cases import FRIDAY, MONDAY, USUAL, cases, expected
from udfs.functions import FORMULAS
from udfs.lambdas.names import LONGEST_COMMENT, function, names
from udfs.lambdas.rules import of_rule
from udfs.lambdas.storage import MOST_CHARACTERS, stored

N = None
PATHS = (("Search > E-mail > Search",), ("E-mail",), (N,), ("Fair>Search",))
SOLD = ((3.0,), (2.0,), (9.0,), (1.0,))
LOST = ((1.0,), (0.0,), (N,), (4.0,))
PLANS: list[tuple[Any, ...]] = [
    (1.2e6, 1e4, 0.1, 0.0, 46023.0),
    (1.2e6, 1e4, 0.1, 45.0, 46040.0, ((0.5,), (0.25,), (0.25,)), False),
    (1.2e6, 1e4, 0.1, 45.0, 46040.0, ((0.5, 0.25, 0.3),)),
    (N, 1e4, 0.1, 45.0, 46040.0),
    ("x", 1e4, 0.1, 45.0, 46040.0),
    (-1.0, 1e4, 0.1, 45.0, 46040.0),
    (1.0, 0.0, 0.1, 45.0, 46040.0),
    (1.0, 1.0, 0.0, 45.0, 46040.0),
    (1.0, 1.0, 2.0, 45.0, 46040.0),
    (1.0, 1.0, 0.2, 1e5, 46040.0),
    (1.0, 1.0, 0.2, 10.0, "x"),
    (1.0, 1.0, 0.2, 10.0, N),
    (1.0, 1.0, 0.2, 10.0, 46040.0, 1.0),
    (1e6, 1e3, 0.2, 10.0, 46040.0, ((0.5,), ("x",))),
    (1e6, 1e3, 0.2, 10.0, 46040.0, ((0.5,), (CellError.NA,))),
    (1e6, 1e3, 0.2, 10.0, 46040.0, N, "x"),
    (1e6, 1e3, 0.2, 10.0, 46040.0, ((N,), (N,))),
]
CREDITS: list[tuple[Any, ...]] = [
    *((PATHS, SOLD, LOST, model) for model in ("first", "last", "linear", "Linear", "nope")),
    (PATHS, SOLD, LOST, "Primer toque"),
    (PATHS, SOLD, N, "linear", ((100.0,), (5.0,), (7.0,), (1.0,))),
    (PATHS, SOLD[:2], N, "last"),
    (PATHS, ((3.0,), ("x",), (1.0,), (1.0,)), N, "last"),
    (PATHS, ((3.0,), (-1.0,), (1.0,), (1.0,)), N, "last"),
    (PATHS, SOLD, ((1.0,), (-1.0,), (N,), (0.0,)), "first"),
    ((("A >",), ("B",)), ((1.0,), (1.0,)), N, "last"),
    ((("A",), ("B",)), ((1.0,), (CellError.NUM,)), N, "last"),
    ((("A",), (CellError.NA,)), ((1.0,), (1.0,)), N, "last"),
    (((N,), (N,)), ((1.0,), (1.0,)), N, "last"),
    (((5.0,), ("A",)), ((2.0,), (0.0,)), N, "last"),
    ((("A", "B"), ("A", "C")), SOLD[:2], N, "last"),
    ("A > B", 2.0, N, "linear"),
    (PATHS, SOLD, LOST, CellError.DIV0),
    (CellError.NA, SOLD, N, "last"),
]
PLACES = ("PA", "ES-MD")
DAY_ZERO = pd.Timestamp("1899-12-30")
WITHIN = [name for name, formula in FORMULAS.items() if formula.within]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """Workbooks that hold nothing but the functions."""
    folder = tmp_path_factory.mktemp("lambdas")
    for language in LANGUAGES:
        with Workbook(str(folder / f"{language}.xlsx")) as book:
            book.add_worksheet("Sheet")
            _add_holidays(book, language)
            for name, it in names(language).items():
                book.define_name(name, f"={it.text}")
    return {language: folder / f"{language}.xlsx" for language in LANGUAGES}


def _add_holidays(book: Workbook, language: Language) -> None:
    """The table that Fill SLA writes, in the order of another sort and with a blank row."""
    days = [(place, day) for place in PLACES for day in public_holidays(place)["day"]]
    rows = [[place, (day - DAY_ZERO).days, "x"] for place, day in days[::-1]] + [[None] * 3]
    columns = [{"header": column.title(language)} for column in HOLIDAYS]
    options = {"name": HOLIDAYS.name, "columns": columns, "data": rows}
    book.add_worksheet("Lists").add_table(4, 20, 4 + len(rows), 22, options)


@pytest.mark.parametrize("name", WITHIN)
def test_another_engine_answers_as_python_does(books: dict[Language, Path], name: str) -> None:
    given = {"LEAD_PLAN": PLANS, "ATTRIBUTE_PATHS": CREDITS}.get(name) or cases(name)
    answers = Book(books["en"]).answers(name, given)
    different = [
        f"{name}{cells}: {shown}, Python {expected(name, cells)}"
        for cells, shown in zip(given, answers, strict=True)
        if not same(shown, expected(name, cells))
    ]
    assert different == []


def test_every_formula_of_numbers_can_be_one() -> None:
    needing = {name for name, formula in FORMULAS.items() if not formula.within}
    assert needing == {"PERSONA_SCORE", "PERSONA_BEST", "PERSONA_WHY", "ATTRIBUTE_TOUCHES"}
    assert USUAL.keys() <= set(WITHIN)


@pytest.mark.parametrize("name", ["BUSINESS_HOURS", "FOLLOW_UP_DUE", "SLA_STATUS", "SLA_PACE"])
def test_holidays_are_those_of_the_table(books: dict[Language, Path], name: str) -> None:
    started = [MONDAY + 3.37 * step for step in range(0, 300, 7)]  # more than two years
    first = {
        "BUSINESS_HOURS": lambda at: (at, at + 40.4),
        "FOLLOW_UP_DUE": lambda at: (at, 31.5),
        "SLA_STATUS": lambda at: (at, N, 9.0, at + 2.0),
        "SLA_PACE": lambda at: (60.0, 110.0, at),
    }[name]
    weeks = (("PA", "1-5"), (" pa", "1-7"), ("ES-MD", "1-6"), ("es-md", "5"))
    given = [
        (*first(at), 9.0, 18.0, week, place)
        for (place, week), at in itertools.product(weeks, started)
    ]
    answers = Book(books["es"]).answers(name, given)
    with speaking("es"):
        wanted = [expected(name, cells) for cells in given]
    assert [cells for cells, shown, it in zip(given, answers, wanted, strict=True)
            if not same(shown, it)] == []  # fmt: skip
    assert len({str(shown) for shown in answers}) > 1


def test_a_country_that_is_not_in_the_table_is_not_available(
    books: dict[Language, Path], tmp_path: Path
) -> None:
    assert Book(books["en"]).ask(f'=BUSINESS_HOURS({FRIDAY},{MONDAY},,,,"US")') == "#N/A"
    old = tmp_path / "old.xlsx"  # made before there was such a table
    with Workbook(str(old)) as book:
        book.add_worksheet("Sheet")
        book.define_name("BUSINESS_HOURS", f"={names('en', {})['BUSINESS_HOURS'].text}")
    assert Book(old).ask(f'=BUSINESS_HOURS({FRIDAY},{MONDAY},,,,"PA")') == "#N/A"
    assert Book(old).ask(f"=BUSINESS_HOURS({FRIDAY},{MONDAY})") == pytest.approx(2)


def test_a_renamed_header_is_followed() -> None:
    headers = {"country": "País [ISO]", "day": "Day #1", "holiday": "x"}
    text = names("en", headers)["SLA_PACE"].text
    assert "Holidays[País '[ISO']]=" in text and "Holidays[Day '#1]" in text


def test_arguments_may_be_left_out(books: dict[Language, Path]) -> None:
    book = Book(books["en"])
    assert book.ask("=REQUIRED_LEADS(1000000,300000,0.1)") == 34
    assert book.ask("=REQUIRED_LEADS(1000000,300000,0.1,)") == 34
    assert book.ask(f"=BUSINESS_HOURS({FRIDAY},{MONDAY},,,)") == pytest.approx(2)
    assert book.ask(f"=SLA_STATUS({FRIDAY},,2)") == "Late"  # as of now
    assert book.ask("=LEADS_FOR_PROBABILITY(0.5,600000,6000,150,1000)") == 664


def test_labels_are_those_of_the_workbook(books: dict[Language, Path]) -> None:
    book = Book(books["es"])
    assert book.ask(f"=SLA_STATUS({FRIDAY},,2,{MONDAY})") == "Vence pronto"
    assert book.ask("=INDEX(LEAD_PLAN(1200000,10000,0.1,0,46023),1,1)") == "Mes"


def test_models_that_need_python_are_not_available(books: dict[Language, Path]) -> None:
    book = Book(books["en"])
    for model in ("markov", "shapley", "position"):
        assert book.ask(f'=ATTRIBUTE_PATHS("A > B",2,1,"{model}")') == "#N/A"
    assert book.ask('=ATTRIBUTE_PATHS("A > B",2,1)') == "#N/A"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_as_excel_stores_them(language: Language) -> None:
    for name, it in names(language).items():
        assert len(it.text) <= MOST_CHARACTERS
        assert 0 < len(it.comment) <= LONGEST_COMMENT
        bound = set(parameters(it.text))
        declared = [argument.name for argument in FORMULAS[name].arguments]
        assert bound >= set(declared)
        for word in bound:
            assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[rc]\d*|r\d+c\d+", word, re.IGNORECASE), word
            called = re.search(rf"\b_xlpm\.{word}\(", it.text)
            assert not called or f"_xlpm.{word},_xlfn.LAMBDA(" in it.text, f"{name} calls {word}"
        for optional in FORMULAS[name].arguments:
            assert (f"_xlop.{optional.name}," in it.text) == optional.optional
        assert f"{name}(" not in it.text  # none calls itself or another
        assert not any(f"{other}(" in it.text for other in FORMULAS)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("LAMBDA(a,b)", "nothing declares b"),
        ("LET(a,b,b,1,a)", "nothing declares b"),
        ("LET(a1,1,a1)", "reads like a cell"),
        ("LAMBDA(r,r)", "reads like a cell"),
        ("LAMBDA(now,NOW())", "reads like a cell or a function"),
        ("LET(a,LET(a,1,a),a)", "hides another"),
        ("LAMBDA(a,OFFSET(a,1,1))", "no function that we use"),
        ("LAMBDA(a,(a)", "brackets"),
        ("LAMBDA(a,#SPILL!)", "no error of ours"),
        (f"LAMBDA(a,a{'+a' * 2000})", "characters"),
    ],
)
def test_what_excel_would_not_take_is_refused(wrong: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        stored(wrong)


def test_a_rule_writes_itself_down() -> None:
    @elementwise(part=Number("leads", low=0, at_most="whole"), whole=Number("leads", divisor=True))
    def share(part: Any, whole: Any) -> Any:
        return part / whole

    text = of_rule(share)
    assert "v_part/v_whole" in text and "IF(v_part>v_whole,#NUM!,0)" in text
    assert "#DIV/0!" in text


def test_people_read_plain_names() -> None:
    text = function(FORMULAS["CAC"])
    assert text.startswith("LAMBDA(cost,customers,LET(") and "_xl" not in text
