"""Sample data that tells a story: invented leads, customers, interactions and spend of a year.

Those who fit a persona, and larger firms, buy more often and more; recommended and early called
leads buy more often too; social ads bring many leads and few customers; some salespeople call late;
some leads asked twice.

>>> frames = generate()
>>> {name: len(frame) for name, frame in frames.items() if name in ("leads", "customers")}
{'leads': 2000, 'customers': 300}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.sample.deals import CURRENCY, LINES, make_deals
from smarketing_xl.sample.follow_up import make_follow_up
from smarketing_xl.sample.marketing import spend, touches
from smarketing_xl.sample.people import make_people
from smarketing_xl.sample.settings import (
    AS_OF,
    GOALS,
    STAGES,
    capacity,
    funnel,
    grades,
    lines,
    personas,
    plan,
)
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables import (
    CUSTOMERS,
    DEALS,
    INTERACTIONS,
    LEADS,
    SPEND,
)

__all__ = [
    "AS_OF",
    "CURRENCY",
    "FOLDER",
    "GOALS",
    "STAGES",
    "capacity",
    "funnel",
    "generate",
    "grades",
    "lines",
    "path",
    "personas",
    "plan",
    "write",
]

FOLDER = Path(__file__).parent
"""Where the CSV files stand that the package ships: leads.csv, customers.csv and so on."""

_WRITTEN = {
    Kind.TIME: "{:%Y-%m-%d %H:%M}",
    Kind.DATE: "{:%Y-%m-%d}",
    Kind.MONTH: "{:%Y-%m-%d}",
    Kind.WHOLE: "{:.0f}",
    Kind.MONEY: "{:.10g}",
    Kind.SHARE: "{:.10g}",
}
_TABLES = {
    "leads": LEADS,
    "deals": DEALS,
    "customers": CUSTOMERS,
    "interactions": INTERACTIONS,
    "spend": SPEND,
}


def generate(seed: int = 2026, leads: int = 2_000) -> dict[str, pd.DataFrame]:
    """The sample tables by name, columns and entries of lists by their keys; same seed, same data.

    Times are naive, up to `AS_OF`; 15 % of the leads are customers.
    """
    rng = np.random.default_rng(seed)
    asked, fit, twice = make_people(rng, leads)
    done, attempts = make_follow_up(rng, asked, fit, twice)
    done = done.assign(line=done["country"].map(LINES))
    contacts = pd.concat([touches(rng, done), attempts])
    return {
        "leads": _columns(done, LEADS),
        "deals": _columns(make_deals(np.random.default_rng(seed + 1), done), DEALS),
        "customers": _columns(_customers(rng, done), CUSTOMERS),
        "interactions": _columns(
            contacts.sort_values(["time", "lead_id"], kind="stable"), INTERACTIONS
        ),
        "spend": _columns(spend(rng), SPEND),
    }


def path(name: str) -> Path:
    """The shipped CSV file of a sample table: leads, deals, customers, interactions or spend."""
    return FOLDER / f"{name}.csv"


def write(folder: Path, frames: dict[str, pd.DataFrame] | None = None) -> list[Path]:
    """Writes the tables as CSV (UTF-8, comma, English headers and entries); returns the files."""
    paths = []
    for name, frame in (frames or generate()).items():
        paths.append(folder / f"{name}.csv")
        columns = [column for column in _TABLES[name] if column.key in frame]
        shown = pd.DataFrame({c.label: _shown(frame[c.key], c) for c in columns})
        shown.to_csv(paths[-1], index=False, lineterminator="\n", encoding="utf-8")
    return paths


def _columns(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The columns that an import brings, in the table's order."""
    keys = [column.key for column in table if not column.ours and column.key in frame]
    return frame[keys].infer_objects().reset_index(drop=True)


def _customers(rng: np.random.Generator, leads: pd.DataFrame) -> pd.DataFrame:
    won = leads[leads["status"] == "won"].rename(columns={"closed": "won_on"})
    won = won.sort_values(["won_on", "lead_id"], kind="stable")
    share = np.clip(rng.normal(0.55, 0.08, len(won)), 0.2, 0.8)
    return won.assign(
        customer_id=[f"C-{number:04}" for number in range(1, len(won) + 1)],
        margin=np.round(won["revenue"] * share, 2),
    )


def _shown(column: pd.Series[Any], declared: Column) -> pd.Series[Any]:
    """A column as people write it in a CSV file."""
    if declared.choices:
        return column.map(declared.choices.labels)
    written = _WRITTEN.get(declared.kind)
    return column.map(written.format, na_action="ignore") if written else column
