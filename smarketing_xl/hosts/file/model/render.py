"""What was written in memory, put into the text of the sheet, row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise, repeat
from typing import Any

from smarketing_xl.a1.areas import Area, letters
from smarketing_xl.hosts.file.model.sheet import Sheet
from smarketing_xl.hosts.file.parts.cell_xml import (
    LAST_DAY,
    cached,
    cell_type,
    cell_with,
)
from smarketing_xl.hosts.file.parts.row_index import Shape
from smarketing_xl.hosts.file.parts.sheet_xml import Row, Stamp, own_style, row_style
from smarketing_xl.hosts.file.parts.styles import Styles

_RISKY = frozenset("=+-@\t\r＝＋－＠")  # a spreadsheet takes text that begins so for a formula
_TAG = re.compile(r"<(/?)(?=[a-zA-Z])")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_MOST_KNOWN = 4_096  # contents of a column whose XML is remembered while a sheet is written
_TOGETHER = 1_000  # rows that are written in one piece

_Plan = Callable[[list[int]], Iterable[bytes]]
"""The numbers of rows → their cells."""


@dataclass(frozen=True)
class _Cut:
    """Cells side by side to be written into rows of one shape.

    first: which of the row's cells is the first of them that is there. before: which one is behind
    them. columns: number, letters, and whether it is there.
    """

    first: int | None
    before: int | None
    columns: list[tuple[int, str, bool]]


def _cuts(shape: Shape, columns: tuple[int, ...]) -> list[_Cut]:
    there, written = {column: at for at, column in enumerate(shape.columns)}, set(columns)
    cuts: list[_Cut] = []
    side_by_side: list[int] = []
    for column in [*sorted(there.keys() | written), None]:
        if column in written:
            side_by_side.append(column)
        elif side_by_side:
            first = next((there[each] for each in side_by_side if each in there), None)
            cuts.append(
                _Cut(
                    first,
                    None if column is None else there[column],
                    [(each, letters(each), each in there) for each in side_by_side],
                )
            )
            side_by_side = []
    return cuts


def render_sheet(sheet: Sheet) -> Iterator[bytes]:
    """The part with everything that was written to the sheet, piece by piece."""
    pen = _Pen(sheet)
    written = sheet.written()
    if written is not None:
        sheet.xml.widen(written)
    yield sheet.xml.head.encode()
    numbers = sorted(sheet.xml.rows.keys() | pen.written.keys())
    for first in range(0, len(numbers), _TOGETHER):
        yield b"".join(pen.rows(numbers[first : first + _TOGETHER]))
    yield sheet.xml.tail.encode()


def _rows(sheet: Sheet) -> dict[int, tuple[int, ...]]:
    """Every row to be rewritten, with the columns written in it."""
    few = {row: set(columns) for row, columns in sheet.places.items()}
    for row, column in sheet.looks:
        few.setdefault(row, set()).add(column)
    rows: dict[int, tuple[int, ...]] = {
        row: () for row, entry in sheet.xml.rows.items() if entry.stamps
    }
    for top, bottom, columns in _bands(sheet.areas):
        rows |= dict.fromkeys(range(top, bottom + 1), columns)
    return rows | {row: tuple(sorted(some.union(rows.get(row, ())))) for row, some in few.items()}


def _bands(areas: list[Area]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Runs of rows in which the same columns were written: first row, last row, columns."""
    cuts = sorted({area.top for area in areas} | {area.bottom + 1 for area in areas})
    for top, after in pairwise(cuts):
        columns: set[int] = set()
        for area in areas:
            if area.top <= top <= area.bottom:
                columns.update(range(area.left, area.right + 1))
        if columns:
            yield top, after - 1, tuple(sorted(columns))


class _Rests(dict[tuple[int, type, Any], str]):
    """What follows a cell's reference, by the style it had and what it holds now; nothing for a
    cell that need not be there.
    """

    def __init__(self, made: Callable[[int, Any], str]) -> None:
        self._made = made

    def __missing__(self, key: tuple[int, type, Any]) -> str:
        rest = self._made(key[0], key[2])
        if len(self) < _MOST_KNOWN:
            self[key] = rest
        return rest


