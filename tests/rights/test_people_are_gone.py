"""Erased and anonymised: every byte of every part is searched for what was of the person.

People are made by hypothesis and planted wherever a workbook can hold them: tables, the journal, a
mapping that it keeps, notes, a sheet of one's own, texts that no cell shows any more, the cache of
a pivot table, links, filters, properties of the document, and what a picture carries.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import itertools
import json
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smarketing_xl import actions
from smarketing_xl.book.kept_texts import keep_text
from smarketing_xl.book.read import find_table, raw_frame, read_table
from smarketing_xl.cli import app
from smarketing_xl.errors import NotEnoughData, WorkbookError
from smarketing_xl.hosts import opened
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.rights import operations
from smarketing_xl.schema import tables

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Made:
    first: str
    last: str
    digits: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def mail(self) -> str:
        return f"{_ascii(self.first)}.{_ascii(self.last)}@{_ascii(self.last)}.example".lower()

    @property
    def phone(self) -> str:
        return f"+507 {self.digits[:4]}-{self.digits[4:]}"

    def traces(self) -> list[str]:
        """Everything that must not be found: whole, in parts, and hashed."""
        whole = [self.name, self.mail, self.phone, self.digits, "507" + self.digits]
        mails = [self.mail, f"{self.first}.{self.last}".lower()]
        phones = ["+507" + self.digits, "507" + self.digits]
        hashes = [
            hashlib.new(how, text.encode()).hexdigest()
            for how in ("sha256", "md5", "sha1")
            for text in (*mails[:1], *phones)
        ]
        return [*whole, *mails, self.first, self.last, _ascii(self.first), *hashes]


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii())


_part = st.text("bcdfgjkqvwxzáéíóúñü", min_size=6, max_size=10).map(str.capitalize)
_people = st.lists(
    st.builds(Made, _part, _part, st.from_regex(r"6[1-9]{7}", fullmatch=True)),
    min_size=3,
    max_size=3,
    unique_by=(lambda made: made.first, lambda made: made.last, lambda made: made.digits),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return app.make(tmp_path_factory.mktemp("made") / "Empty.xlsm")


def workbook(folder: Path, template: Path, people: list[Made]) -> Path:
    """A workbook of three people, the first of whom is everywhere."""
    who = people[0]
    path = folder / "Sales.xlsm"
    path.write_bytes(template.read_bytes())
    rows = [
        {
            "Lead ID": f"LD-{number:04}", "Created": "2024-03-01 10:00", "Name": made.name,
            "E-mail": made.mail, "Phone": made.phone, "Company": f"{made.last} & Co",
            "Owner": "Evaristo Wunderlich", "Status": "Lost", "Closed": "2024-04-01",
            "Revenue": 100 * number, "Campaign": "Spring", "Remark": f"{made.first} likes tea",
        }
        for number, made in enumerate([*people, people[0]], 1)
    ]  # fmt: skip
    leads = folder / "leads.csv"
    pd.DataFrame(rows).to_csv(leads, index=False)
    deals = folder / "deals.csv"
    pd.DataFrame(
        {"Deal ID": ["D-1"], "Name": [f"Tea for {who.name}"], "E-mail": [who.mail],
         "Amount": [700], "Status": ["Won"], "Closed": ["2024-04-02"]}
    ).to_csv(deals, index=False)  # fmt: skip
    calls = folder / "calls.csv"
    pd.DataFrame(
        {"Lead ID": ["LD-0001", "LD-0002"], "Time": ["2024-03-02 10:00"] * 2,
         "Channel": ["Referral", "Search"], "Text": [f"{who.first}: hello", "hi"]}
    ).to_csv(calls, index=False)  # fmt: skip
    with opened(path, "file") as book:
        actions.import_file(book, leads, "leads")
        actions.import_file(book, deals, "deals")
        actions.import_file(book, calls, "interactions")
        actions.find_duplicates(book)
        keep_text(book, "chats.toml", f'[leads]\n"{who.name}" = "LD-0001"\n')
        book.sheets[0].range("B40").value = f"Ask {who.last}, {who.first} ({who.digits}) again"
        row = find_table(book, tables.LEADS).top + 1
    plant(path, who, row)
    return path


def plant(path: Path, who: Made, row: int) -> None:
    """What Excel adds to a file by and by."""
    package = Package.read_file(path)
    shared = "xl/sharedStrings.xml"
    texts = package.read(shared).decode()
    runs = f"<si><r><t>{who.first} </t></r><r><t>{who.last}</t></r></si>"
    orphan = f"<si><t>{who.first} likes tea</t></si>"
    parts = {shared: texts.replace("</sst>", f"{runs}{orphan}</sst>")}
    notes = next(iter(package.related(_sheet(package, "Leads"), "comments").values()))
    said = f"<text><t>{who.first} is on leave</t></text>"
    note = f'<comment ref="C{row}" authorId="0">{said}</comment>'
    parts[notes] = package.read(notes).decode().replace("</commentList>", note + "</commentList>")
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'<pivotCacheDefinition xmlns="{MAIN}"><cacheFields count="1"><cacheField name="Name">'
        f'<sharedItems><s v="{who.name}"/><s v="{who.first} likes tea"/></sharedItems>'
        "</cacheField></cacheFields></pivotCacheDefinition>"
    )
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    parts["xl/worksheets/_rels/sheet99.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{link}" TargetMode="External" '
        f'Target="mailto:{who.mail}"/></Relationships>'
    )
    parts["xl/charts/chart99.xml"] = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f"<c:v>{who.name}</c:v></c:chartSpace>"
    )
    binary = {
        "xl/media/image99.jpeg": b"\xff\xd8\xff\xe1\x00\x40Exif\0\0"
        + who.name.encode().ljust(56, b"\0")
        + b"\xff\xda\x00\x02..\xff\xd9",
        "xl/media/image98.png": b"\x89PNG\r\n\x1a\n"
        + _chunk(b"tEXt", b"Author\0" + who.name.encode()),
    }
    out = io.BytesIO()
    package.write(out, {name: text.encode() for name, text in parts.items()} | binary)
    path.write_bytes(out.getvalue())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def _sheet(package: Package, name: str) -> str:
    from smarketing_xl.hosts.file.parts.workbook_xml import WorkbookXml

    return next(sheet.part for sheet in WorkbookXml(package).sheets if sheet.name == name)


def every_text(path: Path) -> dict[str, str]:
    """All that a file holds, part by part, packed texts of the journal unpacked; lower case."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            text = unescape(data.decode("utf-8", "replace"))
            text += data.decode("utf-16-le", "replace")
            for packed in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", text):
                raw = base64.b64decode(packed[: len(packed) // 4 * 4])
                text += raw.decode("utf-8", "replace")
                try:
                    text += zlib.decompress(raw).decode("utf-8", "replace")
                except zlib.error:
                    continue
            found[name] = (text + "".join(re.findall("<t[^>]*>([^<]*)</t>", text))).lower()
    return found


def found_in(path: Path, who: Made) -> set[tuple[str, str]]:
    texts = every_text(path)
    return {
        (part, trace)
        for part, trace in itertools.product(texts, who.traces())
        if trace.lower() in texts[part]
    }


_quickly = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],  # a workbook each: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_quickly
@given(people=_people)
def test_no_byte_of_an_erased_person_is_left_and_nobody_else_goes(
    people: list[Made], template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("erase")
    path = workbook(folder, template, people)
    parts = {part for part, _trace in found_in(path, people[0])}
    assert {"xl/sharedStrings.xml", "xl/pivotCache/pivotCacheDefinition1.xml"} < parts
    shown = operations.show(path, people[0].phone)
    assert any("likes tea" in note for note in shown.notes)
    operations.export(path, people[0].mail, folder / "her.json")
    kept = json.loads((folder / "her.json").read_text("utf-8"))
    assert [len(kept["records"][sheet]) for sheet in ("Leads", "Deals", "Interactions")] == [
        2,
        1,
        1,
    ]
    before = _counts(path)
    summary = operations.erase(path, people[0].mail)
    assert people[0].name not in str(summary)
    assert found_in(path, people[0]) == set()
    assert _counts(path) == before
    assert {part for part, _trace in found_in(path, people[1])}  # the others stay
    with opened(path, "file", save=False) as book, pytest.raises(NotEnoughData):
        actions.undo(book)
    with pytest.raises(NotEnoughData):
        operations.show(path, people[0].mail)


@_quickly
@given(people=_people)
def test_nobody_is_in_an_anonymous_workbook_and_every_number_is_the_same(
    people: list[Made], template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("anonymise")
    path = workbook(folder, template, people)
    before = path.read_bytes()
    operations.anonymise(path, folder / "Agency.xlsm")
    assert path.read_bytes() == before
    for who in people:
        assert found_in(folder / "Agency.xlsm", who) == set()
    texts = every_text(folder / "Agency.xlsm")
    assert not [part for part, text in texts.items() if "wunderlich" in text or "ld-0001" in text]
    assert _counts(folder / "Agency.xlsm") == _counts(path)


def _counts(path: Path) -> list[object]:
    """What must not change: how many rows, their dates, money and states; credits and customers."""
    with opened(path, "file", save=False) as book:
        leads = read_table(book, tables.LEADS)
        calls = read_table(book, tables.INTERACTIONS)
        actions.attribution(book, now=dt.datetime(2024, 5, 1))
        credits = raw_frame(find_table(book, tables.ATTRIBUTION))
        outcomes = raw_frame(find_table(book, tables.OUTCOMES)).drop(columns="owner")
        return [
            *leads[["created", "status", "closed", "revenue", "campaign"]].values.tolist(),
            leads["duplicate_of"].notna().sum(),
            calls["time"].tolist(),
            credits.astype(str).values.tolist(),
            outcomes.astype(str).values.tolist(),
        ]


MADE = [Made("Xiqöwé", "Bvzkñá", "61234567"), Made("Zwuxic", "Fjkqvd", "62345678"),
        Made("Qvwxbo", "Gjxzwé", "63456789")]  # fmt: skip


def test_what_cannot_be_changed_is_named_and_nothing_is_written(
    template: Path, tmp_path: Path
) -> None:
    path = workbook(tmp_path, template, MADE)
    package = Package.read_file(path)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("word/document.xml", f"<t>{MADE[0].name}</t>")
    out = io.BytesIO()
    package.write(out, {"xl/embeddings/letter.docx": inner.getvalue()})
    path.write_bytes(out.getvalue())
    with pytest.raises(WorkbookError, match=r"letter\.docx"):
        operations.erase(path, MADE[0].mail)
    assert path.read_bytes() == out.getvalue()


def test_a_telephone_of_several_people_asks_which_and_nobody_is_said(
    template: Path, tmp_path: Path
) -> None:
    shared = [MADE[0], Made("Zwuxic", "Fjkqvd", "61234567"), MADE[2]]
    path = workbook(tmp_path, template, shared)
    with pytest.raises(NotEnoughData, match="LD-0001, LD-0002"):
        operations.show(path, "6123 4567")
    with pytest.raises(NotEnoughData, match="Nobody"):
        operations.show(path, "nobody@firma.example")
    assert len(operations.show(path, "LD-0002").notes) >= 1


def test_old_leads_become_anonymous_but_not_those_who_bought_or_are_still_open(
    template: Path, tmp_path: Path
) -> None:
    path = workbook(tmp_path, template, MADE)
    with opened(path, "file") as book:
        place = find_table(book, tables.LEADS)
        place.block(2, place.offsets["status"], 1, 1).value = "New"
    assert operations.count_past(path, 12) == 3  # the first twice, and the second
    operations.retain(path, 12)
    assert operations.count_past(path, 12) == 0
    assert found_in(path, MADE[0]) == found_in(path, MADE[1]) == set()
    assert {part for part, _trace in found_in(path, MADE[2])}


def test_what_conflicts_keep_of_a_person_is_shown_and_erased(tmp_path: Path) -> None:
    path = app.make(tmp_path / "Sales.xlsm")
    with opened(path, "file") as book:
        for owner in ("Eva", "Luis"):
            data = tmp_path / "leads.csv"
            data.write_text(
                f"Lead ID,Name,Owner\nLD-7,Ana Ríos,{owner}\nLD-8,Bo Paz,Eva\n", "utf-8"
            )
            actions.import_file(book, data, "leads")
    with opened(path, "file", save=False) as book:
        (kept,) = read_table(book, tables.CONFLICTS, checked=())["row_id"]
    assert kept == "LD-7"
    operations.anonymise(path, tmp_path / "Agency.xlsm")
    with opened(tmp_path / "Agency.xlsm", "file", save=False) as book:
        assert raw_frame(find_table(book, tables.CONFLICTS)).dropna(how="all").empty
    (said,) = [note for note in operations.show(path, "LD-7").notes if note.startswith("Conflicts")]
    assert "LD-7" in said and "Luis" in said
    assert not [
        note for note in operations.show(path, "LD-8").notes if note.startswith("Conflicts")
    ]
    operations.erase(path, "LD-7")
    with opened(path, "file", save=False) as book:
        assert read_table(book, tables.CONFLICTS, checked=()).empty
