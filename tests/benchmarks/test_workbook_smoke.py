"""The benchmark of workbook files runs, small."""

from __future__ import annotations

from benchmarks import bench_workbook


def test_the_workbook_benchmark_runs() -> None:
    taken = bench_workbook.main(60)
    assert set(taken) == set(bench_workbook.STEPS)
    assert all(cold > 0 and most > 0 for cold, _warm, most in taken.values())
