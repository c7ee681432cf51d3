"""CSV as CRMs write it: any delimiter, UTF-8, UTF-16 or Windows-1252, titles above the headers."""

from __future__ import annotations

import codecs
import csv
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import polars as pl
from polars.exceptions import ComputeError, PolarsError

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.files import private_folder
from smarketing_xl.i18n import _
from smarketing_xl.ingest import file_safety
from smarketing_xl.ingest.raw_table import (
    RawTable,
    check_size,
    guarded,
    header_row,
    headers,
    without_blanks,
)

DELIMITERS = (",", ";", "\t", "|")
_IN_WORDS = " \"'.-_@()&+\r\n"  # marks that stand inside a header
LONGEST_CELL = 32_767  # characters, as in Excel
MOST_FAULTS = 100
_SAMPLE = 1 << 18
_PATIENT = 64 << 20  # bytes up to which badly quoted files are read with the slower reader
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: int | None = None,
) -> RawTable:
    """Reads a CSV file as text columns.

    encoding, delimiter, header (its row, from 1): found out from the file where not given, and
    said in the notes. Raises BadData with each row that has more cells than the header.
    """
    likely = encoding or _encoding(path)
    try:
        return _read(path, likely, delimiter, header)
    except UnicodeError:
        if encoding:
            raise file_safety.refuse_unsafe(
                _("is not written in {encoding}").format(encoding=encoding),
                _("Name its encoding in the mapping, or leave that out"),
                path,
            ) from None
        return _read(path, "cp1252", delimiter, header)


def _read(path: Path, encoding: str, delimiter: str | None, header: int | None) -> RawTable:
    with _as_utf8(path, encoding) as plain:
        start, eol = _start(plain, path)
        declared = _declared_delimiter(start)
        split = delimiter or declared or _delimiter(start)
        rows = _rows(start, split)
        at = header - 1 if header else header_row(rows)
        if len(rows) <= at:
            raise file_safety.refuse_unsafe(
                _("has no header row"), _("Export it again, with headers"), path
            )
        check_size(0, len(rows[at]), path)
        names = headers(rows[at])
        frame = _frame(plain, path, split, at, names, eol)
    check_size(len(frame), len(names), path)
    _no_endless_cells(frame, at + 2)
    return RawTable(without_blanks(frame), at + 2, None, _notes(encoding, split, at))


def _notes(encoding: str, delimiter: str, header: int) -> tuple[str, ...]:
    shown = {"\t": _("tab"), ";": _("semicolon"), ",": _("comma")}.get(delimiter, delimiter)
    notes = [_("Columns are separated by {delimiter}").format(delimiter=shown)]
    if encoding == "cp1252":
        notes.append(
            _("Letters read as Windows-1252; if they look wrong, name the encoding in the mapping")
        )
    elif not encoding.startswith("utf-8"):
        notes.append(_("Letters read as {encoding}").format(encoding=encoding.upper()))
    if header:
        notes.append(_("Headers found in row {row}").format(row=header + 1))
    return tuple(notes)


# --- letters ------------------------------------------------------------------------------------


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 8 and min(even, odd) < max(even, odd) // 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself if it is UTF-8, else a copy in UTF-8 that is gone afterwards."""
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
        yield path
        return
    with private_folder() as folder:
        copy = folder / "copy.csv"
        with copy.open("wb") as target, path.open("rb") as source:
            decoder = _decoder(encoding, path)
            while piece := source.read(1 << 20):
                target.write(decoder.decode(piece).encode("utf-8", "replace"))
            target.write(decoder.decode(b"", True).encode("utf-8", "replace"))
        yield copy


def _decoder(encoding: str, path: Path) -> codecs.IncrementalDecoder:
    try:
        "".encode(encoding)  # refuses codecs that are no text, such as hex
        lenient = encoding == "cp1252"  # five bytes of it are not used
        return codecs.getincrementaldecoder(encoding)("replace" if lenient else "strict")
    except LookupError:
        raise file_safety.refuse_unsafe(
            _("cannot be read as {encoding}").format(encoding=encoding),
            _("Name an encoding such as utf-8, utf-16 or cp1252"),
            path,
        ) from None


# --- shape --------------------------------------------------------------------------------------


