"""The same cases in a second, independent VBA interpreter."""

from __future__ import annotations

import pytest

from tests.vba.cases import USUAL, Case, cases, differences, expected
from tests.vba.elixcee_vm import formula


@pytest.mark.parametrize("name", USUAL)
def test_vba_answers_as_python_does(name: str) -> None:
    given = [case for case in cases(name) if name != "CONVERSION_RANGE" or all_numbers(name, case)]
    assert differences(name, given, formula) == []


def all_numbers(name: str, case: Case) -> bool:
    """elixcee cannot hand on a pair of errors: those cases run in pyOpenVBA only."""
    return all(isinstance(cell, float) for row in expected(name, case) for cell in row)
