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
    elif event in ("OnSaveDone", "OnSaveAsDone") and binding.is_bound(document):
        inside().saved(uno.fileUrlToSystemPath(document.getURL()))
