"""From a cold start to the first value of a formula, against `import xlwings` alone.

    python benchmarks/bench_cold_start.py [--runs N] [--rows N]

Each run is a new Python process; the medians are compared. Excel waits this long for the first cell
after it starts the server; afterwards a spilled formula is one call, whatever its rows.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASE = "import xlwings"
OURS = (
    "import udfs.excel; assert udfs.excel.REQUIRED_LEADS(1e6, 3e5, 0.1, None, '', 'en') == [[34.0]]"
)
IN_PROCESS = "import time; began = time.perf_counter(); {code}; print(time.perf_counter() - began)"


def main(runs: int = 11, rows: int = 100_000) -> None:
    """Print both medians, their ratio (aim: at most 1.3), and the seconds of a spilled formula."""
    both = [(_seconds(BASE), _seconds(OURS)) for _run in range(runs)]  # in turns: same conditions
    base, ours = (statistics.median(times) for times in zip(*both, strict=True))
    print(f"import xlwings            {base:.3f} s")
    print(f"first value of a formula  {ours:.3f} s")
    print(f"ratio                     {ours / base:.2f} (aim: at most 1.30)")
    print(f"{rows:,} rows, one call   {_spilled(rows):.3f} s")


def _seconds(code: str) -> float:
    command = [sys.executable, "-c", IN_PROCESS.format(code=code)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


def _spilled(rows: int) -> float:
    import udfs.excel

    quotas = tuple((float(row),) for row in range(rows))
    began = time.perf_counter()
    answer = vars(udfs.excel)["REQUIRED_LEADS"](quotas, 3e5, 0.1, None, "", "en")
    assert len(answer) == rows
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--rows", type=int, default=100_000)
    main(**vars(parser.parse_args()))
