"""The object model of xlwings over workbook files: engine, apps, books, sheets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area
from smarketing_xl.hosts.base import Collection, Named
from smarketing_xl.hosts.file.model import sheet as models
from smarketing_xl.hosts.file.model.document import Document
from smarketing_xl.hosts.file.xlwings_api.base import FileObject
from smarketing_xl.hosts.file.xlwings_api.notes import Note, notes_of
from smarketing_xl.hosts.file.xlwings_api.ranges import Range
from smarketing_xl.hosts.file.xlwings_api.tables_and_names import Names, Tables
from smarketing_xl.i18n import _


class Engine(FileObject):
    """The engine's implementation, as xlwings wants it."""

    name = "file"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        """A Python value on its way to a cell: the sheet tidies all that is written to it."""
        return value

    @staticmethod
    def clean_value_data(
        data: list[list[Any]],
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Cells as the caller asked to see them."""
        from smarketing_xl.hosts.file.xlwings_api.clean import cleaned

        return cleaned(data, datetime_builder, empty_as, number_builder, err_to_str)


class Apps(FileObject):
    """Sets of open books; each behaves as one running program."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apps: dict[int, App] = {}
        self._count = itertools.count(1)

    def keys(self) -> list[int]:
        return list(self._apps)

    def add(self, **_options: Any) -> App:
        app = App(self._engine, next(self._count))
        self._apps[app.pid] = app
        return app

    def drop(self, app: App) -> None:
        self._apps.pop(app.pid, None)

    def __iter__(self) -> Iterator[App]:
        if not self._apps:
            self.add()
        return iter(list(self._apps.values()))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return self._apps[pid]


class App(FileObject):
    """What a running program would be: it holds the open books."""

    def __init__(self, engine: Engine, pid: int) -> None:
        self.engine = engine
        self.pid = pid
        self.books = Books(self)
        # settings that mean nothing for a file, kept so that callers may set and restore them
        self.status_bar: Any = False
        self.visible = False
        self.screen_updating = True
        self.display_alerts = True
        self.enable_events = True
        self.interactive = True
        self.calculation = "automatic"
        self.cut_copy_mode: Any = False

    @property
    def version(self) -> str:
        return "16.0"

    def calculate(self) -> None:
        """Calculate what is out of date."""
        for book in self.books:
            book.document.calculate()

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing to bring to the front."""

    def quit(self) -> None:
        self.books.open_books.clear()
        self.engine.apps.drop(self)

    kill = quit


class Books(FileObject, Collection["Book"]):
    """The open books of an app."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.open_books: list[Book] = []

    def _items(self) -> list[Book]:
        return self.open_books

    @property
    def active(self) -> Book:
        if not self.open_books:
            raise KeyError(_("No workbook is open"))
        return self.open_books[-1]

    def open(
        self, fullname: str, update_links: Any = None, read_only: bool | None = None, *_rest: Any
    ) -> Book:
        book = Book(self.app, Document(Path(fullname), read_only=bool(read_only)))
        self.open_books.append(book)
        return book


class Book(FileObject, Named):
    """An open workbook."""

    def __init__(self, app: App, document: Document) -> None:
        self.app = app
        self.document = document
        self.sheets = Sheets(self)

    @property
    def api(self) -> Document:
        return self.document

    @property
    def name(self) -> str:
        return self.document.path.name

    @property
    def fullname(self) -> str:
        return str(self.document.path)

    @property
    def names(self) -> Names:
        return Names(self, None)

    def activate(self) -> None:
        books = self.app.books.open_books
        books.append(books.pop(books.index(self)))

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password:
            raise NotImplementedError(_("A workbook file cannot be given a password"))
        self.document.save(Path(path) if path else None)

    def close(self) -> None:
        if self in self.app.books.open_books:
            self.app.books.open_books.remove(self)


class Sheets(FileObject, Collection["Sheet"]):
    """The worksheets of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._sheets = [Sheet(book, model) for model in book.document.sheets]

    def _items(self) -> list[Sheet]:
        return self._sheets

    def __call__(self, key: str | int) -> Sheet:
        if isinstance(key, int):
            return self._sheets[key - 1]
        known = {sheet.model.name.lower(): sheet for sheet in self._sheets}
        return known[key.lower()]

    @property
    def active(self) -> Sheet:
        return self._sheets[min(self.book.document.workbook.active, len(self._sheets) - 1)]


class Sheet(FileObject, Named):
    """A worksheet."""

    def __init__(self, book: Book, model: models.Sheet) -> None:
        self.book = book
        self.model = model

    @property
    def api(self) -> models.Sheet:
        return self.model

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def index(self) -> int:
        return self.book.document.sheets.index(self.model) + 1

    @property
    def names(self) -> Names:
        return Names(self.book, self.name)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def notes(self) -> list[Note]:
        return notes_of(self)

    @property
    def visible(self) -> bool | str:
        return self.book.document.workbook.visible(self.name)

    @visible.setter
    def visible(self, value: bool | str) -> None:
        self.book.document.workbook.set_visible(self.name, value)

    @property
    def used_range(self) -> Range:
        return Range(self, self.model.used or Area(1, 1, 1, 1))

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        first = self._area(arg1)
        if isinstance(first, Range):
            return first
        if arg2 is None:
            return Range(self, first)
        last = self._area(arg2)
        other = last.area if isinstance(last, Range) else last
        both = (first.top, first.left), (other.bottom, other.right)
        return Range(self, Area.spanning(*both))

    def _area(self, corner: Any) -> Area | Range:
        if isinstance(corner, Range):
            return corner.area
        if isinstance(corner, tuple):
            if len(corner) == 4:
                row, column, rows, columns = corner
                return Area(row, column, row + rows - 1, column + columns - 1)
            if 0 in corner:
                raise IndexError("rows and columns of a range count from 1")
            return Area(*corner, *corner)
        try:
            return Area.parse(corner)
        except ValueError:
            return Names(self.book, self.name)(corner).refers_to_range

    def clear_contents(self) -> None:
        self.used_range.clear_contents()

    def activate(self) -> None:
        """Nothing to bring to the front."""

    select = activate
