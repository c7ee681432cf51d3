"""What people do with a workbook in front of them: type, sort, filter, add columns, paste rows.

Everything typed is remembered, by the key of its row, so that it can be looked for afterwards.
"""

from __future__ import annotations

import re
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl.book import contents, read, write
from smarketing_xl.hosts.file import open_book
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables import JOURNAL
from smarketing_xl.schema.tables import TABLES as DECLARED

TABLES = {table.name: table for table in DECLARED}


class Hands(ABC):
    """A person at a workbook. typed: (table, key of the row, column) → what was typed there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.typed: dict[tuple[str, str, str], Any] = {}
        self.given: dict[str, Any] = {}
        self.edits = 0
        self.book = self.open()

    @abstractmethod
    def open(self) -> xw.Book: ...

    @abstractmethod
    def sort(self, table: Table, by: str) -> None:
        """Largest or last first."""

    @abstractmethod
    def filter(self, table: Table, column: str, shown: str) -> None:
        """Hide every row that holds something else."""

    @abstractmethod
    def hidden(self, table: Table) -> list[bool]:
        """Which of its rows are not shown, from the top of the sheet."""

    def shown_sum(self, table: Table, column: str) -> float:
        """Of the rows that are shown, as a row of totals has it."""
        hidden = self.hidden(table)
        values = read.read_table(self.book, table)[column]
        return float(values[[not it for it in hidden]].sum())

    @abstractmethod
    def block(self, table: Table) -> None:
        """Do something to a sheet that lets no table grow there."""

    @abstractmethod
    def unblock(self, table: Table) -> None: ...

    def reopen(self) -> None:
        self.book.save()
        self.book.close()
        self.book = self.open()

    def place(self, table: Table) -> read.TablePlace:
        return read.find_table(self.book, table)

    def keys(self, table: Table) -> list[str]:
        """The key of every row, from the top of the sheet."""
        place = self.place(table)
        blocks = [
            place.block(0, place.offsets[key], place.height - 1, 1).options(ndim=2).value
            for key in table.key
        ]
        return [" | ".join(str(cell) for [cell] in cells) for cells in zip(*blocks, strict=True)]

    def cells(self, table: Table, column: str) -> list[Any]:
        place = self.place(table)
        block = place.block(0, place.offsets[column], place.height - 1, 1)
        return list(block.options(ndim=1).value)

    def type(self, table: Table, row: int, column: str, value: Any) -> None:
        """Type into a row, counted from the top as the sheet shows it now."""
        place = self.place(table)
        place.block(row, place.offsets[column], 1, 1).value = value
        self.typed[table.name, self.keys(table)[row], column] = value
        self.edits += 1

    def give(self, name: str, value: Any) -> None:
        read.named_range(self.book, name).value = value
        self.given[name] = value
        self.edits += 1

    def paste(self, table: Table, rows: pd.DataFrame) -> None:
        """Rows below the last; the table takes them in, as it does when one pastes."""
        place = self.place(table)
        top = place.height - 1
        self._extend(place, place.height + len(rows), len(place.headers))
        for column in rows:
            block = place.block(top, place.offsets[column], len(rows), 1)
            block.options(ndim=2).value = [[_cell(value)] for value in rows[column]]
        for at, key in enumerate(self.keys(table)[top:]):
            given = rows.iloc[at].dropna()
            self.typed |= {(table.name, key, str(name)): it for name, it in given.items()}
        self.edits += 1

    def paste_below(self, table: Table, rows: list[list[Any]]) -> None:
        """Rows right below the last, as a program leaves them that knows no tables."""
        place = self.place(table)
        assert not place.totals
        place.block(place.height - 1, 0, len(rows), len(rows[0])).value = rows
        for row in rows:
            given = zip(place.table.keys, row, strict=False)
            self.typed |= {(table.name, str(row[0]), key): value for key, value in given if value}
        self.edits += 1

    def add_column(self, table: Table, header: str, formula: str = "") -> None:
        """A column of one's own. formula: what each row of it calculates."""
        place = self.place(table)
        column = len(place.headers)
        place.block(-1, column, 1, 1).value = header
        self._extend(place, place.height, column + 1)
        if formula:
            place.block(0, column, place.height - 1, 1).formula = formula
        self.edits += 1

    @abstractmethod
    def total(self, table: Table, column: str) -> None:
        """Switch the row of totals on, with a label and the sum of a column."""

    def _extend(self, place: read.TablePlace, height: int, width: int) -> None:
        corner = (place.top + height - 1, place.left + width - 1)
        place.live.resize(place.sheet.range((place.top, place.left), corner))

    def remark(self, table: Table, below: int, text: str) -> xw.Range:
        """Type so many rows below a table."""
        place = self.place(table)
        cell = place.block(place.height - 2 + below, 0, 1, 1)
        cell.value = text
        self.edits += 1
        return cell

    def lost(self) -> dict[Any, tuple[Any, Any]]:
        """Everything typed that is not where its row is: what was typed, what is there."""
        used = {name: TABLES[name] for name, _key, _column in self.typed}
        places = {name: self.place(table) for name, table in used.items()}
        rows = {
            name: {key: at for at, key in enumerate(self.keys(table))}
            for name, table in used.items()
        }
        gone: dict[Any, tuple[Any, Any]] = {}
        for (table, key, column), value in self.typed.items():
            place, row = places[table], rows[table].get(key)
            there = None if row is None else place.block(row, place.offsets[column], 1, 1).value
            if not _alike(there, value):
                gone[table, key, column] = (value, there)
        for name, value in self.given.items():
            there = read.named_range(self.book, name).value
            if not _alike(there, value):
                gone[name] = (value, there)
        return gone

    def check(self, when: str) -> None:
        lost = self.lost()
        assert not lost, f"{when}: {lost}"

    def content(self) -> dict[str, Any]:
        """Every cell of every sheet but what undo remembers."""
        shown = [
            sheet for sheet in self.book.sheets if self.place(JOURNAL).sheet.name != sheet.name
        ]
        return {sheet.name: sheet.used_range.formula for sheet in shown}


