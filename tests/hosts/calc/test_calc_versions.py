"""Which LibreOffice is installed, and what is said of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc.office import program
from smarketing_xl.hosts.calc.versions import TRIED, installed

DOCS = Path(__file__).parents[3] / "docs" / "calc.md"


def test_the_version_is_the_one_that_libreoffice_says(tmp_path: Path) -> None:
    try:
        soffice = program("soffice")
    except WorkbookError as error:
        pytest.skip(str(error))
    asked = [soffice, f"-env:UserInstallation={tmp_path.as_uri()}", "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=100).stdout
    major, minor = said.split()[1].split(".")[:2]
    assert installed() == (int(major), int(minor))
    assert installed() in TRIED


@pytest.mark.parametrize("version", TRIED)
def test_the_docs_name_what_was_tried(version: tuple[int, int]) -> None:
    text = DOCS.read_text(encoding="utf-8")
    named = ".".join(map(str, version))
    assert f"| {named} |" in text
    assert f"{named}." in text
