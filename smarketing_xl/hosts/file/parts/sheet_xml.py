"""A worksheet as text: its rows found and replaced, every other byte left alone.

Rows nobody touched keep their bytes. A row that is touched is taken apart into cells; cells that
are not written keep theirs. What is unusual in a file (attributes in another order, comments,
CDATA, missing references) is first brought into the usual form, for that sheet only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from lxml import etree

from smarketing_xl.a1.areas import LAST_COLUMN, Area, letters, number
from smarketing_xl.a1.formulas import moved
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.cell_xml import unescape
from smarketing_xl.hosts.file.parts.package import MAIN, parse, serialise
from smarketing_xl.hosts.file.parts.row_index import index_of
from smarketing_xl.i18n import _

Cells = dict[int, tuple[str, str]]
"""Column → (attributes but the reference, what stands inside)."""

HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_OWN_LOOK = re.compile(r'\scustomFormat="(?:1|true)"')
_STYLE = re.compile(r' s="(\d+)"')
_SINGLE_QUOTED = re.compile(r"<[^<>]*=\s*'")
_ROOT = re.compile(rb"<((?:[\w.\x80-\xff-]+:)?)worksheet\b")
_MARKS_OF_A_BLOCK = 2  # it is opened and closed
MAX_UNUSUAL = 3 << 20  # bytes of a sheet that is brought into the usual form
_ANY_PREFIX = r"(?:[^\s<>/!?\"'=]+:)?"
_ANY_BLOCK = re.compile(rf"<{_ANY_PREFIX}sheetData(?=[\s/>])".encode())
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def most_spread(cells: int) -> int:
    """How large the area from A1 to the last of so many cells may be."""
    return max(4_000_000, 8 * cells)


@dataclass(slots=True)
class Stamp:
    """The look that a grown table gives its columns in one of its new rows: column → style."""

    styles: dict[int, int | None]


@dataclass(slots=True)
class Row:
    """A row as it stands in the file or was written since, and the looks laid over it.

    at: which it is in the sheet's index; None where it was written. written: its text then.
    """

    at: int | None = None
    written: bytes = b""
    stamps: tuple[Stamp, ...] = ()


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
        self._cell = re.compile(rf'<{p}c r="([A-Z]+)[0-9]+"([^<>]*?)(?:/>|>{inside}</{p}c>)')
        self._f = re.compile(rf"<{p}f\b([^>]*?)(?:/>|>(.*?)</{p}f>)", re.S)
        place = rf'{p}c r="([A-Z]{{1,3}})([1-9][0-9]{{0,6}})"([^<>]*)>'
        self._strange_cell = re.compile(f"<(?!{place}){_ANY_PREFIX}c(?=[\\s/>])".encode())
        self._split(xml if self._is_usual(xml) else self._made_usual(xml))

    def _is_usual(self, xml: bytes) -> bool:
        """Whether nothing that any reader might take for a cell stands outside of the one block.

        What stands in it, the index looks at.
        """
        if b"<!" in xml:
            return False
        start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
        if xml.count(b"sheetData") == _MARKS_OF_A_BLOCK:
            around = (0, start), (end, len(xml))
            return not any(self._strange_cell.search(xml, *part) for part in around)
        block = _ANY_BLOCK.search(xml)
        return self._strange_cell.search(xml) is None and (
            block is None or _ANY_BLOCK.search(xml, block.end()) is None
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
        close = b"</%bsheetData>" % p
        start = opened.end()
        end = start if opened[1] else xml.index(close, start)
        index = index_of(xml, start, end, self.prefix)
        if index is None:
            if not retry:
                raise self._odd()
            self._split(self._made_usual(xml), retry=False)
            return
        self.head = xml[: opened.start()].decode() + f"<{self.prefix}sheetData>"
        self.tail = (close + xml[end + (0 if opened[1] else len(close)) :]).decode()
        if _SINGLE_QUOTED.search(self.head) or _SINGLE_QUOTED.search(self.tail):
            self.set_frame(self.frame())
        self.data, self.index = xml, index
        self.rows = {number_: Row(at) for at, number_ in enumerate(index.numbers.tolist())}

    def text(self, row: Row) -> bytes:
        """A row's text, without the looks laid over it."""
        if row.at is None:
            return row.written
        return self.data[self.index.starts[row.at] : self.index.ends[row.at]]

    def rows_with(self, mark: str) -> list[int]:
        """The numbers of the rows in whose text something stands, as they stand in the file."""
        index, looked_for = self.index, mark.encode()
        found = np.array(
            [match.start() for match in re.finditer(re.escape(looked_for), self.data)],
            dtype=np.int64,
        )
        at = np.searchsorted(index.starts, found, "right") - 1
        inside = (at >= 0) & (found < index.ends[at]) if len(index.ends) else at >= 0
        known = set(at[inside].tolist())
        return [
            number_
            for number_, row in self.rows.items()
            if (looked_for in row.written if row.at is None else row.at in known)
        ]

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
        body = self._body(self.text(row).decode())
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
        xml = self.text(row)
        head = xml[xml.index(b"row") + 3 : xml.index(b">")].decode().rstrip("/")
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
        own = row_style(self.row_attributes(row))
        return self.column_styles().get(column, 0) if own is None else own

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
        masters: dict[str, tuple[tuple[int, int], str]] = {}
        for row in self.rows_with(f"<{self.prefix}f"):
            for column, (attributes, inner) in self.cells(row).items():
                match = self._f.match(inner)
                if match:
                    formula = _formula(match, attributes, (row, column), masters)
                    formula.known = f"<{self.prefix}v" in inner
                    formulas[row, column] = formula
        return formulas

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
            number_
            for number_ in self.rows_with(' hidden="')
            if HIDDEN.search(self.row_attributes(number_))
        )

    # --- writing ------------------------------------------------------------------------------

    def put_row(self, number_: int, cells: list[str], attributes: str | None = None) -> None:
        """Replace a row by cells already rendered, in their order."""
        p = self.prefix
        if attributes is None:
            attributes = self.row_attributes(number_)
        head = f'<{p}row r="{number_}"{attributes}'
        text = f"{head}>{''.join(cells)}</{p}row>" if cells else f"{head}/>"
        self.rows[number_] = Row(written=text.encode())

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
        xml = self.text(row)
        end = xml.index(b">")
        close = "/" if xml[end - 1 : end] == b"/" else ""
        head = f'<{self.prefix}row r="{number_}"{attributes}{close}'
        row.at, row.written = None, head.encode() + xml[end:]

    def add_row(self, number_: int, attributes: str) -> Row:
        """A new row without cells."""
        head = f'<{self.prefix}row r="{number_}"{attributes}/>'
        row = self.rows[number_] = Row(written=head.encode())
        return row

    def check_size(self) -> None:
        """WorkbookError where cells are strewn so widely that reading them would fill memory."""
        cells, extent = self.index.extent(blank=True)
        if extent > most_spread(cells):
            cells, extent = self.index.extent(blank=False)
        if extent > most_spread(cells):
            raise WorkbookError(
                _("{sheet} is too wide and long to read").format(sheet=self.name),
                _("Delete the unused rows and columns around its data"),
            )

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


def row_style(attributes: str) -> int | None:
    """The style that a row gives cells that are not there; None where its columns do."""
    return own_style(attributes) if _OWN_LOOK.search(attributes) else None


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
