"""What a cell shows for each formula: values by hand, ranges, blanks, errors and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.attribution.models import attribute
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.errors import CellError
from udfs.error_reasons import why
from udfs.functions import FORMULAS

VALUE, NUM, DIV0, NA = CellError.VALUE, CellError.NUM, CellError.DIV0, CellError.NA
FRIDAY, MONDAY = dt.datetime(2026, 1, 2, 17), dt.datetime(2026, 1, 5, 10)


def ask(name: str, *cells: Any) -> Any:
    answer = FORMULAS[name].call(*cells)
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


@pytest.mark.parametrize(
    ("name", "cells", "shown"),
    [
        ("QUOTA_FROM_GROWTH", (1_500_000, 0.2), 1_800_000),
        ("REQUIRED_CUSTOMERS", (1_000_000, 300_000), 4),
        ("REQUIRED_LEADS", (1_000_000, 300_000, 0.1), 34),
        ("REQUIRED_LEADS", (1_000_000, 5_000, 0.04), 5_000),
        ("REQUIRED_LEADS", (1_000_000, 300_000, 0.1, False), pytest.approx(100 / 3)),
        ("REQUIRED_LEADS", (1_000_000, 300_000, 0.1, None), 34),
        ("REQUIRED_CONVERSION", (400, 600_000, 10_000), 0.15),
        ("REQUIRED_CONVERSION", (10, 600_000, 10_000), NUM),
        ("LEAD_VALUE", (6_000, 0.15), 900),
        ("QUOTA_PROBABILITY", (1, 100, 100, 0, 1), pytest.approx(0.25)),
        ("LEADS_FOR_PROBABILITY", (0.5, 600_000, 6_000, 150, 1_000), 664),
        ("BUSINESS_HOURS", (FRIDAY, MONDAY), 2),
        ("FOLLOW_UP_DUE", (FRIDAY, 2), MONDAY),
        ("FOLLOW_UP_DUE", (46024 + 17 / 24, 2), MONDAY),
        ("SLA_STATUS", (FRIDAY, None, 2, MONDAY + dt.timedelta(hours=1)), "Late"),
        ("SLA_STATUS", (FRIDAY, FRIDAY, 2, MONDAY), "In time"),
        ("SLA_STATUS", (FRIDAY, None, 8, MONDAY), "Due"),
        ("CAC", (12_000, 30), 400),
        ("COST_PER_LEAD", (12_000, 400), 30),
        ("MARKETING_ROI", (30_000, 12_000), 1.5),
    ],
)
def test_a_cell_shows_what_was_worked_by_hand(
    name: str, cells: tuple[Any, ...], shown: object
) -> None:
    assert ask(name, *cells) == shown


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (("a lot", 300_000, 0.1), VALUE),
        ((-1, 300_000, 0.1), NUM),
        ((1_000_000, 300_000, 1.1), NUM),
        ((1_000_000, 0, 0.1), DIV0),
        ((1_000_000, None, 0.1), DIV0),
        ((NA, 300_000, 0.1), NA),
        (("#REF!", 300_000, 0.1), VALUE),
        ((1_000_000, 300_000), VALUE),
        ((1, 2, 0.3, True, 5), VALUE),
        ((1, 2, 0.3, "whole"), VALUE),
    ],
)
def test_what_cannot_be_is_an_excel_error_with_a_reason(
    cells: tuple[Any, ...], shown: CellError
) -> None:
    assert ask("REQUIRED_LEADS", *cells) is shown
    assert why()


RULES = [name for name, formula in FORMULAS.items() if formula.single]
EDGES = st.sampled_from([0.0, -0.0, 1.0, 1.1, 5e-324, 1e-200, 1e200, 1.7e308, -1.0, 33.0, 0.1])
NUMBERS = EDGES | st.floats(0, 1) | st.floats(allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(st.data())
@pytest.mark.parametrize("name", RULES)
def test_a_single_number_answers_what_it_answers_in_a_column(
    name: str, data: st.DataObject
) -> None:
    drawn = {True: st.sampled_from([True, False, 1.0, 0.0]), False: NUMBERS}
    first, *others = (data.draw(drawn[it.optional], it.name) for it in FORMULAS[name].arguments)
    alone = ask(name, first, *others)
    column = ask(name, [[first], [first]], *others)
    assert column == [[alone], [alone]]


def test_a_bad_element_gives_its_own_error_the_others_their_values() -> None:
    quotas = [[1_000_000], ["a lot"], [None], [-5]]
    assert ask("REQUIRED_LEADS", quotas, 300_000, 0.1) == [[34], [VALUE], [0], [NUM]]
    assert "quota, value 2 is not a number" in why()
    assert "quota, value 4 is out of range" in why()


def test_a_column_against_a_row_is_a_table() -> None:
    assert ask("LEAD_VALUE", [[100], [200]], [[0.1, 0.2, 0.5]]) == [[10, 20, 50], [20, 40, 100]]


def test_a_range_too_short_ends_in_not_available_as_in_excel() -> None:
    assert ask("LEAD_VALUE", [[1], [2], [3]], [[0.5], [0.5]]) == [[0.5], [1], [NA]]


def test_funnel_stands_as_its_conversions_stand_and_ends_at_the_target() -> None:
    assert ask("FUNNEL_VOLUMES", 10 / 3, [[0.5], [0.2], [None]]) == [[34], [17], [4]]
    assert ask("FUNNEL_VOLUMES", 10, [[0.5, 0.2]]) == [[100, 50, 10]]


def test_each_target_has_its_funnel_beside_the_others() -> None:
    targets = [[10, "x", 20]]
    assert ask("FUNNEL_VOLUMES", targets, [[0.5], [0.2]]) == [
        [100, VALUE, 200],
        [50, VALUE, 100],
        [10, VALUE, 20],
    ]
    assert "target, value 2 is not a number" in why()
    assert ask("FUNNEL_VOLUMES", [[10], [20]], [[0.5, 0.2]]) == [[100, 50, 10], [200, 100, 20]]
    assert ask("FUNNEL_VOLUMES", [[10, 20]], 0.5) == [[20, 40], [10, 20]]


def test_a_bad_conversion_spoils_the_stages_that_depend_on_it() -> None:
    assert ask("FUNNEL_VOLUMES", 10, [[0.5], [2], [0.1]]) == [[NUM], [NUM], [100], [10]]


def test_ranges_of_rates_stand_beside_each_other() -> None:
    ((low, high),) = ask("CONVERSION_RANGE", 300, 2_000)
    assert (round(low, 4), round(high, 4)) == (0.1350, 0.1663)
    assert ask("CONVERSION_RANGE", [[300], [3]], [[2_000], [2]]) == [[low, high], [NUM, NUM]]
    assert ask("CONVERSION_RANGE", [[300, 300]], [[2_000, 2_000]]) == [[low, low], [high, high]]


def test_plan_spills_under_titles_and_shares_the_year() -> None:
    plan = ask("LEAD_PLAN", 1_200_000, 10_000, 0.1, 0, dt.date(2026, 1, 1))
    assert plan[0] == ["Month", "Share of the year", "Quota", "Customers", "Leads", "Leads due"]
    assert plan[1] == [dt.datetime(2026, 1, 1), pytest.approx(1 / 12), 100_000, 10, 100, 100]
    assert len(plan) == 13
    half = ask("LEAD_PLAN", 1_200_000, 10_000, 0.1, 0, 46023, [[0.5], [0.5]], False)
    assert [row[4] for row in half] == [600, 600]


def test_leads_due_of_a_row_are_those_of_the_plan() -> None:
    months = [[46023], [46054], [46082]]
    assert ask("LEADS_DUE", 46023, months, [[0], [28_000], [0]], 100, 0.5, 31) == 560
    assert ask("LEADS_DUE", [["x"], [None]], months, [[0], [1], [0]], 100, 0.5, 31) == [
        [VALUE],
        [NA],
    ]


def test_leads_are_due_by_other_rates_and_cycles_side_by_side() -> None:
    plan = [[46023], [46054], [46082]], [[0], [28_000], [0]]
    rates = [[0.5, 0.25, 7]]
    assert ask("LEADS_DUE", 46023, *plan, 100, rates, 31) == [[560, 1_120, NUM]]
    assert "conv_rate, value 3 is out of range" in why()
    assert ask("LEADS_DUE", 46023, *plan, [[100], [0]], 0.5, [[31], [31]]) == [[560], [DIV0]]
    assert ask("LEADS_DUE", [[46023], [46054]], *plan, 100, 0.5, [[31, 0]]) == [[560, 0], [0, 560]]


def test_a_follow_up_is_seen_at_several_moments() -> None:
    moments = [[FRIDAY, MONDAY, MONDAY + dt.timedelta(hours=1), None, "x"]]
    assert ask("SLA_STATUS", FRIDAY, None, 2, moments) == [
        ["Due soon", "Due soon", "Late", NA, VALUE]
    ]
    called = [[None], [MONDAY]]  # not yet on Friday
    assert ask("SLA_STATUS", FRIDAY, called, 2, [[FRIDAY, MONDAY]]) == [
        ["Due soon", "Due soon"],
        ["Due soon", "In time"],
    ]


def test_grades_of_scores() -> None:
    grades = [["A", 80, "Yes", 4], ["B", 50, "Yes", 8], [None, None, None, None]]
    assert ask("LEAD_GRADE", [[90], [79.9], [10], ["x"]], grades) == [["A"], ["B"], [None], [VALUE]]
    assert ask("LEAD_GRADE", 90, [["A", 80], ["B", 80]]) is VALUE


PERSONAS = [
    ["Persona", "Attribute", "Operator", "Value", "Weight", "Required"],
    ["Big", "Country", "is", "Spain", 30, "No"],
    ["Big", "Employees", "at least", 50, 10, "No"],
    ["Small", "Employees", "at most", 10, 10, "No"],
]
HEADERS = [["Lead ID", "Country", "Employees"]]
LEADS = [["1", "Spain", 20], ["2", "France", 5]]


def test_personas_score_leads_and_say_why() -> None:
    assert ask("PERSONA_SCORE", HEADERS, LEADS, PERSONAS) == [[75], [100]]
    assert ask("PERSONA_SCORE", HEADERS, LEADS, PERSONAS, "big") == [[75], [0]]
    assert ask("PERSONA_BEST", HEADERS, LEADS, PERSONAS) == [["Big"], ["Small"]]
    assert ask("PERSONA_SCORE", HEADERS, [LEADS[0]], PERSONAS) == 75
    assert "Country is Spain" in ask("PERSONA_WHY", HEADERS, [LEADS[0]], PERSONAS)
    assert ask("PERSONA_SCORE", HEADERS, LEADS, PERSONAS, "Huge") is NUM
    assert ask("PERSONA_SCORE", [["Lead ID"]], LEADS, PERSONAS) is VALUE
    assert ask("PERSONA_SCORE", HEADERS, LEADS, PERSONAS[:1]) is NA


def test_a_lead_with_a_bad_cell_shows_its_own_error_where_a_criterion_looks() -> None:
    headers = [[*HEADERS[0], "Mine"]]
    leads = [
        ["1", "Spain", 20, NA],
        ["2", DIV0, 60, None],
        ["3", "Spain", "many", None],
        ["4", None, None, None],
    ]
    assert ask("PERSONA_SCORE", headers, leads, PERSONAS, "Big") == [[75], [DIV0], [VALUE], [0]]
    assert "Employees: is not a number ('many')" in why()
    assert ask("PERSONA_WHY", headers, leads, PERSONAS)[1:3] == [[DIV0], [VALUE]]


TOUCHES = (
    [["a"], ["a"], ["b"], ["c"]],
    [[46000], [46001], [46000], [46002]],
    [["ads"], ["mail"], ["ads"], ["web"]],
)
SALES = ([["a"], ["b"]], [[46010], [46011]])


@pytest.mark.parametrize(
    ("model", "credit"),
    [
        ("first", {"ads": 2, "mail": 0, "web": 0}),
        ("last", {"ads": 1, "mail": 1, "web": 0}),
        ("Linear", {"ads": 1.5, "mail": 0.5, "web": 0}),
        ("Última interacción", {"ads": 1, "mail": 1, "web": 0}),
        ("Último contacto", {"ads": 1, "mail": 1, "web": 0}),  # as it was called before
    ],
)
def test_channels_share_the_customers(model: str, credit: dict[str, float]) -> None:
    assert dict(ask("ATTRIBUTE_TOUCHES", *TOUCHES, *SALES, model)) == credit


def test_channels_share_revenue_and_follow_ups_get_none() -> None:
    by = [[None], ["Ann"], [None], [None]]
    credit = ask("ATTRIBUTE_TOUCHES", *TOUCHES, *SALES, "linear", [[100], [50]], by)
    assert [row for row in credit if row[1]] == [["ads", 150]]


def test_a_customer_without_a_touch_is_a_row_and_losses_count() -> None:
    """By hand: d bought and met nothing; c met web and is lost, so that half of web's are won."""
    won, since = [["a"], ["b"], ["d"]], [[46010], [46011], [46012]]
    found = dict(ask("ATTRIBUTE_TOUCHES", *TOUCHES, won, since, "last"))
    assert found == {"ads": 1, "mail": 1, "web": 0, "(no touch known)": 1}
    touches = [
        [*column, last] for column, last in zip(TOUCHES, (["e"], [46003], ["web"]), strict=True)
    ]
    given = (*touches, [["a"], ["b"], ["e"]], [[46010], [46011], [46012]])
    left_out = (None, None, 7, 180)
    lost = ask(
        "ATTRIBUTE_TOUCHES", *given, "markov", *left_out, [["c"], [None]], [[46012], [None]], 47000
    )
    walked = from_paths(["ads > mail", "ads", "web"], [1, 1, 1], [0, 0, 1])
    expected = attribute(walked, "markov").set_index("channel")["credit"].to_dict()
    assert dict(lost) == pytest.approx(expected)


