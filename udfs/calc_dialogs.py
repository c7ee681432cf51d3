"""What a button needs to know first, asked in LibreOffice's own windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.hosts.calc.office import uno
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from udfs.buttons import Button

# com.sun.star.ui.dialogs.TemplateDescription
OPEN, SAVE = 0, 10


def ask(button: Button, book: xw.Book) -> list[str]:
    """The answers to what a button asks; none where the user cancels."""
    match button.asks:
        case "open":
            return _file(book, OPEN, "")
        case "save":
            return _file(book, SAVE, _(button.suggested))
        case "cell":
            return _cell(book)
    return []


def _file(book: xw.Book, kind: int, suggested: str) -> list[str]:
    picker = book.app.impl.office.service("com.sun.star.ui.dialogs.FilePicker")
    picker.initialize((kind,))
    if suggested:
        picker.setDefaultName(suggested)
    if not picker.execute():
        return []
    return [str(uno().fileUrlToSystemPath(url)) for url in picker.getFiles()[:1]]


def _cell(book: xw.Book) -> list[str]:
    """The selected cell and what it shows. Its formula is asked anew, so that it says why."""
    controller = book.impl.api.getCurrentController()
    chosen: Any = controller.getSelection() if controller is not None else None
    if not hasattr(chosen, "getCellByPosition"):
        return []
    cell = chosen.getCellByPosition(0, 0)
    if cell.getError():
        _ask_again(book.impl.api, cell)
    return ["", str(cell.getString())]


def _ask_again(document: Any, cell: Any) -> None:
    formula = cell.getFormula()
    if formula.startswith("{"):
        return
    was_modified, undo = document.isModified(), document.getUndoManager()
    undo.lock()
    try:
        cell.setFormula(formula)
    finally:
        undo.unlock()
        document.setModified(was_modified)
