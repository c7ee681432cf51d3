"""Attribution of a million journeys, against ChannelAttribution and marketing-attribution-models.

The data is made once and laid down in the form each contender takes; each then reads it and runs in
a process of its own, so that peak memory is its own. What is timed starts from data in memory:

ours from touches    a frame of lead, time, channel as text, and one of sales: makes the journeys,
                     then nine models
ours from paths      finished paths as text ("channel 1>channel 7"), as the peers are handed: eight
                     models (time decay needs times)
ChannelAttribution   the same paths: its three heuristics and its Markov (a simulation, defaults)
marketing-attribution-models   the same paths, with hours as text: its five heuristics, Markov,
                     Shapley

That pandas takes to make the paths out of the touches is told apart, and charged to nobody. Peers
that are not installed (extra `peers`) are left out.

python benchmarks/bench_attribution.py [--journeys N] [--rounds N] [--growth]
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import importlib.util
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.attribution.resampling import bootstrap
from smarketing_xl.attribution.types import Journeys

CHANNELS = 12
Result = TypeVar("Result")
RESAMPLES = 500


def main() -> None:
    """Prints a table of seconds and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1, help="the fastest of so many counts")
    parser.add_argument("--growth", action="store_true", help="ours up to 2.5 times the size")
    given = parser.parse_args()
    compare(given.journeys, given.rounds)
    if given.growth:
        growth(given.journeys)


@dataclass
class Run:
    """Seconds by step, on the clock and of the processor; most memory in MB: when
    the data was read, and at the end."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor: float = 0.0
    data: float = 0.0
    peak: float = 0.0

    @property
    def total(self) -> float:
        """Seconds of all steps together."""
        return sum(self.seconds.values())

    def time(self, step: str, work: Callable[..., Result], *given: Any, **settings: Any) -> Result:
        """Do the work, and remember how long it took and how much memory has been used."""
        clock, processor = time.perf_counter(), time.process_time()
        result = work(*given, **settings)
        self.seconds[step] = time.perf_counter() - clock
        self.processor += time.process_time() - processor
        self.peak = _peak()
        return result


def compare(size: int, rounds: int = 1) -> dict[str, Run]:
    """Ours and each peer installed on the same journeys; then 500 resamples of all our models."""
    contenders: dict[str, tuple[str, Callable[[Path, Run], None]]] = {
        "ours from touches": ("smarketing_xl", ours),
        "ours from paths": ("smarketing_xl", ours_from_paths),
        "ChannelAttribution": ("ChannelAttribution", channel_attribution),
        "marketing-attribution-models": ("mam", marketing_attribution_models),
    }
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        touches, making = _alone(lay_down, home, size)
        print(f"{size:,} journeys, {touches:,} touches; paths made by pandas in {making:.1f} s")
        installed = {
            name: run
            for name, (module, run) in contenders.items()
            if importlib.util.find_spec(module)
        }
        tries = {
            name: [_alone(_run, run, home) for _round in range(rounds)]
            for name, run in installed.items()
        }
        found = {name: min(runs, key=lambda run: run.total) for name, runs in tries.items()}
        found["resamples"] = _alone(_run, resamples, home)
    print(f"{'':30}{'seconds':>9}{'of CPU':>9}{'peak MB':>9}{'data MB':>9}")
    for name, run in found.items():
        print(
            f"{name:30}{run.total:9.2f}{run.processor:9.2f}{run.peak:9.0f}{run.data:9.0f}  ", end=""
        )
        print(", ".join(f"{step} {took:.2f}" for step, took in run.seconds.items()))
    return found


def growth(size: int) -> dict[int, Run]:
    """Ours at a quarter, the whole and two and a half times the size."""
    found = {}
    for count in (size // 4, size, size * 5 // 2):
        with tempfile.TemporaryDirectory() as folder:
            touches, _making = _alone(lay_down, Path(folder), count, False)
            run = found[count] = _alone(_run, ours, Path(folder))
        each = 1e9 * run.processor / touches
        print(
            f"{touches:>12,} touches, {count:>10,} journeys: {run.total:.2f} s, "
            f"{each:.0f} ns of CPU a touch, peak {run.peak:.0f} MB"
        )
    return found


def made_up(size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Touches in order and sales: four touches a journey on average, 15 % won."""
    rng = np.random.default_rng(0)
    lengths = np.minimum(rng.geometric(0.25, size), 40)
    starts = np.cumsum(lengths) - lengths
    touches = int(lengths.sum())
    hours = np.cumsum(rng.integers(1, 24 * 5, touches))
    hours += np.repeat(rng.integers(0, 24 * 200, size) - hours[starts], lengths)
    times = np.datetime64("2025-01-01", "us") + hours.astype("timedelta64[h]")
    names = np.array([f"channel {number}" for number in range(CHANNELS)], dtype=object)
    channels = names[rng.choice(CHANNELS, touches, p=rng.dirichlet(np.full(CHANNELS, 2.0)))]
    won = rng.random(size) < 0.15
    lasts = (starts + lengths - 1)[won]
    interactions = pd.DataFrame(
        {"lead_id": np.repeat(np.arange(size), lengths), "time": times, "channel": channels}
    )
    conversions = pd.DataFrame(
        {
            "lead_id": np.flatnonzero(won),
            "time": times[lasts] + np.timedelta64(1, "h"),
            "revenue": rng.gamma(2.0, 500.0, len(lasts)).round(2),
        }
    )
    return interactions, conversions


