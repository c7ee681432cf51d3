"""Where a workbook lives: open in Excel, open in LibreOffice Calc, or a file on disk.

Every host speaks the xlwings object model, so that actions are written once. Only what is needed
is imported: the file host needs no office suite.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import path_of
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    import xlwings as xw

Host = Literal["auto", "excel", "calc", "file"]


@contextmanager
def opened(path: Path, host: Host = "auto", *, save: bool = True) -> Iterator[xw.Book]:
    """The workbook on its host; saved when it was not already open and all went well.

    auto: the live application that has the file open, else the file itself. A workbook that is
    open in front of its user is filled there and left for the user to save.
    save: False to only look.
    """
    if not path.is_file():
        raise WorkbookError(
            _("There is no workbook {path}").format(path=path),
            _("Make one: smarketing new {name}").format(name=path.name),
        )
    live = _live(path, host)
    _opened[path] = "open" if live is not None and save else _stamp(path)
    with _seldom_searched():
        book = _open(path, host) if live is None else live
        try:
            if live is None or not save:
                yield book
            else:
                with _one_step(book):
                    yield book
            if save and live is None:
                book.save()
        except Exception as error:
            if is_gone(book):
                raise closed(path.name) from error
            raise
        finally:
            if live is None and not is_gone(book):
                book.close()


_OBJECTS = 1_000_000


@contextmanager
def _seldom_searched() -> Iterator[None]:
    """Python looks for cycles among objects less often: the rows of a workbook are many and have
    none, and looking through them again and again takes a quarter of a large one's time."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


_opened: dict[Path, str] = {}


def _stamp(path: Path) -> str:
    """What tells one state of a file from another."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return f"{state.st_mtime_ns} {state.st_size} {state.st_ino}"


def kept() -> Literal["nothing", "open", "saved"]:
    """What there is, after a stop, of what was done to the workbooks that were opened.

    open: they are open in front of their user, with the steps that were finished.
    """
    if "open" in _opened.values():
        return "open"
    changed = any(stamp != _stamp(path) for path, stamp in _opened.items() if path.exists())
    return "saved" if changed else "nothing"


def closed(name: str) -> WorkbookError:
    """What to say of a workbook that was closed under the work."""
    return WorkbookError(
        _("{name} was closed while it was being updated").format(name=name),
        _("Open it again and repeat the step"),
    )


@contextmanager
def _one_step(book: xw.Book) -> Iterator[None]:
    """What is filled meanwhile is one step of the application's own Undo, where it has steps."""
    if book.app.engine.name != "calc":
        yield
        return
    from smarketing_xl.hosts.calc.windows import one_step

    with one_step(book.impl.api, "Smarketing"):
        yield


def is_gone(book: xw.Book) -> bool:
    """Whether its user closed it, or its application ended."""
    try:
        return len(book.sheets) == 0
    except Exception:  # in whatever words the application's bridge says so
        return True


def _live(path: Path, host: Host) -> xw.Book | None:
    """The book that an application shows to its user now, if any."""
    import xlwings as xw

    apps = []
    if host in ("auto", "excel") and sys.platform in ("win32", "darwin"):
        apps += list(xw.engines["excel"].apps)
    if host in ("auto", "calc"):
        apps += _calc_apps()
    wanted = path.resolve()
    for app in apps:
        for book in app.books:
            place = path_of(book)
            if place is not None and place.resolve() == wanted:
                return book
    return None


def _calc_apps() -> list[xw.App]:
    """The one that lets others in joins those that this Python started."""
    from smarketing_xl.hosts import calc

    calc.answers()
    return list(calc.calc_engine().apps)


def _open(path: Path, host: Host) -> xw.Book:
    if host == "excel":
        if sys.platform not in ("win32", "darwin"):
            raise WorkbookError(
                _("There is no Excel on this system"), _("Use --host file, or --host calc")
            )
        import xlwings as xw

        return xw.Book(str(path))
    if host == "calc":
        from smarketing_xl.hosts import calc

        return calc.open_book(path)
    from smarketing_xl.hosts import file

    return file.open_book(path)
