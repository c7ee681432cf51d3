"""What Calc spoils when it saves an Excel workbook, put right in the file.

Calc writes functions of an add-in under their programmatic names, which Excel does not know.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smarketing_xl.hosts.calc.formulas import PREFIX

EXCEL = (".xlsx", ".xlsm")


@contextmanager
def repaired(target: Path) -> Iterator[None]:
    """Repair the file that is saved meanwhile."""
    yield
    repair(target)


def repair(saved: Path) -> bool:
    """Put our formulas' own names into a workbook that Calc saved. Answers whether it changed.

    The file keeps its time, so that Calc does not take it for changed by somebody else.
    """
    if saved.suffix.lower() not in EXCEL:
        return False
    found = saved.read_bytes()
    mended = mend(found)
    if mended == found:
        return False
    state = saved.stat()
    with saved.open("r+b") as file:  # the same file: Calc still holds it
        file.write(mended)
        file.truncate()
    os.utime(saved, ns=(state.st_atime_ns, state.st_mtime_ns))
    return True


def mend(data: bytes) -> bytes:
    """A saved package with our formulas under their own names; as it is where none is in it."""
    prefix = PREFIX.encode()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [(info, package.read(info)) for info in package.infolist()]
    if not any(prefix in content for info, content in parts if info.filename.endswith(".xml")):
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for info, content in parts:
            if info.filename.endswith(".xml"):
                content = content.replace(prefix, b"")
            package.writestr(info, content)
    return stream.getvalue()
