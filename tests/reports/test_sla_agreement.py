"""The agreement to sign, what changed since, and the review of a month; as text and as PDF."""

import datetime as dt
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import sample
from smarketing_xl.errors import BadData
from smarketing_xl.i18n import LANGUAGES, paying_in, speaking
from smarketing_xl.personas.criteria import read_personas
from smarketing_xl.personas.grades import read_grades
from smarketing_xl.reports import pdf
from smarketing_xl.reports.document import (
    Document,
    Section,
    clock,
    number,
    share,
)
from smarketing_xl.reports.monthly_review import build_review
from smarketing_xl.reports.sla_agreement import Agreement, agreement_document
from smarketing_xl.reports.sla_versions import (
    Change,
    differences,
    facts,
    signed,
    was_signed,
)
from smarketing_xl.sla.terms import Terms

GRADES = tuple(read_grades(sample.grades()))
TERMS = Terms(
    sla_leads=160,
    sla_qualified=60,
    sla_attempts=4,
    sla_attempt_days=10,
    sla_decide_days=5,
    office_open=9.5,
    holiday_country="ES",
    agreed_from=dt.date(2026, 1, 1),
    agreed_to=dt.date(2026, 12, 31),
    first_contact_hours={"A": 4.0, "B": 8.0},
)
AGREEMENT = Agreement(
    TERMS,
    tuple(read_personas(sample.personas())),
    GRADES,
    {"Visitor": 0.025, "Lead": 0.15, "Customer": None},
    1_800_000,
    6_000,
    0.15,
    "Ejemplo & Demo <S.L.>",
    "Alba Ejemplez",
    "",
)


def said(what: Document) -> str:
    parts = [what.title, what.subtitle]
    for section in what.sections:
        parts += [section.title, *section.paragraphs, *section.header]
        parts += [cell for row in section.rows for cell in row]
    return "\n".join(parts)


def test_the_agreement_says_every_term():
    text = said(agreement_document(AGREEMENT))
    for expected in (
        "Valid from 2026-01-01 to 2026-12-31.",
        "A lead is qualified when its grade is one of: A, B.",
        "Office hours are from 09:30 to 18:00, Monday to Friday.",
        "Public holidays of Spain do not count.",
        "within 4 office hours",
        "4 within 10 working days",
        "144,000",  # 160 leads x 15 % x 6,000
        "2.5 %",
    ):
        assert expected in text


def test_what_is_not_promised_is_not_written():
    text = said(agreement_document(replace(AGREEMENT, terms=Terms(office_days=(1, 3, 6)))))
    assert "working days" not in text
    assert "Monday, Wednesday, Saturday" in text
    assert "Valid from" not in text


def test_a_signed_version_is_kept_as_a_line_and_read_back():
    line = signed(AGREEMENT)
    assert "\n" not in line
    assert was_signed(line) == facts(AGREEMENT)
    assert differences(was_signed(line), facts(AGREEMENT)) == []


@pytest.mark.parametrize("line", ["", "as of = 2026", "[1, 2]"])
def test_other_lines_are_no_agreement(line):
    with pytest.raises(BadData, match="not a signed agreement"):
        was_signed(line)


def test_changes_are_named():
    grades = (replace(GRADES[0], first_contact_hours=2.0), *GRADES[1:])
    after = replace(
        AGREEMENT,
        terms=replace(TERMS, sla_leads=180),
        grades=grades,
        stages={"Visitor": 0.03, "Customer": None},
        personas=AGREEMENT.personas[1:],
    )
    found = differences(facts(AGREEMENT), facts(after))
    assert Change("Leads per month", 160, 180) in found
    assert Change("Grade A: hours to first contact", 4.0, 2.0) in found
    assert Change("Stage Visitor: conversion to the next", 0.025, 0.03, share=True) in found
    assert Change("Stage Lead: conversion to the next", 0.15, None, share=True) in found
    gone = [change for change in found if "Clinic manager" in change.what]
    assert len(gone) == len(AGREEMENT.personas[0].criteria)
    assert all(change.after is None for change in gone)


