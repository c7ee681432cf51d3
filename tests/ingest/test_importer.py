"""A CRM's file becomes rows of a table: mapped, checked, merged with what is there."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import sample
from smarketing_xl.errors import BadData
from smarketing_xl.ingest import Importable
from smarketing_xl.ingest.importer import TABLES, prepare

SHARED = Path(os.environ.get("SMARKETING_DATA", Path(__file__).parents[3] / "shared" / "data"))
X_EDUCATION = SHARED / "x_education" / "Leads.csv"


def written(folder: Path, text: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", [kind for kind in TABLES if sample.path(kind).exists()])
def test_the_sample_comes_in_whole(kind: Importable) -> None:
    brought = prepare(sample.path(kind), kind)
    expected = sample.generate()[kind]
    if "email" in expected:
        expected["email"] = expected["email"].str.lower()
    assert brought.added == len(expected)
    pd.testing.assert_frame_equal(
        brought.table[list(expected)].reset_index(drop=True), expected, check_dtype=False
    )


@pytest.mark.parametrize("kind", [kind for kind in TABLES if sample.path(kind).exists()])
def test_importing_the_same_file_twice_changes_nothing(kind: Importable) -> None:
    first = prepare(sample.path(kind), kind)
    again = prepare(sample.path(kind), kind, existing=first.table)
    assert (again.added, again.updated, len(again.conflicts)) == (0, 0, 0)
    pd.testing.assert_frame_equal(again.table, first.table)


@pytest.mark.skipif(not X_EDUCATION.exists(), reason="the public data is not beside the checkout")
def test_an_export_nobody_prepared_comes_in_with_a_mapping() -> None:
    brought = prepare(X_EDUCATION, "leads", Path(__file__).with_name("x_education.toml"))
    assert brought.added == 9_240
    assert brought.table["status"].value_counts().to_dict() == {"lost": 5_679, "won": 3_561}
    assert brought.table["TotalVisits"].dtype == float
    assert not (brought.table["city"] == "Select").any()
    assert "Lead Origin" in brought.columns_new


def test_known_leads_are_updated_and_what_sales_typed_stays(tmp_path: Path) -> None:
    first = prepare(
        written(tmp_path, "Lead ID,E-mail,City,Owner,Status\n1,a@example.com,Leeds,,New\n"), "leads"
    )
    here = first.table.assign(status="accepted", owner="Ana", Notes="called twice")
    here.index = pd.Index([7])
    second = prepare(
        written(
            tmp_path,
            "Lead ID,E-mail,City,Owner,Status\n"
            "1,a@example.com,Bristol,Ben,New\n2,b@example.com,York,Ben,New\n",
        ),
        "leads",
        existing=here,
    )
    assert (second.added, second.updated) == (1, 1)
    known = second.table.loc[7]
    assert known[["city", "owner", "status", "Notes"]].tolist() == [
        "Bristol", "Ana", "accepted", "called twice",
    ]  # fmt: skip
    conflicts = second.conflicts.set_index("column")
    assert conflicts.loc["owner", ["id", "here", "there", "row"]].tolist() == ["1", "Ana", "Ben", 2]
    assert conflicts.loc["status", "there"] == "new"


def test_a_lead_without_its_id_is_known_by_mail_or_by_phone_and_company(tmp_path: Path) -> None:
    first = prepare(
        written(
            tmp_path,
            "Lead ID,E-mail,Phone,Company\n1,a@example.com,,\n2,,+34 600 111 222,Lorem SL\n",
        ),
        "leads",
    )
    second = prepare(
        written(
            tmp_path,
            "E-mail,Phone,Company,City\nA@Example.com,,,Leeds\n,+34600111222,LOREM sl,York\n",
        ),
        "leads",
        existing=first.table,
    )
    assert (second.added, second.updated) == (0, 2)
    assert second.table["city"].tolist() == ["Leeds", "York"]
    assert second.table["lead_id"].tolist() == ["1", "2"]


def test_every_fault_is_named_with_its_row(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Lead ID,Created,Employees,Status\n"
        "1,2026-01-01,ten,New\n2,soon,5,Asleep\n3,2026-01-03,7,\n",
    )
    with pytest.raises(BadData) as caught:
        prepare(path, "leads")
    found = {(fault.row, fault.column, fault.value) for fault in caught.value.faults}
    assert found == {(2, "Employees", "ten"), (3, "Created", "soon"), (3, "Status", "asleep")}
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_date_that_can_be_two_days_needs_a_choice(tmp_path: Path) -> None:
    path = written(tmp_path, "Lead ID,Created\n1,03/04/2026\n")
    with pytest.raises(BadData, match=r"3 April or 4 March.*day first"):
        prepare(path, "leads")
    choice = written(tmp_path, '[as]\nCreated = "month first"\n', "map.toml")
    assert prepare(path, "leads", choice).table["created"].tolist() == [pd.Timestamp(2026, 3, 4)]


def test_a_mapping_joins_names_and_fills_constants(tmp_path: Path) -> None:
    path = written(tmp_path, "Ref;Vorname;Nachname\n9;Ana;Demo\n")
    choice = written(
        tmp_path,
        '[columns]\nlead_id = "Ref"\nname = { join = ["Vorname", "Nachname"] }\n'
        '[constants]\nsource = "Trade fair"\n',
        "map.toml",
    )
    row = prepare(path, "leads", choice).table.iloc[0]
    assert row[["lead_id", "name", "source"]].tolist() == ["9", "Ana Demo", "Trade fair"]


def test_a_mapping_that_is_wrong_says_all_that_is(tmp_path: Path) -> None:
    path = written(tmp_path, "a\n1\n")
    choice = written(
        tmp_path, '[columns]\nnonsense = "a"\n[as]\na = "magic"\n[extra]\n', "map.toml"
    )
    with pytest.raises(BadData) as caught:
        prepare(path, "leads", choice)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    "text",
    [
        "columns = 3",
        "as = 'text'",
        "[columns]\nname = {}",
        "[columns]\nname = 4",
        "[columns]\nname = { join = 3 }",
        "[values]\nstatus = 'won'",
        "[read]\nheader = 'x'",
        "[read]\nblank = 3",
        "[read]\nfurther = 1",
        "recognise = 3",
        "recognise = [3]",
    ],
)
def test_a_mapping_that_is_shaped_otherwise_is_said_to_be(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, "Lead ID\n1\n")
    with pytest.raises(BadData, match="not written as expected"):
        prepare(path, "leads", written(tmp_path, text, "map.toml"))


def test_costs_by_day_are_added_up_to_months(tmp_path: Path) -> None:
    path = written(tmp_path, "Day,Channel,Campaign,Cost\n2026-01-05,Ads,A,10\n2026-01-20,Ads,A,5\n")
    table = prepare(path, "spend").table
    assert table[["month", "cost"]].to_numpy().tolist() == [[pd.Timestamp(2026, 1, 1), 15.0]]


def test_interactions_that_name_an_address_find_their_lead(tmp_path: Path) -> None:
    leads = pd.DataFrame({"lead_id": ["L-1"], "email": ["a@example.com"]})
    path = written(tmp_path, "E-mail,Time,Channel\nA@example.com,2026-01-05 10:00,Webinar\n")
    assert prepare(path, "interactions", leads=leads).table["lead_id"].tolist() == ["L-1"]


@pytest.mark.parametrize(
    "line",
    [
        'totals = ["x"]',
        'encoding = "hex"',
        'encoding = "punycode"',
        "sheet = 3",
        'dates = "month"',
        "header = 0",
    ],
)
def test_what_a_mapping_cannot_mean_is_a_sentence(tmp_path: Path, line: str) -> None:
    export = written(tmp_path, "Lead ID\n1\n")
    mapping = written(tmp_path, f'[columns]\nlead_id = "Lead ID"\n[read]\n{line}\n', "ours.toml")
    with pytest.raises(BadData, match=r"ours\.toml|hex|punycode"):
        prepare(export, "leads", mapping=mapping)
