"""What was written in memory, put into the text of the sheet, row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
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
from smarketing_xl.hosts.file.parts.sheet_xml import Stamp, own_style, row_style
from smarketing_xl.hosts.file.parts.styles import Styles

_RISKY = frozenset("=+-@\t\r＝＋－＠")  # a spreadsheet takes text that begins so for a formula
_TAG = re.compile(r"<(/?)(?=[a-zA-Z])")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_MOST_TEXTS = 65_536  # whose XML is remembered while a sheet is written


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
    for row, columns in _rows(sheet):
        if not pen.splice(row, columns):
            pen.rewrite(row, columns)
    written = sheet.written()
    if written is not None:
        sheet.xml.widen(written)
    return sheet.xml.xml()


def _rows(sheet: Sheet) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every row to be rewritten, with the columns written in it."""
    few = {row: set(columns) for row, columns in sheet.places.items()}
    for row, column in sheet.looks:
        few.setdefault(row, set()).add(column)
    done = set()
    for top, bottom, columns in _bands(sheet.areas):
        for row in range(top, bottom + 1):
            done.add(row)
            yield row, tuple(sorted(few[row].union(columns))) if row in few else columns
    for row, some in few.items():
        if row not in done:
            yield row, tuple(sorted(some))
    for row, entry in list(sheet.xml.rows.items()):
        if entry.stamps and row not in done and row not in few:
            yield row, ()


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


class _Pen:
    """Writes rows of one sheet; what it learns about styles is kept for the next cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.xml = sheet.xml
        self.grid = sheet.grid
        self.formulas = sheet.formulas
        self.looks = sheet.looks
        self.styles: Styles = sheet.document.styles
        self.epoch = sheet.document.epoch
        self.column_styles = sheet.xml.column_styles()
        self._fit: dict[tuple[int, int], int] = {}
        self._texts: dict[tuple[int, str], str] = {}
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
        self._cuts: dict[tuple[Shape, tuple[int, ...]], list[_Cut]] = {}
        self._grown: dict[tuple[int, tuple[int, ...]], list[tuple[int, str, int, bool]]] = {}
        self._busy = {row for row, _column in (*self.formulas, *self.looks)}

    # --- most rows: what is written is put between what stays as it is ------------------------

    def splice(self, row: int, columns: tuple[int, ...]) -> bool:
        """Put a row's values into its text; False, and nothing done, where that takes more."""
        entry = self.xml.rows.get(row)
        if entry is None or self.xml.prefix or row in self._busy:
            return False
        if entry.at is not None and not entry.stamps:
            if self._shapes[entry.at] is None:
                return False
            head, cells = self._between(row, entry.at, columns)
        elif len(entry.stamps) == 1 and (head := self.xml.text(entry)).count(b"<") == 1:
            cells = self._after_stamp(row, entry.stamps[0], columns)
        else:
            return False
        if b" customFormat=" in head and row_style(head.decode()) is not None:
            return False
        head = _SPANS.sub(b"", head).removesuffix(b"/>").removesuffix(b">")
        entry.at, entry.stamps = None, ()
        entry.written = b"%b>%b</row>" % (head, cells) if cells else head + b"/>"
        return True

    def _between(self, row: int, at: int, columns: tuple[int, ...]) -> tuple[bytes, bytes]:
        """A row's tag, and its cells with what was written put among them."""
        shape = self._shapes[at]
        assert shape is not None
        cuts = self._cuts.get((shape, columns))
        if cuts is None:
            cuts = self._cuts[shape, columns] = _cuts(shape, columns)
        data, first, opened = self.xml.data, self._first[at], self._opened[at]
        end = max(opened, self._ends[at] - len("</row>"))
        kept_from = opened
        out = []
        for cut in cuts:
            past = end if cut.before is None else self._cells[first + cut.before]
            there_next = first + (cut.first or 0)
            out.append(data[kept_from : past if cut.first is None else self._cells[there_next]])
            new = ""
            for column, name, there in cut.columns:
                style = self.column_styles.get(column, 0)
                if there:
                    marks = self._cells[there_next] + len(f'<c r="{name}{row}"')
                    style = self._style_in(data[marks : data.index(b">", marks)])
                    there_next += 1
                new += self._value(row, column, name, style)
            out.append(new.encode())
            kept_from = past
        out.append(data[kept_from:end])
        return data[self._starts[at] : opened], b"".join(out)

    def _after_stamp(self, row: int, stamp: Stamp, columns: tuple[int, ...]) -> bytes:
        """The cells of a row that a grown table has gained, and nothing stood in."""
        plan = self._grown.get((id(stamp), columns))
        if plan is None:
            plan = self._grown[id(stamp), columns] = [
                (
                    column,
                    letters(column),
                    (stamp.styles.get(column) or 0)
                    if column in stamp.styles
                    else self.column_styles.get(column, 0),
                    column in columns,
                )
                for column in sorted({*stamp.styles, *columns})
            ]
        return "".join(
            self._value(row, column, name, style)
            if written
            else self._blank(f"{name}{row}", style, self.column_styles.get(column, 0))
            for column, name, style, written in plan
        ).encode()

    def _style_in(self, marks: bytes) -> int:
        style = self._styles.get(marks)
        if style is None:
            style = self._styles[marks] = own_style(marks.decode())
        return style

    def _value(self, row: int, column: int, name: str, style: int) -> str:
        """A cell that holds what was written to it and no formula."""
        values = self.grid[row - 1] if row <= len(self.grid) else ()
        value = values[column - 1] if column <= len(values) else None
        if type(value) is str and (known := self._texts.get((style, value))):
            return f'<c r="{name}{row}"{known}'
        looks = self._fitting(style, value)
        if value is None or value == "":
            return self._blank(f"{name}{row}", looks, self.column_styles.get(column, 0))
        rest = cell_with(value, self.epoch)
        if looks:
            rest = f' s="{looks}"{rest}'
        if type(value) is str and len(self._texts) < _MOST_TEXTS:
            self._texts[style, value] = rest
        return f'<c r="{name}{row}"{rest}'

    # --- every other row: taken apart into cells ----------------------------------------------

    def rewrite(self, row: int, columns: tuple[int, ...]) -> None:
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
