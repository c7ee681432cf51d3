"""A workbook made in one language, with colleagues who work in the other."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.i18n import (
    LANGUAGES,
    Language,
    speaking,
    translate,
)
from smarketing_xl.sample import settings
from smarketing_xl.schema import tables
from smarketing_xl.schema.tables import STATUS
from tests.meeting.hands import FileHands
from tests.meeting.script import NOW, few
from workbook import catalogue
from workbook.layout.lists import TITLES


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_the_other_language_are_understood_and_kept(
    tmp_path: Path, language: Language
) -> None:
    other: Language = "es" if language == "en" else "en"
    hands = FileHands(make(tmp_path / "book.xlsm", language))
    with speaking(other):  # whoever sits there speaks the other language
        actions.import_file(hands.book, few(tmp_path)["leads"], "leads")
        hands.type(tables.LEADS, 0, "status", translate(STATUS.labels["won"], other))
        actions.score(hands.book, now=NOW)
        summary = actions.sla(hands.book, now=NOW)
    assert read.read_table(hands.book, tables.LEADS)["status"].iloc[0] == "won"
    hands.check("typed in the other language")
    assert summary.what == translate("SLA updated", language)
    states = tables.SLA_STATUSES.shown(language).values()
    assert set(hands.cells(tables.LEADS, "sla_status")) <= {*states, None}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_workbook_of_another_language_holds_no_english_label(
    tmp_path: Path, language: Language
) -> None:
    hands = FileHands(make(tmp_path / "book.xlsm", language))
    for kind, path in few(tmp_path).items():
        actions.import_file(hands.book, path, kind)
    actions.refresh(hands.book, now=NOW)
    hands.book.save()
    known = {
        text: shown
        for file in catalogue.FILES
        if f"/{language}/" in file.as_posix()
        for each in catalogue.messages(catalogue.read(file))
        for text, shown in zip(catalogue.asked(each), catalogue.forms(each), strict=True)
    }
    english = {text for text, shown in known.items() if shown and shown != text}
    given = [pd.read_csv(path, dtype=str).stack() for path in few(tmp_path).values()]
    data = {*pd.concat(given).unique()}
    data |= {*settings.personas()["value"]}  # what the sample's leads hold
    hidden = {hands.place(tables.JOURNAL).sheet.name, "xlwings.conf"}
    shown = {
        (sheet.name, str(cell))
        for sheet in hands.book.sheets
        if sheet.name not in hidden
        for row in sheet.used_range.options(ndim=2).value
        for cell in row
        if isinstance(cell, str)
    }
    assert {(sheet, text) for sheet, text in shown if text in english - data} == set()
    with zipfile.ZipFile(hands.path) as file:
        charts = [file.read(name).decode() for name in file.namelist() if "/charts/" in name]
    titles = {text for text in english if len(text) > 8 for xml in charts if f">{text}<" in xml}
    assert titles == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_are_headed_in_the_language_and_known_by_their_names(
    tmp_path: Path, language: Language
) -> None:
    hands = FileHands(make(tmp_path / "book.xlsm", language))
    for choices in tables.CHOICES:
        entries = hands.book.names[choices.name].refers_to_range
        title = entries.sheet[entries.row - 2, entries.column - 1].value
        assert title == translate(TITLES[choices.name], language)
        assert entries.value == list(choices.shown(language).values())


@pytest.mark.parametrize(("language", "said"), [("en", "2,345 leads."), ("es", "2,345 leads.")])
def test_sentences_count_as_the_language_writes_numbers(
    tmp_path: Path, language: Language, said: str
) -> None:
    path = make(tmp_path / "book.xlsm", language)
    leads = tmp_path / "leads.csv"
    leads.write_text("Lead ID,Name\n" + "".join(f"L{n},Ana\n" for n in range(2_345)))
    hands = FileHands(path)
    actions.import_file(hands.book, leads, "leads")
    sheet = hands.place(tables.LEADS).sheet
    assert str(sheet["A3"].value).startswith(said)


@pytest.mark.parametrize(
    ("language", "home", "leads"),
    [
        ("en", "1 lead to score", "1 lead. "),
        ("es", "1 lead por puntuar", "1 lead. "),
        ("pt", "1 lead a pontuar", "1 lead. "),
    ],
)
def test_sentences_say_of_one_what_is_said_of_one(
    tmp_path: Path, language: Language, home: str, leads: str
) -> None:
    path = make(tmp_path / "book.xlsm", language)
    data = {"leads": "Lead ID,Name\nL1,Ana\n", "customers": "Customer ID,Name\nC1,Ana\n"}
    hands = FileHands(path)
    actions.begin(hands.book, "clinic")
    for kind, text in data.items():
        (tmp_path / f"{kind}.csv").write_text(text)
        actions.import_file(hands.book, tmp_path / f"{kind}.csv", kind)  # type: ignore[arg-type]
    assert str(hands.place(tables.LEADS).sheet["A3"].value).startswith(leads)
    customers = str(hands.place(tables.CUSTOMERS).sheet["A3"].value)
    assert customers.startswith(("1 customer. ", "1 cliente. "))
    first = hands.book.sheets[0]
    shown = {str(cell) for row in first["A1:H40"].value for cell in row}
    assert home in shown


@pytest.mark.parametrize(
    ("formula", "english", "spanish"),
    [
        ("=FIXED(1234.5,1)", "1,234.5", "1,234.5"),
        ("=FIXED(1234.5,1,TRUE)", "1234.5", "1234.5"),
        ("=FIXED(2.5,0)", "3", "3"),
        ("=FIXED(11149,-2)", "11,100", "11,100"),
        ("=FIXED(7)", "7.00", "7.00"),
    ],
)
def test_a_number_in_a_text_has_the_separators_of_the_language(
    tmp_path: Path, formula: str, english: str, spanish: str
) -> None:
    for language, shown in (("en", english), ("es", spanish)):
        hands = FileHands(make(tmp_path / f"{language}.xlsm", language))
        cell = hands.book.sheets[0]["Z99"]
        cell.formula = formula
        assert cell.value == shown
