"""A worksheet as text: its rows found and replaced, every other byte left alone.

Rows nobody touched keep their text. A row that is touched is taken apart into cells; cells that
are not written keep theirs. What is unusual in a file (attributes in another order, comments,
CDATA, missing references) is first brought into the usual form, for that row or that sheet only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lxml import etree

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area, letters, number
from smarketing_xl.a1.formulas import moved
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.cell_xml import unescape
from smarketing_xl.hosts.file.parts.package import MAIN, parse, serialise
from smarketing_xl.i18n import _

Cells = dict[int, tuple[str, str]]
"""Column → (attributes but the reference, what stands inside)."""

_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_STYLE = re.compile(r' s="(\d+)"')
_ROOT = re.compile(rb"<((?:[\w.\x80-\xff-]+:)?)worksheet\b")
_MARKS_OF_A_BLOCK = 2  # it is opened and closed
MAX_UNUSUAL = 3 << 20  # bytes of a sheet that is brought into the usual form
_ANY_PREFIX = r"(?:[^\s<>/!?\"'=]+:)?"
_ANY_BLOCK = re.compile(rf"<{_ANY_PREFIX}sheetData(?=[\s/>])".encode())
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# No possessive quantifier ("*+") here: before Python 3.11.5 those of groups match wrongly.
_ATTRIBUTES = r'(?:\s+[\w:.-]+="[^"<>]*")*'  # no ">" in a value: a tag ends at the first
_ROW_NUMBER = re.compile(rb'\br="([0-9]+)"')
_TOGETHER = 1_000  # rows that are written in one piece


def most_spread(cells: int) -> int:
    """How large the area from A1 to the last of so many cells may be."""
    return max(4_000_000, 8 * cells)


@dataclass(slots=True)
class Stamp:
    """The look that a grown table gives its columns in one of its new rows: column → style."""

    styles: dict[int, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which columns the cells of a row stand in. Rows alike share one.

    columns: in their order. orderly: that of the sheet, each once.
    """

    columns: tuple[int, ...]
    orderly: bool


@dataclass(slots=True)
class Row:
    """A row as it stood in the file, and the looks laid over it since.

    shape: that of its cells; None where it was written since.
    """

    xml: str
    stamps: list[Stamp] = field(default_factory=list)
    shape: Shape | None = None


@dataclass(slots=True)
class Formula:
    """A formula of a cell.

    text: as in the formula bar, without "=". xml: its `<f>` element. area: what an array formula
    covers. marks: attributes of its cell that belong to the formula (`cm`, the dynamic-array mark).
    group: the shared formula it is one of. known: the file has a value of it.
    """

    text: str
    xml: str
    area: Area | None = None
    marks: str = ""
    group: str = ""
    known: bool = False


