"""Learning a persona: seconds, and how far it stays behind models that nobody can read.

    python benchmarks/bench_learn.py [--rows 100000] [--columns 40]

Made-up customers with a planted rule among attributes that say nothing. The peers are the logistic
regression and the gradient boosting of scikit-learn on the same attributes and the same split.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time

import numpy as np
import pandas as pd

from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.dataset import build_history
from smarketing_xl.personas.learning.learn import learn_persona
from smarketing_xl.personas.learning.models import answers, compared
from smarketing_xl.personas.scoring import score

TODAY = dt.date(2026, 3, 1)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]
TITLES = ["Sales director", "IT director", "Buyer", "Owner", "Intern", "Student"]


def closed_leads(rows: int, columns: int) -> pd.DataFrame:
    """Won and lost leads: half their attributes are texts, half numbers; a tenth is blank."""
    random = np.random.default_rng(11)
    leads = pd.DataFrame(
        {
            "job_title": random.choice(TITLES, rows),
            "industry": random.choice([f"Industry {place}" for place in range(12)], rows),
            "employees": random.lognormal(4, 1.2, rows).round(),
        }
    )
    for place in range(columns - len(leads.columns)):
        if place % 2:
            leads[f"Amount {place}"] = random.normal(1000, 200, rows).round(2)
        else:
            leads[f"Kind {place}"] = random.choice([f"kind {n}" for n in range(5 + place)], rows)
    for name in leads:
        leads.loc[random.random(rows) < 0.1, name] = None
    director = leads["job_title"].str.contains("director").fillna(False)
    chance = 0.1 + 0.25 * director + 0.2 * (leads["employees"] > 100)
    chance += 0.2 * (leads["industry"] == "Industry 3")
    return leads.assign(status=np.where(random.random(rows) < chance, "won", "lost"))


def main(rows: int = 100_000, columns: int = 40) -> dict[str, float]:
    """Print the figures; answer them by name."""
    leads = closed_leads(rows, columns)
    start, busy = time.perf_counter(), time.process_time()
    train, test = build_history(None, leads).split(0.3, 0)
    learned = learn_persona(train)
    learning, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"{rows:,} customers and lost leads x {columns} attributes")
    print(f"  learning the persona                {learning:6.2f} s, {busy:.2f} s of processor")
    if learned.persona is None:
        print("  nothing held")
        return {"learning": learning}
    start = time.perf_counter()
    scores = score(test.traits, [learned.persona], GRADES, TODAY)["score"].to_numpy(dtype=float)
    print(f"  scoring the {len(test):,} held out       {time.perf_counter() - start:9.2f} s")
    start = time.perf_counter()
    table = compared(scores, answers(train, test, learned.attributes), test.top, test.outcome)
    models = time.perf_counter() - start
    print(f"  both models, learned and asked      {models:6.2f} s")
    for row in table.to_dict("records"):
        print(f"  AUC {row['auc']:.3f} ({row['low']:.3f} to {row['high']:.3f})  {row['model']}")
    criteria = [criterion.words() for criterion in learned.persona.criteria]
    print(f"  {len(criteria)} criteria: {', '.join(criteria)}")
    return {"learning": learning, "models": models, "auc": float(table["auc"].iloc[0])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How long learning a persona takes.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--columns", type=int, default=40)
    given = parser.parse_args()
    main(given.rows, given.columns)