def test_holidays_may_be_a_column_of_dates() -> None:
    wednesday, thursday = 46029, 46030  # 7 and 8 January 2026
    asked = ("BUSINESS_HOURS", wednesday, thursday, 0.375, 0.75, "1-5")
    assert ask(*asked, [[wednesday], [None]]) == 0
    assert ask(*asked, [[thursday]]) == 9
    assert ask("BUSINESS_HOURS", wednesday, thursday, "9-14, 16-19") == 8


def test_channels_of_paths_that_differ_in_case_are_one() -> None:
    assert ask("ATTRIBUTE_PATHS", [["Ads > mail"], ["ads"]], [[2], [3]], None, "first") == [
        ["Ads", 5],
        ["mail", 0],
    ]


def test_attribution_says_what_it_cannot_use() -> None:
    assert ask("ATTRIBUTE_TOUCHES", *TOUCHES, *SALES, "best") is NUM
    assert ask("ATTRIBUTE_TOUCHES", *TOUCHES, [["a"]], [["soon"]]) is VALUE
    assert ask("ATTRIBUTE_TOUCHES", TOUCHES[0], TOUCHES[1][:2], TOUCHES[2], *SALES) is VALUE
    assert ask("ATTRIBUTE_TOUCHES", [[None]], [[None]], [[None]], *SALES) is NA


