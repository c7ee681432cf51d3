"""What marketing promised and delivered: by month, by grade or persona, and day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Moments, Texts
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import _, current_language
from smarketing_xl.schema.tables import SLA_MARKETING, SLA_PROMISES
from smarketing_xl.sla.calendar import DAY, MONTH, business_hours
from smarketing_xl.sla.forecast import lead_batch, month_end
from smarketing_xl.sla.terms import Terms

AHEAD, BEHIND = 1.05, 0.95
"""Delivered for each promised to date, beyond which a month is ahead or behind."""

BATCH_DAYS = np.timedelta64(180, "D")
"""How far back the days go that tell whether leads come one by one or in batches."""


def delivered(leads: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """One row a month, from that of the first lead to this one: the SlaMarketing table.

    leads: created, qualified and duplicate_of; a lead that repeats another is not counted, nor one
    created after now. Months outside the agreement have no promise. to_date: the promise in
    proportion to the working time passed. pace: delivered / to_date, of leads or of qualified
    leads, whichever is lower. state: met, missed (months that are over), ahead, on_track, behind,
    met already, not_started (no working time has passed).
    """
    now = np.datetime64(now, "us")
    created, counted = _counted(leads, terms, now)
    given = Columns(leads, "qualified")
    month = created.astype("datetime64[M]")
    first = month[counted].min(initial=now.astype("datetime64[M]"))
    months = np.arange(first, now.astype("datetime64[M]") + MONTH)
    elapsed = working_share(months, now, terms)
    every = _by_month(month[counted], months)
    qualified = _by_month(month[counted & given.flags("qualified")], months)
    covered = _covered(months, terms)
    promised = np.where(covered, terms.promised_in(months), np.nan)
    promised_qualified = np.where(covered, terms.sla_qualified, np.nan)
    pace = np.fmin(_pace(every, promised * elapsed), _pace(qualified, promised_qualified * elapsed))
    kept = (every >= promised) & (qualified >= promised_qualified)
    batch = _batch(created[counted], terms, now)
    expected, low, high = month_end(every[-1], elapsed[-1], every[:-1].tolist(), batch=batch)
    table = pd.DataFrame(
        {
            "month": months.astype("datetime64[us]"),
            "promised": promised,
            "delivered": every,
            "promised_qualified": promised_qualified,
            "delivered_qualified": qualified,
            "to_date": np.round(promised * elapsed, 1),
            "pace": pace,
            "forecast": _then(every, expected),
            "low": _then(every, low),
            "high": _then(every, high),
            "state": _states(pace, elapsed, kept),
        }
    )
    return table[SLA_MARKETING.ours]


def month_passed(months: pd.DataFrame) -> float:
    """How much of the last month's working time has passed, 0 to 1; NaN where nothing is promised.

    months: the table SlaMarketing.
    """
    this = months.iloc[-1]
    return float(this["to_date"] / this["promised"]) if this["promised"] > 0 else np.nan


def by_group(
    promises: pd.DataFrame,
    leads: IntoFrame,
    terms: Terms,
    now: Any,
    lead_value: float = np.nan,
    known: Sequence[str] | None = None,
) -> pd.DataFrame:
    """This month's leads of each grade or persona promised: our columns of the SlaPromises table.

    promises: the columns group and promised (index kept). lead_value: money a lead brings (see
    `funnel.lead_value`). known: the grades and personas there are; raises BadData naming every
    group that is none of them.
    """
    groups = Columns(promises, "group", "promised")
    names, promised = groups.texts("group"), groups.numbers("promised")
    _check(promises, names, known)
    now = np.datetime64(now, "us")
    created, counted = _counted(leads, terms, now)
    given = Columns(leads, "grade", "persona")
    month = created.astype("datetime64[M]")
    this = now.astype("datetime64[M]")
    months = np.arange(month[counted].min(initial=this), this + MONTH)
    elapsed = float(working_share(months[-1:], now, terms)[0])
    members = [
        counted & ((given.texts("grade") == name) | (given.texts("persona") == name))
        for name in names
    ]
    of_group = [_by_month(month[members_of], months) for members_of in members]
    far = np.array([counts[-1] for counts in of_group])
    ends = np.array(
        [
            month_end(
                counts[-1],
                elapsed,
                counts[:-1].tolist(),
                batch=_batch(created[members_of], terms, now),
            )
            for counts, members_of in zip(of_group, members, strict=True)
        ]
    ).reshape(-1, 3)
    pace = _pace(far, promised * elapsed)
    return pd.DataFrame(
        {
            "delivered": far,
            "to_date": np.round(promised * elapsed, 1),
            "pace": pace,
            "forecast": ends[:, 0],
            "low": ends[:, 1],
            "high": ends[:, 2],
            "value_promised": promised * lead_value,
            "value_delivered": far * lead_value,
            "state": _states(pace, np.full(len(far), elapsed), far >= promised),
        },
        index=promises.index,
    )[SLA_PROMISES.ours]


def day_by_day(leads: IntoFrame, terms: Terms, now: Any) -> pd.DataFrame:
    """This month's cumulative lines, promised and delivered: the SlaLine table, one row a day.

    The promise grows with working time; what was delivered ends today.
    """
    now = np.datetime64(now, "us")
    created, counted = _counted(leads, terms, now)
    qualified = counted & Columns(leads, "qualified").flags("qualified")
    this = now.astype("datetime64[M]")
    days = np.arange(this.astype("datetime64[D]"), (this + MONTH).astype("datetime64[D]"))
    share = working_share(this, (days + DAY).astype("datetime64[us]"), terms)
    covered = _covered(np.array([this]), terms)[0]
    past = days <= now

    def line(which: Flags) -> Floats:
        there = np.sort(created[which & (created.astype("datetime64[M]") == this)])
        counts = np.searchsorted(there, (days + DAY).astype("datetime64[us]"))
        return np.where(past, counts, np.nan)

    return pd.DataFrame(
        {
            "day": days.astype("datetime64[us]"),
            "promised": np.round(share * terms.promised_in(this), 1) if covered else np.nan,
            "delivered": line(counted),
            "promised_qualified": np.round(share * terms.sla_qualified, 1) if covered else np.nan,
            "delivered_qualified": line(qualified),
        }
    )


def working_share(months: Moments, until: Any, terms: Terms) -> Any:
    """How much of each month's working time has passed at a moment, 0 to 1.

    until: one moment or one a month. A month without working time passes by the clock.
    """
    starts, ends = months.astype("datetime64[us]"), (months + MONTH).astype("datetime64[us]")
    whole = np.asarray(business_hours(starts, ends, terms.office))
    by_clock = (np.asarray(until) - starts) / (ends - starts)
    passed = np.asarray(business_hours(starts, until, terms.office))
    return np.clip(np.where(whole > 0, passed / np.where(whole > 0, whole, 1), by_clock), 0, 1)


def _counted(leads: IntoFrame, terms: Terms, now: np.datetime64) -> tuple[Moments, Flags]:
    """When leads were created, on the office's clock, and which of them count."""
    given = Columns(leads, "created", "duplicate_of")
    created = terms.to_office(given.times("created"))
    return created, (created <= now) & pd.isna(given.texts("duplicate_of"))


