"""Spreadsheets read in a process of their own, with little memory and time.

A library that reads a whole sheet at once allocates what a few bytes claim: one far cell is half a
terabyte, and the library ends its process. Whatever the file, the process that ends is not ours,
and the file is refused in a sentence. Where no process can be started, the file is read here, after
the same look at it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.files import private_folder
from smarketing_xl.i18n import Language, _, current_language, speaking
from smarketing_xl.ingest import file_safety
from smarketing_xl.ingest.raw_table import RawTable

MOST_MEMORY = 4 << 30  # bytes of addresses, the libraries' own included
MOST_SECONDS = 150
_MODULE = "smarketing_xl.ingest.limited"
_REFUSED = 3  # what the child ends with where it refused the file in words


def read_limited(
    path: Path,
    *,
    sheet: str | None = None,
    header: int | None = None,
    kind: str = "",
    seconds: int = MOST_SECONDS,
) -> RawTable:
    """`spreadsheet_reader.read_spreadsheet` in a process of its own.

    Raises BadData with what that process says, or that it needed too much.
    """
    with private_folder() as folder:
        asked = {
            "path": str(path.resolve()),
            "sheet": sheet,
            "header": header,
            "kind": kind,
            "language": current_language(),
            "folder": str(folder),
            "seconds": seconds,
        }
        try:
            child = subprocess.run(
                [sys.executable, "-X", "faulthandler=0", "-m", _MODULE],
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=seconds * 2,
                env=os.environ | {"POLARS_MAX_THREADS": "1", "PYTHONPATH": _source()},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_much(path) from None
        except OSError:  # no Python of its own, as inside some hosts
            from smarketing_xl.ingest.spreadsheet_reader import read_spreadsheet

            file_safety.measure_parts(path, file_safety.format_of(path))
            return read_spreadsheet(path, sheet=sheet, header=header, kind=kind)
        if child.returncode not in (0, _REFUSED):
            raise _too_much(path)
        answer = json.loads((folder / "answer.json").read_text("utf-8"))
        if child.returncode == _REFUSED:
            raise BadData([Fault(**fault) for fault in answer])
        frame = pl.read_ipc((Path(folder) / "frame.arrow").read_bytes())
    return RawTable(frame, answer["first_row"], answer["name"], tuple(answer["notes"]))


def _source() -> str:
    """Where this package is found, also where only its folder is on the path."""
    root = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))


def _too_much(path: Path) -> BadData:
    return file_safety.refuse_unsafe(
        _("is damaged, or needs more memory or time than a file of leads can"),
        _("Export it again as CSV, or in parts"),
        path,
    )


def _limit(seconds: int) -> None:
    """Bounds this process: memory and time of the processor. Windows has no such bounds."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (soft, hard))


def _answer(asked: dict[str, Any]) -> int:
    from smarketing_xl.ingest.spreadsheet_reader import read_spreadsheet

    folder, path = Path(asked["folder"]), Path(asked["path"])
    language: Language = asked["language"]
    with speaking(language):
        try:
            file_safety.measure_parts(path, file_safety.format_of(path))
            table = read_spreadsheet(
                path, sheet=asked["sheet"], header=asked["header"], kind=asked["kind"]
            )
        except BadData as refused:
            faults = [vars(fault) for fault in refused.faults]
            (folder / "answer.json").write_text(json.dumps(faults, default=str), "utf-8")
            return _REFUSED
    table.frame.write_ipc(folder / "frame.arrow")
    answer = {"first_row": table.first_row, "name": table.name, "notes": table.notes}
    (folder / "answer.json").write_text(json.dumps(answer), "utf-8")
    return 0


if __name__ == "__main__":
    given = json.loads(sys.stdin.buffer.read())
    _limit(given["seconds"])
    sys.exit(_answer(given))
