"""Wilson's interval: published values, and how often it holds."""

from __future__ import annotations

import numpy as np
import pytest

from smarketing_xl.stats.intervals import normal_quantiles, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (29, 29, 0.8830, 1)],
)
def test_as_published(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17:857, table I, method 3."""
    np.testing.assert_allclose(wilson(part, whole), (low, high), atol=5e-5)


def test_shapes_broadcast_and_nothing_says_nothing() -> None:
    low, high = wilson(np.array([[0], [1]]), np.array([0, 2, 3]))
    assert low.shape == (2, 3)
    assert (low[0, 0], high[0, 0]) == (0, 1)


def test_it_holds_as_often_as_it_promises() -> None:
    """On average over shares, as Brown, Cai and DasGupta (2001) measure it."""
    random = np.random.default_rng(0)
    truth = random.uniform(0.02, 0.98, 20_000)
    seen = random.binomial(40, truth)
    for confidence in (0.8, 0.95):
        low, high = wilson(seen, 40, confidence)
        assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(confidence, abs=0.015)


def test_quantiles_of_the_normal_distribution() -> None:
    assert normal_quantiles([0.5, 0.95]).round(4).tolist() == [0.6745, 1.96]
