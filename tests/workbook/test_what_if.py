"""The grid of what-if on the goals follows what is typed, in the values that viewers see."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.i18n import Language
from tests.meeting.script import what_if


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "typed",
    [
        {"quota": 777_000.0},
        {"avg_revenue": 4_321.0},
        {"conv_rate": 0.87},  # a fifth more than that is cut at 100 %
        {"quota": 1_000_001.0, "avg_revenue": 99.5, "conv_rate": 0.031},
    ],
)
def test_the_grid_follows_each_input(
    tmp_path: Path, language: Language, typed: dict[str, float]
) -> None:
    path = make(tmp_path / "book.xlsm", language)
    with opened(path, "file") as book:
        what_if(book)
        for name, value in typed.items():
            read.named_range(book, name).value = value
        book.save()
    with opened(path, "file") as again:  # nothing is written: these are the values in the file
        what_if(again)
        for name, value in typed.items():
            assert read.named_range(again, name).value == value
