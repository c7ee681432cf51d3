"""One LibreOffice for all the live tests of a session, on a throw-away profile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import calc


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("calc"))


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[xw.App]:
    try:
        started = calc.start(tmp_path_factory.mktemp("calc") / "profile")
    except WorkbookError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))
    yield started
    started.quit()


@pytest.fixture
def book(app: xw.App) -> Iterator[xw.Book]:
    made = app.books.add()
    yield made
    made.close()
