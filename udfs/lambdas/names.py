"""The functions of a workbook without macros, as its defined names hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from smarketing_xl.i18n import Language, speaking, translate
from smarketing_xl.schema.tables import HOLIDAYS
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


def names(language: Language, holidays: Mapping[str, str] | None = None) -> dict[str, Name]:
    """The functions by their names, with the labels and the help of a language.

    holidays: the headers of the workbook's table Holidays by the keys of its columns, those of a
    new workbook if left out; none where it has no such table: a country's holidays are #N/A then.
    """
    if holidays is None:
        holidays = {column.key: column.title(language) for column in HOLIDAYS}
    with speaking(language):
        return {
            name: Name(_by_headers(stored(function(formula)), holidays), comment(formula, language))
            for name, formula in FORMULAS.items()
            if formula.within
        }


def _by_headers(text: str, headers: Mapping[str, str]) -> str:
    """A stored text that names columns by their headers on the sheet."""

    def column(reference: re.Match[str]) -> str:
        header = headers.get(reference["key"])
        return "NA()" if header is None else f"{HOLIDAYS.name}[{_ESCAPED.sub(_escape, header)}]"

    return re.sub(rf"\b{HOLIDAYS.name}\[(?P<key>\w+)\]", column, text)


_ESCAPED = re.compile(r"[\[\]#']")


def _escape(sign: re.Match[str]) -> str:
    return f"'{sign[0]}"


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
