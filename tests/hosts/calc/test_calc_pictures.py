"""Pictures of the workbook for the README, drawn by LibreOffice Calc."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smarketing_xl.errors import WorkbookError
from tests.hosts.calc.live import WORKBOOK
from workbook import photographs


def test_each_sheet_that_is_shown_has_its_picture(tmp_path: Path) -> None:
    workbook = shutil.copyfile(WORKBOOK, tmp_path / "w.xlsm")
    before = workbook.read_bytes()
    try:
        made = photographs.draw(workbook, tmp_path / "images")
    except (WorkbookError, FileNotFoundError) as error:
        pytest.skip(str(error))
    assert [picture.stem for picture in made] == list(photographs.SHOWN)
    drawn = [picture.read_bytes() for picture in made]
    assert all(each.startswith(b"\x89PNG") for each in drawn)
    assert len(set(drawn)) == len(drawn)
    assert workbook.read_bytes() == before
