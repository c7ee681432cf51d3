"""Workbooks with the words of before go on."""

from __future__ import annotations

import pytest

from smarketing_xl.schema import former, tables
from smarketing_xl.schema.tables import BY_NAME, CHOICES, FUNNEL_GROUPS


@pytest.mark.parametrize("place", former.HEADERS)
def test_a_former_header_is_that_column(place: str) -> None:
    table, key = place.split(".")
    known = BY_NAME[table].headers()
    assert {known[name.lower()] for name in former.HEADERS[place]} == {key}


@pytest.mark.parametrize("place", former.ENTRIES)
def test_a_former_label_is_that_entry(place: str) -> None:
    name, entry = place.split(".")
    (choices,) = (each for each in (*CHOICES, FUNNEL_GROUPS) if each.name == name)
    assert {choices.known()[label.lower()] for label in former.ENTRIES[place]} == {entry}


def test_a_former_sheet_is_the_home_of_its_tables() -> None:
    assert tables.sheet_names("learned") == {
        "Suggestions", "Sugerencias", "Sugestões", "Learned", "Aprendido",
    }  # fmt: skip
