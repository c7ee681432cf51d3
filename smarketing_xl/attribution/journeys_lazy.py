"""Journeys from data that stays where it lies (Spark): grouped there into counted paths.

Only group-bys and windows run there; what comes back is one row for each step of each distinct
path. A path is known by its length and three sums of scrambled (channel, place) numbers modulo a
prime near 2^31: that any two of ten million paths share all three has a chance below 1e-13.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.expressions import (
    blank_text,
    collect,
    first_of,
    moment,
    number,
    text,
)
from smarketing_xl.attribution.settings import (
    DAY,
    DIRECT,
    MOST_TOUCHES,
    NO_CAMPAIGN,
    JourneyRules,
)
from smarketing_xl.attribution.sources import beside, worked_out
from smarketing_xl.attribution.types import Faded, Journeys
from smarketing_xl.attribution.watched import loss_weights
from smarketing_xl.i18n import _

Frame = nw.LazyFrame[Any]
PRIME = 2_147_483_647
SCRAMBLES = (
    (1_103_515_245, 2_531_011, 12_345),
    (22_695_477, 1_013_904_223, 6_789),
    (1_664_525, 134_775_813, 9_973),
)
JOURNEY = ("lead", "part")
EARNED = ("customers", "revenue", "margin")
SKIPPED = ("direct", "repeated", "too_many")
MARKS = [f"mark{at}" for at in range(len(SCRAMBLES))]


def lazy_journeys(interactions: Frame, conversions: Frame, rules: JourneyRules) -> Journeys:
    """Journeys, one row a path. For columns and settings see journeys.build_journeys."""
    have = conversions.collect_schema().names()
    known = [value for value in EARNED if value == "customers" or value in have]
    with worked_out(_touches(interactions, rules), _ends(conversions, rules)) as (touches, ends):
        names = collect(_names(touches).sort("code"))
        codes = beside(touches, nw.from_native(names[["key", "code"]], eager_only=True))
        kept = touches.filter(nw.col("reason").is_null()).join(codes, on="key")
        stopped = (
            ends.filter(nw.col("reason").is_null())
            .group_by("lead", "at")
            .agg(*(nw.col(value).sum() for value in EARNED))
        )
        with worked_out(_events(kept, stopped)) as (events,):
            counts = _counts(events, rules)
            steps = collect(_paths(_walked(events, counts, rules)))
        dropped = _why_not(ends.filter(nw.col("won"))) | _unpriced(ends, known) | _why_not(touches)
        whole = collect(stopped.select(nw.col(*known).sum())).fillna(0.0).iloc[0]
    return _journeys(steps, tuple(names["name"]), whole, dropped, rules)


def _touches(interactions: Frame, rules: JourneyRules) -> Frame:
    """lead, at, key, name, and the reason that speaks against the row, if any."""
    columns = interactions.collect_schema().names()
    what, kind, who = (
        text(nw.col(name)) if name in columns else blank_text() for name in (rules.by, "kind", "by")
    )
    otherwise = kind if rules.by == "channel" else nw.lit(_(NO_CAMPAIGN))
    return (
        interactions.select(
            lead=text(nw.col("lead_id")),
            at=moment(interactions, "time", rules),
            name=nw.coalesce(what, otherwise),
            who=who,
        )
        .with_columns(key=nw.col("name").str.to_lowercase())
        .with_columns(
            reason=first_of(
                no_lead=nw.col("lead").is_null(),
                no_time=nw.col("at").is_null(),
                by_sales=~nw.col("who").is_null(),
                no_channel=nw.col("name").is_null(),
                in_future=nw.col("at") > rules.now,
            )
        )
    )


def _ends(conversions: Frame, rules: JourneyRules) -> Frame:
    """lead, at, won, customers, revenue, margin, and the reason that speaks against the row."""
    columns = conversions.collect_schema().names()
    at = nw.col("at")
    money = {
        value: number(nw.col(value)) if value in columns else nw.lit(None, nw.Float64)
        for value in ("revenue", "margin")
    }
    won = nw.col("won").cast(nw.Boolean).fill_null(False) if "won" in columns else nw.lit(True)
    return (
        conversions.select(
            lead=text(nw.col("lead_id")), at=moment(conversions, "time", rules), won=won, **money
        )
        .with_columns(
            begun=at,
            at=nw.when(at % DAY == 0).then(at + (DAY - 1)).otherwise(at),
            customers=nw.col("won").cast(nw.Int64).cast(nw.Float64),
            **{f"no_{value}": nw.col(value).is_null() for value in money},
        )
        .with_columns(
            nw.when(nw.col("won")).then(nw.col(value).fill_null(0.0)).otherwise(0.0).alias(value)
            for value in money
        )
        .with_columns(
            reason=first_of(
                sale_no_lead=nw.col("lead").is_null(),
                sale_no_time=at.is_null(),
                sale_in_future=nw.col("begun") > rules.now,
            )
        )
    )


def _names(touches: Frame) -> Frame:
    """Each channel's key, the name to show, and its code: its place in the order of keys."""
    return (
        touches.filter(nw.col("reason").is_null())
        .group_by("key")
        .agg(nw.col("name").min(), one=nw.len().cast(nw.Int64) * 0 + 1)
        .with_columns(code=nw.col("one").cum_sum().over(order_by="key") - 1)
    )


