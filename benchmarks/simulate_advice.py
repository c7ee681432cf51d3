"""How often advice is right, in simulated firms whose truth is known, beside the promise.

python benchmarks/simulate_advice.py [--repeats N] [--seed N]

Budget: where channels return the same, money moves in at most 5 of 100 firms; where one returns
less, it is never raised; where one returns far more, it is found. Young channels: one that began
60 days ago and does nothing shows the conversion of all others, 0.10, and Shapley's share of them.
Experiments: false alarms, power and coverage in firms whose weeks and regions vary beyond chance.
Responses read from months of spend: coverage of their intervals, and how often they are refused.
"""

from __future__ import annotations

import argparse
import datetime as dt

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.evidence import weigh, with_and_without
from smarketing_xl.attribution.experiments.assignment import assignments
from smarketing_xl.attribution.experiments.inference import measure
from smarketing_xl.attribution.experiments.plans import SPLITS
from smarketing_xl.attribution.experiments.power import base_of, power, weeks_before
from smarketing_xl.attribution.experiments.spend_response import fit
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import attribute
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.attribution.settings import Settings
from smarketing_xl.attribution.types import Journeys
from smarketing_xl.schema.tables.choices import Split

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


def young_channel(repeats: int, seed: int) -> tuple[float, float, float]:
    """Conversion shown of a channel 60 days old that does nothing, Shapley's credit, its due share.

    Each of ten leads a day meets one of two old channels; since 60 days half of them meet the new
    one first. One in ten buys, after a mean of 40 days, whatever it met.
    """
    draw = np.random.default_rng(seed)
    start, days, count = pd.Timestamp("2025-01-01"), 540, 5_400
    found = []
    for _repeat in range(repeats):
        begun = np.sort(draw.integers(0, days, count))
        old = draw.choice(["Mail", "Search"], count)
        new = (begun >= days - 60) & (draw.random(count) < 0.5)
        bought = draw.random(count) < 0.1
        ended = begun + 1 + draw.gamma(2, 20, count)
        names = np.arange(count).astype(str)
        touches = pd.DataFrame(
            {
                "lead_id": np.concatenate([names, names[new]]),
                "time": start + pd.to_timedelta(np.concatenate([begun + 0.5, begun[new]]), "D"),
                "channel": np.concatenate([old, np.full(new.sum(), "New")]),
            }
        )
        known = bought & (ended < days)
        sales = pd.DataFrame(
            {"lead_id": names[known], "time": start + pd.to_timedelta(ended[known], "D")}
        )
        walked = build_journeys(touches, sales, as_of=start + dt.timedelta(days=days))
        rates = with_and_without(walked).set_index("channel")["conversion"]
        credit = attribute(walked, "shapley").set_index("channel")["credit"]
        found.append((rates["New"], credit["New"], (known & new).sum() / 2))
    rate, credit, due = np.mean(found, axis=0)
    return float(rate), float(credit), float(due)


