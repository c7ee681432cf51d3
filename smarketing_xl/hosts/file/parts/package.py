"""A workbook file as the zip of parts that it is: read with suspicion, written with care.

The whole file is held in memory, so that what was checked is what is read, and no handle stays
open. Parts that nobody replaced are copied as they are, compressed bytes and all, in their order.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from isal import isal_zlib
from lxml import etree

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import _, format_number
from smarketing_xl.progress import tenths
from smarketing_xl.zip_safety import UnsafeZip, ZipFault, open_zip

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
MAX_FILE = 512 << 20  # bytes on disk
MAX_UNPACKED = 2 << 30  # bytes of all parts together
MAX_PARTS = 20_000
LARGE = 16 << 20  # bytes of a part from which on people are told how far it is
MEGABYTE = 1e6

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a part is to hold, as it will stand in the file.

    size: bytes of the part. check: its CRC-32.
    """

    data: list[bytes]
    size: int
    check: int


SAFELY: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True,
}  # fmt: skip
"""How lxml reads what comes from outside; parts are of limited size already."""

Part = bytes | Packed
"""What a part is to hold."""

_BadStream: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # a class
_LOCAL_HEADER = 30
_LEVEL = 3  # of ISA-L: packs as tightly as zlib's 4, in a third of the time
_UNDATED = (1980, 1, 1, 0, 0, 0)
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Package:
    """The parts of one file."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.data = data
        self._zip = _checked(data, name)
        self._infos = {info.filename: info for info in self._zip.infolist()}

    @classmethod
    def read_file(cls, path: Path) -> Package:
        """The package in a file; WorkbookError where it is none, or not a safe one."""
        if path.suffix.lower() not in SUFFIXES:
            raise _refuse(path.name, _("it is not an .xlsx or .xlsm workbook"))
        if path.stat().st_size > MAX_FILE:
            raise _refuse(path.name, _("it is larger than 512 MB"))
        return cls(path.read_bytes(), path.name)

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in their order."""
        return list(self._infos)

    def size(self, part: str) -> int:
        """How many bytes a part holds."""
        return self._infos[part].file_size

    def unpacked(self, folder: str) -> int:
        """How many bytes the parts of a folder hold."""
        return sum(info.file_size for name, info in self._infos.items() if name.startswith(folder))

    def read(self, part: str) -> bytes:
        """The bytes of a part."""
        try:
            data = self._unpacked(self._infos[part])
        except KeyError:
            raise _refuse(self.name, _("it lacks a part: {part}").format(part=part)) from None
        except (zipfile.BadZipFile, _BadStream, EOFError, RuntimeError) as error:
            raise _refuse(self.name, _("a part is damaged: {part}").format(part=part)) from error
        if part.endswith((".xml", ".rels", ".vml")) and _declares_entities(data):
            raise _refuse(self.name, _("it declares XML entities, as no workbook does"))
        return data

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        self._zip.open(info).close()  # looks at what stands before the part
        packed = self._packed(info)
        if info.compress_type == zipfile.ZIP_STORED:
            return self._zip.read(info)
        packer = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
        data: bytes = packer.decompress(packed, max_length=info.file_size + 1)
        if len(data) != info.file_size or isal_zlib.crc32(data) != info.CRC:
            raise zipfile.BadZipFile
        return data

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        """The bytes of a part as they stand in the file."""
        header = self.data[info.header_offset : info.header_offset + _LOCAL_HEADER]
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = info.header_offset + _LOCAL_HEADER + names
        return memoryview(self.data)[start : start + info.compress_size]

    def holds(self, part: str, mark: bytes) -> bool:
        """Whether a part contains some bytes; read in pieces, and kept nowhere."""
        tail = b""
        with reading(self.name, part), self._zip.open(self._infos[part]) as stream:
            while piece := stream.read(1 << 20):
                if mark in tail + piece:
                    return True
                tail = piece[-len(mark) :]
        return False

    def xml(self, part: str) -> etree._Element:
        """The root element of a part."""
        return parse(self.read(part), self.name)

    def related(self, part: str, kind: str | None = None) -> dict[str, str]:
        """Relationship id → part, for types ending in `kind`; not external ones."""
        folder, file = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", file + ".rels")
        if rels not in self:
            return {}
        parts = {}
        for link in self.xml(rels).iter(f"{{{PKG_RELS}}}Relationship"):
            if link.get("TargetMode") == "External":
                continue
            if kind and not link.get("Type", "").endswith("/" + kind):
                continue
            target = unquote(link.get("Target", ""))
            whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            parts[link.get("Id", "")] = whole
        return parts

    def write(
        self, out: BinaryIO, replaced: Mapping[str, Part], left_out: Collection[str] = ()
    ) -> None:
        """The same file with some parts replaced, added or left out; every other part keeps its
        very bytes."""
        with zipfile.ZipFile(out, "w") as new:
            new.comment = self._zip.comment
            for name, info in self._infos.items():
                if name in left_out:
                    continue
                if name in replaced:
                    _write_part(new, _like(info), replaced[name])
                else:
                    self._copy(info, new)
            for name in sorted(replaced.keys() - self._infos.keys()):
                _write_part(new, zipfile.ZipInfo(name, _UNDATED), replaced[name])

    def _copy(self, info: zipfile.ZipInfo, new: zipfile.ZipFile) -> None:
        out = new.fp
        assert out is not None
        twin = _like(info)
        twin.CRC, twin.file_size = info.CRC, info.file_size
        twin.compress_size = info.compress_size
        twin.header_offset = new.start_dir
        out.seek(new.start_dir)
        out.write(twin.FileHeader(zip64=False))
        out.write(self._packed(info))
        _enter(new, twin)