def _by_month(months_of_leads: Moments, months: Moments) -> Floats:
    places = (months_of_leads - months[0]).astype(np.int64)
    return np.bincount(places, minlength=len(months)).astype(np.float64)


def _batch(created: Moments, terms: Terms, now: np.datetime64) -> float:
    """How many leads come at once, from the working days of the last months; today is not over."""
    calendar = terms.office.calendar
    today = now.astype("datetime64[D]")
    days = np.busday_offset(created.astype("datetime64[D]"), 0, "forward", busdaycal=calendar)
    first = max(days.min(initial=today), today - BATCH_DAYS)
    every = np.arange(first, today)
    every = every[np.is_busday(every, busdaycal=calendar)]
    if not len(every):
        return 1.0
    place = np.searchsorted(every, days)
    inside = (days >= first) & (days < today)
    counts = np.bincount(place[inside], minlength=len(every)).astype(np.float64)
    return lead_batch(counts, every.astype("datetime64[M]").astype(np.float64))


def _covered(months: Moments, terms: Terms) -> Flags:
    """Months that the agreement reaches into."""
    first = np.datetime64(terms.agreed_from or dt.date.min, "M")
    last = np.datetime64(terms.agreed_to or dt.date.max, "M")
    covered: Flags = (months >= first) & (months <= last)
    return covered


def _pace(counts: Floats, promised: Floats) -> Floats:
    """Delivered for each promised; NaN where nothing was promised (to date)."""
    return counts / np.where(promised > 0, promised, np.nan)


def _then(counts: Floats, end: float) -> Floats:
    return np.append(counts[:-1], end)


def _states(pace: Floats, elapsed: Floats, kept: NDArray[np.bool_]) -> Texts:
    """Entries of PACES; None where nothing was promised."""
    over = elapsed >= 1
    states = np.select(
        [elapsed <= 0, np.isnan(pace), kept, over, pace > AHEAD, pace < BEHIND],
        ["not_started", "", "met", "missed", "ahead", "behind"],
        "on_track",
    )
    out = states.astype(object)
    out[states == ""] = None
    return out


def _check(promises: pd.DataFrame, names: Texts, known: Sequence[str] | None) -> None:
    if known is None:
        return
    faults = [
        Fault(
            _("is neither a grade nor a persona"),
            _("Write it as in the tables of grades and personas"),
            promises.attrs.get("sheet"),
            int(row),
            SLA_PROMISES["group"].title(current_language()),
            name,
        )
        for row, name in zip(promises.index, names, strict=True)
        if name is not None and name not in known
    ]
    if faults:
        raise BadData(faults)
