"""Leads, customers and interactions as the account has them, for those who read it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.frames import Columns
from smarketing_xl.outcomes.account import Account


def settled_leads(leads: pd.DataFrame, found: Account) -> pd.DataFrame:
    """Leads, one row a lead, with what became of it in status, decided, closed and revenue.

    leads: the table the account was made of; its index and all its columns are kept. closed: when
    it was won or lost; blank where nothing dates it. qualified: where any of its rows is.
    """
    told = found.leads
    out = leads.loc[told.index].copy()
    since, state = told["since"], told["state"]
    sold = state.isin(("won", "lost"))
    out["status"] = told["status"].astype(object)
    out["closed"] = since.where(sold)
    decided = out["decided"] if "decided" in out else pd.Series(pd.NaT, out.index)
    decided = pd.to_datetime(decided)
    if found.at is not None:
        decided = decided.where(~(decided > pd.Timestamp(found.at)))
    decided = decided.where(decided.notna(), told["accepted_on"])
    decided = decided.where(state != "rejected", since)
    out["decided"] = decided.where(told["status"] != "new")
    out["revenue"] = told["revenue"]
    out["duplicate_of"] = pd.Series(None, out.index, dtype=object)
    if "qualified" in out:
        out["qualified"] = out["qualified"].where(~told["qualified"], True)
    return out


def settled_customers(customers: pd.DataFrame | None, found: Account) -> pd.DataFrame:
    """Every new customer as a row of the table Customers: those that only deals or leads know too.

    customers: the table the account was made of; all its columns are kept.
    """
    told = found.customers.rename(columns={"since": "won_on"})
    told = told.drop(columns=["customer_id", "origin", "place"]).rename(
        columns={"key": "customer_id"}
    )
    if customers is None:
        return told
    rows = found.customers.loc[found.customers["origin"] == "customers", "place"].to_numpy()
    more = customers.drop(columns=[name for name in told if name in customers])
    more = more.iloc[rows].reset_index(drop=True).reindex(np.arange(len(told)))
    return pd.concat([told, more], axis="columns")


def settled_interactions(interactions: pd.DataFrame, found: Account) -> pd.DataFrame:
    """Interactions, those of duplicates and merged leads with the lead they are."""
    ids = Columns(interactions, "lead_id").texts("lead_id")
    place = found.persons.find(ids)
    ids[place >= 0] = found.persons.lead_id[place[place >= 0]]
    return interactions.assign(lead_id=pd.Series(ids, interactions.index, dtype=object))


def lead_names(found: Account) -> pd.DataFrame:
    """Every ID that a lead goes by (known_as, see matching.plain_ids) and the lead's (lead)."""
    who = found.persons
    leads = who.lead_id[who.first[who.rows]]
    names = pd.DataFrame({"known_as": who.ids, "lead": leads}, dtype=object)
    return names.dropna().drop_duplicates("known_as", ignore_index=True)
