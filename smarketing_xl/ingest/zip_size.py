"""How much text the cells of a workbook come to, once each has its own.

A sheet names a text by its number, so that a few bytes a cell may stand for any length. Counted is
always too much rather than too little, however the XML is written.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

MOST_TEXT = 1 << 30  # bytes of all cells together
MOST_TEXTS = 8_000_000  # that cells share
LONGEST = 1 << 20  # bytes of one text with its markup; a cell holds 32,767 characters
_CHUNK = 1 << 20
_OVERLAP = 300
_TEXT = re.compile(rb"<(?:[^\s<>/]+:)?si[\s>]")
_END_OF_TEXT = re.compile(rb"</(?:[^\s<>/]+:)?si\s*>")
_VALUE = re.compile(rb"(?<!\]\])>\s*([^<>&\s]*)\s*</(?:[^\s<>/]+:)?v\s*>")
_END_OF_VALUE = re.compile(rb"</(?:[^\s<>/]+:)?v\s*>")


class Texts:
    """The texts that a workbook's sheets share, and how many cells may name one."""

    def __init__(self) -> None:
        self.lengths = array("q")
        self.longest = 0
        self._ends = 0
        self._rest = b""

    def add(self, xml: bytes) -> None:
        """Takes in the next piece of a part."""
        self._ends += xml.count(b"</")
        *ended, self._rest = _END_OF_TEXT.split(self._rest + xml)
        self.lengths.extend(map(len, ended))
        waiting = len(self._rest) if _TEXT.search(self._rest) else 0
        self.longest = max(self.longest, waiting, *map(len, ended))
        if not waiting or waiting > LONGEST:
            self._rest = self._rest[-_OVERLAP:]

    def too_much(self, package: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo]) -> bool:
        """Whether the cells come to more than we take into memory; looked at closely if need be."""
        if self.longest > LONGEST or len(self.lengths) > MOST_TEXTS:
            return True
        if not self.lengths or self._ends * self.longest <= MOST_TEXT:
            return False
        lengths = np.array(self.lengths, dtype=np.int64)
        return sum(_named(package, part, lengths) for part in parts) > MOST_TEXT


def _named(package: zipfile.ZipFile, part: zipfile.ZipInfo, lengths: NDArray[np.int64]) -> int:
    """Bytes of the texts that a part names; what is no plain value counts as the longest."""
    named, tail = 0, b""
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            window = tail + piece
            values = _VALUE.findall(window)
            numbers = [int(value) for value in values if value.isdigit() and len(value) < 10]
            places = np.array(numbers, dtype=np.intp)
            named += int(lengths[places[places < len(lengths)]].sum())
            named += (len(_END_OF_VALUE.findall(window)) - len(values)) * int(lengths.max())
            tail = piece[-_OVERLAP:]
    return named
