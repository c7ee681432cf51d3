"""Journeys of companies: all people of a company walk one journey."""

from __future__ import annotations

from typing import Any

import pandas as pd

from smarketing_xl.attribution.sources import renamed
from smarketing_xl.frames import Columns
from smarketing_xl.parsing.text import fold

OVER = ("lost", "rejected")


def of_companies(
    interactions: Any, leads: pd.DataFrame, customers: pd.DataFrame
) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    """The three tables, the people of a company known by the ID of its first lead.

    Companies are told by their name, without case and accents; who has none stands alone. A company
    is lost when its last lead is: as long as one is open or won, the others' losses do not end its
    journey. Interactions outside of memory stay where they lie.
    """
    ids = pd.Series(Columns(leads, "lead_id").texts("lead_id"), leads.index, dtype=object)
    named = Columns(leads, "company").texts("company")
    company = pd.Series([fold(name) if name else None for name in named], leads.index, dtype=object)
    first = ids.groupby(company).transform("first")
    known_as = first.where(company.notna(), ids)
    known = pd.Series(known_as.to_numpy(), ids.to_numpy(), dtype=object)
    known = known[known.index.notna() & ~known.index.duplicated()]

    def known_so(frame: pd.DataFrame) -> pd.DataFrame:
        before = pd.Series(Columns(frame, "lead_id").texts("lead_id"), frame.index, dtype=object)
        return frame.assign(lead_id=before.map(known).fillna(before))

    status = leads["status"].astype(object)
    over = status.isin(OVER)
    alive = (~over).groupby(known_as).transform("any")
    closed = pd.to_datetime(leads["closed"])
    last = closed.groupby(known_as).transform("max")
    late = over & (closed < last)
    people = leads.assign(lead_id=known_as, status=status.mask(over & alive | late, "new"))
    if isinstance(interactions, pd.DataFrame):
        return known_so(interactions), people, known_so(customers)
    names = pd.DataFrame({"known_as": known.index, "lead": known.to_numpy()})
    return renamed(interactions, names), people, known_so(customers)
