"""Errors that speak: where, what, and what to do about it."""

from __future__ import annotations

import pytest

from smarketing_xl import errors
from smarketing_xl.errors import RAISES, BadData, CellError, Fault, SmarketingError
from smarketing_xl.i18n import speaking


def test_a_fault_says_place_problem_value_and_remedy() -> None:
    fault = Fault("is not a date", "Type it as a date", "Leads", 7, "Created", "soon")
    assert str(fault) == "Leads, row 7, Created: is not a date ('soon'). Type it as a date"
    with speaking("es"):
        assert "fila 7" in str(fault)


def test_a_fault_without_a_place_is_a_sentence() -> None:
    assert str(Fault("It is empty", "Fill it")) == "It is empty. Fill it"


def test_a_long_value_is_cut() -> None:
    assert len(str(Fault("is odd", "Mend it", value="x" * 10_000))) < 100


def test_every_fault_is_told_not_the_first_alone() -> None:
    error = BadData([Fault("one", "a"), Fault("two", "b")])
    assert len(error.faults) == 2
    assert str(error).splitlines() == ["one. a", "two. b"]


@pytest.mark.parametrize("cell", CellError)
def test_every_error_of_a_cell_has_its_kind(cell: CellError) -> None:
    assert RAISES[cell].cell is cell


def test_the_family_is_one() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert all(issubclass(k, SmarketingError) for k in kinds if issubclass(k, Exception))
