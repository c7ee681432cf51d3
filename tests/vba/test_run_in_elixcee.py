"""The same cases in a second, independent VBA interpreter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.vba.cases import CASES, expected
from tests.vba.elixcee_vm import formula


@pytest.mark.parametrize(("name", "cells"), CASES)
def test_vba_answers_as_python_does(name: str, cells: tuple[Any, ...]) -> None:
    ((shown,),) = expected(name, cells)
    if isinstance(shown, float):
        shown = pytest.approx(shown, rel=1e-9)
    assert formula(name, *cells) == shown
