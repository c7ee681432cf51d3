"""The VBA that is written by machine: a wrapper a formula, a callback a button, texts, help.

What stands in udfs/formulas and udfs/macros.py becomes the modules Formulas, Ribbon and Texts;
the modules kept by hand are in workbook/vba.
"""

from __future__ import annotations

from collections.abc import Iterable

from smarketing_xl.i18n import N_, Language, translate
from smarketing_xl.schema.tables import SLA_STATUSES
from udfs.buttons import TAB, Button
from udfs.functions import FORMULAS
from udfs.macros import BUTTONS
from udfs.registry import CATEGORY, Formula
from workbook.ribbon import callback

LONGEST_HELP = 255  # Excel's limit for the text of a function or of an argument

NO_PYTHON = N_(
    "Smarketing cannot reach Python. Simple formulas still answer; buttons and the other formulas "
    "need it. In a terminal type: smarketing connect, and the path of this workbook. "
    "If that was done before: smarketing doctor."
)
OPEN_TITLE = N_("Choose the file to import")
OPEN_FILTER = N_("Data files (*.csv;*.txt;*.xlsx;*.ods;*.parquet;*.zip)")
SAVE_TITLE = N_("Save as")
ALL_FILES = N_("All files (*.*)")


def formulas_module(language: Language) -> str:
    """Formulas.bas: what cells call."""
    wrappers = (_wrapper(formula, language) for formula in FORMULAS.values())
    return _module("Formulas", "Written by workbook/wrappers.py from udfs/formulas.", wrappers)


def ribbon_module() -> str:
    """Ribbon.bas: what the buttons of the Smarketing tab call."""
    callbacks = (_callback(button) for button in BUTTONS.values())
    return _module("Ribbon", "Written by workbook/wrappers.py from udfs/macros.py.", callbacks)


def texts_module(language: Language) -> str:
    """Texts.bas: what the VBA says, and the help that Insert Function shows."""
    pattern = translate(OPEN_FILTER, language)
    texts = {
        "SHOWN_LANGUAGE": language,
        "MESSAGE_TITLE": translate(TAB, language),
        "NO_PYTHON": translate(NO_PYTHON, language),
        "OPEN_TITLE": translate(OPEN_TITLE, language),
        "OPEN_FILTER": f"{pattern},{pattern[pattern.index('(') + 1 : -1]}",
        "SAVE_TITLE": translate(SAVE_TITLE, language),
        "ALL_FILES": translate(ALL_FILES, language),
    }
    constants = [f"Public Const {name} As String = {_quoted(text)}" for name, text in texts.items()]
    statuses = [
        f"Public Const STATUS_{key.upper()} As String = {_quoted(label)}"
        for key, label in SLA_STATUSES.shown(language).items()
    ]
    suggestions = [
        f"Public Const {_suggestion(button)} As String = "
        f"{_quoted(translate(button.suggested, language))}"
        for button in BUTTONS.values()
        if button.suggested
    ]
    described = (_described(formula, language) for formula in FORMULAS.values())
    calls = [f"    Describe_{name}" for name in FORMULAS]
    return _module(
        "Texts",
        "Written by workbook/wrappers.py from udfs and the catalogue of texts.",
        [
            [*constants, *statuses, *suggestions, ""],
            ["Public Sub DescribeFormulas()", *calls, "End Sub", ""],
            *described,
            _DESCRIBE,
        ],
        private=True,
    )


_DESCRIBE = [
    "Private Sub Describe(ByVal formula As String, ByVal help As String, _",
    "        ByVal arguments As Variant)",
    "    On Error Resume Next ' a workbook opened read-only or hidden takes no descriptions",
    "    Application.MacroOptions _",
    '        Macro:="\'" & ThisWorkbook.Name & "\'!" & formula, _',
    "        Description:=help, _",
    f'        Category:="{CATEGORY}", _',
    "        ArgumentDescriptions:=arguments",
    "End Sub",
    "",
]


def _module(name: str, origin: str, blocks: Iterable[Iterable[str]], private: bool = False) -> str:
    head = [f'Attribute VB_Name = "{name}"', "Option Explicit"]
    if private:
        head.append("Option Private Module")
    lines = [*head, "", f"' {origin}", "", *(line for block in blocks for line in block)]
    return "\n".join(lines).rstrip() + "\n"


def _wrapper(formula: Formula, language: Language) -> list[str]:
    declared = ", ".join(
        f"{'Optional ' if it.optional else ''}{it.name} As Variant" for it in formula.arguments
    )
    given = ", ".join(it.name for it in formula.arguments)
    ask = "AskTime" if formula.times else "Ask"
    return [
        *_wrapped(f"Public Function {formula.name}({declared}) As Variant"),
        f"Attribute {formula.name}.VB_Description = {_quoted(_help(formula.help, language))}",
        *(
            f"    If IsMissing({it.name}) Then {it.name} = Empty"
            for it in formula.arguments
            if it.optional
        ),
        f'    {formula.name} = {ask}("{formula.name}", Array({given}))',
        "End Function",
        "",
    ]


def _described(formula: Formula, language: Language) -> list[str]:
    helps = [_quoted(_help(it.help, language)) for it in formula.arguments]
    return [
        f"Private Sub Describe_{formula.name}()",
        f'    Describe "{formula.name}", _',
        f"        {_quoted(_help(formula.help, language))}, _",
        "        Array( _",
        *(f"            {text}, _" for text in helps[:-1]),
        f"            {helps[-1]})",
        "End Sub",
        "",
    ]


def _callback(button: Button) -> list[str]:
    procedure = f"Public Sub {callback(button)}(control As Object)"
    return [procedure, f"    {_click(button)}", "End Sub", ""]


def _click(button: Button) -> str:
    match button.asks:
        case "open":
            return f'ClickWithFile "{button.name}"'
        case "save":
            return f'ClickToSave "{button.name}", {_suggestion(button)}'
        case "cell":
            return f'ClickWithCell "{button.name}"'
    return f'Click "{button.name}"'


def _suggestion(button: Button) -> str:
    return f"SUGGESTED_{button.name.upper()}"


def _help(text: str, language: Language) -> str:
    translation = translate(text, language)
    if len(translation) > LONGEST_HELP:
        raise ValueError(f"longer than Excel shows: {translation!r}")
    return translation


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _wrapped(line: str, width: int = 100) -> list[str]:
    """A long declaration over several lines, as VBA continues them."""
    lines = []
    while len(line) > width:
        cut = line.rindex(", ", 0, width) + 1
        lines.append(f"{line[:cut]} _")
        line = "        " + line[cut:].lstrip()
    return [*lines, line]
