"""One table of cells, read by all four doors alike: import, criterion, repair, formula."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.blanks import is_blank
from smarketing_xl.book.repair import _meant
from smarketing_xl.elementwise import to_numbers
from smarketing_xl.i18n import speaking
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.parsing.date_columns import parse_dates
from smarketing_xl.parsing.dates import as_moment
from smarketing_xl.parsing.number_columns import parse_numbers
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.parsing.ranges import as_range
from smarketing_xl.parsing.text import fold, fold_words
from smarketing_xl.parsing.text_columns import folded_words
from smarketing_xl.personas import attributes
from smarketing_xl.personas.criteria import read_personas
from smarketing_xl.schema.convert import typed
from smarketing_xl.schema.tables import LEADS

POINT = {  # how it is written in a column whose decimals begin with a point
    "1,234.50": 1234.5, "EUR 50": 50, "R$ 5": 5, "(12)": -12, "1'234": 1234, "-7": -7, "7-": -7,
    "B/. 1,234.50": 1234.5, "B/.12": 12, "S/ 1,200.50": 1200.5, "S/.3": 3, "Bs 9": 9,
    "Bs. 1,500": 1500,
    "Q 1,000": 1000, "Q25": 25, "L 30.50": 30.5, "₲ 1,500,000": 1500000, "G$ 5": 5, "C$ 6": 6,
    "RD$ 1,000.00": 1000, "$U 8": 8, "US$ 4": 4, "$1,234.50 MXN": 1234.5, "mxn 3.5": 3.5,
    "4 PEN": 4, "5 usd": 5, "$45,000": 45000, "($5)": -5, "−3": -3, "5k": 5000, "1.2M": 1200000,
    ".5": 0.5, "£2": 2, "2 kr": 2, "₡ 7": 7, "PYG 1,000": 1000, "COP 2,000": 2000, "45 000": 45000,
}  # fmt: skip
COMMA = {
    "1.234,50": 1234.5, "45.000 €": 45000, "1.234.567": 1234567, "45,5": 45.5, "R$ 1.000,00": 1000,
    "₲ 1.500.000": 1500000, "2.000 USD": 2000, "1.234,5 Bs": 1234.5, "(2,5) €": -2.5, "Gs. 5": 5,
}  # fmt: skip
NO_NUMBER = ("ten", "12 cars", "1.2.3", "1,2,3", "2026-03-31", "€", "Q", "B/.", "A1")
BLANKS = ("NULL", "null", "(empty)", "N/A", "n/a", "#N/A", "(No value)", "None", "—", "  ", "NaN",
          "(sin valor)", "(not set)", "nil", "undefined")  # fmt: skip
MOMENTS = {
    "2026-03-31": dt.datetime(2026, 3, 31), "31/3/2026": dt.datetime(2026, 3, 31),
    "31 mar 2026": dt.datetime(2026, 3, 31), "2026.03.31": dt.datetime(2026, 3, 31),
    "31.3.26": dt.datetime(2026, 3, 31), "31-Mar-26": dt.datetime(2026, 3, 31),
    "Mar 31, 2026": dt.datetime(2026, 3, 31), "31 de marzo de 2026": dt.datetime(2026, 3, 31),
    "martes, 31 de marzo de 2026": dt.datetime(2026, 3, 31), "20260331": dt.datetime(2026, 3, 31),
    "2026-03-31T15:04:00Z": dt.datetime(2026, 3, 31, 15, 4),
    "2026-03-31 15:04 GMT": dt.datetime(2026, 3, 31, 15, 4),
    "31/03/2026 3:04 p. m.": dt.datetime(2026, 3, 31, 15, 4),
    "46106.4375": dt.datetime(2026, 3, 25, 10, 30), "1 sept. 2026": dt.datetime(2026, 9, 1),
}  # fmt: skip
NO_DATE = ("soon", "2026-02-30", "31/31/2026", "1-3/2026", "12", "Ana")


def by_import(cells: list[str], header: str, key: str, folder: Path) -> list[object]:
    path = folder / "export.csv"
    path.write_text("\n".join([f"Lead ID\t{header}", *(f"L{n}\t{c}" for n, c in enumerate(cells))]))
    return list(prepare(path, "leads").table[key])


def by_repair(cells: list[str], key: str) -> list[object]:
    raw = pd.Series(cells, dtype=object)
    return list(_meant(raw, LEADS[key], "en").reindex(raw.index))


def by_criterion(cell: str) -> float | None:
    """The points of a criterion typed so: they go through the same reader as its values."""
    row = {
        "persona": "P",
        "attribute": "Income",
        "operator": "at_least",
        "value": cell,
        "weight": cell,
    }
    (persona,) = read_personas(pd.DataFrame([row], index=[4]))
    return persona.criteria[0].weight


def by_formula(cells: list[str], need: str) -> list[object]:
    return list(attributes.typed(pd.Series(cells, dtype=object), {need}))


ONE_CURRENCY = [text for text in POINT if not any(map(str.isalpha, text)) and "$" not in text]


@pytest.mark.parametrize("table", [POINT, COMMA], ids=["point", "comma"])
def test_every_door_reads_a_cell_as_the_same_number(table: dict[str, float], tmp_path: Path):
    cells, wanted = list(table), pytest.approx(list(table.values()))
    with speaking("es" if table is COMMA else "en"):
        assert by_formula(cells, "number") == wanted
        assert [by_criterion(cell) for cell in cells if table[cell] > 0] == pytest.approx(
            [value for value in table.values() if value > 0]
        )
        assert [as_number(cell) for cell in cells] == wanted
    assert parse_numbers(pl.Series(cells)).values.to_list() == wanted
    sure = "9,999.50" if table is POINT else "9.999,50"
    for cell, value in table.items():  # one currency a file, beside a cell that settles the mark
        assert by_import([cell, sure, sure], "Income", "income", tmp_path)[0] == pytest.approx(
            value
        )
        assert by_repair([cell, sure, sure], "income")[0] == pytest.approx(value)


def test_no_door_makes_a_number_of_what_is_none():
    column = parse_numbers(pl.Series(NO_NUMBER))
    assert column.bad.all()
    assert [as_number(cell) for cell in NO_NUMBER] == [None] * len(NO_NUMBER)
    assert by_repair(list(NO_NUMBER), "income") == pytest.approx([float("nan")] * 9, nan_ok=True)


def test_every_door_reads_a_cell_as_the_same_moment(tmp_path: Path):
    cells, wanted = list(MOMENTS), list(MOMENTS.values())
    days = [moment.replace(hour=0, minute=0) for moment in wanted]
    assert [as_moment(cell) for cell in cells] == wanted
    assert by_formula(cells, "date") == days
    assert parse_dates(pl.Series(cells)).values.to_list() == wanted
    assert by_import(cells, "Created", "created", tmp_path) == wanted
    assert by_repair(cells, "created") == wanted


def test_no_door_makes_a_date_of_what_is_none():
    assert parse_dates(pl.Series(NO_DATE)).bad.all()
    assert [as_moment(cell) for cell in NO_DATE] == [None] * len(NO_DATE)


def test_every_door_takes_the_same_words_for_nothing(tmp_path: Path):
    assert all(map(is_blank, BLANKS))
    assert [as_number(cell) for cell in BLANKS] == [None] * len(BLANKS)
    assert not parse_numbers(pl.Series(BLANKS)).bad.any()
    assert not parse_dates(pl.Series(BLANKS)).bad.any()
    for key in ("income", "created", "city"):
        values, bad = typed(pd.Series(BLANKS, dtype=object), LEADS[key])
        assert values.isna().all()
        assert not bad.any()
    for said in ("Income", "Created", "City"):
        key = said.lower()
        assert pd.isna(by_import(list(BLANKS), said, key, tmp_path)).all()


def test_a_dash_is_nothing_where_a_number_should_stand_and_text_elsewhere():
    assert typed(pd.Series(["-", "--"], dtype=object), LEADS["income"])[0].isna().all()
    assert typed(pd.Series(["-", "--"], dtype=object), LEADS["city"])[0].tolist() == ["-", "--"]


def test_a_range_in_a_column_of_numbers_is_no_fault():
    values, bad = typed(pd.Series(["11-50", 7, "many"], dtype=object), LEADS["employees"])
    assert values.isna().tolist() == [True, False, True]
    assert bad.tolist() == [False, False, True]


def test_a_decimal_is_a_number_for_every_reader():
    euros = Decimal("12.50")
    assert as_number(euros) == 12.5
    values, bad = typed(pd.Series([euros, 3], dtype=object), LEADS["income"])
    assert values.tolist() == [12.5, 3] and not bad.any()
    assert to_numbers([euros, 3])[0].tolist() == [12.5, 3]
    assert attributes.typed(pd.Series([euros, "7"], dtype=object), {"number"}).tolist() == [12.5, 7]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("11-50", (11, 50)), ("501-1000", (501, 1000)), ("1,001-5,000", (1001, 5000)),
        ("5–10 k", (5000, 10000)), ("$50K-$100K", (50000, 100000)), ("25-34 años", (25, 34)),
        ("10000+", (10000, float("inf"))), ("más de 500", (500, float("inf"))),
        ("< 10", (float("-inf"), 10)), ("1 a 10", (1, 10)), ("US$ 10.000 - 20.000", (10000, 20000)),
        ("50", None), ("2026-03", None), ("50-11", None), ("Ana-Eva", None), ("1-2-3", None),
    ],
)  # fmt: skip
def test_ranges_keep_their_bounds(text: str, bounds: tuple[float, float] | None):
    assert as_range(text) == bounds


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ⅳ", "IV"), ("ﬁn", "FIN"), ("ＡＢＣ", "abc"), ("Straße", "STRASSE"), ("e\u0301tude", "ÉTUDE"),
     ("  MÁLAGA   Este ", "malaga este"), ("№ 5", "no 5")],
)  # fmt: skip
def test_texts_are_folded_in_one_place(one: str, other: str):
    assert fold(one) == fold(other)
    assert fold_words(one) == fold_words(other)
    assert folded_words(pl.Series([one])).to_list() == folded_words(pl.Series([other])).to_list()


number = st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 2))
sign = st.sampled_from(
    ["", "€", "$", "B/.", "S/", "MXN", "Q", "RD$", "Bs.", "₲", "USD", "CHF", "%"]
)


@settings(deadline=None, max_examples=60)
@given(number, sign, st.booleans(), st.booleans(), st.sampled_from(["", " ", "\u00a0"]))
def test_a_cell_alone_and_a_column_read_any_amount_alike(value, sign, before, spanish, space):
    text = f"{value:,.2f}"
    if spanish:
        text = text.translate(str.maketrans(",.", ".,"))
    before = before and sign != "%"
    cell = f"{sign}{space}{text}" if before else f"{text}{space}{sign}"
    wanted = value / 100 if sign == "%" else value
    assert as_number(cell) == pytest.approx(wanted)
    assert parse_numbers(pl.Series([cell])).values[0] == pytest.approx(wanted)


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,-+()$€%BQSL/ kM'aR", max_size=12))
def test_a_cell_alone_is_a_number_where_a_column_of_it_is(text: str):
    column = parse_numbers(pl.Series([text], dtype=pl.String))
    alone = as_number(text)
    if not column.ambiguous:
        assert (column.values[0] is None) == (alone is None)
        assert alone is None or column.values[0] == pytest.approx(alone)
