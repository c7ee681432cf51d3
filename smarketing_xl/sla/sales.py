"""What sales did with its leads, by month and owner."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from smarketing_xl.i18n import _, current_language
from smarketing_xl.schema.tables import REASONS, SLA_CONTACT, SLA_SALES
from smarketing_xl.sla.calendar import business_hours
from smarketing_xl.sla.cases import (
    ACCEPTED,
    Cases,
    build_cases,
    month_of,
)
from smarketing_xl.sla.follow_up import in_time

REASONS_SHOWN = 3
RECENT = 90


def by_owner(leads: IntoFrame, interactions: IntoFrame, terms: Any, now: Any) -> pd.DataFrame:
    """One row a month (in which the lead was assigned) and owner: the SlaSales table.

    in_time and its share are of the leads judged by now (see `follow_up.in_time`). median_hours:
    office hours to the first contact of the leads promised one; those still waiting count with
    their hours so far, so that a salesperson who calls nobody does not look quick. attempts: per
    lead. accepted: also what became an opportunity, won or lost. reasons: the most frequent ones of
    rejection and loss, in the language spoken.
    """
    return summed(build_cases(leads, interactions, terms, now))


def summed(case: Cases) -> pd.DataFrame:
    """The SlaSales table of cases."""
    rows = _rows(case)
    groups = rows.groupby(["month", "owner"], sort=True)
    table = groups.agg(
        assigned=("judged", "size"),
        in_time=("in_time", "sum"),
        judged=("judged", "sum"),
        median_hours=("hours", "median"),
        attempts=("attempts", "mean"),
        accepted=("accepted", "sum"),
        outside=("outside", "sum"),
        by_hand=("by_hand", "sum"),
        rejected=("rejected", "sum"),
        undecided=("undecided", "sum"),
        won=("won", "sum"),
    )
    judged = table["judged"].to_numpy(dtype=np.float64)
    table["in_time_share"] = table["in_time"] / np.where(judged == 0, np.nan, judged)
    table["reasons"] = _reasons(rows)
    return table.reset_index()[SLA_SALES.keys]


def by_grade(case: Cases) -> pd.DataFrame:
    """Hours to the first contact of each grade promised one: the SlaContact table.

    Of the leads that sales got in the last `RECENT` days. median and most: office hours within
    which half of them, and nine of ten, were contacted; those still waiting count with their hours
    so far. in_time_share: of the leads judged by now.
    """
    rows = _rows(case).assign(grade=case.grade[case.start <= case.now])
    recent = case.start[case.start <= case.now] > case.now - np.timedelta64(RECENT, "D")
    groups = rows[recent].groupby("grade")
    promised = case.terms.first_contact_hours
    table = pd.DataFrame({"promised": promised.values()}, pd.Index(promised, name="grade"))
    table["leads"] = groups.size().reindex(table.index, fill_value=0)
    table["median"] = groups["hours"].median()
    table["most"] = groups["hours"].quantile(0.9)
    judged = groups["judged"].sum().astype(np.float64)
    table["in_time_share"] = groups["in_time"].sum() / judged.where(judged > 0)
    return table.reset_index()[SLA_CONTACT.keys]


def _rows(case: Cases) -> pd.DataFrame:
    verdict = in_time(case)
    so_far = np.atleast_1d(business_hours(case.start, case.now, case.terms.office))
    accepted = np.isin(case.status, ACCEPTED)
    rows = pd.DataFrame(
        {
            "month": month_of(case.start),
            "owner": case.owner,
            "in_time": verdict == True,  # noqa: E712 - element by element, blank is neither
            "judged": ~pd.isna(verdict),
            "hours": np.where(case.waiting, so_far, _promised_only(case)),
            "attempts": case.attempts,
            "accepted": accepted,
            "outside": accepted & ~case.qualified & (case.grade != None),  # noqa: E711
            "by_hand": case.by_hand,
            "rejected": case.status == "rejected",
            "undecided": case.undecided,
            "won": case.status == "won",
            "reason": case.reason,
        }
    )
    rows["owner"] = rows["owner"].where(rows["owner"].notna(), _("(nobody)"))
    return rows[case.start <= case.now]


def _promised_only(case: Cases) -> Any:
    return np.where(np.isnan(case.promised), np.nan, case.contact_hours)


def _reasons(rows: pd.DataFrame) -> pd.Series[str]:
    """The most frequent reasons of each group: "No budget 3; No need now 1"."""
    labels = REASONS.shown(current_language())
    counted = rows.groupby(["month", "owner", "reason"]).size().rename("times").reset_index()
    counted = counted.sort_values(["times", "reason"], ascending=[False, True])
    counted = counted.groupby(["month", "owner"]).head(REASONS_SHOWN)
    shown = counted["reason"].map(lambda reason: labels.get(reason, reason))
    counted["said"] = shown.astype(object) + " " + counted["times"].astype(str)
    return counted.groupby(["month", "owner"])["said"].agg("; ".join)
