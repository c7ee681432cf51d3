"""Attribution of a million journeys, against ChannelAttribution and marketing-attribution-models.

Ours starts from a table of touches (lead, time, channel as text) and makes the journeys too; the
peers are handed their journeys as finished paths. Each runs in a process of its own, so that peak
memory is its own. Peers that are not installed (extra `peers`) are left out.

python benchmarks/bench_attribution.py [--journeys N] [--growth]
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from smarketing_xl.attribution.certainty import bootstrap
from smarketing_xl.attribution.journeys import journeys
from smarketing_xl.attribution.models import MODELS, attribute

CHANNELS = 12
Seconds = dict[str, float]


def main() -> None:
    """Prints a table of seconds and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--growth", action="store_true", help="ours up to 2.5 times the size")
    given = parser.parse_args()
    compare(given.journeys)
    if given.growth:
        growth(given.journeys)


def compare(size: int) -> dict[str, Seconds]:
    """Ours and each peer installed on journeys of the same data."""
    runs: dict[str, Callable[[int], Seconds]] = {"ours": ours}
    if importlib.util.find_spec("ChannelAttribution"):
        runs["ChannelAttribution"] = channel_attribution
    if importlib.util.find_spec("mam"):
        runs["marketing-attribution-models"] = marketing_attribution_models
    found = {name: _alone(run, size) for name, run in runs.items()}
    for name, seconds in found.items():
        print(f"{name:30}", json.dumps({step: round(took, 3) for step, took in seconds.items()}))
    return found


def growth(size: int) -> dict[int, Seconds]:
    """Ours at a quarter, the whole and two and a half times the size."""
    found = {journeys: _alone(ours, journeys) for journeys in (size // 4, size, size * 5 // 2)}
    for count, seconds in found.items():
        each = 1e9 * seconds["all models"] / seconds["touches"]
        print(
            f"{int(seconds['touches']):>12,} touches, {count:>10,} journeys: {each:.0f} ns a touch"
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


def ours(size: int) -> Seconds:
    """Journeys, every model, and 500 resamples of Markov and of all models."""
    interactions, conversions = made_up(size)
    before = _peak()
    seconds: Seconds = {"touches": float(len(interactions))}
    begin = time.perf_counter()
    walked = journeys(interactions, conversions, as_of=dt.datetime(2027, 1, 1))
    seconds["journeys"] = time.perf_counter() - begin
    for name in MODELS:
        started = time.perf_counter()
        attribute(walked, name)
        seconds[name] = time.perf_counter() - started
    seconds["all models"] = time.perf_counter() - begin
    seconds["peak MB"], seconds["of it the data"] = _peak(), before
    begin = time.perf_counter()
    for name in MODELS:
        bootstrap(walked, name, resamples=500)
    seconds["500 resamples of all models"] = time.perf_counter() - begin
    return seconds


def channel_attribution(size: int) -> Seconds:
    """Its heuristics and its Markov of order 1 (a simulation, default settings)."""
    import ChannelAttribution as peer  # noqa: N813 - its own name

    table = as_paths(size)
    before = _peak()
    begin = time.perf_counter()
    peer.heuristic_models(table, "path", "sold", "revenue", flg_pro=False)
    middle = time.perf_counter()
    peer.markov_model(table, "path", "sold", "revenue", "lost", verbose=False, flg_pro=False)
    end = time.perf_counter()
    return _figures({"heuristics": middle - begin, "markov": end - middle}, before)


def marketing_attribution_models(size: int) -> Seconds:
    """Its five heuristics, Markov and Shapley."""
    from mam.core import MAM

    table = as_paths(size)
    before = _peak()
    begin = time.perf_counter()
    model = MAM(
        table,
        "journey",
        "path",
        "sold",
        user_id_colname="journey",
        time_till_conv_colname="hours",
        path_separator=">",
        conversion_value_colname="revenue",
    )
    seconds = {"reading": time.perf_counter() - begin}
    for name in ("first_click", "last_click", "linear", "position_based", "time_decay", "markov",
                 "shapley"):  # fmt: skip
        started = time.perf_counter()
        getattr(model, f"run_{name}")().to_pandas()
        seconds[name] = time.perf_counter() - started
    return _figures(seconds, before)


def as_paths(size: int) -> pd.DataFrame:
    """The same journeys, one row each: what the peers are handed."""
    interactions, conversions = made_up(size)
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


def _figures(seconds: Seconds, before: float) -> Seconds:
    total = sum(seconds.values())
    return seconds | {"all models": total, "peak MB": _peak(), "of it the data": before}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(run: Callable[[int], Seconds], size: int) -> Seconds:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run, (size,))


if __name__ == "__main__":
    main()
