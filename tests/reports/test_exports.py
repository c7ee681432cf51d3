"""Back to the CRM and the ad platforms: each file read back, consent kept, hashes as published."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.ingest import Crm
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.outcomes.account import account
from smarketing_xl.reports.exports import export_for

LEADS = pd.DataFrame(
    {
        "lead_id": ["101", "102", "103", "X-0123456789", "104"],
        "created": pd.to_datetime(["2026-03-02 10:00"] * 5),
        "name": ["Ana Díaz", "Bo", "Cy", "Di", "Ed"],
        "email": [" Ana.Diaz+x@Gmail.com", "bo@firma.example", None, "di@x.example", None],
        "phone": ["+507 6123-4567", None, None, None, None],
        "country": ["Panama"] * 5,
        "owner": ["Eva", "=HYPERLINK(1)", None, "Leo", "Leo"],
        "status": ["won", "new", "new", "new", "new"],
        "closed": pd.to_datetime(["2026-04-01", None, None, None, None]),
        "revenue": [1500.5, None, None, None, None],
        "score": [90.0, 55.5, 10.0, 20.0, None],
        "grade": ["A", "B", "D", "D", None],
        "rating": ["A1", "B2", "D4", None, None],
        "interest": [80.0, 40.0, 0.0, None, None],
        "priority": [1.0, 2.0, 3.0, 4.0, 5.0],
        "qualified": [True, True, False, False, False],
        "why": ["✓ City is Panama (+30) · ✗ Age (10)", "✓ a, b", None, None, None],
        "GCLID": ["Cj0KCQ", None, None, None, None],
    }
)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("system", get_args(Crm))
def test_our_own_importer_reads_a_crm_file_back_to_the_same_rows(
    system: Crm, tmp_path: Path
) -> None:
    made = export_for(system, LEADS, account(LEADS))
    assert made.left_out == {"made here, not known to the CRM": 1}
    path = tmp_path / "out.csv"
    path.write_bytes(made.csv())
    assert "Ana" not in made.csv().decode("utf-8-sig")
    back = prepare(path, "leads").table
    sent = LEADS[LEADS["lead_id"] != "X-0123456789"].reset_index(drop=True)
    assert back["lead_id"].tolist() == sent["lead_id"].tolist()
    assert back["owner"].fillna("").tolist() == ["Eva", "'=HYPERLINK(1)", "", "Leo"]
    for ours, theirs in (("score", "Fit Score"), ("interest", "Engagement")):
        read = pd.to_numeric(back[f"Smarketing {theirs}"])
        assert read.fillna(-1).tolist() == sent[ours].fillna(-1).tolist()
    assert back["Smarketing Why"].fillna("").tolist() == sent["why"].fillna("").tolist()
    before = LEADS.assign(persona=None)
    again = prepare(path, "leads", existing=before)
    assert (again.added, "owner" in again.changes) == (0, False)


@pytest.mark.parametrize("platform", [*get_args(Crm), "google-ads", "meta"])
def test_nobody_without_consent_goes_out(platform: str) -> None:
    kept = LEADS.assign(Consentimiento=["No", "Sí", "x", "Sí", None], **{"Do not contact": None})
    kept.loc[2, "Do not contact"] = "yes"
    made = export_for(platform, kept, account(kept), "USD", "America/Panama")  # type: ignore[arg-type]
    assert len(made.rows) == 1
    assert made.left_out["no consent, or not to be contacted"] >= 2
    assert "101" not in made.csv().decode("utf-8-sig")


@pytest.mark.parametrize("platform", [*get_args(Crm), "google-ads", "meta"])
def test_who_says_no_on_another_row_is_held_back_and_counted(platform: str) -> None:
    kept = LEADS.assign(consent=["Yes", "No", "Yes", "Yes", "Yes"])
    kept.loc[1, "email"] = "ana.diaz@gmail.com"
    kept.loc[0, "email"] = "Ana.Diaz@Gmail.com"
    made = export_for(platform, kept, account(kept), "USD", "America/Panama")  # type: ignore[arg-type]
    refused = {"another row of the same person says no": 1, "no consent, or not to be contacted": 1}
    if platform in ("google-ads", "meta"):  # as a lead, and as a customer
        refused["another row of the same person says no"] = 2
    assert refused.items() <= made.left_out.items()


def test_conversions_for_google_ads() -> None:
    made = export_for("google-ads", LEADS, account(LEADS), "USD", "America/Panama")
    first, _rest = made.csv().decode("utf-8-sig").split("\r\n", 1)
    assert first == "Parameters:TimeZone=America/Panama"
    lead, other, won = rows_of(made.csv().split(b"\r\n", 1)[1])
    assert lead["Conversion Name"] == other["Conversion Name"] == "Qualified lead"
    assert won["Conversion Name"] == "Won deal"
    assert lead["Conversion Time"] == "2026-03-02 10:00:00-0500"
    assert (won["Conversion Value"], won["Conversion Currency"]) == ("1500.5", "USD")
    assert won["Google Click ID"] == "Cj0KCQ"
    # no dots before gmail.com; a telephone is +digits
    assert lead["Email"] == hashlib.sha256(b"anadiaz+x@gmail.com").hexdigest()
    assert lead["Phone Number"] == hashlib.sha256(b"+50761234567").hexdigest()
    assert other["Email"] == hashlib.sha256(b"bo@firma.example").hexdigest()
    assert "@" not in made.csv().decode("utf-8-sig")


def test_conversions_for_meta() -> None:
    made = export_for("meta", LEADS, account(LEADS), "USD", "Europe/Madrid")
    lead, _other, won = rows_of(made.csv())
    assert (lead["event_name"], won["event_name"]) == ("Lead", "Purchase")
    assert lead["event_time"] == "2026-03-02T10:00:00+01:00"
    assert won["event_time"] == "2026-04-01T00:00:00+02:00"  # in summer time
    # an e-mail as it is, in lower case; a telephone is digits without the plus
    assert lead["email"] == hashlib.sha256(b"ana.diaz+x@gmail.com").hexdigest()
    assert lead["phone"] == hashlib.sha256(b"50761234567").hexdigest()
    assert (won["value"], won["currency"], lead["value"]) == ("1500.5", "USD", "0.0")


@pytest.mark.parametrize("currency", ["", "$"])
def test_conversions_need_currency_and_zone(currency: str) -> None:
    with pytest.raises(NotEnoughData, match="--currency"):
        export_for("meta", LEADS, account(LEADS), currency, "UTC")


def test_the_published_example_of_a_hash() -> None:
    """Snap and Meta print this one: +44 844 412 4653 is hashed as 448444124653."""
    one = LEADS.iloc[:1].assign(phone="+44 844 412 4653", email="Person@Example.com ")
    lead = rows_of(export_for("meta", one, account(one), "USD", "UTC").csv())[0]
    assert lead["phone"].startswith("dc008fda46e2e64002cf2f82a4906236282d4")
    assert lead["email"] == "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"
