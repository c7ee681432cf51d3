"""The cases once more where xlwings is at home: Python for Windows, pywin32, COM, under Wine."""

from __future__ import annotations

import os
from pathlib import Path

from tests.vba.cases import USUAL, cases, differences
from tests.vba.wine import ask


def test_the_server_of_xlwings_answers_on_a_windows_python_as_here() -> None:
    questions = [(name, case) for name in USUAL for case in cases(name)]
    version, answers = ask(Path(os.environ["SMARKETING_WINDOWS"]), questions)
    assert "MSC" in version
    for name in USUAL:
        there = [at for at, (asked, _case) in enumerate(questions) if asked == name]
        given = [questions[at][1] for at in there]
        shown = iter(answers[at] for at in there)
        assert differences(name, given, lambda *_cells, shown=shown: next(shown)) == []
