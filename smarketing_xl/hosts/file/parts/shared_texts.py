"""How much text the cells of a workbook come to, once each has its own.

Cells name texts that they share by number: a few bytes a cell may stand for any length. What is
counted is too much rather than too little, however the XML is written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import numpy as np
from lxml import etree

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.hosts.file.parts.sheet_xml import SheetXml
from smarketing_xl.i18n import _

MOST_TEXT = 256 << 20  # bytes of all cells together
_DIGITS = 19  # and no reader takes a longer count for a number
_MORE = 1_000_000  # texts that a part may say to hold beyond those it does: 24 MB
_END = re.compile(rb"</(?:[^\s<>/]+:)?si\s*>")
_NUMBER = re.compile(rb"v>\s*([0-9]{1,9})\s*</")


def check_texts(package: Package, parts: Iterable[str], sheets: Iterable[SheetXml]) -> None:
    """WorkbookError where cells share texts that come to more than a workbook has any use for.

    parts: those that links of the workbook say hold shared texts.
    """
    named = [part for part in package.parts if part.lower().endswith("sharedstrings.xml")]
    lengths = _lengths(package, {*named, *parts})
    if not len(lengths):
        return
    longest = int(lengths.max())
    shared = sum(sheet.data.count(b't="s"') for sheet in sheets)
    total = shared * longest
    if total > MOST_TEXT and _named(sheets, lengths) > MOST_TEXT:
        raise WorkbookError(
            _("{name} cannot be opened: {why}").format(
                name=package.name, why=_("its cells hold more than 256 MB of text")
            ),
            _("Choose another file, or keep long texts elsewhere"),
        )


def _lengths(package: Package, parts: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Bytes of every shared text, its markup included.

    WorkbookError where a part says that it holds far more texts than it does: readers make room for
    as many as it says.
    """
    lengths: list[int] = []
    for part in parts:
        xml = package.read(part)
        texts = list(map(len, _END.split(xml)))
        if _said(xml) > len(texts) + _MORE:
            raise WorkbookError(
                _("{name} cannot be opened: {why}").format(
                    name=package.name, why=_("a part is damaged: {part}").format(part=part)
                ),
                _("Open it in Excel or LibreOffice, and save it again"),
            )
        lengths += texts
    return np.array(lengths, dtype=np.int64)


def _said(xml: bytes) -> int:
    """How many texts a part says that it holds."""
    try:
        __, root = next(iter(etree.iterparse(io.BytesIO(xml), events=("start",), no_network=True)))
    except (etree.XMLSyntaxError, StopIteration):
        return 0
    count = root.get("uniqueCount", "").strip()
    return int(count) if count.isascii() and count.isdigit() and len(count) < _DIGITS else 0


def _named(sheets: Iterable[SheetXml], lengths: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """Bytes of the texts that cells name; a number that is no text's counts as the longest."""
    total = 0
    for sheet in sheets:
        for row in map(sheet.text, sheet.rows.values()):
            cells = row.count(b't="s"')
            numbers = np.array(_NUMBER.findall(row), dtype=np.bytes_).astype(np.int64)
            known = numbers[numbers < len(lengths)]
            named = np.sort(lengths[known])[::-1][:cells]
            total += int(named.sum()) + (cells - len(named)) * int(lengths.max())
    return total
