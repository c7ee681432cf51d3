"""Whom to call first: what the agreement says, then the better lead."""

from __future__ import annotations

import pandas as pd

from smarketing_xl.leads.priority import calling_priority


def test_late_leads_come_first_and_better_ones_before_others() -> None:
    leads = pd.DataFrame(
        {
            "sla_status": ["due", "late", "due", "late", "closed"],
            "rating": ["A1", "B1", "A2", "A1", "A1"],
            "score": [90, 60, 95, 90, 99],
        }
    )
    assert calling_priority(leads).tolist() == [3, 2, 4, 1, 5]


def test_duplicates_and_closed_leads_come_last() -> None:
    leads = pd.DataFrame(
        {
            "score": [90.0, 10.0, 80.0],
            "duplicate_of": ["7", None, None],
            "status": ["new", "new", "won"],
        }
    )
    assert calling_priority(leads).tolist() == [2, 1, 3]


def test_the_sooner_due_is_called_first_between_equals() -> None:
    due = pd.to_datetime(["2026-01-03", "2026-01-02", None])
    assert calling_priority(pd.DataFrame({"follow_up_due": due})).tolist() == [2, 1, 3]


def test_ties_keep_the_tables_order_and_every_lead_has_its_number() -> None:
    leads = pd.DataFrame({"score": [1.0, 1.0, None]}, index=[9, 5, 7])
    assert calling_priority(leads).to_dict() == {9: 1, 5: 2, 7: 3}


def test_an_empty_table_has_no_order() -> None:
    assert calling_priority(pd.DataFrame({"score": []})).empty


def test_who_is_not_to_be_contacted_comes_last() -> None:
    leads = pd.DataFrame(
        {"sla_status": ["late", "due", "due"], "Do not contact": ["x", None, None]}
    )
    assert calling_priority(leads).tolist() == [3, 1, 2]
