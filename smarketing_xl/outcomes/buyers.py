"""New customers: rows of Customers, won deals, and leads that were won, each counted once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Moments, Places, Texts
from smarketing_xl.outcomes.gathering import NEVER, Gathering
from smarketing_xl.outcomes.matching import KEYS, People, written
from smarketing_xl.outcomes.persons import Persons
from smarketing_xl.outcomes.rows import SALE_TEXTS, LeadRows, Sales

CUSTOMER_COLUMNS = [
    "key", "customer_id", "lead_id", "since", "revenue", "margin", *SALE_TEXTS, "origin", "place",
]  # fmt: skip


def build_customers(
    rows: LeadRows,
    persons: Persons,
    bought: Sales,
    bought_lead: Places,
    sold: Sales,
    sold_lead: Places,
) -> tuple[pd.DataFrame, Texts]:
    """The customers there are, with `lead` (a row of Leads or -1); and the customer of each deal.

    A row of Customers is a customer. Won deals of the same lead, else of the same e-mail, telephone
    or firm, are that customer's; without one they are a customer together. A lead won that has
    neither is a customer too. Where a row does not say when or for how much, its deals do, and then
    its lead.
    """
    count = len(rows.created)
    group, standing = _groups(count, bought, bought_lead, sold, sold_lead)
    there = np.flatnonzero(bought.there)
    of_rows = _from_rows(bought, there, bought_lead)
    of_deals, number = _from_deals(sold, group, standing, sold_lead)
    with_buyer = np.zeros(count + 1, dtype=np.bool_)
    with_buyer[of_rows["lead"].to_numpy(dtype=np.intp)] = True
    with_buyer[of_deals["lead"].to_numpy(dtype=np.intp)] = True
    of_leads = _from_leads(rows, persons, with_buyer[:count])
    table = pd.concat([of_rows, of_deals, of_leads], ignore_index=True)
    at_row = np.full(len(bought.there) + 1, -1, dtype=np.intp)
    at_row[there] = np.arange(len(there))
    place = np.where(
        standing >= 0, at_row[standing], np.where(number >= 0, number + len(there), -1)
    )
    _complete(table, sold, place, rows, persons)
    customer: Texts = np.full(len(place), None, dtype=object)
    customer[place >= 0] = table["key"].to_numpy(dtype=object)[place[place >= 0]]
    return table, customer


def _groups(
    count: int, bought: Sales, bought_lead: Places, sold: Sales, sold_lead: Places
) -> tuple[Texts, Places]:
    """For each won deal who buys, in a text, and the row of Customers that is it (-1: none)."""
    won = sold.there & (sold.status == "won")
    first = Gathering(count, bought_lead).first(bought.there)
    standing = np.where(won & (sold_lead >= 0), first[sold_lead] if count else -1, -1)
    left = np.flatnonzero(won & (standing < 0))
    if len(left) and bought.there.any():
        whose = np.where(bought.there, np.arange(len(bought.there)), -1).astype(np.intp)
        buyers = People(bought.frame, whose, np.full(len(whose), NEVER))
        standing[left] = buyers.find(sold.frame, left, sold.moment).place
    group: Texts = np.full(len(won), None, dtype=object)
    alone = np.flatnonzero(won & (standing < 0))
    who: Texts = np.array([f"deal {number}" for number in alone], dtype=object)
    for key in reversed(KEYS):
        known = written(sold.frame.iloc[alone], key)
        named = pd.notna(known)
        who[named] = f"{key} " + known[named].astype(str).astype(object)
    lead = sold_lead[alone]
    who[lead >= 0] = np.array([f"lead {row}" for row in lead[lead >= 0]], dtype=object)
    group[alone] = who
    return group, standing.astype(np.intp)


def _from_rows(bought: Sales, there: Places, lead: Places) -> pd.DataFrame:
    ids = bought.own_id[there]
    numbered = np.array([f"row {row + 1}" for row in there], dtype=object)
    texts = {name: column[there] for name, column in bought.texts.items()}
    return pd.DataFrame(
        {
            "key": np.where(pd.isna(ids), numbered, ids),
            "customer_id": ids,
            "lead": lead[there],
            "since": bought.moment[there],
            "revenue": bought.revenue[there],
            "margin": bought.margin[there],
            **texts,
            "origin": np.full(len(there), "customers", dtype=object),
            "place": there,
        }
    )


def _from_deals(
    sold: Sales, group: Texts, standing: Places, lead: Places
) -> tuple[pd.DataFrame, Places]:
    """Customers whom only won deals know; and the number of the customer of each deal."""
    number, _names = pd.factorize(group)
    number[pd.isna(group)] = -1
    count = int(number.max(initial=-1)) + 1
    first = Gathering(count, number).first(np.ones(len(number), dtype=np.bool_))
    ids = sold.own_id[first]
    numbered = np.array([f"deal row {row + 1}" for row in first], dtype=object)
    texts = {name: column[first] for name, column in sold.texts.items()}
    table = pd.DataFrame(
        {
            "key": "deal " + np.where(pd.isna(ids), numbered, ids).astype(object),
            "customer_id": np.full(count, None, dtype=object),
            "lead": lead[first],
            "since": np.full(count, NEVER),
            "revenue": np.full(count, np.nan),
            "margin": np.full(count, np.nan),
            **texts,
            "origin": np.full(count, "deals", dtype=object),
            "place": first,
        }
    )
    return table, number.astype(np.intp)


def _from_leads(rows: LeadRows, persons: Persons, with_buyer: np.ndarray) -> pd.DataFrame:
    """Leads won that are no customer yet, each once however many rows it has."""
    won = rows.there & (rows.status == "won")
    lead = np.unique(persons.first[won])
    lead = lead[~with_buyer[lead]]
    count = len(lead)
    blank = np.full(count, None, dtype=object)
    return pd.DataFrame(
        {
            "key": "lead " + rows.lead_id[lead].astype(str).astype(object),
            "customer_id": blank,
            "lead": lead,
            "since": np.full(count, NEVER),
            "revenue": np.full(count, np.nan),
            "margin": np.full(count, np.nan),
            **dict.fromkeys(SALE_TEXTS, blank),
            "origin": np.full(count, "leads", dtype=object),
            "place": lead,
        }
    )


def _complete(
    table: pd.DataFrame, sold: Sales, place: Places, rows: LeadRows, persons: Persons
) -> None:
    """Fill what a customer does not say itself: from its won deals, then from its lead."""
    deals = Gathering(len(table), np.where(sold.there & (sold.status == "won"), place, -1))
    every = np.ones(len(place), dtype=np.bool_)
    since: Moments = table["since"].to_numpy().astype("datetime64[us]")
    closed = np.where(sold.status == "won", sold.closed, NEVER)
    since = np.where(np.isnat(since), deals.earliest(closed, every), since)
    revenue = table["revenue"].to_numpy(dtype=np.float64)
    revenue = np.where(np.isnan(revenue), deals.total(sold.revenue), revenue)
    lead = table["lead"].to_numpy(dtype=np.intp)
    own = Gathering(len(rows.created), np.where(rows.there, persons.first, -1))
    won = rows.status == "won"
    known = np.flatnonzero(lead >= 0)
    at = lead[known]
    since[known] = np.where(np.isnat(since[known]), own.earliest(rows.ended, won)[at], since[known])
    worth = own.total(np.where(won, rows.revenue, np.nan))
    once = ~pd.Series(lead).duplicated().to_numpy()
    fill = known[np.isnan(revenue[known]) & once[known]]
    revenue[fill] = worth[lead[fill]]
    table["since"], table["revenue"] = since, revenue
    for name in SALE_TEXTS:
        cells = table[name].to_numpy(dtype=object, copy=True)
        blank = known[pd.isna(cells[known])]
        cells[blank] = rows.texts[name][lead[blank]]
        table[name] = cells
