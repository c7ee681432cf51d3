"""A table as it stands in a file, before anyone has said what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from smarketing_xl.errors import SmarketingError
from smarketing_xl.i18n import _
from smarketing_xl.ingest import file_safety


@dataclass(frozen=True)
class RawTable:
    """Cells by their file's own headers.

    frame: text columns, or typed ones where the file itself knows types; blanks are null.
    first_row: the row of the first record, counted as an office program would show it.
    notes: what was found out on reading, in words.
    """

    frame: pl.DataFrame
    first_row: int = 2
    name: str | None = None
    notes: tuple[str, ...] = field(default=())


LONGEST_HEADER = 255  # what a column of an Excel table may be called, in UTF-16
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(x[0-9A-Fa-f]{4})_")


def headers(cells: Sequence[object]) -> list[str]:
    """Names for columns as a table of Excel takes them: tidy, none blank, too long or twice.

    What a workbook's file would read as the code of a character (`_x000D_`) is written otherwise.

    >>> headers(["Name", " E-mail ", "", "name", "Line\\nbreak", "_x000D_"])
    ['Name', 'E-mail', 'Column 3', 'name (2)', 'Line break', '_x000D -']
    """
    names: list[str] = []
    taken: set[str] = set()
    counted: dict[str, int] = {}  # how often a name has been asked for
    for number, cell in enumerate(cells, 1):
        text = _ESCAPE.sub(r"_\1 -", _NOT_SHOWN.sub(" ", str(cell if cell is not None else "")))
        plain = " ".join(text.split()) or f"Column {number}"
        name = _cut(plain)
        times = counted.get(name.casefold(), 1)
        first = name.casefold()
        while name.casefold() in taken:
            times += 1
            name = _cut(plain, f" ({times})")
        counted[first] = times
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(name: str, end: str = "") -> str:
    while len((name + end).encode("utf-16-le")) > 2 * LONGEST_HEADER:
        name = name[:-1]
    return name.rstrip() + end


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Which of a file's first rows holds the headers: exports put titles and dates above them.

    The first row as wide as most rows are, with at least half of its cells filled.

    >>> header_row([["Campaign report"], ["2026"], ["Month", "Cost"], ["Jan", "3"], ["Feb", "4"]])
    2
    """
    widths = [_width(row) for row in rows]
    filled = [width for width in widths if width]
    if not filled:
        return 0
    usual = max(set(filled), key=lambda width: (filled.count(width), width))
    for at, row in enumerate(rows):
        told = sum(cell not in (None, "") for cell in row)
        if widths[at] >= usual and 2 * told >= usual:
            return at
    return 0


def _width(row: Sequence[object]) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell not in (None, "")), default=0)


def without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Drops the columns that have neither a header nor a cell."""
    nameless = [name for name in frame.columns if name.startswith("Column ")]
    return frame.drop([name for name in nameless if frame[name].null_count() == len(frame)])


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Whatever a reader trips over is said as one sentence about the file."""
    try:
        yield
    except (SmarketingError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as cause:  # a panic of a compiled reader is no Exception
        raise file_safety.refuse_unsafe(
            _("is damaged, or not what its content says"), _("Export it again"), path
        ) from cause


def check_size(rows: int, columns: int, path: Path) -> None:
    """Refuses what no sheet can hold."""
    if rows > file_safety.MOST_ROWS or columns > file_safety.MOST_COLUMNS:
        raise file_safety.refuse_unsafe(
            _("has more rows or columns than a sheet holds"),
            _("Export fewer columns or a shorter time"),
            path,
        )
