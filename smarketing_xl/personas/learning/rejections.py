"""The closed loop: what sales rejects although it passes the persona, criterion by criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.i18n import _, format_percent
from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.scoring import criteria_met, score
from smarketing_xl.schema.tables import PERSONA_REJECTIONS, REASONS
from smarketing_xl.stats.association import Counted, discovery_rates, p_values
from smarketing_xl.stats.intervals import wilson

_FEWEST = 10  # decisions on leads that meet a criterion, below which nothing is proposed
_SURE = 0.05
_NOT_THE_PERSONA = frozenset({"unreachable", "wrong_data"})  # a rejection for these says nothing
_ACCEPTED = frozenset({"accepted", "opportunity", "won", "lost"})


def count_rejections(
    leads: pd.DataFrame, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> pd.DataFrame:
    """Rejected among the qualified leads that sales decided on, by criterion they meet.

    leads: columns by the keys of `tables.LEADS`, with `status` and `reason`.
    Rows of `tables.PERSONA_REJECTIONS`, proposed changes first, then the most rejected. A change
    is proposed where leads that meet a criterion are rejected more often than those that do not,
    beyond chance for all criteria looked at (Fisher's test, Benjamini-Hochberg). Rejections because
    nobody answered or the data was wrong are left out: they say nothing about the persona.
    """
    decided = _decided(leads)
    decided = decided[_passing(decided, personas, grades, today)] if len(decided) else decided
    if decided.empty:
        return pd.DataFrame(columns=PERSONA_REJECTIONS.keys)
    rejected = (decided["status"] == "rejected").to_numpy(dtype=bool)
    met = criteria_met(decided, personas, today)
    counts = np.array([flags.sum() for flags in met.values()])
    turned = np.array([(flags & rejected).sum() for flags in met.values()])
    counted = Counted(turned, counts, int(rejected.sum()), len(rejected))
    chance = p_values(counted)
    chance = discovery_rates(chance)
    low, high = wilson(turned.astype(float), counts.astype(float))
    rows = []
    for place, (words, flags) in enumerate(met.items()):
        if not counts[place]:
            continue
        share = turned[place] / counts[place]
        clear = chance[place] <= _SURE and counts[place] >= _FEWEST
        reason = _reason(decided, flags & rejected)
        rows.append(
            {
                "criterion": words,
                "decided": float(counts[place]),
                "rejected": float(turned[place]),
                "share": share,
                "low": low[place],
                "high": high[place],
                "reason": reason,
                "said": _sentence(words, share, reason)
                if clear and share > rejected.mean()
                else None,
            }
        )
    rows.sort(key=lambda row: (row["said"] is None, -row["share"]))
    return pd.DataFrame(rows, columns=PERSONA_REJECTIONS.keys)


def _decided(leads: pd.DataFrame) -> pd.DataFrame:
    """Leads that sales took or turned down for what they are."""
    status = leads["status"]
    turned_down = (status == "rejected") & ~leads["reason"].isin(_NOT_THE_PERSONA)
    return leads[turned_down | status.isin(_ACCEPTED)]


def _passing(
    leads: pd.DataFrame, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> Flags:
    return score(leads, personas, grades, today)["qualified"].to_numpy(dtype=bool)


def _reason(decided: pd.DataFrame, rows: Flags) -> str | None:
    reasons = decided.loc[rows, "reason"].dropna().value_counts()
    if reasons.empty:
        return None
    entry = str(reasons.index[0])
    return _(REASONS.labels[entry]) if entry in REASONS.labels else entry


def _sentence(words: str, share: float, reason: str | None) -> str:
    if reason is None:
        return _(
            "Leads with {criterion} pass the persona but are rejected {share} of the time: "
            "lower its weight, or drop it"
        ).format(criterion=words, share=format_percent(share))
    return _(
        "Leads with {criterion} pass the persona but are rejected {share} of the time, "
        "mostly: {reason}. Lower its weight, or drop it"
    ).format(criterion=words, share=format_percent(share), reason=reason)
