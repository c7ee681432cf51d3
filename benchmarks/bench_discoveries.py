"""How far a learned persona can be trusted: false discoveries, rules found, and real leads.

    python benchmarks/bench_discoveries.py [--seeds 200] [--data LEADS.csv]

Made-up histories. Without a planted rule, every proposal is false; with one (industry and size),
city and income are. Real leads: the Lead Scoring data of X Education (Kaggle), split as Learn
persona splits, beside the logistic regression and the gradient boosting of scikit-learn.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl import sample
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.dataset import build_history
from smarketing_xl.personas.learning.learn import learn_persona
from smarketing_xl.personas.learning.study import study_history
from smarketing_xl.stats.intervals import wilson

TODAY = dt.date(2026, 3, 1)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]
PLANTED = {"Industry", "Job title", "Employees"}


def closed_leads(rows: int, seed: int, planted: bool) -> pd.DataFrame:
    """Won and lost leads; planted: directors in retail, and firms of more than 100, buy more."""
    random = np.random.default_rng(seed)
    leads = pd.DataFrame(
        {
            "industry": random.choice(["Retail", "Software", "Health", "Food"], rows),
            "job_title": random.choice(["Sales director", "Buyer", "Intern", "IT director"], rows),
            "employees": random.lognormal(4, 1, rows).round(),
            "income": random.normal(50_000, 10_000, rows).round(2),
            "city": random.choice([*"ABCDEFGH", None], rows),
        }
    )
    director = leads["job_title"].str.contains("director")
    chance = 0.08 + 0.3 * (leads["industry"] == "Retail") * director
    chance += 0.3 * (leads["employees"] > 100)
    bought = random.random(rows) < (chance if planted else 0.3)
    return leads.assign(status=np.where(bought, "won", "lost"))


def proposed(rows: int, seed: int, planted: bool) -> set[str]:
    """The attributes ticked in the proposal."""
    found = learn_persona(build_history(None, closed_leads(rows, seed, planted))).proposal
    return set(found.loc[found["take"], "attribute"])


def discoveries(seeds: int, rows: int) -> dict[str, float]:
    """Print and answer how often chance is proposed, and what is found, over the seeds."""
    nothing = [proposed(rows, seed, planted=False) for seed in range(seeds)]
    planted = [proposed(rows, seed, planted=True) for seed in range(seeds)]
    false = sum(map(bool, nothing))
    low, high = wilson(np.array([float(false)]), np.array([float(seeds)]))
    shares = [len(found - PLANTED) / len(found) for found in planted if found]
    rate = float(np.sum(shares) / seeds)
    found = sum(bool(each & PLANTED) for each in planted)
    every = sum(each >= PLANTED for each in planted)
    print(f"{seeds} histories of {rows:,} leads")
    print(
        f"  no rule planted: {false} propose something, {false / seeds:.1%} "
        f"({low[0]:.1%} to {high[0]:.1%}); promised: 5 %"
    )
    print(f"  planted: {found} find some of it, {every} all three attributes")
    print(f"  planted: {rate:.1%} of the attributes proposed are chance; promised: 5 %")
    return {"false": false / seeds, "rate": rate, "found": found / seeds}


def real(data: Path) -> dict[str, Any]:
    """Print and answer how the learned persona does on the leads of X Education."""
    leads = pd.read_csv(data).replace("Select", np.nan)
    leads["status"] = np.where(leads.pop("Converted") == 1, "won", "lost")
    found = study_history(None, leads, GRADES, TODAY)
    print(f"{data.name}: learned from {found.learned_from:,}, asked of {found.held_out:,} held out")
    for row in found.models.to_dict("records"):
        print(
            f"  AUC {row['auc']:.3f} ({row['low']:.3f} to {row['high']:.3f}), "
            f"top tenth x {row['lift_top']:.2f}  {row['model']}"
        )
    for row in found.by_grade.to_dict("records"):
        print(
            f"  {row['grade']}: {row['customers']:.0f} of {row['leads']:.0f} became customers, "
            f"{row['conversion']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
        )
    return {"auc": found.models.set_index("model")["auc"].to_dict()}


def short(splits: int) -> dict[str, Any]:
    """Print and answer the mean AUC on the demo's short history, over several splits."""
    frames = sample.generate()
    found = [
        study_history(frames["customers"], frames["leads"], GRADES, sample.AS_OF.date(), seed=seed)
        for seed in range(splits)
    ]
    areas = pd.concat([each.models.set_index("model")["auc"] for each in found], axis=1)
    print(
        f"The demo's {len(frames['customers'])} customers, a quarter of them best, {splits} splits"
    )
    for name, area in areas.mean(axis=1).items():
        print(f"  mean AUC {area:.3f}  {name}")
    return {"short": areas.mean(axis=1).to_dict()}


def main(seeds: int = 200, rows: int = 600, data: Path | None = None) -> dict[str, Any]:
    """Print the figures; answer them by name."""
    found: dict[str, Any] = discoveries(seeds, rows)
    return found | short(max(seeds // 10, 1)) | (real(data) if data else {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How far a learned persona can be trusted.")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    main(given.seeds, given.rows, given.data)
