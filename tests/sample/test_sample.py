"""The sample data: the same on every run, plainly invented, and telling a story."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import sample
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.study import study_history
from smarketing_xl.schema.tables import (
    CUSTOMERS,
    FUNNEL,
    GRADES,
    INTERACTION_KINDS,
    INTERACTIONS,
    LEADS,
    OPERATORS,
    PERSONAS,
    PLAN,
    REASONS,
    SPEND,
    STATUS,
)

TABLES = {"leads": LEADS, "customers": CUSTOMERS, "interactions": INTERACTIONS, "spend": SPEND}


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return sample.generate()


def test_writing_it_again_gives_the_files_that_the_package_ships(tmp_path: Path) -> None:
    for path in sample.write(tmp_path):
        assert path.read_bytes() == (sample.FOLDER / path.name).read_bytes(), path.name


def test_another_seed_gives_other_people() -> None:
    assert not sample.generate(seed=1)["leads"].equals(sample.generate(seed=2)["leads"])


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_those_that_an_import_brings(
    frames: dict[str, pd.DataFrame], name: str
) -> None:
    table = TABLES[name]
    left_out = {"assigned", "consent", "consent_on", "consent_by", "do_not_contact"}
    # no lead changed hands; nobody was asked
    brought = [column.key for column in table if not column.ours and column.key not in left_out]
    assert list(frames[name]) == brought
    for column in table:
        if column.required:
            assert frames[name][column.key].notna().all(), column.key


def test_settings_have_the_columns_of_their_tables() -> None:
    assert list(sample.personas()) == PERSONAS.keys
    assert list(sample.grades()) == GRADES.keys
    assert list(sample.funnel()) == [column.key for column in FUNNEL if not column.ours]
    assert list(sample.plan()) == ["month", "share"] == PLAN.keys[:2]
    assert sample.plan()["share"].sum() == pytest.approx(1)
    headers = {column.label for column in LEADS}
    assert set(sample.personas()["attribute"]) <= headers
    assert set(sample.personas()["operator"]) <= set(OPERATORS.labels)


def test_lists_hold_only_declared_entries(frames: dict[str, pd.DataFrame]) -> None:
    assert set(frames["leads"]["status"]) == set(STATUS.labels)
    assert set(frames["leads"]["reason"].dropna()) <= set(REASONS.labels)
    assert set(frames["interactions"]["kind"]) <= set(INTERACTION_KINDS.labels)


def test_nobody_is_real(frames: dict[str, pd.DataFrame]) -> None:
    addresses = frames["leads"]["email"].str.lower()
    assert addresses.str.endswith(("@example.com", "@example.org")).all()


def test_the_leads_are_two_thousand_over_a_year_and_300_bought_for_6000_each(
    frames: dict[str, pd.DataFrame],
) -> None:
    leads, customers = frames["leads"], frames["customers"]
    assert len(leads) == 2_000
    assert len(customers) == 300
    assert set(customers["lead_id"]) == set(leads.loc[leads["status"] == "won", "lead_id"])
    assert customers["revenue"].mean() == pytest.approx(6_000, rel=0.01)
    assert (customers["margin"] < customers["revenue"]).all()
    assert leads["status"].isin(["new", "accepted", "opportunity"]).sum() > 200


def test_nothing_happens_after_the_day_it_is_looked_at(frames: dict[str, pd.DataFrame]) -> None:
    times = [
        frames["leads"][["created", "decided", "closed"]].stack(),
        frames["interactions"]["time"],
        frames["spend"]["month"],
    ]
    assert all(time.max() <= pd.Timestamp(sample.AS_OF) for time in times)
    leads = frames["leads"]
    assert (leads["decided"].dropna() > leads["created"][leads["decided"].notna()]).all()


def test_channels_differ_in_what_a_customer_costs(frames: dict[str, pd.DataFrame]) -> None:
    leads, cost = frames["leads"], frames["spend"].groupby("channel")["cost"].sum()
    won = leads[leads["status"] == "won"].groupby("source").size()
    cac = (cost / won).dropna()
    assert cac["Social ads"] > 4 * cac["Webinar"] > 4 * cac["Referral"]


def test_those_called_early_buy_more_often(frames: dict[str, pd.DataFrame]) -> None:
    leads = frames["leads"].set_index("lead_id")
    calls = frames["interactions"].dropna(subset="by").groupby("lead_id")["time"].min()
    wait = (calls - leads["created"]).dropna()
    won = (leads["status"] == "won").loc[wait.index]
    assert won[wait < wait.quantile(0.25)].mean() > 1.5 * won[wait > wait.quantile(0.75)].mean()


def test_the_better_the_grade_of_a_learned_persona_the_more_it_sells(
    frames: dict[str, pd.DataFrame],
) -> None:
    scale = [Grade(row.grade, row.lowest, row.qualified) for row in sample.grades().itertuples()]
    found = study_history(frames["customers"], frames["leads"], scale, sample.AS_OF.date())
    assert found.by_grade["grade"].tolist() == ["A", "B", "C", "D"]
    for measure in ("conversion", "per_lead"):
        assert found.by_grade[measure].is_monotonic_decreasing
    assert found.by_grade["conversion"].iloc[0] > 4 * found.by_grade["conversion"].iloc[3]


def test_every_lead_came_by_a_form_on_the_day_it_was_created(
    frames: dict[str, pd.DataFrame],
) -> None:
    forms = frames["interactions"].query("kind == 'form'").set_index("lead_id")["time"]
    created = frames["leads"].set_index("lead_id")["created"]
    assert forms.sort_index().equals(created.rename("time"))


def test_some_people_asked_twice(frames: dict[str, pd.DataFrame]) -> None:
    leads = frames["leads"]
    assert leads["email"].str.lower().duplicated().sum() >= 20
    phone = leads["phone"].str.replace(" ", "")
    assert phone.dropna().duplicated().sum() >= 15
