"""What a button needs to know first, asked in LibreOffice's own windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc.office import uno
from smarketing_xl.hosts.calc.values import ERROR_RESULT
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
    """What the selected cell shows, once its formula was asked anew, so that it says why.

    Of several cells it is the first that shows an error.
    """
    from udfs.error_reasons import forget_last

    document: Any = book.impl.api
    controller = document.getCurrentController()
    chosen: Any = controller.getSelection() if controller is not None else None
    if not hasattr(chosen, "queryFormulaCells"):
        raise WorkbookError(
            _("No cell is selected"), _("Select the cell that shows the error, and click again")
        )
    failed = chosen.queryFormulaCells(ERROR_RESULT).getRangeAddresses()
    at = (failed or _addresses(chosen))[0]
    cell = document.Sheets.getByIndex(at.Sheet).getCellByPosition(at.StartColumn, at.StartRow)
    forget_last()
    if failed:
        _ask_again(document, cell)
    return ["", str(cell.getString())]


def _addresses(chosen: Any) -> Any:
    """Where a selection of one range, or of several, stands."""
    several = hasattr(chosen, "getRangeAddresses")
    return chosen.getRangeAddresses() if several else [chosen.getRangeAddress()]


def _ask_again(document: Any, cell: Any) -> None:
    formula = cell.getFormula()
    was_modified, undo = document.isModified(), document.getUndoManager()
    undo.lock()
    try:
        if formula.startswith("{"):
            whole = cell.getSpreadsheet().createCursorByRange(cell)
            whole.collapseToCurrentArray()
            whole.setArrayFormula(formula.strip("{}"))
        else:
            cell.setFormula(formula)
        cell.getError()
    finally:
        undo.unlock()
        document.setModified(was_modified)
