"""What sheets and books hold: tables and defined names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts.base import Collection, Named
from smarketing_xl.hosts.file.model.rename import rename_table
from smarketing_xl.hosts.file.model.table import Table as TableModel
from smarketing_xl.hosts.file.parts.workbook_xml import area_of
from smarketing_xl.hosts.file.xlwings_api.base import FileObject
from smarketing_xl.hosts.file.xlwings_api.ranges import Range
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.xlwings_api.engine import Book, Sheet


class Tables(FileObject, Collection["Table"]):
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def _items(self) -> list[Table]:
        models_ = self.sheet.book.document.tables_of(self.sheet.model)
        return [Table(self.sheet, model) for model in models_]


class Table(FileObject, Named):
    """A table."""

    def __init__(self, sheet: Sheet, model: TableModel) -> None:
        self.parent = sheet
        self.model = model

    @property
    def api(self) -> TableModel:
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        rename_table(self.model, value)

    @property
    def display_name(self) -> str:
        return self.model.name

    @property
    def range(self) -> Range:
        return Range(self.parent, self.model.area)

    @property
    def header_row_range(self) -> Range | None:
        area = self.model.area
        if not self.model.header_rows:
            return None
        return Range(self.parent, Area(area.top, area.left, area.top, area.right))

    @property
    def data_body_range(self) -> Range:
        return Range(self.parent, self.model.body)

    @property
    def totals_row_range(self) -> Range | None:
        area = self.model.area
        if not self.model.totals_rows:
            return None
        return Range(self.parent, Area(area.bottom, area.left, area.bottom, area.right))

    @property
    def insert_row_range(self) -> None:
        return None

    @property
    def show_headers(self) -> bool:
        return bool(self.model.header_rows)

    @property
    def show_totals(self) -> bool:
        return bool(self.model.totals_rows)

    @property
    def show_autofilter(self) -> bool:
        return self.model.has_filter

    @property
    def table_style(self) -> str:
        return self.model.style

    def resize(self, range: Any) -> None:
        impl: Range = range.impl
        self.model.resize(impl.area)


class Names(FileObject, Collection["Name"]):
    """Defined names: of the whole book, or those of one sheet."""

    def __init__(self, book: Book, scope: str | None) -> None:
        self.book = book
        self.scope = scope

    def _items(self) -> list[Name]:
        workbook = self.book.document.workbook
        return [
            Name(self.book, entry)
            for entry in workbook.names()
            if self.scope is None or workbook.scope(entry) == self.scope
        ]

    def __call__(self, key: str | int) -> Name:
        if isinstance(key, int):
            return self._items()[key - 1]
        sheet, _mark, name = key.rpartition("!")
        entry = self.book.document.workbook.name(name, sheet.strip("'") or self.scope)
        if entry is None:
            raise KeyError(key)
        return Name(self.book, entry)

    def contains(self, key: str | int) -> bool:
        return key in self

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._items()]

    def add(self, name: str, refers_to: str) -> Name:
        workbook = self.book.document.workbook
        return Name(self.book, workbook.add_name(name, refers_to, self.scope))


class Name(FileObject, Named):
    """A defined name."""

    def __init__(self, book: Book, entry: etree._Element) -> None:
        self.book = book
        self.entry = entry

    @property
    def api(self) -> etree._Element:
        return self.entry

    @property
    def name(self) -> str:
        sheet = self.book.document.workbook.scope(self.entry)
        name = self.entry.get("name", "")
        return name if sheet is None else f"{sheet}!{name}"

    @property
    def refers_to(self) -> str:
        return "=" + (self.entry.text or "")

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.book.document.workbook.redefine(self.entry, value)

    @property
    def refers_to_range(self) -> Range:
        reference = area_of(self.entry.text or "")
        if reference is None or reference[0] is None:
            raise KeyError(
                _("{name} stands for no range: {text}").format(name=self.name, text=self.refers_to)
            )
        return Range(self.book.sheets(reference[0]), reference[1])

    def delete(self) -> None:
        self.book.document.workbook.drop_name(self.entry)
