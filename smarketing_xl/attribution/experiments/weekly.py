"""What came by region and week, counted from a day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags, Floats, Texts
from smarketing_xl.errors import OutOfRange
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import LEADS
from smarketing_xl.schema.tables.choices import Measure

MOST_REGIONS = 40
RECENT = 26
"""Weeks before an experiment by which regions and channels are sized."""

REGION_COLUMNS = ("region", "región", "country", "line", "city")
"""Columns of the leads that name a region, the first that tells two: people's own, then ours."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What came of each lead: one element a lead.

    week: weeks from the first day on, 0 its own, below 0 before. region: None where unknown.
    counts: whether it counts as what is measured. channel: in lower case.
    """

    week: Floats
    region: Texts
    counts: Flags
    channel: Texts

    def by_week(self, regions: tuple[str, ...], first: int, last: int) -> Floats:
        """What came, (regions, weeks from first up to last); without regions, of all in one row."""
        inside = self.counts & (self.week >= first) & (self.week < last)
        place = np.zeros(len(self.week), dtype=np.intp)
        if regions:
            place = pd.Index(regions).get_indexer(pd.Index(self.region))
        inside &= place >= 0
        size = (max(len(regions), 1), last - first)
        table: Floats = np.zeros(size)
        np.add.at(table, (place[inside], self.week[inside].astype(np.intp) - first), 1.0)
        return table

    def largest_regions(self, last: int) -> tuple[str, ...]:
        """The regions in which one or more a week came lately, the largest first."""
        inside = self.counts & (self.week >= last - RECENT) & (self.week < last)
        often = pd.Series(self.region[inside]).value_counts()
        weeks = max(1.0, min(RECENT, last - self.first_week))
        return tuple(often.index[often >= weeks][:MOST_REGIONS])

    def share_of(self, channel: str, regions: tuple[str, ...], last: int) -> float:
        """The share of what came lately that came from a channel; NaN where nothing came."""
        inside = self.counts & (self.week >= last - RECENT) & (self.week < last)
        if regions:
            inside &= np.isin(self.region.astype(str), regions)
        theirs = self.channel[inside] == channel.strip().lower()
        return float(theirs.mean()) if len(theirs) else float("nan")

    @property
    def first_week(self) -> int:
        """The first whole week of the history."""
        known = self.week[~np.isnan(self.week)]
        return int(known.min()) + 1 if len(known) else 0


def outcomes(leads: Any, first_day: dt.date, measure: Measure, column: str | None) -> Outcomes:
    """Leads as what came. leads: as the account settled them. column: that of the regions."""
    frame = Columns(leads, "created", "status", "source", "qualified", *filter(None, [column]))
    since = (frame.times("created") - np.datetime64(first_day, "us")) / np.timedelta64(7, "D")
    counts = {
        "leads": np.ones(frame.rows, dtype=np.bool_),
        "qualified": frame.flags("qualified"),
        "customers": frame.texts("status") == "won",
    }[measure]
    region = frame.texts(column) if column else np.full(frame.rows, None, dtype=object)
    named = pd.Series(region, dtype=object).astype("str").str.replace(";", ",").str.strip()
    named = named.where(pd.notna(region), None)
    source = pd.Series(frame.texts("source"), dtype=object).astype("str").str.strip().str.lower()
    known = counts & ~np.isnan(since)
    return Outcomes(np.floor(since), named.to_numpy(object), known, source.to_numpy(object))


def region_column(leads: pd.DataFrame, asked: str | None = None) -> str:
    """The column of the leads that says their region.

    asked: its header or key. Raises OutOfRange where there is no such column.
    """
    own = {str(name).strip().lower(): str(name) for name in leads.columns}
    names = {header: key for header, key in LEADS.headers().items() if key in leads} | own
    if asked:
        found = names.get(asked.strip().lower())
        if found:
            return found
        problem = _("The leads have no column {name}").format(name=asked)
        raise OutOfRange(problem, _("Name a column of the leads, such as Country"))
    for name in REGION_COLUMNS:
        if name in names and leads[names[name]].nunique() > 1:
            return names[name]
    raise OutOfRange(
        _("The leads have no column that says their region"),
        _("Add a column Region to the leads, or fill Country; or deal by week"),
    )