class _Pen:
    """Writes rows of one sheet; what it learns about styles is kept for the next cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.xml = sheet.xml
        self.written = _rows(sheet)
        self.grid = sheet.grid
        self.formulas = sheet.formulas
        self.looks = sheet.looks
        self.styles: Styles = sheet.document.styles
        self.epoch = sheet.document.epoch
        self.column_styles = sheet.xml.column_styles()
        self._fit: dict[tuple[int, int], int] = {}
        self._rests: dict[int, _Rests] = {}
        self._styles: dict[bytes, int] = {}
        index = sheet.xml.index
        self._shapes = [
            shape if plain and shape.orderly else None
            for shape, plain in zip(index.shapes, index.plain.tolist(), strict=True)
        ]
        self._starts: memoryview[int] = index.starts.data
        self._opened: memoryview[int] = index.opened.data
        self._ends: memoryview[int] = index.ends.data
        self._first: memoryview[int] = index.first.data
        self._cells: memoryview[int] = index.cells.data
        self._plans: dict[tuple[object, tuple[int, ...]], _Plan] = {}
        self._busy = {row for row, _column in (*self.formulas, *self.looks)}

    def rows(self, numbers: list[int]) -> Iterator[bytes]:
        """The text of rows, in their order."""
        for _key, some in groupby(map(self._planned, numbers), key=lambda row: id(row[0])):
            (plan, *_first), *_others = rows = list(some)
            if plan is None:
                yield from (text for _plan, _row, text in rows)
                continue
            heads = [_SPANS.sub(b"", head) if b"spans" in head else head for _, _, head in rows]
            bodies = plan([row for _plan, row, _head in rows])
            for head, cells in zip(heads, bodies, strict=True):
                head = head.removesuffix(b"/>").removesuffix(b">")
                yield b"%b>%b</row>" % (head, cells) if cells else head + b"/>"

    def _planned(self, row: int) -> tuple[_Plan | None, int, bytes]:
        """How a row is put together, the row, and its tag; without a plan, its text."""
        columns, entry = self.written.get(row), self.xml.rows.get(row)
        if columns is None:
            assert entry is not None
            return None, row, self.xml.text(entry)
        plan, head = self._plan(row, entry, columns)
        if plan is None or (b" customFormat=" in head and row_style(head.decode()) is not None):
            self._rewrite(row, columns)
            return None, row, self.xml.text(self.xml.rows[row])
        return plan, row, head

    # --- most rows: what is written is put between what stays as it is ------------------------

    def _plan(
        self, row: int, entry: Row | None, columns: tuple[int, ...]
    ) -> tuple[_Plan | None, bytes]:
        """How a row is put together that need not be taken apart into cells, and its tag."""
        if entry is None or self.xml.prefix or row in self._busy:
            return None, b""
        if entry.at is not None and not entry.stamps:
            shape = self._shapes[entry.at]
            if shape is None:
                return None, b""
            plan = self._plans.get((shape, columns))
            if plan is None:
                plan = partial(self._between, _cuts(shape, columns))
                self._plans[shape, columns] = plan
            return plan, self.xml.data[self._starts[entry.at] : self._opened[entry.at]]
        head = self.xml.text(entry)
        if len(entry.stamps) != 1 or head.count(b"<") != 1:
            return None, b""
        stamp = entry.stamps[0]
        plan = self._plans.get((id(stamp), columns))
        if plan is None:
            plan = partial(self._after_stamp, self._grown(stamp, columns))
            self._plans[id(stamp), columns] = plan
        return plan, head

    def _between(self, cuts: list[_Cut], rows: list[int]) -> Iterable[bytes]:
        """The cells of rows of one shape, with what was written put among them."""
        data, cells = self.xml.data, self._cells
        at = [self._at(row) for row in rows]
        firsts = [self._first[each] for each in at]
        ends = [max(self._opened[each], self._ends[each] - len("</row>")) for each in at]
        kept_from = [self._opened[each] for each in at]
        digits = [len(str(row)) for row in rows]
        out: list[Iterable[bytes]] = []
        for cut in cuts:
            past = ends if cut.before is None else [cells[first + cut.before] for first in firsts]
            until = past if cut.first is None else [cells[first + cut.first] for first in firsts]
            out.append([data[begin:end] for begin, end in zip(kept_from, until, strict=True)])
            there_next = cut.first or 0
            new = []
            for column, name, there in cut.columns:
                styles: Iterable[int] = repeat(self.column_styles.get(column, 0), len(rows))
                if there:
                    head = len(f'<c r="{name}"')
                    marks = zip(firsts, digits, strict=True)
                    styles = [self._style_at(cells[at + there_next] + head + n) for at, n in marks]
                    there_next += 1
                new.append(self._written(rows, column, name, styles))
            out.append(map(str.encode, map("".join, zip(*new, strict=True))))
            kept_from = past
        out.append([data[begin:end] for begin, end in zip(kept_from, ends, strict=True)])
        return map(b"".join, zip(*out, strict=True))

    def _at(self, row: int) -> int:
        at = self.xml.rows[row].at
        assert at is not None
        return at

    def _style_at(self, marks: int) -> int:
        """The style of a cell. marks: where its attributes begin, behind the reference."""
        found = self.xml.data[marks : self.xml.data.index(b">", marks)]
        style = self._styles.get(found)
        if style is None:
            style = self._styles[found] = own_style(found.decode())
        return style

    def _grown(self, stamp: Stamp, columns: tuple[int, ...]) -> list[tuple[int, str, int, bool]]:
        """What stands in the rows that a grown table has gained: column, letters, style, and
        whether it was written.
        """
        grown = []
        for column in sorted({*stamp.styles, *columns}):
            style = self.column_styles.get(column, 0)
            if column in stamp.styles:
                style = stamp.styles[column] or 0
            grown.append((column, letters(column), style, column in columns))
        return grown

    def _after_stamp(
        self, grown: list[tuple[int, str, int, bool]], rows: list[int]
    ) -> Iterable[bytes]:
        """The cells of rows that a grown table has gained, and nothing stood in."""
        out: list[Iterable[str]] = []
        for column, name, style, written in grown:
            if written:
                out.append(self._written(rows, column, name, repeat(style, len(rows))))
            elif style != self.column_styles.get(column, 0):
                out.append([f'<c r="{name}{row}" s="{style}"/>' for row in rows])
        return (
            map(str.encode, map("".join, zip(*out, strict=True))) if out else repeat(b"", len(rows))
        )

    def _written(
        self, rows: list[int], column: int, name: str, styles: Iterable[int]
    ) -> Iterable[str]:
        """The cells of a column that hold what was written to them, and no formula."""
        rests = self._rests.get(column)
        if rests is None:
            default = self.column_styles.get(column, 0)
            rests = self._rests[column] = _Rests(partial(self._rest, default))
        return [
            f'<c r="{name}{row}"{rest}' if (rest := rests[style, type(value), value]) else ""
            for row, style, value in zip(rows, styles, self._held(rows, column), strict=True)
        ]

    def _held(self, rows: list[int], column: int) -> list[Any]:
        try:
            return [self.grid[row - 1][column - 1] for row in rows]
        except IndexError:  # rows are only as long as they are filled
            return [self.sheet.value(row, column) for row in rows]

    def _rest(self, default: int, style: int, value: Any) -> str:
        """What follows the reference of a cell; nothing where it need not be there."""
        looks = self._fitting(style, value)
        mark = f' s="{looks}"' if looks else ""
        if value is None or value == "":
            return "" if looks == default else f"{mark}/>"
        return mark + cell_with(value, self.epoch)

    # --- every other row: taken apart into cells ----------------------------------------------

    def _rewrite(self, row: int, columns: tuple[int, ...]) -> None:
        cells = self.xml.cells(row)
        attributes = self.xml.row_attributes(row)
        own = row_style(attributes)
        values = self.grid[row - 1] if row <= len(self.grid) else []
        width = len(values)
        written: dict[int, str] = {}
        for column in columns:
            old = cells.get(column)
            default = self.column_styles.get(column, 0) if own is None else own
            style = default if old is None else own_style(old[0])
            if self.looks:
                style = self.looks.get((row, column), style)
            value = values[column - 1] if column <= width else None
            written[column] = self._cell(row, column, style, default, value)
        if len(written) != len(cells) or written.keys() != cells.keys():
            for column, (marks, inner) in cells.items():
                default = self.column_styles.get(column, 0) if own is None else own
                if column not in written and (marks or inner or default):
                    head = f'<{self.xml.prefix}c r="{letters(column)}{row}"{marks}'
                    end = f">{inner}</{self.xml.prefix}c>" if inner else "/>"
                    written[column] = head + end
        self.xml.put_row(row, [written[column] for column in sorted(written)], attributes)

    @staticmethod
    def _blank(reference: str, style: int, default: int) -> str:
        """A cell that holds nothing; none where it would look as its column or row does anyway."""
        return "" if style == default else f'<c r="{reference}" s="{style}"/>'

    def _cell(self, row: int, column: int, style: int, default: int, value: Any) -> str:
        formula = self.formulas.get((row, column)) if self.formulas else None
        if formula is None:
            style = self._fitting(style, value)
        mark = f' s="{style}"' if style else ""
        head = f'<c r="{letters(column)}{row}"{mark}'
        if formula is None:
            if value is None or value == "":
                return self._named(self._blank(f"{letters(column)}{row}", style, default))
            return self._named(head + cell_with(value, self.epoch))
        text = self._named(f"{head}{formula.marks}{cell_type(value)}>")
        end = self._named(f"{cached(value, self.epoch)}</c>")
        known = formula.xml.startswith(f"<{self.xml.prefix}f")
        return text + (formula.xml if known else self._named(formula.xml)) + end

    def _fitting(self, style: int, value: Any) -> int:
        """The style, made to show a date as one and to keep risky text as text."""
        if type(value) is str:
            need = 1 if value and value[0] in _RISKY else 0
        elif isinstance(value, dt.datetime):
            need = 2 if value.time() == dt.time() else 3
        elif isinstance(value, int | float) and abs(value) > LAST_DAY:
            need = 4
        else:
            need = 0
        key = style, need
        if key not in self._fit:
            self._fit[key] = self._fitted(style, need)
        return self._fit[key]

    def _fitted(self, style: int, need: int) -> int:
        if need == 1:
            return self.styles.quoted(style)
        style = self.styles.unquoted(style)
        if need == 4:  # no date is that far away, and readers stumble over it
            return self.styles.with_code(style, 0) if self.styles.is_date(style) else style
        return self.styles.dated(style, with_time=need == 3) if need else style

    def _named(self, xml: str) -> str:
        prefix = self.xml.prefix
        return _TAG.sub(rf"<\1{prefix}", xml) if prefix else xml
