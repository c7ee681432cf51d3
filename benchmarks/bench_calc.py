"""LibreOffice Calc through our engine, against its raw interface, in the same run.

python benchmarks/bench_calc.py [--rows 50000] [--formulas 10000]

The last figures are those of the demo workbook: its quota is edited, and every formula follows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlwings as xw

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smarketing_xl import actions, sample
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import calc, opened
from smarketing_xl.setup import calc as setup
from workbook.calc import build

COLUMNS = 12
REPEATS = 3


def main(rows: int = 50_000, formulas: int = 10_000, filled: bool = True) -> dict[str, float]:
    """Seconds by what was done; prints them side by side.

    filled: whether the workbook whose quota is edited holds the sample data.
    """
    with TemporaryDirectory() as folder:
        extensions = Path(folder, "extensions")
        with zipfile.ZipFile(io.BytesIO(setup.extension())) as package:
            package.extractall(extensions / "Smarketing")
        _trivial(extensions / "Trivial")
        app = calc.start(options=(f"-env:BUNDLED_EXTENSIONS={extensions.as_uri()}",))
        try:
            book = app.books.add()
            found = _blocks(book, rows) | _recalculation(book, formulas)
            found |= _quota(app, _workbook(Path(folder), filled))
        finally:
            app.quit()
    for name, seconds in found.items():
        print(f"{name:<40} {seconds:8.3f} s")
    return found


def _blocks(book: xw.Book, rows: int) -> dict[str, float]:
    """A block of numbers and texts, written and read."""
    data = [[float(row * column) if column % 2 else f"text {row}" for column in range(COLUMNS)]
            for row in range(rows)]  # fmt: skip
    raw = tuple(map(tuple, data))
    area = book.sheets[0].range((1, 1), (rows, COLUMNS))
    cells = area.api
    return {
        f"write {rows:,} x {COLUMNS}, raw setDataArray": _best(lambda: cells.setDataArray(raw)),
        f"write {rows:,} x {COLUMNS}, engine": _best(lambda: _write(area, data)),
        f"read {rows:,} x {COLUMNS}, raw getDataArray": _best(cells.getDataArray),
        f"read {rows:,} x {COLUMNS}, engine": _best(lambda: area.value),
    }


def _write(area: xw.Range, data: list[list[Any]]) -> None:
    area.value = data


def _recalculation(book: xw.Book, formulas: int) -> dict[str, float]:
    """Formula cells that follow one cell: ours, and those of the least add-in there can be."""
    sheets = {}
    for name, formula in {
        "trivial Python add-in": "=TRIVIAL($A$1,B{row},0.1)",
        "trivial, open to ranges as ours": "=TRIVIALROWS($A$1,B{row},0.1)",
        "REQUIRED_LEADS": "=REQUIRED_LEADS($A$1,B{row},0.1)",
    }.items():
        sheet = book.sheets.add()
        sheet["A1"].value = 40_000.0
        sheet["B1"].value = [[float(row % 100 + 1)] for row in range(formulas)]
        sheet.range((1, 3), (formulas, 3)).formula = [
            [formula.format(row=row + 1)] for row in range(formulas)
        ]
        if not isinstance(sheet.range((formulas, 3)).value, float):
            raise RuntimeError(f"{formula} does not compute")
        sheets[f"recalculate {formulas:,} x {name}"] = sheet
    times: dict[str, list[float]] = {name: [] for name in sheets}
    for _round in range(REPEATS):  # in turns: a busy machine slows both
        for name, sheet in sheets.items():
            cell = sheet["A1"].api.getCellByPosition(0, 0)
            times[name].append(_seconds(partial(_follow, cell, book.api)))
    for sheet in sheets.values():
        sheet.delete()
    return {name: min(taken) for name, taken in times.items()}


def _workbook(folder: Path, filled: bool) -> Path:
    path = make(folder / "demo.xlsm")
    if filled:
        now = dt.datetime.combine(sample.AS_OF, dt.time(12))
        with opened(path, "file") as book:
            for step in actions.demonstration(now=now):
                step(book)
    return path


def _quota(app: xw.App, path: Path) -> dict[str, float]:
    """A manager types another quota: everything that depends on it is calculated anew."""
    book = app.books.open(str(path))
    cell = book.names["quota"].refers_to_range.api.getCellByPosition(0, 0)
    leads = book.names["leads_needed"].refers_to_range
    before = leads.value
    found = {"edit the quota, every formula follows": _best(partial(_follow, cell, book.api))}
    cell.setValue(cell.getValue() * 2)
    if not leads.value > before:
        raise RuntimeError("the leads needed do not follow the quota")
    book.close()
    return found


def _follow(cell: Any, document: Any) -> None:
    cell.setValue(cell.getValue() + 1)
    document.calculate()


def _trivial(folder: Path) -> None:
    """The least that an add-in in Python can be: it answers its first argument.

    TRIVIAL takes numbers only; TRIVIALROWS what our formulas take: cells or ranges.
    """
    folder.mkdir(parents=True)
    (folder / "trivial.py").write_text(
        "import unohelper\n"
        "from com.sun.star.lang import XServiceInfo, XServiceName\n"
        "from org.trivial import XFormulas\n"
        "class Formulas(unohelper.Base, XFormulas, XServiceInfo, XServiceName):\n"
        "    def __init__(self, context): pass\n"
        "    def TRIVIAL(self, a, b, c): return a\n"
        "    def TRIVIALROWS(self, a, b, c): return ((a,),)\n"
        "    def getServiceName(self): return 'org.trivial.Formulas'\n"
        "    def getImplementationName(self): return 'org.trivial.Formulas.python'\n"
        "    def supportsService(self, name): return name == 'org.trivial.Formulas'\n"
        "    def getSupportedServiceNames(self): return ('org.trivial.Formulas',)\n"
        "g_ImplementationHelper = unohelper.ImplementationHelper()\n"
        "g_ImplementationHelper.addImplementation(\n"
        "    Formulas, 'org.trivial.Formulas.python', ('org.trivial.Formulas',))\n"
    )
    (folder / "formulas.idl").write_text(
        "module org { module trivial {\n"
        "interface XFormulas: com::sun::star::uno::XInterface {\n"
        "  double TRIVIAL([in] double a, [in] double b, [in] double c);\n"
        "  sequence<sequence<any> > TRIVIALROWS([in] any a, [in] any b, [in] any c);\n"
        "};\nservice Formulas: XFormulas;\n}; };\n"
    )
    ours = zipfile.ZipFile(build.FILE)
    for name in ("META-INF/manifest.xml", "description.xml"):
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(ours.read(name).replace(b"org.smarketing.xl", b"org.trivial"))
    component = ours.read("smarketing.components").decode()
    first = component[: component.index("</implementation>") + len("</implementation>")]
    (folder / "smarketing.components").write_text(
        f"{first.replace('smarketing_addin', 'trivial').replace('org.smarketing', 'org.trivial')}"
        "</component></components>"
    )
    (folder / "CalcAddIns.xcu").write_text(
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'oor:name="CalcAddIns" oor:package="org.openoffice.Office"><node oor:name="AddInInfo">'
        '<node oor:name="org.trivial.Formulas" oor:op="replace"><node oor:name="AddInFunctions">'
        + "".join(
            f'<node oor:name="{name}" oor:op="replace"><prop oor:name="DisplayName">'
            f'<value xml:lang="en-US">{name}</value></prop></node>'
            for name in ("TRIVIAL", "TRIVIALROWS")
        )
        + "</node></node></node>"
        "</oor:component-data>"
    )
    for name in ("Addons", "ProtocolHandler", "Jobs"):
        (folder / f"{name}.xcu").write_text(
            '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
            f'oor:name="{name}" oor:package="org.openoffice.Office"/>'
        )


def _best(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _attempt in range(REPEATS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--formulas", type=int, default=10_000)
    given = parser.parse_args()
    main(given.rows, given.formulas)
