"""Office hours: nights, weekends and holidays do not count."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import OutOfRange, WrongType
from smarketing_xl.sla.calendar import Office, add_business_hours, business_hours
from smarketing_xl.sla.office_hours import other_hours
from smarketing_xl.sla.terms import read_terms

settings.register_profile("quick", max_examples=60, deadline=None)
settings.load_profile("quick")

SPAIN = Office(holidays="ES")
MADRID = Office(holidays="ES-MD")

# 2026: 1 January is a Thursday, 6 January (Epiphany) a Tuesday, both holidays in Spain
moment = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: np.datetime64("2024-01-01T00:00") + np.timedelta64(minutes, "m")
)
offices = st.builds(
    lambda opens, hours, days, place, more: Office(
        opens, opens + hours, tuple(sorted(days)), place, **more
    ),
    st.sampled_from([0, 8, 9.5, 22]),
    st.sampled_from([1, 7.25, 9, 14]),
    st.sets(st.integers(1, 7), min_size=1),
    st.sampled_from(["", "ES", "US-CA", "SA"]),
    st.sampled_from(
        [
            {},
            {"closed": (dt.date(2024, 5, 6), dt.date(2025, 8, 15))},
            {"shifts": ((9, 14), (16, 19.5))},
            {"shifts": ((6, 10), (20, 27)), "other": other_hours("5: 8-15; Aug: 9:30-14")},
            {"other": other_hours("6: 9-13; Aug 1-4: closed")},
        ]
    ),
)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-07 10:00", "2026-01-07 12:30", 2.5),
        ("2026-01-07 17:00", "2026-01-08 10:00", 2),  # over a night
        ("2026-01-09 17:00", "2026-01-12 10:00", 2),  # over a weekend
        ("2026-01-05 17:00", "2026-01-07 10:00", 2),  # over Epiphany
        ("2026-01-07 20:00", "2026-01-08 03:00", 0),  # all at night
        ("2026-01-10 12:00", "2026-01-11 12:00", 0),  # all at the weekend
        ("2026-01-08 10:00", "2026-01-07 17:00", -2),
        ("2025-12-31 09:00", "2026-01-02 18:00", 18),  # New Year between
    ],
)
def test_hours_between(start, end, hours):
    assert business_hours(start, end, SPAIN) == hours


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-01-07 10:00", 2.5, "2026-01-07 12:30"),
        ("2026-01-07 17:00", 2, "2026-01-08 10:00"),
        ("2026-01-07 22:00", 4, "2026-01-08 13:00"),  # arrives at night
        ("2026-01-10 12:00", 4, "2026-01-12 13:00"),  # arrives on a Saturday
        ("2026-01-06 12:00", 4, "2026-01-07 13:00"),  # arrives on a holiday
        ("2026-01-07 09:00", 9, "2026-01-07 18:00"),  # a whole day ends when the office closes
        ("2026-01-07 18:00", 9, "2026-01-08 18:00"),
        ("2026-01-07 10:00", 0, "2026-01-07 10:00"),
        ("2026-01-07 22:00", 0, "2026-01-08 09:00"),
        ("2026-01-07 10:00", 45, "2026-01-14 10:00"),  # five working days
    ],
)
def test_when_hours_have_passed(start, hours, due):
    assert add_business_hours(start, hours, SPAIN) == np.datetime64(due.replace(" ", "T"))


def test_a_region_has_holidays_of_its_own():
    # 2 May is the day of Madrid; in 2025 a Friday
    assert business_hours("2025-05-02 09:00", "2025-05-02 18:00", SPAIN) == 9
    assert business_hours("2025-05-02 09:00", "2025-05-02 18:00", MADRID) == 0


def test_saturdays_may_be_worked():
    shop = Office(10, 14, (1, 2, 3, 4, 5, 6))
    assert business_hours("2026-01-10 00:00", "2026-01-12 00:00", shop) == 4


SPLIT = Office(9, 19, shifts=((9, 14), (16, 19)), other=other_hours("5: 8-15; Aug: 8-15"))
NIGHT = Office(22, 30)


@pytest.mark.parametrize(
    ("office", "start", "end", "hours"),
    [
        (SPLIT, "2026-01-07 00:00", "2026-01-08 00:00", 8),
        (SPLIT, "2026-01-07 13:00", "2026-01-07 17:00", 2),  # the break does not count
        (SPLIT, "2026-01-09 00:00", "2026-01-10 00:00", 7),  # a Friday
        (SPLIT, "2026-08-05 00:00", "2026-08-06 00:00", 7),  # August
        (NIGHT, "2026-01-09 22:00", "2026-01-10 06:00", 8),  # Friday's night ends on Saturday
        (NIGHT, "2026-01-10 22:00", "2026-01-11 06:00", 0),  # none begins on Saturday
        (Office(closed=(dt.date(2026, 1, 7),)), "2026-01-07 00:00", "2026-01-08 00:00", 0),
    ],
)
def test_days_that_differ(office, start, end, hours):
    assert business_hours(start, end, office) == hours


def test_due_over_a_break_and_over_a_night():
    due = [
        add_business_hours("2026-01-07 13:00", 2, SPLIT),
        add_business_hours("2026-01-07 13:00", 1, SPLIT),
        add_business_hours("2026-01-07 15:00", 0, SPLIT),
        add_business_hours("2026-01-09 23:00", 8, NIGHT),
    ]
    said = ["2026-01-07T17:00", "2026-01-07T14:00", "2026-01-07T16:00", "2026-01-12T23:00"]
    assert due == [np.datetime64(text) for text in said]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(9, 18), (0.375, 0.75), ("9:00", "18:00"), (dt.time(9), dt.time(18)), ("9h", "6 pm"),
     (dt.datetime(1899, 12, 30, 9), 18.0), ("9-18", None)],
)  # fmt: skip
def test_clock_times_parts_of_a_day_and_hours_are_the_same_office(opens, closes):
    terms = read_terms({"office_open": opens, "office_close": closes}, [])
    assert business_hours("2026-01-05 00:00", "2026-01-10 00:00", terms.office) == 45


@given(moment, moment, moment, offices)
def test_hours_add_up(a, b, c, office):
    both = business_hours(a, b, office) + business_hours(b, c, office)
    assert business_hours(a, c, office) == pytest.approx(both, abs=1e-9)


@given(moment, st.floats(0, 2000), offices)
def test_adding_then_measuring_gives_back(start, hours, office):
    due = add_business_hours(start, hours, office)
    assert due >= start
    assert business_hours(start, due, office) == pytest.approx(hours, abs=1 / 3600)


@given(moment, st.integers(0, 500), offices)
def test_due_moments_lie_in_office_hours(start, hours, office):
    due = add_business_hours(start, hours, office)
    within = (due - due.astype("datetime64[D]")) / np.timedelta64(1, "h")
    if office.timetable is None:
        begun = due - np.timedelta64(round(office.opens * 3600), "s")
        opened = begun.astype("datetime64[D]")
        assert office.opens <= within + 24 * int(due.astype("datetime64[D]") > opened)
        assert np.is_busday(opened, busdaycal=office.calendar)
    assert business_hours(due - np.timedelta64(1, "s"), due + np.timedelta64(1, "s"), office) > 0


def test_arrays_and_blanks():
    start = np.array(["2026-01-07T10:00", "NaT", "2026-01-07T10:00"], dtype="datetime64[us]")
    hours = np.array([1.0, 1.0, np.nan])
    due = add_business_hours(start, hours, SPAIN)
    assert np.isnat(due).tolist() == [False, True, True]
    assert business_hours(start, "2026-01-07T12:00", SPAIN)[0] == 2
    assert np.isnan(business_hours(start, "2026-01-07T12:00", SPAIN)[1])


def test_bad_times_and_hours_are_refused():
    with pytest.raises(WrongType, match="not a time"):
        business_hours("soon", "2026-01-07", SPAIN)
    with pytest.raises(OutOfRange, match="hours is out of range"):
        add_business_hours("2026-01-07", -1, SPAIN)
    with pytest.raises(WrongType, match="not a number"):
        add_business_hours("2026-01-07", "four", SPAIN)
    with pytest.raises(OutOfRange, match="holidays of XX"):
        business_hours("2026-01-07", "2026-01-08", Office(holidays="XX"))
