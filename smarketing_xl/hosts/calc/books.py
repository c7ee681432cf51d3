"""Calc documents and their sheets, as xlwings has books and sheets."""

from __future__ import annotations

import datetime as dt
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.base import Collection, Named
from smarketing_xl.hosts.calc.names import Names
from smarketing_xl.hosts.calc.office import CalcObject, NamedObject, arguments, uno
from smarketing_xl.hosts.calc.ranges import Range
from smarketing_xl.hosts.calc.repair_saved_xlsx import repaired
from smarketing_xl.hosts.calc.tables import Tables
from smarketing_xl.hosts.calc.values import CONTENTS, FORMATS, NOTES
from smarketing_xl.hosts.locks import check_free
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.calc.application import App

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".ods": "calc8",
}
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"


class Books(CalcObject, Collection["Book"]):
    """The spreadsheets that are open."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        """The open documents as LibreOffice's own object."""
        return self.app.api.getComponents()

    def _items(self) -> list[Book]:
        documents = self.api.createEnumeration()
        books = []
        while documents.hasMoreElements():
            document = documents.nextElement()
            if _is_spreadsheet(document):
                books.append(Book(self.app, document))
        return books

    @property
    def active(self) -> Book | None:
        """The spreadsheet in front, else any that is open; None where there is none."""
        document = self.app.api.getCurrentComponent()
        if _is_spreadsheet(document):
            return Book(self.app, document)
        return next(iter(self), None)

    def __call__(self, key: str | int) -> Book:
        for book in self:
            if key == book.fullname:
                return book
        return super().__call__(key)

    def add(self) -> Book:
        """A new, empty book."""
        return self._load("private:factory/scalc")

    def open(self, fullname: str, *_unused: Any, read_only: bool = False, **_others: Any) -> Book:
        """A workbook from a file. Raises WorkbookError where Calc cannot open it for writing."""
        path = Path(fullname).resolve()
        if not path.exists():
            raise WorkbookError(_("There is no workbook {path}").format(path=path))
        if not read_only:
            check_free(path)
        return self._load(path.as_uri(), ReadOnly=read_only)

    def _load(self, url: str, **options: object) -> Book:
        hidden = self.app.hidden
        document = self.app.api.loadComponentFromURL(
            url, "_blank", 0, arguments(Hidden=hidden, **options)
        )
        if not _is_spreadsheet(document):
            raise WorkbookError(
                _("LibreOffice cannot read {url} as a spreadsheet").format(url=url),
                _("Open it by hand to see what is wrong with it"),
            )
        return Book(self.app, document)


def _is_spreadsheet(document: Any) -> bool:
    """Whether it is one; not where there is none, another window, or one closed meanwhile."""
    try:
        return bool(document.supportsService(SPREADSHEET))
    except Exception:  # said in many words, some of them Python's
        return False


class Book(CalcObject, Named):
    """A spreadsheet that is open in LibreOffice, as xlwings knows a workbook."""

    def __init__(self, app: App, document: Any) -> None:
        self.app = app
        self._document = document

    @property
    def api(self) -> Any:
        """The document as Calc's own object."""
        return self._document

    @property
    def epoch(self) -> dt.datetime:
        """Day 0 of the document's calendar."""
        first = self._document.NullDate
        return dt.datetime(first.Year, first.Month, first.Day)

    @property
    def name(self) -> str:
        """The file's name; the window's title while it was never saved."""
        return Path(self.fullname).name or str(self._document.getTitle())

    @property
    def fullname(self) -> str:
        """The file's path; empty while it was never saved."""
        url = self._document.getURL()
        return str(uno().fileUrlToSystemPath(url)) if url.startswith("file:") else str(url)

    @property
    def sheets(self) -> Sheets:
        """The sheets of the workbook, in the order of their tabs."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """The names that formulas in the whole workbook may use; not those of one sheet."""
        return Names(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save it, in its own format or in that of the path's suffix."""
        if password is not None:
            raise NotImplementedError(_("Saving with a password is not available in Calc"))
        if path is None and not self.fullname:
            raise WorkbookError(
                _("The workbook {name} has no file yet").format(name=self.name),
                _("Save it under a name first"),
            )
        target = Path(path or self.fullname).resolve()
        wanted = FILTERS.get(target.suffix.lower())
        if wanted is None:
            raise WorkbookError(
                _("Calc does not save a workbook as {suffix}").format(suffix=target.suffix),
                _("Choose one of: {suffixes}").format(suffixes=", ".join(FILTERS)),
            )
        known = Path(self.fullname) if self.fullname else None
        with repaired(target, known):
            self._document.storeAsURL(target.as_uri(), arguments(FilterName=wanted))

    def to_pdf(self, path: str, quality: str = "standard") -> None:
        """Write every visible sheet as a PDF, page by page. quality: for xlwings; not used."""
        self._document.storeToURL(
            Path(path).resolve().as_uri(), arguments(FilterName="calc_pdf_Export")
        )

    def close(self) -> None:
        """Close the workbook without saving it."""
        self._document.close(True)
        self.app.settle()

    def activate(self) -> None:
        """Bring it to the front."""
        controller = self._document.getCurrentController()
        if controller is not None:
            controller.getFrame().activate()


