"""Leads scored against personas, worked by hand, the same on every data frame."""

import datetime as dt

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import BadData, NotEnoughData
from smarketing_xl.i18n import speaking
from smarketing_xl.personas import matching
from smarketing_xl.personas.attributes import Attribute
from smarketing_xl.personas.criteria import Criterion, Persona
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.scoring import score

TODAY = dt.date(2026, 3, 10)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]
BACKENDS = ["pandas", "polars", "polars lazy", "duckdb"]


def native(frame, backend):
    if backend == "pandas":
        return frame
    if backend == "duckdb":
        connection = duckdb.connect()
        connection.register("leads", frame)
        return connection.sql("select * from leads")
    columns = {
        name: [None if pd.isna(cell) else cell for cell in frame[name].tolist()] for name in frame
    }
    made = pl.DataFrame(columns)
    return made.lazy() if backend == "polars lazy" else made


def collected(frame):
    """The rows of a Spark frame as dictionaries."""
    return [row.asDict() for row in frame.collect()]


def rows(scored):
    """Any scored frame as a list of dictionaries, blanks as None."""
    if isinstance(scored, pl.LazyFrame):
        scored = scored.collect()
    if isinstance(scored, pl.DataFrame):
        return scored.to_dicts()
    if isinstance(scored, duckdb.DuckDBPyRelation):
        scored = scored.df()
    cells = scored.astype(object).where(scored.notna(), None)
    return cells.to_dict("records")


def met(criterion, cells, backend="pandas", name=None):
    """Which cells meet a criterion, read off the scores."""
    frame = pd.DataFrame({name or criterion.attribute: cells})
    found = rows(score(native(frame, backend), [Persona("P", (criterion,))], GRADES, TODAY))
    return [row["score"] == 100 for row in found]


def ask(operator, *values, attribute="x"):
    return Criterion(attribute, operator, values, 10.0)


# --- operators and blanks -----------------------------------------------------------------------

NUMBERS = pd.Series([10, 20.5, 30, np.nan])
TEXTS = pd.Series(["Málaga", " MALAGA ", "Vigo", "  ", None, "San\u00a0 Málaga"], dtype="str")
DAYS = pd.Series(
    pd.to_datetime(["2026-03-10 23:59", "2026-03-01", "2026-02-28 12:00", "2026-03-11", None],
    format="mixed")
)  # fmt: skip
YES = pd.Series([True, False, None], dtype="boolean")


CASES = [
    (NUMBERS, ask("is", "20,5"), [0, 1, 0, 0]),
    (NUMBERS, ask("is_not", 10.0), [0, 1, 1, 0]),
    (NUMBERS, ask("one_of", "10", "30"), [1, 0, 1, 0]),
    (NUMBERS, ask("between", "10", "20.5"), [1, 1, 0, 0]),
    (NUMBERS, ask("at_least", 20.5), [0, 1, 1, 0]),
    (NUMBERS, ask("at_most", 20.5), [1, 1, 0, 0]),
    (NUMBERS, ask("is_blank"), [0, 0, 0, 1]),
    (NUMBERS, ask("is_not_blank"), [1, 1, 1, 0]),
    (TEXTS, ask("is", "malaga"), [1, 1, 0, 0, 0, 0]),
    (TEXTS, ask("is_not", "malaga"), [0, 0, 1, 0, 0, 1]),
    (TEXTS, ask("one_of", "VIGO", "San Malaga"), [0, 0, 1, 0, 0, 1]),
    (TEXTS, ask("contains", "álaga", "ig"), [1, 1, 1, 0, 0, 1]),
    (TEXTS, ask("is_blank"), [0, 0, 0, 1, 1, 0]),
    (TEXTS, ask("is_not_blank"), [1, 1, 1, 0, 0, 1]),
    (DAYS, ask("is", "2026-03-10"), [1, 0, 0, 0, 0]),
    (DAYS, ask("is_not", "10/3/2026"), [0, 1, 1, 1, 0]),
    (DAYS, ask("between", "2026-03-01", "2026-03-10"), [1, 1, 0, 0, 0]),
    (DAYS, ask("at_least", dt.datetime(2026, 3, 10)), [1, 0, 0, 1, 0]),
    (DAYS, ask("at_most", "2026-03-10"), [1, 1, 1, 0, 0]),
    (DAYS, ask("before", "2026-03-10"), [0, 1, 1, 0, 0]),
    (DAYS, ask("after", "2026-03-10"), [0, 0, 0, 1, 0]),
    (DAYS, ask("within", 9.0), [1, 1, 0, 0, 0]),
    (DAYS, ask("is_blank"), [0, 0, 0, 0, 1]),
    (YES, ask("is", "Sí"), [1, 0, 0]),
    (YES, ask("is_not", True), [0, 1, 0]),
    (YES, ask("is_blank"), [0, 0, 1]),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("cells", "criterion", "expected"),
    CASES,
    ids=lambda value: f"{value.operator} {value.values}" if isinstance(value, Criterion) else "",
)
def test_each_operator_means_the_same_everywhere_and_a_blank_meets_only_is_blank(
    backend, cells, criterion, expected
):
    assert met(criterion, cells, backend) == [bool(yes) for yes in expected]


