"""Zip files from outside: what their directory says is looked at before any part is unpacked."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from typing import IO

BOMB_SIZE, BOMB_RATIO = 32 << 20, 250  # a part this large is not packed this tightly by anyone
BOMB_TOTAL = 64 << 20  # nor are all parts together


class ZipFault(StrEnum):
    """Why a zip file is not read."""

    DAMAGED = "it is no zip file, or its directory is damaged"
    TOO_MANY = "it has more parts than allowed"
    TOO_LARGE = "its parts unpack to more than allowed"
    PACKED = "it is packed more tightly than any office program packs"
    PART_PACKED = "a part is packed so"
    TWICE = "two parts have the same name"
    LOCKED = "it is protected by a password"
    STRAYS = "a part's name leads outside of the file"


class UnsafeZip(Exception):
    """A zip file that is not read; callers say it in their own words."""

    def __init__(self, fault: ZipFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def open_zip(source: IO[bytes], most_unpacked: int, most_parts: int) -> zipfile.ZipFile:
    """A zip file whose parts may be read. Raises UnsafeZip.

    most_unpacked: bytes of all parts together, as its directory has them; no more than that can be
    read of a part.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnsafeZip(ZipFault.DAMAGED) from error
    if fault := _fault(archive.infolist(), most_unpacked, most_parts):
        raise UnsafeZip(fault)
    return archive


def _fault(parts: list[zipfile.ZipInfo], most_unpacked: int, most_parts: int) -> ZipFault | None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    tests = {
        ZipFault.TOO_MANY: len(parts) > most_parts,
        ZipFault.TOO_LARGE: unpacked > most_unpacked,
        ZipFault.PACKED: unpacked > max(BOMB_TOTAL, BOMB_RATIO * packed),
        ZipFault.TWICE: len({part.filename.lower() for part in parts}) != len(parts),
        ZipFault.LOCKED: any(part.flag_bits & 1 for part in parts),
        ZipFault.PART_PACKED: any(
            part.file_size > max(BOMB_SIZE, BOMB_RATIO * max(part.compress_size, 1))
            for part in parts
        ),
        ZipFault.STRAYS: any(_strays(part.filename) for part in parts),
    }
    return next((fault for fault, found in tests.items() if found), None)


def _strays(name: str) -> bool:
    return (
        name.startswith("/") or "\\" in name or "\x00" in name or ":" in name
        or ".." in name.split("/")
    )  # fmt: skip
