"""The first ten minutes: from an empty workbook to a review, doing only what Home says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import LANGUAGES, Language, translate
from smarketing_xl.sample import AS_OF
from smarketing_xl.sample.gallery import GALLERY
from smarketing_xl.schema import tables
from smarketing_xl.schema.steps import LAST, STEPS

NUMBERS = GALLERY["agency"].numbers


def said_by_home(book: Any) -> str:
    """What stands beside Do this next."""
    return str(book.sheets[0].range("C4").value)


def type_in(book: Any, names: set[str]) -> None:
    given = NUMBERS | {"first_month": AS_OF.replace(month=1, day=1, hour=0)}
    for name in names:
        read.named_range(book, name).value = given[name]


def describe(book: Any) -> None:
    """A first criterion, typed under the headers."""
    spoken: Language = read.language(book)
    words = [translate(text, spoken) for text in ("Job title", "contains", "No")]
    row = ["Gerente", words[0], words[1], "Manager", 25, words[2]]
    read.find_table(book, tables.PERSONAS).block(0, 0, 1, 6).value = [row]


def brought(kind: Any, folder: Path) -> Callable[[Any], object]:
    """Some rows of the sample, as a CRM exports them."""
    path = folder / f"{kind}.csv"
    lines = sample.path(kind).read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:200]) + "\n", "utf-8")
    return partial(actions.import_file, path=path, kind=kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_leads_from_nothing_to_the_review(language: Language, tmp_path: Path) -> None:
    agreement, review = tmp_path / "Agreement.pdf", tmp_path / "Review.pdf"
    goals = {"last_year_sales", "growth_target", "avg_revenue", "typed_rate", "cycle_days"}
    promises = {"sla_qualified", "sla_attempts", "sla_attempt_days", "sla_decide_days"}
    done: dict[str, Callable[[Any], object]] = {
        "leads": brought("leads", tmp_path),
        "sales": brought("customers", tmp_path),
        "goals": partial(type_in, names=goals | {"first_month", "past_leads", "past_won"}),
        "plan": partial(actions.plan, now=AS_OF),
        "personas": describe,
        "score": partial(actions.score, now=AS_OF),
        "promises": partial(type_in, names=promises),
        "sla": partial(actions.sla, now=AS_OF),
        "agreement": partial(actions.agreement_pdf, path=agreement),
        "spend": brought("spend", tmp_path),
        "attribution": partial(actions.attribution, now=AS_OF),
    }
    texts = {step.key: translate(step.text, language) for step in STEPS}
    with opened(make(tmp_path / "New.xlsm", language), "file") as book:
        actions.begin(book)
        followed = []
        while (told := said_by_home(book)) != translate(LAST.text, language):
            assert actions.status(book).what.endswith(told)
            (key,) = (key for key, text in texts.items() if text == told)
            done[key](book)
            followed.append(key)
            assert len(followed) <= len(done)
        assert followed == [key for key in done if key != "sales"]  # the leads say who bought
        leads = read.find_table(book, tables.LEADS)
        leads.block(0, leads.offsets["rule_grade"], 1, 1).value = None  # as one imported since
        assert said_by_home(book) == texts["score_again"]
        assert actions.status(book).what.endswith(texts["score_again"])
        actions.review_pdf(book, review, now=AS_OF)
    assert agreement.read_bytes()[:4] == review.read_bytes()[:4] == b"%PDF"
