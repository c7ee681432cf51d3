"""What every host's objects share: members not built say so, things have names, ranges a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area, Place
from smarketing_xl.i18n import _

Item = TypeVar("Item", bound="Named")


class Unbuilt:
    """Base of a host's objects: what is not defined is not built, and says so by name."""

    host: ClassVar[str]

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(
            _("{object}.{name} is not available in {host}").format(
                object=type(self).__name__, name=name, host=_(self.host)
            )
        )


class Named(Unbuilt):
    """Anything that is found by its name."""

    name: Any


class Collection(Unbuilt, Generic[Item]):
    """Things in order, found by position (from 1) or by name."""

    def _items(self) -> list[Item]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items())

    def __contains__(self, key: str | int) -> bool:
        try:
            self(key)
        except (KeyError, IndexError):
            return False
        return True

    def __call__(self, key: str | int) -> Item:
        items = self._items()
        if isinstance(key, int):
            return items[key - 1]
        for item in items:
            if item.name.lower() == key.lower():
                return item
        raise KeyError(key)


class Cells(Unbuilt):
    """A rectangle of cells: where it is on its sheet."""

    max_cells_per_read = max_cells_per_write = None  # any number at once

    def __init__(self, sheet: Any, area: Area) -> None:
        self.sheet = sheet
        self.area = area
        self.options: dict[str, Any] = {}

    def __len__(self) -> int:
        return self.area.size

    def __call__(self, row: int, column: int | None = None) -> Self:
        """The cell at a row and column counted from 1, or the n-th cell in reading order."""
        if column is None:
            down, across = divmod(row - 1, self.area.shape[1])
            row, column = down + 1, across + 1
        top, left = self.area.top + row - 1, self.area.left + column - 1
        if not (1 <= top <= LAST_ROW and 1 <= left <= LAST_COLUMN):
            raise IndexError(_("The sheet has no such cell"))
        return type(self)(self.sheet, Area(top, left, top, left))

    @property
    def row(self) -> int:
        """The first row, counted from 1."""
        return self.area.top

    @property
    def column(self) -> int:
        """The first column, counted from 1."""
        return self.area.left

    @property
    def shape(self) -> Place:
        """How many rows and columns."""
        return self.area.shape

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        """Sheet, first row and column, height and width."""
        return (self.sheet.name, self.row, self.column, *self.shape)

    @property
    def address(self) -> str:
        """The address, absolute: $A$1:$C$3."""
        return self.area.address()

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:
        """The address; with the book's and the sheet's name where external."""
        address = self.area.address(row_absolute, column_absolute)
        if not external:
            return address
        where = f"[{self.sheet.book.name}]{self.sheet.name}".replace("'", "''")
        plain = where.translate({ord(sign): "" for sign in "[]."}).isalnum()
        return f"{where}!{address}" if plain else f"'{where}'!{address}"
