"""The benchmark of the cold start runs, and what it asks is answered."""

from __future__ import annotations

import pytest

from benchmarks.bench_cold_start import main


def test_both_starts_and_a_spilled_formula_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    main(runs=1, rows=100)
    said = capsys.readouterr().out
    assert "ratio" in said and "100 rows, one call" in said
