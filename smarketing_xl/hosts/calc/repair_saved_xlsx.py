"""What Calc spoils when it saves an Excel workbook, put right from the workbook as it was.

Seen with LibreOffice 7.4: functions of an add-in are written under their programmatic names; the
VBA project is written anew, while the names that tie its modules to the sheets are left out; tables
lose their style and the formulas of calculated columns; sheets kept from people's hands are
merely hidden; without a window, frozen headers are lost; validation of whole columns ends where the
filled rows do.
Charts, sparklines, conditional formats, notes and the ribbon stay.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from lxml import etree

from smarketing_xl.hosts.calc.formulas import PREFIX
from smarketing_xl.hosts.file.parts.package import Package

EXCEL = (".xlsx", ".xlsm")
_FUNCTION = "_xlfn.LAMBDA("
VBA = "xl/vbaProject.bin"
WORKBOOK = "xl/workbook.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CODE_NAME = re.compile(rb'<(?:workbookPr|sheetPr)\b[^>]*?\scodeName="([^"]*)"')
_VERY_HIDDEN = re.compile(rb'<sheet name="([^"]*)"[^>]*\sstate="veryHidden"')
_PANE = re.compile(rb"<pane\b[^>]*/>")
_VALIDATED = re.compile(rb'(<dataValidation\b[^>]*?\ssqref=")([^"]*)')
_COLUMN = re.compile(rb"\b([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")
LAST_ROW = b"1048576"
_VIEW = re.compile(rb"<sheetView\b[^>]*?(?<!/)>")

Parts = dict[str, bytes]


@contextmanager
def repaired(target: Path, known: Path | None) -> Iterator[None]:
    """Repair the file that is saved meanwhile. known: the workbook as it was before."""
    before = remembered(known)
    yield
    repair(target, before)


def remembered(known: Path | None) -> bytes | None:
    """A workbook as it is now; None where there is none, or not one of Excel's."""
    if known is None or known.suffix.lower() not in EXCEL or not known.exists():
        return None
    return known.read_bytes()


def repair(saved: Path, known: bytes | None = None) -> bool:
    """Put right what Calc spoiled in a workbook that it saved. Answers whether it changed.

    The file keeps its time, so that Calc does not take it for changed by somebody else.
    """
    if saved.suffix.lower() not in EXCEL:
        return False
    before = saved.read_bytes()
    mended = mend(before, known, saved.name)
    if mended == before:
        return False
    state = saved.stat()
    with saved.open("r+b") as file:  # the same file: Calc still holds it
        file.write(mended)
        file.truncate()
    os.utime(saved, ns=(state.st_atime_ns, state.st_mtime_ns))
    return True


def mend(data: bytes, known: bytes | None = None, name: str = "Workbook.xlsx") -> bytes:
    """A package saved by Calc, put right; as it is where nothing is to do."""
    parts = _parts(data, name)
    mended = {name: _own_names(name, content) for name, content in parts.items()}
    if known is not None:
        before = _parts(known, name)
        if VBA in mended and VBA in before:
            mended[VBA] = before[VBA]
        _code_names(mended, before)
        _hidden_well(mended, before)
        _panes(mended, before)
        _validations(mended, before)
        _tables(mended, before)
        _functions(mended, before)
    if mended == parts:
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in mended.items():
            package.writestr(name, content)
    return stream.getvalue()


def _parts(data: bytes, name: str) -> Parts:
    package = Package(data, name)
    return {part: package.read(part) for part in package.parts}


def _own_names(name: str, content: bytes) -> bytes:
    return content.replace(PREFIX.encode(), b"") if name.endswith(".xml") else content


def _sheets(parts: Parts) -> dict[str, str]:
    """Name of each sheet → its part."""
    root = etree.fromstring(parts[WORKBOOK])
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {it.get("Id"): it.get("Target", "") for it in relations}
    return {
        sheet.get("name", ""): posixpath.normpath(
            posixpath.join("/xl", targets[sheet.get(_RELATION)])
        ).lstrip("/")
        for sheet in root.iter(f"{{{_MAIN}}}sheet")
    }


def _pairs(mended: Parts, before: Parts) -> list[tuple[str, str]]:
    """The parts of sheets that are in both packages: now, before."""
    was = _sheets(before)
    both = [(part, was[name]) for name, part in _sheets(mended).items() if name in was]
    return [(now, then) for now, then in both if now in mended and then in before]


def _code_names(mended: Parts, before: Parts) -> None:
    """The names by which VBA knows the workbook and its sheets."""
    for now, then in [(WORKBOOK, WORKBOOK), *_pairs(mended, before)]:
        known = _CODE_NAME.search(_head(before[then]))
        if known is None or _CODE_NAME.search(_head(mended[now])):
            continue
        tag = b"<workbookPr" if now == WORKBOOK else b"<sheetPr"
        named = tag + b' codeName="' + known[1] + b'"'
        mended[now] = mended[now].replace(tag, named, 1)


