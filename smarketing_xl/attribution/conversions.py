"""What became of each lead, from the tables Leads, Customers and Interactions (here or elsewhere).

Sales are the rows of Customers, and leads that were won but are no customer row yet. A lead without
any recorded touch counts with the source and campaign it came with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from smarketing_xl.attribution.exclusions import Dropped
from smarketing_xl.attribution.expressions import (
    blank_text,
    collect,
    number,
    text,
)
from smarketing_xl.attribution.settings import DAY, DEFAULTS
from smarketing_xl.attribution.sources import beside
from smarketing_xl.clock import microseconds

Frame = nw.LazyFrame[Any]
LOST = ("lost", "rejected")
TOUCH = ("channel", "campaign", "kind", "by")


@dataclass(frozen=True)
class History:
    """What journeys are made of (see journeys.journeys), and what was filled in to get there."""

    interactions: Any
    conversions: Any
    filled: Dropped = field(default_factory=dict)


def history(
    interactions: Any,
    leads: Any,
    customers: Any,
    *,
    as_of: dt.datetime,
    lookback_days: float = DEFAULTS["lookback_days"],
) -> History:
    """Touches and conversions from the three tables, where the interactions lie.

    Leads and customers lie there too, or in memory; those in memory are brought there.

    A sale or a loss without a date happened, as far as anyone knows, when the lead was last heard
    of: its last interaction, else its creation, else the day of the report. A customer without a
    lead stands for itself. Counts of both are in `filled`. lookback_days: a lead without a touch
    is taken to have met its source when it was created, if that is no longer before its end.
    """
    home = nw.from_native(interactions)
    sold, everyone = (_brought(home, rows) for rows in (sales(leads, customers), people(leads)))
    touches = _touches(home.lazy())
    now = nw.lit(as_of.replace(tzinfo=None)).cast(nw.Datetime("us"))
    undated = nw.col("time").is_null()
    losses = everyone.filter(nw.col("status").is_in(LOST))
    columns = ("lead_id", "time", "created", "deal_created", "revenue", "margin")
    ends = nw.concat(
        [
            sold.select(*columns, won=nw.lit(True)),
            losses.select(*columns, won=nw.lit(False)),
        ],
        how="vertical",
    )
    conversions = _dated(ends, touches, now)
    sourced = _sourced(everyone, sold, touches, conversions, now, lookback_days)
    filled = {
        "sale_undated": _count(sold.filter(undated)),
        "loss_undated": _count(losses.filter(undated)),
        "from_source": _count(sourced),
    }
    return History(
        _native(nw.concat([touches, sourced], how="vertical"), interactions),
        _native(conversions, interactions),
        filled,
    )


def _dated(ends: Frame, touches: Frame, now: nw.Expr) -> Frame:
    """Ends that nothing dates: at the last interaction of their lead, its creation, or now."""
    last_touches = (
        touches.filter(nw.col("time") <= now).group_by("lead_id").agg(heard=nw.col("time").max())
    )
    dated: Frame = ends.join(last_touches, on="lead_id", how="left").select(
        "lead_id",
        "revenue",
        "margin",
        "won",
        "created",
        "deal_created",
        time=nw.coalesce("time", "heard", "created", now),
    )
    return dated


def people(leads: Any) -> Frame:
    """lead_id, created, deal_created, time (when it was won or lost), status, source, campaign,
    score, grade, qualified, revenue, margin of each lead."""
    frame = nw.from_native(leads).lazy()
    have = frame.collect_schema().names()
    qualified = nw.col("qualified").cast(nw.Boolean) if "qualified" in have else nw.lit(False)
    rows: Frame = frame.select(
        lead_id=_text(frame, "lead_id"),
        created=_time(frame, "created"),
        deal_created=_time(frame, "deal_created"),
        time=nw.coalesce(_time(frame, "closed"), _time(frame, "decided")),
        status=_text(frame, "status").str.to_lowercase(),
        source=_text(frame, "source"),
        campaign=_text(frame, "campaign"),
        score=_number(frame, "score"),
        grade=_text(frame, "grade"),
        qualified=nw.when(qualified).then(nw.lit(1.0)).otherwise(nw.lit(0.0)),
        revenue=_number(frame, "revenue"),
        margin=_number(frame, "margin"),
    )
    return rows


def sales(leads: Any, customers: Any) -> Frame:
    """lead_id, time, source, campaign, revenue, margin, created, deal_created, score, grade of
    every sale.

    What a customer's row does not say about where it came from, its lead's row does.
    """
    leads_now, frame = people(leads), nw.from_native(customers).lazy()
    own_name = nw.concat_str(nw.lit("customer "), _text(frame, "customer_id"))
    buyers = frame.select(
        lead_id=nw.coalesce(_text(frame, "lead_id"), own_name),
        time=_time(frame, "won_on"),
        own_source=_text(frame, "source"),
        own_campaign=_text(frame, "campaign"),
        revenue=_number(frame, "revenue"),
        margin=_number(frame, "margin"),
    )
    of_lead = ("created", "deal_created", "score", "grade")
    columns = ("lead_id", "time", "source", "campaign", "revenue", "margin", *of_lead)
    origin = leads_now.select("lead_id", "source", "campaign", *of_lead)
    known = buyers.join(origin, on="lead_id", how="left").with_columns(
        source=nw.coalesce("own_source", "source"),
        campaign=nw.coalesce("own_campaign", "campaign"),
    )
    won = leads_now.filter(nw.col("status") == "won")
    others = won.join(buyers.select("lead_id").unique(), on="lead_id", how="anti")
    return nw.concat([known.select(*columns), others.select(*columns)], how="vertical")


def _sourced(
    everyone: Frame,
    sold: Frame,
    touches: Frame,
    ends: Frame,
    now: nw.Expr,
    lookback_days: float,
) -> Frame:
    """One touch for each lead that has none: where it came from, when it was created, or at its
    end where that is out of sight."""
    marketing = nw.col("by").is_null() & (~nw.col("channel").is_null() | ~nw.col("kind").is_null())
    origin = nw.concat(
        [rows.select("lead_id", "created", "source", "campaign") for rows in (everyone, sold)],
        how="vertical",
    )
    once = origin.group_by("lead_id").agg(nw.col("created", "source", "campaign").min())
    ended = ends.group_by("lead_id").agg(ended=nw.col("time").min())
    silent = once.filter(~nw.col("source").is_null()).join(
        touches.filter(marketing).select("lead_id").unique(), on="lead_id", how="anti"
    )
    created, end = (microseconds(nw.coalesce(name, now)) for name in ("created", "ended"))
    both = ~nw.col("created").is_null() & ~nw.col("ended").is_null()
    seen = both & (created <= end) & (end - created <= lookback_days * DAY)
    return silent.join(ended, on="lead_id", how="left").select(
        "lead_id",
        time=nw.when(seen).then(nw.col("created")).otherwise(nw.coalesce("ended", "created", now)),
        channel="source",
        campaign="campaign",
        kind=blank_text(),
        by=blank_text(),
    )


def _brought(home: Any, rows: Frame) -> Frame:
    """The rows where the interactions lie, each column of the type it has here."""
    if isinstance(home, nw.DataFrame) or home.implementation == rows.implementation:
        return rows
    types = rows.collect_schema()
    there = beside(home, rows.collect(backend="pandas"))
    return there.select(nw.col(name).cast(dtype) for name, dtype in types.items())


def _touches(interactions: Frame) -> Frame:
    return interactions.select(
        lead_id=_text(interactions, "lead_id"),
        time=_time(interactions, "time"),
        **{column: _text(interactions, column) for column in TOUCH},
    )


def _text(frame: Frame, column: str) -> nw.Expr:
    have = column in frame.collect_schema().names()
    return text(nw.col(column)) if have else blank_text()


def _number(frame: Frame, column: str) -> nw.Expr:
    have = column in frame.collect_schema().names()
    return number(nw.col(column)) if have else nw.lit(None, nw.Float64)


def _time(frame: Frame, column: str) -> nw.Expr:
    have = column in frame.collect_schema().names()
    return (nw.col(column) if have else nw.lit(None)).cast(nw.Datetime("us"))


def _count(rows: Frame) -> int:
    return int(collect(rows.select(count=nw.len()))["count"].iloc[0])


def _native(rows: Frame, like: Any) -> Any:
    """In memory where the table it came from is."""
    eager = isinstance(nw.from_native(like), nw.DataFrame)
    return collect(rows) if eager else rows.to_native()