def _cell(value: Any) -> Any:
    return None if pd.isna(value) else value


def _alike(there: Any, value: Any) -> bool:
    if isinstance(value, float) and isinstance(there, int | float):
        return abs(there - value) < 1e-9
    if isinstance(value, pd.Timestamp):
        return pd.Timestamp(there) == value
    return (there or None) == (value or None)


class FileHands(Hands):
    """At a file: sorting and filtering leave in it what Excel would have saved."""

    def open(self) -> xw.Book:
        return open_book(self.path)

    def sort(self, table: Table, by: str) -> None:
        place = self.place(table)
        offsets = list(range(len(place.headers)))
        rows = contents.current(place, offsets, place.height - 1)
        at = place.offsets[by]
        order = sorted(range(len(rows)), key=lambda row: _rank(rows[row, at]), reverse=True)
        write._put(place, offsets, rows, rows[order])
        self.edits += 1

    def filter(self, table: Table, column: str, shown: str) -> None:
        place = self.place(table)
        offset = place.offsets[column]
        cells = place.block(0, offset, place.height - 1, 1).options(ndim=1).value
        hidden = [place.top + 1 + row for row, cell in enumerate(cells) if cell != shown]
        criteria = (
            f'<filterColumn colId="{offset}"><filters><filter val="{shown}"/></filters>'
            "</filterColumn>"
        )
        sheet, part = self._parts(table)

        def hide(row: re.Match[str]) -> str:
            return row[0][:-1] + ' hidden="1">' if int(row[1]) in hidden else row[0]

        self._patch(sheet, lambda text: re.sub(r'<row r="(\d+)"[^>]*[^/]>', hide, text))
        self._patch(
            part,
            lambda text: re.sub(r"(<autoFilter [^>]*?)/>", rf"\1>{criteria}</autoFilter>", text),
        )
        self.edits += 1

    def hidden(self, table: Table) -> list[bool]:
        place = self.place(table)
        rows = set(place.live.impl.api.sheet.xml.hidden_rows())
        return [place.top + at in rows for at in range(1, place.height)]

    def block(self, table: Table) -> None:
        guard = '<sheetProtection sheet="1" objects="1" scenarios="1"/>'
        sheet, _part = self._parts(table)
        self._patch(sheet, lambda text: text.replace("</sheetData>", f"</sheetData>{guard}", 1))

    def unblock(self, table: Table) -> None:
        sheet, _part = self._parts(table)
        self._patch(sheet, lambda text: re.sub(r"<sheetProtection[^>]*/>", "", text))

    def total(self, table: Table, column: str) -> None:
        place = self.place(table)
        row = place.top + place.height
        first, header = place.headers[0], place.headers[place.offsets[column]]
        place.block(place.height - 1, 0, 1, 1).value = "Total"
        sum_ = place.block(place.height - 1, place.offsets[column], 1, 1)
        sum_.formula = f"=SUBTOTAL(109,{table.name}[{header}])"
        _sheet, part = self._parts(table)

        def switch_on(text: str) -> str:
            text = re.sub(r' totalsRow(?:Shown|Count)="0"', "", text)
            text = re.sub(r' ref="(\w+:[A-Z]+)\d+"', rf' ref="\g<1>{row}"', text, count=1)
            text = text.replace(" displayName=", ' totalsRowCount="1" displayName=', 1)
            label = f'name="{first}" totalsRowLabel="Total"'
            text = text.replace(f'name="{first}"', label, 1)
            return text.replace(f'name="{header}"', f'name="{header}" totalsRowFunction="sum"', 1)

        self._patch(part, switch_on)
        self.edits += 1

    def _parts(self, table: Table) -> tuple[str, str]:
        """The parts of the file that hold the sheet and the table."""
        live = self.place(table).live
        return live.impl.api.sheet.entry.part, live.impl.api.part

    def _patch(self, part: str, change: Any) -> None:
        self.book.save()
        self.book.close()
        with zipfile.ZipFile(self.path) as old:
            parts = {info: old.read(info) for info in old.infolist()}
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as new:
            for info, data in parts.items():
                here = info.filename == part
                written = change(data.decode()).encode() if here else data
                assert not here or written != data
                new.writestr(info.filename, written)
        self.book = self.open()


def _rank(cell: Any) -> tuple[bool, Any]:
    return (cell not in (None, ""), cell if cell not in (None, "") else 0)
