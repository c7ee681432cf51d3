"""The benchmark of the account of outcomes runs, and every deal finds its lead."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_deal_is_joined_to_its_lead(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location(
        "bench_outcomes", ROOT / "benchmarks" / "bench_outcomes.py"
    )
    assert spec and spec.loader
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    bench.main(1_000, 300)
    assert "300 deals joined to their lead" in capsys.readouterr().out
