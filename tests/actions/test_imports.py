"""Imports into a workbook: only what changes is written, and what people typed is still there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

from smarketing_xl import actions
from smarketing_xl.book.kept_texts import kept_text
from smarketing_xl.book.read import find_table, named_range, own_currency, raw_frame
from smarketing_xl.cli import app, output
from smarketing_xl.errors import BadData, Cancelled
from smarketing_xl.hosts import opened
from smarketing_xl.ingest.mapping import kept_name
from smarketing_xl.schema.tables import CONFLICTS, INTERACTIONS, LEADS, RATES, SPEND


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with two imported leads."""
    export = tmp_path / "first.csv"
    export.write_text("Lead ID,Name,Age,Status,City\n1,Ana,30,New,Leeds\n2,Ben,40,New,York\n")
    made = app.make(tmp_path / "Sales.xlsm")
    with opened(made, "file") as live:
        actions.import_file(live, export, "leads")
    return made


def cells(book: Path) -> pd.DataFrame:
    with opened(book, "file", save=False) as live:
        return raw_frame(find_table(live, LEADS)).reset_index(drop=True)


def typed(book: Path, **values: object) -> None:
    """What a salesperson types in the first row."""
    with opened(book, "file") as live:
        place = find_table(live, LEADS)
        for key, value in values.items():
            place.block(0, place.offsets[key], 1, 1).value = value


def test_what_cannot_be_read_is_no_blank_and_stays(book: Path, tmp_path: Path) -> None:
    typed(book, age="unknown", status="Called twice")
    export = tmp_path / "second.csv"
    export.write_text("Lead ID,Name,Age,Status,City\n1,Ana,31,Won,Bristol\n2,Ben,41,New,York\n")
    with opened(book, "file") as live:
        summary = actions.import_file(live, export, "leads")
    after = cells(book)
    assert after.loc[0, ["age", "status", "city"]].tolist() == [
        "unknown",
        "Called twice",
        "Bristol",
    ]
    assert after.loc[1, "age"] == 41
    assert summary.table is not None
    assert len(summary.table) == 2  # the age and the status are said to differ


def test_an_import_without_news_writes_nothing_but_the_log(book: Path, tmp_path: Path) -> None:
    before = cells(book)
    with opened(book, "file") as live:
        summary = actions.import_file(live, tmp_path / "first.csv", "leads")
    assert summary.rows == 0
    pd.testing.assert_frame_equal(cells(book), before)


