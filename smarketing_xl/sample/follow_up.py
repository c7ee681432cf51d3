"""What sales did with the leads: some quickly, some late; accepted, rejected, won, lost or open."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Moments
from smarketing_xl.sample.people import Rng
from smarketing_xl.sample.settings import AS_OF
from smarketing_xl.sample.words import NEWCOMERS, OWNERS, STARTS

NOW = np.datetime64(AS_OF, "us")
NEVER = np.datetime64("NaT", "us")
OPENS, MINUTES = 9 * 60, 9 * 60  # the office opens at nine and works nine hours
MEDIAN_HOURS = np.array([0.9, 1.8, 3.5, 7.0, 15.0])  # office hours to the first contact, by owner
FORGOTTEN = np.array([0.01, 0.02, 0.05, 0.08, 0.16])  # share never contacted, by owner
WON = 0.15  # share of all leads that became customers


def make_follow_up(
    rng: Rng, leads: pd.DataFrame, fit: Floats, twice: NDArray[np.bool_]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The leads with owner, status, dates and revenue; and the calls and meetings of sales."""
    count = len(leads)
    created = leads["created"].to_numpy()
    owner = _owners(rng, created)
    hours = MEDIAN_HOURS[owner] * np.exp(rng.normal(0, 0.9, count)) * np.where(fit > 0.5, 0.8, 1.2)
    contacted = office_later(created, hours)
    contacted[(rng.random(count) < FORGOTTEN[owner]) | (contacted > NOW)] = NEVER
    decided = office_later(contacted, rng.uniform(1, 40, count))
    decided[(rng.random(count) < 0.05) | (decided > NOW)] = NEVER
    rejected = ~np.isnat(decided) & (rng.random(count) < np.where(fit > 0.5, 0.10, 0.55))
    accepted = ~np.isnat(decided) & ~rejected
    days = np.exp(rng.normal(np.log(42), 0.45, count))
    closing = np.maximum(_days_later(created, days), _days_later(decided, np.full(count, 2.0)))
    over = accepted & (closing < NOW)
    won = _winners(rng, over & ~twice, fit, hours, leads)
    opportunity = accepted & (NOW - decided > np.timedelta64(9, "D")) & (rng.random(count) < 0.8)
    status = np.select(
        [rejected, won, over, opportunity, accepted],
        ["rejected", "won", "lost", "opportunity", "accepted"],
        "new",
    )
    done = leads.assign(
        owner=np.array(OWNERS, dtype=object)[owner],
        status=status.astype(object),
        decided=decided,
        reason=_reasons(rng, status, fit),
        closed=np.where(over, closing, NEVER).astype("datetime64[D]").astype("datetime64[us]"),
        revenue=np.where(won, _revenue(rng, leads["employees"].to_numpy(), fit, won), np.nan),
    )
    last = np.where(over, closing, np.where(rejected, decided, NOW))
    return done, _attempts(rng, done, contacted, last)


def _owners(rng: Rng, created: Moments) -> NDArray[np.intp]:
    """Who got each lead: before the two newcomers start, the three who were there."""
    owner: NDArray[np.intp] = rng.choice(
        len(OWNERS), len(created), p=[0.22, 0.22, 0.21, 0.19, 0.16]
    )
    early = created < np.array(STARTS, dtype="datetime64[us]")[owner]
    return np.where(early, np.arange(2, len(owner) + 2) % NEWCOMERS, owner)


