"""The first ten minutes: from an empty workbook to a review, doing only what Home says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from smarketing_xl import sample
from smarketing_xl.book import read
from smarketing_xl.i18n import Language, translate
from smarketing_xl.sample import AS_OF
from smarketing_xl.sample.gallery import GALLERY
from smarketing_xl.schema import tables
from smarketing_xl.schema.steps import STEPS

NUMBERS = GALLERY["agency"].numbers
GOALS = {
    "last_year_sales", "growth_target", "avg_revenue", "typed_rate", "cycle_days", "first_month",
    "past_leads", "past_won",
}  # fmt: skip
PROMISES = {"sla_qualified", "sla_attempts", "sla_attempt_days", "sla_decide_days"}


def follow(book: Any, language: Language, done: Mapping[str, Callable[[Any], object]]) -> list[str]:
    """Do what Home says until it says to call the late leads; the steps in their order.

    done: by step, how it is done on this host.
    """
    texts = {translate(step.text, language): step.key for step in STEPS}
    followed: list[str] = []
    while (key := texts[said_by_home(book)]) != "late":
        assert key not in followed, f"{key} was done, and Home still asks for it"
        done[key](book)
        followed.append(key)
    return followed


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


def call_soon(book: Any) -> None:
    """Within how many office hours leads of each grade are called."""
    grades = read.find_table(book, tables.GRADES)
    cells = grades.block(0, grades.offsets["first_contact_hours"], 3, 1)
    cells.value = [[4], [8], [24]]


def exported(kind: Any, folder: Path) -> Path:
    """Some rows of the sample, as a CRM exports them."""
    path = folder / f"{kind}.csv"
    lines = sample.path(kind).read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:200]) + "\n", "utf-8")
    return path
