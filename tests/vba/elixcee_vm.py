"""The workbook's formulas running in elixcee, an interpreter in Rust: the way of a Mac.

elixcee calls no Python, so formulas go where they go on a Mac: to the VBA that answers by itself.
What elixcee lacks of the language (error values, Exp, Log, dates) stands in front, in VBA; numbers
with an exponent, which it cannot read, are written out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import elixcee

from tests.vba.openvba import NUMBERS
from udfs.functions import FORMULAS
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

Public Function DateSerial(ByVal y As Double, ByVal m As Double, ByVal d As Double) As Double
    Dim days As Double
    y = y + Int((m - 1) / 12)
    m = m - 12 * Int((m - 1) / 12)
    If m <= 2 Then y = y - 1
    m = m + IIf(m > 2, -3, 9)
    days = 365 * y + Int(y / 4) - Int(y / 100) + Int(y / 400) + Int((153 * m + 2) / 5)
    DateSerial = days + d - 693900
End Function

Public Function Year(ByVal serial As Double) As Double
    Dim found As Double
    found = 1899 + Int(serial / 365.2425)
    If DateSerial(found, 1, 1) > serial Then found = found - 1
    If DateSerial(found + 1, 1, 1) <= serial Then found = found + 1
    Year = found
End Function

Public Function Month(ByVal serial As Double) As Double
    Dim found As Double
    found = 12
    Do While DateSerial(Year(serial), found, 1) > serial
        found = found - 1
    Loop
    Month = found
End Function

Public Function Ask(ByVal formula As String, ByVal given As Variant) As Variant
    Ask = AnswerNatively(formula, given)
End Function

Public Function AskTime(ByVal formula As String, ByVal given As Variant) As Variant
    AskTime = AnswerNatively(formula, given)
End Function
"""
LAY_OUT = """
    Cells(1, 1).Value = RowsOf(answer)
    Cells(1, 2).Value = ColumnsOf(answer)
    For row = 0 To RowsOf(answer) - 1
        For column = 0 To ColumnsOf(answer) - 1
            Cells(2 + row, 1 + column).Value = Element(answer, row, column)
        Next column
    Next row
End Sub
"""
PROCEDURE = re.compile(
    r"(?ms)^(?:Public|Private) (?P<kind>Function|Sub) (?P<name>\w+).*?^End (?P=kind)"
)
WITH_EXPONENT = re.compile(r"\b\d+(?:\.\d+)?E[-+]?\d+")
DIM = re.compile(r"(?m)^ +Dim .*$")
FIRST_VALUES = {"Double": "0", "Long": "0", "String": '""', "Boolean": "False"}
MODULES = ("Elements", "Native", "OfficeTime", "LeadsAhead")
ERRORS = {f"#ERR{number}": text for text, number in NUMBERS.items()}


def code() -> str:
    """What answers formulas by itself, and the wrappers, as they stand in the workbook."""
    sources = modules("en")
    plain = (sources[name] for name in (*MODULES, "Formulas"))
    kept = (re.sub(r"(?m)^(Attribute|Option) .*$", "", source) for source in plain)
    states = re.findall(r"(?m)^Public Const STATUS_.*$", sources["Texts"])
    whole = "\n".join([LANGUAGE_GAPS, *states, *kept])
    whole = WITH_EXPONENT.sub(lambda number: f"{Decimal(number[0]):f}", whole)
    return PROCEDURE.sub(_own_variables, whole)


def _own_variables(procedure: re.Match[str]) -> str:
    """A procedure whose variables are its own and begin anew at each call.

    elixcee keeps one variable of a name for all procedures, and what it held.
    """
    code, name = procedure[0], procedure["name"]
    for variable in re.findall(r"(?:Dim |, )(\w+)(?:\(\))? As", "\n".join(DIM.findall(code))):
        code = re.sub(rf"(?i)\b{variable}\b", f"{variable}_of_{name}", code)
    return DIM.sub(_begun, code)


def _begun(declared: re.Match[str]) -> str:
    found = re.findall(r"(\w+) As (\w+)", declared[0])
    begun = [f"{name} = {FIRST_VALUES[kind]}" for name, kind in found if kind in FIRST_VALUES]
    return "\n".join([declared[0], *begun])


def formula(name: str, *cells: Any) -> list[list[Any]]:
    """What a formula shows for these cells (rows of cells for ranges), as rows."""
    left_out = len(FORMULAS[name].arguments) - len(cells)  # elixcee knows no argument left out
    cells = (*cells, *[None] * left_out)
    machine = elixcee.Vm()
    machine.run(f"{code()}\n{_calling(name, cells)}", "CallIt", timeout_ms=20_000)
    height, width = int(machine.get_cell(1, 1)), int(machine.get_cell(1, 2))
    return [
        [_shown(machine.get_cell(2 + row, 1 + column)) for column in range(width)]
        for row in range(height)
    ]


def _calling(name: str, cells: tuple[Any, ...]) -> str:
    """A procedure that asks the formula and lays its answer out on the sheet, under its size."""
    lines = ["Sub CallIt()", "    Dim answer As Variant, row As Long, column As Long"]
    given = []
    for number, cell in enumerate(cells):
        if not isinstance(cell, tuple):
            given.append(_literal(cell))
            continue
        given.append(f"range{number}")
        lines.append(
            f"    Dim range{number}(0 To {len(cell) - 1}, 0 To {len(cell[0]) - 1}) As Variant"
        )
        lines += [
            f"    range{number}({row}, {column}) = {_literal(found)}"
            for row, found_row in enumerate(cell)
            for column, found in enumerate(found_row)
        ]
    return "\n".join([*lines, f"    answer = {name}({', '.join(given)})", LAY_OUT])


def _shown(found: Any) -> Any:
    return ERRORS.get(found, found) if isinstance(found, str) else found


def _literal(cell: Any) -> str:
    if cell is None:
        return "Empty"
    if isinstance(cell, bool):
        return str(cell)
    if cell in NUMBERS:
        return f"CVErr({NUMBERS[cell]})"
    return f'"{cell}"' if isinstance(cell, str) else f"{cell:f}"