def _why_not(rows: Frame) -> dict[str, int]:
    counts = collect(rows.group_by("reason").agg(count=nw.len()))
    return dict(zip(counts["reason"].fillna("kept"), counts["count"].astype(int), strict=True))


def _unpriced(ends: Frame, known: list[str]) -> dict[str, int]:
    sales = ends.filter(nw.col("reason").is_null() & nw.col("won"))
    flags = [f"no_{value}" for value in known if value != "customers"]
    if not flags:
        return {}
    counts = collect(sales.select(nw.col(flag).cast(nw.Int64).sum() for flag in flags))
    return {str(name): int(np.nan_to_num(count)) for name, count in counts.iloc[0].items()}


def _events(touches: Frame, ends: Frame) -> Frame:
    """Touches and ends of all leads together, each with the journey it is part of."""
    order = ["at", "ending", "code"]
    whole, money = nw.Int64(), nw.Float64()

    def rows(frame: Frame, ending: int, code: nw.Expr, key: nw.Expr, earned: bool) -> Frame:
        return frame.select(
            "lead",
            nw.col("at").cast(whole),
            code=code.cast(whole),
            key=key,
            ending=nw.lit(ending).cast(whole),
            **{v: (nw.col(v) if earned else nw.lit(0.0)).cast(money) for v in EARNED},
        )

    events = nw.concat(
        [
            rows(touches, 0, nw.col("code"), nw.col("key"), earned=False),
            rows(ends, 1, nw.lit(-1), blank_text(), earned=True),
        ],
        how="vertical",
    )
    ended = nw.col("ending").cum_sum().over("lead", order_by=order)
    return events.with_columns(part=ended - nw.col("ending"))


