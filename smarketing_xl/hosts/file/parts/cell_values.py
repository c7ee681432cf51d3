"""What the cells of a worksheet hold, told by its bytes: column by column, some rows at a time.

Numbers are dates where their style shows them so. What is no number, in a cell of numbers, is text.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from smarketing_xl.errors import CellError
from smarketing_xl.hosts.file.parts.cell_xml import plain, shown_as_dates, tidy
from smarketing_xl.hosts.file.parts.package import MAIN, parse
from smarketing_xl.hosts.file.parts.shared_texts import SharedTexts, text_in, text_of
from smarketing_xl.hosts.file.parts.sheet_xml import SheetXml
from smarketing_xl.hosts.file.parts.styles import Styles
from smarketing_xl.hosts.file.parts.value_index import MOST_STYLES, TYPES, Held

Grid = list[list[Any]]

_BAND = 1 << 15  # rows whose cells are read together
_ROOT = re.compile(r"<(?:[^\s<>/!?:]+:)?worksheet\b[^<>]*>")
_NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NUMERIC = b"0123456789+-.eE"
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}
_ERRORS = {error.value: error for error in CellError}


def read_values(
    sheet: SheetXml, texts: SharedTexts, styles: Styles | None, epoch: dt.datetime
) -> Grid:
    """Every value from A1 on: row by row, all as long as the longest.

    ValueError, LookupError where a cell holds what its type does not allow.
    """
    return _Reader(sheet, texts, styles, epoch).grid()


class _Reader:
    def __init__(
        self, sheet: SheetXml, texts: SharedTexts, styles: Styles | None, epoch: dt.datetime
    ) -> None:
        self.sheet, self.shared, self.epoch = sheet, texts, epoch
        self.values = sheet.index.values
        self._dated = np.zeros(MOST_STYLES, dtype=np.bool_)
        if styles is not None:
            for style in range(min(len(styles), MOST_STYLES)):
                self._dated[style] = styles.is_date(style)
        self._known: dict[str, str] = {}

    def grid(self) -> Grid:
        index = self.sheet.index
        cells = np.flatnonzero(self.values.kinds != Held.NOTHING)
        if not len(cells):
            return []
        rows = np.repeat(index.numbers, np.diff(index.first))[index.filled][cells]
        columns = index.columns[index.filled][cells]
        if (np.diff(rows) < 0).any():
            order = np.argsort(rows, kind="stable")
            cells, rows, columns = cells[order], rows[order], columns[order]
        height, width = int(rows[-1]), int(columns.max())
        grid: Grid = []
        for top in range(1, height + 1, _BAND):
            shape = min(_BAND, height + 1 - top), width
            band = slice(*np.searchsorted(rows, [top, top + _BAND]).tolist())
            grid += self._band(shape, rows[band] - top, columns[band] - 1, cells[band])
        return grid

    def _band(
        self,
        shape: tuple[int, int],
        rows: NDArray[np.int32],
        columns: NDArray[np.int16],
        cells: NDArray[np.int64],
    ) -> Grid:
        """Some rows. rows, columns: where in them the cells stand, from 0."""
        height, width = shape
        order = np.argsort(columns, kind="stable")
        edges = np.searchsorted(columns[order], np.arange(width + 1)).tolist()
        blank = [None] * height
        out = []
        for first, last in pairwise(edges):
            some = order[first:last]
            column = blank
            if len(some):
                held = np.full(height, None, dtype=object)
                held[rows[some]] = self._column(cells[some])
                column = held.tolist()
            out.append(column)
        return list(map(list, zip(*out, strict=True)))

    def _column(self, cells: NDArray[np.int64]) -> NDArray[np.object_]:
        kinds = self.values.kinds[cells]
        out = np.empty(len(cells), dtype=object)
        for kind in np.unique(kinds).tolist():
            like = np.flatnonzero(kinds == kind)
            out[like] = self._of_kind(Held(kind), cells[like])
        return out

    def _of_kind(self, kind: Held, cells: NDArray[np.int64]) -> list[Any]:
        data, values = self.sheet.data, self.values
        places = zip(values.begins[cells].tolist(), values.ends[cells].tolist(), strict=True)
        raw = [data[begin:end] for begin, end in places]
        if kind == Held.NUMBER:
            return self._numbers(raw, values.styles[cells])
        if kind == Held.TEXT:
            return self._texts(raw)
        if kind == Held.SHARED:
            return self.shared.named(raw)
        if kind == Held.ODD:
            return self._elements(raw)
        return [_other(kind, each) for each in raw]

    def _texts(self, raw: list[bytes]) -> list[str]:
        """Texts of cells; those alike are one and the same."""
        joined = b"\0".join(raw).decode()
        texts = joined.split("\0")
        if "&" in joined or "_x" in joined or "\r" in joined:
            texts = list(map(text_of, texts))
        return list(map(self._known.setdefault, texts, texts))

    def _numbers(self, raw: list[bytes], styles: NDArray[np.int32]) -> list[Any]:
        try:
            odd = b"".join(raw).translate(None, _NUMERIC)
            numbers: list[Any] = list(map(_number if odd else float, raw))
        except ValueError:  # 2024-01-05
            numbers = list(map(_number, raw))
        if math.inf in numbers or -math.inf in numbers:
            numbers = list(map(tidy, numbers))
        dated = np.flatnonzero(self._dated[styles]).tolist()
        if dated:
            shown = shown_as_dates([numbers[at] for at in dated], self.epoch)
            for at, moment in zip(dated, shown, strict=True):
                numbers[at] = moment
        return numbers

    def _elements(self, raw: list[bytes]) -> list[Any]:
        """Cells that take a closer look."""
        opened = _ROOT.search(self.sheet.head)
        if opened is None:
            raise ValueError(self.sheet.name)
        closed = f"</{self.sheet.prefix}worksheet>"
        found = parse(b"".join([opened[0].encode(), *raw, closed.encode()]), self.sheet.name)
        if len(found) != len(raw):
            raise ValueError(self.sheet.name)
        return list(map(self._element, found))

    def _element(self, cell: etree._Element) -> Any:
        inline, value = cell.find(f"{{{MAIN}}}is"), cell.findtext(f"{{{MAIN}}}v")
        kind = TYPES[cell.get("t", "n").encode()]
        if inline is not None:
            return text_in(inline) or None
        if not value:
            return None
        if kind == Held.TEXT:
            return plain(value)
        raw = value.encode()
        if kind == Held.SHARED:
            return self.shared.named([raw])[0]
        if kind == Held.NUMBER:
            style = int(cell.get("s", "0"))
            return self._numbers([raw], np.array([style if style < MOST_STYLES else 0]))[0]
        return _other(kind, raw)


def _number(raw: bytes) -> float | str:
    """A number; text where it is none that the format knows."""
    return float(raw) if _NUMBER.fullmatch(raw.strip()) else text_of(raw.decode())


def _other(kind: Held, raw: bytes) -> Any:
    """A truth value, an error or a moment."""
    text = raw.decode().strip()
    if kind == Held.TRUTH:
        return _TRUTHS[text.lower()]
    if kind == Held.ERROR:
        return _ERRORS.get(text, text)
    for read in (dt.datetime.fromisoformat, dt.time.fromisoformat):
        with suppress(ValueError):
            return tidy(read(text))
    return text
