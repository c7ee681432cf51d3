import runpy
from pathlib import Path

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench_learn.py"


def test_a_small_history_is_learned_from_and_compared():
    found = runpy.run_path(str(BENCH))["main"](rows=3_000, columns=6)
    assert found["auc"] > 0.6