def lay_down(home: Path, size: int, paths: bool = True) -> tuple[int, float]:
    """The data as touches and, if wanted, as paths; answers touches, seconds to make the paths."""
    interactions, conversions = made_up(size)
    interactions.to_pickle(home / "touches")
    conversions.to_pickle(home / "sales")
    begin = time.perf_counter()
    if paths:
        as_paths(interactions, conversions).to_pickle(home / "paths")
    return len(interactions), time.perf_counter() - begin


def ours(home: Path, run: Run) -> None:
    """Journeys, then every model."""
    walked = _walked(home, run)
    for name in MODELS:
        run.time(name, attribute, walked, name)


def resamples(home: Path, run: Run) -> None:
    """500 resamples of every model."""
    walked = _walked(home, Run())
    for name in MODELS:
        run.time(name, bootstrap, walked, name, resamples=RESAMPLES)


def _walked(home: Path, run: Run) -> Journeys:
    interactions, conversions = pd.read_pickle(home / "touches"), pd.read_pickle(home / "sales")
    run.data = _peak()
    as_of = dt.datetime(2027, 1, 1)
    return run.time("journeys", build_journeys, interactions, conversions, as_of=as_of)


def ours_from_paths(home: Path, run: Run) -> None:
    """The paths read, then every model that needs no times."""
    table = _paths(home, run)
    columns = (table["path"], table["sold"], table["lost"], table["revenue"])
    walked = run.time("reading", from_paths, *columns)
    for name in MODELS:
        if name != "time_decay":
            run.time(name, attribute, walked, name)


def channel_attribution(home: Path, run: Run) -> None:
    """Its heuristics and its Markov of order 1 (a simulation, default settings)."""
    peer = importlib.import_module("ChannelAttribution")
    table = _paths(home, run)
    sold = ("path", "sold", "revenue")
    run.time("heuristics", peer.heuristic_models, table, *sold, flg_pro=False)
    run.time("markov", peer.markov_model, table, *sold, "lost", verbose=False, flg_pro=False)


def marketing_attribution_models(home: Path, run: Run) -> None:
    """Its five heuristics, Markov and Shapley."""
    peer = importlib.import_module("mam.core")
    table = _paths(home, run)
    model = run.time(
        "reading",
        peer.MAM,
        table,
        "journey",
        "path",
        "sold",
        user_id_colname="journey",
        time_till_conv_colname="hours",
        path_separator=">",
        conversion_value_colname="revenue",
    )
    for name in ("first_click", "last_click", "linear", "position_based", "time_decay", "markov",
                 "shapley"):  # fmt: skip
        run.time(name, _credits, model, name)


def _credits(model: Any, name: str) -> pd.DataFrame:
    credits: pd.DataFrame = getattr(model, f"run_{name}")().to_pandas()
    return credits


def as_paths(interactions: pd.DataFrame, conversions: pd.DataFrame) -> pd.DataFrame:
    """The same journeys, one row each: what the peers are handed."""
    ends = interactions.groupby("lead_id")["time"].transform("max")
    hours = (ends - interactions["time"]).dt.total_seconds() / 3600
    together = interactions.assign(hours=hours.astype("str")).groupby("lead_id")
    paths = together["channel"].agg(">".join)
    revenue = conversions.set_index("lead_id")["revenue"].reindex(paths.index)
    sold = revenue.notna().astype(int)
    return pd.DataFrame(
        {
            "journey": paths.index,
            "path": paths.to_numpy(dtype=object),
            "hours": together["hours"].agg(">".join).to_numpy(dtype=object),
            "sold": sold.to_numpy(),
            "revenue": revenue.fillna(0.0).to_numpy(),
            "lost": (1 - sold).to_numpy(),
        }
    )


def _paths(home: Path, run: Run) -> pd.DataFrame:
    table: pd.DataFrame = pd.read_pickle(home / "paths")
    run.data = _peak()
    return table


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run(contender: Callable[[Path, Run], None], home: Path) -> Run:
    run = Run()
    contender(home, run)
    return run


def _alone(work: Callable[..., Result], *given: object) -> Result:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


if __name__ == "__main__":
    main()