RANGES = ["51-200", "1,001+", "50 a 200 empleados", 120.0, "< 10", "5–10 k", None]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (ask("at_least", 50.0), [1, 1, 1, 1, 0, 1, 0]),
        (ask("at_least", 51.0), [1, 1, 0, 1, 0, 1, 0]),
        (ask("at_most", 200.0), [1, 0, 1, 1, 1, 0, 0]),
        (ask("between", 50.0, 500.0), [1, 0, 1, 1, 0, 0, 0]),
        (Criterion("employees", "is", ("50-200",), 10.0), [1, 0, 1, 1, 0, 0, 0]),
        (ask("is_blank"), [0, 0, 0, 0, 0, 0, 1]),
    ],
    ids=lambda value: f"{value.operator} {value.values}" if isinstance(value, Criterion) else "",
)
def test_a_range_meets_what_every_number_in_it_meets(criterion, expected):
    cells = pd.Series(RANGES, dtype=object)
    also = Criterion(criterion.attribute, "at_least", (-1e9,), 0.0)  # that its cells are numbers
    frame = pd.DataFrame({criterion.attribute: cells})
    found = rows(score(frame, [Persona("P", (criterion, also))], GRADES, TODAY))
    assert [row["score"] == 100 for row in found] == [bool(yes) for yes in expected]


@pytest.mark.parametrize("of", [NUMBERS, TEXTS, DAYS, YES], ids=["number", "text", "date", "yes"])
def test_each_operator_means_the_same_on_spark(in_spark, of):
    asked = [(criterion, wanted) for cells, criterion, wanted in CASES if cells is of]
    frame = nw.from_native(in_spark(pd.DataFrame({"x": of})))
    x = Attribute("x", frame.collect_schema()["x"])
    tests = [matching.met(rule, x, TODAY).alias(f"c{n}") for n, (rule, _wanted) in enumerate(asked)]
    answers = collected(frame.select(*tests).to_native())
    for n, (rule, wanted) in enumerate(asked):
        assert [row[f"c{n}"] for row in answers] == [bool(yes) for yes in wanted], rule


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("a.b", "a.b"), ("c++ (v2)", "C++ (V2)"), ("[x]^-\\&~|", "[X]^-\\&~|"), ("100 %", "100  %"),
        ("straße", "STRAßE"), ("ñandú", "NANDU"), ("Ελλάδα", "ελλαδα"), ("Łódź", "łodz"),
        ("e\u0301tude", "Étude"), ("étude", "E\u0301TUDE"), ("#1 & {co}", "#1 & {CO}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backend", BACKENDS)
def test_any_text_equals_itself_however_it_is_written(typed, cell, backend):
    cells = pd.Series([cell, "other"], dtype="str")
    assert met(ask("is", typed), cells, backend) == [True, False]
    assert met(ask("contains", typed), cells, backend) == [True, False]


def test_a_dot_is_a_dot_and_not_any_letter():
    assert met(ask("is", "a.b"), pd.Series(["axb", "a.b"], dtype="str")) == [False, True]


def test_columns_people_added_hold_what_their_cells_hold():
    mixed = pd.Series([1, "2", None, "many"], dtype=object)
    assert met(ask("at_least", 2.0), mixed) == [False, True, False, False]
    assert met(ask("is", 1.0), mixed) == [True, False, False, False]
    assert met(ask("is", "yes"), pd.Series([True, None, False], dtype=object)) == [
        True,
        False,
        False,
    ]
    days = pd.Series([dt.datetime(2026, 3, 1), None], dtype=object)
    assert met(ask("before", "2026-03-02"), days) == [True, False]
    assert met(ask("is", "b"), pd.Series(["a", "b"], dtype="category")) == [False, True]


def test_an_empty_column_meets_nothing_and_is_no_fault():
    for backend in BACKENDS[:3]:
        for rule in (ask("at_least", 2.0), ask("before", "2026-01-01"), ask("is", "a")):
            assert met(rule, pd.Series([None, None], dtype=object), backend) == [False, False]


def test_entries_of_a_list_are_known_by_their_label_in_either_language():
    status = pd.Series(["won", "lost", None], dtype="str")
    for label in ("Won", "ganado", "won"):
        assert met(ask("is", label, attribute="Estado"), status, name="status") == [
            True,
            False,
            False,
        ]


# --- scores -------------------------------------------------------------------------------------

