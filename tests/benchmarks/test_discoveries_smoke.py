import runpy
from pathlib import Path

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench_discoveries.py"


def test_a_few_histories_with_and_without_a_rule():
    found = runpy.run_path(str(BENCH))["main"](seeds=4, rows=800)
    assert found["found"] == 1
    assert found["false"] <= 0.25
