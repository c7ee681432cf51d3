"""Coverage-guided fuzzing of every reader, for as long as you like; needs the package atheris.

python tests/hostile/fuzz.py [-max_total_time=600] [other options of libFuzzer]

A crash is anything but a frame or a refusal. pytest does not run this; the hypothesis tests beside
it are the quick part of the same.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["smarketing_xl.leads"]):
    import polars as pl

    from smarketing_xl.errors import BadData
    from smarketing_xl.leads import importing, readers
    from smarketing_xl.leads.dates import dates
    from smarketing_xl.leads.numbers import numbers
    from smarketing_xl.leads.text import harmless, tidy

FILE = Path(tempfile.mkdtemp()) / "export.csv"
STARTS = (
    b"",
    b"PK\x03\x04",
    b"PAR1",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xff\xfe",
    b"Lead ID,",
)


def one(data: bytes) -> None:
    """The first byte chooses what is tried with the rest."""
    if len(data) < 2:
        return
    way, rest = data[0] % 8, data[1:]
    if way == 7:
        cells = tidy(pl.Series(rest.decode("utf-8", "replace").split("\n"), dtype=pl.String))
        for reading in (numbers(cells), dates(cells), dates(cells, months=True)):
            assert len(reading.values) == len(cells)
        harmless(cells)
        return
    FILE.write_bytes(STARTS[way % 6] + rest)
    try:
        readers.read(FILE)
        if way == 6:
            importing.prepare(FILE, "leads")
    except BadData as refused:
        assert refused.faults


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
