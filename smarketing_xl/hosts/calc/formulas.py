"""Formulas as Excel writes them, and as Calc's programming interface does.

Calc separates arguments with `;`, rows of constants with `|`, and sheets from cells with a dot; it
shows functions of an add-in under their programmatic names.

>>> to_calc("=REQUIRED_LEADS('My goals'!$B$2, Plan[[#This Row],[Quota]], {1,2;3,4})")
"=REQUIRED_LEADS($'My goals'.$B$2; Plan[[#This Row];[Quota]]; {1;2|3;4})"
>>> to_excel("=ORG.SMARKETING.FORMULAS.LEAD_VALUE($Goals.C3;Plan[[#This Row];[a;b]])&\\"a;b\\"")
'=LEAD_VALUE(Goals!C3,Plan[[#This Row],[a;b]])&"a;b"'
"""

from __future__ import annotations

import re

SERVICE = "org.smarketing.Formulas"  # of the add-in: Calc's programmatic names begin with it
PREFIX = f"{SERVICE.upper()}."
_ANALYSIS = "COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GET"  # LibreOffice's own, such as EDATE

_TEXT = r'"(?:[^"]|"")*"'
_ERROR = r"#(?:REF!|DIV/0!|NAME\?|N/A|VALUE!|NUM!|NULL!)"
_QUOTED = r"\$?'(?:[^']|'')*'"
_COLUMNS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_NAME = r"\$?[^\W\d]\w*"
_CALC = re.compile(
    rf"(?P<text>{_TEXT}|{_ERROR})|(?P<sheet>{_QUOTED}|{_NAME})\.(?=\$?[A-Za-z]{{1,3}}\$?\d)"
    rf"|(?P<columns>{_COLUMNS})|(?P<constants>\{{[^}}]*\}})|(?P<prefix>{re.escape(PREFIX)}|{re.escape(_ANALYSIS)})"
    r"|(?P<word>[\w.]+)|(?P<sign>[;~])",
    re.IGNORECASE,
)
_EXCEL = re.compile(
    rf"(?P<text>{_TEXT}|{_ERROR})|(?P<sheet>{_QUOTED}|{_NAME})!"
    rf"|(?P<columns>{_COLUMNS})|(?P<constants>\{{[^}}]*\}})|(?P<word>[\w.]+)|(?P<sign>,)",
)
_THIS_ROW = re.compile(r"\[@(?:\[((?:[^\[\]']|'.)*)\]|((?:[^\[\]']|'.)*))\]")


def to_excel(formula: str) -> str:
    """A formula of Calc as Excel has it; anything else as it is."""
    return _CALC.sub(_excel_piece, formula) if formula.startswith("=") else formula


def to_calc(formula: str) -> str:
    """A formula of Excel as Calc's interface takes it; anything else as it is."""
    return _EXCEL.sub(_calc_piece, formula) if formula.startswith("=") else formula


def _excel_piece(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "sheet":
            return piece["sheet"].removeprefix("$") + "!"
        case "columns":
            return _between(piece[0], ";", ",")
        case "constants":
            return _outside_text(piece[0], {";": ",", "|": ";"})
        case "prefix":
            return ""
        case "sign":
            return ","
    return piece[0]


def _calc_piece(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "sheet":
            return "$" + piece["sheet"].removeprefix("$") + "."
        case "columns":
            this_row = _THIS_ROW.fullmatch(piece[0])
            if this_row:
                column = this_row[1] if this_row[1] is not None else this_row[2]
                return f"[[#This Row];[{column}]]"
            return _between(piece[0], ",", ";")
        case "constants":
            return _outside_text(piece[0], {",": ";", ";": "|"})
        case "sign":
            return ";"
    return piece[0]


def _between(columns: str, old: str, new: str) -> str:
    """Change the separators between [columns], not what stands in them."""
    return re.sub(rf"\]\s*{old}\s*\[", f"]{new}[", columns)


def _outside_text(constants: str, signs: dict[str, str]) -> str:
    pieces = re.split(f"({_TEXT})", constants)
    table = str.maketrans(signs)
    return "".join(p if at % 2 else p.translate(table) for at, p in enumerate(pieces))
