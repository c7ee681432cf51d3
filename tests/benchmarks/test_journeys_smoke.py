"""The benchmark of many touches runs, at a tiny size."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import bench_journeys


def test_both_ways_say_the_same_and_what_is_beyond_memory_goes_in_parts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_journeys, "MOST", 2_000)
    found = bench_journeys.compare([2_000, 4_000])
    assert set(found) == {("in memory", 2_000), ("in parts", 2_000), ("in parts", 4_000)}
    assert all(run.each > 0 < run.peak for run in found.values())
    here, there = found["in memory", 2_000].credits, found["in parts", 2_000].credits
    np.testing.assert_allclose(there, here, rtol=1e-9)
    assert "of the limit" in capsys.readouterr().out