def _hidden_well(mended: Parts, before: Parts) -> None:
    """Sheets kept from people's hands, and that Excel calculates when it opens the file."""
    for match in _VERY_HIDDEN.finditer(before[WORKBOOK]):
        hidden = re.compile(rb'(<sheet name="%s"[^>]*\sstate=")hidden"' % re.escape(match[1]))
        mended[WORKBOOK] = hidden.sub(rb'\1veryHidden"', mended[WORKBOOK])
    if b"fullCalcOnLoad" in before[WORKBOOK] and b"fullCalcOnLoad" not in mended[WORKBOOK]:
        mended[WORKBOOK] = mended[WORKBOOK].replace(b"<calcPr", b'<calcPr fullCalcOnLoad="1"', 1)


def _panes(mended: Parts, before: Parts) -> None:
    """Frozen headers, where Calc had no window and so wrote none at all."""
    pairs = _pairs(mended, before)
    if any(_PANE.search(_head(mended[now])) for now, _then in pairs):
        return
    for now, then in pairs:
        pane = _PANE.search(_head(before[then]))
        if pane is not None:
            mended[now] = _VIEW.sub(lambda view, add=pane[0]: view[0] + add, mended[now], count=1)  # type: ignore[misc]


def _validations(mended: Parts, before: Parts) -> None:
    """Rules of columns that reached the end of the sheet, which Calc cuts below what is filled."""
    for now, then in _pairs(mended, before):
        whole = {
            (area[1], area[3]): int(area[2])
            for rule in _VALIDATED.finditer(_tail(before[then]))
            for area in _COLUMN.finditer(rule[2])
            if area[4] == LAST_ROW
        }
        if whole:
            content = mended[now]
            at = len(content) - len(_tail(content))
            mended[now] = content[:at] + _VALIDATED.sub(partial(_to_the_end, whole), content[at:])


def _to_the_end(whole: dict[tuple[bytes, bytes], int], rule: re.Match[bytes]) -> bytes:
    """whole: columns, and the row from which on their rule reached the end of the sheet."""

    def stretched(area: re.Match[bytes]) -> bytes:
        if int(area[4]) <= whole.get((area[1], area[3]), int(LAST_ROW)):
            return area[0]
        return area[1] + area[2] + b":" + area[3] + LAST_ROW

    return rule[1] + _COLUMN.sub(stretched, rule[2])


def _tail(sheet: bytes) -> bytes:
    """What stands behind a sheet's cells."""
    return sheet[max(sheet.rfind(b"</sheetData>"), 0) :]


def _head(sheet: bytes) -> bytes:
    """What stands before a sheet's cells."""
    end = sheet.find(b"<sheetData")
    return sheet if end < 0 else sheet[:end]


def _tables(mended: Parts, before: Parts) -> None:
    """Styles and calculated columns of tables, known by their names."""
    was = {}
    for name, content in before.items():
        if name.startswith("xl/tables/"):
            table = etree.fromstring(content)
            was[table.get("name")] = table
    for name, content in mended.items():
        if not name.startswith("xl/tables/"):
            continue
        table = etree.fromstring(content)
        known = was.get(table.get("name"))
        if known is not None and _mend_table(table, known):
            mended[name] = etree.tostring(
                table, xml_declaration=True, encoding="UTF-8", standalone=True
            )


def _functions(mended: Parts, before: Parts) -> None:
    """The functions in defined names, which Calc 7.4 does not know and writes in small letters."""
    whole = {
        entry.get("name"): entry
        for entry in etree.fromstring(before[WORKBOOK]).iter(f"{{{_MAIN}}}definedName")
        if (entry.text or "").startswith(_FUNCTION)
    }
    root = etree.fromstring(mended[WORKBOOK])
    damaged = [
        entry
        for entry in root.iter(f"{{{_MAIN}}}definedName")
        if entry.get("name") in whole and not (entry.text or "").startswith(_FUNCTION)
    ]
    for entry in damaged:
        known = whole[entry.get("name")]
        entry.text = known.text
        entry.set("comment", known.get("comment", ""))
    if damaged:
        mended[WORKBOOK] = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )


def _mend_table(table: etree._Element, known: etree._Element) -> bool:
    changed = False
    columns = {it.get("name"): it for it in known.iter(f"{{{_MAIN}}}tableColumn")}
    for column in table.iter(f"{{{_MAIN}}}tableColumn"):
        twin = columns.get(column.get("name"))
        formula = None if twin is None else twin.find(f"{{{_MAIN}}}calculatedColumnFormula")
        if formula is not None and column.find(formula.tag) is None:
            column.append(formula)
            changed = True
    style = known.find(f"{{{_MAIN}}}tableStyleInfo")
    if style is not None and table.find(style.tag) is None:
        table.append(style)
        changed = True
    return changed
