"""Reading, normalising and checking a CRM export, beside Polars' bare read of the same file.

python benchmarks/bench_import.py [--rows 1000000] [--growth]

The file has 30 columns: ids, addresses, telephones, day-first times, amounts with a decimal comma,
statuses, words and numbers. Polars only guesses types from the first rows and changes nothing; ours
finds out dates and decimals from the whole column, tidies every text, and checks every cell.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from smarketing_xl.ingest.importer import incoming


def write(path: Path, rows: int) -> None:
    """An export of so many leads."""
    draw = np.random.default_rng(1)
    ids = pl.Series(np.arange(rows)).cast(pl.String)
    words = np.array(["Alpha", "Beta Corp", "Gamma del Sur", "Delta", "Épsilon"])
    moments = pl.Series(draw.integers(1_700_000_000, 1_790_000_000, rows) * 1000)
    euros = pl.Series(draw.integers(1, 900, rows)).cast(pl.String)
    columns: dict[str, pl.Series] = {
        "Record ID": ids,
        "Email": ids + "@example.com",
        "Phone Number": "+34 6" + pl.Series(draw.integers(10**7, 10**8, rows)).cast(pl.String),
        "Create Date": moments.cast(pl.Datetime("ms")).dt.to_string("%d/%m/%Y %H:%M"),
        "Total Revenue": "€" + euros + "." + euros.str.zfill(3) + ",50",
        "Lead Status": pl.Series(np.array(["New", "Open", "Connected"])[draw.integers(0, 3, rows)]),
        "Contact owner": pl.Series(words[draw.integers(0, 5, rows)]),
    }
    for number in range(15):
        word = pl.Series(words[draw.integers(0, 5, rows)])
        columns[f"Text {number}"] = (
            word if number < 10 else word + " " + ids
        )  # a third: no two alike
    for number in range(6):
        columns[f"Number {number}"] = pl.Series(draw.integers(0, 1000, rows))
    for number in range(2):
        columns[f"Decimal {number}"] = pl.Series(np.round(draw.random(rows) * 100, 2))
    pl.DataFrame(columns).write_csv(path)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of all processors together."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy


def compare(rows: int, times: int = 4) -> tuple[float, float]:
    """Seconds of Polars' bare read and of ours, run in turns; the fastest of each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        write(path, rows)
        runs = [
            (timed(lambda: pl.read_csv(path)), timed(lambda: incoming(path, "leads")))
            for _ in range(times)
        ]
        size = path.stat().st_size / 1e6
    bare, ours = (min(run[at][0] for run in runs) for at in (0, 1))
    bare_busy, ours_busy = (min(run[at][1] for run in runs) for at in (0, 1))
    print(
        f"{rows:>9,} rows x 30, {size:6.1f} MB: Polars bare {bare:6.2f} s, ours {ours:6.2f} s, "
        f"{ours / bare:.1f} x; of processors {bare_busy:.2f} s and {ours_busy:.2f} s, "
        f"{ours_busy / bare_busy:.1f} x"
    )
    return bare, ours


def main(rows: int = 1_000_000, growth: bool = False) -> None:
    """Prints a line a size."""
    for size in (10_000, 100_000, 1_000_000) if growth else (rows,):
        compare(size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    main(given.rows, given.growth)
