"""The terminal answers at once: what a command does not need is not imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"numpy", "pandas", "polars", "narwhals", "scipy", "xlwings", "lxml", "formualizer"}
IMPORTED = (
    "import sys\n"
    "from smarketing_xl.cli.app import main\n"
    "sys.argv = ['smarketing', {word!r}]\n"
    "try:\n"
    "    main()\n"
    "finally:\n"
    "    print(*sorted({{name.split('.')[0] for name in sys.modules}}))\n"
)


@pytest.mark.parametrize("word", ["--help", "--version", "scroe"])
def test_help_version_and_mistyped_words_load_nothing_heavy(word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(word=word)], capture_output=True, text=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_python_m_smarketing_xl_is_smarketing() -> None:
    import smarketing_xl

    command = [sys.executable, "-m", "smarketing_xl", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"Smarketing XL {smarketing_xl.__version__}"
