"""Fill a table of leads in a workbook file, against XlsxWriter writing the same cells anew.

python benchmarks/bench_fill.py [--rows N] [--columns N] [--patched N]

Where wolfxl is installed (extra `peers`), which patches a workbook as carefully as ours does, both
fill the same table of `patched` rows, too: that library takes minutes for 100,000.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.hosts.file import open_book

Rows = list[list[Any]]


def leads(rows: int, columns: int) -> Rows:
    """Made-up leads: ids, dates, numbers, short words and sentences, the same on every run."""
    draw = np.random.default_rng(7)
    words = ["Web", "Fair", "Referral", "Newsletter", "Partner", "Telephone"]
    kinds: list[Callable[[int], Any]] = [
        lambda row: f"L{row:06}",
        lambda row: dt.datetime(2026, 1, 1) + dt.timedelta(minutes=int(minutes[row])),
        lambda row: float(numbers[row]),
        lambda row: words[int(minutes[row]) % 6],
        lambda row: int(minutes[row]) % 100,
        lambda row: f"fits {words[int(minutes[row]) % 6]}; misses employees, city & country",
    ]
    minutes = draw.integers(0, 500_000, rows)
    numbers = draw.random(rows).round(4)
    made = [kinds[column % len(kinds)] for column in range(columns)]
    return [[make(row) for make in made] for row in range(rows)]


def write_anew(path: Path, data: Rows) -> None:
    """The peer: a new workbook with one table."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Leads")
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    headers = [{"header": f"Column {at + 1}"} for at in range(len(data[0]))]
    sheet.add_table(0, 0, len(data), len(headers) - 1, {"name": "Leads", "columns": headers})
    for row, cells in enumerate(data, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.datetime):
                sheet.write_datetime(row, column, cell, day)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            else:
                sheet.write_number(row, column, cell)
    book.close()


def fill(path: Path, data: Rows) -> None:
    """Ours: open, grow or refill the table, save in place."""
    book = open_book(path)
    table = book.sheets["Leads"].tables["Leads"]
    table.resize(table.range[0, 0].resize(len(data) + 1, len(data[0])))
    table.data_body_range.value = data
    book.save()


def fill_by_wolfxl(path: Path, data: Rows) -> None:
    """The peer that patches: open, grow or refill the table, save in place."""
    import wolfxl

    book = wolfxl.load_workbook(path, modify=True)
    sheet = book["Leads"]
    for row, cells in enumerate(data, 2):
        for column, cell in enumerate(cells, 1):
            sheet.cell(row, column).value = cell
    last = xl_rowcol_to_cell(len(data), len(data[0]) - 1)
    sheet.tables["Leads"].ref = f"A1:{last}"
    book.save(path)


def main(rows: int = 100_000, columns: int = 20, patched: int = 20_000) -> dict[str, float]:
    """Seconds of processor time of each, printed and returned; a busy machine does not matter."""
    data = leads(rows, columns)
    with tempfile.TemporaryDirectory() as folder:
        anew, ours, peer = (Path(folder, f"{name}.xlsx") for name in ("anew", "ours", "peer"))
        write_anew(ours, data[:1])
        taken = {
            "XlsxWriter, written anew": _seconds(write_anew, anew, data),
            "ours, an empty table filled in place": _seconds(fill, ours, data),
            "ours, a full table filled again": _seconds(fill, ours, data),
        }
        _tell(rows, columns, taken)
        if find_spec("wolfxl") is None:
            return taken
        few = data[:patched]
        for path in (ours, peer):
            write_anew(path, few[:1])
        beside = {
            f"{name}, {before} table of {len(few):,} rows": _seconds(step, path, few)
            for before in ("an empty", "a full")
            for name, step, path in (("ours", fill, ours), ("wolfxl", fill_by_wolfxl, peer))
        }
        _tell(len(few), columns, beside)
    return taken | beside


def _seconds(step: Callable[[Path, Rows], None], path: Path, data: Rows) -> float:
    began = time.process_time()
    step(path, data)
    return time.process_time() - began


def _tell(rows: int, columns: int, taken: dict[str, float]) -> None:
    first = next(iter(taken.values()))
    print(f"{rows:,} rows x {columns} columns")
    for name, seconds in taken.items():
        print(f"  {name:38} {seconds:7.2f} s  {seconds / first:5.2f}x")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--patched", type=int, default=20_000)
    main(**vars(parser.parse_args()))