@pytest.mark.parametrize("error", [DIV0, NA, NUM, VALUE])
def test_an_error_in_place_of_a_range_is_passed_on(error: CellError) -> None:
    assert ask("ATTRIBUTE_TOUCHES", error, *TOUCHES[1:], *SALES) is error
    assert ask("ATTRIBUTE_PATHS", error, [[1], [2]]) is error
    for formula in ("PERSONA_SCORE", "PERSONA_BEST", "PERSONA_WHY"):
        assert ask(formula, error, LEADS, PERSONAS) is error
        assert ask(formula, HEADERS, error, PERSONAS) is error
        assert ask(formula, HEADERS, LEADS, error) is error


def test_channels_share_customers_of_counted_paths() -> None:
    paths, won, lost = (
        [["Search > E-mail"], ["Search"], [None]],
        [[3], [1], [None]],
        [[7], [4], [0]],
    )
    assert ask("ATTRIBUTE_PATHS", paths, won, lost, "last") == [["E-mail", 3], ["Search", 1]]
    assert ask("ATTRIBUTE_PATHS", paths, [["x"], [1], [1]], lost, "last") is VALUE


def test_pace_counts_working_time() -> None:
    # January 2026 has 22 working days; at the close of the 16th, 12 of them have passed
    assert ask("SLA_PACE", 60, 110, dt.datetime(2026, 1, 16, 18)) == pytest.approx(60 / 60)


