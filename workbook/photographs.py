"""Pictures of the filled workbook as LibreOffice Calc shows it, for the README and the docs.

    python workbook/photographs.py [WORKBOOK] [--lang es]

Fills the demo where no workbook is given. Needs LibreOffice Calc and pdftoppm (poppler-utils).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlwings as xw

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # run as a script: the project is one folder up
    sys.path.insert(0, str(HERE.parent))

from smarketing_xl.cli import app  # noqa: E402
from smarketing_xl.hosts import calc  # noqa: E402
from smarketing_xl.i18n import LANGUAGES, Language, translate  # noqa: E402
from smarketing_xl.schema.tables import SHEETS  # noqa: E402

FOLDER = HERE.parent / "docs" / "images"
SHOWN = ("home", "goals", "attribution", "review")
DOTS_PER_INCH = 90


def draw(workbook: Path, folder: Path, language: Language = "en") -> list[Path]:
    """The first page of each sheet that is worth showing, as a PNG named after the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    book = calc.start().books.open(str(workbook))
    names = {translate(SHEETS[key], language): key for key in SHOWN}
    printed = {sheet.name: sheet.impl.api.getPrintAreas() for sheet in book.sheets}
    try:
        for sheet in book.sheets:
            sheet.impl.api.setPrintAreas(())  # prints nothing
        return [
            _draw(sheet, printed[sheet.name], folder / f"{names[sheet.name]}.png")
            for sheet in book.sheets
            if sheet.name in names
        ]
    finally:
        book.app.quit()


def _draw(sheet: xw.Sheet, areas: tuple[Any, ...], picture: Path) -> Path:
    sheet.impl.api.setPrintAreas(areas)
    with TemporaryDirectory() as scratch:
        paper = Path(scratch, "sheet.pdf")
        sheet.book.impl.to_pdf(str(paper))
        command = ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS_PER_INCH)]
        subprocess.run([*command, paper, picture.with_suffix("")], check=True)
    sheet.impl.api.setPrintAreas(())
    return picture


def main() -> None:
    """As called from a terminal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", type=Path, nargs="?")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        workbook = given.workbook or Path(scratch, "Smarketing.xlsm")
        if given.workbook is None:
            app.demo(workbook, given.lang)
        for picture in draw(workbook, given.folder, given.lang):
            print(picture)


if __name__ == "__main__":
    main()
