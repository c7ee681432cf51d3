"""Where the rows of a worksheet and their cells stand in its bytes.

Found in a few passes over stretches of the bytes, for all tags at once. Nothing is found where any
reader might see other rows or cells than these: that sheet must be brought into the usual form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW
from smarketing_xl.hosts.file.parts.package import LARGE, MEGABYTE
from smarketing_xl.hosts.file.parts.value_index import (
    Marks,
    Places,
    Tags,
    ValueIndex,
    values_of,
)
from smarketing_xl.i18n import _, format_number
from smarketing_xl.progress import tenths

_STRETCH = 1 << 20  # bytes that are looked at together: the processor's cache holds their tags
_BEYOND = 32  # bytes past the start of a tag that are read to tell what it is
_ROW_NUMBER = re.compile(rb'\sr="([1-9][0-9]{0,6})"')
_LONGEST_ROW = 32 << 20  # bytes
_SPACE, _QUOTE, _SLASH = b' "/'
_COLON, _LESS, _EQUAL, _GREATER, _QUESTION = b":<=>?"
_A, _Z, _ZERO = b"AZ0"
_CELL, _ROW = ord("c"), b"row"
_REFERENCE = b'c r="'
_POWERS = 10 ** np.arange(8)
_SEEDS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Which columns the cells of a row stand in. Rows alike share one.

    columns: in their order. orderly: that of the sheet, each once.
    """

    columns: tuple[int, ...]
    orderly: bool


@dataclass(frozen=True)
class RowIndex:
    """Rows in their order in the file, and all of their cells. Places count bytes of the sheet.

    numbers: of the rows. starts, opened, ends: where a row begins, where its first cell does, and
    where it is over. plain: whether there is nothing in it but cells, none inside of another.
    first: which cell is the first of a row; one more for the end. columns: of the cells, from 1.
    cells: where they begin. filled: whether anything stands in them. values: what, of those.
    """

    numbers: Places
    starts: Places
    opened: Places
    ends: Places
    plain: Marks
    first: NDArray[np.int64]
    columns: NDArray[np.int16]
    cells: Places
    filled: Marks
    values: ValueIndex

    def extent(self, blank: bool) -> tuple[int, int]:
        """How many cells there are, and how many the area from A1 to the last one has.

        blank: cells that hold nothing count too.
        """
        counted = slice(None) if blank else self.filled
        columns = self.columns[counted]
        if not len(columns):
            return 0, 0
        rows = np.repeat(self.numbers, np.diff(self.first))[counted]
        return len(columns), int(rows.max()) * int(columns.max())

    @cached_property
    def shapes(self) -> list[Shape]:
        """The shape of each row."""
        counts = np.diff(self.first)
        position = np.arange(len(self.columns)) - np.repeat(self.first[:-1], counts)
        mixed = self.columns.astype(np.uint64) * _SEEDS[0] + position.astype(np.uint64) * _SEEDS[1]
        mixed ^= mixed >> np.uint64(29)
        mixed *= _SEEDS[1]
        mixed ^= mixed >> np.uint64(32)
        sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(mixed)])
        keys = sums[self.first[1:]] - sums[self.first[:-1]] + counts.astype(np.uint64)
        _keys, like, which = np.unique(keys, return_index=True, return_inverse=True)
        twin = like[which]
        if not self._alike(twin, counts, position):  # rows that are not had the same key
            twin = np.arange(len(counts))
        shapes: dict[tuple[int, ...], Shape] = {}
        known: dict[int, Shape] = {}
        for row in set(twin.tolist()):
            columns = self.columns[self.first[row] : self.first[row + 1]]
            orderly = bool((np.diff(columns) > 0).all())
            key = tuple(columns.tolist())
            known[row] = shapes.setdefault(key, Shape(key, orderly))
        return [known[row] for row in twin.tolist()]

    def _alike(
        self, twin: NDArray[np.int64], counts: NDArray[np.int64], position: NDArray[np.int64]
    ) -> bool:
        """Whether each row has its cells in the columns in which another row has its own."""
        if not (counts == counts[twin]).all():
            return False
        theirs = np.repeat(self.first[twin], counts) + position
        return bool((self.columns == self.columns[theirs]).all())


class _InDoubt(Exception):
    """Readers may not agree about what is a row or a cell."""


def index_of(xml: bytes, start: int, end: int, prefix: str) -> RowIndex | None:
    """The index of the rows between two places of a sheet; None where that is in doubt.

    prefix: that of the sheet's own tags, with its colon.
    """
    parts = []
    try:
        with tenths(end - start) as after:
            for first, last in _stretches(xml, start, end, f"<{prefix}row ".encode()):
                if end - start >= LARGE:
                    after(first - start, _reading(first - start, end - start))
                parts.append(_Stretch(xml, first, last, prefix.encode()).index())
        index = _joined(parts)
    except _InDoubt:
        return None
    return index if len(np.unique(index.numbers)) == len(index.numbers) else None


def _reading(done: int, size: int) -> str:
    return _("Reading: {done} of {size} MB").format(
        done=format_number(done / MEGABYTE), size=format_number(size / MEGABYTE)
    )


