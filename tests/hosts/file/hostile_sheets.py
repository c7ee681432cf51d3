"""Sheets that make a careless reader allocate everything or never end; run by a child process.

python -m tests.hosts.file.hostile_sheets FOLDER: what became of each, one line of JSON a sheet.
"""

from __future__ import annotations

import json
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = '<c r="XFD1048576"><v>1</v></c>'
MANY = 300_000


def sheet(rows: str, head: str = "", root: str = f'xmlns="{MAIN}"') -> str:
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return f"<worksheet {root}>{head}<sheetData>{first}{rows}</sheetData></worksheet>"


def far(cell: str, row: str = '<row r="1048576">') -> str:
    return f"{row}{cell}</row>"


SHEETS: dict[str, Callable[[], str]] = {
    "plain": lambda: sheet(far(FAR)),
    "without r": lambda: sheet(far("<c/>" * 16_383 + "<c><v>1</v></c>")),
    "without r, filled": lambda: sheet(far("<c></c>" * 16_383 + '<c t="str"><v>x</v></c>')),
    ">": lambda: sheet(far('<c x="a>b" r="XFD1048576"><v>1</v></c>')),
    "> before the row's number": lambda: sheet(far(FAR, '<row x="a>b" r="1048576">')),
    "line ends": lambda: sheet(far('<c\nr="XFD1048576"\n><v>1</v></c>')),
    "single quotes": lambda: sheet(far("<c r='XFD1048576'><v>1</v></c>")),
    "spaces": lambda: sheet(far('<c r = "XFD1048576"><v>1</v></c>')),
    "entity": lambda: sheet(far('<c r="&#88;FD1048576"><v>1</v></c>')),
    "small letters": lambda: sheet(far('<c r="xfd1048576"><v>1</v></c>')),
    "another row": lambda: sheet('<row r="2"><c r="xfd1048576"><v>1</v></c></row>'),
    "another row, usual": lambda: sheet(f'<row r="2">{FAR}</row>'),
    "prefix": lambda: sheet(
        far('<a:c r="XFD1048576"><a:v>1</a:v></a:c>'), root=f'xmlns="{MAIN}" xmlns:a="{MAIN}"'
    ),
    "prefix of its own": lambda: sheet(
        far(f'<é:c xmlns:é="{MAIN}" r="XFD1048576"><é:v>1</é:v></é:c>')
    ),
    "row with a prefix": lambda: sheet(
        f'<a:row xmlns:a="{MAIN}" r="1048576">{FAR}</a:row>',
    ),
    "block with a prefix": lambda: sheet("").replace(
        "</worksheet>",
        f'<a:sheetData xmlns:a="{MAIN}">{far(FAR)}</a:sheetData></worksheet>',
    ),
    "second block": lambda: sheet("").replace(
        "</worksheet>", f"<sheetData>{far(FAR)}</sheetData></worksheet>"
    ),
    "block in a comment": lambda: sheet(far(FAR), head="<!-- <sheetData></sheetData> -->"),
    "comment in a cell": lambda: sheet(far('<c <!-- --> r="XFD1048576"><v>1</v></c>')),
    "dimension": lambda: sheet("", head='<dimension\nx="1" ref="A1:XFD1048576"/>'),
    "rows without r": lambda: sheet("<row><c><v>1</v></c></row>" * MANY),
    "rows that do not end": lambda: sheet('<row r="2">' * MANY),
    "cells that do not end": lambda: sheet('<row r="2">' + '<c r="B2">' * MANY + "</row>"),
    "tags that do not end": lambda: sheet('<row r="2">' + '<c r="B2" ' * MANY + "</row>"),
    "cells without an end in front": lambda: sheet(
        '<row r="2">' + "</c>" * 1_000 + '<c r="B2"><v>' * MANY + "</row>"
    ),
    "columns over columns": lambda: sheet(
        "", head="<cols>" + '<col min="1" max="16384" style="0"/>' * 5_000 + "</cols>"
    ),
    "deep": lambda: sheet("", head="<a>" * MANY + "</a>" * MANY),
}  # fmt: skip


def texts(cells: int, length: int) -> dict[str, str]:
    """A text of some length, named by many cells."""
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{letter}{row}" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJ")
        + "</row>"
        for row in range(2, cells // 10 + 2)
    )
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * length}</t></si></sst>'
    return {"xl/worksheets/sheet1.xml": sheet(rows), "xl/sharedStrings.xml": shared}


def look(path: Path) -> str:
    """What becomes of a file: the refusal, or the values of its first sheet's corner."""
    try:
        book = open_book(path, read_only=True)
        return f"read {book.sheets[0].used_range.address} {book.sheets[0]['A1'].value}"
    except WorkbookError as error:
        return f"refused {error}"


def main(source: Path, folder: Path) -> None:
    with zipfile.ZipFile(source) as old:
        whole = {name: old.read(name) for name in old.namelist()}
    files: dict[str, Callable[[], dict[str, str]]] = {
        name: lambda made=made: {"xl/worksheets/sheet1.xml": made()}  # type: ignore[misc]
        for name, made in SHEETS.items()
    }
    files["shared texts"] = lambda: texts(200_000, 30_000)
    files["a count of texts"] = lambda: {
        "xl/sharedStrings.xml": f'<sst x=">" uniqueCount="4000000000" xmlns="{MAIN}"/>'
    }
    rels = "xl/_rels/workbook.xml.rels"
    elsewhere = whole[rels].decode().replace("worksheets/sheet1.xml", "other/far.xml")
    files["another part"] = lambda: {
        rels: elsewhere, "xl/other/far.xml": sheet(far(FAR)),
    }  # fmt: skip
    files["absolute"] = lambda: {
        rels: whole[rels].decode().replace('"worksheets/sheet1.xml', '"/xl/worksheets/far.xml'),
        "xl/worksheets/far.xml": sheet(far(FAR)),
    }
    path = folder / "hostile.xlsm"
    for name, made in files.items():
        parts = whole | {part: text.encode() for part, text in made().items()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for part, data in parts.items():
                new.writestr(part, data)
        del parts
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        began, before = time.process_time(), memory("VmRSS")
        outcome = look(path)
        seconds, grown = time.process_time() - began, memory("VmHWM") - before
        print(json.dumps([name, outcome, seconds, grown]), flush=True)


def memory(what: str) -> float:
    """MB of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
