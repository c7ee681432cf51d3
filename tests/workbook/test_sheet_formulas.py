"""The sheets' own numbers are Excel's formulas, equal to the functions, on engines without them.

One is the file host's engine, to which no function of ours is registered, as no cell calls one; the
other a LibreOffice without our extension.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlwings as xw

from smarketing_xl.a1.formulas import function_name, tokens
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.errors import CellError
from smarketing_xl.funnel.goals import NOISE
from smarketing_xl.hosts import opened
from smarketing_xl.hosts.file.model.references import spell
from smarketing_xl.hosts.file.parts.workbook_xml import area_of
from smarketing_xl.schema import tables
from smarketing_xl.schema.formulas import in_full
from tests.workbook.office import recalculated
from udfs.functions import FORMULAS
from udfs.values import to_serial
from workbook.layout.places import BLOCK_COLUMN, GRID, grid_row

Inputs = dict[str, Any]
STEPS = (0.8, 0.9, 1, 1.1, 1.2)
GIVEN: Inputs = {
    "last_year_sales": 1_500_000.0,
    "growth_target": 0.2,
    "avg_revenue": 6_000.0,
    "conv_rate": 0.15,
    "cycle_days": 45.0,
    "past_leads": 2_000.0,
    "past_won": 300.0,
    "revenue_spread": 0.6,
    "existing_revenue": 0.0,
    "sales_revenue": 0.0,
    "first_month": dt.datetime(2026, 1, 1),
}
GOOD: list[Inputs] = [
    {},
    {"avg_revenue": 599.5, "conv_rate": 0.031},
    {"conv_rate": 0.87, "cycle_days": 0.0},
    {"revenue_spread": 0.0},
    {"existing_revenue": 400_000.0, "sales_revenue": 250_000.5, "revenue_spread": 1.3},
    {"sales_revenue": 2_000_000.0},
    {"growth_target": -1.0, "cycle_days": 1825.0},
    {"first_month": dt.datetime(2027, 12, 15), "cycle_days": 45.5},
    {
        "last_year_sales": 1_000_000.0,
        "growth_target": 0.0,
        "avg_revenue": 5_000.0,
        "conv_rate": 0.04,
    },
    {
        "last_year_sales": 100.0,
        "growth_target": 0.0,
        "avg_revenue": 100.0,
        "past_won": 0.0,
        "past_leads": 1.0,
    },
]
BAD: list[Inputs] = [
    {"last_year_sales": "a lot"},
    {"last_year_sales": -1.0},
    {"growth_target": -1.5},
    {"avg_revenue": 0.0},
    {"avg_revenue": -6_000.0},
    {"avg_revenue": "6,000 USD"},
    {"conv_rate": 0.0},
    {"conv_rate": 1.5},
    {"conv_rate": "0.15"},
    {"conv_rate": True},
    {"past_leads": 0.0},
    {"past_leads": "many"},
    {"past_won": 2_001.0},
    {"past_won": -1.0},
    {"revenue_spread": -0.1},
    {"revenue_spread": "half"},
    {"existing_revenue": "some"},
    {"cycle_days": -1.0},
    {"cycle_days": 2_000.0},
    {"cycle_days": "six weeks"},
]


def drawn(count: int) -> list[Inputs]:
    """Inputs as firms have them, from one lead a month to thousands."""
    draw = random.Random(14)
    found = []
    for _case in range(count):
        total = draw.choice([12, 150, 2_000, 7_000])
        found.append(
            {
                "last_year_sales": round(10 ** draw.uniform(3, 6), 2),
                "growth_target": round(draw.uniform(-0.5, 1), 3),
                "avg_revenue": round(10 ** draw.uniform(3, 4), 2),
                "conv_rate": round(draw.uniform(0.02, 1), 4),
                "cycle_days": float(draw.randrange(0, 800)),
                "past_leads": float(total),
                "past_won": float(draw.randrange(0, total + 1)),
                "first_month": dt.datetime(2026, draw.randrange(1, 13), draw.randrange(1, 29)),
            }
        )
    return found


def answer(name: str, *cells: Any) -> Any:
    """What a function of ours answers to single cells, errors as Excel writes them."""
    found = FORMULAS[name].call(*cells)
    return str(found) if isinstance(found, CellError) else found


def expected(given: Inputs, shares: list[float], rates: list[float]) -> dict[str, Any]:
    """Every number of the sheet Goals, from the functions."""
    it = GIVEN | given
    quota = answer("QUOTA_FROM_GROWTH", it["last_year_sales"], it["growth_target"])
    revenue, rate = it["avg_revenue"], it["conv_rate"]
    marketing = marketing_part(quota, it["existing_revenue"], it["sales_revenue"])
    leads = answer("REQUIRED_LEADS", marketing, revenue, rate)
    spread = it["revenue_spread"]
    out = {
        "quota": quota,
        "marketing_quota": marketing,
        "customers_needed": answer("REQUIRED_CUSTOMERS", marketing, revenue),
        "leads_needed": leads,
        "lead_worth": answer("LEAD_VALUE", revenue, rate),
        "quota_chance": answer(
            "QUOTA_PROBABILITY", leads, marketing, revenue, it["past_won"], it["past_leads"], spread
        ),
    }
    exact = answer("REQUIRED_CUSTOMERS", marketing, revenue, False)
    volumes = FORMULAS["FUNNEL_VOLUMES"].call(exact, [[each] for each in rates])
    out |= {
        f"volume{at}": str(v) if isinstance(v, CellError) else v
        for at, v in enumerate(volumes[:, 0])
    }
    month = it["first_month"]
    months = [to_serial(_later(month, number)) for number in range(12)]
    parts = [marketing if isinstance(marketing, str) else marketing * share for share in shares]
    quotas = parts
    customers, needed = Running("REQUIRED_CUSTOMERS"), Running("REQUIRED_LEADS")
    for at in range(12):
        so_far = parts[at] if isinstance(marketing, str) else math.fsum(parts[: at + 1])
        out[f"customers{at}"] = customers.added(so_far, revenue)
        out[f"leads{at}"] = needed.added(so_far, revenue, rate)
        out[f"due{at}"] = answer(
            "LEADS_DUE",
            months[at],
            [[m] for m in months],
            [[q] for q in quotas],
            revenue,
            rate,
            it["cycle_days"],
        )
    for down, less in enumerate(STEPS):
        for across, more in enumerate(STEPS):
            if isinstance(revenue, float) and isinstance(rate, float):
                out[f"grid{down}{across}"] = answer(
                    "REQUIRED_LEADS", marketing, revenue * more, min(1.0, rate * less)
                )
    if isinstance(rate, float) and isinstance(it["past_leads"], float):
        won = math.floor(rate * it["past_leads"] + 0.5)
        out["scenario"] = answer(
            "QUOTA_PROBABILITY", leads, quota, revenue, won, it["past_leads"], spread
        )
        # told from a handful of leads, the sheet's search may end a few leads beside
        if isinstance(out["quota_chance"], float) and it["past_leads"] > 100:
            for at, share in enumerate((0.5, 0.8, 0.9)):
                given = marketing, revenue, it["past_won"], it["past_leads"], spread
                out[f"sure{at}"] = answer("LEADS_FOR_PROBABILITY", share, *given)
    return out


def marketing_part(quota: Any, existing: Any, own: Any) -> Any:
    if isinstance(quota, str):
        return quota
    if isinstance(existing, str) or isinstance(own, str):
        return "#VALUE!"
    return max(0.0, quota - existing - own)


class Running:
    """What each month adds to a running total of whole people."""

    def __init__(self, function: str) -> None:
        self.function, self.before = function, 0.0

    def added(self, *cells: Any) -> Any:
        total = answer(self.function, *cells)
        if isinstance(total, str):
            return total
        before, self.before = self.before, total
        return total - before


def _later(day: dt.datetime, months: int) -> dt.datetime:
    years, month = divmod(day.month - 1 + months, 12)
    return dt.datetime(day.year + years, month + 1, min(day.day, 28))


def type_in(book: xw.Book, given: Inputs) -> None:
    for name, value in given.items():
        read.named_range(book, name).value = value


def places(book: xw.Book) -> dict[str, tuple[str, int, int]]:
    """Where each expected number stands: sheet, row, column."""
    found = {}
    for name in (
        "quota",
        "marketing_quota",
        "customers_needed",
        "leads_needed",
        "lead_worth",
        "quota_chance",
    ):
        cell = read.named_range(book, name)
        found[name] = cell.sheet.name, cell.row, cell.column
    goals = found["quota"][0]
    for table, key, short, rows in (
        (tables.FUNNEL, "volume", "volume", 5),
        (tables.PLAN, "customers", "customers", 12),
        (tables.PLAN, "leads", "leads", 12),
        (tables.PLAN, "leads_due", "due", 12),
        (tables.LEADS_FOR_PROBABILITY, "leads", "sure", 3),
    ):
        place = read.find_table(book, table)
        column = place.left + place.offsets[key]
        found |= {f"{short}{at}": (goals, place.top + 1 + at, column) for at in range(rows)}
    top, left = grid_row() + 3, BLOCK_COLUMN + 2
    for down in range(GRID):
        for across in range(GRID):
            found[f"grid{down}{across}"] = goals, top + down, left + across
    place = read.find_table(book, tables.SCENARIOS)
    found["scenario"] = goals, place.top + 1, place.left + place.offsets["chance"]
    return found


def differences(wanted: dict[str, Any], shown: dict[str, Any]) -> list[str]:
    wrong = []
    for name, value in wanted.items():
        found = shown[name]
        same = found == value
        if not isinstance(value, str) and isinstance(found, int | float):
            same = math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-10)
        if not same:
            wrong.append(f"{name}: the sheet {found}, the function {value}")
    return wrong


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> xw.Book:
    return make(tmp_path_factory.mktemp("book") / "book.xlsm", "en")


@pytest.fixture(scope="module")
def typed(book: Path) -> tuple[list[float], list[float]]:
    """The shares of the plan and the rates of the funnel, as the workbook is shipped."""
    with opened(book, "file", save=False) as it:
        plan, stages = read.read_table(it, tables.PLAN), read.read_table(it, tables.FUNNEL)
        return plan["share"].tolist(), stages["to_next"].tolist()[:-1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_cell_calls_a_function_of_ours(tmp_path: Path, language: Any) -> None:
    path = make(tmp_path / "book.xlsm", language)
    sheets = openpyxl.load_workbook(path).worksheets
    called = {
        function_name(text)
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
        for kind, text in tokens(str(cell.value)[1:])
        if kind == "call"
    }
    assert called and called.isdisjoint(FORMULAS)


# Parameters that take a range: elsewhere Excel 365 writes @ before one, and a new formula spills.
# https://support.microsoft.com/office/ce3be07b-0101-4450-a24e-c1c999be2b34
TAKE_RANGES = {
    "COUNT", "COUNTA", "COUNTIFS", "INDEX", "MATCH", "MAX", "MIN", "ROWS", "SUM", "SUMIFS",
    "SUMPRODUCT",
}  # fmt: skip
ONE_BY_ONE = {"IF", "IFERROR", "AND", "OR", "CHOOSE"}  # of an array SUMPRODUCT hands them the first


@pytest.mark.parametrize("name", ["book.xlsm", "book.xlsx"])
def test_no_formula_shows_an_at_sign_or_spills(tmp_path: Path, name: str) -> None:
    with opened(make(tmp_path / name), "file", save=False) as book:
        document = book.impl.document
        assert "xl/metadata.xml" not in zipfile.ZipFile(tmp_path / name).namelist()
        for sheet in document.sheets:
            for place, formula in sheet.formulas.items():
                assert not formula.area and not formula.marks, (sheet.name, place)
                names = document.workbook.name
                spelt = spell(document, sheet.name, place, formula.text, True, names).text
                assert list(ranges_alone(spelt[1:])) == [], (sheet.name, place, formula.text)


def test_a_range_where_one_cell_is_meant_is_noticed() -> None:
    for wrong in ("A1:A3", "1+A1:A3", "IF(A1:A3=1,1,2)", "SUMPRODUCT(IF(A1:A3=1,1,2))", "ABS(A:A)"):
        assert list(ranges_alone(wrong)), wrong
    for right in ("SUM(A1:A3)", "SUMPRODUCT((A1:A3=1)*EXP(B1:B3))", "IF(SUM(A1:A3)=1,A1,A2)"):
        assert not list(ranges_alone(right)), right


def ranges_alone(formula: str) -> Iterator[str]:
    """The ranges of a formula, as spelt out, that stand where one cell is meant."""
    calls: list[str] = []
    for kind, text in tokens(formula):
        if kind == "call":
            calls.append(function_name(text))
        elif kind == "end":
            calls.pop()
        elif kind == "reference" and (found := area_of(text)) and found[1].size > 1:
            inside = bool(calls) and calls[-1] in TAKE_RANGES
            lifted = "SUMPRODUCT" in calls and not ONE_BY_ONE.intersection(
                calls[calls.index("SUMPRODUCT") :]
            )
            if not (inside or lifted):
                yield text


@pytest.mark.parametrize("given", GOOD + BAD + drawn(8), ids=str)
def test_the_engine_of_files_follows_every_input(
    book: Path, typed: tuple[list[float], list[float]], given: Inputs
) -> None:
    with opened(book, "file", save=False) as it:
        type_in(it, given)
        shown = {
            name: it.sheets[sheet].range((row, column)).options(err_to_str=True).value
            for name, (sheet, row, column) in places(it).items()
        }
    assert differences(expected(given, *typed), shown) == []


@pytest.mark.parametrize("name", ["last_year_sales", "avg_revenue", "conv_rate"])
def test_what_cannot_be_said_yet_is_blank(book: Path, name: str) -> None:
    needs = {"last_year_sales": "quota", "avg_revenue": "lead_worth", "conv_rate": "lead_worth"}
    with opened(book, "file", save=False) as it:
        type_in(it, {name: None})
        shown = {
            number: it.sheets[sheet].range((row, column)).options(err_to_str=True).value
            for number, (sheet, row, column) in places(it).items()
        }
    blank = {number for number, value in shown.items() if value in (None, "")}
    assert {needs[name], "leads_needed", "quota_chance", "due0", "grid00", "scenario"} <= blank
    assert not [value for value in shown.values() if isinstance(value, str) and value[:1] == "#"]


def test_libreoffice_without_our_extension_follows_every_input(
    book: Path, typed: tuple[list[float], list[float]], tmp_path: Path
) -> None:
    cases = [GOOD[1], GOOD[4], BAD[0], BAD[4]]
    for number, given in enumerate(cases):
        path = tmp_path / f"{number}.xlsm"
        shutil.copy(book, path)
        with opened(path, "file") as it:
            type_in(it, given)
            where = places(it)
    files = recalculated([tmp_path / f"{number}.xlsm" for number in range(len(cases))], tmp_path)
    for file, given in zip(files, cases, strict=True):
        sheets = openpyxl.load_workbook(file, data_only=True)
        shown = {
            name: sheets[sheet].cell(row, column).value
            for name, (sheet, row, column) in where.items()
        }
        assert differences(expected(given, *typed), shown) == [], given


@pytest.mark.parametrize(
    "wrong",
    [
        {("Funnel", "to_next", 1): "half"},
        {("Funnel", "to_next", 1): None},
        {("Funnel", "to_next", 2): 1.5},
        {("Funnel", "to_next", 2): 0.0},
        {("Funnel", "to_next", 4): 0.5},
        {("Plan", "month", 11): dt.datetime(2027, 5, 5)},
        {("Plan", "share", 2): -0.1},
        {("Plan", "month", 11): None, ("Plan", "share", 11): None},
    ],
    ids=str,
)
def test_a_wrong_row_of_the_funnel_or_the_plan(book: Path, wrong: dict[Any, Any]) -> None:
    by_name = {table.name: table for table in tables.TABLES}
    with opened(book, "file", save=False) as it:
        for (name, key, row), value in wrong.items():
            place = read.find_table(it, by_name[name])
            place.block(row, place.offsets[key], 1, 1).value = value
        plan, funnel = read.find_table(it, tables.PLAN), read.find_table(it, tables.FUNNEL)

        def column(place: read.TablePlace, key: str) -> list[Any]:
            cells = place.block(0, place.offsets[key], place.height - 1, 1)
            return list(cells.options(err_to_str=True, dates=dt.datetime, ndim=1).value)

        due, volumes = column(plan, "leads_due"), column(funnel, "volume")
        months, quotas = column(plan, "month"), column(plan, "quota")
        rates = [[each] for each in column(funnel, "to_next")[:-1]]
    serials = [[m if m is None else to_serial(m)] for m in months]
    wanted = FORMULAS["LEADS_DUE"].call(
        serials,
        serials,
        [[q] if m else [None] for m, q in zip(months, quotas, strict=True)],
        6_000.0,
        0.15,
        45.0,
    )
    told = [
        None if month is None else str(each) if isinstance(each, CellError) else each
        for month, each in zip(months, np.broadcast_to(np.ravel(wanted), len(months)), strict=True)
    ]
    assert due == told
    needed = FORMULAS["FUNNEL_VOLUMES"].call(300.0, rates)
    assert volumes == [str(v) if isinstance(v, CellError) else v for v in needed[:, 0]]


def test_the_noise_is_that_of_the_functions() -> None:
    assert f"(1-{NOISE:.0E})" in tables.PLAN["customers"].formula


def test_a_formula_in_full_is_the_one_excel_shortened() -> None:
    assert in_full("=SUM([@[Close rate]],Plan[@Month],[Month])", "Plan") == (
        "=SUM(Plan[[#This Row],[Close rate]],Plan[[#This Row],[Month]],[Month])"
    )
