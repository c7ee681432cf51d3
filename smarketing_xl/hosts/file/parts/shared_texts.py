"""How much text the cells of a workbook come to, once each has its own.

Cells name texts that they share by number: a few bytes a cell may stand for any length. What is
counted is too much rather than too little, however the XML is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.hosts.file.parts.sheet_xml import SheetXml
from smarketing_xl.i18n import _

MOST_TEXT = 256 << 20  # bytes of all cells together
_END = re.compile(rb"</(?:[^\s<>/]+:)?si\s*>")
_NUMBER = re.compile(r"v>\s*([0-9]{1,9})\s*</")


def check_texts(package: Package, sheets: Iterable[SheetXml]) -> None:
    """WorkbookError where cells share texts that come to more than a workbook has any use for."""
    lengths = _lengths(package)
    if not len(lengths):
        return
    longest = int(lengths.max())
    total = 0
    for sheet in sheets:
        for row in sheet.rows.values():
            shared = row.xml.count('t="s"') + row.xml.count("t='s'")
            total += shared * longest
    if total > MOST_TEXT and _named(sheets, lengths) > MOST_TEXT:
        raise WorkbookError(
            _("{name} cannot be opened: {why}").format(
                name=package.name, why=_("its cells hold more than 256 MB of text")
            ),
            _("Choose another file, or keep long texts elsewhere"),
        )


def _lengths(package: Package) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Bytes of every shared text, its markup included."""
    found = [
        len(text)
        for part in package.parts
        if part.lower().endswith("sharedstrings.xml")
        for text in _END.split(package.read(part))
    ]
    return np.array(found, dtype=np.int64)


def _named(sheets: Iterable[SheetXml], lengths: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """Bytes of the texts that cells name; a number that is no text's counts as the longest."""
    total = 0
    for sheet in sheets:
        for row in sheet.rows.values():
            if 't="s"' not in row.xml:
                continue
            numbers = np.array([int(each) for each in _NUMBER.findall(row.xml)], dtype=np.int64)
            cells = row.xml.count('t="s"')
            known = numbers[numbers < len(lengths)]
            named = np.sort(lengths[known])[::-1][:cells]
            total += int(named.sum()) + (cells - len(named)) * int(lengths.max())
    return total
