"""Who may be contacted: the columns that say so, in the words that people and CRMs use."""

from __future__ import annotations

import pandas as pd
import pytest

from smarketing_xl.leads.consent import held_back, may_contact
from smarketing_xl.leads.priority import calling_priority


@pytest.mark.parametrize(
    ("column", "cells", "allowed"),
    [
        ("consent", ["Yes", "sí", "X", True, 1.0, "Granted"], [True] * 6),
        ("consent", ["No", None, "maybe", False, 0.0, "revoked"], [False] * 6),
        ("consent", [None, None], [True, True]),  # nobody keeps it here
        ("do_not_contact", [None, "No", False, 0.0, "false", "Allow"], [True] * 6),
        ("do_not_contact", ["Yes", "x", True, "asked us to stop", "Do Not Allow"], [False] * 5),
        ("Email Opt Out", ["true", "false"], [False, True]),
        ("Opt-in", ["yes", None], [True, False]),
        ("Notes", ["no", "x"], [True, True]),
    ],
)
def test_what_a_cell_means(column: str, cells: list[object], allowed: list[bool]) -> None:
    leads = pd.DataFrame({column: pd.Series(cells, dtype=object)})
    assert may_contact(leads).tolist() == allowed


def test_a_refusal_holds_for_the_duplicates_of_a_lead_and_they_are_called_last() -> None:
    leads = pd.DataFrame(
        {
            "lead_id": ["1", "2", "3"],
            "duplicate_of": [None, "1", None],
            "do_not_contact": [None, "yes", None],
            "score": [90.0, 80.0, 10.0],
        }
    )
    assert may_contact(leads).tolist() == [False, False, True]
    assert calling_priority(leads).tolist() == [2, 3, 1]


@pytest.mark.parametrize(
    "second",
    [
        {"duplicate_of": "1"},
        {"email": "ANA+news@example.com"},
        {"phone": "+507 6123-4567", "name": "Díaz, Ana"},
    ],
)
@pytest.mark.parametrize("no", [{"consent": "No"}, {"do_not_contact": "x"}])
def test_a_no_on_one_row_holds_for_every_row_of_the_person(
    second: dict[str, str], no: dict[str, str]
) -> None:
    first = {"name": "Ana Díaz", "email": "ana@example.com", "phone": "6123 4567"}
    another = {"name": "Bo Paz", "email": "bo@example.com", "phone": "6123 4567"}
    rows = [first, second | no, another]
    columns = ["lead_id", "name", "email", "phone", "duplicate_of", "consent", "do_not_contact"]
    leads = pd.DataFrame(
        [{"lead_id": str(at), "consent": "Yes"} | row for at, row in enumerate(rows, 1)],
        columns=columns,
    )
    held = held_back(leads)
    assert may_contact(leads).tolist() == [False, False, True]
    assert (held.own.tolist(), held.by_another.tolist()) == (
        [False, True, False],
        [True, False, False],
    )


def test_a_blank_consent_is_of_its_row_and_an_address_of_many_tells_of_nobody() -> None:
    mails = ["ana@example.com"] * 2 + ["none@example.com"] * 60
    consents = ["Yes", None, "No", *["Yes"] * 59]
    leads = pd.DataFrame({"email": mails, "consent": consents})
    assert may_contact(leads).tolist() == [True, False, False, *[True] * 59]
