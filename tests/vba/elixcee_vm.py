"""The workbook's formulas running in elixcee, an interpreter in Rust: the way of a Mac.

elixcee calls no Python, so formulas go where they go on a Mac: to the VBA that answers by itself.
What elixcee lacks of the language (error values, Exp, Log) stands in front, in VBA.
"""

from __future__ import annotations

import re
from typing import Any

import elixcee

from workbook.vba_project import modules

LANGUAGE_GAPS = """
Public Const vbInteger As Long = 2
Public Const vbDouble As Long = 5
Public Const vbString As Long = 8
Public Const vbBoolean As Long = 11

Public Function CVErr(ByVal number As Variant) As Variant
    CVErr = "#ERR" & number
End Function

Public Function IsError(ByVal cell As Variant) As Boolean
    IsError = False
    If VarType(cell) = vbString Then IsError = (Left(cell, 4) = "#ERR")
End Function

Public Function CLng(ByVal cell As Variant) As Variant
    CLng = Val(Mid(cell, 5))
End Function

Public Function Exp(ByVal x As Double) As Double
    Exp = 2.718281828459045 ^ x
End Function

Public Function Log(ByVal number As Double) As Double
    Dim root As Double, turns As Long, power As Double
    root = 0
    power = 0
    Do While number > 2
        number = number / 2.718281828459045
        power = power + 1
    Loop
    Do While number < 0.5
        number = number * 2.718281828459045
        power = power - 1
    Loop
    For turns = 1 To 8
        root = root + 2 * (number - Exp(root)) / (number + Exp(root))
    Next turns
    Log = root + power
End Function

Public Function Ask(ByVal formula As String, ByVal given As Variant) As Variant
    Ask = AnswerNatively(formula, given)
End Function

Public Function AskTime(ByVal formula As String, ByVal given As Variant) As Variant
    AskTime = AnswerNatively(formula, given)
End Function
"""
ERRORS = {"#ERR2007": "#DIV/0!", "#ERR2015": "#VALUE!", "#ERR2036": "#NUM!", "#ERR2042": "#N/A"}


def code() -> str:
    """Elements, Native and the wrappers, as they stand in the workbook."""
    sources = modules("en")
    plain = (sources[name] for name in ("Elements", "Native", "Formulas"))
    kept = (re.sub(r"(?m)^(Attribute|Option) .*$", "", source) for source in plain)
    return LANGUAGE_GAPS + "\n".join(kept)


def formula(name: str, *cells: Any) -> Any:
    """What a formula of single cells shows."""
    given = ", ".join(map(_literal, cells))
    machine = elixcee.Vm()
    calling = f"Sub CallIt()\n    Cells(1, 1).Value = {name}({given})\nEnd Sub\n"
    machine.run(f"{code()}\n{calling}", "CallIt", timeout_ms=20_000)
    found = machine.get_cell(1, 1)
    return ERRORS.get(found, found) if isinstance(found, str) else found


def _literal(cell: Any) -> str:
    if cell is None:
        return "Empty"
    if isinstance(cell, bool):
        return str(cell)
    return f'"{cell}"' if isinstance(cell, str) else f"{cell:f}"