class SheetXml:
    """The text of a worksheet part, open at `<sheetData>`."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        xml = _in_utf_8(data, name)
        self.prefix = _prefix(xml, name)
        p = re.escape(self.prefix)
        inside = rf"([^<]*(?:<(?!/?{p}c[\s/>])[^<]*)*)"  # up to the next cell, never further
        self._row = re.compile(rf"<{p}row({_ATTRIBUTES})\s*(/?)>".encode())
        self._cell = re.compile(rf'<{p}c r="([A-Z]+)[0-9]+"([^<>]*?)(?:/>|>{inside}</{p}c>)')
        self._f = re.compile(rf"<{p}f\b([^>]*?)(?:/>|>(.*?)</{p}f>)", re.S)
        place = rf'{p}c r="([A-Z]{{1,3}})([1-9][0-9]{{0,6}})"([^<>]*)>'
        self._place = re.compile(f"<{place}")
        reference = rf'<{p}c r="([A-Z]{{1,3}}[1-9][0-9]{{0,6}})"{_ATTRIBUTES}\s*/?>'
        self._reference = re.compile(reference)
        self._shapes: dict[str, Shape] = {}
        self._strange_cell = re.compile(f"<(?!{place}){_ANY_PREFIX}c(?=[\\s/>])".encode())
        self._split(xml if self._is_usual(xml) else self._made_usual(xml))

    def _is_usual(self, xml: bytes) -> bool:
        """Whether all that any reader might take for a cell is one to us, in the one block."""
        if b"<!" in xml:
            return False
        start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
        if xml.count(b"sheetData") == _MARKS_OF_A_BLOCK and self._only_ours(xml, start, end):
            around = (0, start), (end, len(xml))
            return not any(self._strange_cell.search(xml, *part) for part in around)
        block = _ANY_BLOCK.search(xml)
        return self._strange_cell.search(xml) is None and (
            block is None or _ANY_BLOCK.search(xml, block.end()) is None
        )

    def _only_ours(self, xml: bytes, start: int, end: int) -> bool:
        """Whether every tag of a cell in a stretch begins as ours do; no where that is in doubt.

        What it goes on with, `_shape` looks at.
        """
        tags = xml.count(b"<c", start, end)
        return (
            not self.prefix
            and tags == xml.count(b'<c r="', start, end)
            and xml.find(b":c", start, end) < 0
        )

    def _made_usual(self, xml: bytes) -> bytes:
        if len(xml) > MAX_UNUSUAL:
            raise self._odd()
        usual = _usual(xml, self.name)
        if not self._is_usual(usual):
            raise self._odd()
        return usual

    def _split(self, xml: bytes, retry: bool = True) -> None:
        """Take the part apart into its rows, and what stands before and behind them."""
        p = self.prefix.encode()
        opened = re.search(rb"<%bsheetData\s*(/?)>" % re.escape(p), xml)
        if not opened:
            raise WorkbookError(
                _("{sheet} holds no cells").format(sheet=self.name),
                _("Choose a worksheet, not a chart or a dialogue"),
            )
        close, row_close = b"</%bsheetData>" % p, b"</%brow>" % p
        start = opened.end()
        end = start if opened[1] else xml.index(close, start)
        self.head = xml[: opened.start()].decode() + f"<{self.prefix}sheetData>"
        self.tail = (close + xml[end + (0 if opened[1] else len(close)) :]).decode()
        self.rows: dict[int, Row] = {}
        while match := self._row.match(xml, start, end):
            at = _ROW_NUMBER.search(match[1])
            if not at or not 0 < int(at[1]) <= LAST_ROW:
                break
            past = match.end()
            if not match[2]:
                past = xml.find(row_close, past, end) + len(row_close)
            if past < match.end():
                break
            row = xml[start:past].decode()
            shape = self._shape(row, at[1].decode())
            if shape is None:
                break
            start = past
            self.rows[int(at[1])] = Row(row, shape=shape)
        if start == end:
            return
        if not retry:
            raise self._odd()
        self._split(self._made_usual(xml), retry=False)

    def _shape(self, row: str, number_: str) -> Shape | None:
        """Which columns the cells of a row stand in; None where one is not of its row, or odd."""
        references = self._reference.findall(row)
        if len(references) != row.count(f"<{self.prefix}c"):
            return None
        columns = "|".join([*references, ""]).replace(f"{number_}|", "|")
        if columns not in self._shapes:
            places = columns.split("|")[:-1]
            if not all(place.isalpha() for place in places):
                return None
            numbers = tuple(map(number, places))
            rising = all(one < other for one, other in pairwise(numbers))
            self._shapes[columns] = Shape(numbers, rising)
        return self._shapes[columns]

    def _odd(self) -> WorkbookError:
        return _unsafe(self.name)

    # --- reading ------------------------------------------------------------------------------

    def cells(self, number_: int) -> Cells:
        """The cells of a row, in their order, with the looks laid over it."""
        row = self.rows.get(number_)
        if row is None:
            return {}
        cells = self._parse(row)
        for stamp in row.stamps:
            for column, style in stamp.styles.items():
                cells[column] = (f' s="{style}"' if style else "", cells.get(column, ("", ""))[1])
        return cells

    def _parse(self, row: Row) -> Cells:
        body = self._body(row.xml)
        matches = self._cell.findall(body)
        if body.count(f"<{self.prefix}c ") != len(matches):
            raise self._odd()
        return {number(column): (attributes, inner) for column, attributes, inner in matches}

    @staticmethod
    def _body(row: str) -> str:
        if row.endswith("/>") and row.count("<") == 1:
            return ""
        return row[row.index(">") + 1 : row.rindex("</")]

    def row_attributes(self, number_: int) -> str:
        """The attributes of a row but its number and spans, e.g. ' ht="20" customHeight="1"'."""
        row = self.rows.get(number_)
        if row is None:
            return ""
        head = row.xml[row.xml.index("row") + 3 : row.xml.index(">")].rstrip("/")
        return re.sub(r'\s+(?:r|spans)="[^"]*"', "", head).rstrip()

    def style(self, row: int, column: int) -> int:
        """The style of a cell: its own, else its row's, else its column's."""
        cells = self.cells(row)
        if column in cells:
            match = _STYLE.search(cells[column][0])
            return int(match[1]) if match else 0
        return self.default_style(row, column)

    def default_style(self, row: int, column: int) -> int:
        """The style that a cell not yet there would have."""
        attributes = self.row_attributes(row)
        if 'customFormat="1"' in attributes:
            match = _STYLE.search(attributes)
            return int(match[1]) if match else 0
        return self.column_styles().get(column, 0)

    def column_styles(self) -> dict[int, int]:
        """The styles that whole columns carry."""
        styles: dict[int, int] = {}
        painted = 0
        for match in re.finditer(rf"<{re.escape(self.prefix)}col\b([^<>]*)>", self.head):
            marks = dict(re.findall(r'(\w+)="(\d+)"', match[1]))
            if "style" in marks:
                columns = range(int(marks["min"]), min(int(marks["max"]), LAST_COLUMN) + 1)
                painted += len(columns)
                if painted > LAST_COLUMN:  # no column has two styles
                    raise self._odd()
                styles |= dict.fromkeys(columns, int(marks["style"]))
        return styles

    def formulas(self) -> dict[tuple[int, int], Formula]:
        """Every formula in the sheet, by row and column; shared ones spelt out."""
        formulas: dict[tuple[int, int], Formula] = {}
        mark = f"<{self.prefix}f"
        masters: dict[str, tuple[tuple[int, int], str]] = {}
        for row, entry in self.rows.items():
            if mark not in entry.xml:
                continue
            for column, (attributes, inner) in self.cells(row).items():
                match = self._f.match(inner)
                if match:
                    formula = _formula(match, attributes, (row, column), masters)
                    formula.known = f"<{self.prefix}v" in inner
                    formulas[row, column] = formula
        return formulas

    def errors(self) -> Iterator[tuple[int, int, str]]:
        """Cells that show an error: row, column, the error."""
        for row, entry in self.rows.items():
            if 't="e"' not in entry.xml:
                continue
            for column, (attributes, inner) in self.cells(row).items():
                if 't="e"' in attributes:
                    value = re.search(r"v>([^<]*)<", inner)
                    if value:
                        yield row, column, value[1]

    @property
    def protected(self) -> bool:
        """Whether the sheet lets only its unlocked cells be written."""
        match = re.search(rf"<{re.escape(self.prefix)}sheetProtection\b[^>]*>", self.tail)
        return match is not None and re.search(r'\bsheet="(?:1|true)"', match[0]) is not None

    @property
    def filtered(self) -> bool:
        """Whether a filter of the sheet's own, outside its tables, hides rows."""
        return re.search(rf"<{re.escape(self.prefix)}filterColumn\b", self.tail) is not None

    def hidden_rows(self) -> list[int]:
        """The numbers of the rows that are not shown, by a filter or by hand."""
        return sorted(
            number_ for number_ in self.rows if _HIDDEN.search(self.row_attributes(number_))
        )

    # --- writing ------------------------------------------------------------------------------

    def put_row(self, number_: int, cells: list[str], attributes: str | None = None) -> None:
        """Replace a row by cells already rendered, in their order."""
        p = self.prefix
        if attributes is None:
            attributes = self.row_attributes(number_)
        head = f'<{p}row r="{number_}"{attributes}'
        text = f"{head}>{''.join(cells)}</{p}row>" if cells else f"{head}/>"
        self.rows[number_] = Row(text)

    def drop_cells(self, number_: int, left: int, right: int) -> None:
        """Take the cells of some columns out of a row, and the row itself where nothing is left."""
        attributes = self.row_attributes(number_)
        kept = {
            column: cell
            for column, cell in self.cells(number_).items()
            if not left <= column <= right
        }
        if not any(inner for _marks, inner in kept.values()):
            attributes = re.sub(r' (?:ht|customHeight)="[^"]*"', "", attributes)
        p = self.prefix
        self.put_row(
            number_,
            [
                f'<{p}c r="{letters(column)}{number_}"{marks}'
                + (f">{inner}</{p}c>" if inner else "/>")
                for column, (marks, inner) in kept.items()
            ],
            attributes,
        )
        if not kept and not attributes:
            del self.rows[number_]

    def set_row_attributes(self, number_: int, attributes: str) -> None:
        """Give a row other attributes (see `row_attributes`)."""
        row = self.rows[number_]
        end = row.xml.index(">")
        close = "/" if row.xml[end - 1] == "/" else ""
        row.xml = f'<{self.prefix}row r="{number_}"{attributes}{close}{row.xml[end:]}'

    def check_size(self) -> None:
        """WorkbookError where cells are strewn so widely that reading them would fill memory, or
        where a cell claims to stand in another row than its own.
        """
        cells, extent = self._extent(blank=True)
        if extent > most_spread(cells):
            cells, extent = self._extent(blank=False)
        if extent > most_spread(cells):
            raise WorkbookError(
                _("{sheet} is too wide and long to read").format(sheet=self.name),
                _("Delete the unused rows and columns around its data"),
            )

    def _extent(self, blank: bool) -> tuple[int, int]:
        """How many cells there are, and how many the area from A1 to the last one has.

        blank: cells that hold nothing count too.
        """
        longest = widest = count = 0
        for row, entry in self.rows.items():
            if blank and entry.shape is not None:
                columns = entry.shape.columns
            else:
                columns = self._columns_of_cells(row, blank)
            if columns:
                count += len(columns)
                longest, widest = max(longest, row), max(widest, *columns)
        return count, longest * widest

    def _columns_of_cells(self, row: int, blank: bool) -> tuple[int, ...]:
        places = self._place.findall(self.rows[row].xml)
        if any(int(place[1]) != row for place in places):
            raise self._odd()
        return tuple(
            number(column) for column, _row, marks in places if blank or not marks.endswith("/")
        )

    def xml(self) -> Iterator[bytes]:
        """The sheet's part, put together again from its rows, piece by piece."""
        yield self.head.encode()
        numbers = sorted(self.rows)
        for first in range(0, len(numbers), _TOGETHER):
            some = numbers[first : first + _TOGETHER]
            yield "".join([self.rows[row].xml for row in some]).encode()
        yield self.tail.encode()

    def frame(self) -> etree._Element:
        """Everything but the rows, as a tree; give it back with `set_frame`."""
        return parse((self.head + self.tail).encode(), self.name)

    def set_frame(self, root: etree._Element) -> None:
        """Take everything but the rows from a tree."""
        text = etree.tostring(root, encoding="unicode")
        p = self.prefix
        declaration = self.head[: self.head.index(f"<{p}worksheet")]
        opened = re.search(rf"<{re.escape(p)}sheetData\s*/?>", text)
        assert opened is not None
        self.head = declaration + text[: opened.start()] + f"<{p}sheetData>"
        rest = text[opened.end() :]
        self.tail = rest if rest.startswith("</") else f"</{p}sheetData>{rest}"

    def widen(self, area: Area) -> None:
        """Have the sheet's dimension take in an area."""
        pattern = rf'(<{re.escape(self.prefix)}dimension ref=")([^"]*)'
        self.head = re.sub(pattern, lambda match: match[1] + _around(match[2], area), self.head)


