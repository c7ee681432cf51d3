"""The sample exports: our own importers recognise and read every one, in each language."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import LANGUAGES, Language, speaking
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.ingest.recognise import system_of
from smarketing_xl.ingest.whatsapp_leads import Hand, chats_table
from smarketing_xl.sample.exports import CHATS, EXPORTS, LEADS, Export, write_exports
from smarketing_xl.schema.tables import TABLES

SYSTEMS = {
    "hubspot_contacts.csv": "HubSpot contacts",
    "hubspot_deals.csv": "HubSpot deals",
    "salesforce_leads.csv": "Salesforce leads",
    "salesforce_opportunities.csv": "Salesforce opportunities",
    "pipedrive_leads.csv": "Pipedrive leads and deals",
    "pipedrive_deals.csv": "Pipedrive deals",
    "zoho_leads.csv": "Zoho CRM leads",
    "zoho_deals.csv": "Zoho deals",
    "dynamics_leads.xlsx": "Dynamics 365 leads",
    "dynamics_opportunities.xlsx": "Dynamics 365 opportunities",
    "google_ads.csv": "Google Ads costs",
    "meta_ads.csv": "Meta Ads costs",
}


@pytest.fixture(scope="module", params=LANGUAGES)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Language]:
    folder = tmp_path_factory.mktemp("exports")
    with speaking(request.param):
        files = write_exports(folder)
    assert {path.name for path in folder.iterdir()} == {*files["file"]}
    return folder, request.param


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.file)
def test_every_export_is_recognised_and_read_whole(
    written: tuple[Path, Language], export: Export
) -> None:
    folder, language = written
    ours = {"firm": "company", "topic": "", "ends": "closed", "percent": "probability"}
    keys = {line.split("|")[0].strip() for line in export.columns.strip().splitlines()}
    wanted = {ours.get(key, key) for key in keys} - {"", "first", "last", "until"}
    wanted -= {"email"} if export.kind == "interactions" else set()
    wanted -= {"currency"} if export.kind == "spend" else set()
    with speaking(language):
        leads = prepare(folder / "zoho_leads.csv", "leads").table
        read = prepare(folder / export.file, export.kind, leads=leads)  # type: ignore[arg-type]
    table = next(table for table in TABLES if table.sheet == export.kind)
    assert system_of(read.headers, table, export.kind)[0] == SYSTEMS.get(export.file, "")
    frame = read.table
    assert wanted <= set(frame.columns)
    assert frame[[*wanted - {"until"}]].notna().any().all()
    if export.kind == "leads":
        assert len(frame) == LEADS
        assert frame["lead_id"].is_unique and frame["created"].notna().all()
        if export.entries:
            late = {"opportunity"} if "zoho" not in export.file else set()
            assert set(frame["status"]) == {"new", "accepted", "rejected"} | late
    if export.kind == "deals":
        assert set(frame["status"]) == {"open", "won", "lost"}
        assert frame["probability"].between(0, 1).all()
        over = frame["status"] != "open"
        assert frame["closed"].notna().equals(over)


def test_deals_name_the_leads_of_their_own_system(written: tuple[Path, Language]) -> None:
    folder, _language = written
    leads = prepare(folder / "hubspot_contacts.csv", "leads").table
    deals = prepare(folder / "hubspot_deals.csv", "deals").table
    assert set(deals["lead_id"]) <= set(leads["lead_id"])


def test_chats_are_those_of_leads(written: tuple[Path, Language]) -> None:
    folder, _language = written
    leads = prepare(folder / "hubspot_contacts.csv", "leads").table
    table = chats_table(folder / CHATS, leads, Hand()).frame
    assert len(table) == 18


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("mine")
    with pytest.raises(WorkbookError, match="already exists"):
        write_exports(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"costs.csv", CHATS}
    assert len(write_exports(tmp_path, replace=True)) == len(EXPORTS) + 1
    assert pd.read_csv(tmp_path / "costs.csv").shape[1] == 4
