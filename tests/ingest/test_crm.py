"""Leads read straight from HubSpot and Salesforce, with their clients, from servers of our own.

The servers answer as documented: HubSpot's CRM v3 objects and owners with paging by `after`,
Salesforce's REST query with `nextRecordsUrl`.
"""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from typer.testing import CliRunner

from smarketing_xl.book.read import read_table
from smarketing_xl.cli import app
from smarketing_xl.errors import BadData
from smarketing_xl.hosts import opened
from smarketing_xl.ingest import crm
from smarketing_xl.ingest.importer import prepare_live
from smarketing_xl.schema.tables import LEADS

TOKEN = "secret-token-of-the-test"
Answer = tuple[int, dict[str, Any] | list[Any]]


class Server:
    """Answers each path by a function of its query; remembers what was asked."""

    def __init__(
        self,
        answer: Callable[[str, dict[str, list[str]]], Answer],
        certificate: Path | None = None,
    ) -> None:
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                place = urlparse(self.path)
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    status, body = 401, {"message": "bad token", "status": "error"}
                else:
                    status, body = answer(place.path, parse_qs(place.query))
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


# --- HubSpot ------------------------------------------------------------------------------------


def contact(number: int) -> dict[str, Any]:
    when = "2026-01-05T10:20:00.000Z"
    return {
        "id": str(number),
        "properties": {
            "email": f"p{number}@example.com",
            "firstname": "Ana",
            "lastname": f"Demo {number}",
            "createdate": when,
            "hubspot_owner_id": "77",
            "hs_lead_status": "IN_PROGRESS",
            "numemployees": "12",
            "phone": None,
        },
        "createdAt": when,
        "updatedAt": when,
        "archived": False,
    }


def hubspot_answers(path: str, query: dict[str, list[str]]) -> Answer:
    if path.startswith("/crm/v3/owners"):
        stamp = "2026-01-01T00:00:00.000Z"
        owner = {
            "id": "77", "firstName": "Ben", "lastName": "Sample", "archived": False,
            "createdAt": stamp, "updatedAt": stamp, "type": "PERSON",
        }  # fmt: skip
        return 200, {"results": [owner]}
    first = int(query.get("after", ["0"])[0])
    rows = [contact(number) for number in range(first, min(first + 100, 250))]
    more = {"paging": {"next": {"after": str(first + 100)}}} if first + 100 < 250 else {}
    return 200, {"results": rows, **more}


@pytest.fixture
def hubspot() -> Iterator[Server]:
    pytest.importorskip("hubspot")
    server = Server(hubspot_answers)
    yield server
    server.close()


def test_every_page_of_hubspot_is_read_with_owners_by_name(hubspot: Server) -> None:
    frame = crm.hubspot(TOKEN, f"http://127.0.0.1:{hubspot.port}").frame
    assert len(frame) == 250
    assert frame.row(3, named=True)["Contact owner"] == "Ben Sample"
    assert sum("/contacts" in path for path in hubspot.asked) == 3