LEADS = pd.DataFrame(
    {
        "lead_id": ["1", "2", "3", "4"],
        "country": ["Spain", "Portugal", None, "France"],
        "job_title": ["Director", "Student", "director", "CEO"],
        "employees": [100.0, 100, np.nan, 5000],
    },
    index=[8, 9, 11, 12],
)
RETAIL = Persona(
    "Retail",
    (
        Criterion("Country", "one_of", ("Spain", "Portugal"), 20.0, required=True),
        Criterion("Cargo", "contains", ("director",), 50.0),
        Criterion("employees", "between", (50.0, 500.0), 30.0),
        Criterion("Job title", "is", ("student",), -40.0),
    ),
)
BIG = Persona("Big", (Criterion("Employees", "at_least", (1000.0,), 5.0),))


@pytest.mark.parametrize("backend", BACKENDS)
def test_scores_worked_by_hand(backend):
    # 1: all of 100. 2: 20 + 30 - 40 of 100. 3: lacks the required country. 4: fits Big only.
    found = rows(score(native(LEADS, backend), [RETAIL, BIG], GRADES, TODAY))
    expected = [("Retail", 100, "A", True), ("Retail", 10, "D", False), ("Big", 0, "D", False),
                ("Big", 100, "A", True)]  # fmt: skip
    told = [(row["persona"], row["score"], row["grade"], row["qualified"]) for row in found]
    assert told == expected
    assert [row["lead_id"] for row in found] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_why_and_what_would_raise_the_grade(backend):
    found = rows(score(native(LEADS, backend), [RETAIL], GRADES, TODAY))
    assert found[0]["why"] == (
        "✓ Country one of Spain, Portugal (+20) · ✓ Job title contains director (+50) · "
        "✓ Employees between 50 and 500 (+30)"
    )
    assert found[0]["improve"] is None
    assert found[1]["why"] == (
        "✓ Country one of Spain, Portugal (+20) · ✓ Employees between 50 and 500 (+30) · "
        "✓ Job title is student (-40) · ✗ Job title contains director (50)"
    )
    assert found[1]["improve"] is None  # a student is no director
    assert found[2]["persona"] is None
    assert found[2]["why"].endswith("? Country one of Spain, Portugal (required) · "
                                    "? Employees between 50 and 500 (30)")  # fmt: skip
    assert found[2]["improve"] == "ask: Country one of Spain, Portugal → B"


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_would_raise_the_grade_is_what_can_change(backend):
    leads = LEADS.assign(Demo=["yes", "no", None, "no"], Sector=["x", "x", "x", "x"])
    asked = (("Demo", "yes", 30.0), ("Sector", "Dental", 50.0), ("Country", "Spain", 20.0))
    persona = Persona("P", tuple(Criterion(what, "is", (value,), w) for what, value, w in asked))
    grades = [Grade("A", 80, True), Grade("B", 20), Grade("C", 0)]
    found = rows(score(native(leads, backend), [persona], grades, TODAY))
    assert [row["improve"] for row in found] == [None, *["Demo is yes → B"] * 3]
    assert [row["why"].count("?") for row in found] == [0, 0, 2, 0]


def test_more_criteria_than_fit_in_one_number_are_told_apart():
    many = tuple(Criterion("Country", "is", (f"Place {n}",), 1.0) for n in range(40))
    more = tuple(Criterion(f"Own {n}", "is", ("yes",), 1.0) for n in range(10))
    leads = LEADS.assign(**{f"Own {n}": ["yes", None, "no", "yes"] for n in range(10)})
    found = rows(score(leads, [Persona("P", many + more)], GRADES, TODAY))
    assert [row["why"].count("? Own") for row in found] == [0, 10, 0, 0]
    assert [row["why"].count("✓ Own") for row in found] == [10, 0, 0, 10]


def test_the_words_are_those_of_the_workbook():
    with speaking("es"):
        found = rows(score(LEADS, [BIG], GRADES, TODAY))
    assert found[3]["why"] == "✓ Empleados al menos 1000 (+5)"


def test_a_pandas_frame_keeps_its_index():
    assert list(score(LEADS, [BIG], GRADES, TODAY).index) == [8, 9, 11, 12]


def test_no_qualified_lead_without_a_persona_that_fits():
    generous = [Grade("D", 0, qualified=True)]
    found = rows(score(LEADS, [RETAIL], generous, TODAY))
    assert [row["qualified"] for row in found] == [True, True, False, False]


def test_criteria_that_exclude_each_other_still_let_a_lead_reach_100():
    tiers = (
        Criterion("Country", "is", ("Spain",), 30.0),
        Criterion("Country", "is", ("Portugal",), 10.0),
        Criterion("Employees", "at_least", (50.0,), 10.0),
        Criterion("Employees", "at_least", (1000.0,), 10.0),
        Criterion("Employees", "between", (1.0, 49.0), 5.0),
    )
    found = rows(score(LEADS, [Persona("P", tiers)], GRADES, TODAY))
    # The most one lead reaches: 30 for Spain, 20 for 1000 employees or more.
    assert [row["score"] for row in found] == [80, 40, 0, 40]
    assert found[2]["improve"] == "ask: Country is Spain → B"