def young_lines(repeats: int, seed: int) -> list[str]:
    """What a young channel that does nothing shows."""
    rate, credit, due = young_channel(max(2, repeats // 10), seed)
    return [
        "a channel 60 days old that does nothing",
        f"  conversion, true 0.10:                                {rate:.3f}",
        f"  Shapley's customers, of those it met half: {due:.1f}       {credit:.1f}",
    ]


def weeks_of_leads(draw: np.random.Generator, regions: int, weeks: int, level: float) -> Floats:
    """Leads by region and week: regions differ in size, weeks and regions vary beyond chance, and
    demand wanders."""
    size = draw.dirichlet(np.full(regions, 4.0)) * level
    demand = np.exp(np.cumsum(draw.normal(0, 0.05, weeks)) + draw.normal(0, 0.1, weeks))
    own = draw.gamma(1 / 0.15**2, 0.15**2, (regions, weeks))
    leads: Floats = draw.poisson(size[:, None] * demand * own).astype(np.float64)
    return leads


def experiment_figures(split: Split, repeats: int, seed: int) -> dict[str, float]:
    """Experiments of 12 weeks, without effect and with one of 30 % less: how often each was seen,
    how often that was promised, and how often the interval held the truth."""
    draw = np.random.default_rng(seed)
    regions = {"week": 1, "both": 4, "region": 8}[split]
    before = weeks_before(split)
    alarms: list[bool] = []
    seen: list[bool] = []
    covered: list[bool] = []
    promised: list[float] = []
    for _repeat in range(repeats):
        leads = weeks_of_leads(draw, regions, 52 + 12, 60.0)
        ways = assignments(split, regions, 12, draw)
        changed = ways[draw.integers(len(ways))]
        base, came = base_of(split, leads[:, 52 - before : 52]), leads[:, 52:]
        lost = np.where(changed, draw.binomial(came.astype(int), 0.3), 0)
        nothing = measure(ways, changed, came, base)
        effect = measure(ways, changed, came - lost, base)
        alarms.append(nothing.p <= 0.05)
        seen.append(effect.p <= 0.05)
        covered += [nothing.low <= 0 <= nothing.high, effect.low <= -0.3 <= effect.high]
        if len(promised) < repeats / 5:  # the slow part
            promised.append(power(leads[:, :52], split, 12, -0.3).chance)
    return {
        "false alarms": float(np.mean(alarms)),
        "seen": float(np.mean(seen)),
        "promised": float(np.mean(promised)),
        "coverage": float(np.mean(covered)),
    }


def months_of_spend(
    draw: np.random.Generator, months: int, spread: float, response: float
) -> tuple[Floats, Floats, Floats]:
    """Leads, spend and leads of other channels by month; some spend works on in months after."""
    spend = 3_000 * np.exp(draw.normal(0, spread, months))
    keeps, stock = draw.choice([0.0, 0.3, 0.6]), spend.copy()
    for month in range(1, months):
        stock[month] += keeps * stock[month - 1]
    demand = np.exp(draw.normal(0, 0.15, months) + 0.01 * np.arange(months))
    mean = 30 * (stock / 3_000) ** response * demand * draw.gamma(100, 1 / 100, months)
    return (
        draw.poisson(mean).astype(np.float64),
        spend,
        draw.poisson(120 * demand).astype(np.float64),
    )


def response_figures(repeats: int, seed: int) -> dict[str, float]:
    """How often a response of 0.5 lies in its interval, and how often one is told at all, of 24
    months of spend that varies by half, and of months in which it hardly does."""
    draw = np.random.default_rng(seed)
    told, covered, told_flat = [], [], []
    for _repeat in range(repeats):
        found = fit(*months_of_spend(draw, 24, 0.5, 0.5))
        told.append(not np.isnan(found.low))
        if told[-1]:
            covered.append(found.low <= 0.5 <= found.high)
        told_flat.append(not np.isnan(fit(*months_of_spend(draw, 24, 0.05, 0.5)).estimate))
    return {
        "told": float(np.mean(told)),
        "coverage": float(np.mean(covered)),
        "told where spend hardly changed": float(np.mean(told_flat)),
    }


def experiment_lines(repeats: int, seed: int) -> list[str]:
    """False alarms, power and coverage of experiments and of responses read from spend."""
    lines = ["experiments of 12 weeks          false alarms  seen  promised  coverage"]
    lines.append("  promised                           <= 0.05               >= 0.95")
    for split in SPLITS:
        found = experiment_figures(split, repeats, seed)
        figures = (found[name] for name in ("false alarms", "seen", "promised", "coverage"))
        lines.append(f"  dealt by {split:26}" + "    ".join(f"{value:.3f}" for value in figures))
    found = response_figures(2 * repeats, seed)
    lines.append("response read from 24 months of spend")
    lines.append(f"  told, of spend that varies by half:                   {found['told']:.3f}")
    lines.append(f"  its interval holds the truth, promised 0.95:          {found['coverage']:.3f}")
    flat = found["told where spend hardly changed"]
    lines.append(f"  told though spend hardly changed, promised 0:         {flat:.3f}")
    return lines


def main(repeats: int = 200, seed: int = 1) -> list[str]:
    """Every simulation, printed beside its promise."""
    return [
        *budget_lines(repeats, seed),
        *young_lines(repeats, seed),
        *experiment_lines(repeats, seed),
    ]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    print("\n".join(main(**vars(arguments.parse_args()))))
