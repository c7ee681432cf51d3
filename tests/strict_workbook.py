"""A workbook as Excel saves it under "Strict Open XML Spreadsheet": other names of everything."""

from __future__ import annotations

import zipfile
from pathlib import Path

NAMES = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main":
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}  # fmt: skip


def strict(source: Path, target: Path) -> Path:
    """Write a workbook so."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for part in given.infolist():
            content = given.read(part)
            for usual, name in NAMES.items():
                content = content.replace(usual, name)
            made.writestr(part, content)
    return target
