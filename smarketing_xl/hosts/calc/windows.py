"""The window in front: the text in its status bar, its boxes, whether somebody sits before it.

People close windows whenever they like, also while a button works. Whatever we keep of one, or ask
of it, may be gone at any call: then it is as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from smarketing_xl.hosts.calc.office import Office, enum
from smarketing_xl.i18n import _

# com.sun.star.awt: MessageBoxType, MessageBoxButtons, MessageBoxResults
_BOXES = {"info": "INFOBOX", "critical": "ERRORBOX"}
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_PRESSED = {1: "ok", 2: "yes", 3: "no"}  # closing the box and Escape are 0
_gone = suppress(Exception)  # what is closed says so in many words, some of them Python's


def show(office: Office, text: str) -> None:
    """Put a text into the status bar of the window in front; a blank one takes ours away."""
    frame = _in_front(office)
    shown, office.indicator = office.indicator, None
    if shown is not None and shown[0] == frame and text:
        with _gone:
            shown[1].setText(text)
            office.indicator = shown
            return
    if shown is not None:
        with _gone:
            shown[1].end()
    if frame is not None and text:
        with _gone:
            indicator = frame.createStatusIndicator()
            indicator.start(text, 0)
            office.indicator = frame, indicator


def ask(office: Office, prompt: str, title: str, buttons: str, mode: str | None) -> str:
    """Say something in a box; which button closed it.

    A question is not asked of a person where whoever pressed the button said yes beforehand;
    where there is no window nobody can answer it, which is a no.
    """
    office.shown = prompt
    window = _container(office)
    if (window is None and buttons == "ok") or (buttons != "ok" and office.agreed):
        return "ok"
    if window is None:
        nobody = _("Nobody can answer here: nothing was done")
        office.shown = f"{prompt}\n{nobody}"
        return "cancel"
    # LibreOffice's boxes of information and error have the one button OK, whatever they are given
    box = _BOXES.get(mode or "", "MESSAGEBOX") if buttons == "ok" else "QUERYBOX"
    kind = enum("com.sun.star.awt.MessageBoxType", box)
    made = window.getToolkit().createMessageBox(window, kind, _BUTTONS[buttons], title, prompt)
    with _gone:
        return _PRESSED.get(made.execute(), "cancel")
    return "cancel"


def redraw(office: Office) -> None:
    """Let windows do what waits for them: keys, clicks, drawing."""
    with _gone:
        office.service("com.sun.star.awt.Toolkit").processEventsToIdle()


@contextmanager
def one_step(document: Any, name: str) -> Iterator[None]:
    """What is changed meanwhile is one step of Calc's own Undo, under a name.

    A step that a killed command left open is ended first: nothing could be undone any more.
    """
    undo = document.getUndoManager()
    with _gone:  # said by Calc as soon as none is open
        while True:
            undo.leaveUndoContext()
    undo.enterUndoContext(name)
    try:
        yield
    finally:
        with _gone:
            undo.leaveUndoContext()


def forget_step(document: Any, name: str) -> None:
    """Where the last step has that name, Calc's own Undo holds it, and all before, no longer."""
    undo = document.getUndoManager()
    if undo.isUndoPossible() and undo.getCurrentUndoActionTitle() == name:
        undo.clear()


def _in_front(office: Office) -> Any:
    with _gone:
        return office.desktop.getCurrentFrame()
    return None


def _container(office: Office) -> Any:
    with _gone:
        frame = office.desktop.getCurrentFrame()
        return frame.getContainerWindow() if frame is not None else None
    return None
