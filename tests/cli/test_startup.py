"""The terminal answers at once: what a command does not need is not imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LEADS = Path(__file__).parents[2] / "smarketing_xl" / "sample" / "leads.csv"
HEAVY = {"numpy", "pandas", "polars", "narwhals", "scipy", "xlwings", "lxml", "formualizer"}
TERMINAL = "import sys; from smarketing_xl.cli.app import main; sys.argv[1:] = {words!r}; main()"
CALC = (
    "from smarketing_xl.hosts.calc import office; from udfs import calc; "
    "assert calc.answer('REQUIRED_LEADS', (1e6, 3e5, 0.1)) == ((34.0,),)"
)
EXCEL = (
    "import udfs.excel; assert udfs.excel.REQUIRED_LEADS(1e6, 3e5, 0.1, None, '', 'en') == [[34.0]]"
)


def imported(code: str) -> set[str]:
    """The modules, and packages on the way to them, that a new Python has after some code."""
    told = f"import sys\ntry:\n    exec({code!r})\nfinally:\n    print()\n    print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("word", ["--help", "--version", "scroe"])
def test_help_version_and_mistyped_words_load_nothing_heavy(word: str) -> None:
    loaded = imported(TERMINAL.format(words=[word]))
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_the_first_value_of_a_formula_waits_for_no_library_that_it_does_not_need() -> None:
    assert imported(CALC) & HEAVY == {"numpy"}
    assert imported(EXCEL) & HEAVY <= {"numpy", "pandas", "xlwings", "lxml"}


def test_scoring_leads_needs_neither_statistics_of_scipy_nor_scikit_learn(tmp_path: Path) -> None:
    made = tmp_path / "Leads.xlsm"
    code = (
        "from pathlib import Path; from smarketing_xl.cli.app import make; "
        f"make(Path({str(made)!r})); "
    ) + TERMINAL.format(words=["import", str(made), str(LEADS), "--yes", "--host", "file"])
    imported(code)
    loaded = imported(TERMINAL.format(words=["score", str(made), "--host", "file"]))
    assert "smarketing_xl.personas.scoring" in loaded
    assert not loaded & {"scipy.stats", "sklearn"}


def test_python_m_smarketing_xl_is_smarketing() -> None:
    import smarketing_xl

    command = [sys.executable, "-m", "smarketing_xl", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"Smarketing XL {smarketing_xl.__version__}"
