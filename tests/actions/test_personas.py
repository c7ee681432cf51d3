"""Learn, tick, adopt, score: in a workbook, in both languages, with columns people added."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.book.once import forget
from smarketing_xl.book.write import (
    Append,
    Columns,
    Rows,
    commit,
    plan_writes,
)
from smarketing_xl.cli.app import make
from smarketing_xl.errors import NotEnoughData, OutOfRange
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import translate
from smarketing_xl.schema import tables

NOW = dt.datetime(2026, 10, 1, 12)
ROWS = 900


def closed_leads(seed=1):
    """Leads that became customers or not: by their industry and by a column people added."""
    random = np.random.default_rng(seed)
    leads = pd.DataFrame(
        {
            "lead_id": [f"L{number}" for number in range(ROWS)],
            "created": [
                NOW - dt.timedelta(days=int(days)) for days in random.integers(5, 400, ROWS)
            ],
            "industry": random.choice(["Retail", "Food", "Health"], ROWS),
            "city": random.choice(["Lugo", "Vigo", "Faro"], ROWS),
            "age": random.integers(20, 70, ROWS).astype(float),
            "Loyalty card": random.choice(["Gold", "None"], ROWS),
        }
    )
    chance = 0.1 + 0.3 * (leads["industry"] == "Retail") + 0.3 * (leads["Loyalty card"] == "Gold")
    chance += 0.2 * (leads["age"] > 45)
    return leads.assign(status=np.where(random.random(ROWS) < chance, "won", "lost"))


@pytest.fixture(params=["en", "es"])
def filled(request, tmp_path):
    """A workbook with those leads, a column more than it ships with, and no persona."""
    path = make(tmp_path / "book.xlsm", request.param)
    with opened(path, "file") as book:
        commit(
            plan_writes(book, [Rows(tables.PERSONAS, pd.DataFrame(columns=tables.PERSONAS.keys))])
        )
        commit(plan_writes(book, [Append(tables.LEADS, closed_leads())]))
    return path, request.param


def proposal(path):
    with opened(path, "file", save=False) as book:
        return read.read_table(book, tables.PROPOSAL)


def test_what_is_learned_adopted_and_scored(filled):
    path, language = filled
    with opened(path, "file") as book:
        said = actions.learn(book, now=NOW)
    found = proposal(path)
    ticked = found[found["take"].astype(bool)]
    industry = {"en": "Industry", "es": "Sector"}[language]
    assert set(ticked["attribute"]) == {industry, "Loyalty card"}
    assert (ticked["low"] > 1).all()
    assert (ticked["chance"] < 0.05).all()
    warned = found[found["attribute"] == {"en": "Age", "es": "Edad"}[language]]
    assert len(warned)
    assert not warned["take"].any()
    assert warned["flag"].str.contains({"en": "protected", "es": "protegida"}[language]).all()
    assert any({"en": "points", "es": "puntos"}[language] in note for note in said.notes)
    with opened(path, "file") as book:
        assert actions.adopt(book).rows == len(ticked)
        assert actions.adopt(book).rows == 0  # they are there already
        actions.score(book, now=NOW)
    with opened(path, "file", save=False) as book:
        personas = read.read_table(book, tables.PERSONAS)
        leads = read.read_table(book, tables.LEADS, checked=())
    assert personas["attribute"].tolist() == ticked["attribute"].tolist()
    best = leads[(leads["industry"] == "Retail") & (leads["Loyalty card"] == "Gold")]
    assert (best["score"] == 100).all()
    other = leads[(leads["industry"] == "Food") & (leads["Loyalty card"] == "None")].iloc[0]
    assert {"en": "Loyalty card is Gold", "es": "Loyalty card es Gold"}[language] in other["why"]
    assert " → " in other["improve"]


def test_a_flagged_attribute_that_is_ticked_is_used_the_next_time(filled):
    path, language = filled
    age = {"en": "Age", "es": "Edad"}[language]
    with opened(path, "file") as book:
        actions.learn(book, now=NOW)
        found = read.read_table(book, tables.PROPOSAL)
        found.loc[found["attribute"] == age, "take"] = True
        commit(plan_writes(book, [Columns(tables.PROPOSAL, found[["take"]])]))
        actions.learn(book, now=NOW)
    again = proposal(path).query("attribute == @age")
    assert again["take"].any()
    assert again["flag"].str.contains({"en": "protected", "es": "protegida"}[language]).all()


def test_adopting_nothing_says_so(filled):
    path, _language = filled
    with opened(path, "file") as book:
        actions.learn(book, now=NOW)
        found = read.read_table(book, tables.PROPOSAL).assign(take=False)
        commit(plan_writes(book, [Columns(tables.PROPOSAL, found[["take"]])]))
        said = actions.adopt(book)
    assert said.rows == 0
    assert said.notes


def test_what_moved_counts_from_the_first_day_of_the_agreement(filled):
    path, language = filled
    with opened(path, "file") as book:
        actions.learn(book, now=NOW)
        actions.adopt(book)
        book.names["agreed_from"].refers_to_range.value = dt.datetime(2026, 1, 1)
        said = actions.score(book, now=NOW)
        moved = read.read_table(book, tables.PERSONA_DRIFT)
    assert said.inputs[translate("Moved since", language)] == dt.datetime(2026, 1, 1)
    assert len(moved) >= 3


def test_what_sales_turns_down_is_said_on_review_after_scoring(filled):
    path, language = filled
    with opened(path, "file") as book:
        actions.learn(book, now=NOW)
        actions.adopt(book)
        leads = read.read_table(book, tables.LEADS, checked=())
        gold = (leads["Loyalty card"] == "Gold").to_numpy()
        turned = gold & (np.arange(ROWS) % 3 > 0)
        status = np.where(turned, "rejected", "accepted")
        told = leads.assign(status=status, reason=np.where(turned, "no_budget", None))
        all_pass = read.read_table(book, tables.GRADES).assign(qualified=True)[["qualified"]]
        commit(plan_writes(book, [Columns(tables.LEADS, told[["status", "reason"]])]))
        commit(plan_writes(book, [Columns(tables.GRADES, all_pass)]))
        said = actions.score(book, now=NOW)
    with opened(path, "file", save=False) as book:
        found = read.read_table(book, tables.PERSONA_REJECTIONS)
        review = {"en": "Review", "es": "Seguimiento"}[language]
        shown = [row for row in book.sheets[review].range("A1:A120").value if row]
    first = found["said"].iloc[0]
    assert "Loyalty card" in first
    assert {"en": "No budget", "es": "Sin presupuesto"}[language] in first
    assert first in said.notes
    assert first in shown


def test_what_if_says_who_would_change_grade_and_writes_nothing(filled):
    path, _language = filled
    criteria = pd.DataFrame(
        {
            "persona": "Buyer",
            "attribute": ["industry", "Loyalty card"],
            "operator": "is",
            "value": ["Retail", "Gold"],
            "weight": [80.0, 20.0],
        }
    )
    with opened(path, "file", save=False) as book:
        commit(plan_writes(book, [Append(tables.PERSONAS, criteria)]))
        with pytest.raises(NotEnoughData):
            actions.what_if(book, now=NOW)
        actions.score(book, now=NOW)
        leads = read.read_table(book, tables.LEADS, checked=())
        assert actions.what_if(book, now=NOW).rows == 0
        tried = actions.what_if(book, now=NOW, weights={"INDUSTRY": 0})
        gold, retail = leads["Loyalty card"] == "Gold", leads["industry"] == "Retail"
        differ = gold != retail  # points were 80 and 20, and are 0 and 100
        assert tried.rows == differ.sum()
        won = leads["status"] == "won"
        up, down = (str((differ & won & better).sum()) for better in (gold, retail))
        assert up in tried.notes[1] and down in tried.notes[1]
        place = read.find_table(book, tables.PERSONAS)
        place.block(0, place.offsets["weight"], 1, 1).value = 0
        forget()
        assert actions.what_if(book, now=NOW).rows == tried.rows  # typed, not yet scored
        after = read.read_table(book, tables.LEADS, checked=())
        assert after["grade"].equals(leads["grade"])
        with pytest.raises(OutOfRange, match="Nothing"):
            actions.what_if(book, now=NOW, weights={"Nothing": 1})
