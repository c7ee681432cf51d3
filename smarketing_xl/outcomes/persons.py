"""Which rows of Leads are one lead: duplicates and merged leads, decided once for all readers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from smarketing_xl.arrays import Places, Texts
from smarketing_xl.frames import Columns
from smarketing_xl.outcomes.matching import lookup, plain_ids


@dataclass(frozen=True)
class Persons:
    """first: for each row of Leads the row that stands for it (itself, unless it is a duplicate).

    lead_id: of each row, as it stands. ids, rows: every ID a lead goes by, merged ones too, and the
    row it is found in.
    """

    first: Places
    lead_id: Texts
    ids: Texts
    rows: Places

    @property
    def leads(self) -> Places:
        """The rows that are leads of their own."""
        return np.flatnonzero(self.first == np.arange(len(self.first)))

    def find(self, ids: Texts) -> Places:
        """The row that stands for each ID; -1 for one that no lead goes by."""
        at = lookup(self.ids, plain_ids(ids))
        if not len(self.rows):
            return at
        return np.where(at >= 0, self.first[self.rows[at]], -1).astype(np.intp)


def read_persons(leads: IntoFrame) -> Persons:
    """Who is who among leads. leads: columns lead_id, duplicate_of, merged (blank where missing).

    A duplicate of a duplicate is one of the first. Duplicates in a circle, and those whose first
    is not there, stand for themselves.
    """
    given = Columns(leads, "lead_id", "duplicate_of", "merged")
    lead_ids = given.texts("lead_id")
    ids = plain_ids(lead_ids)
    known, rows = _also_known_as(ids, given.texts("merged"))
    at = lookup(known, plain_ids(given.texts("duplicate_of")))
    itself = np.arange(len(ids))
    parent = np.where(at >= 0, rows[at] if len(rows) else itself, itself).astype(np.intp)
    for _step in range(max(1, len(ids).bit_length())):
        parent = parent[parent]
    circle = parent[parent] != parent
    parent = np.where(circle, itself, parent).astype(np.intp)
    return Persons(parent, lead_ids, known, rows)


def _also_known_as(ids: Texts, merged: Texts) -> tuple[Texts, Places]:
    """Every ID with its row: the rows' own first, then those merged into them."""
    rows = np.arange(len(ids))
    with_more = np.flatnonzero(pd.notna(merged))
    lists = [[one.strip() for one in str(merged[row]).split(";")] for row in with_more]
    more = np.array([one for each in lists for one in each if one], dtype=object)
    times = [sum(bool(one) for one in each) for each in lists]
    return (
        np.concatenate([ids, plain_ids(more)]) if len(more) else ids,
        np.concatenate([rows, np.repeat(with_more, times)]).astype(np.intp),
    )
