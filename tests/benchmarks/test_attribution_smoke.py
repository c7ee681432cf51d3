"""The benchmark of attribution runs, at a tiny size."""

from benchmarks.bench_attribution import as_paths, compare, growth, made_up


def test_the_comparison_and_the_growth_run():
    found = compare(300)
    for ours in ("ours from touches", "ours from paths", "resamples"):
        assert found[ours].total > 0 and found[ours].peak > 0
    assert len(growth(400)) == 3


def test_the_peers_are_handed_the_same_journeys():
    table = as_paths(*made_up(200))
    assert (table["path"].str.count(">") == table["hours"].str.count(">")).all()
    assert (table["sold"] + table["lost"] == 1).all()
