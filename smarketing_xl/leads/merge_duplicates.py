"""One lead out of two: the first keeps what it has, its blanks are filled from the duplicate.

Who refuses contact on one of them (`leads.consent`) refuses it for the lead that stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.leads.consent import refusals
from smarketing_xl.schema.convert import as_text, same
from smarketing_xl.schema.tables import LEADS

_CONFLICTS = ["id", "column", "here", "there", "source"]
_SEPARATOR = "; "
_BOOKKEEPING = ["lead_id", *LEADS.ours]  # nothing that a duplicate could add


@dataclass(frozen=True)
class MergePlan:
    """What merging leaves to do in the Leads table.

    into: the id of each lead that goes → the id of the one that stays. gone: its rows. changes: by
    column, the new values of the rows that stay. conflicts: id, column, here, there, source: what
    the duplicate says otherwise, and which it was.
    """

    into: dict[str, str]
    gone: pd.Index[Any]
    changes: dict[str, pd.Series[Any]]
    conflicts: pd.DataFrame


def plan_merge(leads: pd.DataFrame, chosen: Collection[str] | None = None) -> MergePlan:
    """Merge leads into those that they duplicate.

    leads: cells as they stand, by key or header, with duplicate_of filled. chosen: the ids of the
    duplicates to merge; all that are marked where not given. Raises NotEnoughData where none is.
    """
    ids, first = _ids(leads["lead_id"]), _ids(leads["duplicate_of"])
    marked = ids.notna() & first.isin(ids) & (first != ids)
    going = marked if chosen is None else marked & ids.isin(set(chosen))
    into = _ends(dict(zip(ids[going], first[going], strict=True)))
    going &= ids.isin(into)
    if not going.any():
        raise NotEnoughData(
            _("No lead was chosen that duplicates another"),
            _("Find duplicates first, then choose leads with an entry under Duplicate of"),
        )
    places = pd.Series(leads.index, index=ids)
    places = places[~places.index.duplicated()]
    stays = pd.Series(places[ids[going].map(into)].to_numpy(), index=leads.index[going])
    changes: dict[str, pd.Series[Any]] = {}
    conflicts = [pd.DataFrame(columns=_CONFLICTS)]
    for name in leads.columns.difference(_BOOKKEEPING, sort=False):
        filled, differ = _combined(leads[name], stays, refusals(name, leads[name]))
        if len(filled):
            changes[name] = filled
        if name != "created":  # the first is the earliest
            differ = differ.assign(id=ids.loc[differ["id"]].to_numpy(), column=name)
            conflicts.append(differ.assign(source=ids.loc[differ["source"]].to_numpy()))
    changes["merged"] = _known_as(leads, ids, into, places)
    follow = first.isin(into) & ~going
    if follow.any():
        changes["duplicate_of"] = first[follow].map(into)
    listed = pd.concat(conflicts, ignore_index=True)
    return MergePlan(into, leads.index[going], changes, listed)


def merged_into(leads: pd.DataFrame) -> dict[str, str]:
    """The id of each lead that was merged before → the id of the one that stayed."""
    if "merged" not in leads:
        return {}
    known = leads[["lead_id", "merged"]].dropna()
    one_each = known.assign(merged=known["merged"].astype(str).str.split(";")).explode("merged")
    gone = one_each["merged"].str.strip()
    return dict(zip(gone, _ids(one_each["lead_id"]), strict=True))


def repointed(ids: pd.Series[Any], into: dict[str, str]) -> pd.Series[Any]:
    """Of a column of lead ids only the cells that name a lead that is gone, with its new id."""
    named = _ids(ids)
    return named[named.isin(into)].map(into)


def _combined(
    column: pd.Series[Any], stays: pd.Series[Any], refused: Flags
) -> tuple[pd.Series[Any], pd.DataFrame]:
    """What fills blanks of a column, and what differs, by the row that stays and the one that goes.

    stays: the row of each row that goes → the row it goes into. refused: the cells that go over
    others.
    """
    refuses = pd.Series(refused, index=column.index)
    offered = column.loc[stays.index].astype(object)
    offered = offered[_filled(offered)]
    offered = offered.loc[
        [*offered.index[refuses.loc[offered.index]], *offered.index[~refuses.loc[offered.index]]]
    ]
    into = stays.loc[offered.index]
    blank = ~_filled(column.loc[into]).to_numpy()
    blank |= refuses.loc[offered.index].to_numpy() & ~refuses.loc[into].to_numpy()
    filled = pd.Series(offered[blank].to_numpy(), index=into[blank].to_numpy(), dtype=object)
    filled = filled[~filled.index.duplicated()]
    now = column.astype(object).copy()
    now.loc[filled.index] = filled
    here, there = now.loc[into].to_numpy(), offered.to_numpy()
    differ = ~same(here, there)
    return filled, pd.DataFrame(
        {
            "id": into.to_numpy()[differ],
            "here": here[differ],
            "there": there[differ],
            "source": offered.index[differ],
        }
    )


def _ids(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.where(_filled(column), None).map(as_text, na_action="ignore")


def _filled(column: pd.Series[Any]) -> pd.Series[bool]:
    return column.notna() & (column != "")


def _ends(into: dict[str, str]) -> dict[str, str]:
    """A duplicate of a duplicate goes where that one goes; leads in a circle stay."""
    ends: dict[str, str] = {}
    for start, following in into.items():
        seen, end = {start}, following
        while end in into and end not in seen:
            seen.add(end)
            end = into[end]
        if end not in seen:
            ends[start] = end
    return ends


def _known_as(
    leads: pd.DataFrame, ids: pd.Series[Any], into: dict[str, str], places: pd.Series[Any]
) -> pd.Series[Any]:
    """For each lead that stays, every id that it goes by now."""
    before = leads["merged"] if "merged" in leads else pd.Series(None, index=leads.index)
    before = _ids(before)
    groups: dict[str, list[str]] = {}
    for gone, stays in into.items():
        own = before.loc[places[gone]]
        groups.setdefault(stays, []).extend([gone, *([own] if isinstance(own, str) else [])])
    rows = {places[stays]: known for stays, known in groups.items()}
    texts = [
        _SEPARATOR.join([*([before[row]] if isinstance(before[row], str) else []), *known])
        for row, known in rows.items()
    ]
    return pd.Series(texts, index=np.array(list(rows)), dtype=object)
