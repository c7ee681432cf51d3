"""The references in a formula: which cells it reads, and its text with plain addresses only.

Names, structured references (`Plan[[#This Row],[Quota]]`) and what they stand for are spelt out, so
that a calculation engine needs neither tables nor names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area, Place, letters
from smarketing_xl.a1.formulas import function_name, tokens
from smarketing_xl.hosts.file.parts.workbook_xml import area_of, split_reference

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document
    from smarketing_xl.hosts.file.model.table import Table

Where = tuple[str, Area]
"""A sheet's name and an area of it."""

_DEEPEST = 20  # names that stand for names
_COLUMN_PART = re.compile(r"\[((?:'.|[^\]'])*)\]")
_PARTS = {"#all", "#data", "#headers", "#totals", "#this row"}
_DEPTH = {"call": 1, "end": -1}
_OPAQUE = ("INDIRECT", "OFFSET", "CELL", "INFO")


@dataclass
class Spelt:
    """A formula spelt out.

    text: with "=". reads: areas whose cells it uses. functions: names in upper case, `_xlfn.`
    gone. opaque: it reads cells that its text does not name.
    """

    text: str = ""
    reads: list[Where] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)

    @property
    def opaque(self) -> bool:
        return any(name in _OPAQUE for name in self.functions)


FindName = Callable[[str, str | None], etree._Element | None]
"""The entry of a defined name as a sheet knows it."""


def spell(
    document: Document,
    sheet: str,
    at: Place,
    formula: str,
    array: bool,
    find_name: FindName,
) -> Spelt:
    """Spell a formula out. array: it may answer an area; else areas outside of functions are cut
    to the row or column of its cell, as Excel does. find_name: looks a name up in the workbook.
    """
    return _Speller(document, sheet, at, array, find_name).spell(formula)


class _Speller:
    def __init__(
        self, document: Document, sheet: str, at: Place, array: bool, find_name: FindName
    ) -> None:
        self.document = document
        self.find_name = find_name
        self.sheet = sheet
        self.at = at
        self.array = array
        self.found = Spelt()

    def spell(self, formula: str) -> Spelt:
        self.found.text = "=" + self._spelt(formula, depth=0)
        return self.found

    def _spelt(self, formula: str, depth: int, inside: int = 0) -> str:
        """inside: in how many calls of functions the formula, or the name it stands for, is."""
        out = []
        cut = False
        for kind, value in tokens(formula):
            if kind == "@":
                cut = True
                continue
            if kind == "reference":
                cut = cut or (not self.array and not inside)
                value = self._operand(value, cut, depth, inside)
            elif kind == "call":
                self.found.functions.append(function_name(value))
            inside += _DEPTH.get(kind, 0)
            out.append(value)
            cut = False
        return "".join(out)

    def _operand(self, text: str, cut: bool, depth: int, inside: int) -> str:
        where = self._area(text)
        if where is None:
            return self._named(text, depth, inside) or text
        if cut:
            where = self._cut(where)
        self.found.reads.append(where)
        return address(where)

    def _named(self, text: str, depth: int, inside: int) -> str | None:
        scope, name = split_reference(text)
        entry = self.find_name(name, scope or self.sheet)
        if entry is None or not entry.text or depth > _DEEPEST:
            return None
        return f"({self._spelt(entry.text, depth + 1, inside)})"

    def _area(self, text: str) -> Where | None:
        if "[" in text or text.lower() in self.document.tables:
            return structured(self.document, self.sheet, self.at, text)
        reference = area_of(text)
        if reference is None:
            return None
        try:
            return self.document.sheet(reference[0] or self.sheet).name, reference[1]
        except KeyError:
            return None

    def _cut(self, where: Where) -> Where:
        """What an area comes to in a single cell: the cell of the same row or column."""
        sheet, area = where
        if area.left == area.right and area.top <= self.at[0] <= area.bottom:
            return sheet, Area(self.at[0], area.left, self.at[0], area.right)
        if area.top == area.bottom and area.left <= self.at[1] <= area.right:
            return sheet, Area(area.top, self.at[1], area.bottom, self.at[1])
        return where


def address(where: Where) -> str:
    """A reference with its sheet."""
    sheet, area = where
    quoted = sheet.replace("'", "''")
    if (area.top, area.bottom) == (1, LAST_ROW):
        return f"'{quoted}'!{letters(area.left)}:{letters(area.right)}"
    if (area.left, area.right) == (1, LAST_COLUMN):
        return f"'{quoted}'!{area.top}:{area.bottom}"
    return f"'{quoted}'!{area}"


def structured(document: Document, sheet: str, at: Place, text: str) -> Where | None:
    """The area of a structured reference; None where it is none, or refers to another file."""
    name, _mark, rest = text.partition("[")
    rest = rest or "]"
    table = document.tables.get(name.lower()) if name else table_at(document, sheet, at)
    if table is None or not rest.endswith("]"):
        return None
    rows, columns = read_parts(rest[:-1])
    bounds = _rows_of(table, rows, at)
    across = _columns_of(table, columns)
    if bounds is None or across is None:
        return None
    return table.sheet.name, Area(bounds[0], across[0], bounds[1], across[1])


def table_at(document: Document, sheet: str, at: Place) -> Table | None:
    """The table that a cell stands in."""
    for table in document.tables_of(document.sheet(sheet)):
        if at in table.area:
            return table
    return None


@lru_cache(maxsize=1024)
def read_parts(inside: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """'[#This Row],[Quota]' → the parts of the table asked for, and its columns."""
    inside = inside.strip()
    rows: set[str] = set()
    if inside.startswith("@"):
        rows, inside = {"#this row"}, inside[1:].strip()
    if inside.startswith("["):
        pieces = _COLUMN_PART.findall(inside)
        loose = _COLUMN_PART.sub("", inside).replace(",", "").replace(":", "").strip()
        pieces += [loose] if loose else []
    else:
        pieces = [inside] if inside else []
    rows |= {piece.lower() for piece in pieces if piece.lower() in _PARTS}
    columns = (re.sub(r"'(.)", r"\1", p).lower() for p in pieces if p.lower() not in _PARTS)
    return frozenset(rows), tuple(columns)


def _rows_of(table: Table, parts: frozenset[str], at: Place) -> tuple[int, int] | None:
    area, body = table.area, table.body
    known = {
        "#all": (area.top, area.bottom),
        "#data": (body.top, body.bottom),
        "#headers": (area.top, area.top),
        "#totals": (area.bottom, area.bottom),
        "#this row": (at[0], at[0]),
    }
    if "#this row" in parts and not body.top <= at[0] <= body.bottom:
        return None
    if ("#headers" in parts and not table.header_rows) or (
        "#totals" in parts and not table.totals_rows
    ):
        return None
    spans = [known[part] for part in parts or ("#data",)]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def _columns_of(table: Table, columns: tuple[str, ...]) -> tuple[int, int] | None:
    if not columns:
        return table.area.left, table.area.right
    places = [table.places[column] for column in columns if column in table.places]
    if len(places) < len(columns):
        return None
    return min(places), max(places)
