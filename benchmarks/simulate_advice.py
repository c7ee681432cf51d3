"""How often advice is right, in simulated firms whose truth is known, beside the promise.

python benchmarks/simulate_advice.py [--repeats N] [--seed N]

Budget: where channels return the same, money moves in at most 5 of 100 firms; where one returns
less, it is never raised; where one returns far more, it is found.
"""

from __future__ import annotations

import argparse

import numpy as np

from smarketing_xl.attribution.evidence import weigh
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.attribution.settings import Settings
from smarketing_xl.attribution.types import Floats, Journeys

CHANNELS = ("Fair", "Mail", "Search", "Social")
COST = np.array([4_000.0, 1_000.0, 3_000.0, 4_000.0])


def walks(draw: np.random.Generator, journeys: int, base: float, effects: Floats) -> Journeys:
    """Journeys of one to three touches; each channel met adds its effect to the chance to buy."""
    met = draw.choice(len(CHANNELS), (journeys, 3))
    length = draw.integers(1, 4, journeys)
    kept = np.arange(3) < length[:, None]
    there = np.zeros((journeys, len(CHANNELS)), dtype=bool)
    np.put_along_axis(there, met, kept, axis=1)
    for place in range(3):
        there[np.arange(journeys)[kept[:, place]], met[kept[:, place], place]] = True
    won = draw.random(journeys) < base + there @ effects
    texts = [
        " > ".join(CHANNELS[code] for code in row[:steps])
        for row, steps in zip(met, length, strict=True)
    ]
    paths, of = np.unique(texts, return_inverse=True)
    return from_paths(paths, np.bincount(of, won), np.bincount(of, ~won))


def moves(
    journeys: int, base: float, effects: Floats, cost: Floats, repeats: int, seed: int
) -> Floats:
    """For each firm and channel, by how much of its cost the proposal moves it."""
    draw = np.random.default_rng(seed)
    found = []
    for _repeat in range(repeats):
        walked = walks(draw, journeys, base, effects)
        budget = weigh(walked, CHANNELS, cost, Settings(), "customers", None, None, {}).budget
        found.append(budget / cost - 1)
    return np.array(found)


def budget_lines(repeats: int, seed: int) -> list[str]:
    """False moves, and planted differences found."""
    same = np.full(4, 0.05)
    alike = moves(1_500, 0.05, same, np.full(4, 3_000.0), repeats, seed)
    social = np.array([0.05, 0.05, 0.05, -0.04])
    weak = moves(1_500, 0.08, social, COST, repeats, seed + 1)
    mail = np.array([0.02, 0.15, 0.02, 0.02])
    strong = moves(3_000, 0.03, mail, COST, repeats, seed + 2)
    return [
        "budget: firms in which money is moved",
        f"  channels that return the same, promised at most 0.05: {_any(np.abs(alike)):.3f}",
        f"  to a channel that only costs customers, promised 0:   {_any(weak[:, 3:]):.3f}",
        f"  to a channel that returns ten times as much:          {_any(strong[:, 1:2]):.3f}",
    ]


def _any(rises: Floats) -> float:
    return float((rises > 0.005).any(axis=1).mean())


def main(repeats: int = 200, seed: int = 1) -> list[str]:
    """Every simulation, printed beside its promise."""
    return budget_lines(repeats, seed)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    print("\n".join(main(**vars(arguments.parse_args()))))
