"""Formulas as they read after being copied."""

from __future__ import annotations

import pytest

from smarketing_xl.a1.formulas import function_name, moved, rewritten, tokens


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("A1", "B3"),
        ("$A1+A$1+$A$1", "$A3+B$1+$A$1"),
        ("SUM(A1:B2)", "SUM(B3:C4)"),
        ("SUM(A:A,2:3)", "SUM(B:B,4:5)"),
        ("'My sheet'!A1&\"A1\"", "'My sheet'!B3&\"A1\""),
        ("Leads[@Score]+quota", "Leads[@Score]+quota"),
        ("LOG10(A1)", "LOG10(B3)"),
    ],
)
def test_references_move_and_all_else_stays(formula: str, after: str) -> None:
    assert moved(formula, (1, 1), (3, 2)) == after


def test_a_reference_that_leaves_the_sheet_is_an_error_as_in_excel() -> None:
    assert moved("A1", (2, 2), (1, 1)) == "#REF!"


def test_only_references_are_rewritten() -> None:
    assert rewritten('IF(A1="A1",B2,A1)', lambda text: text.replace("A1", "C9")) == (
        'IF(C9="A1",B2,C9)'
    )


def test_what_is_no_formula_stays_whole() -> None:
    assert "".join(text for _kind, text in tokens('"unclosed')) == '"unclosed'


def test_functions_go_by_their_plain_names() -> None:
    assert function_name("_xlfn._xlws.SORT(") == "SORT"
    assert function_name("sum(") == "SUM"
