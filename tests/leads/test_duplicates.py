"""The same person twice is found, once written in one way; two people are left apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from smarketing_xl.leads import duplicates
from smarketing_xl.leads.duplicates import find
from smarketing_xl.parsing import match_keys
from smarketing_xl.sample.people import make_people


def leads(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    frame.insert(0, "lead_id", [str(number) for number in range(1, len(rows) + 1)])
    return frame


ANA = {
    "name": "Ana Peña",
    "email": "ana@example.com",
    "phone": "+34 600 111 222",
    "company": "Lorem Dental, S.L.",
    "city": "Madrid",
    "country": "Spain",
}


@pytest.mark.parametrize(
    "written",
    [
        {"email": "ANA+news@Example.com", "phone": None, "company": None},
        {"email": "info@example.org", "phone": "0034600111222"},
        {"email": "a.pena@example.org", "phone": "600 11 12 22"},
        {"email": None, "phone": None, "company": "LOREM DENTAL"},
        {"name": "Peña, Ana", "email": None, "phone": None},
        {"name": "Ana Pena", "email": None, "phone": "(+34) 600-111-222"},
        {"name": "Anna Peña", "email": None, "phone": None},
    ],
)
def test_the_same_person_written_otherwise(written: dict[str, object]) -> None:
    assert find(leads(ANA, {**ANA, **written})).tolist() == [
        pytest.approx(np.nan, nan_ok=True),
        "1",
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Bruno Soler", "email": "bruno@example.com"},  # a colleague at the switchboard
        {"company": "Ipsum Hotels", "email": "b@example.com", "phone": None, "city": "Porto"},
        {"name": None, "email": None, "phone": None},  # only a firm
        {"name": "Bruno Soler", "email": None},  # a colleague who left no address
        {"name": "Luis Peña", "email": "luis@example.com"},  # a brother in the family's firm
    ],
)
def test_other_people_are_left_apart(other: dict[str, object]) -> None:
    assert find(leads(ANA, {**ANA, **other})).isna().all()


def test_blank_leads_are_nobodys_duplicate() -> None:
    blank: dict[str, object] = dict.fromkeys(ANA)
    assert find(leads(blank, blank, ANA)).isna().all()


def test_the_earliest_lead_is_the_first_whatever_the_order() -> None:
    table = leads(ANA, ANA, ANA)
    table["created"] = pd.to_datetime(["2026-03-01", "2026-01-01", "2026-02-01"])
    assert find(table).fillna("").tolist() == ["2", "", "2"]


def test_a_lead_alike_to_a_duplicate_belongs_to_the_same_first() -> None:
    by_mail = {**ANA, "phone": "+34 700 000 000", "company": None}
    by_phone = {**ANA, "email": "x@example.org", "phone": "+34 700 000 000", "company": None}
    assert find(leads(ANA, by_mail, by_phone)).fillna("").tolist() == ["", "1", "1"]


def test_those_who_asked_twice_in_the_sample_are_found() -> None:
    asked, _fit, twice = make_people(np.random.default_rng(5), 3_000)
    found = find(asked).notna().to_numpy()
    assert found[twice].mean() > 0.97
    assert twice[found].mean() > 0.97


def test_colleagues_and_relatives_of_a_firm_are_left_apart() -> None:
    """Six people of each of 200 firms: one switchboard, one city, and one surname for half."""
    rng = np.random.default_rng(4)
    asked, _fit, _twice = make_people(rng, 1_200)
    firm = np.arange(len(asked)) % 200
    given = asked["name"].str.split(" ", n=1)
    for column in ("company", "phone", "city", "country"):
        asked[column] = asked[column].to_numpy()[firm]
    surname = given.str[1].where(firm < 100, given.str[1].to_numpy()[firm])
    asked["name"] = [f"Person{at}{word}" for at, word in zip(firm, given.str[0], strict=True)]
    asked["name"] += " " + surname
    asked = asked[~pd.Series(firm).astype(str).str.cat(asked["name"]).duplicated()]
    asked["email"] = [f"{number}.{number * 7919}@example.org" for number in range(len(asked))]
    assert find(asked).notna().mean() < 0.03


def test_what_is_compared_stays_in_line_with_the_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty of each surname in one city: every two of them would be fourteen pairs a lead."""
    count = 6_000
    names = [f"given{at} surname{at % 200:03}x" for at in range(count)]
    asked = pd.DataFrame({"lead_id": np.arange(count).astype(str), "name": names, "city": "Madrid"})
    fields = duplicates.written(asked)
    assert len(duplicates._candidates(fields)) <= (duplicates.PAIRS_A_LEAD + 1) * count
    monkeypatch.setattr(duplicates, "PAIRS_A_LEAD", 40)
    assert len(duplicates._candidates(fields)) > 10 * count


def test_phones_without_a_country_keep_their_digits() -> None:
    given = pl.Series(["600 11 22 33", None, "none", "+44 (0)20 7946 0000", "12"])
    assert match_keys.phones(given).to_list() == ["600112233", None, None, "+442079460000", None]


def test_a_firm_named_as_a_legal_form_keeps_its_name() -> None:
    assert match_keys.companies(pl.Series(["AG", "Co. Ltd"])).to_list() == ["ag", "co ltd"]
