"""What happens to documents: opened, about to be saved, saved."""

import uno

from smarketing_calc import binding

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"


def happened(event, document, inside, names):
    """React to an event of a document. `inside`: gives the installed Smarketing XL."""
    if not document.supportsService(SPREADSHEET):
        return
    if event == "OnLoadFinished":
        binding.bind(document, names)
    elif event in ("OnSave", "OnSaveAs") and binding.is_bound(document):
        inside().saving(document.RuntimeUID, _path(document))
    elif event in ("OnSaveDone", "OnSaveAsDone") and binding.is_bound(document):
        inside().saved(document.RuntimeUID, _path(document))


def _path(document):
    url = document.getURL()
    return uno.fileUrlToSystemPath(url) if url.startswith("file:") else ""
