"""What each button does: read, compute, write in place. One function a button.

Every action takes the open workbook, on whatever host, and answers a `Summary` of what it filled.
Nothing is written before everything is computed; a failure leaves the workbook as it was.
"""

from smarketing_xl.actions.agreement import agreement_pdf, sla
from smarketing_xl.actions.base import Summary
from smarketing_xl.actions.feedback import attribution
from smarketing_xl.actions.goals import plan
from smarketing_xl.actions.leads import (
    IMPORTS,
    Importable,
    find_duplicates,
    import_file,
    preview_import,
)
from smarketing_xl.actions.personas import adopt, learn, score
from smarketing_xl.actions.workbook import (
    check,
    demonstration,
    everything,
    help,
    refresh,
    undo,
)

__all__ = [
    "IMPORTS",
    "Importable",
    "Summary",
    "adopt",
    "agreement_pdf",
    "attribution",
    "check",
    "demonstration",
    "everything",
    "find_duplicates",
    "help",
    "import_file",
    "learn",
    "plan",
    "preview_import",
    "refresh",
    "score",
    "sla",
    "undo",
]
