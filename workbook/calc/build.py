"""Makes Smarketing.oxt, the extension of LibreOffice, out of the registry and the text kept here.

    python workbook/calc/build.py

Needs no LibreOffice, which reads the list of formulas as text. The same text gives the same bytes,
whatever it is built with: nothing is compiled and nothing compressed.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parents[1]) not in sys.path:  # run as a script: the project is two folders up
    sys.path.insert(0, str(HERE.parents[1]))

from smarketing_xl import __version__  # noqa: E402
from udfs.functions import FORMULAS  # noqa: E402
from workbook.calc import settings  # noqa: E402

FILE = HERE / "Smarketing.oxt"
EXTENSION = HERE / "extension"
MADE = (1980, 1, 1, 0, 0, 0)


def interface() -> str:
    """The formulas as an interface: every argument may be anything, every answer is rows of cells.

    Calc shows the only cell of one row as a value. (A Python method whose answer is declared as
    `any` cannot hand over rows.)
    """
    methods = []
    for name, formula in FORMULAS.items():
        arguments = ", ".join(f"[in] any a{at:02}" for at in range(len(formula.arguments)))
        methods.append(f"  sequence<sequence<any> > {name}({arguments});")
    lines = "\n".join(methods)
    return (
        "module org { module smarketing {\n"
        "interface XFormulas: com::sun::star::uno::XInterface {\n"
        f"{lines}\n"
        "};\nservice Formulas: XFormulas;\n}; };\n"
    )


def build() -> bytes:
    """The extension, as the bytes of an .oxt."""
    parts: dict[str, bytes] = {
        "formulas.idl": interface().encode(),
        "declared.json": json.dumps(list(FORMULAS), indent=0).encode(),
        "description.xml": settings.description(__version__),
        "META-INF/manifest.xml": settings.manifest(),
        "smarketing.components": settings.components(),
        "CalcAddIns.xcu": settings.add_ins(),
        "Addons.xcu": settings.buttons(),
        "CalcWindowState.xcu": settings.window_state(),
        "ProtocolHandler.xcu": settings.protocol(),
        "Jobs.xcu": settings.jobs(),
        "Events.xcu": settings.events(),
        **settings.guard((EXTENSION / settings.GUARD / "Guard.bas").read_text(encoding="utf-8")),
    }
    for file in sorted(EXTENSION.rglob("*.py")):
        parts[file.relative_to(EXTENSION).as_posix()] = file.read_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(_entry(name), content)
    return stream.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """A part of the package as any computer would write it."""
    entry = zipfile.ZipInfo(name, MADE)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


if __name__ == "__main__":
    FILE.write_bytes(build())
    print(FILE)