def test_the_first_persona_of_the_sheet_wins_a_tie():
    twins = [Persona(name, BIG.criteria) for name in ("First", "Second")]
    assert {row["persona"] for row in rows(score(LEADS, twins, GRADES, TODAY))} == {"First"}


def test_no_leads_no_rows():
    assert rows(score(LEADS.head(0), [RETAIL, BIG], GRADES, TODAY)) == []


# --- what cannot be asked -----------------------------------------------------------------------


def test_every_criterion_that_cannot_be_asked_is_named_with_its_row():
    asked = [
        ("Budget", "is", ("x",)), ("Score", "at_least", (50.0,)), ("City", "is", ("Lugo",)),
    ]  # fmt: skip
    rules = [
        Criterion(name, operator, values, 1, row=row, sheet="Personas")
        for row, (name, operator, values) in enumerate(asked, start=4)
    ]
    with pytest.raises(BadData) as caught:
        score(LEADS.assign(score=1.0), [Persona("P", tuple(rules))], GRADES, TODAY)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (4, "Budget"),
        (5, "Score"),
        (6, "City"),
    ]
    assert all(fault.sheet == "Personas" and fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("attribute", "operator", "values", "problem"),
    [
        ("Country", "at_least", (5.0,), "no numbers"),
        ("Country", "before", ("2026-01-01",), "no dates"),
        ("Employees", "contains", ("1",), "no text"),
        ("Employees", "is", ("lots",), "the value is none"),
        ("Status", "is", ("Winning",), "never holds"),
    ],
)
def test_a_criterion_must_suit_its_column(attribute, operator, values, problem):
    frame = LEADS.assign(status=pd.Series(["won"] * 4, index=LEADS.index, dtype="str"))
    rule = Criterion(attribute, operator, values, 1.0, row=7, sheet="Personas")
    with pytest.raises(BadData, match=problem) as caught:
        score(frame, [Persona("P", (rule,))], GRADES, TODAY)
    assert caught.value.faults[0].row == 7


def test_without_personas_there_is_nothing_to_score():
    with pytest.raises(NotEnoughData):
        score(LEADS, [], GRADES, TODAY)


# --- always -------------------------------------------------------------------------------------

COLUMNS = st.sampled_from(["country", "job_title", "employees"])


@st.composite
def criterion(draw):
    column = draw(COLUMNS)
    weight = float(draw(st.integers(-30, 30)))
    required = draw(st.booleans())
    if column == "employees":
        return Criterion(column, "at_least", (float(draw(st.integers(0, 6000))),), weight, required)
    operator = draw(st.sampled_from(["is", "is_not", "contains", "is_blank"]))
    values = () if operator == "is_blank" else (draw(st.sampled_from(["spain", "director", "o"])),)
    return Criterion(column, operator, values, weight, required)


personas = st.lists(criterion(), min_size=1, max_size=5).map(
    lambda found: Persona("P", tuple(found))
)


@settings(max_examples=40, deadline=None)
@given(personas, st.integers(0, 4), st.integers(1, 50))
def test_more_points_for_a_criterion_never_lower_a_lead_that_meets_it(persona, which, more):
    rules = list(persona.criteria)
    which %= len(rules)
    rule = rules[which]
    alone = Criterion(rule.attribute, rule.operator, rule.values, 1.0)
    meets = score(LEADS, [Persona("A", (alone,))], GRADES, TODAY)["score"] == 100
    rules[which] = Criterion(
        rule.attribute, rule.operator, rule.values, rule.weight + more, rule.required
    )
    before = score(LEADS, [persona], GRADES, TODAY)["score"]
    after = score(LEADS, [Persona("P", tuple(rules))], GRADES, TODAY)["score"]
    assert (after[meets] >= before[meets] - 1e-6).all()
    assert after.between(0, 100).all()


@pytest.mark.parametrize("asked", [[RETAIL, BIG], [RETAIL], [BIG]], ids=["both", "one", "single"])
def test_spark_answers_alike(in_spark, asked):
    found = collected(score(in_spark(LEADS), asked, GRADES, TODAY))
    assert found == rows(score(LEADS, asked, GRADES, TODAY))


@settings(max_examples=25, deadline=None)
@given(st.lists(personas, min_size=1, max_size=3))
def test_every_backend_answers_alike(asked):
    known = rows(score(LEADS, asked, GRADES, TODAY))
    for backend in BACKENDS[1:]:
        assert rows(score(native(LEADS, backend), asked, GRADES, TODAY)) == known
