"""Whom to call first."""

from __future__ import annotations

from typing import Any

import pandas as pd

CLOSED = ("won", "lost", "rejected")


def priority(leads: pd.DataFrame) -> pd.Series[Any]:
    """The order in which to call open leads: 1 first; blank for closed leads and for duplicates.

    leads: qualified (bool), score and interest (0 to 100), and where known status, duplicate_of and
    created. Qualified leads go first; among them fit and interest count alike; of equals the one
    that came last, since fresh leads answer more often.

    >>> priority(pd.DataFrame({"qualified": [True, True, False], "score": [60, 90, 99],
    ...     "interest": [80, 10, 99]})).tolist()
    [1.0, 2.0, 3.0]
    """
    order = pd.DataFrame(
        {
            "qualified": leads["qualified"].fillna(False).astype(bool),
            "worth": leads["score"].fillna(0) + leads["interest"].fillna(0),
            "created": leads.get("created", pd.NaT),
        }
    )
    status = leads.get("status", pd.Series(None, leads.index, dtype=object))
    twice = leads.get("duplicate_of", status.where(status.isna()))
    callable_ = order[~status.isin(CLOSED) & twice.isna()]
    called = callable_.sort_values(
        ["qualified", "worth", "created"], ascending=False, kind="stable", na_position="last"
    )
    ranks = pd.Series(range(1, len(called) + 1), called.index, dtype="float64")
    return ranks.reindex(leads.index).rename("priority")
