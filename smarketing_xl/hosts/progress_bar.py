"""Long work in front of its user: the status bar says how far it is, Escape stops it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import xlwings as xw

from smarketing_xl import progress
from smarketing_xl.errors import Cancelled
from smarketing_xl.i18n import _, format_number

OFTEN = 0.2  # seconds between two looks at the keyboard
ESCAPE = 0x1B


@contextmanager
def show_progress(book: xw.Book, what: str) -> Iterator[None]:
    """Work on a workbook that its user watches; the status bar is as before when it is done.

    what: the button pressed. Raises Cancelled where the user presses Escape.
    """
    stopped, last = _escape(book.app), 0.0
    book.app.status_bar = f"{what}…"

    def watch(step: str, share: float) -> None:
        nonlocal last
        if time.monotonic() < last + OFTEN:
            return
        last = time.monotonic()
        if stopped():
            raise Cancelled(
                _("{what} was stopped").format(what=what),
                _("What was under way has written nothing"),
            )
        percent = format_number(100 * share)
        book.app.status_bar = _("{what}: {percent} % — {step} (Esc stops it)").format(
            what=what, percent=percent, step=step
        )

    try:
        with progress.watched(watch):
            yield
    finally:
        book.app.status_bar = False


def _escape(app: xw.App) -> Callable[[], bool]:
    """Whether Escape was pressed since the work began, as far as the application lets us know."""
    asked: Callable[[], bool] | None = getattr(getattr(app, "impl", None), "escaped", None)
    if asked is not None:
        return asked
    if sys.platform == "win32":
        return _escape_in_windows(app)
    return lambda: False


def _escape_in_windows(app: xw.App) -> Callable[[], bool]:
    """Excel waits for us and hears no keys, so that Windows is asked, while Excel is in front."""
    from ctypes import windll  # type: ignore[attr-defined, unused-ignore]

    window = app.hwnd
    windll.user32.GetAsyncKeyState(ESCAPE)  # forget what was pressed before

    def pressed() -> bool:
        in_front = windll.user32.GetForegroundWindow() == window
        return bool(windll.user32.GetAsyncKeyState(ESCAPE)) and in_front

    return pressed
