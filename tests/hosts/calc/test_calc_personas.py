"""A persona learned, adopted and scored in a live LibreOffice, and what Review then shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.schema import tables
from tests.hosts.calc.test_calc_buttons import click

NOW = dt.datetime(2026, 10, 15, 12)


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_sales_history_to_the_charts(app: xw.App, tmp_path: Path, language: str) -> None:
    book = app.books.open(str(make(tmp_path / "personas.xlsm", language)))  # type: ignore[arg-type]
    for kind in ("leads", "customers"):
        actions.import_file(book, sample.path(kind), kind)
    actions.learn(book, now=NOW)
    proposed = read.read_table(book, tables.PROPOSAL)
    ticked = proposed[proposed["take"].astype(bool)]
    assert len(ticked) >= 3
    before = len(read.read_table(book, tables.PERSONAS))
    click(book, "adopt")
    agreed = read.read_table(book, tables.PERSONAS)
    assert agreed["attribute"].tolist()[before:] == ticked["attribute"].tolist()
    assert actions.adopt(book).rows == 0
    actions.score(book, now=NOW)
    leads = read.read_table(book, tables.LEADS, checked=())
    assert set(leads["persona"].dropna()) > {ticked["persona"].iloc[0]}
    review = {"en": "Review", "es": "Seguimiento"}[language]
    shown = [str(cell) for cell in book.sheets[review].range("A1:A150").value if cell]
    assert read.read_table(book, tables.PERSONA_MODELS)["said"].iloc[0] in shown
    book.close()
