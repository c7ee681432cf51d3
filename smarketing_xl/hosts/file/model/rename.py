"""Another name for a table or a column, in every formula that uses it, as Excel itself does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from smarketing_xl.a1.areas import Area
from smarketing_xl.a1.formulas import rewritten
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.package import MAIN
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document
    from smarketing_xl.hosts.file.model.sheet import Sheet
    from smarketing_xl.hosts.file.model.table import Table

_PIECE = re.compile(r"\[(@?)((?:'.|[^\[\]'])+)\]")
_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")
_SPECIAL = re.compile(r"[\[\]#']")

Change = Callable[[str, bool], str]
"""A reference, and whether its cell stands in the table → the reference under the new name."""


def rename_table(table: Table, name: str) -> None:
    """Call a table by another name. WorkbookError where something else is called so."""
    document, old = table.sheet.document, table.name
    taken = document.tables.get(name.lower(), table) is not table
    if taken or document.workbook.name(name) is not None:
        raise WorkbookError(
            _("The name {name} is taken in this workbook").format(name=name),
            _("Give what holds it another name: Formulas, Name Manager"),
        )

    def change(reference: str, _inside: bool) -> str:
        called, mark, rest = reference.partition("[")
        return name + mark + rest if called.lower() == old.lower() else reference

    table.set_name(name)
    document.forget_names()
    _rewrite(document, table, old, change)


def follow_headers(sheet: Sheet, written: Area) -> None:
    """Name the columns of tables by what was just written into their headers."""
    for table in sheet.document.tables_of(sheet):
        area = table.area
        headers = Area(area.top, area.left, area.top, area.right)
        if not table.header_rows or not headers.meets(written):
            continue
        for offset, old in enumerate(table.columns):
            title = sheet.value(area.top, area.left + offset)
            if not isinstance(title, str) or title == old:
                continue
            if title.lower() == old.lower() or title.lower() not in table.places:
                _rename_column(table, offset, old, title)


def _rename_column(table: Table, offset: int, old: str, title: str) -> None:
    def renamed(piece: re.Match[str]) -> str:
        if re.sub(r"'(.)", r"\1", piece[2]).strip().lower() != old.lower():
            return piece[0]
        return f"[{piece[1]}{_SPECIAL.sub(_quoted, title)}]"

    def change(reference: str, inside: bool) -> str:
        called, mark, rest = reference.partition("[")
        ours = called.lower() == table.name.lower() or (inside and not called)
        return called + _PIECE.sub(renamed, mark + rest) if ours else reference

    table.set_title(offset, title)
    _rewrite(table.sheet.document, table, old, change)


def _quoted(special: re.Match[str]) -> str:
    return "'" + special[0]


def _rewrite(document: Document, table: Table, old: str, change: Change) -> None:
    """Every formula of cells, names and calculated columns."""
    for sheet in document.sheets:
        here = sheet is table.sheet
        for place, formula in list(sheet.formulas.items()):
            text = _rewritten(formula.text, old, change, here and place in table.area)
            if text != formula.text:
                sheet.respell(place, text)
        for other in document.tables_of(sheet):
            for kind in _FORMULAS:
                for entry in other.root.iter(f"{{{MAIN}}}{kind}"):
                    text = _rewritten(entry.text or "", old, change, other is table)
                    if text != entry.text:
                        other.respell(entry, text)
    for entry in document.workbook.names():
        text = _rewritten(entry.text or "", old, change, False)
        if text != entry.text:
            document.workbook.redefine(entry, text)


def _rewritten(formula: str, old: str, change: Change, inside: bool) -> str:
    plain = formula.replace("'", "").lower()
    if old.replace("'", "").lower() not in plain:
        return formula
    return rewritten(formula, lambda reference: change(reference, inside))
