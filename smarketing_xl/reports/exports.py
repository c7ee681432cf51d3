"""Back to where the work is done: a CSV as a CRM or an ad platform imports it.

The headers of a CRM are those of its own exports for what it knows (record, owner); the others are
properties that its administrator makes once, of the names given here; in the import each column is
matched with its field by hand where the names differ. What the import pages say:

- HubSpot, https://knowledge.hubspot.com/import-and-export/set-up-your-import-file: a header is the
  name of a property; Record ID finds the record; an owner is known by the e-mail of the user.
- Salesforce, https://help.salesforce.com/s/articleView?id=xcloud.for_leads.htm: leads are matched
  by Salesforce ID, 15 or 18 characters; custom fields too are imported.
- Zoho CRM, http://crmkbase.zoho.com/how-to-avoid-creating-duplicate-records-while-importing: the
  record's ID finds the record; only fields that are mapped are written over.
- Pipedrive, https://support.pipedrive.com/en/article/updating-pipedrive-data-with-a-spreadsheet:
  the field Pipedrive System ID finds the item; deals, people and organizations are named there,
  leads are not. https://support.pipedrive.com/en/article/import-fields names leads among what is
  created or updated. "Lead - ID" is the header of its own exports.
- Google Ads, https://support.google.com/google-ads/answer/7014069: a first line
  Parameters:TimeZone, no other columns and nothing that names a person; hashes as in
  https://developers.google.com/google-ads/api/docs/conversions/upload-identifiers: SHA-256 of the
  e-mail in lower case, without dots before gmail.com and googlemail.com, and of E.164 telephones.
- Meta, https://developers.facebook.com/docs/marketing-api/conversions-api/parameters: SHA-256 of
  the e-mail in lower case, and of a telephone's digits with the country's code, without plus and
  leading zeros.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
import polars as pl

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.ingest import Crm, Platform
from smarketing_xl.leads.consent import HeldBack, held_back
from smarketing_xl.outcomes.account import Account
from smarketing_xl.parsing.match_keys import phones
from smarketing_xl.parsing.money import CODES
from smarketing_xl.parsing.text import fold_words

_RECORD: dict[Crm, tuple[str, str]] = {  # the headers of the record and of its owner
    "hubspot": ("Record ID", "Contact owner"),
    "salesforce": ("Lead ID", "Lead Owner"),
    "pipedrive": ("Lead - ID", "Lead - Owner"),
    "zoho": ("Record Id", "Lead Owner"),
}
PROPERTIES = {
    "score": "Smarketing Fit Score",
    "grade": "Smarketing Grade",
    "interest": "Smarketing Engagement",
    "rating": "Smarketing Combined",
    "priority": "Smarketing Priority",
    "why": "Smarketing Why",
}
"""The properties to make in the CRM, by the columns of Leads that they take."""
MADE_HERE = re.compile(r"X-[0-9a-f]{10}")
"""IDs that an import made of an e-mail: no CRM knows them."""

QUALIFIED, WON = "Qualified lead", "Won deal"
"""The conversion actions of Google Ads, to be named so there."""
_META_EVENTS = {QUALIFIED: "Lead", WON: "Purchase"}
_CLICK = ("gclid", "google click id", "google clickid", "id de clic de google")
_HELD = ("own", "by_another")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Export:
    """What goes out. left_out: rows that did not, by why, in the language spoken."""

    rows: pd.DataFrame
    left_out: dict[str, int]
    first_line: str = ""

    def csv(self) -> bytes:
        """UTF-8 with a mark, comma, one header row; texts that begin like a formula as text."""
        safe = self.rows.map(lambda cell: f"'{cell}" if _is_formula(cell) else cell)
        body = safe.to_csv(index=False, lineterminator="\r\n")
        return (self.first_line + body).encode("utf-8-sig")


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(_FORMULA)


def export_for(
    platform: Platform, leads: pd.DataFrame, found: Account, currency: str = "", zone: str = ""
) -> Export:
    """The table of leads as a platform imports it.

    leads: as the workbook has them; found: the account of outcomes made of them. currency: ISO
    code, of Revenue; zone: time zone of the tables; ads need both. Raises NotEnoughData.
    """
    if platform in get_args(Crm):
        return crm_rows(platform, leads)  # type: ignore[arg-type]
    if currency not in CODES or not zone:
        raise NotEnoughData(
            _("Conversions need the currency of Revenue and the time zone of the tables"),
            _("Give --currency USD and --zone America/Panama"),
        )
    made, left_out = conversions(leads, found)
    if platform == "meta":
        return Export(_meta(made, currency, zone), left_out)
    return Export(_google(made, currency, zone), left_out, f"Parameters:TimeZone={zone}\r\n")


def crm_rows(system: Crm, leads: pd.DataFrame) -> Export:
    """What a CRM takes: record, owner, score, grade, interest, rating, priority, why.

    No name, e-mail or telephone: the record's ID tells the CRM whom it is about.
    """
    held = held_back(leads)
    allowed = ~(held.own | held.by_another)
    ids = leads["lead_id"].astype(object).where(leads["lead_id"].notna(), "").astype(str)
    known = ((ids != "") & ~ids.str.fullmatch(MADE_HERE)).to_numpy(dtype=np.bool_)
    record, owner = _RECORD[system]
    named = {"lead_id": record, "owner": owner, **PROPERTIES}
    rows = leads[allowed & known].reindex(columns=list(named)).rename(columns=named)
    for key in ("score", "interest"):
        rows[PROPERTIES[key]] = rows[PROPERTIES[key]].astype(float).round(2)
    rows["Smarketing Priority"] = rows["Smarketing Priority"].astype("Int64")
    return Export(rows.reset_index(drop=True), _counted(held, allowed & ~known))


def _counted(held: HeldBack, unknown: Any = ()) -> dict[str, int]:
    counts = {
        _("no consent, or not to be contacted"): int(held.own.sum()),
        _("another row of the same person says no"): int(held.by_another.sum()),
        _("made here, not known to the CRM"): int(np.sum(unknown)),
    }
    return {why: count for why, count in counts.items() if count}


# --- ads ----------------------------------------------------------------------------------------


def conversions(leads: pd.DataFrame, account: Account) -> tuple[pd.DataFrame, dict[str, int]]:
    """Qualified leads, when they came, and won deals, when they were won.

    Columns: order_id, event, time (on the clock of the tables), value (blank of a lead), gclid,
    email, phone (E.164); those of the lead that became it.
    """
    dated = account.leads[account.leads["created"].notna()]
    qualified = dated[dated["qualified"]]
    first = pd.DataFrame(
        {
            "lead_id": qualified["lead_id"],
            "order_id": qualified["lead_id"].astype(str),
            "event": QUALIFIED,
            "time": qualified["created"],
            "value": np.nan,
        }
    )
    bought = account.customers[account.customers["since"].notna()]
    second = pd.DataFrame(
        {
            "lead_id": bought["lead_id"],
            "order_id": bought["key"].astype(str),
            "event": WON,
            "time": bought["since"],
            "value": bought["revenue"],
        }
    )
    every = pd.concat([first, second], ignore_index=True)
    people = _people(leads)
    rows = every.merge(people, on="lead_id", how="left")
    held = HeldBack(*((rows[name] == True).to_numpy() for name in _HELD))  # noqa: E712 - or blank
    refused = held.own | held.by_another
    nobody = rows[["gclid", "email", "phone"]].isna().all(axis=1).to_numpy() & ~refused
    counts = _counted(held)
    if nobody.any():
        counts[_("neither click, e-mail nor telephone")] = int(nobody.sum())
    kept = rows[~refused & ~nobody].drop(columns=[*_HELD, "lead_id"])
    return kept.sort_values(["time", "order_id"], ignore_index=True), counts


def _people(leads: pd.DataFrame) -> pd.DataFrame:
    click = next((name for name in leads.columns if fold_words(str(name)) in _CLICK), None)
    given = leads[["email", "phone", "country"]].astype(object)
    texts = pl.DataFrame(
        {key: given[key].where(given[key].notna(), None).to_list() for key in given},
        schema=dict.fromkeys(("email", "phone", "country"), pl.String),
        strict=False,
    )
    held = held_back(leads)
    frame = pd.DataFrame(
        {
            "lead_id": leads["lead_id"],
            **dict(zip(_HELD, (held.own, held.by_another), strict=True)),
            "gclid": leads[click].astype(object) if click else None,
            "email": [_mail(cell) for cell in texts["email"]],
            "phone": [
                number if number and number.startswith("+") else None
                for number in phones(texts["phone"], texts["country"])
            ],
        }
    )
    return frame[frame["lead_id"].notna()].drop_duplicates("lead_id")


def _mail(cell: str | None) -> str | None:
    mail = (cell or "").strip().lower()
    return mail if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail) else None


def google_hash(mail: str) -> str:
    """SHA-256 of an e-mail as Google defines it: lower case, no dots before gmail.com.

    >>> google_hash(" A.na@Gmail.com ") == google_hash("ana@gmail.com")
    True
    """
    name, _at, domain = mail.strip().lower().rpartition("@")
    if domain in ("gmail.com", "googlemail.com"):
        name = name.replace(".", "")
    return _sha256(f"{name}@{domain}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _google(made: pd.DataFrame, currency: str, zone: str) -> pd.DataFrame:
    """Telephones are hashed as +digits (E.164)."""
    return pd.DataFrame(
        {
            "Google Click ID": made["gclid"],
            "Email": made["email"].map(google_hash, na_action="ignore"),
            "Phone Number": made["phone"].map(_sha256, na_action="ignore"),
            "Conversion Name": made["event"],
            "Conversion Time": _zoned(made["time"], zone).map(
                lambda time: f"{time:%Y-%m-%d %H:%M:%S%z}"
            ),
            "Conversion Value": made["value"],
            "Conversion Currency": currency,
            "Order ID": made["order_id"],
        }
    )


def _meta(made: pd.DataFrame, currency: str, zone: str) -> pd.DataFrame:
    """Telephones are hashed as digits with the country's code, without a plus."""
    return pd.DataFrame(
        {
            "email": made["email"].map(_sha256, na_action="ignore"),
            "phone": made["phone"].map(lambda phone: _sha256(phone[1:]), na_action="ignore"),
            "event_name": made["event"].map(_META_EVENTS),
            "event_time": _zoned(made["time"], zone).map(
                lambda time: time.isoformat(timespec="seconds")
            ),
            "value": made["value"].where(made["value"].notna(), 0.0),
            "currency": currency,
            "order_id": made["order_id"],
        }
    )


def _zoned(times: pd.Series[Any], zone: str) -> pd.Series[Any]:
    winter = np.zeros(len(times), dtype=np.bool_)
    given = pd.to_datetime(times)
    return given.dt.tz_localize(zone, ambiguous=winter, nonexistent="shift_forward").astype(object)
