"""The scripted meeting, on a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing_xl.cli.app import make
from smarketing_xl.i18n import Language
from tests.meeting import script
from tests.meeting.hands import FileHands


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_typed_is_lost_and_every_number_is_right(
    tmp_path: Path, language: Language
) -> None:
    hands = FileHands(make(tmp_path / "meeting.xlsm", language))
    script.hold(hands, tmp_path)
    script.compare(hands, tmp_path)
