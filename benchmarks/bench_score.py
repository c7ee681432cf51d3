"""Scoring leads: ours against the same evaluation written by hand, and a loop over the rows.

    python benchmarks/bench_score.py [--rows 1000000] [--personas 5] [--criteria 10]

The peers give the same scores and nothing else: no words, no checks, one persona's rules written
out as NumPy expressions by someone who knows the columns. Ours is timed with all it tells.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import time
import unicodedata
from collections.abc import Callable
from functools import partial
from operator import ne
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.parsing.dates import as_date
from smarketing_xl.personas.criteria import Criterion, Persona
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.scoring import score

TODAY = dt.date(2026, 3, 1)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]
SAMPLE = 2_000  # rows of the row-wise peer


def leads(rows: int) -> pd.DataFrame:
    """Made-up leads: texts with blanks, case and accents as people type them, numbers, dates."""
    random = np.random.default_rng(7)
    countries = np.array(
        ["Spain", "españa ", "México", "France", "Portugal", "Chile", None], object
    )
    titles = np.array(
        [f"{rank} {field}" for rank in ("Sales Director", "CEO", "Analyst", "Manager", "Student")
         for field in map(str, range(40))], object,
    )  # fmt: skip
    industries = np.array([f"Industry {place}" for place in range(30)] + [None], object)
    sources = np.array(["Web", "Event", "Referral", "Ad", None], object)
    days = np.datetime64("2024-01-01") + random.integers(0, 790, rows).astype("timedelta64[D]")
    employees = random.lognormal(4, 1.5, rows).round()
    employees[random.random(rows) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "lead_id": np.arange(rows),
            "country": random.choice(countries, rows),
            "job_title": random.choice(titles, rows),
            "industry": random.choice(industries, rows),
            "source": random.choice(sources, rows),
            "employees": employees,
            "income": random.lognormal(10, 0.6, rows),
            "age": random.integers(18, 80, rows).astype(float),
            "created": days.astype("datetime64[us]"),
        }
    ).astype(dict.fromkeys(("country", "job_title", "industry", "source"), "str"))


def personas(count: int, criteria: int) -> list[Persona]:
    """Personas of ten kinds of criteria, each with values of its own."""
    found = []
    for which in range(count):
        rules = (
            Criterion("country", "one_of", ("España", "Mexico", "Spain"), 20.0 + which),
            Criterion("job_title", "contains", (("director", "ceo", "manager")[which % 3],), 30.0),
            Criterion("industry", "is", (f"Industry {which}",), 15.0),
            Criterion("source", "is_not", ("Ad",), 5.0),
            Criterion("employees", "between", (20.0 + which, 500.0), 20.0),
            Criterion("income", "at_least", (20_000.0 + 1000 * which,), 10.0),
            Criterion("age", "at_most", (60.0 - which,), 5.0),
            Criterion("created", "after", ("2025-01-01",), 5.0),
            Criterion("job_title", "contains", ("student",), -20.0),
            Criterion("created", "within", (90.0 + which,), 5.0),
        )
        found.append(Persona(f"Persona {which}", rules[:criteria]))
    return found


def by_hand(frame: pd.DataFrame, asked: list[Persona]) -> Floats:
    """The best score of each lead in plain NumPy: codes for the texts, one vector a criterion."""
    columns = {name: frame[name].to_numpy() for name in frame if name != "lead_id"}
    coded = {
        name: pd.factorize(columns[name]) for name in ("country", "job_title", "industry", "source")
    }
    folded = {name: [_folded(text) for text in texts] for name, (_, texts) in coded.items()}

    def texts(name: str, test: Callable[[str], object]) -> NDArray[np.bool_]:
        return np.array([*map(bool, map(test, folded[name])), False])[coded[name][0]]

    best = np.zeros(len(frame))
    for persona in asked:
        points = np.zeros(len(frame))
        for rule in persona.criteria:
            name, values = rule.attribute, rule.values
            with np.errstate(invalid="ignore"):
                match rule.operator:
                    case "one_of" | "is":
                        wanted = {_folded(str(value)) for value in values}
                        met = texts(name, wanted.__contains__)
                    case "is_not":
                        met = texts(name, partial(ne, _folded(str(values[0]))))
                    case "contains":
                        met = texts(name, re.compile(re.escape(str(values[0]))).search)
                    case "between":
                        met = (columns[name] >= values[0]) & (columns[name] <= values[1])
                    case "at_least":
                        met = columns[name] >= values[0]
                    case "at_most":
                        met = columns[name] <= values[0]
                    case "after":
                        day = np.datetime64(as_date(values[0]) or TODAY) + np.timedelta64(1, "D")
                        met = columns[name] >= day
                    case _:
                        since, until = (np.datetime64(day) for day in _window(values[0]))
                        met = (columns[name] >= since) & (columns[name] < until)
            points += np.where(met, rule.weight, 0.0)
        reach = sum(rule.weight for rule in persona.criteria if rule.weight > 0)
        best = np.maximum(best, np.clip(points * 100 / reach, 0, 100))
    return best.round(6)


def row_by_row(frame: pd.DataFrame, asked: list[Persona]) -> Floats:
    """The same as a function of one lead, applied to each."""
    best = frame.apply(lambda lead: max(_points(lead, persona) for persona in asked), axis=1)
    return np.asarray(best, dtype=float)


def _points(lead: Any, persona: Persona) -> float:
    points = sum(rule.weight for rule in persona.criteria if _meets(lead[rule.attribute], rule))
    reach = sum(rule.weight for rule in persona.criteria if rule.weight > 0)
    return round(min(max(points * 100 / reach, 0), 100), 6)


def _meets(cell: Any, rule: Criterion) -> bool:
    if pd.isna(cell):
        return False
    text, values = _folded(str(cell)), rule.values
    first: Any = values[0]
    match rule.operator:
        case "one_of" | "is":
            return text in {_folded(str(value)) for value in values}
        case "is_not":
            return text != _folded(str(first))
        case "contains":
            return first in text
        case "between":
            return bool(first <= cell <= values[1])
        case "at_least":
            return bool(cell >= first)
        case "at_most":
            return bool(cell <= first)
        case "after":
            return bool(cell >= (as_date(first) or TODAY) + dt.timedelta(days=1))
    since, until = _window(first)
    return bool(since <= cell < until)


def _window(days: Any) -> tuple[dt.datetime, dt.datetime]:
    today = dt.datetime(TODAY.year, TODAY.month, TODAY.day)
    return today - dt.timedelta(days=days), today + dt.timedelta(days=1)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", plain).strip().casefold()


def timed(work: Callable[[], object], times: int = 3) -> tuple[float, object]:
    """The best of some runs, in seconds, and what it answered."""
    best, answer = float("inf"), None
    for _run in range(times):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def main(rows: int = 1_000_000, count: int = 5, criteria: int = 10) -> dict[str, float]:
    """Print the table; answer seconds by peer."""
    frame, asked = leads(rows), personas(count, criteria)
    ours, scored = timed(lambda: score(frame, asked, GRADES, TODAY))
    hand, plain = timed(lambda: by_hand(frame, asked))
    sample = frame.head(SAMPLE)
    slow, sampled = timed(lambda: row_by_row(sample, asked), times=1)
    assert isinstance(scored, pd.DataFrame)
    np.testing.assert_allclose(scored["score"], np.asarray(plain), atol=1e-5)
    np.testing.assert_allclose(np.asarray(plain)[: len(sample)], np.asarray(sampled), atol=1e-5)
    loop = slow * rows / len(sample)
    print(f"{rows:,} leads x {count} personas x {criteria} criteria, equal scores")
    print(f"  ours: grade, why, what would raise it  {ours:7.2f} s")
    print(f"  NumPy by hand: the score only          {hand:7.2f} s  ours / its {ours / hand:.2f}")
    print(
        f"  pandas apply, from {len(sample):5,} rows          {loop:7.0f} s  its / ours"
        f" {loop / ours:.0f}"
    )
    return {"ours": ours, "by hand": hand, "by row": loop}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--personas", type=int, default=5)
    parser.add_argument("--criteria", type=int, default=10)
    given = parser.parse_args()
    main(given.rows, given.personas, given.criteria)
