"""Journeys of 1, 10 and 100 million touches in Parquet files: growth and memory.

Touches lie as a CRM exports them: in files of ten million, in order of time, leads as texts, with a
channel and a campaign; four touches a journey, 15 % won. Each run has a process of its own, whose
memory the operating system counts, and starts from the files:

in parts     DuckDB lays the touches out by lead, each part is worked on in memory
in memory    the files read into pandas, then the same call (up to `MOST` touches)

Then all models, and 500 resamples of each, which draw from a million journeys at most. Told are
seconds of the processor, what a touch costs, the most memory, and each of these as a share of its
limit: a hundred million touches in 150 seconds and 8 GB, at most 4 times the cost in memory. The
credits of both ways must be the same.

python benchmarks/bench_journeys.py [--touches N [N ...]]
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.models import MODELS, attribute
from smarketing_xl.attribution.resampling import bootstrap
from smarketing_xl.attribution.sources import open_source

CHANNELS = 12
RESAMPLES = 500
SIZES = (1_000_000, 10_000_000, 100_000_000)
MOST = 10_000_000
FILE = 10_000_000
AS_OF = dt.datetime(2027, 1, 1)
NANOSECONDS, MEGABYTES, TIMES = 1500.0, 8000.0, 4.0  # the limits


@dataclass
class Run:
    """Seconds of the processor for journeys, models and resamples, most memory in MB after the
    first two and after all; the credits of all models."""

    touches: int
    journeys: float
    models: float
    resamples: float
    peak: float
    peak_of_all: float
    credits: Floats

    @property
    def each(self) -> float:
        """Nanoseconds of the processor that journeys and models take for a touch."""
        return 1e9 * (self.journeys + self.models) / self.touches


def main() -> None:
    """Prints what each size takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--touches", type=int, nargs="+", default=SIZES)
    compare(parser.parse_args().touches)


def compare(sizes: list[int]) -> dict[tuple[str, int], Run]:
    """Each size in parts and, up to `MOST`, in memory."""
    found: dict[tuple[str, int], Run] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            touches = _alone(lay_down, Path(folder), size)
            ways = {"in memory": in_memory, "in parts": in_parts}
            for name, way in ways.items():
                if name == "in parts" or size <= MOST:
                    found[name, size] = _alone(measured, way, Path(folder), touches)
                    _say(name, found[name, size])
        if ("in memory", size) in found:
            here, there = found["in memory", size], found["in parts", size]
            differ = np.abs(there.credits - here.credits).max() / here.credits.max()
            print(
                f"    in parts: {there.each / here.each:.2f} times the cost in memory "
                f"(limit {TIMES:.0f}); credits differ by {differ:.0e} at most"
            )
    first, last = (found["in parts", size] for size in (min(sizes), max(sizes)))
    print(
        f"growth of the cost a touch from {first.touches:,} to {last.touches:,}: "
        f"{last.each / first.each:.2f}"
    )
    return found


def lay_down(home: Path, size: int) -> int:
    """Files of touches and sales; answers how many touches there are."""
    for kind in ("touches", "sales"):
        (home / kind).mkdir()
    touches = 0
    for number, begin in enumerate(range(0, size, FILE)):
        visits, sales = made_up(min(FILE, size - begin) // 4, number)
        visits.write_parquet(home / "touches" / f"{number}.parquet")
        sales.write_parquet(home / "sales" / f"{number}.parquet")
        touches += len(visits)
    return touches


def made_up(leads: int, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Touches in order of time, and sales: four touches a lead on average, 15 % won."""
    rng = np.random.default_rng(number)
    lengths = np.minimum(rng.geometric(0.25, leads), 40)
    starts = np.cumsum(lengths) - lengths
    count = int(lengths.sum())
    hours = np.cumsum(rng.integers(1, 24 * 5, count))
    hours += np.repeat(rng.integers(0, 24 * 200, leads) - hours[starts], lengths)
    times = np.datetime64("2025-01-01", "us") + hours.astype("timedelta64[h]")
    share = np.random.default_rng(0).dirichlet(np.full(CHANNELS, 2.0))
    channel = rng.choice(CHANNELS, count, p=share)
    lead, order = np.repeat(np.arange(leads), lengths), np.argsort(times, kind="stable")
    won = np.flatnonzero(rng.random(leads) < 0.15)
    name = pl.format("L{}", (pl.col("lead") + number * leads).cast(pl.String).str.zfill(9))
    visits = pl.DataFrame({"lead": lead[order], "time": times[order], "number": channel[order]})
    sold = times[starts[won] + lengths[won] - 1] + np.timedelta64(1, "h")
    revenue = rng.gamma(2.0, 500.0, len(won)).round(2)
    return (
        visits.select(
            name.alias("lead_id"),
            "time",
            pl.format("channel {}", "number").alias("channel"),
            pl.format("campaign {}", pl.col("number") * 5 + pl.col("lead") % 5).alias("campaign"),
        ),
        pl.DataFrame({"lead": won, "time": sold, "revenue": revenue}).select(
            name.alias("lead_id"), "time", "revenue"
        ),
    )


def in_parts(home: Path) -> Any:
    """Both as relations of DuckDB: nothing is read yet."""
    return [open_source(f"parquet:{home / kind}") for kind in ("touches", "sales")]


def in_memory(home: Path) -> Any:
    """Both as frames of pandas."""
    return [relation.df() for relation in in_parts(home)]


def measured(way: Callable[[Path], Any], home: Path, touches: int) -> Run:
    """One way from the files to the credits and their intervals."""
    begin = time.process_time()
    journeys = build_journeys(*way(home), as_of=AS_OF)
    walked = time.process_time()
    credits = np.concatenate([attribute(journeys, name)["credit"].to_numpy() for name in MODELS])
    credited = time.process_time()
    peak = _peak()
    for name in MODELS:
        bootstrap(journeys, name, resamples=RESAMPLES)
    drawn = time.process_time()
    seconds = (walked - begin, credited - walked, drawn - credited)
    return Run(touches, *seconds, peak, _peak(), credits)


def _say(name: str, run: Run) -> None:
    print(
        f"{run.touches:>12,} touches {name:10} journeys {run.journeys:7.2f} s, models "
        f"{run.models:5.2f} s, {run.each:5.0f} ns a touch, {run.peak:5.0f} MB; "
        f"resamples {run.resamples:5.2f} s, {run.peak_of_all:5.0f} MB"
    )
    if name == "in parts":
        print(
            f"    {run.each / NANOSECONDS:.2f} of the limit of {NANOSECONDS:.0f} ns a touch, "
            f"{run.peak_of_all / MEGABYTES:.2f} of that of {MEGABYTES:.0f} MB"
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(work: Callable[..., Any], *given: object) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


if __name__ == "__main__":
    main()
