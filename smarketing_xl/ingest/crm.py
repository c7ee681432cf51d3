"""Leads straight from HubSpot or Salesforce, through their Python clients (extra `crm`).

Read only. The token comes from the environment or from the keyring of the operating system, never
from the workbook, and is never shown:

- HubSpot: SMARKETING_HUBSPOT_TOKEN (a private app's, with the right to read contacts and owners)
- Salesforce: SMARKETING_SALESFORCE_TOKEN (an access token) and SMARKETING_SALESFORCE_URL (the
  address of your organisation, https://…)

In the keyring the same names stand under the service `smarketing-xl`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import polars as pl

from smarketing_xl.errors import BadData, SmarketingError
from smarketing_xl.i18n import _
from smarketing_xl.ingest import Importable, System
from smarketing_xl.ingest.file_safety import MOST_ROWS
from smarketing_xl.ingest.raw_table import RawTable

SERVICE = "smarketing-xl"
_PAGE = 100
_TRIES = 4
_PATIENCE = 60.0  # seconds for one answer

# what the system calls it, and the header its own export has (see mappings/)
_HUBSPOT = {
    "hs_object_id": "Record ID",
    "createdate": "Create Date",
    "firstname": "First Name",
    "lastname": "Last Name",
    "email": "Email",
    "phone": "Phone Number",
    "company": "Company Name",
    "jobtitle": "Job Title",
    "industry": "Industry",
    "numemployees": "Number of Employees",
    "city": "City",
    "country": "Country/Region",
    "hs_analytics_source": "Original Source",
    "hubspot_owner_id": "Contact owner",
    "hs_lead_status": "Lead Status",
    "closedate": "Close Date",
    "total_revenue": "Total Revenue",
}
_SALESFORCE = {
    "Id": "Lead ID",
    "CreatedDate": "Create Date",
    "FirstName": "First Name",
    "LastName": "Last Name",
    "Email": "Email",
    "Phone": "Phone",
    "Company": "Company",
    "Title": "Title",
    "Industry": "Industry",
    "NumberOfEmployees": "No. of Employees",
    "City": "City",
    "Country": "Country",
    "LeadSource": "Lead Source",
    "Owner.Name": "Lead Owner",
    "Status": "Lead Status",
    "ConvertedDate": "Converted Date",
}


_HUBSPOT_DEALS = {
    "hs_object_id": "Record ID",
    "dealname": "Deal Name",
    "associated_contact": "Associated Contact IDs",
    "hubspot_owner_id": "Deal owner",
    "hs_analytics_source": "Original Traffic Source",
    "dealstage": "Deal Stage",
    "hs_deal_stage_probability": "Deal probability",
    "amount": "Amount",
    "deal_currency_code": "Currency",
    "createdate": "Create Date",
    "closedate": "Close Date",
}
_SALESFORCE_DEALS = {
    "Id": "Opportunity ID",
    "Name": "Opportunity Name",
    "ContactId": "Contact ID",
    "Account.Name": "Account Name",
    "Owner.Name": "Opportunity Owner",
    "LeadSource": "Lead Source",
    "StageName": "Stage",
    "Probability": "Probability (%)",
    "Amount": "Amount",
    "CreatedDate": "Created Date",
    "CloseDate": "Close Date",
}


def fetch(system: System, kind: Importable = "leads") -> RawTable:
    """Every lead, or deal, of a system, under the headers of its own export.

    Raises BadData with a remedy.
    """
    if kind not in ("leads", "deals"):
        raise BadData(
            _("Only leads and deals are read straight from a CRM"),
            _("Export the rest, and import the file"),
        )
    if system == "hubspot":
        return hubspot(secret("SMARKETING_HUBSPOT_TOKEN"), kind=kind)
    address = secret("SMARKETING_SALESFORCE_URL")
    return salesforce(secret("SMARKETING_SALESFORCE_TOKEN"), address, kind=kind)


def secret(name: str) -> str:
    """A token from the environment, else from the keyring."""
    token = os.environ.get(name) or _from_keyring(name)
    if not token:
        raise BadData(
            _("{name} is not known").format(name=name),
            _("Put it in the environment, or in the keyring: keyring set {service} {name}").format(
                service=SERVICE, name=name
            ),
        )
    return token


def _from_keyring(name: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError:
        return None


def hubspot(token: str, host: str | None = None, kind: Importable = "leads") -> RawTable:
    """Contacts, or deals, with their owners' names. host: not HubSpot's own address, for tests."""
    with _answered("HubSpot"):
        from hubspot import HubSpot
        from urllib3.util import Retry

        waits = Retry(
            total=_TRIES,
            backoff_factor=0.3,
            status_forcelist=(429, 500, 502, 503, 504),
            raise_on_status=False,  # the answer says more than that it was asked often
            redirect=0,  # nobody else is shown the token
        )
        client = HubSpot(access_token=token, host=host, retry=waits)
        names = {
            owner.id: " ".join(filter(None, (owner.first_name, owner.last_name))) or owner.email
            for owner in _pages(client.crm.owners.owners_api.get_page)
        }
        fields = _HUBSPOT_DEALS if kind == "deals" else _HUBSPOT
        objects = (
            _pages(
                client.crm.deals.basic_api.get_page,
                properties=list(fields),
                associations=["contacts"],
            )
            if kind == "deals"
            else _pages(client.crm.contacts.basic_api.get_page, properties=list(fields))
        )
        records = []
        for each in islice(objects, MOST_ROWS + 1):
            record = {"hs_object_id": each.id, **each.properties}
            owner = record.get("hubspot_owner_id")
            record["associated_contact"] = _first_contact(each)
            records.append(record | {"hubspot_owner_id": names.get(owner, owner)})
    return _sheet(records, fields, "HubSpot")


def _first_contact(record: Any) -> str | None:
    """The ID of the contact that a deal is associated with, if any."""
    others = getattr(record, "associations", None) or {}
    contacts = others.get("contacts")
    return contacts.results[0].id if contacts and contacts.results else None


def _pages(page: Callable[..., Any], **wanted: Any) -> Iterator[Any]:
    seen: set[str] = set()
    place: dict[str, str] = {}
    while True:
        answer = page(limit=_PAGE, _request_timeout=_PATIENCE, **place, **wanted)
        yield from answer.results
        if not answer.paging or not answer.paging.next:
            return
        after = answer.paging.next.after
        if after in seen:
            raise RuntimeError("the pages repeat")
        seen.add(after)
        place = {"after": after}


def salesforce(token: str, url: str, session: Any = None, kind: Importable = "leads") -> RawTable:
    """Leads, or opportunities, not deleted. session: of requests, for tests and proxies."""
    if not url.lower().startswith("https://"):
        raise BadData(
            _("SMARKETING_SALESFORCE_URL does not begin with https://"),
            _("Copy the address of your organisation from the browser"),
        )
    with _answered("Salesforce"):
        from simple_salesforce.api import Salesforce

        session = session or _careful_session()
        client = Salesforce(instance_url=url, session_id=token, session=session)
        fields = _SALESFORCE_DEALS if kind == "deals" else _SALESFORCE
        table = "Opportunity" if kind == "deals" else "Lead"
        query = f"SELECT {', '.join(fields)} FROM {table} ORDER BY CreatedDate, Id"
        rows = islice(client.query_all_iter(query), MOST_ROWS + 1)
        records = [{name: _reached(row, name) for name in fields} for row in rows]
    return _sheet(records, fields, "Salesforce")


def _careful_session() -> Any:
    """A session of requests that waits a minute at most and follows nobody elsewhere."""
    from requests import Session
    from requests.adapters import HTTPAdapter

    class Patient(HTTPAdapter):
        def send(self, *given: Any, **options: Any) -> Any:
            return super().send(*given, **{**options, "timeout": _PATIENCE})

    session = Session()
    session.max_redirects = 0
    session.mount("https://", Patient())
    return session


def _reached(record: Any, name: str) -> Any:
    """A field, also of a related record: Owner.Name."""
    for part in name.split("."):
        record = record.get(part) if record else None
    return record


def _sheet(records: list[dict[str, Any]], headers: dict[str, str], system: str) -> RawTable:
    if len(records) > MOST_ROWS:
        raise BadData(
            _("{system} has more leads than a sheet holds").format(system=system),
            _("Export a part of them, and import the file"),
        )
    columns = {
        header: pl.Series([_text(record.get(name)) for record in records], dtype=pl.String)
        for name, header in headers.items()
    }
    return RawTable(pl.DataFrame(columns), 1, system)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


@contextmanager
def _answered(system: str) -> Iterator[None]:
    """Whatever goes wrong on the way is said in a sentence, without the token."""
    try:
        yield
    except SmarketingError:
        raise
    except ImportError as cause:
        raise BadData(
            _("The client of {system} is not installed").format(system=system),
            _("Install it: pip install smarketing-xl[crm]"),
        ) from cause
    except Exception as cause:
        status = getattr(cause, "status", None)
        raise BadData(*_refusal(system, status)) from None


def _refusal(system: str, status: Any) -> tuple[str, str]:
    if status in (401, 403):
        return (
            _("{system} does not accept the token").format(system=system),
            _("Make a new one that may read leads and owners"),
        )
    if status == 429:
        return (
            _("{system} asks to wait: too many requests").format(system=system),
            _("Try again in a few minutes"),
        )
    return (
        _("{system} cannot be reached, or does not answer as expected").format(system=system),
        _("Check the connection and try again"),
    )
