"""The first ten minutes, in a live LibreOffice: typed into cells, and clicked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import Language
from smarketing_xl.sample import AS_OF
from tests.hosts.calc.live import click
from tests.meeting.ten_minutes import (
    GOALS,
    PROMISES,
    call_soon,
    describe,
    exported,
    follow,
    type_in,
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_home_leads_from_nothing_to_the_review(
    app: xw.App, language: Language, tmp_path: Path
) -> None:
    agreement, review = tmp_path / "Agreement.pdf", tmp_path / "Review.pdf"

    def press(name: str, *given: object) -> Callable[[Any], object]:
        return partial(click_once, name=name, given=tuple(map(str, given)))

    done: dict[str, Callable[[Any], object]] = {
        "leads": press("import_leads", exported("leads", tmp_path)),
        "goals": partial(type_in, names=GOALS),
        "plan": press("plan"),
        "personas": describe,
        "score": press("score"),
        "promises": promise,
        "hours": call_soon,
        "sla": press("sla"),
        "agreement": press("agreement_pdf", agreement),
        "spend": press("import_spend", exported("spend", tmp_path)),
        "attribution": press("attribution"),
    }
    path = make(tmp_path / "New.xlsm", language)
    with opened(path, "file") as made:
        actions.begin(made)
    book = app.books.open(str(path))
    try:
        assert follow(book, language, done) == list(done)
        click(book, "review_pdf", str(review))
    finally:
        book.close()
    assert agreement.read_bytes()[:4] == review.read_bytes()[:4] == b"%PDF"


def click_once(book: xw.Book, name: str, given: tuple[str, ...]) -> None:
    click(book, name, *given)


def promise(book: xw.Book) -> None:
    """As on the day on which the sample ends."""
    type_in(book, PROMISES)
    read.named_range(book, "report_date").value = AS_OF
