"""What SUBTOTAL leaves out: rows hidden by a filter, and from function 101 on those hidden by hand.

https://support.microsoft.com/office/subtotal-function-7b027003-f060-4ade-9040-e478765b9939
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area
from smarketing_xl.a1.formulas import function_name, tokens
from smarketing_xl.hosts.file.model.references import Where, address
from smarketing_xl.hosts.file.parts.workbook_xml import area_of

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document

_ALL_HIDDEN = 100  # functions above leave out what is hidden by hand too
_DEPTH = {"call": 1, "end": -1}


def subtotals_of_shown(document: Document, formula: str) -> str:
    """A formula spelt out in which each SUBTOTAL names only the rows that it counts."""
    out: list[str] = []
    depth = called = 0  # in how many calls this is, and the outermost of SUBTOTAL
    function = ""
    for kind, text in tokens(formula):
        depth += _DEPTH.get(kind, 0)
        if kind == "call" and not called and function_name(text) == "SUBTOTAL":
            called, function = depth, ""
        elif depth < called:
            called = 0
        elif called and not function:
            function = text.strip()
        elif called == depth and kind == "reference" and function.isdigit():
            text = _shown(document, text, by_hand=int(function) > _ALL_HIDDEN)
        out.append(text)
    return "".join(out)


def _shown(document: Document, text: str, by_hand: bool) -> str:
    """The shown rows of a reference, as references; an empty cell where none is shown."""
    reference = area_of(text)
    if reference is None or reference[0] is None:
        return text
    name, area = reference[0], reference[1]
    hidden = [row for row in _hidden(document, name, by_hand) if area.top <= row <= area.bottom]
    if not hidden:
        return text
    edges = pairwise([area.top - 1, *hidden, area.bottom + 1])
    stretches: list[Where] = [
        (name, Area(before + 1, area.left, after - 1, area.right))
        for before, after in edges
        if after - before > 1
    ]
    nowhere = (name, Area(LAST_ROW, LAST_COLUMN, LAST_ROW, LAST_COLUMN))
    return ",".join(map(address, stretches or [nowhere]))


def _hidden(document: Document, name: str, by_hand: bool) -> list[int]:
    sheet = document.sheet(name)
    hidden = sheet.xml.hidden_rows()
    if by_hand or sheet.xml.filtered:
        return hidden
    areas = [table.area for table in document.tables_of(sheet) if table.filtered]
    return [row for row in hidden if any(area.top <= row <= area.bottom for area in areas)]