def test_a_mapping_made_once_is_remembered_inside_the_workbook(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "third.csv"
    export.write_text("Ref,Who\n3,Eva\n")
    mapping = tmp_path / "mine.toml"
    mapping.write_text('[columns]\nlead_id = "Ref"\nname = "Who"\n')
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads", mapping)
    name = kept_name("leads", ["Ref", "Who"])
    with opened(book, "file", save=False) as live:
        assert kept_text(live, name) == mapping.read_text()
    export.write_text("Who,Ref\nLeo,4\n")
    with opened(book, "file") as live:
        prepared = actions.prepare_file(live, export, "leads")
        assert any(name in note for note in prepared.incoming.notes)
        actions.bring_in(live, prepared)
    assert cells(book)["name"].tolist() == ["Ana", "Ben", "Eva", "Leo"]


def test_a_kept_mapping_is_for_files_of_the_same_headers(book: Path, tmp_path: Path) -> None:
    hubspot, fair = tmp_path / "b2.csv", tmp_path / "b1.csv"
    hubspot.write_text(
        "Record ID,First Name,Last Name,Lead Status,Contact owner,Create Date,Original Source\n"
        "7,Luis,Gil,Open,Eva,2026-01-05,Organic Search\n"
    )
    fair.write_text("Lead ID,Name,Status,Created\n8,Eva,New,2026-01-02\n")
    mapping = tmp_path / "tf.toml"
    mapping.write_text('[constants]\nsource = "Trade fair"\n')
    with opened(book, "file") as live:
        for path, given in ((hubspot, None), (fair, mapping), (hubspot, None)):
            actions.import_file(live, path, "leads", given)
    sources = cells(book).set_index("lead_id")["source"]
    assert sources[["7", "8"]].tolist() == ["Organic Search", "Trade fair"]


def test_a_preview_changes_nothing(book: Path, tmp_path: Path) -> None:
    content = book.read_bytes()
    with opened(book, "file", save=False) as live:
        actions.preview(live, actions.prepare_file(live, tmp_path / "first.csv", "leads"))
    assert book.read_bytes() == content


def test_from_the_terminal_what_was_found_is_shown_before_it_is_written(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "out", Console(width=200))
    export = tmp_path / "second.csv"
    export.write_text(
        "Record ID;First Name;Lead Status;Create Date;Total Revenue;Topic\n"
        "1;Ana;Open deal;25/04/2026;1.234,50 €;=1+1\n9;Leo;New;03/04/2026;2.000 €;x\n",
        encoding="cp1252",
    )
    content = book.read_bytes()
    run = CliRunner().invoke(app.app, ["import", str(book), str(export), "--dry-run"])
    assert run.exit_code == 0, run.output
    said = " ".join(run.output.split())
    for words in (
        "Recognised: HubSpot contacts",
        "Letters read as Windows-1252",
        "date, day first",
        "decimal comma",
        "1 cell begins like a formula",
        "1 added, 1 updated, 1 conflict",
        "New Opportunity",
    ):
        assert words in said
    assert book.read_bytes() == content
    unasked = CliRunner().invoke(app.app, ["import", str(book), str(export)])
    assert isinstance(unasked.exception, Cancelled)  # nobody can answer here
    assert "Would import: Leads" in said
    assert CliRunner().invoke(app.app, ["import", str(book), str(export), "--yes"]).exit_code == 0
    after = cells(book)
    assert after["status"].tolist() == ["New", "New", "New"]
    assert after["revenue"].tolist() == [1234.5, None, 2000]
    assert after.loc[0, "Topic"] == "=1+1"
    with opened(book, "file", save=False) as live:
        (conflict,) = raw_frame(find_table(live, CONFLICTS)).to_dict("records")
    assert conflict == {
        "row_id": "1", "column": "Status", "here": "New", "there": "Opportunity",
        "source": "second.csv",
    }  # fmt: skip


def test_a_workbook_in_spanish_says_all_of_it_in_spanish(tmp_path: Path) -> None:
    made = app.make(tmp_path / "Ventas.xlsm", "es")
    export = tmp_path / "leads.csv"
    export.write_text("ID de lead;Creado;Edad\n1;25/04/2026;30\n")
    with opened(made, "file", save=False) as live:
        columns, outcome = actions.preview(live, actions.prepare_file(live, export, "leads"))
        assert outcome.notes[0] == "añadidos: 1, actualizados: 0, conflictos: 0"
        assert columns.table is not None
        assert columns.table.iloc[1].tolist()[:3] == ["Creado", "Creado", "fecha, primero el día"]
        export.write_text("ID de lead;Edad\n1;diez\n")
        with pytest.raises(BadData, match=r"fila 2, Edad: no es un número"):
            actions.prepare_file(live, export, "leads")


def test_what_people_added_stays_and_formulas_are_not_written_over(
    book: Path, tmp_path: Path
) -> None:
    with opened(book, "file") as live:
        place = find_table(live, LEADS)
        place.block(0, place.offsets["city"], 1, 1).formula = '=UPPER("leeds")'
        right = place.left + len(place.headers)
        place.sheet.range((place.top, right)).value = "My note"
        place.sheet.range((place.top + 1, right)).value = "call in May"
        place.live.resize(
            place.sheet.range((place.top, place.left), (place.top + place.height - 1, right))
        )
    export = tmp_path / "second.csv"
    export.write_text("Lead ID,Name,City,My note\n1,Ann,Bristol,other\n2,Ben,Hull,new\n")
    with opened(book, "file") as live:
        summary = actions.import_file(live, export, "leads")
        place = find_table(live, LEADS)
        assert place.block(0, place.offsets["city"], 1, 1).formula == '=UPPER("leeds")'
    after = cells(book)
    assert after["name"].tolist() == ["Ann", "Ben"]
    assert after.loc[1, "city"] == "Hull"
    assert after["My note"].tolist() == ["call in May", "new"]
    assert summary.table is not None
    assert set(summary.table["Column"]) == {"City", "My note"}


def test_interactions_that_know_an_address_only_find_their_lead(book: Path, tmp_path: Path) -> None:
    typed(book, email="Ana@Example.com ")
    export = tmp_path / "touches.csv"
    export.write_text(
        "Email,Date,Channel,Type\nana@example.com,2026-04-25 10:00,Web,Form\n"
        "new@example.com,2026-04-26 10:00,Web,Form\n"
    )
    command = ["import", str(book), str(export), "--as", "interactions", "--yes"]
    for counted in ("2 added", "0 added"):
        run = CliRunner().invoke(app.app, command)
        assert counted in run.output
    with opened(book, "file", save=False) as live:
        touches = raw_frame(find_table(live, INTERACTIONS))
    assert touches["lead_id"].tolist()[0] == "1"
    assert touches["lead_id"].tolist()[1].startswith("X-")


def test_a_list_in_one_cell_is_the_same_however_it_is_spaced(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "lists.csv"
    export.write_text("Lead ID,Likes\n1,a;b\n2,b;c\n3,a;c\n")
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads")
        export.write_text("Lead ID,Likes\n1,a; b\n")
        assert actions.import_file(live, export, "leads").notes[0].endswith("0 conflicts")


def test_a_file_and_a_system_at_once_are_one_too_many(book: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(app.app, ["import", str(book)])
    assert run.exit_code != 0
    both = ["import", str(book), str(tmp_path / "first.csv"), "--from", "hubspot"]
    assert CliRunner().invoke(app.app, both).exit_code != 0


def test_several_new_columns_of_a_later_import_each_keep_their_values(
    book: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.csv"
    second.write_text(
        "Lead ID,Segment,Tier,Region\n1,pet,gold,north\n2,toys,silver,south\n3,food,bronze,west\n"
    )
    with opened(book, "file") as live:
        actions.import_file(live, second, "leads")
    with opened(book, "file") as live:
        again = actions.import_file(live, second, "leads")
    after = cells(book)
    assert after[["Segment", "Tier", "Region"]].to_numpy().tolist() == [
        ["pet", "gold", "north"],
        ["toys", "silver", "south"],
        ["food", "bronze", "west"],
    ]
    assert "0 added, 0 updated" in again.notes[0]


def test_rates_of_the_workbook_turn_amounts_into_its_currency(book: Path, tmp_path: Path) -> None:
    export = tmp_path / "won.csv"
    export.write_text("Lead ID,Closed,Revenue\n1,2026-03-05,US$ 100\n2,2026-03-05,€ 7\n")
    with opened(book, "file") as live, pytest.raises(BadData, match="mixes currencies: EUR, USD"):
        actions.import_file(live, export, "leads")
    with opened(book, "file") as live:
        named_range(live, "own_currency").value = "EUR"
        place = find_table(live, RATES)
        place.block(0, 0, 1, 3).value = ["USD", None, 0.9]
    with opened(book, "file") as live:
        actions.import_file(live, export, "leads")
    assert cells(book)["revenue"].tolist() == [90, 7]


def test_a_kept_mapping_of_constants_says_them_in_the_list(book: Path, tmp_path: Path) -> None:
    calls, mapping = tmp_path / "calls.csv", tmp_path / "mine.toml"
    calls.write_text("Lead ID,Time\n1,2026-03-02 10:00\n")
    mapping.write_text('[constants]\nchannel = "Web"\n')
    with opened(book, "file", save=False) as live:
        actions.import_file(live, calls, "interactions", mapping)
        listed = actions.list_mappings(live).table
    assert listed is not None and listed["Headers"].tolist() == ["channel = Web"]


def test_the_first_currency_that_a_file_names_is_ours_and_another_needs_a_rate(
    book: Path, tmp_path: Path
) -> None:
    balboas, soles = tmp_path / "balboas.csv", tmp_path / "soles.csv"
    balboas.write_text('Mes,Canal,Costo\n2026-01,Google Ads,"B/.1,234.50"\n')
    soles.write_text('Mes,Canal,Costo\n2026-01,Meta,"S/ 1,200.50"\n')
    with opened(book, "file") as live:
        summary = actions.import_file(live, balboas, "spend")
        assert any("Our currency, on the sheet Rates, is PAB" in note for note in summary.notes)
        actions.undo(live)
        assert own_currency(live) == ""
        actions.import_file(live, balboas, "spend")
    with opened(book, "file") as live:
        with pytest.raises(BadData, match="There is no rate of PEN for 2026-01"):
            actions.import_file(live, soles, "spend")
        find_table(live, RATES).block(0, 0, 1, 3).value = ["PEN", None, 0.25]
        actions.import_file(live, soles, "spend")
        assert own_currency(live) == "PAB"
        costs = raw_frame(find_table(live, SPEND))["cost"]
    assert costs.dropna().tolist() == [1234.5, 300.125]


def test_kept_mappings_are_listed_shown_and_forgotten(book: Path, tmp_path: Path) -> None:
    export, mapping = tmp_path / "fourth.csv", tmp_path / "mine.toml"
    export.write_text("Ref,Who\n4,Eva\n")
    mapping.write_text('[columns]\nlead_id = "Ref"\nname = "Who"\ncity = "Town"\n')
    done = CliRunner().invoke(
        app.app, ["import", str(book), str(export), "--map", str(mapping), "--yes"]
    )
    assert "The mapping names headers that the file does not have: town" in done.output
    name = kept_name("leads", ["Ref", "Who"])

    def mappings(*options: str) -> str:
        return CliRunner().invoke(app.app, ["mappings", str(book), *options]).output

    assert f"{name}" in mappings()
    assert mappings("--show", name.removesuffix(".toml")).strip() == mapping.read_text().strip()
    assert "Forgotten" in mappings("--forget", name)
    assert "0 rows" in mappings()
    with opened(book, "file", save=False) as live, pytest.raises(BadData, match="keeps no mapping"):
        actions.show_mapping(live, name)
