"""The three tables as arrays, as they stood at a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from smarketing_xl.arrays import Flags, Floats, Moments, Texts
from smarketing_xl.frames import Columns
from smarketing_xl.outcomes.gathering import NEVER
from smarketing_xl.outcomes.stages import status_of_stages
from smarketing_xl.schema.tables import CUSTOMERS, DEALS

LEAD_TEXTS = ("owner", "line", "source", "campaign", "grade", "persona")
SALE_TEXTS = ("owner", "line", "source", "campaign")


@dataclass(frozen=True)
class LeadRows:
    """The rows of Leads. there: created by the moment. status: new where nothing was decided yet.

    ended: when it was won, lost or rejected, NaT where nothing dates it or it is not over.
    """

    lead_id: Texts
    there: Flags
    created: Moments
    qualified: Flags
    status: Texts
    decided: Moments
    ended: Moments
    revenue: Floats
    texts: dict[str, Texts]


@dataclass(frozen=True)
class Sales:
    """Rows of Deals or of Customers.

    closed: when it was won or lost. moment: that, or when it began where it is open. status: open,
    won or lost. columns: the table as given, with status as it was then. frame: for matching.
    """

    frame: pd.DataFrame
    columns: pd.DataFrame
    own_id: Texts
    lead_id: Texts
    there: Flags
    created: Moments
    closed: Moments
    moment: Moments
    status: Texts
    revenue: Floats
    margin: Floats
    texts: dict[str, Texts]


def read_lead_rows(leads: IntoFrame, now: np.datetime64) -> LeadRows:
    """Leads as they stood: what was decided or closed later than `now` was not yet."""
    given = Columns(
        leads, "lead_id", "created", "qualified", "status", "decided", "closed", "revenue",
        *LEAD_TEXTS,
    )  # fmt: skip
    created, decided, closed = (given.times(key) for key in ("created", "decided", "closed"))
    status = given.texts("status")
    sold = np.isin(status, ("won", "lost"))
    one, other = np.where(sold, closed, decided), np.where(sold, decided, closed)
    ended = np.where(np.isnat(one), other, one)
    ended[~(sold | (status == "rejected"))] = NEVER
    status = np.where(pd.isna(status), "new", status).astype(object)
    status[ended > now] = "accepted"
    status[(decided > now) | ((ended > now) & np.isnat(decided))] = "new"
    ended[ended > now] = NEVER
    return LeadRows(
        given.texts("lead_id"),
        ~(created > now),
        created,
        given.flags("qualified"),
        status,
        np.where(decided > now, NEVER, decided),
        ended,
        given.numbers("revenue"),
        {name: given.texts(name) for name in LEAD_TEXTS},
    )


def read_deals(deals: IntoFrame | None, now: np.datetime64) -> Sales:
    """Deals as they stood: one closed later than `now` was open."""
    frame = _pandas(deals, DEALS.keys)
    given = Columns(frame, *DEALS.keys)
    created, closed = given.times("created"), given.times("closed")
    stage, status = given.texts("stage"), given.texts("status")
    status = np.where(pd.isna(status), status_of_stages(stage), status).astype(object)
    closed = np.where(status == "open", NEVER, closed)
    status[closed > now] = "open"
    closed = np.where(closed > now, NEVER, closed)
    amount = given.numbers("amount")
    return Sales(
        frame,
        frame.assign(status=status, closed=closed),
        given.texts("deal_id"),
        given.texts("lead_id"),
        ~(created > now),
        created,
        closed,
        np.where(np.isnat(closed), created, closed),
        status,
        amount,
        np.full(len(amount), np.nan),
        {name: given.texts(name) for name in SALE_TEXTS},
    )


def read_buyers(customers: IntoFrame | None, now: np.datetime64) -> Sales:
    """Customers as they stood: those won by `now`."""
    names = [*CUSTOMERS.keys, *(name for name in SALE_TEXTS if name not in CUSTOMERS.keys)]
    frame = _pandas(customers, names)
    given = Columns(frame, *names)
    since = given.times("won_on")
    status: Texts = np.full(given.rows, "won", dtype=object)
    return Sales(
        frame,
        frame,
        given.texts("customer_id"),
        given.texts("lead_id"),
        ~(since > now),
        np.full(given.rows, NEVER),
        since,
        since,
        status,
        given.numbers("revenue"),
        given.numbers("margin"),
        {name: given.texts(name) for name in SALE_TEXTS},
    )


def _pandas(table: IntoFrame | None, names: list[str]) -> pd.DataFrame:
    import narwhals as nw

    if table is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    frame = nw.from_native(table)
    there = frame.collect("pandas") if isinstance(frame, nw.LazyFrame) else frame
    return there.to_pandas().reset_index(drop=True)
