"""Formulas of a document that do not reach the add-in yet are made to.

On loading an Excel workbook, Calc takes REQUIRED_LEADS(...) for a name it does not know, or for the
workbook's VBA function of that name, which cannot run there. Setting the same formula again finds
the add-in.
"""

import re

PREFIX = "ORG.SMARKETING.FORMULAS."
FORMULA = 16  # com.sun.star.sheet.CellFlags


def bind(document, names):
    """Bind formulas of ours; answers how many cells. The document stays as saved or unsaved."""
    ours = re.compile(rf"(?<![\w.])(?:{'|'.join(names)})\(", re.IGNORECASE)
    was_modified = document.isModified()
    undo = document.getUndoManager()
    count = 0
    undo.lock()
    try:
        for sheet in document.getSheets():
            count += _bind_sheet(sheet, ours)
    finally:
        undo.unlock()
    if count:
        document.setModified(was_modified)
    return count


def is_bound(document):
    """Whether any formula of a document reaches the add-in."""
    for sheet in document.getSheets():
        for cells in sheet.queryContentCells(FORMULA):
            if any(PREFIX in formula for row in cells.getFormulaArray() for formula in row):
                return True
    return False


def _bind_sheet(sheet, ours):
    count = 0
    for cells in sheet.queryContentCells(FORMULA):
        for down, row in enumerate(cells.getFormulaArray()):
            for across, formula in enumerate(row):
                if ours.search(formula):
                    count += _bind_cell(cells, across, down, formula)
    return count


def _bind_cell(cells, across, down, formula):
    if not formula.startswith("{"):
        cells.getCellByPosition(across, down).setFormula(formula)
        return 1
    cursor = cells.getSpreadsheet().createCursorByRange(cells.getCellByPosition(across, down))
    cursor.collapseToCurrentArray()
    whole = cursor.getRangeAddress()
    at = cells.getRangeAddress()
    if (whole.StartRow, whole.StartColumn) != (at.StartRow + down, at.StartColumn + across):
        return 0
    cursor.setArrayFormula(formula.strip("{}"))
    return 1