def _counts(events: Frame, rules: JourneyRules) -> Frame:
    """aged (microseconds, whole days), counts: see `watched.loss_weights`."""
    at, ending = nw.col("at"), nw.col("ending")
    closed = nw.coalesce("stopped", "latest")
    journeys = (
        events.with_columns(
            touched=nw.when(ending == 0).then(at), ended=nw.when(ending == 1).then(at)
        )
        .group_by(*JOURNEY)
        .agg(
            begun=nw.col("touched").min(),
            latest=nw.col("touched").max(),
            stopped=nw.col("ended").max(),
            customers=nw.col("customers").sum(),
        )
        .filter(~nw.col("begun").is_null())
        .filter(_day(closed) - _day(nw.col("latest")) <= rules.lookback_days * DAY)
        .with_columns(
            won=(nw.col("customers") > 0).cast(nw.Int64),
            aged=nw.lit(rules.now - rules.now % DAY) - _day(nw.col("begun")),
        )
        .with_columns(took=(_day(closed) - _day(nw.col("begun"))) * nw.col("won"))
        .group_by("won", "aged", "took")
        .agg(journeys=nw.len())
    )
    found = collect(journeys)
    each = found.loc[found.index.repeat(found["journeys"].astype(np.int64))]
    aged, took = (each[name].to_numpy(np.int64) // DAY for name in ("aged", "took"))
    weights = loss_weights(aged, took, each["won"].to_numpy(np.int64) > 0)[:-1]
    table = pd.DataFrame({"aged": np.arange(len(weights)) * DAY, "counts": weights})
    return beside(events, nw.from_native(table, eager_only=True))


def _day(moment: nw.Expr) -> nw.Expr:
    return moment - moment % DAY


def _walked(events: Frame, counts: Frame, rules: JourneyRules) -> Frame:
    """Touches that count, with their place in the journey and what the journey came to."""
    at, ending, order = nw.col("at"), nw.col("ending"), ["at", "code"]
    touches = events.with_columns(
        nw.when(ending == 1).then(at).max().over(*JOURNEY).alias("stopped"),
        nw.when(ending == 0).then(at).max().over(*JOURNEY).alias("latest"),
        nw.when(ending == 0).then(at).min().over(*JOURNEY).alias("begun"),
        *(nw.col(value).sum().over(*JOURNEY).alias(value) for value in EARNED),
    ).filter(ending == 0)
    closed = nw.coalesce("stopped", "latest")
    touches = (
        touches.with_columns(
            ago=closed - at,
            aged=nw.lit(rules.now - rules.now % DAY) - _day(nw.col("begun")),
            one=nw.lit(1).cast(nw.Int64),
            **{reason: nw.lit(0).cast(nw.Int64) for reason in SKIPPED},
        )
        .filter(_day(closed) - _day(at) <= rules.lookback_days * DAY)
        .join(counts, on="aged", how="left")
    )
    if rules.skip_direct:
        touches = touches.with_columns(flag=nw.col("key").is_in(sorted(DIRECT)).cast(nw.Int64))
        alone = nw.col("flag").min().over(*JOURNEY)
        touches = _without("direct", touches.with_columns(drop=nw.col("flag") - alone))
    if rules.merge_repeats:
        following = nw.col("code").shift(-1).over(*JOURNEY, order_by=order)
        same = (following == nw.col("code")).fill_null(False)
        touches = _without("repeated", touches.with_columns(drop=same.cast(nw.Int64)))
    touches = touches.with_columns(
        place=nw.col("one").cum_sum().over(*JOURNEY, order_by=order),
        length=nw.col("one").sum().over(*JOURNEY),
        nearest=nw.col("ago").min().over(*JOURNEY),
    )
    place, length = nw.col("place"), nw.col("length")
    excess = nw.when(length > MOST_TOUCHES).then(length - MOST_TOUCHES).otherwise(0)
    return touches.filter((place == 1) | (place > excess + 1)).with_columns(
        place=nw.when(place > 1).then(place - excess).otherwise(place),
        length=length - excess,
        too_many=excess,
        **_outcome(rules),
        fades=nw.lit(2.0)
        ** ((nw.col("ago") - nw.col("nearest")) * (-1 / DAY / rules.half_life_days)),
    )


def _without(reason: str, touches: Frame) -> Frame:
    """Touches not marked `drop`, with the number dropped from their journey."""
    return touches.with_columns(nw.col("drop").sum().over(*JOURNEY).alias(reason)).filter(
        nw.col("drop") == 0
    )


def _outcome(rules: JourneyRules) -> dict[str, nw.Expr]:
    running = nw.col("stopped").is_null()
    idle = nw.lit(True) if rules.count_open else nw.col("latest") <= rules.now - rules.idle
    whole = nw.lit(True) if rules.count_open else running & idle
    young = nw.when(~whole).then(nw.col("counts").fill_null(1.0)).otherwise(nw.lit(1.0))
    return {
        "lost": nw.when(nw.col("customers") > 0).then(nw.lit(0.0)).otherwise(young),
        "open": (running & ~idle).cast(nw.Int64),
    }


def _paths(touches: Frame) -> Frame:
    """Each step of each distinct path, with the sums of the journeys along it."""
    summed = nw.col(*MARKS, "fades").sum().over(*JOURNEY)
    marked = _scrambled(touches).with_columns(share=nw.col("fades")).with_columns(summed)
    share = nw.col("share") / nw.col("fades")
    return marked.group_by(*MARKS, "length", "place").agg(
        nw.col("code").min(),
        nw.len().alias("journeys"),
        nw.col(*EARNED, "lost", "open", *SKIPPED).sum(),
        *((share * nw.col(value)).sum().alias(f"faded_{value}") for value in EARNED),
    )


def _scrambled(touches: Frame) -> Frame:
    """Touches with numbers that look random but depend on channel and place alone.

    Squared five times over: sums of lower powers would be the same for too many paths.
    """
    code, place = nw.col("code"), nw.col("place")
    touches = touches.with_columns(
        ((code * code_times + place * place_times) % PRIME).alias(mark)
        for mark, (code_times, place_times, _plus) in zip(MARKS, SCRAMBLES, strict=True)
    )
    for _round in range(5):
        touches = touches.with_columns(
            ((nw.col(mark) * nw.col(mark) + plus) % PRIME).alias(mark)
            for mark, (_code_times, _place_times, plus) in zip(MARKS, SCRAMBLES, strict=True)
        )
    return touches


def _journeys(
    steps: pd.DataFrame,
    channels: tuple[str, ...],
    whole: pd.Series[float],
    dropped: dict[str, int],
    rules: JourneyRules,
) -> Journeys:
    steps = steps.sort_values([*MARKS, "length", "place"], ignore_index=True)
    starts = np.flatnonzero(steps["place"] == 1)
    paths = steps.iloc[starts]
    dropped |= {reason: int(paths[reason].sum()) for reason in (*SKIPPED, "open")}
    counted = int(steps["journeys"].sum()) + sum(dropped[reason] for reason in SKIPPED)
    dropped["too_old"] = dropped.pop("kept", 0) - counted
    known = list(whole.index)
    earned = {value: paths[value].to_numpy(np.float64) for value in known}
    journeys = Journeys(
        channels,
        steps["code"].to_numpy(np.int32),
        np.append(starts, len(steps)),
        earned["customers"],
        paths["lost"].to_numpy(np.float64),
        earned.get("revenue"),
        earned.get("margin"),
        faded=Faded(
            rules.half_life_days,
            {value: steps[f"faded_{value}"].to_numpy(np.float64) for value in known},
        ),
        counted=True,
        dropped=dropped,
        untouched=_untouched(whole, earned),
    )
    return journeys.only(journeys.weights > 0)


def _untouched(whole: pd.Series[float], earned: dict[str, Floats]) -> dict[str, float]:
    """What was earned without any touch; nothing where every customer had one."""
    rest = {value: float(whole[value] - earned[value].sum()) for value in earned}
    return rest if rest["customers"] else dict.fromkeys(rest, 0.0)
