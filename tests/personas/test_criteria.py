"""What managers type on the Personas sheet, good and bad."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import speaking
from smarketing_xl.parsing.dates import as_date
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.personas.criteria import Criterion, read_personas
from smarketing_xl.personas.grades import Grade, grade, read_grades, scale


def table(*rows, first=5):
    keys = ["persona", "attribute", "operator", "value", "weight", "required"]
    frame = pd.DataFrame(rows, columns=keys, dtype=object)
    frame.index = pd.RangeIndex(first, first + len(rows))
    frame.attrs["sheet"] = "Personas"
    return frame


def test_personas_keep_the_order_of_the_sheet_and_the_row_of_each_criterion():
    retail, other = read_personas(
        table(
            ("Retail", "Industry", "is", "Retail", 30, True),
            ("Other", "Country", "one_of", "Spain; Portugal ;", 10, None),
            ("Retail", "Employees", "between", "50; 1.200,5", -20, "No"),
        )
    )
    assert (retail.name, other.name) == ("Retail", "Other")
    assert retail.criteria == (
        Criterion("Industry", "is", ("Retail",), 30.0, True, 5, "Personas"),
        Criterion("Employees", "between", ("50", "1.200,5"), -20.0, False, 7, "Personas"),
    )
    assert other.criteria[0].values == ("Spain", "Portugal")


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        (50, (50.0,)),
        ("a; b", ("a", "b")),
        (dt.datetime(2026, 3, 1), (dt.datetime(2026, 3, 1),)),
        (pd.Timestamp("2026-03-01 10:00"), (dt.datetime(2026, 3, 1),)),
        (True, (True,)),
    ],
)
def test_a_value_cell_may_hold_a_text_a_number_a_date_or_a_yes(cell, values):
    assert read_personas(table(("P", "X", "is", cell, 1, None)))[0].criteria[0].values == values


def test_operators_and_yes_no_are_known_in_both_languages():
    row = ("P", "Ciudad", "no está vacío", None, 1, "Sí")
    criterion = read_personas(table(row))[0].criteria[0]
    assert (criterion.operator, criterion.required) == ("is_not_blank", True)


def test_every_bad_cell_is_named_at_once_with_its_row():
    rows = [
        (None, "Country", "is", "Spain", 10, None),
        ("P", " ", "is", "Spain", 10, None),
        ("P", "Country", "equals", "Spain", 10, None),
        ("P", "Country", "is", None, 10, None),
        ("P", "Country", "is", "Spain", "many", None),
        ("P", "Country", "is", "Spain", np.nan, None),
        ("P", "Employees", "between", "500; 50", 10, None),
        ("P", "Employees", "between", "50", 10, None),
        ("P", "Employees", "at_least", "a lot", 10, None),
        ("P", "Created", "before", "31/31/2026", 10, None),
        ("P", "Created", "within", "-3", 10, None),
        ("P", "Employees", "at_most", "1; 2", 10, None),
    ]
    with pytest.raises(BadData) as caught:
        read_personas(table(*rows))
    named = [(fault.row, fault.column) for fault in caught.value.faults]
    columns = ["Persona", "Attribute", "Operator", "Value", "Weight", "Weight", *["Value"] * 6]
    assert named == list(zip(range(5, 17), columns, strict=True))
    assert all(fault.sheet == "Personas" and fault.remedy for fault in caught.value.faults)


def test_a_persona_needs_points_to_reach():
    with pytest.raises(BadData, match="no points to reach"):
        read_personas(table(("P", "Country", "is", "Spain", -10, None)))


def test_a_persona_of_too_many_criteria_is_refused():
    with pytest.raises(BadData, match="more than 50"):
        read_personas(table(*[("P", "Country", "is", str(n), 1, None) for n in range(51)]))


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("1,200", 1200, 1.2),
        ("1.200", 1.2, 1200),
        ("1,5", 1.5, 1.5),
        ("1.234.567", 1234567, 1234567),
        ("1,234,567.8", 1234567.8, 1234567.8),
        ("1.234.567,8", 1234567.8, 1234567.8),
        ("-3", -3, -3),
        ("50.000 €", 50000, 50000),
        ("50.000", 50, 50000),
        ("12 %", 0.12, 0.12),
        (".5", 0.5, 0.5),
        ("1.2.3", None, None),
        ("1,2,3", None, None),
        ("", None, None),
        ("12 cars", None, None),
    ],
)
def test_numbers_as_people_write_them(text, english, spanish):
    assert as_number(text) == english
    with speaking("es"):
        assert as_number(text) == spanish


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", dt.datetime(2026, 3, 31)),
        ("2026-03-31 15:00", dt.datetime(2026, 3, 31)),
        ("1/3/2026", dt.datetime(2026, 3, 1)),
        ("1.3.26", dt.datetime(2026, 3, 1)),
        ("1-3/2026", None),
        ("2026-02-30", None),
        ("soon", None),
        (46000, dt.datetime(2025, 12, 9)),
        ("3/31/2026", dt.datetime(2026, 3, 31)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert as_date(text) == day


def test_criteria_speak_the_language_of_the_workbook():
    criterion = Criterion("Employees", "at_least", (0.5,))
    assert criterion.words() == "Employees at least 0.5"
    with speaking("es"):
        assert criterion.words() == "Empleados al menos 0,5"


# --- grades -------------------------------------------------------------------------------------

GRADES = [Grade("A", 80, True, 4), Grade("B", 60, True, 8), Grade("C", 40), Grade("D", 0)]


def grades_table(*rows):
    keys = ["grade", "lowest", "qualified", "first_contact_hours"]
    return pd.DataFrame(rows, columns=keys, index=range(4, 4 + len(rows)), dtype=object)


def test_grades_are_read_best_first():
    frame = grades_table(("C", 40, False, None), ("A", 80, True, 4), ("D", 0, None, None))
    assert read_grades(frame) == [Grade("A", 80, True, 4), Grade("C", 40), Grade("D", 0)]


def test_bad_grades_are_named_at_once():
    rows = [("A", 80, 1, 4), ("A", 60, 1, -1), ("B", 80, 1, 1), (None, 120, 1, 1), ("E", "x", 1, 1)]
    with pytest.raises(BadData) as caught:
        read_grades(grades_table(*rows))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (5, "Grade"),
        (5, "Hours to first contact"),
        (6, "Lowest fit score"),
        (7, "Grade"),
        (7, "Lowest fit score"),
        (8, "Lowest fit score"),
    ]


@pytest.mark.parametrize(
    ("points", "letter"), [(100, "A"), (80, "A"), (79.999, "B"), (40, "C"), (39, "D"), (0, "D")]
)
def test_a_score_earns_the_grade_whose_threshold_it_reaches(points, letter):
    assert grade(points, GRADES) == letter


def test_below_every_threshold_there_is_no_grade():
    assert grade([10, 70], [Grade("B", 60)]).tolist() == [None, "B"]


def test_a_range_of_scores_keeps_its_shape_and_its_errors():
    answers = grade([[90, "x"], [None, -5]], GRADES)
    assert [[str(cell) for cell in row] for row in answers] == [["A", "#VALUE!"], ["None", "None"]]


def test_grades_from_two_ranges():
    assert scale([[80], [0], [None]], [["A"], ["D"], [None]]) == [Grade("A", 80), Grade("D", 0)]
    with pytest.raises(BadData):
        scale([80], ["A", "B"])
