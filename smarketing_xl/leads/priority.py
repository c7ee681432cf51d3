"""Whom to call first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.leads.consent import may_contact

# what waits longest comes first; leads that are done or doubled are called last
_URGENCY = {"late": 0, "due_soon": 1, "due": 2, "contacted_late": 3, "in_time": 3}
_NO_STATUS = 2
_LAST = 9
_OPEN = {"new", "accepted", "opportunity"}


def calling_priority(leads: pd.DataFrame) -> pd.Series[Any]:
    """The order in which to call: 1 is first; every lead has its own number.

    By what the agreement says (late, due soon, due, contacted), then by rating or grade, score,
    interest, and how soon the follow-up is due. Duplicates, leads that are won, lost or rejected,
    those that are not qualified and those not to be contacted come last. Columns that are missing
    are passed over; ties keep the table's order.

    >>> leads = pd.DataFrame({"sla_status": ["due", "late", "due"], "score": [50, 10, 90]})
    >>> calling_priority(leads).tolist()
    [3, 1, 2]
    """
    blank = pd.Series(None, index=leads.index, dtype=object)

    def column(name: str) -> pd.Series[Any]:
        return leads.get(name, blank)

    urgency = column("sla_status").map(_URGENCY).astype("float64").fillna(_NO_STATUS)
    over = column("sla_status").isin(["closed", "not_qualified"]) | column("duplicate_of").notna()
    over |= column("status").notna() & ~column("status").isin(_OPEN)
    over |= ~may_contact(leads)
    rating = column("rating").where(column("rating").notna(), column("grade"))
    order = pd.DataFrame(
        {
            "urgency": urgency.where(~over, _LAST),
            "rating": rating.astype(object).where(rating.notna(), "~").astype(str),
            "score": -column("score").astype("float64").fillna(-1),
            "interest": -column("interest").astype("float64").fillna(-1),
            "due": pd.to_datetime(column("follow_up_due")),
        }
    )
    ranked = order.reset_index(drop=True).sort_values([*map(str, order)], kind="stable").index
    place = np.empty(len(leads), dtype=np.int64)
    place[ranked.to_numpy()] = np.arange(1, len(leads) + 1)
    return pd.Series(place, index=leads.index, name="priority")
