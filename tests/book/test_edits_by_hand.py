"""What people decide against the rules is kept through every fill, marked, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.errors import BadData
from smarketing_xl.personas.overrides import MARK
from smarketing_xl.schema import tables
from tests.meeting.hands import FileHands
from tests.meeting.script import NOW, few


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[FileHands]:
    hands = FileHands(make(tmp_path / "book.xlsm"))
    for kind, path in few(tmp_path).items():
        if kind in ("leads", "interactions"):
            actions.import_file(hands.book, path, kind)
    actions.score(hands.book, now=NOW)
    yield hands


def leads(book: xw.Book) -> pd.DataFrame:
    return read.read_table(book, tables.LEADS).reset_index(drop=True)


AGE = "Age: May be a protected characteristic: deciding by it can be unlawful"  # of a criterion


def other(grade: str) -> str:
    return "D" if grade != "D" else "A"


def test_a_grade_typed_by_hand_stays_is_marked_and_decides(hands: FileHands) -> None:
    before = leads(hands.book)
    typed = other(before["grade"][4])
    hands.type(tables.LEADS, 4, "grade", typed.lower())
    summary = actions.score(hands.book, now=NOW)
    after = leads(hands.book)
    assert after["grade"][4] == typed
    assert after["rule_grade"][4] == before["grade"][4] + MARK
    assert after["rating"][4].startswith(typed)
    assert after["qualified"][4] == (typed == "A")
    assert after["grade"].drop(4).equals(before["grade"].drop(4))
    assert summary.notes == ("1 grade typed by hand is kept", AGE)


def test_it_stays_even_when_the_rules_come_to_say_the_same(hands: FileHands) -> None:
    rule = leads(hands.book)["grade"][4]
    typed = other(rule)
    hands.type(tables.LEADS, 4, "grade", typed)
    place = hands.place(tables.GRADES)
    names = place.block(0, place.offsets["grade"], place.height - 1, 1).options(ndim=1).value
    swapped = [{rule: typed, typed: rule}.get(name, name) for name in names]
    for scale in (swapped, names):
        block = place.block(0, place.offsets["grade"], len(names), 1)
        block.options(ndim=2).value = [[name] for name in scale]
        actions.score(hands.book, now=NOW)
        assert leads(hands.book)["grade"][4] == typed


def test_a_cell_that_is_cleared_goes_back_to_the_rules(hands: FileHands) -> None:
    rule = leads(hands.book)["grade"][4]
    hands.type(tables.LEADS, 4, "grade", other(rule))
    actions.score(hands.book, now=NOW)
    hands.type(tables.LEADS, 4, "grade", None)
    assert actions.score(hands.book, now=NOW).notes == (AGE,)
    found = leads(hands.book)
    assert (found["grade"][4], found["rule_grade"][4]) == (rule, rule)


def test_what_is_no_grade_is_named_and_nothing_changes(hands: FileHands) -> None:
    hands.type(tables.LEADS, 4, "grade", "Z")
    before = hands.content()
    with pytest.raises(BadData, match="Type one of A, B, C, D") as caught:
        actions.score(hands.book, now=NOW)
    assert caught.value.faults[0].row == hands.place(tables.LEADS).top + 5
    assert hands.content() == before


def test_both_are_counted_by_month_and_owner(hands: FileHands) -> None:
    found = leads(hands.book)
    outside = found.index[(found["qualified"] == False) & (found["status"] == "new")][0]  # noqa: E712
    hands.type(tables.LEADS, int(outside), "status", "Accepted")
    hands.type(tables.LEADS, 7, "grade", other(found["grade"][7]))
    actions.score(hands.book, now=NOW)
    actions.sla(hands.book, now=NOW)
    owners = read.read_table(hands.book, tables.SLA_SALES)
    assert owners["by_hand"].sum() == 1
    now = leads(hands.book)
    taken = now["status"].isin(["accepted", "opportunity", "won", "lost"])
    assert owners["outside"].sum() == (taken & (now["qualified"] == False)).sum()  # noqa: E712


def test_the_latest_stand_first_and_what_people_wrote_goes_with_them(hands: FileHands) -> None:
    actions.sla(hands.book, now=NOW)
    order = read.read_table(hands.book, tables.SLA_LATE)["lead_id"].tolist()
    hands.add_column(tables.SLA_LATE, "Remark")
    for row in range(3):
        hands.type(tables.SLA_LATE, row, "Remark", f"called {row}")
    hands.sort(tables.SLA_LATE, "due")
    assert read.read_table(hands.book, tables.SLA_LATE)["lead_id"].tolist() != order
    first = read.read_table(hands.book, tables.SLA_LATE)["lead_id"].iloc[0]
    hands.type(tables.SLA_LATE, 0, "Remark", "look at this one")
    actions.sla(hands.book, now=NOW)
    late = read.read_table(hands.book, tables.SLA_LATE)
    assert late["lead_id"].tolist() == order
    assert late.set_index("lead_id")["Remark"][first] == "look at this one"
    hands.check("sorted and filled")
