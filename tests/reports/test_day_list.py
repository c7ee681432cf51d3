"""The day's list: who is late and who is due, in calling order, in every form."""

from __future__ import annotations

import datetime as dt
import json
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import speaking
from smarketing_xl.reports.day_list import DayList, _escaped, _folded, build_day_list
from smarketing_xl.sla.follow_up import due_today, late
from smarketing_xl.sla.terms import Terms

NOW = dt.datetime(2026, 3, 4, 12, 0)  # a Wednesday
TERMS = Terms(first_contact_hours={"A": 4.0, "B": 8.0}, data_zone="America/Panama")
LEADS = pd.DataFrame(
    [
        # created Tuesday 10:00, due 14:00: late by 4 + 3 office hours
        ("L1", "2026-03-03 10:00", "Ana; Díaz", "+507 6123-4567", "Eva", "A", 2.0),
        # created today 9:30, due 13:30: within two office hours
        ("L2", "2026-03-04 09:30", "Bo", None, "Eva", "A", 1.0),
        # created today 9:00, due 17:00: later today
        ("L3", "2026-03-04 09:00", "Cy\nX", "2", "Leo", "B", 3.0),
        # created today 11:00, due tomorrow 10:00
        ("L4", "2026-03-04 11:00", "Di", "3", "Leo", "B", 4.0),
    ],
    columns=["lead_id", "created", "name", "phone", "owner", "grade", "priority"],
).assign(
    created=lambda rows: pd.to_datetime(rows["created"]),
    company=None,
    status="new",
    why=["✓ City is Panama (+30) · ✗ Age (10)", "✗ Age (10)", None, None],
)
CONTACTS = pd.DataFrame(
    {"lead_id": ["L4"], "time": pd.to_datetime(["2026-03-04 11:05"]), "by": ["Leo"], "kind": [None]}
)


@pytest.fixture
def found() -> DayList:
    return build_day_list(LEADS, CONTACTS.iloc[:0], TERMS, NOW)


def test_who_is_late_or_due_before_the_day_is_over_by_owner_and_priority(found: DayList) -> None:
    calls = found.calls[["owner", "lead_id", "sla_status", "hours_late"]].values.tolist()
    assert calls == [
        ["Eva", "L2", "due_soon", -1.5],
        ["Eva", "L1", "late", 7.0],
        ["Leo", "L3", "due", -5.0],
    ]


def test_the_list_holds_all_that_the_sheet_has_as_late_or_due_soon() -> None:
    every = due_today(LEADS, CONTACTS.iloc[:0], TERMS, NOW)
    sheet = late(LEADS, CONTACTS.iloc[:0], TERMS, NOW)
    assert sheet["lead_id"].tolist() == ["L1", "L2"]
    pd.testing.assert_frame_equal(every.iloc[: len(sheet)], sheet)


def test_text_is_ready_to_paste(found: DayList) -> None:
    assert found.written("text").splitlines() == [
        "Eva, 2026-03-04: 1 late, 1 due today",
        "1. Bo (L2)",
        "   First contact: due at 13:30. grade A",
        "2. Ana; Díaz, +507 6123-4567 (L1)",
        "   First contact: 7.0 office hours late. grade A: City is Panama (+30)",
        "March 2026: 2 leads, 0 contacted in time (0 % of those judged by now), 0 accepted, 0 won.",
        "",
        "Leo, 2026-03-04: 0 late, 1 due today",
        "1. Cy X, 2 (L3)",
        "   First contact: due at 17:00. grade B",
        "March 2026: 2 leads, 0 contacted in time (– of those judged by now), 0 accepted, 0 won.",
    ]
    with speaking("es"):
        spoken = found.written("text")
    assert "Eva, 04/03/2026: 1 con retraso" in spoken
    assert "March" not in spoken and "office" not in spoken


def test_one_salesperson_by_any_part_of_the_name(found: DayList) -> None:
    assert set(found.of_owner("éva").calls["owner"]) == {"Eva"}
    nothing = build_day_list(LEADS.assign(status="won"), CONTACTS, TERMS, NOW).of_owner("Leo")
    assert nothing.calls.empty  # nobody to call is no mistake
    with pytest.raises(NotEnoughData, match=r"Zoe\. Choose one of: Eva, Leo"):
        found.of_owner("Zoe")


def test_json_says_the_same(found: DayList) -> None:
    told = json.loads(found.written("json"))
    assert [call["lead_id"] for call in told["calls"]] == ["L2", "L1", "L3"]
    assert told["calls"][0]["due"] == "2026-03-04T13:30:00"
    assert told["calls"][0]["phone"] is None
    assert told["month"][0]["owner"] == "Eva"


def test_calendar_entries_keep_to_the_format(found: DayList) -> None:
    told = found.written("calendar")
    lines = told.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    whole = re.sub("\r\n ", "", told)
    starts = re.findall(r"DTSTART:(\S+)", whole)
    # due 13:30 in Panama is 18:30 in Greenwich; the late one is called now
    assert starts == ["20260304T183000Z", "20260304T170000Z", "20260304T220000Z"]
    assert "SUMMARY:First contact: Ana\\; Díaz\r\n" in whole
    again = build_day_list(LEADS, CONTACTS.iloc[:0], TERMS, NOW + dt.timedelta(minutes=5))
    uids = [re.findall(r"UID:(\S+)", each.written("calendar")) for each in (found, again)]
    assert uids[0] == uids[1]


@settings(deadline=None)
@given(st.text())
def test_no_name_breaks_out_of_its_line(name: str) -> None:
    clean = "".join(letter for letter in name if letter.isprintable())
    folded = _folded("SUMMARY:" + _escaped(clean))
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == "SUMMARY:" + _escaped(clean)


def test_who_gave_no_consent_is_not_listed_but_counted() -> None:
    asked = LEADS.assign(Consent=["Yes", "No", None, "Yes"])
    found = build_day_list(asked, CONTACTS.iloc[:0], TERMS, NOW)
    assert found.calls["lead_id"].tolist() == ["L1"]
    said = "2 more are not listed: no consent, or not to be contacted."
    assert found.written("text").endswith(f"\n\n{said}")


def test_nobody_is_said_in_a_word() -> None:
    none = build_day_list(LEADS.assign(status="won"), CONTACTS, TERMS, NOW)
    assert none.calls.empty
    assert none.written("text") == "No call is due on 2026-03-04."
    assert json.loads(none.written("json"))["calls"] == []


def test_who_says_no_on_another_row_is_not_listed_but_counted() -> None:
    asked = LEADS.iloc[:1].assign(email="ana@example.com", Consent="Yes", duplicate_of=None)
    again = asked.assign(lead_id="L9", email=None, Consent="No", duplicate_of="L1")
    every = pd.concat([asked, again])
    found = build_day_list(asked, CONTACTS.iloc[:0], TERMS, NOW, every)
    assert found.calls.empty  # the account has one row of a lead
    said = "1 more is not listed: no consent, or not to be contacted."
    assert found.written("text").endswith(f"\n\n{said}")