def office_later(start: Moments, hours: Floats) -> Moments:
    """The moment so many office hours (Monday to Friday, 9 to 18) after another."""
    known = ~np.isnat(start)
    moment = np.where(known, start, NOW).astype("datetime64[m]")
    day = moment.astype("datetime64[D]")
    opened = np.clip((moment - day).astype(int) - OPENS, 0, MINUTES)
    opened = np.where(np.is_busday(day), opened, 0)
    total = opened + np.round(hours * 60).astype(int)
    end = np.busday_offset(np.busday_offset(day, 0, roll="forward"), total // MINUTES)
    later = end.astype("datetime64[m]") + (OPENS + total % MINUTES).astype("timedelta64[m]")
    return np.asarray(np.where(known, later, NEVER).astype("datetime64[us]"))


def _days_later(start: Moments, days: Floats) -> Moments:
    return np.asarray(start + np.round(days * 1440).astype(int).astype("timedelta64[m]"))


def _winners(
    rng: Rng,
    over: NDArray[np.bool_],
    fit: Floats,
    hours: Floats,
    leads: pd.DataFrame,
) -> NDArray[np.bool_]:
    """Those most likely to buy, with luck: they fit, are large, were called soon, recommended."""
    warmth = leads["source"].map(
        {"Referral": 0.9, "Webinar": 0.5, "LinkedIn": 0.2, "Social ads": -0.7}
    )
    liking = 5.0 * fit + 0.3 * np.log(leads["employees"].to_numpy(dtype=float))
    liking += warmth.fillna(0).to_numpy() - 0.45 * np.log(hours)
    liking = np.where(over, liking + rng.logistic(size=len(fit)), -np.inf)
    chosen = np.argsort(-liking, kind="stable")[: round(len(fit) * WON)]
    won = np.zeros(len(fit), dtype=bool)
    won[chosen] = True
    return won


def _reasons(rng: Rng, status: NDArray[np.str_], fit: Floats) -> NDArray[np.object_]:
    rejected = np.array(["outside_persona", "no_need", "not_decider", "wrong_data", "unreachable"])
    lost = np.array(["competitor", "no_budget", "no_need", "unreachable"])
    misfit = rng.choice(rejected, len(fit), p=[0.55, 0.2, 0.1, 0.1, 0.05])
    fitting = rng.choice(rejected, len(fit), p=[0.05, 0.3, 0.25, 0.2, 0.2])
    why = np.where(fit > 0.5, fitting, misfit)
    gone = rng.choice(lost, len(fit), p=[0.3, 0.3, 0.25, 0.15])
    reason = np.select([status == "rejected", status == "lost"], [why, gone], "")
    reasons = reason.astype(object)
    reasons[reason == ""] = None
    return np.asarray(reasons)


def _revenue(rng: Rng, employees: Floats, fit: Floats, won: NDArray[np.bool_]) -> Floats:
    """A year's revenue of each customer, 6,000 on average, in steps of 50.

    Those who fit better, and larger firms, spend more: whoever is likelier to buy is worth more.
    """
    raw = np.exp(0.18 * np.log(employees) + fit + rng.normal(0, 0.3, len(employees)))
    return np.asarray(np.round(raw * 6_000 / raw[won].mean() / 50) * 50)


def _attempts(rng: Rng, leads: pd.DataFrame, first: Moments, last: Moments) -> pd.DataFrame:
    """One row a call, e-mail or meeting: the first contact and up to four more."""
    more = rng.binomial(4, np.where(leads["status"] == "rejected", 0.2, 0.5))
    times = np.where(np.isnat(first), 0, 1 + more)
    row = np.repeat(np.arange(len(leads)), times)
    number = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    hours = np.where(number > 0, number * 9.0 + rng.uniform(-3, 6, len(row)), 0.0)
    time = office_later(first[row], hours)
    kinds = rng.choice(
        np.array(["call", "reply", "meeting"], dtype=object), len(row), p=[0.6, 0.25, 0.15]
    )
    kinds = np.where(number == 0, np.where(rng.random(len(row)) < 0.7, "call", "reply"), kinds)
    frame = pd.DataFrame(
        {
            "lead_id": leads["lead_id"].to_numpy()[row],
            "time": time,
            "channel": None,
            "campaign": None,
            "kind": kinds.astype(object),
            "by": leads["owner"].to_numpy()[row],
        }
    )
    made: pd.DataFrame = frame.loc[(number == 0) | ((time < last[row]) & (time < NOW))]
    return made
