"""The first ten minutes, at a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from smarketing_xl import actions
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import LANGUAGES, Language, translate
from smarketing_xl.sample import AS_OF
from smarketing_xl.schema import tables
from smarketing_xl.schema.steps import STEPS
from tests.meeting.ten_minutes import (
    GOALS,
    PROMISES,
    call_soon,
    describe,
    exported,
    follow,
    said_by_home,
    type_in,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_leads_from_nothing_to_the_review(language: Language, tmp_path: Path) -> None:
    agreement, review = tmp_path / "Agreement.pdf", tmp_path / "Review.pdf"

    def bring(kind: Any) -> Callable[[Any], object]:
        return partial(actions.import_file, path=exported(kind, tmp_path), kind=kind)

    done: dict[str, Callable[[Any], object]] = {
        "leads": bring("leads"),
        "goals": partial(type_in, names=GOALS),
        "plan": partial(actions.plan, now=AS_OF),
        "personas": describe,
        "score": partial(actions.score, now=AS_OF),
        "promises": partial(type_in, names=PROMISES),
        "hours": call_soon,
        "sla": partial(actions.sla, now=AS_OF),
        "agreement": partial(actions.agreement_pdf, path=agreement),
        "spend": bring("spend"),
        "attribution": partial(actions.attribution, now=AS_OF),
    }

    def as_status_says(step: Callable[[Any], object], book: Any) -> None:
        told = actions.status(book)
        assert told.what.endswith(said_by_home(book))
        assert told.table is not None and len(told.table) <= len(STEPS)  # nothing scored: not again
        step(book)

    with opened(make(tmp_path / "New.xlsm", language), "file") as book:
        actions.begin(book)
        steps = {key: partial(as_status_says, step) for key, step in done.items()}
        assert follow(book, language, steps) == list(done)  # no sales: the leads say who bought
        leads = read.find_table(book, tables.LEADS)
        leads.block(0, leads.offsets["rule_grade"], 1, 1).value = None  # as one imported since
        (again,) = (translate(step.text, language) for step in STEPS if step.key == "score_again")
        assert said_by_home(book) == again
        assert actions.status(book).what.endswith(again)
        actions.review_pdf(book, review, now=AS_OF)
    assert agreement.read_bytes()[:4] == review.read_bytes()[:4] == b"%PDF"
