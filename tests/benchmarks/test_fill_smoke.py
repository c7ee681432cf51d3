"""The fill benchmark runs, small."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks import bench_fill


def test_the_fill_benchmark_runs() -> None:
    taken = bench_fill.main(50, 7, patched=20)
    assert len(taken) == (7 if find_spec("wolfxl") else 3)
