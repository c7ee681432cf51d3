"""The functions of a workbook without macros, as its defined names hold them."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing_xl.i18n import Language, speaking, translate
from udfs.functions import FORMULAS
from udfs.lambdas.storage import stored
from udfs.registry import Formula

LONGEST_COMMENT = 255
"""Of a defined name: Excel does not open a workbook with a longer one."""


@dataclass(frozen=True)
class Name:
    """A defined name: what it refers to, as a file stores it (no leading `=`), and its help."""

    text: str
    comment: str


def names(language: Language) -> dict[str, Name]:
    """The functions by their names, with the labels and the help of a language."""
    with speaking(language):
        return {
            name: Name(stored(function(formula)), comment(formula, language))
            for name, formula in FORMULAS.items()
            if formula.within
        }


def function(formula: Formula) -> str:
    """A formula as the LAMBDA that people see in the Name Manager."""
    if not formula.within:
        raise ValueError(f"{formula.name} needs Python")
    parameters = (f"[{it.name}]" if it.optional else it.name for it in formula.arguments)
    return f"LAMBDA({','.join([*parameters, formula.within()])})"


def comment(formula: Formula, language: Language) -> str:
    """What Excel shows beside the name while a formula is typed."""
    help = translate(formula.help, language)
    if len(help) > LONGEST_COMMENT:
        raise ValueError(f"the help of {formula.name} is longer than {LONGEST_COMMENT}")
    return help
