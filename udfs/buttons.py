"""How a button is declared, and what happens when it is pressed.

What was filled is said in the status bar, what was not in a message; nothing else is shown.
udfs/macros.py declares the buttons on this.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import xlwings as xw

from smarketing_xl.errors import Cancelled, SmarketingError
from smarketing_xl.hosts import closed, is_gone
from smarketing_xl.hosts.progress_bar import show_progress
from smarketing_xl.i18n import N_, _, format_number, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smarketing_xl.actions import Summary

logger = logging.getLogger(__name__)

TAB = N_("Smarketing")
Group = Literal["personas", "goals", "sla", "history", "feedback", "workbook"]
GROUPS: dict[Group, str] = {
    "personas": N_("1 Personas"),
    "goals": N_("2 Goals"),
    "sla": N_("3 SLA"),
    "history": N_("4 History"),
    "feedback": N_("5 Feedback"),
    "workbook": N_("Workbook"),
}
Action = Callable[..., "str | Summary | Sequence[Summary] | None"]
Asks = Literal["", "open", "save", "cell"]


@dataclass(frozen=True)
class Menu:
    """A drop-down that holds buttons."""

    name: str
    label: str
    screentip: str
    supertip: str
    image: str


@dataclass(frozen=True)
class Button:
    """One button of the tab.

    group: the group it stands in. label, screentip, supertip: its texts, in English. image: the
    name of an icon of Office. click: what it does (see `button`). asks: what it needs first: a file
    to open or to save, or the active cell. menu: the drop-down that holds it, if any. large: drawn
    large. suggested: the name proposed for the file to save. final: nobody may undo it.
    """

    name: str
    group: Group
    label: str
    screentip: str
    supertip: str
    image: str
    click: Action
    asks: Asks = ""
    menu: Menu | None = None
    large: bool = False
    suggested: str = ""
    final: bool = False


BUTTONS: dict[str, Button] = {}  # filled as udfs/macros.py is imported


def button(name: str, *, click: Action | None = None, **declared: Any) -> Callable[..., None]:
    """Declare a button: what the ribbon, VBA and Calc call by its name.

    name: the macro's name; that of the action it calls, unless click is given. click: takes the
    open workbook, and the answer to what the button asks; its answer is shown. declared: the other
    fields of `Button`. Returns the macro, which takes the answer as `run` does.
    """
    BUTTONS[name] = Button(name=name, click=click or partial(_act, name), **declared)

    def macro(*answer: str) -> None:
        run(name, xw.Book.caller(), *answer)

    return macro


def _act(name: str, book: xw.Book, *answer: Path | str) -> Summary | Sequence[Summary]:
    from smarketing_xl import actions

    outcome: Summary | Sequence[Summary] = getattr(actions, name)(book, *answer)
    return outcome


def run(name: str, book: xw.Book, *answer: str) -> None:
    """Do what a button does, on an open workbook of any host, and say how it went.

    answer: the file or cell asked for, as Ribbon.bas sends it: UTF-16 in hexadecimal, which no
    command line can misread.
    """
    from smarketing_xl.book.read import language

    texts = [bytes.fromhex(text).decode("utf-16-be") for text in answer]
    is_file = BUTTONS[name].asks in ("open", "save")
    given = [Path(text) if is_file else text for text in texts]
    called = book.name
    with speaking(language(book)):
        try:
            with show_progress(book, _(BUTTONS[name].label)):
                outcome = BUTTONS[name].click(book, *given)
        except Cancelled as stopped:
            book.app.status_bar = str(stopped)
            return
        except SmarketingError as error:
            _show(book, str(closed(called) if is_gone(book) else error), "critical")
            return
        except Exception as error:
            if is_gone(book):
                _show(book, str(closed(called)), "critical")
                return
            logger.exception("%s failed", name)
            _show(book, _("Unexpected error: {error}").format(error=error), "critical")
            return
        if isinstance(outcome, str):
            _show(book, outcome, "info")
        elif outcome is not None:
            _report(book, outcome)


def _show(book: xw.Book, text: str, mode: Literal["info", "critical"]) -> None:
    book.app.alert(_fitting(text), title=_(TAB), mode=mode)


def agreed(book: xw.Book, text: str) -> bool:
    """Whether the user says OK to a question."""
    shown = _fitting(text)
    return bool(book.app.alert(shown, title=_(TAB), buttons="ok_cancel", mode="info") == "ok")


def answered(book: xw.Book, text: str) -> bool:
    """Whether the user says yes to a question that may be answered no."""
    return bool(
        book.app.alert(_fitting(text), title=_(TAB), buttons="yes_no", mode="info") == "yes"
    )


def _fitting(text: str) -> str:
    """As much of a text as a message box holds."""
    return text if len(text) <= 1000 else text[:1000].rsplit("\n", 1)[0] + "\n…"


def _report(book: xw.Book, outcome: Summary | Sequence[Summary]) -> None:
    from smarketing_xl.actions import Summary

    lines, missed = [], []
    for summary in [outcome] if isinstance(outcome, Summary) else outcome:
        if summary.faults:
            missed += [f"{summary.what}. {fault}" for fault in summary.faults]
            continue
        counted = _("{what}: {rows} rows").format(
            what=summary.what, rows=format_number(summary.rows)
        )
        lines.append(". ".join([counted, *summary.notes]))
    book.app.status_bar = "  |  ".join(lines)[:250]
    if missed:
        _show(book, "\n".join([*missed, "", *lines]).strip(), "info" if lines else "critical")
