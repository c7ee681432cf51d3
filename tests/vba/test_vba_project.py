"""vbaProject.bin: what goes in comes out, the same bytes each time, nothing Excel would refuse."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBAError
from xlsxwriter.workbook import Workbook

from smarketing_xl.i18n import LANGUAGES, Language
from smarketing_xl.setup.xlwings_module import module_text, version_of
from udfs.functions import FORMULAS
from workbook.vba_project import modules, vba_project

SHEETS = ["HomeSheet", "GoalsSheet"]
BROUGHT = ("xlwings", "Dictionary")
RESERVED = set(
    re.findall(
        r"\w+",
        """
    and any as attribute boolean byref byte byval call case cdate close const currency date
    declare dim do double each else end enum erase error event exit false for friend function
    get global goto if implements in input integer is let like line lock long loop lset me mod
    new next not nothing null object on open option optional or paramarray preserve print
    private property public put raiseevent redim rem resume return rset seek select set shared
    single static step stop string sub then time to true type typeof unlock until variant wend
    while with write xor
    """,
    )
)


def built(folder: Path, language: Language) -> Path:
    binary = folder / "vbaProject.bin"
    binary.write_bytes(vba_project(SHEETS, language))
    path = folder / "book.xlsm"
    with Workbook(str(path)) as book:
        book.set_vba_name("ThisWorkbook")
        for name in SHEETS:
            book.add_worksheet().set_vba_name(name)
        book.add_vba_project(str(binary))
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vba_in_a_workbook_is_that_of_the_sources(tmp_path: Path, language: Language) -> None:
    with ExcelFile(built(tmp_path, language)) as file:
        found = {name: file.get_module(name) for name in file.module_names()}
    assert set(found) == {*modules(language), *SHEETS}
    for name, source in modules(language).items():
        assert body(found[name]) == body(source), name


def body(source: str) -> str:
    """The code without the lines that only the file keeps (name, base class)."""
    lines = source.replace("\r\n", "\n").splitlines()
    if lines[0].startswith("VERSION"):
        lines = lines[lines.index("END") + 1 :]
    return "\n".join(line for line in lines if not line.startswith("Attribute VB_")).strip()


def test_the_same_sources_give_the_same_bytes() -> None:
    assert vba_project(SHEETS) == vba_project(SHEETS)
    assert vba_project(SHEETS) != vba_project(SHEETS, "es")


def test_the_module_of_xlwings_is_that_installed_and_keeps_its_licence() -> None:
    source = modules("en")["xlwings"]
    assert source == module_text()
    assert version_of(source) and "BSD 3-clause" in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_module_of_ours_declares_what_it_uses(language: Language) -> None:
    for name, source in modules(language).items():
        if name not in BROUGHT:
            assert "\nOption Explicit\n" in f"\n{source}", name
            assert max(map(len, source.splitlines())) < 1000, name
            source.encode("cp1252")


def test_no_name_is_a_word_that_vba_keeps_for_itself() -> None:
    for formula in FORMULAS.values():
        names = {formula.name, *(argument.name for argument in formula.arguments)}
        assert not {name for name in names if name.lower() in RESERVED}, formula.name


@pytest.mark.parametrize("name", ["Attribute", "[Attribute]"])
def test_a_formula_cannot_be_called_attribute(name: str) -> None:
    app = ExcelApplication()
    app.add_workbook()
    source = f"Public Function {name}() As Variant\n    {name} = 1\nEnd Function\n"
    with pytest.raises(VBAError):
        app.add_module(source, name="Formulas", kind="standard")
        app.interpreter.run("Attribute", [])


def test_no_reference_must_be_ticked(tmp_path: Path) -> None:
    with ExcelFile(built(tmp_path, "en")) as file:
        assert {reference.name for reference in file.references()} <= {"stdole", "Office"}
    ours = "\n".join(source for name, source in modules("en").items() if name not in BROUGHT)
    assert not re.search(r"As (IRibbon|Scripting\.|Dictionary)", ours)


def test_windows_only_words_stand_in_branches_that_a_mac_skips() -> None:
    for name in ("Smarketing", "Formulas", "Ribbon", "Native", "Elements", "Texts"):
        for_mac = re.sub(
            r"(?ms)^( *)#If Mac Then\n(.*?)^\1#Else\n.*?^\1#End If", r"\2", modules("en")[name]
        )
        assert "XLPy" not in "\n".join(line.split("'")[0] for line in for_mac.splitlines()), name


def test_the_package_holds_the_project(tmp_path: Path) -> None:
    with zipfile.ZipFile(built(tmp_path, "en")) as package:
        assert package.read("xl/vbaProject.bin") == vba_project(SHEETS)
