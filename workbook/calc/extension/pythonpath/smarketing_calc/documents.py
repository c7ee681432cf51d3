"""What happens to documents: opened, about to be saved, saved."""

from contextlib import suppress

import uno

from smarketing_calc import binding

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
LANGUAGE_NAME = "smarketing_language"  # every workbook of ours has it
BAR, WARNING = "smarketing", 2  # com.sun.star.frame.InfobarType


def happened(event, document, inside, names, language):
    """React to an event of a document. `inside`: gives the installed Smarketing XL."""
    if not document.supportsService(SPREADSHEET):
        return
    if event == "OnLoadFinished":
        binding.bind(document, names)
    elif event in ("OnSave", "OnSaveAs") and _is_ours(document):
        inside().saving(document.RuntimeUID, _path(document))
    elif event in ("OnSaveDone", "OnSaveAsDone") and _is_ours(document):
        _warn(document, inside().saved(document.RuntimeUID, _path(document), language))


def _is_ours(document):
    """Whether it is a workbook of ours, or calls a formula of ours."""
    return document.NamedRanges.hasByName(LANGUAGE_NAME) or binding.is_bound(document)


def _warn(document, text):
    """A bar above the sheet, until it is closed or there is nothing to warn of."""
    with suppress(Exception):  # it has no window, a hidden one, or none any more
        window = document.getCurrentController()
        if window.hasInfobar(BAR):
            window.removeInfobar(BAR)
        if text:
            window.appendInfobar(BAR, "Smarketing", text, WARNING, (), True)


def _path(document):
    url = document.getURL()
    return uno.fileUrlToSystemPath(url) if url.startswith("file:") else ""
