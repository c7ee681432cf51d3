"""A person at a live LibreOffice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import xlwings as xw

from smarketing_xl.hosts.calc.office import arguments, enum, struct, uno
from smarketing_xl.schema.model import Table
from tests.meeting.hands import Hands

ONE_CELL = re.compile(r"(\$?[A-Z]+\$?[0-9]+):\1\b")


class CalcHands(Hands):
    """Sorts, filters, inserts columns and protects sheets with Calc's own commands."""

    def __init__(self, app: xw.App, path: Path) -> None:
        self.app = app
        super().__init__(path)

    def open(self) -> xw.Book:
        return self.app.books.open(str(self.path))

    def sort(self, table: Table, by: str) -> None:
        place = self.place(table)
        fields = struct("com.sun.star.table.TableSortField", Field=place.offsets[by])
        body = place.block(0, 0, place.height - 1, len(place.headers)).impl.api
        kind = "[]com.sun.star.table.TableSortField"
        given = arguments(ContainsHeader=False, SortFields=uno().Any(kind, (fields,)))
        uno().invoke(body, "sort", (given,))
        self.edits += 1

    def filter(self, table: Table, column: str, shown: str) -> None:
        place = self.place(table)
        body = place.live.impl.api.getReferredCells()
        descriptor = body.createFilterDescriptor(True)
        field = struct(
            "com.sun.star.sheet.TableFilterField",
            Field=place.offsets[column],
            Operator=enum("com.sun.star.sheet.FilterOperator", "EQUAL"),
            StringValue=shown,
        )
        descriptor.setPropertyValue("ContainsHeader", True)
        descriptor.setFilterFields((field,))
        body.filter(descriptor)
        self.edits += 1

    def hidden(self, table: Table) -> list[bool]:
        place = self.place(table)
        rows = place.block(0, 0, place.height - 1, 1).impl.api.getRows()
        return [not rows.getByIndex(at).IsVisible for at in range(place.height - 1)]

    def insert_column(self, table: Table, before: str, header: str) -> None:
        """Inside the table, as its menu does."""
        place = self.place(table)
        left = place.left + place.offsets[before]
        place.sheet.api.getColumns().insertByIndex(left - 1, 1)
        place.sheet.range((place.top, left)).value = header
        self.edits += 1

    def note(self, table: Table, row: int, column: str, text: str) -> None:
        place = self.place(table)
        place.block(row, place.offsets[column], 1, 1).impl.add_note(text)
        self.notes[self.keys(table)[row]] = text
        self.edits += 1

    def total(self, table: Table, column: str) -> None:
        place = self.place(table)
        header = place.headers[place.offsets[column]]
        place.block(place.height - 1, 0, 1, 1).value = "Total"
        sum_ = place.block(place.height - 1, place.offsets[column], 1, 1)
        sum_.formula = f"=SUBTOTAL(109,{table.name}[{header}])"
        place.live.resize(
            place.sheet.range(
                (place.top, place.left),
                (place.top + place.height, place.left + len(place.headers) - 1),
            )
        )
        place.live.impl.api.TotalsRow = True
        self.edits += 1

    def block(self, table: Table) -> None:
        self.place(table).sheet.api.protect("")

    def unblock(self, table: Table) -> None:
        self.place(table).sheet.api.unprotect("")

    def content(self) -> dict[str, Any]:
        """LibreOffice 25.2 saves SUM(X7:X7) as SUM(X7), which is the same."""
        return {
            name: [[ONE_CELL.sub(r"\1", cell) for cell in row] for row in rows]
            for name, rows in super().content().items()
        }

    @property
    def notes(self) -> dict[str, Any]:
        return self.__dict__.setdefault("_notes", {})
