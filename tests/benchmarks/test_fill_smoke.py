"""The fill benchmark runs, small."""

from __future__ import annotations

from benchmarks import bench_fill


def test_the_fill_benchmark_runs() -> None:
    taken = bench_fill.main(50, 7)
    assert len(taken) == 3
