"""What is let in: the kind of a file by its content, never by its name, and how large it may be.

Everything here looks at a file without unpacking it into memory; what cannot be a table of leads
is refused with one sentence.
"""

from __future__ import annotations

import lzma
import mmap
import re
import stat
import struct
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path
from typing import IO

from lxml import etree

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _
from smarketing_xl.ingest.zip_size import MOST_TEXT, Texts
from smarketing_xl.zip_safety import UnsafeZip, ZipFault, open_zip

MOST_BYTES = 1 << 30  # of a file
MOST_UNPACKED = 512 << 20  # of a workbook's parts together
MOST_LINE = 4 << 20  # bytes between two line ends
MOST_CELLS = 20_000_000  # of a sheet, blanks between included
MOST_REPEATED = 2_000_000  # cells of an OpenDocument that only a repetition makes
MOST_IN_CELL = 10_000  # paragraphs and the like in one of its cells
MOST_COLUMNS = 16_384  # as many as a sheet has
MOST_ROWS = 1_048_575  # below the header
MOST_PARTS = 10_000  # files inside a workbook
_CHUNK = 1 << 20
_BAD_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, ValueError,
    RuntimeError, OverflowError, struct.error, KeyError,
)  # fmt: skip


class FileFormat(StrEnum):
    """What a file is, whatever it is called."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    PARQUET = "parquet"


_STRANGERS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"%PDF", b"\x1f\x8b", b"BZh",
    b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf", b"#!",
    b"SQLite format 3", b"(\xb5/\xfd", b"x\x01", b"x\x9c", b"x\xda",
)  # fmt: skip


def refuse_unsafe(problem: str, remedy: str, path: Path) -> BadData:
    """The one sentence with which a file is refused."""
    return BadData(f"{_safe_name(path)} {problem}", remedy)


def format_of(path: Path) -> FileFormat:
    """What the file holds. Raises BadData if it is nothing that can be imported safely."""
    try:
        found = path.stat()
    except (OSError, ValueError) as cause:
        raise refuse_unsafe(
            _("cannot be found"), _("Check the name and the folder"), path
        ) from cause
    if not stat.S_ISREG(found.st_mode):
        raise refuse_unsafe(_("is not a file"), _("Give the file that your CRM exported"), path)
    if found.st_size == 0:
        raise refuse_unsafe(_("is empty"), _("Export it again"), path)
    if found.st_size > MOST_BYTES:
        raise refuse_unsafe(
            _("is larger than {size} MB").format(size=MOST_BYTES >> 20),
            _("Export fewer columns or a shorter time"),
            path,
        )
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
            return _by_content(start, stream, path)
    except OSError as cause:
        raise refuse_unsafe(
            _("cannot be read"), _("Close it elsewhere, or check its permissions"), path
        ) from cause


def _by_content(start: bytes, stream: IO[bytes], path: Path) -> FileFormat:
    if start.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if start.startswith(b"PK\x03\x04"):
        return _zip(stream, path)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(stream, path)
    if start.startswith(_STRANGERS):
        raise _no_table(path)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<script")):
        raise refuse_unsafe(
            _("is a web page or XML, not a table"),
            _("Open it in your office program and save it as .xlsx or .csv"),
            path,
        )
    return FileFormat.TEXT


def _no_table(path: Path) -> BadData:
    return refuse_unsafe(
        _("is not a table"), _("Give a CSV, Excel, OpenDocument or Parquet file"), path
    )


def _broken(path: Path) -> BadData:
    return refuse_unsafe(_("is damaged"), _("Export it again"), path)


def _has_macros(path: Path) -> BadData:
    return refuse_unsafe(
        _("has macros in it"), _("Save it as .xlsx, without macros, and import that"), path
    )


def _locked(path: Path) -> BadData:
    return refuse_unsafe(_("is locked with a password"), _("Save it without a password"), path)


# --- workbooks ----------------------------------------------------------------------------------


def _ole(stream: IO[bytes], path: Path) -> BadData:
    """Why a container of Microsoft's old kind is not read: encrypted, or an .xls workbook.

    An .xls names its texts by number, and nothing tells beforehand how much memory they come to.
    """
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            return _locked(path)
        if content.find("Workbook".encode("utf-16-le")) < 0:
            return _no_table(path)
    return refuse_unsafe(
        _("is an old workbook (.xls)"),
        _("Open it in your office program and save it as .xlsx"),
        path,
    )


def _zip(stream: IO[bytes], path: Path) -> FileFormat:
    try:
        with open_zip(stream, MOST_UNPACKED, MOST_PARTS) as package:
            names = set(package.namelist())
            if any(_is_macro(name.lower()) for name in names):
                raise _has_macros(path)
            return _format_of_package(package, names, path)
    except UnsafeZip as unsafe:
        raise _unsafe(unsafe.fault, path) from unsafe
    except _BAD_ZIP as cause:
        raise _broken(path) from cause


def _unsafe(fault: ZipFault, path: Path) -> BadData:
    if fault is ZipFault.LOCKED:
        return _locked(path)
    if fault is ZipFault.STRAYS:
        return _no_table(path)
    if fault in (ZipFault.DAMAGED, ZipFault.TWICE):
        return _broken(path)
    return too_large(path)


def measure_parts(path: Path, kind: FileFormat) -> None:
    """Raises BadData if a spreadsheet's parts are damaged, unsafe, or come to too much."""
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as package:
            _unpack(package, package.infolist(), kind, path)
    except _BAD_ZIP as cause:
        raise _broken(path) from cause


def _is_macro(name: str) -> bool:
    return (
        name.endswith(("vbaproject.bin", ".vba"))
        or name.startswith(("basic/", "scripts/"))
        or "/macrosheets/" in name
    )