def _stretches(xml: bytes, start: int, end: int, opened: bytes) -> Iterator[tuple[int, int]]:
    """Runs of whole rows: each ends where a row begins."""
    while start < end:
        last = end
        if start + _STRETCH < end:
            last = xml.rfind(opened, start + 1, start + _STRETCH)
            last = last if last >= 0 else xml.find(opened, start + 1, start + _LONGEST_ROW)
            last = last if last >= 0 else end
            _require(last - start <= _LONGEST_ROW)
        yield start, last
        start = last


def _require(sure: object) -> None:
    if not sure:
        raise _InDoubt


def _joined(parts: list[RowIndex]) -> RowIndex:
    none = np.empty(0, dtype=np.int32)
    no_marks, no_columns = none.astype(np.bool_), none.astype(np.int16)
    first = none.astype(np.int64)
    no_values = ValueIndex(none.astype(np.int8), none, none, none)
    empty = RowIndex(none, none, none, none, no_marks, first, no_columns, none, no_marks, no_values)

    def every(name: str) -> Any:
        of = attrgetter(name)
        return np.concatenate([of(part) for part in (empty, *parts)])

    counts = [np.diff(part.first) for part in parts]
    return RowIndex(
        numbers=every("numbers"),
        starts=every("starts"),
        opened=every("opened"),
        ends=every("ends"),
        plain=every("plain"),
        first=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *counts])),
        columns=every("columns"),
        cells=every("cells"),
        filled=every("filled"),
        values=ValueIndex(
            kinds=every("values.kinds"),
            styles=every("values.styles"),
            begins=every("values.begins"),
            ends=every("values.ends"),
        ),
    )


