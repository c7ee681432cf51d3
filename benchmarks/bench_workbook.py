"""Import, score, SLA and duplicates of a workbook file, against unpacking and packing it once.

python benchmarks/bench_workbook.py [--leads N ...] [--folder FOLDER]

Each step runs twice on copies of one file, in a Python of its own: cold, with all that is loaded
for it, and warm. The limit is what no program that changes the file can do without: the parts of
its sheets unpacked, scanned for cells and packed again. Seconds are the processor's, memory is the
most that the operating system counted. A million leads take minutes, and more than 8 GB of memory.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import re
import resource
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import Any

STEPS = ("import", "score", "sla", "duplicates")
GIGABYTE = 1e9
Taken = dict[str, tuple[float, float, float]]
"""Step → seconds cold, seconds warm, gigabytes."""


def make_workbook(folder: Path, leads: int) -> tuple[Path, Path]:
    """A workbook with personas and no leads, and a CSV file of invented leads."""
    from smarketing_xl import sample
    from smarketing_xl.cli.app import make

    (data,) = sample.write(folder, {"leads": sample.generate(leads=leads)["leads"]})
    return make(folder / "empty.xlsm", "en"), data


def take_step(step: str, book: Path, data: Path) -> None:
    """One step on a workbook file, as the command does it."""
    from smarketing_xl import actions, hosts
    from smarketing_xl.sample import AS_OF

    steps: dict[str, Any] = {
        "import": partial(actions.import_file, path=data, kind="leads"),
        "score": partial(actions.score, now=AS_OF),
        "sla": partial(actions.sla, now=AS_OF),
        "duplicates": actions.find_duplicates,
    }
    with hosts.opened(book, "file") as opened:
        steps[step](opened)


def limit(book: Path) -> float:
    """Seconds that the sheets of a workbook take to be unpacked, scanned and packed again."""
    began = time.process_time()
    with zipfile.ZipFile(book) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                xml = parts.read(name)
                sum(1 for _cell in re.finditer(rb"<c r=", xml))
                packer = zlib.compressobj(4, zlib.DEFLATED, -zlib.MAX_WBITS)
                packer.compress(xml)
                packer.flush()
    return time.process_time() - began


def _child(step: str, book: Path, data: Path, out: Any) -> None:
    taken: list[float] = []
    for _run in ("cold", "warm"):
        copy = book.with_stem("copy")
        shutil.copy(book, copy)
        with contextlib.redirect_stdout(io.StringIO()):
            take_step(step, copy, data)
        taken.append(time.process_time() - sum(taken))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out.send((*taken, most * (1 if sys.platform == "darwin" else 1024) / GIGABYTE))


def measure(step: str, book: Path, data: Path) -> tuple[float, float, float]:
    """Seconds cold and warm, and gigabytes, of a step in a new Python."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(step, book, data, theirs))
    child.start()
    theirs.close()
    taken: tuple[float, float, float] = ours.recv()
    child.join()
    return taken


def main(leads: int = 100_000, folder: Path | None = None) -> Taken:
    """Prints and returns what each step took."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        empty, data = make_workbook(Path(name), leads)
        full = empty.with_stem("full")
        shutil.copy(empty, full)
        take_step("import", full, data)
        least = limit(full)
        size = full.stat().st_size / 1e6
        print(f"{leads:,} leads, {size:.1f} MB; unpacked, scanned and packed once: {least:.2f} s")
        taken: Taken = {}
        for step in STEPS:
            taken[step] = measure(step, empty if step == "import" else full, data)
            cold, warm, most = taken[step]
            print(
                f"  {step:10} cold {cold:7.2f} s  warm {warm:7.2f} s  "
                f"{warm / least:5.1f} x the limit  {most:5.2f} GB"
            )
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, nargs="+", default=[2_000, 100_000])
    parser.add_argument("--folder", type=Path, help="Where there is room for the files.")
    given = parser.parse_args()
    for number in given.leads:
        main(number, given.folder)
