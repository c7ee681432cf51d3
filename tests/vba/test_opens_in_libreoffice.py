"""LibreOffice, a third reader of the file: it opens whole, and its Basic compiles what we wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc import office
from workbook.build import FILES
from workbook.vba_project import modules

pytestmark = pytest.mark.xdist_group("calc")
PROBE = "Function Probe()\n    Probe = 5\nEnd Function\n"


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    try:
        started = office.start(tmp_path_factory.mktemp("office") / "profile")
    except WorkbookError as error:
        pytest.skip(str(error))
    yield started
    started.quit()


@pytest.fixture(scope="module", params=["en", "es"])
def document(
    libreoffice: Any, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("book") / "book.xlsm"
    shutil.copyfile(FILES[request.param], path)
    # with macros allowed, and without asking: a file in need of repair would not open at all
    how = office.arguments(Hidden=True, MacroExecutionMode=4, RepairPackage=False)
    opened = libreoffice.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, how)
    assert opened is not None
    yield opened
    opened.close(True)


def run(document: Any, source: str) -> Any:
    """What `Probe` in a module answers; None where Basic refuses the module."""
    library = document.BasicLibraries.getByName("Standard")
    if library.hasByName("Probing"):
        library.removeByName("Probing")
    library.insertByName("Probing", source)
    place = "vnd.sun.star.script:Standard.Probing.Probe?language=Basic&location=document"
    return document.getScriptProvider().getScript(place).invoke((), (), ())[0]


def test_every_sheet_and_module_is_there(document: Any) -> None:
    found = document.BasicLibraries.getByName("VBAProject").ElementNames
    assert set(modules("en")) <= set(found)


def test_basic_tells_a_good_module_from_a_bad_one(document: Any) -> None:
    assert run(document, PROBE) == 5
    assert run(document, PROBE + "Sub Bad()\n    x = = 1\nEnd Sub\n") is None


@pytest.mark.parametrize(
    "name", [name for name in modules("en") if name not in ("xlwings", "Dictionary")]
)
def test_every_module_of_ours_compiles(document: Any, name: str) -> None:
    imported = document.BasicLibraries.getByName("VBAProject").getByName(name)
    assert run(document, f"{imported}\n{PROBE}") == 5
