"""A file of any kind as a `Sheet`; what is no table of leads is refused with one sentence."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from smarketing_xl.errors import WorkbookError
from smarketing_xl.i18n import _
from smarketing_xl.ingest import file_safety
from smarketing_xl.ingest.csv_reader import read_text
from smarketing_xl.ingest.file_safety import FileFormat
from smarketing_xl.ingest.limited import read_limited
from smarketing_xl.ingest.raw_table import (
    RawTable,
    check_size,
    guarded,
    headers,
)
from smarketing_xl.ingest.zip_size import MOST_TEXT

MOST_CELLS = 64_000_000  # of a Parquet file, which may say a great many in few bytes


def read_file(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: int | None = None,
    kind: str = "",
) -> RawTable:
    """Reads CSV, .xlsx, .ods or Parquet, whatever the file is called.

    sheet: of a workbook; kind: else the sheet that tells most of what such an import brings, where
    the first is a cover. encoding, delimiter: of a CSV file. header: the row of the headers, from
    1. All are found out where not given. Raises BadData for a file that is damaged, unsafe (macros,
    XML entities, bombs), no table at all, or with rows that do not fit their header.
    """
    holds = file_safety.format_of(path)
    if holds is FileFormat.TEXT:
        table = read_text(path, encoding=encoding, delimiter=delimiter, header=header)
    elif holds is FileFormat.PARQUET:
        table = _parquet(path)
    else:  # what a spreadsheet needs is known only once it is read
        table = read_limited(path, sheet=sheet, header=header, kind=kind)
    return _with_headers(table, path)


def _with_headers(table: RawTable, path: Path) -> RawTable:
    if not table.frame.width:
        raise file_safety.refuse_unsafe(
            _("has no header row"), _("Export it again, with headers"), path
        )
    return table


def _parquet(path: Path) -> RawTable:
    with guarded(path):
        _measure_parquet(path)
        frame = pl.read_parquet(path.read_bytes())
        texts = (cells.str.len_bytes().sum() for cells in frame if cells.dtype == pl.String)
        if sum(texts) > MOST_TEXT:  # a dictionary says a long text many times in few bytes
            raise file_safety.too_large(path)
    frame.columns = headers(frame.columns)
    columns, other = [], []
    for cells in frame:
        if isinstance(cells.dtype, pl.List):
            columns.append(cells.cast(pl.List(pl.String)).list.join("; "))
        elif cells.dtype.is_nested():
            other.append(cells.name)
        else:
            columns.append(cells)
    notes = [_("Not read: {names}").format(names=", ".join(sorted(other)))] if other else []
    return RawTable(pl.DataFrame(columns), 2, None, tuple(notes))


def _measure_parquet(path: Path) -> None:
    """Rows, columns and unpacked size, as the file's own footer has them."""
    try:
        import duckdb
    except ImportError as cause:
        raise WorkbookError(
            _("A Parquet file needs DuckDB, which is not installed"),
            _('Install it: pip install "smarketing-xl[duckdb]"'),
        ) from cause
    with duckdb.connect() as connection:
        named = connection.execute("SELECT count(*) FROM parquet_schema(?)", [str(path)])
        columns = named.fetchall()[0][0]
        totals = connection.execute(
            "SELECT count(*), sum(total_uncompressed_size) FROM parquet_metadata(?)", [str(path)]
        ).fetchall()[0]
        rows = connection.execute(
            "SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)]
        ).fetchall()[0][0]
    check_size(rows, columns, path)
    if (totals[1] or 0) > file_safety.MOST_UNPACKED * 2 or rows * columns > MOST_CELLS:
        raise file_safety.too_large(path)
