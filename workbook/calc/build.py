"""Makes Smarketing.oxt, the extension of LibreOffice, out of the registry and the text kept here.

    python workbook/calc/build.py

Needs `unoidl-write` (Debian: libreoffice-dev), which compiles the list of formulas for LibreOffice.
The same text gives the same bytes.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
if str(HERE.parents[1]) not in sys.path:  # run as a script: the project is two folders up
    sys.path.insert(0, str(HERE.parents[1]))

from smarketing_xl import __version__  # noqa: E402
from smarketing_xl.hosts.calc.office import program_folder  # noqa: E402
from udfs.functions import FORMULAS  # noqa: E402
from workbook.calc import settings  # noqa: E402

FILE = HERE / "Smarketing.oxt"
EXTENSION = HERE / "extension"
MADE = (1980, 1, 1, 0, 0, 0)
_SDK = ("sdk/bin", "../sdk/bin")


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


def compiled(text: str) -> bytes:
    """An interface in LibreOffice's own form."""
    program = program_folder()
    if program is None:
        raise FileNotFoundError("LibreOffice is needed to build the extension")
    with TemporaryDirectory() as folder:
        source, made = Path(folder, "formulas.idl"), Path(folder, "formulas.rdb")
        source.write_text(text, encoding="utf-8")
        known = [program / "types.rdb", program / "types" / "offapi.rdb"]
        subprocess.run([writer(program), *known, source, made], check=True)
        return made.read_bytes()


def writer(program: Path) -> Path:
    """The program unoidl-write, which comes with LibreOffice's development files."""
    for place in _SDK:
        found = program.parent / place / "unoidl-write"
        if found.exists():
            return found
    raise FileNotFoundError("unoidl-write is missing: install libreoffice-dev")


def build() -> bytes:
    """The extension, as the bytes of an .oxt."""
    parts: dict[str, bytes] = {
        "formulas.rdb": compiled(interface()),
        "declared.json": json.dumps(list(FORMULAS), indent=0).encode(),
        "description.xml": settings.description(__version__),
        "META-INF/manifest.xml": settings.manifest(),
        "smarketing.components": settings.components(),
        "CalcAddIns.xcu": settings.add_ins(),
        "Addons.xcu": settings.buttons(),
        "ProtocolHandler.xcu": settings.protocol(),
        "Jobs.xcu": settings.jobs(),
    }
    for file in sorted(EXTENSION.rglob("*.py")):
        parts[file.relative_to(EXTENSION).as_posix()] = file.read_bytes()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, MADE), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(build())
    print(FILE)