def _start(plain: Path, path: Path) -> tuple[str, str]:
    """The first whole lines of the file, and what ends a line."""
    if not plain.stat().st_size:  # nothing but a mark of its encoding
        raise file_safety.refuse_unsafe(_("is empty"), _("Export it again"), path)
    with (
        plain.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        file_safety.check_lines(content, path)
        piece = content[:_SAMPLE]
        eol = "\n" if content.find(b"\n") >= 0 else "\r"
        whole = len(piece) == len(content)
    if not whole:
        piece = piece[: piece.rfind(eol.encode()) + 1] or piece
    text = codecs.decode(piece, "utf-8-sig", "strict" if whole else "ignore")
    return text, eol


def _declared_delimiter(start: str) -> str | None:
    """Excel's own hint: a first line such as sep=;"""
    first = start.split("\n", 1)[0].strip().strip('"')
    return first[4] if first.lower().startswith("sep=") and len(first) == 5 else None


def _delimiter(start: str) -> str:
    """The one that cuts most rows into the same number of cells, more than one.

    An unusual one counts only if it cuts every row alike, the header included.
    """

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in _rows(start, delimiter)[:200] if len(row) > 1]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return widths.count(usual), usual

    best = max(DELIMITERS, key=regularity)
    if regularity(best)[1] > 1:
        return best
    unusual = sorted({mark for mark in start.split("\n", 1)[0] if _may_separate(mark)})
    lines = len([row for row in _rows(start, best)[:200] if any(row)])
    return next((mark for mark in unusual if lines > 1 and regularity(mark)[0] == lines), best)


def _may_separate(mark: str) -> bool:
    return mark.isascii() and not mark.isalnum() and mark not in _IN_WORDS


def _rows(start: str, delimiter: str) -> list[list[str]]:
    lines = start.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        return list(csv.reader((f"{line}\n" for line in lines[:2_000]), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in lines[:2_000]]


# --- cells --------------------------------------------------------------------------------------


def _frame(
    plain: Path, path: Path, delimiter: str, header: int, names: list[str], eol: str
) -> pl.DataFrame:
    with guarded(path):
        try:
            frame = pl.read_csv(
                plain,
                separator=delimiter,
                infer_schema=False,
                skip_rows=header,
                eol_char=eol,
                glob=False,
                raise_if_empty=False,
            )
            frame.columns = names
            return frame
        except ComputeError as cause:
            if "utf-8" in str(cause).lower():
                raise_undecodable(plain)
            return _patiently(plain, path, delimiter, header, names)
        except PolarsError:
            return _patiently(plain, path, delimiter, header, names)


def raise_undecodable(plain: Path) -> None:
    """Raises UnicodeDecodeError at the first byte that is no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with plain.open("rb") as stream:
        while piece := stream.read(1 << 20):
            decoder.decode(piece)
    decoder.decode(b"", True)


def _patiently(
    plain: Path, path: Path, delimiter: str, header: int, names: list[str]
) -> pl.DataFrame:
    """Badly quoted files: read row by row, naming the rows that do not fit the header."""
    if plain.stat().st_size > _PATIENT:
        raise file_safety.refuse_unsafe(
            _("has quotation marks or rows that do not fit its header"),
            _("Export it again, or open it in your office program and save it as .xlsx"),
            path,
        )
    faults: list[Fault] = []
    good: list[list[str | None]] = []
    with plain.open(encoding="utf-8-sig", newline="") as stream:
        rows = islice(csv.reader(stream, delimiter=delimiter), header + 1, None)
        try:
            for number, row in enumerate(rows, header + 2):
                if any(row[len(names) :]):
                    faults.append(_too_wide(number, len(row), len(names)))
                good.append([*(cell or None for cell in row), *([None] * len(names))][: len(names)])
        except csv.Error:
            faults.append(_unclosed(header + 2 + len(good)))
    if not faults and plain.read_bytes().count(b'"') % 2:
        faults.append(_unclosed(header + 1 + len(good)))
    if faults:
        raise BadData(faults[:MOST_FAULTS])
    return pl.DataFrame(good, schema=dict.fromkeys(names, pl.String), orient="row")


def _unclosed(row: int) -> Fault:
    return Fault(
        _("A quotation mark is not closed"), _("Close it, or export the file again"), row=row
    )


def _too_wide(row: int, cells: int, columns: int) -> Fault:
    return Fault(
        _("has {cells} cells, the header {columns}").format(cells=cells, columns=columns),
        _("Put cells that contain the separator in quotation marks"),
        row=row,
    )


def _no_endless_cells(frame: pl.DataFrame, first_row: int) -> None:
    longest = frame.select(pl.all().str.len_bytes().max()).row(0) if frame.width else ()
    faults = []
    for name, length in zip(frame.columns, longest, strict=True):
        if (length or 0) > LONGEST_CELL:
            at = frame[name].str.len_chars().gt(LONGEST_CELL).arg_true()
            faults += [
                Fault(
                    _("holds more text than a cell can"),
                    _("Shorten it; perhaps a quotation mark is not closed"),
                    row=int(row) + first_row,
                    column=name,
                )
                for row in at.head(MOST_FAULTS)
            ]
    if faults:
        raise BadData(faults)