_DAMAGE = (
    ArithmeticError, LookupError, ValueError, TypeError, StopIteration, etree.XMLSyntaxError,
)  # fmt: skip


@contextmanager
def reading(name: str, part: str) -> Iterator[None]:
    """Whatever cannot be made sense of in a part is a WorkbookError that names it."""
    try:
        yield
    except _DAMAGE as error:
        raise _refuse(name, _("a part is damaged: {part}").format(part=part)) from error


def parse(data: bytes, name: str) -> etree._Element:
    """XML → its root; no entity is resolved and nothing is fetched."""
    parser = etree.XMLParser(strip_cdata=True, **SAFELY)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refuse(name, _("a part is damaged: {part}").format(part=error)) from error


def serialise(root: etree._Element) -> bytes:
    """The root as a part."""
    return _DECLARATION + etree.tostring(root, encoding="UTF-8")


def packed(pieces: Iterable[bytes], before: int = 0) -> Packed:
    """A part that is made piece by piece, none of which is kept.

    before: how many bytes the part held, about as many as it will.
    """
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
    data: list[bytes] = []
    size = check = 0
    with tenths(before) as after:
        for piece in pieces:
            if before >= LARGE:
                after(size, _("Writing: {done} MB").format(done=format_number(size / MEGABYTE)))
            size += len(piece)
            if size >= MAX_UNPACKED:
                raise WorkbookError(
                    _("A sheet would hold more than 2 GB, and could not be opened again"),
                    _("Keep the rows outside of the workbook: smarketing score --from"),
                )
            check = isal_zlib.crc32(piece, check)
            data.append(packer.compress(piece))
    data.append(packer.flush())
    return Packed(data, size, check)


def _write_part(new: zipfile.ZipFile, info: zipfile.ZipInfo, part: Part) -> None:
    if isinstance(part, bytes):
        part = packed([part])
    out = new.fp
    assert out is not None
    info.header_offset, info.compress_type = new.start_dir, zipfile.ZIP_DEFLATED
    info.CRC, info.file_size, info.compress_size = part.check, part.size, sum(map(len, part.data))
    out.seek(new.start_dir)
    out.write(info.FileHeader(zip64=False))
    out.writelines(part.data)
    _enter(new, info)


def _enter(new: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Have the directory list a part that was just written."""
    assert new.fp is not None
    new.filelist.append(info)
    new.NameToInfo[info.filename] = info
    new.start_dir = new.fp.tell()


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    twin = zipfile.ZipInfo(info.filename, info.date_time)
    twin.compress_type = info.compress_type
    twin.external_attr, twin.create_system = info.external_attr, info.create_system
    twin.flag_bits = info.flag_bits & ~0x08  # sizes stand in the header, not behind the data
    return twin


def _checked(data: bytes, name: str) -> zipfile.ZipFile:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refuse(name, _("it is protected by a password, or an old .xls workbook"))
    why = {
        ZipFault.DAMAGED: _("it is not a workbook"),
        ZipFault.TOO_MANY: _("it unpacks to more than 2 GB"),
        ZipFault.TOO_LARGE: _("it unpacks to more than 2 GB"),
        ZipFault.PACKED: _("it unpacks to more than 250 times its size"),
        ZipFault.PART_PACKED: _("a part unpacks to more than 250 times its size"),
        ZipFault.TWICE: _("it holds two parts of the same name"),
        ZipFault.LOCKED: _("it is protected by a password"),
        ZipFault.STRAYS: _("a part has a name that leads outside of the file"),
    }
    try:
        archive = open_zip(io.BytesIO(data), MAX_UNPACKED, MAX_PARTS)
    except UnsafeZip as unsafe:
        raise _refuse(name, why[unsafe.fault]) from unsafe
    for info in archive.infolist():
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refuse(name, _("a part is damaged: {part}").format(part=info.filename))
    if "[Content_Types].xml" not in archive.namelist():
        raise _refuse(name, _("it is not a workbook"))
    return archive


def _declares_entities(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    return b"<!" in data and re.search(rb"<!(?:DOCTYPE|ENTITY)", data) is not None


def _refuse(name: str, why: str) -> WorkbookError:
    return WorkbookError(
        _("{name} cannot be opened: {why}").format(name=name, why=why),
        _("Choose another file, or save it again as .xlsx or .xlsm from your spreadsheet program"),
    )