def test_office_can_keep_other_hours_days_and_holidays() -> None:
    assert ask("BUSINESS_HOURS", FRIDAY, MONDAY, 9, 20, "1-6") == 3 + 11 + 1
    reyes = dt.datetime(2026, 1, 6, 12)
    assert ask("BUSINESS_HOURS", MONDAY, reyes, None, None, None, "ES") == 8
    assert ask("BUSINESS_HOURS", MONDAY, reyes, None, None, None, "ZZ") is VALUE


def test_why_is_remembered_by_cell_until_it_is_put_right() -> None:
    formula = FORMULAS["CAC"]
    formula.call(100, 0, place="[B]S!$A$1")
    formula.call("x", 1, place="[B]S!$A$2")
    assert (
        why("[B]S!$A$1") == "CAC: customers is zero and divides (0). Give customers other than zero"
    )
    formula.call(100, 5, place="[B]S!$A$1")
    assert why("[B]S!$A$1") == ""
    assert "not a number" in why("[B]S!$A$2")
    assert "divided by zero" in why("[B]S!$Z$9", "#DIV/0!")


def test_labels_are_in_the_workbooks_language() -> None:
    state = FORMULAS["SLA_STATUS"].call(FRIDAY, FRIDAY, 2, MONDAY, language="es")
    assert state == "A tiempo"


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(-1e9, 1e9),
    st.integers(-10, 10),
    st.text(max_size=3),
    st.sampled_from(list(CellError)),
    st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),
)
ranges = st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None)
@given(st.data())
@pytest.mark.parametrize("name", list(FORMULAS))
def test_no_cells_whatsoever_make_a_formula_fail(name: str, data: st.DataObject) -> None:
    formula = FORMULAS[name]
    given_cells = [data.draw(cells | ranges) for _ in formula.arguments]
    answer = formula.call(*given_cells)
    assert "Unexpected error" not in why() or answer is not VALUE
    assert isinstance(answer, np.ndarray | str | float | int | bool | dt.datetime | None)
    if isinstance(answer, np.ndarray):
        assert answer.ndim == 2 and answer.dtype == object


def test_blank_hours_or_a_blank_score_answer_blank_and_zero_does_not():
    grades = np.array([["A", 80.0], ["D", 0.0]], dtype=object)
    ask = {name: FORMULAS[name].call for name in ("LEAD_GRADE", "SLA_STATUS", "FOLLOW_UP_DUE")}
    came, now = dt.datetime(2026, 1, 5, 10), dt.datetime(2026, 1, 9, 10)
    blank = (None, "")
    assert ask["LEAD_GRADE"](None, grades) in blank and ask["LEAD_GRADE"](0.0, grades) == "D"
    assert ask["SLA_STATUS"](came, None, None, now) in blank
    assert ask["SLA_STATUS"](came, None, 0.0, now) == "Late"
    assert ask["FOLLOW_UP_DUE"](came, None) in blank