class _Stretch:
    """Some whole rows, and all of their tags.

    opens, closes: where each tag has its `<` and its `>`.
    """

    def __init__(self, xml: bytes, start: int, end: int, prefix: bytes) -> None:
        self.xml, self.start, self.end, self.prefix = xml, start, end, prefix
        held = end - start
        self.bytes = np.zeros(held + _BEYOND + len(prefix), dtype=np.uint8)
        self.bytes[:held] = np.frombuffer(xml, dtype=np.uint8, count=held, offset=start)
        self.held = self.bytes[:held]
        self.opens = _where(self.held == _LESS)
        self.closes = _where(self.held == _GREATER)

    def index(self) -> RowIndex:
        """Where these rows and their cells stand."""
        self._check_text()
        self._pair()
        data, opens, closes = self.bytes, self.opens, self.closes
        closing = data[opens + 1] == _SLASH
        alone = data[closes - 1] == _SLASH
        names = opens + 1 + closing
        for offset, letter in enumerate(self.prefix):
            _require((data[names + offset] == letter).all())
        names += len(self.prefix)
        letters, ends = data[names], self._ends_name(names + 1)
        cell = (letters == _CELL) & ends
        row = np.zeros(len(names), dtype=np.bool_)
        maybe = np.flatnonzero(letters == _ROW[0])
        row[maybe] = self._called(names[maybe], _ROW)
        _require((data[names + 1] == _GREATER)[closing & cell].all())
        _require((data[names + 3] == _GREATER)[closing & row].all())
        _require(not (closing & alone & (row | cell)).any())
        self._check_attributes(row | cell)
        self._check_no_other_cells(names[cell] - 1)

        step = np.where(closing, np.int8(-1), np.where(alone, np.int8(0), np.int8(1)))
        in_rows, in_cells = (np.cumsum(step * kind, dtype=np.int32) for kind in (row, cell))
        _require(in_rows.min() >= 0 and in_rows.max() <= 1 and in_rows[-1] == 0)
        _require(in_cells.min() >= 0 and not in_cells[row].any())
        _require(in_rows[~row].all() and not in_rows[row & alone].any())
        followed = np.append(opens[1:], np.int32(len(self.held))) != closes + 1  # by text
        _require(opens[0] == 0 and not (followed & (in_rows == 0)).any())

        row_opens, cell_opens = np.flatnonzero(row & ~closing), np.flatnonzero(cell & ~closing)
        of_row = np.cumsum(row & ~closing) - 1
        outside = (in_cells == 0) & (followed | ~(row | cell))
        nested = cell & ~closing & (in_cells > ~alone)
        plain = np.ones(len(row_opens), dtype=np.bool_)
        plain[of_row[outside | nested]] = False
        numbers = self._numbers(row_opens)
        columns, behind = self._columns(names[cell_opens], numbers, of_row[cell_opens])
        filled = ~alone[cell_opens]
        tags = Tags(data, opens, closes, names, closing, alone, followed)
        values = values_of(tags, cell_opens[filled], behind[filled], self.start)
        return RowIndex(
            numbers=numbers,
            starts=opens[row_opens] + np.int32(self.start),
            opened=closes[row_opens] + np.int32(self.start + 1),
            ends=closes[row & (closing | alone)] + np.int32(self.start + 1),
            plain=plain,
            first=np.append(np.searchsorted(cell_opens, row_opens), len(cell_opens)),
            columns=columns,
            cells=opens[cell_opens] + np.int32(self.start),
            filled=filled,
            values=values,
        )

    def _check_text(self) -> None:
        text = self.xml[self.start : self.end]
        if not text.isascii():
            text.decode()  # UnicodeDecodeError, a ValueError: the part is damaged

    def _pair(self) -> None:
        """Have `closes` hold the first `>` of each tag, and `more` tell where another follows."""
        opens, closes = self.opens, self.closes
        _require(len(opens) and len(closes) and closes[-1] > opens[-1])
        self.more = np.zeros(len(opens), dtype=np.bool_)
        if len(opens) != len(closes):
            found = np.searchsorted(closes, opens)
            self.more = np.append(np.diff(found), len(closes) - found[-1]) > 1
            self.closes = closes = closes[found]
        _require((closes > opens).all() and (opens[1:] > closes[:-1]).all())

    def _check_attributes(self, ours: Marks) -> None:
        """Those of rows and cells are to be written as name="value", without a `>` in a value.

        ours: which tags are of rows and cells. No tag may be an instruction.
        """
        held = self.held
        equal = np.flatnonzero(held == _EQUAL)
        odd = (self.bytes[equal + 1] != _QUOTE) | (held[equal - 1] <= _SPACE)
        suspects = np.concatenate([equal[odd], np.flatnonzero(held < _SPACE)])
        tag = np.maximum(np.searchsorted(self.opens, suspects, "right") - 1, 0)
        within = (self.opens[tag] < suspects) & (suspects < self.closes[tag])
        _require(not (within & ours[tag]).any())
        _require(not (held[self.opens + 1] == _QUESTION).any())
        for at in np.flatnonzero(self.more & ours):
            quotes = np.count_nonzero(held[self.opens[at] : self.closes[at]] == _QUOTE)
            _require(quotes % 2 == 0)

    def _check_no_other_cells(self, ours: Places) -> None:
        """No cell may have another prefix than ours.

        ours: where the prefixes of our cells end.
        """
        colons = np.flatnonzero(self.held == _COLON)
        after = self.bytes[colons + 2]
        colons = colons[
            (self.bytes[colons + 1] == ord("c"))
            & ((after <= _SPACE) | (after == _GREATER) | (after == _SLASH))
        ]
        if len(colons):
            tag = np.maximum(np.searchsorted(self.opens, colons, "right") - 1, 0)
            within = (self.opens[tag] < colons) & (colons < self.closes[tag])
            _require(np.isin(colons[within], ours).all())

    def _called(self, names: Places, name: bytes) -> Marks:
        """Which tags have a name."""
        called = self._ends_name(names + len(name))
        for offset, letter in enumerate(name):
            called &= self.bytes[names + offset] == letter
        return called

    def _ends_name(self, places: Places) -> Marks:
        """Where a name is over."""
        after = self.bytes[places]
        over: Marks = (after <= _SPACE) | (after == _GREATER) | (after == _SLASH)
        return over

    def _numbers(self, tags: NDArray[np.int64]) -> Places:
        """The numbers of rows."""
        opens, closes = self.opens[tags] + self.start, self.closes[tags] + self.start
        ends = zip(opens.tolist(), closes.tolist(), strict=True)
        found = [match[1] for tag in ends if (match := _ROW_NUMBER.search(self.xml, *tag))]
        numbers = np.array(found, dtype=np.bytes_).astype(np.int32)
        _require(len(numbers) == len(tags) and not (numbers > LAST_ROW).any())
        return numbers

    def _columns(
        self, names: Places, numbers: Places, of_row: NDArray[np.int64]
    ) -> tuple[NDArray[np.int16], Places]:
        """The columns of cells, and where the reference of each ends.

        Each is to begin with a reference to a cell of its row.
        """
        data = self.bytes
        for offset, letter in enumerate(_REFERENCE):
            _require((data[names + offset] == letter).all())
        at = names + len(_REFERENCE)
        columns = np.zeros(len(at), dtype=np.int32)
        lettered = np.ones(len(at), dtype=np.bool_)
        for _letter in range(3):
            places = data[at]
            lettered &= (places >= _A) & (places <= _Z)
            columns = np.where(lettered, columns * 26 + (places - (_A - 1)), columns)
            at += lettered
        _require((columns > 0).all() and (columns <= LAST_COLUMN).all())
        left = numbers[of_row]
        many = np.searchsorted(_POWERS, numbers, "right").astype(np.int32)[of_row]
        _require((data[at + many] == _QUOTE).all())
        after = data[at + many + 1]
        _require(((after == _SPACE) | (after == _GREATER) | (after == _SLASH)).all())
        for place in range(int(many.max(initial=0))):
            there = place < many
            digit = data[at + np.maximum(many - 1 - place, 0)]
            _require((digit == left % 10 + _ZERO)[there].all())
            left = left // 10
        return columns.astype(np.int16), at + many + np.int32(1)


def _where(marks: Marks) -> Places:
    return np.flatnonzero(marks).astype(np.int32)