@pytest.fixture(scope="module")
def frames():
    frames = sample.generate(leads=400)
    leads = frames["leads"]
    grade = pd.Series(["A", "B", "C", "D"] * 100, index=leads.index)
    leads = leads.assign(grade=grade, qualified=grade.isin(["A", "B"]))
    return leads, frames["interactions"]


def test_the_review_says_five_sentences_that_the_data_bear_out(frames):
    leads, interactions = frames
    pack = build_review(leads, interactions, TERMS, sample.AS_OF)
    sentences = pack.sections[0].paragraphs
    assert len(sentences) == 5
    october = leads["created"] >= "2026-10-01"
    assert f"delivered {october.sum()} leads" in sentences[0]
    assert f"and {(october & leads['qualified']).sum()} qualified" in sentences[0]
    won = leads[(leads["status"] == "won") & (leads["closed"] >= "2026-10-01")]
    assert f"{len(won)} became customers this month, worth {won['revenue'].sum():,.0f}" in said(
        pack
    )


def test_a_month_that_is_over_is_compared_with_the_one_before(frames):
    pack = build_review(*frames, TERMS, sample.AS_OF, dt.date(2026, 9, 10))
    assert pack.title == "Review of September 2026"
    assert pack.sections[0].paragraphs[1].startswith("The month before brought")


def test_a_month_without_anything(frames):
    leads, interactions = (frame.iloc[:0] for frame in frames)
    pack = build_review(leads, interactions, TERMS, "2026-10-15")
    text = said(pack)
    assert "No lead is late." in text
    assert "Nobody waits." in text
    assert pdf.render(pack).startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdfs_in_both_languages_are_the_same_every_time(frames, language):
    with speaking(language):
        for made in (agreement_document(AGREEMENT), build_review(*frames, TERMS, sample.AS_OF)):
            first = pdf.render(made)
            assert first.startswith(b"%PDF")
            assert first == pdf.render(made)


def test_a_table_longer_than_a_page_and_words_longer_than_a_line():
    rows = tuple((f"row {at}", "x" * 150, "–") for at in range(120))
    made = Document("Long", "", (Section("Rows", header=("a", "b", "c"), rows=rows),))
    assert pdf.render(made).startswith(b"%PDF")


def test_numbers_as_each_language_writes_them():
    assert (number(1234567.891, 2), share(0.125), clock(9.5)) == ("1,234,567.89", "12.5 %", "09:30")
    with speaking("es"):
        assert (number(1234567.891, 2), share(0.125)) == ("1,234,567.89", "12.5 %")


def test_amounts_name_the_currency_of_the_workbook() -> None:
    with paying_in("USD"):
        assert "USD\N{NO-BREAK SPACE}1,800,000" in said(agreement_document(AGREEMENT))
    with paying_in("B/."):
        assert "B/.900" in said(agreement_document(AGREEMENT))
    assert "1,800,000" in said(agreement_document(AGREEMENT)).split("\n")


@pytest.mark.parametrize("months", [1, 5, 9, 12])
def test_signatures_stand_on_the_page_of_what_is_signed(tmp_path: Path, months: int) -> None:
    leads = {dt.date(2026, month, 1): 100.0 for month in range(1, months + 1)}
    agreement = replace(
        AGREEMENT, terms=replace(TERMS, by_month=leads), personas=AGREEMENT.personas * 2
    )
    paper = tmp_path / "agreement.pdf"
    paper.write_bytes(pdf.render(agreement_document(agreement)))
    text = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True)
    pages = text.stdout.split("\f")
    [signed] = [page for page in pages if "Date and signature" in page]
    assert "8. Review and changes" in signed
    for page in filter(None, pages):  # no heading at the foot of a page
        last = [line for line in page.split("\n") if line][-3]
        assert not re.match(r"\d\. ", last), page
