"""Notes on cells: their text read and replaced. New ones need a drawing, and are not made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts.file.parts.package import MAIN, parse, serialise
from smarketing_xl.hosts.file.xlwings_api.base import FileObject

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.xlwings_api.engine import Sheet
    from smarketing_xl.hosts.file.xlwings_api.ranges import Range


class Note(FileObject):
    """The note of a cell."""

    def __init__(self, sheet: Sheet, part: str, place: str) -> None:
        self._sheet = sheet
        self._part = part
        self._place = place

    @property
    def location(self) -> Range:
        return self._sheet.range(self._place)

    @property
    def text(self) -> str:
        _root, entry = self._entry()
        return "".join(piece.text or "" for piece in entry.iter(f"{{{MAIN}}}t"))

    @text.setter
    def text(self, value: str) -> None:
        root, entry = self._entry()
        text = next(entry.iter(f"{{{MAIN}}}text"))
        for piece in list(text):
            text.remove(piece)
        run = etree.SubElement(text, f"{{{MAIN}}}t")
        run.text = value
        run.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        self._sheet.book.document.patched[self._part] = serialise(root)

    def _entry(self) -> tuple[etree._Element, etree._Element]:
        document = self._sheet.book.document
        root = parse(document.part(self._part), document.path.name)
        return root, next(e for e in _entries(root) if e.get("ref") == self._place)


def notes_of(sheet: Sheet) -> list[Note]:
    """Every note of a sheet."""
    document = sheet.book.document
    return [
        Note(sheet, part, entry.get("ref", ""))
        for part in document.package.related(sheet.model.entry.part, "comments").values()
        for entry in _entries(parse(document.part(part), document.path.name))
    ]


def note_at(sheet: Sheet, area: Area) -> Note | None:
    """The note of the first cell of an area."""
    place = str(Area(area.top, area.left, area.top, area.left))
    return next((note for note in notes_of(sheet) if note._place == place), None)


def _entries(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{{{MAIN}}}comment"))
