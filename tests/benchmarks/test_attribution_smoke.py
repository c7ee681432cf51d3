"""The benchmark of attribution runs, at a tiny size."""

from benchmarks.bench_attribution import as_paths, compare, growth


def test_the_comparison_and_the_growth_run():
    assert compare(300)["ours"]["all models"] > 0
    assert len(growth(400)) == 3


def test_the_peers_are_handed_the_same_journeys():
    table = as_paths(200)
    assert (table["path"].str.count(">") == table["hours"].str.count(">")).all()
    assert (table["sold"] + table["lost"] == 1).all()
