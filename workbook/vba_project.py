"""The VBA project: modules kept as text, put together into vbaProject.bin.

python workbook/vba_project.py FOLDER     writes every module as a file, to read or review
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # run as a script: the project is one folder up
    sys.path.insert(0, str(HERE.parent))

from pyopenvba import ExcelFile, VBAModuleKind  # noqa: E402
from xlsxwriter.workbook import Workbook  # noqa: E402

from smarketing_xl.i18n import LANGUAGES, Language  # noqa: E402
from smarketing_xl.setup.xlwings_module import DICTIONARY, dictionary_class, module_text  # noqa: E402
from workbook import wrappers  # noqa: E402

CLASSES = frozenset({"ThisWorkbook", DICTIONARY})
BY_HAND = ("Smarketing", "Native", "OfficeTime", "LeadsAhead", "Elements")


def modules(language: Language) -> dict[str, str]:
    """Every module's source by its name, ThisWorkbook included; lines end in a plain newline."""
    sources = {name: _by_hand(f"{name}.bas") for name in BY_HAND}
    return {
        "ThisWorkbook": _by_hand("ThisWorkbook.cls"),
        **sources,
        "Formulas": wrappers.formulas_module(language),
        "Ribbon": wrappers.ribbon_module(),
        "Texts": wrappers.texts_module(language),
        "xlwings": module_text(),
        DICTIONARY: dictionary_class(),
    }


def vba_project(sheet_codenames: Sequence[str], language: Language = "en") -> bytes:
    """vbaProject.bin for a workbook whose sheets have these code names, the same bytes each time.

    The workbook itself is called ThisWorkbook.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.xlsm"
        with Workbook(str(path)) as book:
            book.set_vba_name("ThisWorkbook")
            for codename in sheet_codenames:
                book.add_worksheet().set_vba_name(codename)
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            for name, source in modules(language).items():
                text = source.replace("\n", "\r\n")
                if name == "ThisWorkbook":
                    file.set_module(name, text)
                else:
                    kind = VBAModuleKind.other if name in CLASSES else VBAModuleKind.standard
                    project.add_module(name, text, kind=kind)
            file.save()
        with zipfile.ZipFile(path) as package:
            return package.read("xl/vbaProject.bin")


def _by_hand(file: str) -> str:
    return (HERE / "vba" / file).read_text(encoding="utf-8")


def main(folder: Path) -> None:
    """Write the modules of each language into a folder."""
    for language in LANGUAGES:
        for name, source in modules(language).items():
            ending = "cls" if name == "ThisWorkbook" else "bas"
            target = folder / language / f"{name}.{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