def test_leads_of_hubspot_become_ours(hubspot: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_HUBSPOT_TOKEN", TOKEN)
    live = crm.hubspot
    monkeypatch.setattr(
        crm,
        "hubspot",
        lambda token, **more: live(token, f"http://127.0.0.1:{hubspot.port}", **more),
    )
    first = prepare_live("hubspot")
    row = first.table.iloc[0]
    assert row[["lead_id", "name", "owner", "status", "employees"]].tolist() == [
        "0", "Ana Demo 0", "Ben Sample", "accepted", 12.0,
    ]  # fmt: skip
    assert row["created"] == pd.Timestamp(2026, 1, 5, 10, 20)
    again = prepare_live("hubspot", existing=first.table)
    assert (again.added, again.updated, len(again.conflicts)) == (0, 0, 0)


def test_from_the_terminal_into_a_workbook(
    hubspot: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SMARKETING_HUBSPOT_TOKEN", TOKEN)
    live = crm.hubspot
    monkeypatch.setattr(
        crm,
        "hubspot",
        lambda token, **more: live(token, f"http://127.0.0.1:{hubspot.port}", **more),
    )
    book = app.make(tmp_path / "Sales.xlsm")
    before = book.read_bytes()
    command = ["import", str(book), "--from", "hubspot", "--yes"]
    looked = CliRunner().invoke(app.app, [*command, "--dry-run"])
    assert looked.exit_code == 0, looked.output
    assert "250 added" in looked.output
    assert book.read_bytes() == before
    for expected in ("250 added, 0 updated", "0 added, 0 updated, 0 conflicts"):
        done = CliRunner().invoke(app.app, command)
        assert expected in done.output
        assert TOKEN not in done.output
    with zipfile.ZipFile(book) as package:
        assert not any(TOKEN.encode() in package.read(part) for part in package.namelist())
    with opened(book, "file", save=False) as filled:
        assert len(read_table(filled, LEADS)) == 250


@pytest.mark.parametrize(("status", "words"), [(403, "token"), (429, "wait"), (500, "reached")])
def test_what_hubspot_refuses_is_said_without_the_token(
    status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("hubspot")
    monkeypatch.setattr(crm, "_TRIES", 0)
    server = Server(lambda path, query: (status, {"message": "no"}))
    try:
        with pytest.raises(BadData, match=words) as caught:
            crm.hubspot(TOKEN, f"http://127.0.0.1:{server.port}")
    finally:
        server.close()
    assert TOKEN not in str(caught.value)


def test_a_wrong_token_is_said_to_be_wrong(hubspot: Server) -> None:
    with pytest.raises(BadData, match="does not accept the token") as caught:
        crm.hubspot("another", f"http://127.0.0.1:{hubspot.port}")
    assert "another" not in str(caught.value)


def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hubspot")
    monkeypatch.setattr(crm, "_TRIES", 0)
    with pytest.raises(BadData, match="cannot be reached"):
        crm.hubspot(TOKEN, "http://127.0.0.1:9")


# --- Salesforce ---------------------------------------------------------------------------------


def lead(number: int) -> dict[str, Any]:
    return {
        "attributes": {"type": "Lead", "url": f"/services/data/v59.0/sobjects/Lead/00Q{number}"},
        "Id": f"00Q{number}",
        "CreatedDate": "2026-01-05T10:20:00.000+0000",
        "FirstName": "Ana",
        "LastName": f"Demo {number}",
        "Email": f"p{number}@example.com",
        "Company": "Lorem",
        "NumberOfEmployees": 12,
        "Owner": {"attributes": {"type": "User"}, "Name": "Ben Sample"},
        "Status": "Working - Contacted",
    }


def salesforce_answers(path: str, query: dict[str, list[str]]) -> Answer:
    if "q" in query:
        assert query["q"][0].startswith("SELECT Id, CreatedDate")
        rows = [lead(number) for number in range(200)]
        more = {"done": False, "nextRecordsUrl": "/services/data/v59.0/query/01g-200"}
        return 200, {"totalSize": 250, "records": rows, **more}
    assert path.endswith("/query/01g-200")
    rows = [lead(number) for number in range(200, 250)]
    return 200, {"totalSize": 250, "done": True, "records": rows}


@pytest.fixture
def salesforce(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    """Its address, over TLS, and a session that trusts it."""
    pytest.importorskip("simple_salesforce")
    requests = pytest.importorskip("requests")
    certificate = _certificate(tmp_path)
    server = Server(salesforce_answers, certificate)
    session = requests.Session()
    session.trust_env = False  # a bundle named in the environment would come before ours
    session.verify = str(certificate)
    yield f"https://localhost:{server.port}", session
    session.close()
    server.close()


def _certificate(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_every_page_of_salesforce_is_read(salesforce: tuple[str, Any]) -> None:
    url, session = salesforce
    frame = crm.salesforce(TOKEN, url, session).frame
    assert len(frame) == 250
    row = frame.row(249, named=True)
    assert (row["Lead ID"], row["Lead Owner"], row["Phone"]) == ("00Q249", "Ben Sample", None)


def test_leads_of_salesforce_become_ours(
    salesforce: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, session = salesforce
    monkeypatch.setenv("SMARKETING_SALESFORCE_TOKEN", TOKEN)
    monkeypatch.setenv("SMARKETING_SALESFORCE_URL", url)
    live = crm.salesforce
    monkeypatch.setattr(
        crm, "salesforce", lambda token, at, **more: live(token, at, session, **more)
    )
    row = prepare_live("salesforce").table.iloc[0]
    assert row[["lead_id", "name", "company", "owner", "status"]].tolist() == [
        "00Q0", "Ana Demo 0", "Lorem", "Ben Sample", "accepted",
    ]  # fmt: skip


def test_a_wrong_token_of_salesforce_is_said_to_be_wrong(salesforce: tuple[str, Any]) -> None:
    url, session = salesforce
    with pytest.raises(BadData, match="does not accept the token"):
        crm.salesforce("another", url, session)


def test_salesforce_is_never_asked_without_encryption() -> None:
    with pytest.raises(BadData, match="https"):
        crm.salesforce(TOKEN, "http://localhost:1")


# --- tokens -------------------------------------------------------------------------------------


def test_a_token_comes_from_the_keyring_if_not_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    class Kept(KeyringBackend):  # a keyring of the test's own: nobody's real one is asked
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return f"{service}/{username}"

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

        def delete_password(self, service: str, username: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    monkeypatch.delenv("SMARKETING_HUBSPOT_TOKEN", raising=False)
    keyring.set_keyring(Kept())
    try:
        name = "SMARKETING_HUBSPOT_TOKEN"
        assert crm.secret(name) == f"smarketing-xl/{name}"
        monkeypatch.setenv(name, "from-the-environment")
        assert crm.secret(name) == "from-the-environment"
    finally:
        keyring.set_keyring(before)


def test_without_a_token_it_is_said_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMARKETING_HUBSPOT_TOKEN", raising=False)
    monkeypatch.setattr(crm, "_from_keyring", lambda name: None)
    with pytest.raises(BadData, match="keyring set smarketing-xl SMARKETING_HUBSPOT_TOKEN"):
        crm.fetch("hubspot")


def test_pages_that_repeat_come_to_an_end() -> None:
    from types import SimpleNamespace

    again = SimpleNamespace(results=[1], paging=SimpleNamespace(next=SimpleNamespace(after="5")))
    with pytest.raises(BadData, match="does not answer as expected"), crm._answered("HubSpot"):
        list(crm._pages(lambda **_wanted: again))


def test_the_session_of_salesforce_waits_a_while_and_follows_nobody() -> None:

    session = crm._careful_session()
    assert session.max_redirects == 0
    with pytest.raises(OSError):  # refused at once: nobody listens there
        session.get("https://127.0.0.1:9")
