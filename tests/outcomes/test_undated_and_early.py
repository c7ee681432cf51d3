"""Outcomes without a date, contacts that are none, contacts before the lead came."""

import datetime as dt

import pandas as pd
import pytest

from smarketing_xl.attribution.conversions import history
from smarketing_xl.errors import BadData
from smarketing_xl.sla.cases import build_cases
from smarketing_xl.sla.response_effect import by_attempts, by_speed
from smarketing_xl.sla.terms import Terms, read_terms

NOW = dt.datetime(2026, 10, 15)
DAY = pd.Timestamp("2026-03-04 10:00")
TERMS = Terms(first_contact_hours={"A": 4})


def interactions(*rows: tuple[str, pd.Timestamp, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["lead_id", "time", "kind"]).assign(by="Ana", channel=None)


def leads(status: list[str], **columns: object) -> pd.DataFrame:
    ids = [f"L{number}" for number in range(len(status))]
    return pd.DataFrame({"lead_id": ids, "created": DAY, "status": status, "grade": "A", **columns})


@pytest.mark.parametrize("rest", ["lost", "rejected"])
def test_half_won_without_a_date_is_a_rate_of_one_half(rest: str) -> None:
    table = leads(["won"] * 50 + [rest] * 50)
    calls = interactions(*((lead, DAY + pd.Timedelta("30min"), "call") for lead in table.lead_id))
    first = by_speed(table, calls, TERMS, NOW).iloc[0]
    assert (first["leads"], first["won"], first["conversion"]) == (100, 50, 0.5)
    attempt = by_attempts(table, calls, TERMS, NOW).iloc[0]
    assert (attempt["conversion"], attempt["of_all_won"]) == (0.5, 1)


def test_open_leads_do_not_hide_undated_customers() -> None:
    table = leads(["won"] * 50 + ["new"] * 50)
    calls = interactions(*((lead, DAY + pd.Timedelta("30min"), "call") for lead in table.lead_id))
    assert by_speed(table, calls, TERMS, NOW).iloc[0]["conversion"] == 0.5


def test_a_contact_long_before_the_lead_came_is_none() -> None:
    table = leads(["new"] * 3)
    case = build_cases(
        table,
        interactions(
            ("L0", DAY - pd.Timedelta(days=425), "call"),
            ("L1", DAY - pd.Timedelta(hours=2), "call"),  # called first, entered afterwards
            ("L2", DAY + pd.Timedelta(hours=2), "call"),
        ),
        TERMS,
        NOW,
    )
    assert case.attempts.tolist() == [0, 1, 1]
    assert case.contact_hours.tolist()[1:] == [0, 2]
    assert case.waiting.tolist() == [True, False, False]
    assert case.too_early == 1


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("call", True), ("meeting", True), ("message", True), ("reply", True), (None, True),
        ("note", False), ("task", False), ("email", False),
    ],
)  # fmt: skip
def test_what_counts_as_contact(kind: str | None, counts: bool) -> None:
    done = interactions(("L0", DAY + pd.Timedelta(hours=1), kind))
    case = build_cases(leads(["new"]), done, TERMS, NOW)
    assert case.attempts.tolist() == [int(counts)]
    assert case.no_contact == int(not counts)


def test_the_list_of_contacts_is_the_users() -> None:
    terms = read_terms({"contact_kinds": "Correo electrónico; note", "office_days": "1-5"}, [])
    assert terms.contact_kinds == ("email", "note")
    assert read_terms({"office_days": "1-5"}, []).contact_kinds == TERMS.contact_kinds
    with pytest.raises(BadData, match="pigeon"):
        read_terms({"contact_kinds": "Call; pigeon", "office_days": "1-5"}, [])


def test_losses_without_a_date_are_no_open_journeys() -> None:
    table = leads(["lost", "lost", "won", "rejected"], source="Ads")
    touches = pd.DataFrame(
        {"lead_id": table["lead_id"], "time": DAY, "channel": "Ads", "kind": None, "by": None}
    )
    nobody = pd.DataFrame({"customer_id": [], "lead_id": [], "won_on": []}, dtype=object)
    found = history(touches, table, nobody, as_of=NOW)
    assert sorted(found.conversions["won"].tolist()) == [False, False, False, True]
    assert set(found.conversions["time"]) == {DAY}  # when they were last heard of
    assert (found.filled["loss_undated"], found.filled["sale_undated"]) == (3, 1)
