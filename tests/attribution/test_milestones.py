"""W-shaped, full path, sourced and influenced by hand; journeys of companies."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pytest

from smarketing_xl.attribution.companies import of_companies
from smarketing_xl.attribution.conversions import history
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.milestones import (
    FULL_PATH,
    W_SHAPED,
    by_stage,
    influenced,
    sourced,
    table,
)
from smarketing_xl.attribution.paths import from_paths
from smarketing_xl.errors import NotEnoughData

NOW = dt.datetime(2026, 6, 30)


def walked(touches: str, lead: int | None, deal: int | None):
    """A journey of touches A B C … on the days 1 2 3 …, its lead and deal created on such days."""
    days = pd.Timestamp("2026-05-01") + pd.to_timedelta(np.arange(len(touches)), "D")
    made = [None if day is None else days[0] + pd.Timedelta(days=day - 1) for day in (lead, deal)]
    frame = pd.DataFrame({"lead_id": "1", "time": days, "channel": list(touches)})
    sale = {"lead_id": ["1"], "time": [days[-1] + pd.Timedelta(days=3)], "created": [made[0]]}
    ends = pd.DataFrame(sale | {"deal_created": [made[1]]})
    ends[["created", "deal_created"]] = ends[["created", "deal_created"]].apply(pd.to_datetime)
    return build_journeys(frame, ends, as_of=NOW)


@pytest.mark.parametrize(
    ("touches", "lead", "deal", "w_shaped", "full_path"),
    [
        ("ABCDE", 2, 4, [0.3, 0.3, 0.05, 0.3, 0.05], [0.225, 0.225, 0.1, 0.225, 0.225]),
        ("ABC", 1, 2, [2 / 3 * 0.9, 0.3, 0.1], [0.5, 0.25, 0.25]),
        ("AB", 1, 2, [2 / 3, 1 / 3], [0.5, 0.5]),
        ("A", 1, 1, [1.0], [1.0]),
        ("ABC", 2, None, [0.3 / 0.7, 0.3 / 0.7, 0.1 / 0.7], [1 / 3] * 3),
    ],
)
def test_shares_by_hand(touches, lead, deal, w_shaped, full_path) -> None:
    journeys = walked(touches, lead, deal)
    assert by_stage(journeys, W_SHAPED) == pytest.approx(w_shaped)
    assert by_stage(journeys, FULL_PATH) == pytest.approx(full_path)


def test_sourced_counts_once_and_influenced_for_every_channel_met() -> None:
    journeys = walked("ABAC", 2, 4)
    assert sourced(journeys).tolist() == [0, 1, 0]
    assert influenced(journeys).tolist() == [1, 1, 1]
    shown = table(journeys).set_index("channel")
    assert shown["sourced"].sum() == 1 and shown["w_shaped"].sum() == pytest.approx(1)


def test_journeys_counted_elsewhere_know_no_stages() -> None:
    journeys = from_paths(["A > B"], [3.0], [4.0])
    assert table(journeys).empty and influenced(journeys).tolist() == [3, 3]
    with pytest.raises(NotEnoughData):
        by_stage(journeys, W_SHAPED)


def test_all_people_of_a_company_walk_one_journey() -> None:
    day = pd.Timestamp("2026-05-01")
    leads = pd.DataFrame(
        {
            "lead_id": ["1", "2", "3", "4", "5"],
            "company": ["Acme", "ACME ", None, "Péle", "pele"],
            "status": ["lost", "won", "won", "lost", "lost"],
            "created": day,
            "closed": [day + pd.Timedelta(days=n) for n in (5, 20, 20, 6, 9)],
            "source": None,
        }
    )
    touches = pd.DataFrame(
        {
            "lead_id": ["1", "2", "3", "4", "5"],
            "time": [day + pd.Timedelta(days=n) for n in (1, 10, 10, 1, 2)],
            "channel": ["Fair", "Mail", "Mail", "Fair", "Fair"],
        }
    )
    customers = pd.DataFrame({"customer_id": ["c"], "lead_id": ["2"], "won_on": [day]})
    people = history(touches, leads, customers.head(0), as_of=NOW)
    alone = build_journeys(people.interactions, people.conversions, as_of=NOW)
    assert influenced(alone)[alone.channels.index("Fair")] == 0
    walking = of_companies(touches, leads, customers)
    assert walking[2]["lead_id"].tolist() == ["1"]
    assert walking[1]["status"].tolist() == ["new", "won", "won", "new", "lost"]
    elsewhere = of_companies(duckdb.from_df(touches), leads, customers)
    for each in (walking, elsewhere):
        past = history(*each[:2], customers.head(0), as_of=NOW)
        together = build_journeys(past.interactions, past.conversions, as_of=NOW)
        assert influenced(together)[together.channels.index("Fair")] == 1
        assert together.customers.sum() == 2 and len(together) == 3
