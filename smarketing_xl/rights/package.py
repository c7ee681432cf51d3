"""Every part of a workbook's file, searched for traces of people and rid of them.

Texts of cells and of texts that no cell shows any more, notes, headers and footers, names of
shapes, drop-downs, filters, caches of pivot tables and charts, links, properties of the document,
and the texts that a picture carries. What cannot be changed without harm (names of sheets, columns
and macros, embedded files) is not: it is named, so that it can be changed by hand.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from lxml import etree

from smarketing_xl.a1.areas import place
from smarketing_xl.hosts.file.parts.package import MAIN, PKG_RELS, Package, parse, serialise
from smarketing_xl.hosts.file.parts.workbook_xml import WorkbookXml
from smarketing_xl.leads.traces import GONE, Traces

_FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula",
     "totalsRowFormula"}
)  # fmt: skip
_RUNS = frozenset({"si", "is", "text", "p", "rich"})  # texts that may be written in several runs
_SAID = {  # attributes that people read or write, by element
    "filter": ("val",), "customFilter": ("val",), "s": ("v",), "cNvPr": ("title", "descr"),
    "hyperlink": ("display", "tooltip"), "author": (), "person": ("displayName", "userId"),
    "dataValidation": ("prompt", "promptTitle", "error", "errorTitle"), "pageItem": ("name",),
    "worksheetSource": (), "oddHeader": (), "item": ("n",), "scenario": ("user", "comment"),
    "inputCells": ("val",), "fileSharing": ("userName",), "dbPr": ("connection", "command"),
}  # fmt: skip
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_PROPERTIES = frozenset({"creator", "lastModifiedBy", "manager", "company"})
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_BY_CHANCE = 8  # letters; fewer may stand in any picture
_ABSOLUTE = "{http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac}absPath"


@dataclass(frozen=True)
class Order:
    """What goes. notes: by sheet, the rows whose notes go whole (None: every note that is not
    ours). known: texts that come with the workbook: they are of nobody. everyone: who made the
    document goes too, and where it lay.
    """

    traces: Traces
    notes: Mapping[str, Collection[int]] = field(default_factory=dict)
    known: Collection[str] = ()
    everyone: bool = False

    def hide(self, text: str) -> str:
        """A text without traces."""
        return text if text in self.known else self.traces.hide(text)


@dataclass(frozen=True)
class Cleaned:
    """The parts that change, those that go, and where traces stay that cannot be taken out."""

    parts: dict[str, bytes]
    gone: tuple[str, ...]
    left: tuple[str, ...]


def mentions(package: Package, traces: Traces) -> list[tuple[str, str]]:
    """Where traces stand in a file: the part, and the text around them."""
    found = []
    for part in package.parts:
        if not _is_xml(part) or part.endswith(".rels"):
            continue
        root = package.xml(part)
        texts = {text for _element, text in _texts(root)} | set(_attributes(root))
        found += [(part, text) for text in sorted(texts) if traces.are_in(text)]
    return found


def clean(package: Package, order: Order) -> Cleaned:
    """The file without the traces that an order names."""
    parts: dict[str, bytes] = {}
    notes = _notes(package, order)
    used = _used_texts(package)
    gone = [part for part in package.parts if part.startswith("docProps/thumbnail")]
    for part in package.parts:
        data = package.read(part)
        if part in gone or part == "[Content_Types].xml":
            continue
        if part.endswith(".rels"):
            new = _links(data, package.name, order, gone)
        elif _is_xml(part):
            new = _xml(part, data, package, order, notes.get(part), used)
        else:
            new = without_metadata(data)
        if new != data:
            parts[part] = new
    surely = Traces(order.traces.phrases)
    long = {phrase for phrase in surely.phrases if sum(map(len, phrase)) >= _BY_CHANCE}
    left = tuple(
        part
        for part in package.parts
        if part not in gone
        and _holds(parts.get(part) or package.read(part), part, surely, Traces(long))
    )
    return Cleaned(parts, tuple(gone), left)


def without_metadata(image: bytes) -> bytes:
    """A PNG or JPEG without the texts, places and thumbnails that it carries; others as they are.

    >>> without_metadata(b"GIF89a")
    b'GIF89a'
    """
    if image.startswith(_PNG):
        return _PNG + b"".join(
            chunk for name, chunk in _png_chunks(image) if name not in _PNG_TEXTS
        )
    if image.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd8" + b"".join(_jpeg_segments(image))
    return image


def _png_chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(image):
        size = 12 + struct.unpack(">I", image[at : at + 4])[0]
        yield image[at + 4 : at + 8], image[at : at + size]
        at += size


def _jpeg_segments(image: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(image) and image[at] == 0xFF:
        kind, size = image[at + 1], 2 + struct.unpack(">H", image[at + 2 : at + 4])[0]
        if kind == 0xDA:  # from here on it is the picture
            break
        if kind != 0xFE and not (0xE1 <= kind <= 0xED or kind == 0xEF):  # 0xEE says the colours
            yield image[at : at + size]
        at += size
    yield image[at:]


# --- XML ----------------------------------------------------------------------------------------


def _is_xml(part: str) -> bool:
    return part.endswith((".xml", ".rels", ".vml"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _xml(
    part: str,
    data: bytes,
    package: Package,
    order: Order,
    rows: Callable[[str, str], bool] | None,
    used: set[int] | None,
) -> bytes:
    root = parse(data, package.name)
    before = etree.tostring(root)
    if used is not None and part.lower().endswith("sharedstrings.xml"):
        _drop_unused(root, used)
    for element in list(root.iter()):
        name = _name(element)
        if rows and name in ("comment", "threadedComment") and _whole(element, rows):
            continue
        if name in _RUNS:
            _hide_runs(element, order)
        elif name in _FORMULAS or (name == "f" and element.text):
            if element.text:
                element.text = _LITERAL.sub(lambda match: _literal(match[0], order), element.text)
        elif element.text and not _is_number(element):
            if order.everyone and name.lower() in _PROPERTIES and "docProps" in part:
                element.text = ""
            else:
                element.text = order.hide(element.text)
        for key in _SAID.get(name, ()):
            if element.get(key):
                element.set(key, order.hide(element.get(key, "")))
        if name == "pivotCacheDefinition":
            element.set("refreshOnLoad", "1")
        if name == "person" and order.everyone:
            element.set("displayName", GONE)
            element.set("userId", GONE)
        if name == "author" and order.everyone and element.text:
            element.text = GONE
    for lay in list(root.iter(_ABSOLUTE)):
        parent = lay.getparent()
        if parent is not None:
            parent.remove(lay)
    return data if etree.tostring(root) == before else serialise(root)


def _literal(text: str, order: Order) -> str:
    inside = text[1:-1].replace('""', '"')
    hidden = order.hide(inside)
    return text if hidden == inside else '"' + hidden.replace('"', '""') + '"'


def _is_number(element: etree._Element) -> bool:
    """Whether it is the value of a cell that is no text of its own."""
    parent = element.getparent()
    if parent is None or _name(element) != "v" or _name(parent) != "c":
        return False
    return parent.get("t") != "str"


def _hide_runs(element: etree._Element, order: Order) -> None:
    """A text that is written in pieces is read as one."""
    pieces = [each for each in element.iter() if _name(each) == "t"]
    if not pieces:
        if _name(element) == "text" and element.text:
            element.text = order.hide(element.text)
        return
    text = "".join(piece.text or "" for piece in pieces)
    hidden = order.hide(text)
    if hidden == text:
        return
    for piece in pieces:
        piece.text = ""
    pieces[0].text = hidden


def _drop_unused(root: etree._Element, used: set[int]) -> None:
    """Shared texts that no cell shows any more hold nothing; their numbers stay taken."""
    for number, entry in enumerate(root.iter(f"{{{MAIN}}}si")):
        if number not in used:
            for piece in list(entry):
                entry.remove(piece)
            etree.SubElement(entry, f"{{{MAIN}}}t")


def _used_texts(package: Package) -> set[int]:
    """The numbers of the shared texts that cells show."""
    used: set[int] = set()
    for part in package.parts:
        if not re.match(r"xl/(?:work|macro|dialog)?sheets?/", part, re.I) or not _is_xml(part):
            continue
        for cell in package.xml(part).iter(f"{{{MAIN}}}c"):
            value = cell.find(f"{{{MAIN}}}v") if cell.get("t") == "s" else None
            if value is not None and value.text:
                used.add(int(value.text))
    return used


def _whole(note: etree._Element, rows: Callable[[str, str], bool]) -> bool:
    """Whether a note goes whole; then it does."""
    pieces = [each for each in note.iter() if _name(each) in ("t", "text")]
    if not rows(note.get("ref", ""), "".join(piece.text or "" for piece in pieces)):
        return False
    for piece in pieces:
        piece.text = "" if _name(piece) == "t" or not len(piece) else piece.text
    return True


def _notes(package: Package, order: Order) -> dict[str, Callable[[str, str], bool]]:
    """By part of notes, whether the note at a place goes whole."""
    found: dict[str, Callable[[str, str], bool]] = {}
    for sheet in WorkbookXml(package).sheets:
        rows = order.notes.get(sheet.name, ())

        def goes(at: str, text: str, rows: Collection[int] = rows) -> bool:
            if order.everyone:
                return text not in order.known
            return bool(at) and place(at)[0] in rows

        for kind in ("comments", "threadedComment"):
            for part in package.related(sheet.part, kind).values():
                found[part] = goes
    return found


def _links(data: bytes, name: str, order: Order, gone: Collection[str]) -> bytes:
    root = parse(data, name)
    changed = False
    for link in list(root.iter(f"{{{PKG_RELS}}}Relationship")):
        target = link.get("Target", "")
        if any(part.endswith(target.lstrip("/")) for part in gone):
            root.remove(link)
            changed = True
        elif link.get("TargetMode") == "External":
            hidden = order.hide(unquote(target))
            if hidden != unquote(target):
                link.set("Target", "about:blank")
                changed = True
    return serialise(root) if changed else data


# --- what is left -------------------------------------------------------------------------------


def _texts(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter():
        if _name(element) in _RUNS:
            yield element, "".join(each.text or "" for each in element.iter() if _name(each) == "t")
        if element.text and isinstance(element.tag, str) and not _is_number(element):
            yield element, element.text


def _attributes(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        for key in _SAID.get(_name(element), ()):
            if element.get(key):
                yield element.get(key, "")


def _holds(data: bytes, part: str, surely: Traces, long: Traces) -> bool:
    """Whether a part holds a name of several words, an address or an ID.

    surely: what to look for in texts; long: what no picture holds by chance. Macros are packed:
    their text is looked through apart (`operations`).
    """
    if part.endswith("vbaProject.bin"):
        return False
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as inner:
            return any(_holds(inner.read(name), name, surely, long) for name in inner.namelist())
    if _is_xml(part):
        return surely.are_in(unescape(data.decode("utf-8", "replace")))
    return any(long.are_in(data.decode(code, "replace")) for code in ("utf-8", "utf-16-le"))
