"""The checker finds what a VBA compiler would, and nothing in the modules that we ship."""

from __future__ import annotations

import re

import pytest

from smarketing_xl.i18n import LANGUAGES, Language
from smarketing_xl.setup import xlwings_module
from workbook.vba_check import PLATFORMS, check
from workbook.vba_project import CLASSES, modules

HEAD = "Option Explicit\n"
OTHER = f"""{HEAD}
Public Const SHARED As Long = 1
Private Const HIDDEN As Long = 2
Public Function Twice(ByVal number As Double, Optional ByVal more As Variant) As Double
    Twice = number * 2
End Function
"""


def faults(body: str, other: str = OTHER) -> list[str]:
    """The faults of a module beside another, each once, whatever the platform."""
    found = check({"Main": HEAD + body, "Other": other})
    return sorted({fault.problem for fault in found if fault.module == "Main"})


def in_sub(*lines: str) -> str:
    return "\n".join(["Public Sub Run()", *(f"    {line}" for line in lines), "End Sub", ""])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_modules_we_ship_compile(language: Language) -> None:
    assert check(modules(language), CLASSES) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Debug.Print HIDDEN", "HIDDEN is not defined; it is private to Other"),
        ("Debug.Print Other.HIDDEN", "Other offers no HIDDEN"),
        ("Debug.Print nowhere", "nowhere is not defined"),
        ("Dim d As Dictionary", "the type Dictionary is not defined"),
        ("Dim d As Object: Set d = New Dictionary", "the type Dictionary is not defined"),
        ("Debug.Print Twice(1, 2, 3)", "Twice is given 3 arguments"),
        ("Debug.Print Twice()", "Twice is given 0 arguments"),
        ("Twice 1, 2, 3", "Twice is given 3 arguments"),
        ("Debug.Print Mid$(\"abc\")", "Mid is given 1 arguments"),
        ("Dim a As Long, A As String", "A is declared twice"),
        ("Dim Next As Long", "Next is a word of the language"),
        ("GoTo Done", "there is no label Done"),
        ("If SHARED = 1 Then", "the block if is not closed"),
        ("Next", "Next closes nothing"),
        ("If SHARED = 1 Then Debug.Print nowhere Else Debug.Print 2", "nowhere is not defined"),
        ("Debug.Print \"" + "a" * 1100 + "\"", "a line of 1118 characters"),
        ("Debug.Print \"→\"", "'→' is not in the code page of VBA"),
        ("Debug.Print 1" + " _\n        + 1" * 25, "more than 24 continuations"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(line: str, problem: str) -> None:
    assert problem in faults(in_sub(line))


@pytest.mark.parametrize(
    "line",
    [
        "Debug.Print SHARED + Other.SHARED + Twice(number:=1) + Twice(1, more:=2)",
        "Debug.Print \"nowhere ' no remark\" ' nowhere",
        "Dim at As Long: For at = 1 To 3: Debug.Print at: Next at",
        "If SHARED = 1 Then Run: Run Else Run",
        "With Application: .StatusBar = False: End With",
        "ReDim found(0 To 2): found(1) = &HFFFF& + 1.5E+3",
        "On Error GoTo Failed\nFailed:\n    Resume Next",
        "Select Case SHARED\n    Case 1: Debug.Print 1\n    End Select",
        "Debug.Print 1" + " _\n        + 1" * 24,
    ],
)
def test_what_compiles_is_let_alone(line: str) -> None:
    assert faults(in_sub(line)) == []


@pytest.mark.parametrize(
    ("module", "problem"),
    [
        ("Public Const A As Long = 1\nPublic Const a As Long = 2\n", "a is declared twice"),
        ("Public Sub Run(ByVal run As Long)\nEnd Sub\n", "Run is also the name of an argument"),
        ("Public Sub Run()\nEnd Sub\nPrivate Sub run()\nEnd Sub\n", "run is declared twice"),
        ("Public Sub Run()\n", "Run has no end"),
        (
            "Private Declare Function Beep Lib \"x\" () As Long\n",
            "Beep: Declare without PtrSafe",
        ),
        (in_sub(*(f"Debug.Print {number:0100d}" for number in range(700))), "a procedure of"),
    ],
)  # fmt: skip
def test_a_fault_of_a_whole_module_is_found(module: str, problem: str) -> None:
    assert any(problem in found for found in faults(module))


def test_a_name_that_two_modules_offer_is_ambiguous() -> None:
    found = check({"Main": HEAD + in_sub("Debug.Print Twice(1)"), "A": OTHER, "B": OTHER})
    assert "Twice is ambiguous" in {fault.problem for fault in found}


def test_a_module_without_option_explicit_is_named() -> None:
    assert (
        check({"Main": "Public Sub Run()\nEnd Sub\n"})[0].problem == "there is no Option Explicit"
    )


def test_each_kind_of_excel_reads_its_own_lines() -> None:
    source = HEAD + "#If Mac Then\n" + in_sub("Debug.Print nowhere") + "#Else\n#End If\n"
    assert {fault.platform for fault in check({"Main": source})} == {"Mac"}
    source = HEAD + "#If Win64 And Not Mac Then\n" + in_sub("Debug.Print nowhere") + "#End If\n"
    assert {fault.platform for fault in check({"Main": source})} == {"Windows, 64 bit"}
    assert len(PLATFORMS) == 3


def test_without_the_class_of_xlwings_no_mac_compiles_its_module() -> None:
    without = {name: text for name, text in modules("en").items() if name != "Dictionary"}
    found = check(without, CLASSES)
    assert {fault.platform for fault in found} == {"Mac"}
    assert {fault.problem for fault in found} == {"the type Dictionary is not defined"}


# --- the module of xlwings ----------------------------------------------------------------------


def test_what_is_left_of_the_module_is_the_text_of_xlwings() -> None:
    whole, left = xlwings_module._shipped("xlwings.bas"), xlwings_module.module_text()
    head, procedures = xlwings_module._split(left)
    assert whole.startswith(head) and "BSD 3-clause license" in head
    assert all(text in whole for text in procedures.values())
    assert "".join([head, *procedures.values()]) == left


def test_what_virus_scanners_look_for_is_left_out() -> None:
    left = xlwings_module.module_text()
    assert not re.search(r"RunFrozenPython|ExecuteWindows|\bsql\b|VBComponents|ImportPython", left)
    assert set(map(str.lower, xlwings_module.CALLED)) <= set(xlwings_module._split(left)[1])


def test_the_class_keeps_its_licence() -> None:
    assert "MIT" in modules("en")["Dictionary"]
