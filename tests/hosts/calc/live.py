"""What the live tests share: clicking buttons, what a workbook must keep, who is running."""

from __future__ import annotations

import re
import time
import zipfile
from concurrent.futures import Future
from pathlib import Path

import xlwings as xw

from smarketing_xl.hosts.calc.office import arguments, struct, uno

WORKBOOK = Path(__file__).parents[3] / "workbook" / "Smarketing.xlsm"
ESCAPE = 1281  # com.sun.star.awt.Key
_VALIDATED = rb'<dataValidation [^>]*sqref="([^"]*)"'  # versions join alike rules


def click(book: xw.Book, name: str, *answers: str, agreed: bool = True) -> str:
    """Dispatch a button's command; what it said. agreed: yes to what it asks before it writes."""
    frame = book.impl.api.getCurrentController().getFrame()
    helper = book.app.impl.office.service("com.sun.star.frame.DispatchHelper")
    given = [it for answer in (*answers, *["ok"] * agreed) for it in arguments(answer=answer)]
    done = helper.executeDispatch(frame, f"org.smarketing:{name}", "", 0, tuple(given))
    return str(done.Result)


def click_and_escape(book: xw.Book, name: str) -> str:
    """The same, with Escape pressed while it works; what was said."""
    uno()
    from com.sun.star.awt import XCallback
    from unohelper import Base

    done: Future[str] = Future()

    class Call(Base, XCallback):  # type: ignore[misc]
        def notify(self, _data: object) -> None:
            _press_escape(book)  # waits in line until the button lets the windows be redrawn
            done.set_result(click(book, name))

    book.app.impl.office.service("com.sun.star.awt.AsyncCallback").addCallback(Call(), None)
    return done.result(timeout=120)


def _press_escape(book: xw.Book) -> None:
    window = book.impl.api.getCurrentController().getFrame().getComponentWindow()
    window.setFocus()
    key = struct("com.sun.star.awt.KeyEvent", Source=window, KeyCode=ESCAPE)
    window.getToolkit().keyPress(key)
    window.getToolkit().keyRelease(key)


def kept(path: Path) -> dict[str, object]:
    """What VBA, the ribbon, tables and people's eyes need of a workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheets = b"".join(v for k, v in sorted(parts.items()) if k.startswith("xl/worksheets/sheet"))
    found = b"".join(v for k, v in sorted(parts.items()) if k.startswith("xl/tables/"))
    return {
        "vba": parts["xl/vbaProject.bin"],
        "ribbon": parts["customUI/customUI14.xml"],
        "code names": sorted(re.findall(rb'<sheetPr[^>]*codeName="([^"]*)"', sheets)),
        "well hidden": parts["xl/workbook.xml"].count(b"veryHidden"),
        "calculated on load": b"fullCalcOnLoad" in parts["xl/workbook.xml"],
        "data bars": sheets.count(b"<x14:dataBar "),
        "frozen": sheets.count(b"<pane "),
        "sparklines": sheets.count(b"<x14:sparkline>"),
        "validation": sorted(b" ".join(re.findall(_VALIDATED, sheets)).split()),
        "conditional formats": sheets.count(b"<cfRule"),
        "tables": sorted(re.findall(rb' name="([^"]*)" displayName', found)),
        "styles": found.count(b"<tableStyleInfo"),
        "calculated": sorted(re.findall(rb"<calculatedColumnFormula>([^<]*)<", found)),
        "charts": sum(name.startswith("xl/charts/chart") for name in parts),
        "notes": sum(v.count(b"<comment ") for k, v in parts.items() if "comments" in k),
    }


def ended(*words: str, patience: float = 30.0) -> bool:
    """Whether no such process runs any more, or will soon."""
    until = time.monotonic() + patience
    while processes_of(*words) and time.monotonic() < until:
        time.sleep(0.1)
    return not processes_of(*words)


def processes_of(*words: str) -> list[int]:
    """The running processes whose command line or environment holds all of these words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if all(word.encode() in said for word in words):
            found.append(int(process.name))
    return found
