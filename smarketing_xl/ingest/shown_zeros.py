"""Numbers that a spreadsheet shows with leading zeros: 7 under the format 00000 is 00007."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path

import polars as pl
from lxml import etree

_ZEROS = re.compile(r"^0{2,15}$")
_COLUMN = re.compile(r"([A-Z]+)([0-9]+)")
_STYLES, _WORKBOOK = "xl/styles.xml", "xl/workbook.xml"


def with_zeros(frame: pl.DataFrame, path: Path, sheet: int, first: int, left: int) -> pl.DataFrame:
    """The columns of numbers whose cells are formatted so, as the text that people see.

    frame: what stands below the headers. sheet: its place in the .xlsx file, from 0. first: rows
    above the first record; left: columns left of the first.
    """
    with zipfile.ZipFile(path) as package:
        widths = _padded_styles(package)
        part = _sheet_part(package, sheet) if widths else None
        shown = _padded_cells(package, part, widths, first) if part else {}
    for column, cells in shown.items():
        at = column - left
        if not 0 <= at < frame.width or not frame.to_series(at).dtype.is_numeric():
            continue
        numbers = frame.to_series(at)
        width = pl.Series([cells.get(row, 0) for row in range(len(frame))], dtype=pl.UInt32)
        whole = (numbers >= 0) & (numbers == numbers.floor())
        digits = numbers.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        text = pl.DataFrame({"text": digits, "width": width}).select(
            pl.col("text").str.zfill(pl.col("width"))
        )
        plain = numbers.cast(pl.String)
        frame = frame.with_columns(text.to_series().fill_null(plain).alias(numbers.name))
    return frame


def _padded_styles(package: zipfile.ZipFile) -> dict[str, int]:
    """Style of a cell → how many digits it shows at least."""
    if _STYLES not in package.namelist():
        return {}
    root = etree.fromstring(package.read(_STYLES), _parser())
    formats = {
        each.get("numFmtId"): len(code)
        for each in root.iter("{*}numFmt")
        if _ZEROS.match(code := each.get("formatCode", ""))
    }
    styles = root.find("{*}cellXfs")
    return {
        str(number): formats[form]
        for number, style in enumerate(styles if styles is not None else ())
        if (form := style.get("numFmtId")) in formats
    }


def _sheet_part(package: zipfile.ZipFile, sheet: int) -> str | None:
    book = etree.fromstring(package.read(_WORKBOOK), _parser())
    rels = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), _parser())
    targets = {link.get("Id"): link.get("Target", "") for link in rels}
    listed = list(book.iter("{*}sheet"))
    names = [name for name in listed[sheet].keys() if name.endswith("}id")]  # noqa: SIM118
    target = targets.get(listed[sheet].get(names[0]) if names else None, "")
    part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return part if part in package.namelist() else None


def _padded_cells(
    package: zipfile.ZipFile, part: str, widths: dict[str, int], first: int
) -> dict[int, dict[int, int]]:
    """Column → row of the records → digits shown, both from 0."""
    found: dict[int, dict[int, int]] = {}
    with package.open(part) as stream:
        for _event, cell in etree.iterparse(
            stream, tag=("{*}c", "{*}row"), resolve_entities=False, no_network=True
        ):
            style = cell.get("s")
            place = _COLUMN.fullmatch(cell.get("r", "")) if style in widths else None
            if place:
                row = int(place[2]) - 1 - first
                found.setdefault(_number(place[1]), {})[row] = widths[style]
            if cell.tag.endswith("row"):
                cell.clear()
                while (before := cell.getprevious()) is not None:
                    cell.getparent().remove(before)
    return found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)
