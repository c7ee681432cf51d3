"""What should we promise? What calling sooner, and once more, was worth so far.

These are observations, not an experiment: whoever was called sooner may have been likelier to buy.
The intervals say how sure the shares are, not why they differ. An outcome that nothing dates counts
as over at once: left out, or taken for open, it would bend the share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from smarketing_xl.clock import Moments
from smarketing_xl.frames import Columns, Flags
from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema.tables import SLA_ATTEMPTS, SLA_EFFECT, SLA_SPEED
from smarketing_xl.sla.calendar import add_business_hours
from smarketing_xl.sla.cases import NEVER, Cases, build_cases
from smarketing_xl.sla.terms import Terms
from smarketing_xl.stats.competing_risks import cumulative_incidence
from smarketing_xl.stats.standardised import Difference, standardised_difference

BANDS = (1.0, 4.0, 8.0, 24.0)
"""Office hours to the first contact at which the bands of `by_speed` end."""

HORIZON = 365.0
"""Days within which a lead must be won to count."""

ATTEMPTS = 8

WINDOW = 7
"""Days within which one more attempt is made or not."""

LAST_TRIAL = 5


def by_speed(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """Conversion by office hours to the first contact: the SlaSpeed table.

    Of the leads whose grade has promised hours (of all, where none has). A lead is watched from the
    moment its band is known: its first contact, or when the last band was over without one.
    """
    case = build_cases(leads, interactions, terms, now)
    counted = _concerned(case)
    hours = case.contact_hours
    past = np.atleast_1d(add_business_hours(case.start, BANDS[-1], terms.office))
    never = np.isnat(case.contact) & (past <= case.now) & ~(_ended(case) <= past)
    edges = (0.0, *BANDS)
    rows = []
    for low, high in zip(edges, BANDS, strict=False):
        inside = counted & (hours > low) & (hours <= high)
        inside |= counted & (hours == 0) & (low == 0)
        label = (
            _("{high} h").format(high=format_number(high, 2))
            if low == 0
            else _("{low} to {high} h").format(
                low=format_number(low, 2), high=format_number(high, 2)
            )
        )
        rows.append({"hours": label, **_pays(case, inside, case.contact)})
    late = counted & (never | (hours > BANDS[-1]))
    since = np.where(never, past, case.contact)
    label = _("later, or never")
    rows.append({"hours": label, **_pays(case, late, since)})
    return pd.DataFrame(rows)[SLA_SPEED.keys]


def by_attempts(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """What each attempt is worth: the SlaAttempts table, the first to the eighth attempt.

    Of the leads that got an attempt while sales had not decided, watched from that attempt on:
    how many became customers. So a lead won at the first call does not make fifth calls look
    useless, nor do those that stayed open long make them look good. of_all_won: the share of all
    customers that sales had reached (accepted) with at most so many attempts.
    """
    case = build_cases(leads, interactions, terms, now)
    counted = _concerned(case)
    decided = np.where(np.isnat(case.decided), _ended(case), case.decided)
    before = ~(case.touch_time > decided[case.touch_lead])
    needed = np.bincount(case.touch_lead[before], minlength=len(decided))
    won = counted & (case.status == "won") & (needed > 0)
    rows = []
    for attempt in range(1, ATTEMPTS + 1):
        since = case.attempt(attempt)
        made = counted & ~np.isnat(since) & ~(decided < since)
        reached = (won & (needed <= attempt)).sum() / won.sum() if won.any() else np.nan
        rows.append({"attempt": attempt, **_pays(case, made, since), "of_all_won": reached})
    return pd.DataFrame(rows)[SLA_ATTEMPTS.keys]


def attempt_effect(
    leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any
) -> pd.DataFrame:
    """Whether one more attempt went with more customers: the SlaEffect table, second to fifth.

    A sequence of trials: of the leads still open WINDOW days after their attempt before, those who
    got one more within these days against those who did not. Watched from the end of these days, so
    that neither is given time that the other has not; standardised by grade, source and quarter.
    What salespeople saw in a lead, and no column says, is not levelled out: no experiment.
    """
    case = build_cases(leads, interactions, terms, now)
    counted = _concerned(case)
    end = np.where(np.isnat(case.decided), _ended(case), case.decided)
    source = pd.Series(Columns(leads, "source").texts("source"), dtype=object)
    rows = []
    for attempt in range(2, LAST_TRIAL + 1):
        begun = case.attempt(attempt - 1)
        seen = begun + np.timedelta64(WINDOW, "D")
        dated = ~(case.ended & np.isnat(end))
        there = counted & ~np.isnat(begun) & (seen <= case.now) & dated & ~(end <= seen)
        treated = there & (case.attempt(attempt) <= seen)
        alike = pd.DataFrame(
            {"grade": case.grade, "source": source, "quarter": pd.Series(begun).dt.to_period("Q")}
        )[there]
        stratum = alike.groupby(list(alike), dropna=False).ngroup().to_numpy()
        won = case.status[there] == "won"
        found = standardised_difference(treated[there], won, stratum)
        rows.append(
            {
                "attempt": float(attempt),
                "leads": float(treated.sum()),
                "others": float((there & ~treated).sum()),
                "difference": found.estimate,
                "low": found.low,
                "high": found.high,
                "said": _effect_in_words(found),
            }
        )
    return pd.DataFrame(rows)[SLA_EFFECT.keys]


def _effect_in_words(found: Difference) -> str:
    if np.isnan(found.estimate):
        return _("too few to compare")
    if found.low > 0:
        return _("went with more customers; an observation, not an experiment")
    if found.high < 0:
        return _("went with fewer customers; an observation, not an experiment")
    return _("no difference beyond chance")


def _concerned(case: Cases) -> Flags:
    promised = ~np.isnan(case.promised)
    return (promised if promised.any() else np.ones(len(promised), dtype=np.bool_)) & ~np.isnat(
        case.start
    )


def _ended(case: Cases) -> Moments:
    """When each lead was won, lost or rejected; NaT for those still open."""
    when = np.where(np.isnat(case.closed), case.decided, case.closed)
    over: Moments = np.where(case.ended, when, NEVER)
    return over


def _pays(case: Cases, chosen: Flags, since: Moments) -> dict[str, float]:
    """Leads, won, and the share that becomes a customer, watched since a moment."""
    end = _ended(case)[chosen]
    over = case.ended[chosen]
    open_until = np.where(np.isnat(end), np.where(over, since[chosen], case.now), end)
    days = np.maximum((open_until - since[chosen]) / np.timedelta64(1, "D"), 0.0)
    won = case.status[chosen] == "won"
    lost = over & ~won
    share = cumulative_incidence(days, won, lost, HORIZON)
    return {
        "leads": float(chosen.sum()),
        "won": float(won.sum()),
        "conversion": share.estimate,
        "low": share.low,
        "high": share.high,
    }