def _around(known: str, area: Area) -> str:
    try:
        old = Area.parse(known)
    except ValueError:
        return str(area)
    corners = (min(old.top, area.top), min(old.left, area.left))
    return str(Area.spanning(corners, (max(old.bottom, area.bottom), max(old.right, area.right))))


def own_style(attributes: str) -> int:
    """The style in a cell's attributes; 0 where it has none."""
    match = _STYLE.search(attributes)
    return int(match[1]) if match else 0


def _in_utf_8(data: bytes, name: str) -> bytes:
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    declared = re.match(rb"<\?xml[^>]*encoding=[\"']([\w-]+)", data)
    usual = declared is None or declared[1].lower() == b"utf-8"
    if usual and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return _usual(data, name)


def _prefix(xml: bytes, name: str) -> str:
    match = _ROOT.search(xml)
    if not match:
        raise WorkbookError(
            _("{sheet} is not a worksheet").format(sheet=name), _("Choose a worksheet")
        )
    return match[1].decode()


def _usual(data: bytes, name: str) -> bytes:
    """The same sheet with `r` first on every row and cell, and nothing between them."""
    root = parse(data, name)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    last = 0
    for row in root.iter(f"{{{MAIN}}}row"):
        last = int(row.get("r") or last + 1)
        _first_attribute(row, str(last))
        row.tail = row.text = None
        column = 0
        for cell in row.iter(f"{{{MAIN}}}c"):
            given = cell.get("r", "").upper()
            at = _REFERENCE.fullmatch(given or f"{letters(column + 1)}{last}")
            if at is None or int(at[2]) != last:
                raise _unsafe(name)
            column = number(at[1])
            _first_attribute(cell, f"{letters(column)}{last}")
            cell.tail = cell.text = None
    data_ = root.find(f"{{{MAIN}}}sheetData")
    if data_ is not None:
        data_.text = None
    return serialise(root)


def _unsafe(name: str) -> WorkbookError:
    return WorkbookError(
        _("{sheet} is written in a way that cannot be read safely").format(sheet=name),
        _("Save the workbook once from Excel or LibreOffice"),
    )


def _first_attribute(element: Any, reference: str) -> None:
    others = [(key, value) for key, value in element.attrib.items() if key != "r"]
    element.attrib.clear()
    element.set("r", reference)
    for key, value in others:
        element.set(key, value)


def _formula(
    match: re.Match[str],
    attributes: str,
    at: tuple[int, int],
    masters: dict[str, tuple[tuple[int, int], str]],
) -> Formula:
    marks = dict(re.findall(r'([\w:]+)="([^"]*)"', match[1]))
    text = unescape(match[2] or "")
    kind = marks.get("t", "normal")
    group = ""
    if kind == "shared":
        group = marks.get("si", "")
        if text:
            masters[group] = (at, text)
        elif group in masters:
            text = moved(masters[group][1], masters[group][0], at)
    area = Area.parse(marks["ref"]) if kind in ("array", "dataTable") and "ref" in marks else None
    kept = "".join(re.findall(r' (?:cm|vm)="\d+"', attributes)) if area else ""
    return Formula(text, match[0], area, kept, group)
