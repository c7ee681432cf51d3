"""The texts that the cells of a workbook share, and name by number.

A few bytes a cell may stand for any length: how much text the cells come to, once each has its own,
is counted as they are read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import numpy as np
from lxml import etree

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.cell_xml import plain, unescape
from smarketing_xl.hosts.file.parts.package import MAIN, SAFELY, Package, reading
from smarketing_xl.i18n import _

MOST_TEXT = 256 << 20  # bytes of all cells together
_ALONE = re.compile(rb'<si><t( xml:space="preserve")?>([^<]*)</t></si>')
_SPACES = " \t\r\n"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_DIGITS = b"0123456789"


class SharedTexts:
    """The shared texts of a workbook, in their order; None for one that is empty.

    part: the part that holds them; None where there is none.
    """

    def __init__(self, package: Package, part: str | None) -> None:
        self._package = package
        self._left = MOST_TEXT
        texts: list[str | None] = []
        if part is not None:
            xml = package.read(part)
            with reading(package.name, part):
                texts = _texts(xml)
        self._texts = np.empty(len(texts), dtype=object)
        self._texts[:] = texts
        sizes = (0 if text is None else len(text.encode()) for text in texts)
        self._lengths = np.fromiter(sizes, np.int64, len(texts))

    def named(self, numbers: list[bytes]) -> list[str | None]:
        """The texts of cells, by the numbers that stand in them.

        ValueError, LookupError where one is no text's. WorkbookError where all cells so far come to
        more text than a workbook has any use for.
        """
        if b"".join(numbers).translate(None, _DIGITS):
            numbers = [number.strip() for number in numbers]
        at = np.array([int(number) if number.isdigit() else -1 for number in numbers])
        if (at < 0).any():
            raise ValueError(numbers[int(np.argmin(at))])
        self._left -= int(self._lengths[at].sum())
        if self._left < 0:
            raise WorkbookError(
                _("{name} cannot be opened: {why}").format(
                    name=self._package.name, why=_("its cells hold more than 256 MB of text")
                ),
                _("Choose another file, or keep long texts elsewhere"),
            )
        texts: list[str | None] = self._texts[at].tolist()
        return texts


def text_of(raw: str) -> str:
    """The text that stands as XML between two tags."""
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return plain(unescape(raw))


def text_in(element: etree._Element) -> str:
    """The text of a shared or inline one, of all its runs; how it is pronounced is no part of it.

    Spaces at the ends of a run count where it says so.
    """
    return "".join(
        plain(text if run.get(_PRESERVE) == "preserve" else text.strip(_SPACES))
        for run in _runs(element)
        if (text := run.text)
    )


def _runs(element: etree._Element) -> Iterable[etree._Element]:
    for child in element:
        if child.tag == f"{{{MAIN}}}t":
            yield child
        elif child.tag == f"{{{MAIN}}}r":
            yield from child.iterfind(f"{{{MAIN}}}t")


def _texts(xml: bytes) -> list[str | None]:
    alone = _ALONE.findall(xml)
    if b"<!" in xml or not 2 * len(alone) == 2 * xml.count(b"<si") == xml.count(b"si>"):
        return [text_in(each) or None for each in _parsed(xml)]
    return [
        (text_of(raw.decode()) if keeps else text_of(raw.decode().strip(_SPACES))) or None
        for keeps, raw in alone
    ]


def _parsed(xml: bytes) -> Iterable[etree._Element]:
    """The elements of the texts, each for as long as it is looked at."""
    found = etree.iterparse(
        io.BytesIO(xml),
        tag=f"{{{MAIN}}}si",
        remove_comments=True,
        remove_pis=True,
        **SAFELY,
    )
    for _event, element in found:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