def _format_of_package(package: zipfile.ZipFile, names: set[str], path: Path) -> FileFormat:
    if "xl/workbook.xml" in names:
        return FileFormat.XLSX
    if "mimetype" in names and "content.xml" in names:
        said = package.open("mimetype").read(100)
        if said.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return FileFormat.ODS
    if "xl/workbook.bin" in names:
        raise refuse_unsafe(_("is a binary workbook"), _("Save it as .xlsx"), path)
    raise _no_table(path)


def _unpack(
    package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], kind: FileFormat, path: Path
) -> None:
    """Read every part once, in pieces: how much it really is, and what it declares."""
    unpacked = 0
    texts = Texts()
    for part in parts:
        tail = b""
        extent = Extent()
        is_xml = part.filename.lower().endswith((".xml", ".rels"))
        with package.open(part) as stream:
            while piece := stream.read(_CHUNK):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise too_large(path)
                if not is_xml:
                    continue
                window = tail + piece
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise refuse_unsafe(
                        _("declares XML entities, as no office program does"),
                        _("Do not open it; ask who sent it"),
                        path,
                    )
                if kind is FileFormat.XLSX:
                    texts.add(piece)
                    extent.add(window)
                    if extent.too_large:
                        raise too_large(path)
                tail = window[-300:]
        if kind is FileFormat.ODS and part.filename == "content.xml":
            with package.open(part) as stream:
                _measure_ods(stream, path)
    if texts.too_much(package, parts):
        raise too_large(path)


def too_large(path: Path) -> BadData:
    """The refusal of what would take more memory than we give."""
    return refuse_unsafe(
        _("unpacks to more than a sheet of leads can be"),
        _("Export it again as CSV, or in parts"),
        path,
    )


_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']\s*([A-Za-z]+)([0-9]+)")


class Extent:
    """The block of cells that a sheet spans, from the addresses of its cells."""

    def __init__(self) -> None:
        self.columns = 0
        self.rows = 0

    def add(self, xml: bytes) -> None:
        """Takes in the cells of a piece of a sheet's XML."""
        cells = _CELL.findall(xml)
        if not cells:
            return
        letters, rows = {column for column, _row in cells}, {row for _column, row in cells}
        self.columns = max(self.columns, *map(_column_number, letters))
        self.rows = max(self.rows, *(int(row[:10]) for row in rows))

    @property
    def too_large(self) -> bool:
        """Whether reading the block would take more memory than we give."""
        return self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_CELLS


def _column_number(letters: bytes) -> int:
    if len(letters) > 4:
        return MOST_COLUMNS + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_SPACES = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _measure_ods(stream: IO[bytes], path: Path) -> None:
    """OpenDocument repeats cells, rows and spaces by number: count what they expand to.

    All tables count together, for all of them are read. Cells that only a repetition makes are
    bounded closely: no export of leads has many.
    """
    rows = widest = width = blank = 0
    cells = repeated = written = text = row_text = 0
    waiting = 0  # blank rows count only when a filled one follows
    try:
        for _event, node in etree.iterparse(stream, resolve_entities=False, no_network=True):
            if node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                times = _repeated(node, "columns")
                if len(node) or node.get(f"{_OFFICE}value-type"):
                    width += blank + times
                    written, blank = written + 1, 0
                    row_text += times * _text_of(node, path)
                else:
                    blank += times
            elif node.tag == f"{_TABLE}table-row":
                times = _repeated(node, "rows")
                text, row_text = text + times * row_text, 0
                if width:
                    rows, waiting = rows + waiting + times, 0
                    repeated += width * times - written
                else:
                    waiting += times
                widest, width, blank, written = max(widest, width), 0, 0, 0
            elif node.tag == f"{_TABLE}table":
                cells += rows * widest
                rows = widest = waiting = 0
            else:
                continue
            if (
                widest > MOST_COLUMNS
                or cells + rows * widest > MOST_CELLS
                or repeated > MOST_REPEATED
                or text > MOST_TEXT
            ):
                raise too_large(path)
            node.clear()
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise _broken(path) from cause


def _text_of(cell: etree._Element, path: Path) -> int:
    """Characters of a cell, spaces that it repeats by number included."""
    spaces = parts = 0
    for node in cell.iter():
        parts += 1
        if node.tag == f"{_SPACES}s":
            spaces += int(node.get(f"{_SPACES}c", "1"))
    if parts > MOST_IN_CELL:
        raise too_large(path)
    told = len(cell.get(f"{_OFFICE}string-value", ""))
    return told + spaces + sum(map(len, cell.itertext()))


def _repeated(node: etree._Element, what: str) -> int:
    times = int(node.get(f"{_TABLE}number-{what}-repeated", "1"))
    if times < 0:
        raise ValueError(times)
    return times


def _safe_name(path: Path) -> str:
    """A file's name as it may be shown: no folder, no control characters, not endless."""
    name = "".join(letter if letter.isprintable() else "?" for letter in path.name)
    return name if len(name) <= 60 else f"{name[:57]}..."


# --- text ---------------------------------------------------------------------------------------


def check_lines(content: mmap.mmap | bytes, path: Path) -> None:
    """Refuses NUL bytes and lines no export has; looks only where it must."""
    if content.find(b"\0") >= 0:
        raise _no_table(path)
    at, size = 0, len(content)
    while size - at > MOST_LINE:
        end = max(
            content.rfind(b"\n", at, at + MOST_LINE), content.rfind(b"\r", at, at + MOST_LINE)
        )
        if end < at:
            raise refuse_unsafe(
                _("has a line longer than {size} MB").format(size=MOST_LINE >> 20),
                _("Export it again; check that it is a CSV file"),
                path,
            )
        at = end + 1
