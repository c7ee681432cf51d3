"""The terms of the agreement, read from named cells and grades."""

import datetime as dt

import numpy as np
import pytest

from smarketing_xl.errors import BadData
from smarketing_xl.personas.grades import Grade
from smarketing_xl.schema.named_cells import TERMS
from smarketing_xl.sla.terms import Terms, read_terms

GRADES = [Grade("A", 80, True, 4), Grade("B", 50, True, 8), Grade("C", 0, False)]


def test_the_cells_of_a_new_workbook_make_terms():
    terms = read_terms({cell.name: cell.value for cell in TERMS}, GRADES)
    assert terms.sla_qualified == 60
    assert terms.office_days == (1, 2, 3, 4, 5)
    assert terms.first_contact_hours == {"A": 4, "B": 8}
    assert terms.office.hours == 9


def test_blank_cells_promise_nothing():
    terms = read_terms(dict.fromkeys(cell.name for cell in TERMS), [])
    assert (terms.sla_leads, terms.sla_attempts, terms.sla_decide_days) == (0, 0, 0)
    assert terms.holiday_country == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1-5", (1, 2, 3, 4, 5)),
        ("1, 2;6", (1, 2, 6)),
        ("1-3,5-6", (1, 2, 3, 5, 6)),
        (2.0, (2,)),
    ],
)
def test_working_days_as_people_type_them(text, days):
    assert read_terms({"office_days": text}, []).office_days == days


def test_every_fault_is_named_at_once():
    with pytest.raises(BadData) as failure:
        read_terms(
            {
                "sla_leads": -1,
                "office_days": "Monday",
                "holiday_country": "Atlantis",
                "office_zone": "Madrid",
                "agreed_from": dt.datetime(2026, 2, 1),
                "agreed_to": dt.datetime(2026, 1, 1),
            },
            [],
        )
    assert {fault.column for fault in failure.value.faults} == {
        "Leads per month", "Working days", "Public holidays of", "Time zone of the office",
        "Valid to",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"office_open": 9, "office_close": "9:00"}, "Office opens"),
        ({"office_close": 25}, "Office opens"),
        ({"office_open": "9-14, 13-19"}, "Office opens"),
        ({"office_other": "sometimes"}, "Other hours"),
        ({"office_days": "5-1"}, "Working days"),
        ({"sla_attempts": 3, "sla_attempt_days": 0}, "Attempts within"),
    ],
)
def test_terms_that_cannot_be(wrong, column):
    with pytest.raises(BadData) as failure:
        read_terms(wrong, [])
    assert [fault.column for fault in failure.value.faults] == [column]


def test_negative_hours_of_a_grade_are_refused():
    with pytest.raises(BadData, match="grade A"):
        Terms(first_contact_hours={"A": -1})


def test_times_of_the_crm_on_the_clock_of_the_office():
    terms = Terms(office_zone="Europe/Madrid", data_zone="UTC")
    times = np.array(["2026-01-07T10:00", "2026-07-07T10:00", "NaT"], dtype="datetime64[us]")
    local = terms.to_office(times)
    assert local[:2].astype(str).tolist() == [
        "2026-01-07T11:00:00.000000", "2026-07-07T12:00:00.000000",
    ]  # fmt: skip
    assert np.isnat(local[2])
    assert terms.to_data(local)[:2].tolist() == times[:2].tolist()
    assert Terms(data_zone="UTC").to_office(times)[0] == times[0]
