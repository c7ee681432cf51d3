"""The benchmark of duplicates runs, and what it measures is not nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_it_prints_precision_and_recall(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location(
        "bench_duplicates", ROOT / "benchmarks" / "bench_duplicates.py"
    )
    assert spec and spec.loader
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    leads, person = bench.labelled(2_000)
    precision, recall = bench.quality(bench.ours(leads), person, bench.held_out(person))
    assert precision > 0.99
    assert recall > 0.9
    bench.main(500)
    assert "precision" in capsys.readouterr().out
