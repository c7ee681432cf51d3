"""Workbooks open in LibreOffice Calc, as an engine of xlwings over UNO.

`engine().apps` are the LibreOffices that we speak to: those that answered `connect`, and those that
we started. `here(document)` is a document inside LibreOffice itself, for buttons.
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarketing_xl.errors import WorkbookError

if TYPE_CHECKING:
    import xlwings as xw

    from smarketing_xl.hosts.calc.application import App


@cache
def calc_engine() -> xw.Engine:
    """The engine "calc"; known to xlwings under that name."""
    from smarketing_xl.hosts.calc.application import Engine
    from smarketing_xl.xlwings_light import xlwings as xw

    made = xw.Engine(impl=Engine())
    xw.engines.add(made)
    return made


def connect(pipe: str | None = None, *, port: int | None = None, wait: float = 0.0) -> xw.App:
    """The LibreOffice that answers on a pipe (ours by default) or a port of this machine."""
    from smarketing_xl.hosts.calc import office

    return _app(office.connect(pipe, port=port, wait=wait))


def start(profile: Path | None = None, **options: Any) -> xw.App:
    """A LibreOffice of our own, without windows; it ends with this Python at the latest."""
    from smarketing_xl.hosts.calc import office

    started = office.start(profile, **options)
    atexit.register(started.quit)
    return _app(started)


def answers() -> bool:
    """Whether a LibreOffice with our extension is open on this machine."""
    try:
        connect()
    except WorkbookError:
        return False
    return True


def open_book(path: Path) -> xw.Book:
    """A workbook in the LibreOffice that is open, else in one started for it alone."""
    app = connect() if answers() else start()
    app.impl.office.alone = app.impl.hidden
    return app.books.open(str(path))


def here(document: Any) -> xw.Book:
    """The book of a document, inside LibreOffice's own Python."""
    from smarketing_xl.hosts.calc import office
    from smarketing_xl.hosts.calc.books import Book
    from smarketing_xl.xlwings_light import xlwings as xw

    inside = office.Office(office.uno().getComponentContext(), "inside")
    return xw.Book(impl=Book(_app(inside).impl, document))


def _app(office: Any) -> xw.App:
    from smarketing_xl.xlwings_light import xlwings as xw

    app: App = calc_engine().impl.apps.join(office)
    return xw.App(impl=app)
