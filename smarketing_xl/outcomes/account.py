"""The one account of outcomes: who is open, qualified, accepted, rejected, won or lost, since when.

Three tables say something about it: Leads (what sales typed), Deals (what the CRM sold) and
Customers (who buys). They are put together here, once, and every sheet reads the result, so that a
customer on one sheet is no late lead on another.

Who belongs together: by Lead ID, else by e-mail, else telephone, else company (`matching`). A lead
that duplicates another, or was merged into it, is that other lead (`persons`).

Who decides: a row of Customers, then a won deal, then the lead's own status make it won. Else an
open deal makes it an opportunity; else lost deals make it lost; else its status holds. What lies
after the moment asked for has not happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Moments, Places, Texts
from smarketing_xl.outcomes.buyers import CUSTOMER_COLUMNS, build_customers
from smarketing_xl.outcomes.gathering import NEVER, Gathering
from smarketing_xl.outcomes.matching import People
from smarketing_xl.outcomes.persons import Persons, read_persons
from smarketing_xl.outcomes.rows import LeadRows, Sales, read_buyers, read_deals, read_lead_rows

STATES = ("open", "qualified", "accepted", "rejected", "won", "lost")
OVER = ("rejected", "won", "lost")
"""States in which there is nobody to call any more."""


@dataclass(frozen=True)
class Account:
    """What became of everyone, at a moment.

    leads: one row a lead (none that duplicates another), with the index of its row in the table
    given. Columns: lead_id; created; qualified (meets the persona); state, one of `STATES`; since
    (when it came to that state, NaT where nothing dates it); accepted_on; opportunity (became one);
    opportunity_on; won_on; status (what the table of leads would have to say: new, accepted,
    opportunity, rejected, won, lost); revenue (money of what it bought, NaN where unknown); owner,
    line, source, campaign, grade, persona; rows (how many rows of Leads it has).

    customers: one row a new customer. Columns: key (a text of its own); customer_id (None where
    Customers has no such row); lead_id (of the lead that became it, or None); since (NaT: unknown);
    revenue, margin (money); owner, line, source, campaign; origin (customers, deals or leads: the
    table that makes it one), place (its row there, from 0).

    deals: the deals there are, columns of the table Deals with lead_id of the lead found, status
    open, won or lost, and customer (the key of its customer or None).

    unmatched: rows of Deals and Customers that belong to no lead. Columns: table, id, lead_id (what
    the row says), reason (unknown_lead: names a lead that is not there; several_leads: its firm has
    more than one; no_lead: nothing tells).

    undated: how many have no date that the state would need: created, accepted, rejected, won,
    lost, customers.

    at: the moment; None for all that is known.
    """

    leads: pd.DataFrame
    customers: pd.DataFrame
    deals: pd.DataFrame
    unmatched: pd.DataFrame
    undated: Mapping[str, int]
    persons: Persons
    at: dt.datetime | None = None


def account(
    leads: IntoFrame,
    deals: IntoFrame | None = None,
    customers: IntoFrame | None = None,
    *,
    at: Any = None,
) -> Account:
    """The account of three tables, columns by the keys of the schema; missing ones are blank.

    at: what happened later is left out: leads created, deals made, customers won after it. Times
    are compared as they stand in the tables.

    >>> leads = pd.DataFrame({"lead_id": ["A", "B"], "status": ["new", "rejected"]})
    >>> buyers = pd.DataFrame({"customer_id": ["C1"], "lead_id": ["A"], "revenue": [500.0]})
    >>> found = account(leads, customers=buyers)
    >>> found.leads["state"].tolist(), found.leads["revenue"].tolist()
    (['won', 'rejected'], [500.0, nan])
    """
    now = NEVER if at is None else np.datetime64(at, "us")
    persons = read_persons(leads)
    rows = read_lead_rows(leads, now)
    people = People(leads, np.where(rows.there, persons.first, -1), rows.created)
    sold, bought = read_deals(deals, now), read_buyers(customers, now)
    sold_lead, sold_several = _leads_of(sold, people, persons)
    bought_lead, bought_several = _leads_of(bought, people, persons)
    buyers, customer_of = build_customers(rows, persons, bought, bought_lead, sold, sold_lead)
    counted = persons.leads[rows.there[persons.leads]]
    states = _states(rows, persons, sold, sold_lead, buyers)
    table = pd.DataFrame({name: column[counted] for name, column in states.items()})
    table.index = leads.index[counted] if isinstance(leads, pd.DataFrame) else pd.Index(counted)
    buyers["lead_id"] = _ids_of(buyers.pop("lead").to_numpy(), rows)
    kept = sold.columns.assign(lead_id=_ids_of(sold_lead, rows), customer=customer_of)
    unmatched = [
        _unmatched("customers", bought, bought_lead, bought_several),
        _unmatched("deals", sold, sold_lead, sold_several),
    ]
    return Account(
        table,
        buyers[CUSTOMER_COLUMNS],
        kept[sold.there].reset_index(drop=True),
        pd.concat(unmatched, ignore_index=True),
        _undated(table, buyers),
        persons,
        None if np.isnat(now) else now.item(),
    )


def _leads_of(rows: Sales, people: People, persons: Persons) -> tuple[Places, Flags]:
    """The lead of each deal or customer; and where several could be meant."""
    lead = persons.find(rows.lead_id)
    lead[~rows.there] = -1
    left = np.flatnonzero((lead < 0) & rows.there)
    matches = people.find(rows.frame, left, rows.moment)
    lead[left] = matches.place
    several = np.zeros(len(lead), dtype=np.bool_)
    several[left] = matches.several
    return lead, several


def _states(
    rows: LeadRows, persons: Persons, sold: Sales, sold_lead: Places, buyers: pd.DataFrame
) -> dict[str, NDArray[Any]]:
    """Every column of Account.leads, one element a row of Leads; true of rows that stand first."""
    count, first = len(rows.created), persons.first
    deal = Gathering(count, sold_lead)
    row = Gathering(count, np.where(rows.there, first, -1))
    status, decided = rows.status, rows.decided
    own = {name: status == name for name in ("accepted", "opportunity", "rejected", "won", "lost")}
    lost_deal, open_deal = (
        deal.any(sold.there & (sold.status == name)) for name in ("lost", "open")
    )
    lead = buyers["lead"].to_numpy(dtype=np.intp)
    buyer = Gathering(count, lead)
    every = np.ones(len(lead), dtype=np.bool_)
    won = buyer.any(every)
    taken = row.any(own["accepted"] | own["opportunity"])
    state = np.select(
        [
            won,
            open_deal,
            lost_deal,
            taken,
            own["lost"] | own["rejected"],
            row.any(own["lost"]),
            row.any(own["rejected"]),
            row.any(rows.qualified),
        ],
        [
            "won",
            "accepted",
            "lost",
            "accepted",
            np.where(own["lost"], "lost", "rejected"),
            "lost",
            "rejected",
            "qualified",
        ],
        "open",
    ).astype(object)
    opportunity = won | (state == "lost") | open_deal | row.any(own["opportunity"])
    begun = deal.earliest(sold.created, sold.there)
    sales_took = own["accepted"] | own["opportunity"] | own["won"] | own["lost"]
    accepted_on = _first_known(row.earliest(decided, sales_took), begun)
    won_on = buyer.earliest(buyers["since"].to_numpy().astype("datetime64[us]"), every)
    lost_on = _first_known(
        np.where(lost_deal, deal.latest(sold.closed, sold.status == "lost"), NEVER),
        row.latest(rows.ended, own["lost"]),
    )
    since = np.select(
        [state == "won", state == "lost", state == "rejected", state == "accepted"],
        [won_on, lost_on, row.latest(rows.ended, own["rejected"]), accepted_on],
        rows.created,
    )
    shown = np.select(
        [np.isin(state, OVER), (state == "accepted") & opportunity, state == "accepted"],
        [state, "opportunity", "accepted"],
        "new",
    ).astype(object)
    revenue = buyer.total(buyers["revenue"].to_numpy(dtype=np.float64))
    taken_over = np.isin(state, ("accepted", "won", "lost"))
    return {
        "lead_id": rows.lead_id,
        "created": rows.created,
        "qualified": row.any(rows.qualified),
        "state": state,
        "since": since,
        "accepted_on": np.where(taken_over, accepted_on, NEVER),
        "opportunity": opportunity,
        "opportunity_on": np.where(opportunity, begun, NEVER),
        "won_on": won_on,
        "status": shown,
        "revenue": revenue,
        **rows.texts,
        "rows": np.bincount(first, minlength=count).astype(np.int64),
    }


def _ids_of(places: Places, rows: LeadRows) -> Texts:
    ids: Texts = np.full(len(places), None, dtype=object)
    ids[places >= 0] = rows.lead_id[places[places >= 0]]
    return ids


def _unmatched(table: str, rows: Sales, lead: Places, several: Flags) -> pd.DataFrame:
    alone = np.flatnonzero((lead < 0) & rows.there)
    reason = np.select(
        [several[alone], pd.notna(rows.lead_id[alone])],
        ["several_leads", "unknown_lead"],
        "no_lead",
    )
    return pd.DataFrame(
        {
            "table": np.full(len(alone), table, dtype=object),
            "id": rows.own_id[alone],
            "lead_id": rows.lead_id[alone],
            "reason": reason.astype(object),
        }
    )


def _undated(leads: pd.DataFrame, customers: pd.DataFrame) -> dict[str, int]:
    unknown = leads["since"].isna()
    counts = {"created": int(leads["created"].isna().sum())}
    for state in ("accepted", "rejected", "won", "lost"):
        counts[state] = int((unknown & (leads["state"] == state)).sum())
    counts["customers"] = int(customers["since"].isna().sum())
    return counts


def _first_known(one: Moments, other: Moments) -> Moments:
    known: Moments = np.where(np.isnat(one), other, one)
    return known
