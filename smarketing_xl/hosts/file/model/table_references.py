"""What follows the rows of a table when it grows or shrinks.

Validation and conditional formats of its columns; and whatever refers to all rows of a column of
it: charts, sparklines, formulas in cells, names and rules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from smarketing_xl.a1.areas import Area, letters
from smarketing_xl.a1.formulas import rewritten
from smarketing_xl.hosts.file.parts.cell_xml import escape, unescape
from smarketing_xl.hosts.file.parts.package import MAIN
from smarketing_xl.hosts.file.parts.workbook_xml import area_of

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document
    from smarketing_xl.hosts.file.model.sheet import Sheet

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_RULE_FORMULAS = (
    *(f"{{{MAIN}}}{kind}" for kind in ("formula", "formula1", "formula2")),
    f"{{{_XM}}}f",
)
_MOVES = re.compile(r"(?:.*!)?\$?[A-Z]+\d+:\$?[A-Z]+\d+", re.DOTALL | re.IGNORECASE)
_CHART = re.compile(r"(?:^|/)charts/chart[^/]*\.xml$")
_CHART_REFERENCE = re.compile(r"(<(?:\w+:)?f>)([^<]*)(</(?:\w+:)?f>)")


def follow(sheet: Sheet, table: Area, top: int, last: int, new_last: int) -> None:
    """Have all that belongs to a table's columns follow its last row.

    top: its first row of data. last, new_last: its last row of data before and now.
    """
    column = _Column(sheet.name, table, top, last, new_last)
    _stretch_rules(sheet, table, last, new_last)
    _stretch_charts(sheet.document, column)
    _stretch_sparklines(sheet.document, column)
    if last > top:
        _stretch_names(sheet.document, column)
    _stretch_formulas(sheet.document, column)
    _stretch_formulas_of_rules(sheet.document, column)


class _Column:
    """A whole column of a table, as references name it."""

    def __init__(self, sheet: str, table: Area, top: int, last: int, new_last: int) -> None:
        self.sheet, self.table = sheet.lower(), table
        self.top, self.last, self.new_last = top, last, new_last

    def in_formula(self, formula: str, home: str, *, of_rows: bool = False) -> str:
        """A formula with the rows of now.

        home: the sheet it stands on. of_rows: it is said for each row anew, so that in a table of
        one row A6:F6 is that row, not the columns; $A$6:$F$6 are the columns.
        """
        if str(self.last) not in formula or formula.startswith("="):
            return formula

        def renewed(text: str) -> str:
            kept = ":" not in text or (of_rows and _MOVES.fullmatch(text))
            return text if kept else self.stretched(text, home)

        return rewritten(formula, renewed)

    def stretched(self, text: str, home: str = "") -> str:
        """The reference with the rows of now, where it names whole columns; else as it is."""
        reference = area_of(text)
        if reference is None or (reference[0] or home).lower() != self.sheet:
            return text
        area = reference[1]
        rows = (area.top, area.bottom) == (self.top, self.last)
        if not rows or area.left < self.table.left or area.right > self.table.right:
            return text
        if ":" in text:
            return re.sub(r"\d+$", str(self.new_last), text)
        return f"{text}:${letters(area.right)}${self.new_last}"


def _stretch_names(document: Document, column: _Column) -> None:
    for entry in [*document.workbook.names(), *document.workbook.built_in_names()]:
        pieces = (entry.text or "").split(",")
        text = ",".join(map(column.stretched, pieces))
        if text == entry.text:
            text = column.in_formula(text, "")
        if text != (entry.text or ""):
            document.workbook.redefine(entry, text)


def _stretch_formulas(document: Document, column: _Column) -> None:
    for sheet in document.sheets:
        for place, formula in list(sheet.formulas.items()):
            beside = column.top == column.last == place[0] and sheet.name.lower() == column.sheet
            text = column.in_formula(formula.text, sheet.name, of_rows=beside)
            if text != formula.text:
                sheet.respell(place, text)
                document.note_written(sheet, Area(*place, *place))


def _stretch_formulas_of_rules(document: Document, column: _Column) -> None:
    for sheet in document.sheets:
        if str(column.last) not in sheet.xml.tail:
            continue
        root = sheet.xml.frame()
        changed = False
        for entry in root.iter(*_RULE_FORMULAS):
            text = column.in_formula(entry.text or "", sheet.name, of_rows=True)
            if text != (entry.text or ""):
                entry.text, changed = text, True
        if changed:
            sheet.xml.set_frame(root)
            sheet.reshaped = True


def _stretch_charts(document: Document, column: _Column) -> None:
    for part in document.package.parts:
        if not _CHART.search(part):
            continue
        old = document.part(part).decode()
        new = _CHART_REFERENCE.sub(
            lambda match: match[1] + escape(column.stretched(unescape(match[2]))) + match[3], old
        )
        if new != old:
            document.patched[part] = new.encode()


def _stretch_sparklines(document: Document, column: _Column) -> None:
    if column.top == column.last:
        return  # a row of a table with one row: as likely a sparkline along that row
    for sheet in document.sheets:
        if "sparkline" not in sheet.xml.tail:
            continue
        root = sheet.xml.frame()
        before = etree.tostring(root)
        for line in root.iter(f"{{{_X14}}}sparkline"):
            source = line.find(f"{{{_XM}}}f")
            if source is not None and source.text:
                source.text = column.stretched(source.text)
        if etree.tostring(root) != before:
            sheet.xml.set_frame(root)
            sheet.reshaped = True


def _stretch_rules(sheet: Sheet, table: Area, last: int, new_last: int) -> None:
    root = sheet.xml.frame()
    before = etree.tostring(root)
    for entry in root.iter(f"{{{MAIN}}}conditionalFormatting", f"{{{MAIN}}}dataValidation"):
        entry.set("sqref", _stretched(entry.get("sqref", ""), table, last, new_last))
    for kind in ("conditionalFormatting", "dataValidation"):
        for entry in root.iter(f"{{{_X14}}}{kind}"):
            place = entry.find(f"{{{_XM}}}sqref")
            if place is not None and place.text:
                place.text = _stretched(place.text, table, last, new_last)
    if etree.tostring(root) != before:
        sheet.xml.set_frame(root)


def _stretched(sqref: str, table: Area, last: int, new_last: int) -> str:
    return " ".join(_stretched_one(piece, table, last, new_last) for piece in sqref.split())


def _stretched_one(piece: str, table: Area, last: int, new_last: int) -> str:
    area = Area.parse(piece)
    inside = table.left <= area.left and area.right <= table.right
    grows = area.top <= last <= area.bottom < new_last
    shrinks = area.top <= new_last < area.bottom == last
    if not inside or area.top < table.top or not (grows or shrinks):
        return piece
    return str(Area(area.top, area.left, new_last, area.right))
