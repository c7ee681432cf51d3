"""The extension file: what is committed is what the registry declares."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from smarketing_xl.i18n import LANGUAGES
from smarketing_xl.setup import calc as setup
from udfs.functions import FORMULAS
from workbook.calc import build

OOR = "{http://openoffice.org/2001/registry}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def test_the_committed_extension_is_the_one_built_from_the_registry() -> None:
    assert build.build() == build.FILE.read_bytes(), "run: python workbook/calc/build.py"


def test_every_formula_has_help_in_every_language() -> None:
    with zipfile.ZipFile(build.FILE) as package:
        root = ET.fromstring(package.read("CalcAddIns.xcu"))
    described = [it for it in root.iter("prop") if it.get(f"{OOR}name") == "Description"]
    assert len(described) == len(FORMULAS) + sum(len(it.arguments) for it in FORMULAS.values())
    for text in described:
        assert {value.get(LANG) for value in text} == {"en-US", *LANGUAGES[1:]}
        assert all(value.text for value in text)


def test_the_installed_extension_knows_where_this_python_is(tmp_path: Path) -> None:
    file = tmp_path / "Smarketing.oxt"
    file.write_bytes(setup.extension())
    with zipfile.ZipFile(file) as package:
        where = json.loads(package.read("where.json"))
    assert any((Path(folder) / "smarketing_xl").is_dir() for folder in where["paths"])
    assert not any(Path(folder).name == "lib-dynload" for folder in where["paths"])
