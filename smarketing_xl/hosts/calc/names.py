"""Names of a Calc document: cells, ranges and constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts.base import Collection
from smarketing_xl.hosts.calc.formulas import to_calc, to_excel
from smarketing_xl.hosts.calc.office import CalcObject, NamedObject, struct
from smarketing_xl.hosts.calc.ranges import Range

if TYPE_CHECKING:
    from smarketing_xl.hosts.calc.books import Book, Sheet


class Names(CalcObject, Collection["Name"]):
    """The names of a book, or of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> Any:
        """The names as Calc's own object."""
        return (self.sheet or self.book).api.NamedRanges

    def _items(self) -> list[Name]:
        return [Name(self, name) for name in self.api.getElementNames()]

    def contains(self, key: str | int) -> bool:
        """Whether there is such a name."""
        return key in self

    def snapshot(self) -> list[tuple[str, Name]]:
        """Every name with what it stands for."""
        return [(name.name, name) for name in self._items()]

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name for a range, a constant or a formula."""
        self.api.addNewByName(
            name, to_calc(refers_to).removeprefix("="), struct("com.sun.star.table.CellAddress"), 0
        )
        return Name(self, name)


class Name(NamedObject):
    """A name of the workbook: what it refers to, and the cell or area that is."""

    def __init__(self, names: Names, name: str) -> None:
        self._names = names
        super().__init__(name)

    @property
    def api(self) -> Any:
        """The name as Calc's own object."""
        return self._names.api.getByName(self._name)

    @property
    def refers_to(self) -> str:
        """What it stands for, as Excel writes it: =Goals!$C$7."""
        return to_excel("=" + self.api.getContent())

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.setContent(to_calc(value).removeprefix("="))

    @property
    def refers_to_range(self) -> Range:
        """The range that the name stands for. Raises ValueError where it stands for no range."""
        cells = self.api.getReferredCells()
        if cells is None:
            raise ValueError(f"{self._name} is no range: {self.refers_to}")
        at = cells.getRangeAddress()
        sheet = self._names.book.sheets(at.Sheet + 1)
        area = Area(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1)
        return Range(sheet, area)

    def delete(self) -> None:
        """Take the name away; its cells stay."""
        self._names.api.removeByName(self._name)
