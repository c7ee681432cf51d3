"""How often what is said of calling once more, and sooner, is right, where the truth is planted.

python benchmarks/simulate_follow_up.py [--repeats N] [--seed N]

Leads that look better are called more often and sooner, and buy more often: what does not compare
like with like finds an effect where there is none. Each interval promises to hold the truth in 95
of 100 firms; that it lies above 0 where nothing is planted is a false alarm, promised in at most
2.5 of 100; where something is, that is how often it is seen.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.sla.response_effect import attempt_effect, speed_effect
from smarketing_xl.sla.terms import Terms

NOW = dt.datetime(2026, 3, 2, 12, 0)
PROMISED = Terms(first_contact_hours={"A": 4, "B": 8})
ALWAYS_OPEN = Terms(
    first_contact_hours={"A": 4}, office_open=0, office_close=24, office_days=(1, 2, 3, 4, 5, 6, 7)
)


def called_again(draw: np.random.Generator, effect: float, leads: int = 1_500) -> pd.Series:
    """The row of the second attempt. effect: added to the chance to buy of who got one.

    Grade A gets one in 8 of 10, B in 2 of 10; A buys four times as often.
    """
    grade = draw.choice(["A", "B"], leads)
    again = draw.random(leads) < np.where(grade == "A", 0.8, 0.2)
    won = draw.random(leads) < np.where(grade == "A", 0.4, 0.1) + effect * again
    table = _leads(draw, grade, np.full(leads, "Ads"), won)
    first, second = table["created"] + pd.Timedelta("1h"), table["created"] + pd.Timedelta("3D")
    calls = pd.concat([_calls(table, first), _calls(table[again], second[again])])
    return attempt_effect(table, calls, PROMISED, NOW).iloc[0]


def called_sooner(draw: np.random.Generator, worth: float, leads: int = 3_000) -> pd.DataFrame:
    """Every row of SlaSpeedEffect. worth: taken off the chance to buy by each hour of waiting.

    Referrals are called after 2 hours on average, leads of ads after 6, and buy twice as often.
    """
    good = draw.random(leads) < 0.5
    hours = np.round(draw.exponential(np.where(good, 2.0, 6.0)).clip(0.1, 23), 2)
    won = draw.random(leads) < np.where(good, 0.6, 0.3) - worth * hours
    table = _leads(draw, np.full(leads, "A"), np.where(good, "Referral", "Ads"), won)
    calls = _calls(table, table["created"] + pd.to_timedelta(hours, "h"))
    return speed_effect(table, calls, ALWAYS_OPEN, NOW)


def _leads(draw: np.random.Generator, grade: object, source: object, won: Flags) -> pd.DataFrame:
    begun = pd.Timestamp("2025-01-06") + pd.to_timedelta(draw.integers(0, 300, len(won)), "D")
    return pd.DataFrame(
        {
            "lead_id": np.arange(len(won)).astype(str),
            "created": begun + pd.Timedelta("10h"),
            "grade": grade,
            "source": source,
            "status": np.where(won, "won", "lost"),
            "closed": begun + pd.Timedelta("30D"),
        }
    )


def _calls(leads: pd.DataFrame, times: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"lead_id": leads["lead_id"], "time": times, "by": "Ann", "kind": "call"})


def _hour(draw: np.random.Generator, worth: float) -> pd.Series:
    return called_sooner(draw, worth).iloc[-1]


def _first_band(draw: np.random.Generator, worth: float) -> pd.Series:
    return called_sooner(draw, worth).iloc[0]


def figures(
    compared: Callable[[np.random.Generator, float], pd.Series],
    planted: float,
    repeats: int,
    seed: int,
) -> tuple[float, float]:
    """How often the interval lies above 0, and how often it holds what was planted."""
    draw = np.random.default_rng(seed)
    rows = [compared(draw, planted) for _repeat in range(repeats)]
    above = np.mean([row["low"] > 0 for row in rows])
    return float(above), float(np.mean([row["low"] <= planted <= row["high"] for row in rows]))


def main(repeats: int = 200, seed: int = 1) -> list[str]:
    """Every comparison, printed beside its promise."""
    lines = ["                                        said to be more   interval holds the truth"]
    lines.append("  promised where nothing is planted            <= 0.025                    0.95")
    for name, compared, planted in (
        ("once more, nothing planted", called_again, 0.0),
        ("once more, 10 of 100 more buy", called_again, 0.1),
        ("an hour sooner, nothing planted", _hour, 0.0),
        ("an hour sooner, 1.2 of 100 more", _hour, 0.012),
    ):
        above, held = figures(compared, planted, repeats, seed)
        lines.append(f"  {name:40}{above:9.3f}{held:25.3f}")
    for name, planted in (("nothing planted", 0.0), ("1.2 of 100", 0.012)):
        above, _held = figures(_first_band, planted, repeats, seed)
        lines.append(f"  {'within the first hour, ' + name:40}{above:9.3f}")
    return lines


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    print("\n".join(main(**vars(arguments.parse_args()))))
