"""Workbook files without any office suite: an xlwings engine named "file".

A file is patched, never rewritten: parts that were not written keep their bytes, and in the sheets
that were, everything but the cells written stays.
"""

from __future__ import annotations

from os import PathLike

from smarketing_xl.hosts.file.xlwings_api.engine import Engine
from smarketing_xl.xlwings_light import xlwings as xw

NAME = "file"


def file_engine() -> xw.Engine:
    """The engine, registered with xlwings once."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=Engine()))
    return xw.engines[NAME]


def cells_in(book: xw.Book) -> int:
    """How many bytes the sheets of a workbook of this host hold."""
    size: int = book.impl.document.package.unpacked("xl/worksheets/")
    return size


def open_book(path: str | PathLike[str], read_only: bool = False) -> xw.Book:
    """Open a workbook file (.xlsx, .xlsm).

    WorkbookError where it is missing, no workbook, unsafe, or (unless `read_only`) open elsewhere
    or not writable. Nothing reaches the disk before `book.save()`.
    """
    impl = file_engine().impl
    app = impl.apps.add()
    return xw.Book(impl=app.books.open(str(path), None, read_only))
