"""Whether a workbook is what Excel opens without a word: Microsoft's published schema."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from openxml_audit import OpenXmlValidator
from openxml_audit.schema.validator import get_constraint_for_tag

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TWO_KINDS = {f"{SPREADSHEET}dimension"}  # of a sheet, and of a pivot table: the last is found


def schema_faults(path: Path) -> list[str]:
    """What the Open XML SDK's schema and its rules for spreadsheets say against a file."""
    found = OpenXmlValidator().validate(str(path)).errors
    return [str(fault) for fault in found] + sorted(set(_undeclared(path)))


def _undeclared(path: Path) -> Iterator[str]:
    """Elements and attributes that the schema does not know; the validator passes over some."""
    with zipfile.ZipFile(path) as package:
        parts = [it for it in package.namelist() if it.startswith("xl/") and it.endswith(".xml")]
        trees = [etree.fromstring(package.read(part)) for part in parts]
    used = {
        (element.tag, name)
        for tree in trees
        for element in tree.iter(f"{SPREADSHEET}*")
        for name in ("", *element.attrib)
        if not name.startswith("{") and element.tag not in TWO_KINDS
    }
    for tag, name in used:
        known = get_constraint_for_tag(tag)
        if known is None or (name and name not in {it.local_name for it in known.attributes}):
            yield f"{tag} {name}: not in the schema"
