"""Leads, customers and interactions as the account has them, for those who read it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.frames import Columns
from smarketing_xl.outcomes.account import Account


def settled_leads(leads: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Leads, one row a lead, with what became of it in status, decided, closed and revenue.

    leads: the table the account was made of; its index and all its columns are kept. closed: when
    it was won or lost; blank where nothing dates it. qualified: where any of its rows is.
    """
    outcomes = account.leads
    out = leads.loc[outcomes.index].copy()
    since, state = outcomes["since"], outcomes["state"]
    sold = state.isin(("won", "lost"))
    out["status"] = outcomes["status"].astype(object)
    out["closed"] = since.where(sold)
    decided = out["decided"] if "decided" in out else pd.Series(pd.NaT, out.index)
    decided = pd.to_datetime(decided)
    if account.at is not None:
        decided = decided.where(~(decided > pd.Timestamp(account.at)))
    decided = decided.where(decided.notna(), outcomes["accepted_on"])
    decided = decided.where(state != "rejected", since)
    out["decided"] = decided.where(outcomes["status"] != "new")
    out["revenue"] = outcomes["revenue"]
    out["duplicate_of"] = pd.Series(None, out.index, dtype=object)
    if "qualified" in out:
        out["qualified"] = out["qualified"].where(~outcomes["qualified"], True)
    return out


def settled_customers(customers: pd.DataFrame | None, account: Account) -> pd.DataFrame:
    """Every new customer as a row of the table Customers: those that only deals or leads know too.

    customers: the table the account was made of; all its columns are kept.
    """
    new_customers = account.customers.rename(columns={"since": "won_on"})
    new_customers = new_customers.drop(columns=["customer_id", "origin", "place"]).rename(
        columns={"key": "customer_id"}
    )
    if customers is None:
        return new_customers
    rows = account.customers.loc[account.customers["origin"] == "customers", "place"].to_numpy()
    more = customers.drop(columns=[name for name in new_customers if name in customers])
    more = more.iloc[rows].reset_index(drop=True).reindex(np.arange(len(new_customers)))
    return pd.concat([new_customers, more], axis="columns")


def settled_interactions(interactions: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Interactions, those of duplicates and merged leads with the lead they are."""
    ids = Columns(interactions, "lead_id").texts("lead_id")
    place = account.persons.find(ids)
    ids[place >= 0] = account.persons.lead_id[place[place >= 0]]
    return interactions.assign(lead_id=pd.Series(ids, interactions.index, dtype=object))


def lead_names(account: Account) -> pd.DataFrame:
    """Every ID that a lead goes by (known_as, see matching.plain_ids) and the lead's (lead)."""
    who = account.persons
    leads = who.lead_id[who.first[who.rows]]
    names = pd.DataFrame({"known_as": who.ids, "lead": leads}, dtype=object)
    return names.dropna().drop_duplicates("known_as", ignore_index=True)
