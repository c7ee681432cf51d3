"""The account in tables: what came by month, the pipeline by owner, what belongs to no lead."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.i18n import N_, _
from smarketing_xl.outcomes.account import Account
from smarketing_xl.schema.tables import CUSTOMERS, DEALS
from smarketing_xl.schema.tables.outcomes import OUTCOMES, PIPELINE, UNMATCHED

REASONS = {
    "unknown_lead": N_("The lead it names is not in the table of leads"),
    "several_leads": N_("Several leads have its company: write the Lead ID"),
    "no_lead": N_("No lead has its ID, e-mail, telephone or company"),
}
UNDATED = {
    "created": N_("{count} leads have no date of creation: they are in no month."),
    "accepted": N_("{count} leads were accepted without a date."),
    "rejected": N_("{count} leads were rejected without a date."),
    "won": N_("{count} leads were won without a date: they count as customers, in no month."),
    "lost": N_("{count} leads were lost without a date."),
}
_KEYS = ["month", "line", "owner"]


def by_month(account: Account) -> pd.DataFrame:
    """What came, by month, line and owner: the Outcomes table. Undated rows have a blank month."""
    leads, customers = account.leads, account.customers
    taken = leads["state"].isin(("accepted", "won", "lost"))
    came = leads[["line", "owner"]].assign(
        month=_month(leads["created"]),
        leads=1.0,
        qualified=leads["qualified"].astype(float),
        accepted=taken.astype(float),
        opportunities=(leads["opportunity"] & taken).astype(float),
        won=(leads["state"] == "won").astype(float),
    )
    bought = customers[["line", "owner", "revenue"]].assign(
        month=_month(customers["since"]), customers=1.0
    )
    rows = pd.concat([came, bought], ignore_index=True)
    numbers = [key for key in OUTCOMES.keys if key not in _KEYS]
    table = rows.groupby(_KEYS, dropna=False)[numbers].sum().reset_index()
    return table.sort_values(_KEYS, ignore_index=True, na_position="last")[OUTCOMES.keys]


def pipeline(account: Account, now: dt.datetime) -> pd.DataFrame:
    """Open deals by owner: the Pipeline table. A deal is past due whose date is before today."""
    deals = account.deals
    status = deals["status"].to_numpy(dtype=object)
    closed = np.isin(status, ("won", "lost"))
    won_share = float((status == "won").sum() / closed.sum()) if closed.any() else np.nan
    open_deals = deals[status == "open"]
    amount = pd.to_numeric(open_deals["amount"])
    chance = pd.to_numeric(open_deals["probability"]).astype(float).fillna(won_share)
    expected = pd.to_datetime(open_deals["expected"])
    rows = pd.DataFrame(
        {
            "owner": open_deals["owner"].astype(object).where(open_deals["owner"].notna(), None),
            "deals": 1.0,
            "amount": amount,
            "weighted": amount * chance,
            "past_due": (expected < pd.Timestamp(now).normalize()).astype(float),
            "without_amount": amount.isna().astype(float),
        }
    )
    rows["owner"] = rows["owner"].fillna(_("(nobody)"))
    return rows.groupby("owner").sum().reset_index()[PIPELINE.keys]


def unmatched(account: Account) -> pd.DataFrame:
    """What belongs to no lead, with why: the Unmatched table."""
    from smarketing_xl.schema.tables import SHEETS

    names = {"customers": _(SHEETS[CUSTOMERS.sheet]), "deals": _(SHEETS[DEALS.sheet])}
    reasons = {key: _(text) for key, text in REASONS.items()}
    rows = account.unmatched
    return pd.DataFrame(
        {
            "table": rows["table"].map(names),
            "row_id": rows["id"],
            "lead_id": rows["lead_id"],
            "reason": rows["reason"].map(reasons),
        }
    )[UNMATCHED.keys]


def notes(account: Account) -> tuple[str, ...]:
    """What the account had to leave undated, in sentences."""
    from smarketing_xl.i18n import format_number

    return tuple(
        _(text).format(count=format_number(account.undated[key]))
        for key, text in UNDATED.items()
        if account.undated[key]
    )


def _month(times: pd.Series[Any]) -> pd.Series[Any]:
    months = times.to_numpy().astype("datetime64[M]").astype("datetime64[us]")
    return pd.Series(months, times.index)
