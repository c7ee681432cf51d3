"""The sales history as one table: who became one of the best customers, and who did not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Moments
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import CONSENTS, CUSTOMERS, LEADS, SHEETS

FEWEST = 20  # best customers, and others, below which nothing can be learned
_DATED = 0.8
# What is known only after the sale, or is ours: never a trait. `flags` finds the rest.
OUTCOMES = frozenset({"status", "decided", "reason", "closed", "revenue", "margin", "won_on"})
ENDED = ("won", "lost", "rejected")
_NOT_TRAITS = OUTCOMES | {"created"} | set(LEADS.ours) | {column.key for column in CONSENTS}


@dataclass(frozen=True)
class History:
    """What became of each lead whose story is over.

    traits: one row a lead, one column an attribute (keys of `tables.LEADS`, people's own headers).
    won: became a customer. top: became one of the best (all who bought, where no revenue is
    known). value: margin, else revenue, 0 for the lost; not-a-number where unknown.
    missing: attributes of Customers that Leads lacks, so that no lead can be scored on them.
    created: when each lead came, NaT where nobody knows.
    """

    traits: pd.DataFrame
    won: NDArray[np.bool_]
    top: NDArray[np.bool_]
    value: NDArray[np.float64]
    created: Moments
    missing: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.won)

    @property
    def outcome(self) -> NDArray[np.bool_]:
        """Became a customer; one of the best, where the history knows customers only."""
        return self.top if self.won.all() else self.won

    @property
    def groups(self) -> dict[str, NDArray[np.bool_]]:
        """The best customers, the other customers, the lost leads: those that there are."""
        groups = {"best": self.top, "rest": self.won & ~self.top, "lost": ~self.won}
        return {name: rows for name, rows in groups.items() if rows.any()}

    def rows(self, places: NDArray[np.intp]) -> History:
        """The history of some rows alone. places: their positions from 0, in the order wanted."""
        return History(
            self.traits.iloc[places].reset_index(drop=True),
            self.won[places],
            self.top[places],
            self.value[places],
            self.created[places],
            self.missing,
        )

    def split(self, held_out: float, seed: int) -> tuple[History, History]:
        """Two parts with equal shares of the best: to learn from, and to hold out."""
        random = np.random.default_rng(seed)
        kept, out = [], []
        for group in (np.flatnonzero(self.top), np.flatnonzero(~self.top)):
            shuffled = random.permutation(group)
            cut = round(len(shuffled) * held_out)
            out.append(shuffled[:cut])
            kept.append(shuffled[cut:])
        return self.rows(np.sort(np.concatenate(kept))), self.rows(np.sort(np.concatenate(out)))

    def by_time(self, held_out: float) -> tuple[History, History] | None:
        """The older leads, and the latest to hold out; None where fewer than four in five say when
        they came, or too few of either kind came in either part."""
        order = np.argsort(self.created, kind="stable")
        order = order[~np.isnat(self.created[order])]
        if len(order) < _DATED * len(self):
            return None
        cut = round(len(order) * (1 - held_out))
        old, late = (self.rows(np.sort(part)) for part in (order[:cut], order[cut:]))
        few = min(min(part.top.sum(), (~part.top).sum()) for part in (old, late))
        return (old, late) if few >= FEWEST / 2 else None

    def parts(self, count: int, seed: int) -> list[tuple[History, History]]:
        """So many ways to hold out a part, each row once; the groups are shared out evenly."""
        random = np.random.default_rng(seed)
        part = np.empty(len(self), dtype=np.intp)
        for group in self.groups.values():
            places = random.permutation(np.flatnonzero(group))
            part[places] = np.arange(len(places)) % count
        return [
            (self.rows(np.flatnonzero(part != each)), self.rows(np.flatnonzero(part == each)))
            for each in range(count)
        ]


def build_history(
    customers: pd.DataFrame | None, leads: pd.DataFrame | None, top_share: float = 0.25
) -> History:
    """Customers and closed leads as one history.

    customers, leads: frames with columns by the keys of their tables; either may be absent. A lead
    that is won and stands in Customers too (by lead_id) counts once, with what was known of the
    lead. Open leads are left out, and so are those that sales rejected: what they would have
    bought is not known. top_share: the best of the customers by margin (else revenue) that count
    as the best; where fewer than half have one, or the best would be fewer than 20, all customers
    do.
    Raises NotEnoughData with fewer than 20 of the best or 20 others.
    """
    bought = _bought(customers, leads)
    lost = _rows(leads, "lost")
    attributes = _possible(leads if leads is not None else bought)
    missing = [name for name in _possible(bought) if name not in attributes]
    parts = [part.reindex(columns=attributes) for part in (bought, lost) if len(part)]
    traits = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=attributes)
    won = np.arange(len(bought) + len(lost)) < len(bought)
    value = np.where(won, np.nan, 0.0)
    value[: len(bought)] = _value(bought)
    top = _top(value, won, top_share)
    if top.sum() < FEWEST <= min(won.sum(), (~won).sum()):
        top = won  # too few to tell the best from: all who bought
    dated = [_created(part) for part in (bought, lost)]
    history = History(traits, won, top, value, np.concatenate(dated), tuple(missing))
    if min(history.top.sum(), (~history.top).sum()) < FEWEST:
        raise NotEnoughData(
            _("There is too little history: {top} best customers and {rest} others").format(
                top=int(history.top.sum()), rest=int((~history.top).sum())
            ),
            _(
                "Fill {customers} with revenue, or close leads as won and lost; {few} of each"
            ).format(customers=_(SHEETS[CUSTOMERS.sheet]), few=FEWEST),
        )
    return history


def _possible(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if name not in _NOT_TRAITS]


def _rows(leads: pd.DataFrame | None, status: str) -> pd.DataFrame:
    if leads is None or "status" not in leads:
        return pd.DataFrame()
    return leads[leads["status"] == status]


def _bought(customers: pd.DataFrame | None, leads: pd.DataFrame | None) -> pd.DataFrame:
    """Everybody who bought, once: what Customers says, over what was known of the lead."""
    won = _rows(leads, "won")
    if customers is None or customers.empty:
        return won
    own = customers.drop(columns=["customer_id"], errors="ignore")
    if leads is None or "lead_id" not in own or "lead_id" not in leads:
        return pd.concat([own, won], ignore_index=True)
    known = leads.dropna(subset="lead_id").drop_duplicates("lead_id").set_index("lead_id")
    before = known.drop(columns=list(OUTCOMES), errors="ignore").reindex(own["lead_id"])
    before.index = own.index
    joined = before.combine_first(own).reindex(
        columns=[*own, *before.columns.difference(own.columns)]
    )
    others = won[~won["lead_id"].isin(own["lead_id"])]
    return pd.concat([joined, others], ignore_index=True)


def _created(rows: pd.DataFrame) -> Moments:
    made = rows["created"] if "created" in rows else pd.Series(pd.NaT, rows.index)
    return pd.to_datetime(made).to_numpy().astype("datetime64[us]")


def old_as_lost(
    leads: pd.DataFrame, today: dt.datetime, days: float | None
) -> tuple[pd.DataFrame, int]:
    """Leads, those that nobody closed within so many days taken for lost; and how many they are.

    days: None leaves all as they are. Won, lost and rejected ones stay what they are.
    """
    if not days or "created" not in leads:
        return leads, 0
    old = pd.to_datetime(leads["created"]) < today - dt.timedelta(days=days)
    old &= ~leads["status"].isin(ENDED)
    return leads.assign(status=leads["status"].mask(old, "lost")), int(old.sum())


def _value(bought: pd.DataFrame) -> NDArray[np.float64]:
    value = pd.Series(np.nan, index=bought.index, dtype="float64")
    for name in ("margin", "revenue"):
        if name in bought:
            value = value.fillna(pd.to_numeric(bought[name], errors="coerce"))
            if value.notna().mean() < 0.5:  # margins of a few would rank against revenues of many
                value = pd.Series(np.nan, index=bought.index, dtype="float64")
    return np.asarray(value, dtype=np.float64)


def _top(value: NDArray[np.float64], won: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    known = won & ~np.isnan(value)
    if known.sum() * 2 < won.sum() or not known.any() or np.ptp(value[known]) == 0:
        return won
    with np.errstate(invalid="ignore"):
        return known & (value >= np.quantile(value[known], 1 - share))
