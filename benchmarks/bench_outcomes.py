"""The account of outcomes of many leads and deals, in processor seconds, beside a bare join by ID.

    python benchmarks/bench_outcomes.py [--leads 100000] [--deals 30000]

A third of the deals name no lead: they are joined by e-mail, else by company. The bare join
(pandas, by Lead ID alone) finds the others only, and says nothing of who is won or twice there.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.outcomes.account import account


def tables(leads: int, deals: int, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leads and deals as a workbook has them: columns of objects, blanks among them."""
    rng = np.random.default_rng(seed)
    first = pd.Timestamp("2026-03-04")
    named = rng.integers(0, leads, deals)
    table = pd.DataFrame(
        {
            "lead_id": [f"L{i}" for i in range(leads)],
            "created": first + pd.to_timedelta(rng.integers(0, 600, leads), "D"),
            "status": rng.choice(["new", "accepted", "rejected", "won", "lost"], leads),
            "email": [f"p{i}@ex{i % 999}.com" for i in range(leads)],
            "phone": [f"+34600{i:06}" for i in range(leads)],
            "company": [f"Firm {i} SL" for i in range(leads)],
        }
    )
    sold = pd.DataFrame(
        {
            "deal_id": [f"D{i}" for i in range(deals)],
            "lead_id": [f"L{i}" if i % 3 else None for i in named],
            "email": [f"p{i}@ex{i % 999}.com" if i % 2 else None for i in named],
            "company": [f"Firm {i} Ltd" for i in named],
            "stage": rng.choice(["Closed Won", "Lost", "Demo"], deals),
            "amount": rng.random(deals),
        }
    )
    return _objects(table, "created"), _objects(sold, "amount")


def _objects(table: pd.DataFrame, kept: str) -> pd.DataFrame:
    return table.astype({name: object for name in table if name != kept})


def seconds(work: Callable[[], Any], repeats: int = 3) -> float:
    """Processor seconds of a run, the best of some."""
    took = []
    for _repeat in range(repeats):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took)


def main(leads: int = 100_000, deals: int = 30_000) -> None:
    """Both, printed."""
    table, sold = tables(leads, deals)
    account(table.head(50), sold.head(50))  # what is loaded once
    ours = seconds(lambda: account(table, sold))
    bare = seconds(lambda: sold.merge(table, on="lead_id"))
    found = account(table, sold)
    joined = int(found.deals["lead_id"].notna().sum())
    by_id = int(sold["lead_id"].isin(table["lead_id"]).sum())
    print(f"{leads:,} leads, {deals:,} deals: {ours:.2f} s, {joined:,} deals joined to their lead")
    print(f"pandas, by Lead ID alone: {bare:.2f} s, {by_id:,} deals joined")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--leads", type=int, default=100_000)
    arguments.add_argument("--deals", type=int, default=30_000)
    main(**vars(arguments.parse_args()))
