"""Spreadsheets as CRMs export them: .xlsx and .ods, read with calamine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from smarketing_xl.i18n import _
from smarketing_xl.ingest import file_safety
from smarketing_xl.ingest.file_safety import FileFormat
from smarketing_xl.ingest.raw_table import (
    RawTable,
    check_size,
    guarded,
    header_row,
    headers,
    without_blanks,
)
from smarketing_xl.ingest.recognise import known_headers
from smarketing_xl.ingest.shown_zeros import with_zeros
from smarketing_xl.parsing.text import as_text

_BATCH = 20_000  # rows turned into columns at a time
_LOOK = 200  # rows in which the header is looked for
_SHEETS = 50  # that are looked at for the table
_KNOWN, _TABLE = 2, 3  # headers of ours, and columns, that a sheet has which is no cover


def read_spreadsheet(
    path: Path, *, sheet: str | None = None, header: int | None = None, kind: str = ""
) -> RawTable:
    """Reads one sheet: the one named, else the first that is shown and filled and is no cover.

    header: its row, from 1; found where not given. kind: of what is to be imported: it tells a
    cover from the table. Dates, numbers and yes/no come as such; numbers shown with leading zeros
    (00007) as the text that people see.
    """
    with guarded(path), CalamineWorkbook.from_path(path) as book:
        if any(each.typ is SheetTypeEnum.MacroSheet for each in book.sheets_metadata):
            raise file_safety.refuse_unsafe(
                _("has macros in it"), _("Save it as .xlsx, without macros, and import that"), path
            )
        name, others = _chosen(book, sheet, path, kind)
        live = book.get_sheet_by_name(name)
        check_size(live.height - 1, live.width, path)
        top = live.start[0] if live.start else 0
        look = live.to_python(skip_empty_area=True, nrows=_LOOK)
        at = header - 1 - top if header else header_row(look)
        every = islice(live.iter_rows(), top + at, None)  # it begins with the blank rows above
        titles = next(every, [])
        names = headers([as_text(cell) for cell in titles])
        frame = _frame(every, names)
        if file_safety.format_of(path) is FileFormat.XLSX:
            place = book.sheet_names.index(name)
            frame = with_zeros(frame, path, place, top + at + 1, live.start[1] if live.start else 0)
    notes = [_("Sheet: {name}").format(name=name)]
    if others:
        notes.append(_("Not read: {names}").format(names=", ".join(others)))
    return RawTable(without_blanks(frame), top + at + 2, name, tuple(notes))


def _chosen(
    book: CalamineWorkbook, wanted: str | None, path: Path, kind: str
) -> tuple[str, list[str]]:
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if wanted is not None and wanted not in shown:
        raise file_safety.refuse_unsafe(
            _("has no sheet {name}").format(name=wanted),
            _("Choose one of: {labels}").format(labels=", ".join(shown)),
            path,
        )
    filled = [name for name in shown if book.get_sheet_by_name(name).height > 1]
    if not (wanted or filled):
        raise file_safety.refuse_unsafe(_("has no rows"), _("Export it again"), path)
    name = wanted or _no_cover(book, filled, kind)
    return name, [other for other in filled if other != name]


def _no_cover(book: CalamineWorkbook, filled: list[str], kind: str) -> str:
    """The first sheet, or if it is a cover ("Export Summary"), the one that tells most of ours."""
    if len(filled) == 1 or not kind:
        return filled[0]

    def declared(name: str) -> tuple[int, int]:
        look = book.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=_LOOK)
        titles = headers([as_text(cell) for cell in look[header_row(look)]]) if look else []
        return known_headers(titles, kind), min(len(titles), _TABLE)

    found = {name: declared(name) for name in filled[:_SHEETS]}
    if found[filled[0]] >= (_KNOWN, _TABLE):
        return filled[0]
    return max(found, key=lambda name: found[name])


def _frame(rows: Iterator[list[Any]], names: list[str]) -> pl.DataFrame:
    parts: list[list[pl.Series]] = []
    while batch := list(islice(rows, _BATCH)):
        columns = zip(*batch, strict=True)
        parts.append([_series(cells) for cells in columns])
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.DataFrame(
        {name: _joined([part[at] for part in parts]) for at, name in enumerate(names)}
    )


def _series(cells: Sequence[Any]) -> pl.Series:
    """One type where all cells agree, else text."""
    kinds = set(map(type, cells)) - {type(None)}
    if "" in cells:
        cells = [None if cell == "" else cell for cell in cells]
        kinds = {type(cell) for cell in cells} - {type(None)}
    if not kinds:
        return pl.Series(cells, dtype=pl.Null)
    if kinds <= {float, int}:
        return pl.Series(cells, dtype=pl.Float64, strict=False)
    if kinds <= {dt.date, dt.datetime}:
        return pl.Series([_moment(cell) for cell in cells], dtype=pl.Datetime("us"))
    if kinds == {bool}:
        return pl.Series(cells, dtype=pl.Boolean)
    return pl.Series([_text(cell) for cell in cells], dtype=pl.String)


def _moment(cell: dt.date | None) -> dt.datetime | None:
    if cell is None or isinstance(cell, dt.datetime):
        return cell
    return dt.datetime.combine(cell, dt.time())


def _text(cell: object) -> str | None:
    return None if cell is None else as_text(cell)


def _joined(parts: list[pl.Series]) -> pl.Series:
    kinds = {part.dtype for part in parts} - {pl.Null()}
    if len(kinds) <= 1:
        kind = next(iter(kinds), pl.String())
        return pl.concat([part.cast(kind) for part in parts])
    return pl.concat(
        [pl.Series([_text(cell) for cell in part.to_list()], dtype=pl.String) for part in parts]
    )
