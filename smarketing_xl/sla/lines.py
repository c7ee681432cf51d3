"""Marketing's and sales' sides of the agreement by line: team, region or product."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Texts
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.tables import SLA_LINES
from smarketing_xl.sla.cases import ACCEPTED, Cases, month_of
from smarketing_xl.sla.follow_up import in_time

NO_LINE = N_("(no line)")
_SUMMED = (
    "delivered", "delivered_qualified", "assigned", "in_time", "judged", "late", "accepted",
    "rejected", "won",
)  # fmt: skip


def by_line(
    leads: pd.DataFrame,
    case: Cases,
    late: pd.DataFrame,
    months: pd.DataFrame,
    needed: pd.Series[float],
) -> pd.DataFrame:
    """One row a month and line: the SlaLines table; none where no lead has a line.

    leads: those of the cases, in their order. late: the table SlaLate. months: the table
    SlaMarketing, whose promise of a month is parted as the lines need leads. needed: leads that
    each line of the table Lines needs, by its name. Delivered counts by the month in which a lead
    was created, what sales did by that in which it got it; over all lines both sum to the tables
    beside.
    """
    line = Columns(leads, "line").texts("line")
    if pd.isna(line).all():
        return pd.DataFrame(columns=SLA_LINES.keys)
    line = np.where(pd.isna(line), _(NO_LINE), line).astype(object)
    rows = pd.concat([_delivered(leads, line, case), _worked(case, line, late)])
    table = rows.groupby(["month", "line"])[list(_SUMMED)].sum().reset_index()
    judged = table["judged"].to_numpy(dtype=np.float64)
    table["in_time_share"] = table["in_time"] / np.where(judged > 0, judged, np.nan)
    promised = months.set_index("month")["promised"]
    table["promised"] = table["month"].map(promised) * table["line"].map(needed / needed.sum())
    return table[SLA_LINES.keys]


def _delivered(leads: pd.DataFrame, line: Texts, case: Cases) -> pd.DataFrame:
    """Leads of marketing, as `marketing.delivered` counts them."""
    created = case.terms.to_office(Columns(leads, "created").times("created"))
    rows = pd.DataFrame(
        {
            "month": month_of(created),
            "line": line,
            "delivered": 1.0,
            "delivered_qualified": case.qualified.astype(np.float64),
        }
    )
    return rows[created <= case.now]


def _worked(case: Cases, line: Texts, late: pd.DataFrame) -> pd.DataFrame:
    """What sales did, as `sales.summed` counts it; and who is late now."""
    verdict = in_time(case)
    over = set(late.loc[late["sla_status"] == "late", "lead_id"])
    rows = pd.DataFrame(
        {
            "month": month_of(case.start),
            "line": line,
            "assigned": 1.0,
            "in_time": verdict == True,  # noqa: E712 - element by element, blank is neither
            "judged": ~pd.isna(verdict),
            "late": pd.Series(case.lead_id).isin(over),
            "accepted": np.isin(case.status, ACCEPTED),
            "rejected": case.status == "rejected",
            "won": case.status == "won",
        }
    )
    return rows[case.start <= case.now]
