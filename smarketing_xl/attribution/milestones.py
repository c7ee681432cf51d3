"""Credit by the stages of a sale: lead created, deal created, closed; sourced against influenced.

W-shaped and full path are those of HubSpot: W-shaped gives 30 % each to the first touch, the one at
which the lead was created and the one at which the deal was created, full path 22.5 % each to these
and to the last touch; the other 10 % go in equal parts to all others. What a journey lacks (no deal
on record, no other touch) goes to what it has in proportion, as HubSpot's models with a stage less
do. A stage was created at the last touch until then.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.types import Journeys, Value, tally
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _

W_SHAPED = (0.3, 0.3, 0.3, 0.0)
FULL_PATH = (0.225, 0.225, 0.225, 0.225)
"""Shares of the first touch, of lead creation, of deal creation and of the last touch."""

OTHERS = 0.1


def by_stage(
    journeys: Journeys, shares: tuple[float, float, float, float], value: Value = "customers"
) -> Floats:
    """Credit of each channel. shares: as W_SHAPED has them. value: what is credited.

    Raises NotEnoughData where nobody knows when leads were created (journeys grouped in a
    database), or what is credited was never recorded.
    """
    _keep, sold = journeys.earning
    if sold.stages is None:
        raise NotEnoughData(
            _("Journeys that were grouped elsewhere do not know when their lead was created"),
            _("Build them from interactions in the workbook"),
        )
    firsts, rows = sold.firsts, np.arange(len(sold))
    places = np.column_stack([firsts, firsts[:, None] + sold.stages, sold.lasts])
    known = np.column_stack([rows >= 0, sold.stages >= 0, rows >= 0])
    weights = np.where(known, np.array(shares), 0.0)
    staged = np.zeros(len(sold.codes))
    for column in range(len(shares)):
        np.add.at(staged, places[known[:, column], column], weights[known[:, column], column])
    other = staged == 0
    count = np.add.reduceat(other, firsts, dtype=np.int64) if len(sold) else firsts
    rest = np.where(count > 0, OTHERS / np.maximum(count, 1), 0.0)
    staged += np.where(other, np.repeat(rest, sold.lengths), 0.0)
    whole = np.add.reduceat(staged, firsts) if len(sold) else staged
    each = staged * np.repeat(sold.earned(value) / whole, sold.lengths)
    credit: Floats = tally(sold.codes, len(sold.channels), each)[0]
    return credit


def sourced(journeys: Journeys) -> Floats:
    """Customers by the channel at which their lead was created (the first touch where nobody knows
    when): each has one."""
    _keep, sold = journeys.earning
    stage = sold.firsts if sold.stages is None else sold.firsts + sold.stages[:, 0].clip(min=0)
    found: Floats = tally(sold.codes[stage], len(sold.channels), sold.customers)[0]
    return found


def influenced(journeys: Journeys) -> Floats:
    """Customers whose journey met the channel at all: one counts for every channel it met."""
    _keep, sold = journeys.earning
    journey = np.repeat(np.arange(len(sold)), sold.lengths)
    met = np.unique(np.column_stack([journey, sold.codes]), axis=0)
    found: Floats = tally(met[:, 1], len(sold.channels), sold.customers[met[:, 0]])[0]
    return found


def table(journeys: Journeys) -> pd.DataFrame:
    """The table Sourced: channel, sourced, influenced, w_shaped, full_path, in customers.

    Without rows where nobody knows when leads were created.
    """
    if journeys.stages is None:
        return pd.DataFrame(columns=["channel", "sourced", "influenced", "w_shaped", "full_path"])
    return pd.DataFrame(
        {
            "channel": pd.Series(journeys.channels, dtype="str"),
            "sourced": sourced(journeys),
            "influenced": influenced(journeys),
            "w_shaped": by_stage(journeys, W_SHAPED),
            "full_path": by_stage(journeys, FULL_PATH),
        }
    ).sort_values(["sourced", "influenced"], ascending=False, kind="stable", ignore_index=True)
