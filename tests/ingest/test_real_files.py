"""Files as people have them: each case that once went wrong with its right values, and more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarketing_xl.errors import BadData, SetAside
from smarketing_xl.ingest import Importable
from smarketing_xl.ingest.importer import Import, prepare

DAY = pd.Timestamp


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def brought(text: str, kind: Importable = "leads", **known: Any) -> Import:
        path = tmp_path / "export.csv"
        path.write_text(text, encoding="utf-8")
        return prepare(path, kind, **known)

    return brought


def column(found: Import, name: str) -> list[Any]:
    return [None if pd.isna(cell) else cell for cell in found.table[name]]


# --- headers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "LeadID,CreatedDate,LeadSource,FirstName,LastName,Email,IsConverted,ConvertedDate,"
            "LeadStatus\n00Q1,2026-01-05T09:30:00.000+0000,Web,Ana,Ruiz,ana@x.com,true,2026-02-01,"
            "Closed - Converted\n",
            {"lead_id": "00Q1", "created": DAY(2026, 1, 5, 9, 30), "source": "Web",
             "name": "Ana Ruiz", "status": "opportunity", "closed": DAY(2026, 2, 1)},
        ),
        ("Lead ID,First Name,Last Name,Email\n1,Ana,López,a@x.pe\n", {"name": "Ana López"}),
        ("ID,Nombre,Apellidos\n1,Ana,López\n", {"name": "Ana López"}),
        ("ID,Given name,Surname\n1,Ana,López\n", {"name": "Ana López"}),
        ("ID,Name,First Name,Last Name\n1,Dr. Ana,Ana,López\n", {"name": "Dr. Ana"}),
        ("lead_id,contact_email\n1,a@x.pe\n", {"email": "a@x.pe"}),
        ("Lead ID,Contact Email\n1,a@x.pe\n", {"email": "a@x.pe"}),
        ("Lead ID,E-mail,EMAIL\n1,right@x.pe,wrong@x.pe\n", {"email": "right@x.pe"}),
        ("Lead ID,EMAIL,E-mail\n1,wrong@x.pe,right@x.pe\n", {"email": "right@x.pe"}),
        ("Lead ID,Created\n1,46106.4375\n", {"created": DAY(2026, 3, 25, 10, 30)}),
        ("Lead ID,Revenue\n1,\"$1,234.50 MXN\"\n", {"revenue": 1234.5}),
        ("Lead ID,Name,Phone\n00007,Ana,007\n", {"lead_id": "00007", "phone": "007"}),
    ],
)  # fmt: skip
def test_headers_as_people_write_them(bring: Any, text: str, expected: dict[str, Any]) -> None:
    assert bring(text).table.iloc[0][list(expected)].to_dict() == expected


def test_deal_id_and_deal_owner_are_not_pipedrive(bring: Any) -> None:
    found = bring("Deal ID,Deal Owner,Name\n7,Ben,Chairs\n", "deals")
    assert not any("Pipedrive" in note for note in found.notes)
    assert column(found, "deal_id") == ["7"]


def test_a_customer_by_lifecycle_stage_is_won_where_the_lead_status_is_blank(bring: Any) -> None:
    found = bring(
        "Record ID,First Name,Last Name,Email,Lead Status,Lifecycle Stage,Create Date,"
        "Contact owner,Original Source\n"
        "1,Ana,Ruiz,ana@x.com,,Customer,2026-01-02 09:00,Eva,Organic Search\n"
        "2,Luis,Gil,luis@y.com,Open,Lead,2026-01-03 09:00,Eva,Paid Search\n"
        "3,Eva,Gil,eva@y.com,Unqualified,Lead,2026-01-03 09:00,Eva,Paid Search\n"
        "4,Ian,Gil,ian@y.com,Open,Customer,2026-01-03 09:00,Eva,Paid Search\n"
    )
    assert column(found, "status") == ["won", "new", "rejected", "won"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Calificado", "accepted"), ("MQL", "new"), ("SQL", "accepted"), ("Working", "accepted"),
        ("Nurturing", "accepted"), ("Negotiation", "opportunity"), ("Proposal", "opportunity"),
        ("Closed - Converted", "opportunity"), ("Negociación", "opportunity"),
        ("Propuesta enviada", "opportunity"), ("No calificado", "rejected"), ("Ganado", "won"),
        ("Cerrado perdido", "lost"), ("Junk Lead", "rejected"), ("Nuevo", "new"),
    ],
)  # fmt: skip
def test_status_words_of_the_usual_crms(bring: Any, word: str, status: str) -> None:
    assert column(bring(f"Lead ID,Status\n1,{word}\n"), "status") == [status]


@pytest.mark.parametrize("word", ["WhatsApp", "Instagram", "DM", "chat", "SMS", "Mensaje"])
def test_messages_of_every_kind(bring: Any, word: str) -> None:
    found = bring(f"Lead ID,Time,Channel,Kind\n1,2026-01-01 10:00,Web,{word}\n", "interactions")
    assert column(found, "kind") == ["message"]


# --- cells --------------------------------------------------------------------------------------


def test_telephones_and_dashes_look_as_in_the_file(bring: Any) -> None:
    phones = ["+1-555-123-4567", "+34 600 111 222", "+1 (555) 123-4567", "+49-30/1234-5"]
    notes, tags = ["-", "--", "- call back", "-5"], ["@vip", "+promo", "#x", "="]
    rows = zip("1234", phones, notes, tags, strict=True)
    found = bring("Lead ID,Phone,Notes,Tags\n" + "".join(f"{','.join(row)}\n" for row in rows))
    assert (column(found, "phone"), column(found, "Notes"), column(found, "Tags")) == (
        phones,
        notes,
        tags,
    )


def test_ranges_are_kept_among_numbers(bring: Any) -> None:
    found = bring("Lead ID,Company size,Income\n1,11-50,5–10 k\n2,7,1200\n3,10000+,\n")
    assert column(found, "employees") == ["11-50", 7.0, "10000+"]
    assert column(found, "income") == ["5–10 k", 1200.0, None]


def test_a_word_for_nothing_is_nothing_in_every_column_and_said_once(bring: Any) -> None:
    rows = "1,2026-01-01 10:00,Web\n1,2026-01-03 10:00,NULL\n2,2026-01-01 10:00,(empty)\n"
    found = bring(f"Lead ID,Time,Channel\n{rows}", "interactions")
    assert column(found, "channel") == ["Web", None, None]
    assert sum("NULL" in note for note in found.notes) == 1


def test_a_damaged_telephone_never_replaces_a_whole_one(bring: Any) -> None:
    first = bring("Lead ID,Name,Phone\n1,Ana,+5215551234567\n2,Beto,00511987654\n3,Eva,600\n")
    again = bring(
        "Lead ID,Name,Phone\n1,Ana,5.21555E+12\n2,Beto,511987654\n3,Eva,+34 600 111 222\n",
        existing=first.table,
    )
    assert column(again, "phone") == ["+5215551234567", "00511987654", "+34 600 111 222"]
    assert again.conflicts["there"].tolist() == ["5.21555E+12", "511987654"]


# --- who is who ---------------------------------------------------------------------------------


def test_two_enquiries_of_one_person_both_come(bring: Any) -> None:
    text = (
        "Name,Email,Created,Source\nAna Ruiz,ana@x.com,2026-01-05,Web\n"
        "Ana Ruiz,ana@x.com,2026-02-11,Event\nLuis Gil,luis@y.com,2026-01-06,Web\n"
    )
    found = bring(text)
    assert column(found, "source") == ["Web", "Event", "Web"]
    assert found.table["lead_id"].is_unique
    again = bring(text, existing=found.table)
    assert (again.added, again.updated, len(again.conflicts)) == (0, 0, 0)


def test_salesforce_ids_of_15_and_18_characters_are_one(bring: Any) -> None:
    leads = bring("Lead ID,Name,Email\n00Q1N0000288GeT,Ana,a@x.pe\n").table
    touch = bring(
        "Lead ID,Time,Channel\n00Q1N0000288GeTUAW,2026-01-01 10:00,Web\n",
        "interactions",
        leads=leads,
    )
    bought = bring(
        "Customer ID,Lead ID,Customer since,Revenue\nC1,00Q1N0000288GeTUAW,2026-03-01,500\n",
        "customers",
        leads=leads,
    )
    again = bring("Lead ID,City\n00Q1N0000288GeTUAW,Lima\n", existing=leads)
    assert column(touch, "lead_id") == column(bought, "lead_id") == ["00Q1N0000288GeT"]
    assert (again.added, again.updated) == (0, 1)


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Email", "ANA@x.pe"), ("Phone", "6612 3456"), ("WhatsApp", "+507 6612-3456"),
     ("Company", "acme")],
)  # fmt: skip
def test_interactions_know_their_lead_by_what_they_have(bring: Any, header: str, cell: str) -> None:
    leads = bring("Lead ID,Name,E-mail,Phone,Company\n7,Ana,ana@x.pe,+507 6612-3456,ACME\n").table
    found = bring(
        f"{header},Time,Channel\n{cell},2026-01-01 10:00,Web\n", "interactions", leads=leads
    )
    assert column(found, "lead_id") == ["7"]


def test_region_in_capitals_is_the_same_column(bring: Any) -> None:
    first = bring("Lead ID,E-mail,Region\n1,a@x.pe,N\n")
    found = bring("Lead ID,E-mail,REGION\n2,b@x.pe,S\n", existing=first.table)
    assert column(found, "Region") == ["N", "S"]
    assert found.columns_new == ()


def test_a_file_that_tells_nobody_apart_is_one_sentence(bring: Any) -> None:
    with pytest.raises(BadData, match="no column for Lead ID, e-mail or telephone") as refused:
        bring("City,Goal\n" + "Lima,grow\n" * 300)
    assert len(refused.value.faults) == 1


# --- costs --------------------------------------------------------------------------------------

META = (
    "Campaign name,Campaign delivery,Reach,Impressions,Amount spent ({code}),Ends,Reporting starts,"
    "Reporting ends\n"
)


@pytest.mark.parametrize("code", ["EUR", "PAB", "GTQ", "DOP"])
def test_the_sum_of_others_is_no_cost_of_its_own(bring: Any, code: str) -> None:
    found = bring(
        META.format(code=code) + ",,5000,9000,300.5,,2026-03-01,2026-03-31\n"
        "Spring,active,3000,5000,200.5,Ongoing,2026-03-01,2026-03-31\n"
        "Retarget,inactive,2000,4000,100,Ongoing,2026-03-01,2026-03-31\n",
        "spend",
    )
    assert found.table["cost"].sum() == 300.5
    assert column(found, "channel") == ["Meta Ads", "Meta Ads"]


def test_a_row_that_says_total_is_left_out(bring: Any) -> None:
    found = bring(
        "Month,Channel,Campaign,Cost\n2026-01,Web,A,1\n2026-01,Web,B,2\n,Total,,3\n", "spend"
    )
    assert column(found, "cost") == [1, 2]


def test_a_campaign_without_a_name_is_a_cost_of_its_own(bring: Any) -> None:
    found = bring("Month,Channel,Campaign,Cost\n2026-01,Web,A,1\n2026-01,Web,,7\n", "spend")
    assert column(found, "cost") == [1, 7]


def test_a_cost_of_a_quarter_is_spread_over_its_months(bring: Any) -> None:
    found = bring(
        META.format(code="EUR") + "Spring,active,10,900,900,Ongoing,2026-01-01,2026-03-31\n",
        "spend",
    )
    assert column(found, "month") == [DAY(2026, 1, 1), DAY(2026, 2, 1), DAY(2026, 3, 1)]
    assert column(found, "cost") == pytest.approx([310, 280, 310])
    assert column(found, "Impressions") == pytest.approx([310, 280, 310])
    assert column(found, "Reach") == [10, 10, 10]


def test_rates_are_not_added_up(bring: Any) -> None:
    found = bring(
        "Day,Channel,Campaign,Cost,Clicks,CTR\n"
        "2026-01-05,Web,A,1,10,0.1\n2026-01-06,Web,A,2,20,0.3\n2026-02-06,Web,A,2,5,0.4\n",
        "spend",
    )
    assert column(found, "Clicks") == [30, 5]
    assert column(found, "CTR") == [None, 0.4]


def test_costs_of_months_dated_on_their_first_day(bring: Any) -> None:
    found = bring(
        "Mes;Canal;Coste\n01/10/2026;LinkedIn;1.234,50\n01/11/2026;Google;987,00\n", "spend"
    )
    assert column(found, "month") == [DAY(2026, 10, 1), DAY(2026, 11, 1)]
    assert column(found, "cost") == [1234.5, 987]


# --- set aside ----------------------------------------------------------------------------------

BAD = (
    "Month,Channel,Cost\n2026-01,Web,5\n2026-02,Web,\nsoon,Web,7\n2026-03,,7\n2026-04,Web,dear\n"
    "2026-05,Web,9\n"
)


def test_what_cannot_be_read_is_refused_together_or_set_aside(bring: Any) -> None:
    with pytest.raises(SetAside) as refused:
        bring(BAD, "spend")
    assert (refused.value.bad, refused.value.good) == (4, 2)
    found = bring(BAD, "spend", skip_bad=True)
    assert column(found, "cost") == [5, 9]
    assert found.aside["row"].tolist() == [3, 4, 5, 6]
    assert found.aside["reason"].tolist() == [
        "is blank",
        "is not a date",
        "is blank",
        "is not a number",
    ]
    assert found.aside["value"].tolist()[1] == "soon"


def test_a_cell_that_is_no_key_is_left_blank_and_its_row_comes(bring: Any) -> None:
    found = bring(
        "Lead ID,Created,Status,Revenue\n1,2026-01-02,New,5\n2,soon,Frozen,much\n", skip_bad=True
    )
    assert column(found, "lead_id") == ["1", "2"]
    assert column(found, "created") == [DAY(2026, 1, 2), None]
    assert column(found, "status") == ["new", None]
    assert found.aside[["row", "column", "value"]].to_numpy().tolist() == [
        [3, "status", "Frozen"],
        [3, "created", "soon"],
        [3, "revenue", "much"],
    ]
    assert not found.aside["out"].any()


def test_of_two_rows_with_one_id_the_first_comes(bring: Any) -> None:
    found = bring("Lead ID,City\n1,Lima\n1,Quito\n2,Cali\n", skip_bad=True)
    assert column(found, "city") == ["Lima", "Cali"]
    assert found.aside["row"].tolist() == [3]


# --- mappings -----------------------------------------------------------------------------------


def test_values_add_to_the_usual_words_and_work_for_every_column(
    bring: Any, tmp_path: Path
) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[values.status]\n"en la nevera" = "Rechazado"\n[values.source]\nfb = "Facebook"\n'
    )
    found = bring("Lead ID,Status,Source\n1,En la nevera,fb\n2,Calificado,Web\n", mapping=mapping)
    assert column(found, "status") == ["rejected", "accepted"]
    assert column(found, "source") == ["Facebook", "Web"]


@pytest.mark.parametrize(
    "text",
    ["[colums]\n", "[columns]\nlead = 'x'\n", "[read]\nsheeet = 'x'\n", "[as]\nx = 'datum'\n",
     "[values.status]\nx = 'wonn'\n"],
)  # fmt: skip
def test_a_mapping_with_an_unknown_key_is_refused(bring: Any, tmp_path: Path, text: str) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(text)
    with pytest.raises(BadData, match=r"m\.toml"):
        bring("Lead ID\n1\n", mapping=mapping)


# --- ends of files ------------------------------------------------------------------------------

SALESFORCE = (
    "Lead ID,First Name,Last Name,Email,Company,Lead Status\n"
    "00Q1,Ana,Ruiz,a@x.pe,ACME,Open\n00Q2,Luis,Gil,l@x.pe,Beta,Working\n"
)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (
            "\n\nAll leads\nCopyright (c) 2026 salesforce.com\nGenerated By: Eva\nACME\n",
            4,
        ),
        ("Total,,,,,\n", 1),
        ("Grand Totals (2 records),,,,,\n", 1),
        ("\n\n\n", 0),
    ],
)
def test_what_stands_below_the_records_is_no_record(bring: Any, end: str, said: int) -> None:
    found = bring(SALESFORCE + end)
    assert column(found, "lead_id") == ["00Q1", "00Q2"]
    notes = [note for note in found.notes if "at the end" in note]
    several = f"{said} rows at the end are totals or remarks, and left out"
    one = "1 row at the end is a total or a remark, and left out"
    assert notes == [one if said == 1 else several] * bool(said)


def test_a_firm_called_total_stays(bring: Any) -> None:
    found = bring(
        "Company,Lead ID,Email\nACME,1,a@x.pe\n\nTotal Energies,2,b@x.pe\nTotal,3,c@x.pe\n"
    )
    assert column(found, "lead_id") == ["1", "2", "3"]


def test_one_date_of_a_column_settles_all_its_forms(bring: Any) -> None:
    found = bring("Lead ID,Created\n1,05/01/2026 09:30 CET\n2,06/13/2026\n")
    assert column(found, "created") == [DAY(2026, 5, 1, 9, 30), DAY(2026, 6, 13)]


def test_leads_of_one_month_are_not_the_first_of_twelve(bring: Any) -> None:
    days = [f"{day},0{day}/01/2026," for day in range(2, 6)]
    alone = bring("Lead ID,Created,Closed\n" + "\n".join(days))
    assert column(alone, "created")[0] == DAY(2026, 2, 1)  # nothing tells otherwise
    beside = bring("Lead ID,Created,Closed\n" + "\n".join([*days, "9,06/01/2026,14/03/2026"]))
    assert column(beside, "created") == [DAY(2026, 1, day) for day in range(2, 7)]
