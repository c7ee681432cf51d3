"""The benchmark of imports runs on a small file."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench_import.py"


def test_it_reads_a_small_export_beside_polars(capsys: pytest.CaptureFixture[str]) -> None:
    bare, ours = runpy.run_path(str(BENCH))["compare"](500)
    assert bare > 0 < ours
    assert "500 rows x 30" in capsys.readouterr().out
