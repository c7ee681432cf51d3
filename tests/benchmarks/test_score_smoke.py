import runpy
from pathlib import Path

BENCH = Path(__file__).parents[2] / "benchmarks" / "bench_score.py"


def test_the_peers_agree_with_us_on_a_small_size():
    seconds = runpy.run_path(str(BENCH))["main"](rows=3_000, count=2, criteria=10)
    assert set(seconds) == {"ours", "by hand", "by row"}
