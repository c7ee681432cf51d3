"""What the account says of leads that their own row does not: to be marked there, in place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.outcomes.account import Account

_EARLIER = ("new", "accepted", "opportunity")
_CENT = 0.005


def marks(leads: pd.DataFrame, account: Account) -> tuple[dict[str, pd.Series[Any]], pd.DataFrame]:
    """The cells of Leads that deals and customers fill, and what disagrees with them.

    leads: the table the account was made of. Returns for each column (status, closed, revenue) the
    new values of only the rows that change, by their index; and the conflicts: id, column, here,
    there, row (blank). A status of an earlier stage goes on to the later one; a blank is filled;
    anything else that people typed stays, and is a conflict.
    """
    outcomes = account.leads
    backed = outcomes["status"].isin(("won", "lost", "opportunity")) & outcomes["lead_id"].notna()
    dealt = set(account.deals["lead_id"].dropna())
    bought = account.customers.loc[account.customers["origin"] != "leads", "lead_id"].dropna()
    backed &= outcomes["lead_id"].isin(dealt | set(bought))
    outcomes = outcomes[backed]
    rows = leads.loc[outcomes.index]
    here = {key: _column(rows, key) for key in ("status", "closed", "revenue")}
    sold = outcomes["state"].isin(("won", "lost"))
    there: dict[str, pd.Series[Any]] = {
        "status": outcomes["status"].astype(object),
        "closed": outcomes["since"].where(sold).dt.normalize(),
        "revenue": outcomes["revenue"].where(outcomes["state"] == "won"),
    }
    agree = {
        "status": here["status"] == there["status"],
        "closed": pd.to_datetime(here["closed"]).dt.normalize() == there["closed"],
        "revenue": (pd.to_numeric(here["revenue"]) - there["revenue"]).abs() < _CENT,
    }
    changes: dict[str, pd.Series[Any]] = {}
    conflicts = []
    for key, values in there.items():
        known = values.notna() & ~agree[key]
        free = known & here[key].isna()
        if key == "status":
            free |= known & here[key].isin(_EARLIER)
        if free.any():
            changes[key] = values[free]
        stays = known & ~free
        conflicts.append(
            pd.DataFrame(
                {
                    "id": outcomes.loc[stays, "lead_id"].to_numpy(dtype=object),
                    "column": key,
                    "here": here[key][stays].to_numpy(dtype=object),
                    "there": values[stays].to_numpy(dtype=object),
                    "row": np.full(int(stays.sum()), None, dtype=object),
                }
            )
        )
    return changes, pd.concat(conflicts, ignore_index=True)


def _column(rows: pd.DataFrame, key: str) -> pd.Series[Any]:
    return rows[key] if key in rows else pd.Series(None, rows.index, dtype=object)
