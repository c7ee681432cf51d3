"""Whom to call first, by hand."""

from __future__ import annotations

import pandas as pd

from smarketing_xl.leads.priority import priority

LEADS = pd.DataFrame(
    {
        "qualified": [True, True, False, True, True, None],
        "score": [60.0, 90.0, 99.0, 80.0, 90.0, float("nan")],
        "interest": [80.0, 10.0, 99.0, 20.0, 10.0, 0.0],
        "status": ["new", "accepted", "new", "won", "new", None],
        "duplicate_of": [None, None, None, None, None, None],
        "created": pd.to_datetime(["2026-01-01"] * 4 + ["2026-02-01", None]),
    },
    index=[12, 13, 14, 15, 16, 17],
)


def test_qualified_first_then_fit_and_interest_then_the_freshest() -> None:
    found = priority(LEADS)
    assert found.drop(15).to_dict() == {12: 1, 16: 2, 13: 3, 14: 4, 17: 5}


def test_closed_leads_and_duplicates_are_not_called() -> None:
    found = priority(LEADS.assign(duplicate_of=[None, "L1", None, None, None, None]))
    assert found[found.isna()].index.tolist() == [13, 15]


def test_the_order_is_a_permutation() -> None:
    ranks = priority(LEADS).dropna()
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
