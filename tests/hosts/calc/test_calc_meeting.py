"""The scripted meeting, in a live LibreOffice."""

from __future__ import annotations

from pathlib import Path

import xlwings as xw

from smarketing_xl.cli.app import make
from tests.meeting import script
from tests.meeting.calc_hands import CalcHands


def test_nothing_typed_is_lost_and_every_number_is_right(app: xw.App, tmp_path: Path) -> None:
    """In Spanish, as they will mostly be held; a file's meeting is held in both languages."""
    hands = CalcHands(app, make(tmp_path / "meeting.xlsm", "es"))
    script.hold(hands, tmp_path)
    script.compare(hands, tmp_path)
    hands.book.close()
