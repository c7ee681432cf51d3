"""What runs in the Windows Python: formulas asked through a real COM object of xlwings' server.

Reads questions [formula, cells] as a line of JSON from its input and prints the answers as one.
Started by tests/vba/wine.py; needs nothing of the tests.
"""

from __future__ import annotations

import json
import sys
from typing import Any

ERRORS = {
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}


def as_com(cell: Any) -> Any:
    """Cells as Excel hands them over: ranges as tuples, errors as their numbers."""
    if isinstance(cell, list):
        return tuple(map(as_com, cell))
    return ERRORS.get(cell, cell) if isinstance(cell, str) else cell


def main() -> None:
    """Answer every question; the values go out and back as VARIANTs."""
    import win32com.client.dynamic
    import win32com.server.util
    from xlwings import com_server

    server = win32com.client.dynamic.Dispatch(win32com.server.util.wrap(com_server.XLPython()))
    answers = [
        server.CallUDF("udfs.excel", formula, (*map(as_com, cells), "", "en"))
        for formula, cells in json.loads(sys.stdin.readline())
    ]
    print(json.dumps([sys.version, answers]))


if __name__ == "__main__":
    main()
