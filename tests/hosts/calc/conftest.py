"""One LibreOffice for all the live tests of a session, on a throw-away profile."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import xlwings as xw

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import calc
from smarketing_xl.setup import calc as setup
from tests.hosts.calc.live import WORKBOOK


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("calc"))


@pytest.fixture(scope="session")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Options of a LibreOffice that came with our extension."""
    extensions = tmp_path_factory.mktemp("extensions")
    with zipfile.ZipFile(io.BytesIO(setup.extension())) as package:
        package.extractall(extensions / "Smarketing")
    return (f"-env:BUNDLED_EXTENSIONS={extensions.as_uri()}",)


@pytest.fixture(scope="session")
def pipe() -> str:
    """Where the extension lets `--host auto` in; not where that of a person at work does."""
    return f"smarketing-{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def app(
    options: tuple[str, ...], pipe: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[xw.App]:
    """A LibreOffice with our extension."""
    profile = tmp_path_factory.mktemp("calc") / "profile"
    try:
        calc.start(profile, options=options).quit()  # the first start registers it
        started = calc.start(profile, options=options, reachable=pipe)
    except WorkbookError as error:
        pytest.skip(str(error))
    yield started
    started.quit()


@pytest.fixture
def book(app: xw.App) -> Iterator[xw.Book]:
    made = app.books.add()
    yield made
    made.close()


@pytest.fixture
def smarketing(app: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    """Our workbook, in a file of its own."""
    path = tmp_path / "Mein Trichter ñ.xlsm"
    shutil.copyfile(WORKBOOK, path)
    opened = app.books.open(str(path))
    yield opened
    opened.close()
