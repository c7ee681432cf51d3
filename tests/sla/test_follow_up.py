"""Whom to call until when, what was done in time, and what each owner did."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from smarketing_xl.i18n import speaking
from smarketing_xl.sla.follow_up import follow_up_cases, late
from smarketing_xl.sla.sales import by_owner
from smarketing_xl.sla.terms import Terms

TERMS = Terms(
    sla_attempts=2,
    sla_attempt_days=5,
    sla_decide_days=5,
    holiday_country="ES",
    first_contact_hours={"A": 4, "B": 8},
)
NOW = dt.datetime(2026, 1, 14, 12, 0)  # a Wednesday


def lead(lead_id="L1", created="2026-01-07 10:00", grade="A", **more):
    row = {
        "lead_id": lead_id, "created": created, "assigned": None, "owner": "Ana", "status": "new",
        "decided": None, "closed": None, "reason": None, "grade": grade,
        "qualified": grade in ("A", "B"), "name": "Vera Ejemplo", "company": "Ficticia",
        "phone": None,
    }  # fmt: skip
    return row | more


def leads_of(*rows):
    frame = pd.DataFrame(rows)
    for column in ("created", "assigned", "decided", "closed"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def calls(*rows):
    frame = pd.DataFrame(rows, columns=["lead_id", "time", "by"])
    return frame.assign(time=pd.to_datetime(frame["time"]))


def first(rows, touches=(), now=NOW, terms=TERMS):
    return follow_up_cases(leads_of(*rows), calls(*touches), terms, now).iloc[0]


@pytest.mark.parametrize(
    ("row", "touches", "state", "kept"),
    [
        (lead(), [("L1", "2026-01-07 14:00", "Ana")], "in_time", True),
        (lead(), [("L1", "2026-01-07 14:01", "Ana")], "contacted_late", False),
        (lead(), [("L1", "2026-01-07 11:00", None)], "late", False),  # a touch of marketing
        (lead(), [("L1", "2026-01-15 09:00", "Ana")], "late", False),  # planned, not made
        (lead(created="2026-01-14 11:30"), [], "due", None),
        (lead(created="2026-01-14 09:30"), [], "due_soon", None),  # due at 13:30
        (lead(grade="C"), [], "not_qualified", None),
        (lead(grade=None), [], None, None),
        (lead(created=None), [], None, None),
        (lead(status="rejected", decided="2026-01-07 12:00"), [], "closed", None),
        (lead(status="rejected", decided="2026-01-09 12:00"), [], "closed", False),
        (lead(status="accepted"), [], "late", False),
    ],
)
def test_states(row, touches, state, kept):
    found = first([row], touches)
    assert (found["sla_status"] if pd.notna(found["sla_status"]) else None) == state
    assert found["in_time"] is kept


def test_a_lead_of_friday_night_is_due_on_monday():
    found = first([lead(created="2026-01-09 22:30")])
    assert found["follow_up_due"] == pd.Timestamp("2026-01-12 13:00")


def test_a_contact_before_the_lead_was_typed_in_took_no_time():
    found = first([lead()], [("L1", "2026-01-07 09:30", "Ana")])
    assert (found["sla_status"], found["contact_hours"]) == ("in_time", 0)


def test_a_lead_given_to_someone_else_starts_again():
    moved = lead(assigned="2026-01-13 09:00")
    found = first([moved], [("L1", "2026-01-07 11:00", "Ben")])
    assert found["follow_up_due"] == pd.Timestamp("2026-01-13 13:00")
    assert (found["sla_status"], found["attempts"]) == ("late", 0)
    assert first([moved], [("L1", "2026-01-13 10:00", "Ana")])["sla_status"] == "in_time"


def test_a_reopened_lead_is_undecided_again():
    reopened = lead(decided="2026-01-08 12:00", assigned="2026-01-13 09:00", status="new")
    found = late(leads_of(reopened), calls(("L1", "2026-01-13 10:00", "Ana")), TERMS, "2026-01-21")
    assert found["duty"].tolist() == ["attempts"]  # due with the decision, on the 19th at 18:00
    assert found["due"].tolist() == [pd.Timestamp("2026-01-19 18:00")]


def test_times_of_the_tables_may_be_of_another_zone():
    terms = Terms(first_contact_hours={"A": 4}, office_zone="Europe/Madrid", data_zone="UTC")
    # 16:30 UTC is 17:30 in Madrid: half an hour that day, 3.5 the next: 12:30 there, 11:30 UTC
    found = first([lead(created="2026-01-07 16:30")], terms=terms)
    assert found["follow_up_due"] == pd.Timestamp("2026-01-08 11:30")


def test_order_index_and_kind_of_frame_are_kept():
    leads = leads_of(lead("L2"), lead("L1"), lead("L2"))
    touches = calls(("L1", "2026-01-07 11:00", "Ana"), ("L9", "2026-01-07 11:00", "Ana"))
    leads.index = pd.Index([7, 5, 6])
    found = follow_up_cases(leads, touches, TERMS, NOW)
    assert found.index.tolist() == [7, 5, 6]
    assert found["sla_status"].tolist() == ["late", "in_time", "late"]
    plain = leads.astype(object).where(leads.notna(), None)
    polars = follow_up_cases(
        pl.DataFrame(plain.to_dict("list")), pl.DataFrame(touches.to_dict("list")), TERMS, NOW
    )
    assert polars["sla_status"].to_list() == ["late", "in_time", "late"]
    lazy = follow_up_cases(duckdb.sql("from leads"), duckdb.sql("from touches"), TERMS, NOW)
    assert lazy["sla_status"].tolist() == ["late", "in_time", "late"]


def test_no_leads_and_no_interactions():
    empty = leads_of(lead()).iloc[:0]
    assert len(follow_up_cases(empty, calls(), TERMS, NOW)) == 0
    assert len(late(empty, calls(), TERMS, NOW)) == 0
    assert len(by_owner(empty, calls(), TERMS, NOW)) == 0


def test_who_to_call_worst_first():
    rows = [
        lead("soon", "2026-01-14 09:30"),  # due at 13:30 today
        lead("fine", "2026-01-14 11:30"),
        lead("old", "2026-01-07 10:00", grade="B"),  # due 09:00 on the 8th, 8 hours promised
        lead("worst", "2026-01-07 10:00"),  # due 14:00 on the 7th, 4 hours promised
        lead("gone", "2026-01-07 10:00", status="lost"),
        lead("unpromised", "2026-01-07 10:00", grade="C"),
        lead("tried", "2026-01-07 10:00"),  # contacted once, 2 attempts by 14 January 10:00
        lead("done", "2026-01-07 10:00", status="accepted"),
    ]
    touches = [
        ("tried", "2026-01-07 11:00", "Ana"),
        ("done", "2026-01-07 11:00", "Ana"),
    ]
    found = late(leads_of(*rows), calls(*touches), TERMS, NOW)
    assert found["lead_id"].tolist() == ["worst", "old", "tried", "soon"]
    assert found["duty"].tolist() == ["first_contact", "first_contact", "attempts", "first_contact"]
    assert found["hours_late"].tolist() == [43, 39, 2, -1.5]
    assert found["sla_status"].tolist() == ["late", "late", "late", "due_soon"]


def test_what_each_owner_did():
    rows = [
        lead("1"),
        lead("2", status="won"),
        lead("3", status="rejected", decided="2026-01-08", reason="no_need"),
        lead("4", status="lost", reason="no_budget"),
        lead("5", grade="C", status="accepted"),
        lead("6", owner=None),
        lead("7", created="2025-12-30 10:00"),
    ]
    touches = [
        ("1", "2026-01-07 12:00", "Ana"),  # 2 hours
        ("2", "2026-01-07 16:00", "Ana"),  # 6 hours, late
        ("3", "2026-01-07 13:00", "Ana"),  # 3 hours
        ("3", "2026-01-07 15:00", "Ana"),
        ("4", "2026-01-07 14:00", "Ana"),  # 4 hours
    ]
    found = by_owner(leads_of(*rows), calls(*touches), TERMS, NOW)
    assert list(zip(found["month"].dt.month, found["owner"], strict=True)) == [
        (12, "Ana"), (1, "(nobody)"), (1, "Ana"),
    ]  # fmt: skip
    ana = found.iloc[2]
    assert (ana["assigned"], ana["in_time"], ana["in_time_share"]) == (5, 3, 0.75)
    assert ana["median_hours"] == 3.5
    assert ana["attempts"] == 1
    assert (ana["accepted"], ana["outside"], ana["rejected"]) == (3, 1, 1)
    assert (ana["undecided"], ana["won"]) == (1, 1)
    assert ana["reasons"] == "No budget 1; No need now 1"
    waiting = found.iloc[1]  # nobody's lead waits: its hours so far, 5 days and 2 hours
    assert (waiting["median_hours"], waiting["in_time_share"]) == (47, 0)
    assert pd.isna(waiting["reasons"])


def test_reasons_are_said_in_the_language_spoken():
    rows = [lead(status="rejected", decided="2026-01-08", reason="no_need")]
    with speaking("es"):
        spanish = by_owner(leads_of(*rows), calls(), TERMS, NOW)["reasons"][0]
    assert spanish.endswith(" 1")
    assert not spanish.startswith("No need now")


def test_a_hundred_thousand_leads():
    count = 100_000
    created = np.datetime64("2025-01-01", "us") + np.arange(count) * np.timedelta64(5, "m")
    leads = pd.DataFrame(
        {"lead_id": np.arange(count).astype(str), "created": created, "grade": "A", "status": "new"}
    )
    touches = pd.DataFrame(
        {"lead_id": leads["lead_id"], "time": created + np.timedelta64(90, "m"), "by": "Ana"}
    )
    found = follow_up_cases(leads, touches, TERMS, dt.datetime(2026, 12, 31))
    assert (found["sla_status"] == "in_time").all()
