"""An empty workbook in each language, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened


@pytest.fixture(params=["en", "es"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return make(tmp_path / "book.xlsm", request.param)


@pytest.fixture
def book(path: Path) -> Iterator[xw.Book]:
    with opened(path, "file") as book:
        yield book
