"""Agreement and review on paper: made by LibreOffice's own export, from the buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.schema import tables
from tests.hosts.calc.test_calc_buttons import click
from tests.meeting.script import few

NOW = dt.datetime(2026, 10, 15, 12)


@pytest.fixture(scope="module", params=["en", "es"])
def book(
    request: pytest.FixtureRequest, app: xw.App, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[xw.Book]:
    folder = tmp_path_factory.mktemp("papers")
    opened = app.books.open(str(make(folder / "papers.xlsm", request.param)))
    data = few(folder)
    for kind in ("leads", "interactions"):
        actions.import_file(opened, data[kind], kind)
    actions.score(opened, now=NOW)
    read.named_range(opened, "report_date").value = sample.AS_OF
    yield opened
    opened.close()


def by_libreoffice(path: Path) -> bool:
    data = path.read_bytes()
    maker = "LibreOffice".encode("utf-16-be").hex().upper().encode()
    return data.startswith(b"%PDF") and maker in data


@pytest.mark.parametrize("name", ["agreement_pdf", "review_pdf"])
def test_a_paper_is_made_by_the_office_itself(book: xw.Book, name: str, tmp_path: Path) -> None:
    books = len(book.app.books)
    said = click(book, name, str(tmp_path / "paper.pdf"))
    assert by_libreoffice(tmp_path / "paper.pdf"), said
    assert len(book.app.books) == books


def test_the_second_agreement_says_what_changed(book: xw.Book, tmp_path: Path) -> None:
    actions.agreement_pdf(book, tmp_path / "first.pdf")
    read.named_range(book, "sla_leads").value = 1_180
    notes = actions.agreement_pdf(book, tmp_path / "second.pdf").notes
    shown = {"en": "Leads per month: 167 → 1,180", "es": "Leads al mes: 167 → 1,180"}
    assert notes[1:] == (shown[read.language(book)],)
    kept = read.read_table(book, tables.LOG)["inputs"]
    assert kept.str.startswith("agreement = ").sum() >= 2