class Sheets(CalcObject, Collection["Sheet"]):
    """The sheets of a book, in order."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        """The sheets as Calc's own object."""
        return self.book.api.Sheets

    def _items(self) -> list[Sheet]:
        return [Sheet(self.book, name) for name in self.api.getElementNames()]

    @property
    def active(self) -> Sheet:
        """The one shown; the first where there is no window."""
        controller = self.book.api.getCurrentController()
        shown = controller.getActiveSheet().getName() if controller is not None else 1
        return self(shown)

    def add(
        self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None
    ) -> Sheet:
        """A new sheet, before or after another, or at the end."""
        position = len(self)
        if before is not None:
            position = before.index - 1
        elif after is not None:
            position = after.index
        name = name or next(n for n in map("Sheet{}".format, count(1)) if n not in self)
        self.api.insertNewByName(name, position)
        return Sheet(self.book, name)


class Sheet(NamedObject):
    """A sheet of a workbook, by its name."""

    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        super().__init__(name)

    @property
    def api(self) -> Any:
        """The sheet as Calc's own object."""
        return self.book.api.Sheets.getByName(self._name)

    @property
    def index(self) -> int:
        """The sheet's position in the workbook, counted from 1."""
        return int(self.api.getRangeAddress().Sheet) + 1

    @property
    def names(self) -> Names:
        """The names that belong to it alone."""
        return Names(self.book, self)

    @property
    def tables(self) -> Tables:
        """The tables that stand on the sheet."""
        return Tables(self)

    @property
    def visible(self) -> bool:
        """Whether the sheet has a tab; False where it is hidden."""
        return bool(self.api.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.api.IsVisible = bool(value)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """A range by address, name, row and column, or two corners."""
        if isinstance(arg1, str) and arg2 is None:
            return self._by_text(arg1)
        area = self._corner(arg1)
        if arg2 is not None:
            other = self._corner(arg2)
            area = Area(
                min(area.top, other.top),
                min(area.left, other.left),
                max(area.bottom, other.bottom),
                max(area.right, other.right),
            )
        return Range(self, area)

    def _by_text(self, text: str) -> Range:
        try:
            return Range(self, Area.parse(text))
        except ValueError:
            for names in (self.names, self.book.names):
                if names.contains(text):
                    return names(text).refers_to_range
            raise

    def _corner(self, arg: Any) -> Area:
        if isinstance(arg, xw.Range):
            return arg.impl.area  # type: ignore[no-any-return]
        if isinstance(arg, Range):
            return arg.area
        if isinstance(arg, str):
            return Area.parse(arg)
        row, column = arg[:2]
        height, width = arg[2:] or (1, 1)
        if row < 1 or column < 1 or height < 1 or width < 1:
            raise IndexError(_("Rows and columns are counted from 1"))
        return Area(row, column, row + height - 1, column + width - 1)

    @property
    def cells(self) -> Range:
        """Every cell that a sheet can have, filled or not."""
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self) -> Range:
        """From A1 to the last cell in use."""
        cursor = self.api.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.getRangeAddress()
        return Range(self, Area(1, 1, last.EndRow + 1, last.EndColumn + 1))

    def clear_contents(self) -> None:
        """Empty every cell; formats and notes stay."""
        self.api.clearContents(CONTENTS)

    def clear(self) -> None:
        """Empty every cell, notes and formats too."""
        self.api.clearContents(CONTENTS | FORMATS | NOTES)

    def activate(self) -> None:
        """Bring the sheet to the front of its workbook; nothing where that has no window."""
        controller = self.book.api.getCurrentController()
        if controller is not None:
            controller.setActiveSheet(self.api)

    def autofit(self, axis: str | None = None) -> None:
        """Fit widths and heights to what the cells hold."""
        self.used_range.autofit(axis)

    def delete(self) -> None:
        """Take the sheet out of the workbook, with all that stands on it."""
        self.book.api.Sheets.removeByName(self._name)
