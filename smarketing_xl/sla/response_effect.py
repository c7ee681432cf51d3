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
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Moments
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema.tables import SLA_ATTEMPTS, SLA_EFFECT, SLA_SPEED, SLA_SPEED_EFFECT
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
    rows = []
    for attempt in range(2, LAST_TRIAL + 1):
        begun = case.attempt(attempt - 1)
        seen = begun + np.timedelta64(WINDOW, "D")
        dated = ~(case.ended & np.isnat(end))
        there = counted & ~np.isnat(begun) & (seen <= case.now) & dated & ~(end <= seen)
        treated = there & (case.attempt(attempt) <= seen)
        stratum = _alike(case, leads, begun)
        rows.append({"attempt": float(attempt), **_compared(case, there, treated, stratum)})
    return pd.DataFrame(rows)[SLA_EFFECT.keys]


def speed_effect(leads: IntoFrame, interactions: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """Whether a sooner first contact went with more customers: the SlaSpeedEffect table.

    A sequence of trials: of the leads that nobody had called when a band of BANDS began and that
    were still open when it ended, those called within it against those called later or never;
    standardised by grade, source and quarter as in `attempt_effect`. The last row is what an hour
    sooner is worth, see `hour_sooner`.
    """
    case = build_cases(leads, interactions, terms, now)
    counted, stratum = _concerned(case), _alike(case, leads, case.start)
    end = np.where(np.isnat(case.decided), _ended(case), case.decided)
    dated = ~(case.ended & np.isnat(end))
    hours = np.where(np.isnan(case.contact_hours), np.inf, case.contact_hours)
    rows = []
    for low, high in zip((0.0, *BANDS), BANDS, strict=False):
        over = np.atleast_1d(add_business_hours(case.start, high, terms.office))
        there = counted & dated & (over <= case.now) & ~(end <= over)
        there &= (hours > low) | (low == 0)
        label = _("{low} to {high} h").format(
            low=format_number(low, 2), high=format_number(high, 2)
        )
        rows.append({"hours": label, **_compared(case, there, hours <= high, stratum)})
    rows += [hour_sooner(case, stratum)]
    return pd.DataFrame(rows)[SLA_SPEED_EFFECT.keys]


MONTH = 30.4375
RECENT = 90
"""Days by which leads a month are counted."""


def hour_sooner(case: Cases, stratum: NDArray[np.integer]) -> dict[str, Any]:
    """What calling the best grade an hour sooner is worth in leads a month.

    Of the leads of the grade with the fewest promised hours that were called within the last band
    and came so long ago that they could have been won (WINDOW), the slope of winning on the hours
    to the first contact, among those of like source and quarter (a fixed effect each; errors after
    White 1980, Econometrica 48:817). Customers that an hour sooner would bring in a month, over the
    share of all leads that becomes customers, are the leads that marketing would have to bring
    instead. Returns a row of SlaSpeedEffect.
    """
    counted = _concerned(case)
    promised = np.where(counted, case.promised, np.nan)
    row: dict[str, Any] = dict.fromkeys(SLA_SPEED_EFFECT.keys, np.nan)
    if np.isnan(promised).all():
        return row | {"hours": _("an hour sooner"), "said": _("too few to compare")}
    grade = case.grade[int(np.nanargmin(promised))]
    mine = counted & (case.grade == grade)
    row["hours"] = _("an hour sooner, {grade}").format(grade=grade)
    watched = case.start + np.timedelta64(WINDOW, "D") <= case.now
    chosen = mine & watched & (case.contact_hours <= BANDS[-1])
    won, hours = (case.status == "won")[chosen].astype(float), case.contact_hours[chosen]
    slope, error = _within(hours, won, stratum[chosen])
    recent = case.start > case.now - np.timedelta64(RECENT, "D")
    monthly = float((mine & recent).sum()) / RECENT * MONTH
    share = _pays(case, counted, case.start)["conversion"]
    row["leads"] = float(chosen.sum())
    if not np.isfinite(error) or not share > 0:
        return row | {"said": _("too few to compare")}
    estimate, low, high = (-slope + reach * error for reach in (0.0, -1.96, 1.96))
    text = _(
        "An hour sooner on {grade} leads goes with as many customers as {leads} more leads a month "
        "({low} to {high}); an observation, not an experiment"
    ).format(
        grade=grade,
        **{
            name: format_number(value * monthly / share, 1)
            for name, value in (("leads", estimate), ("low", low), ("high", high))
        },
    )
    return row | {"difference": estimate, "low": low, "high": high, "said": text}


def _within(given: Floats, answer: Floats, stratum: NDArray[np.integer]) -> tuple[float, float]:
    """The slope of an answer on what is given, among the alike, and its standard error."""
    if len(given) < 2:
        return np.nan, np.nan
    _names, place, size = np.unique(stratum, return_inverse=True, return_counts=True)

    def apart(values: Floats) -> Floats:
        rest: Floats = values - (np.bincount(place, values) / size)[place]
        return rest

    spread, change = apart(given), apart(answer)
    whole, free = float((spread**2).sum()), len(given) - len(size) - 1
    if whole < 1e-9 or free < WINDOW:
        return np.nan, np.nan
    slope = float((spread * change).sum()) / whole
    left = change - slope * spread
    error = np.sqrt(float((spread**2 * left**2).sum()) * len(given) / free) / whole
    return slope, float(error) if error > 0 else np.nan


def watched_less(case: Cases) -> list[str]:
    """A sentence where the leads go back less far than the shares that are told of them."""
    known = case.start[~np.isnat(case.start)]
    days = int((case.now - known.min()) / np.timedelta64(1, "D")) if len(known) else 0
    if not len(known) or days >= HORIZON:
        return []
    text = _(
        "The leads go back {count} days: a share within a year knows only what came in that time, "
        "and may yet rise"
    )
    return [text.format(count=format_number(days))]


def _alike(case: Cases, leads: IntoFrame, since: Moments) -> NDArray[np.integer]:
    """Numbers of leads that are alike: of one grade and source, and of the quarter of a moment."""
    alike = pd.DataFrame(
        {
            "grade": case.grade,
            "source": pd.Series(Columns(leads, "source").texts("source"), dtype=object),
            "quarter": pd.Series(since).dt.to_period("Q"),
        }
    )
    return alike.groupby(list(alike), dropna=False).ngroup().to_numpy()


def _compared(
    case: Cases, there: Flags, treated: Flags, stratum: NDArray[np.integer]
) -> dict[str, Any]:
    """A trial among the leads there: those treated against the others, among the alike."""
    won = case.status[there] == "won"
    found = standardised_difference(treated[there], won, stratum[there])
    return {
        "leads": float((there & treated).sum()),
        "others": float((there & ~treated).sum()),
        "difference": found.estimate,
        "low": found.low,
        "high": found.high,
        "said": _effect_in_words(found),
    }


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
