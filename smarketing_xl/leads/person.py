"""One person in the tables: all their rows of leads, customers, deals and interactions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.outcomes.matching import plain_ids, written
from smarketing_xl.outcomes.persons import read_persons
from smarketing_xl.parsing.text import as_text
from smarketing_xl.schema.tables import CUSTOMERS, DEALS, INTERACTIONS, LEADS

RECORDS = (LEADS, CUSTOMERS, DEALS)
MARK = "ANON-"
"""What the IDs of leads begin with that are nobody's any more."""
Frames = Mapping[str, pd.DataFrame]
_OWN_ID = {"Leads": "lead_id", "Customers": "customer_id", "Deals": "deal_id"}
_DIGITS = 8  # last digits that tell a telephone with or without its country


@dataclass(frozen=True)
class Person:
    """The rows of a person: by table, which of its rows. ids: every ID of the leads it is."""

    rows: dict[str, Flags]
    ids: frozenset[str]


def find_person(frames: Frames, wanted: str) -> Person:
    """Everything that is of the person with an e-mail, a telephone or an ID.

    frames: cells as they stand, by table, columns by key or header. A person is one also where it
    was recorded several times: with the same e-mail, as duplicate of another lead, merged into one.
    Raises NotEnoughData where there is nobody, or where a telephone is that of several people.
    """
    seeds = {table.name: _named(frames[table.name], table.name, wanted) for table in RECORDS}
    if not any(rows.any() for rows in seeds.values()):
        seeds = {table.name: _phoned(frames[table.name], wanted) for table in RECORDS}
        several = {name for t in RECORDS for name in _names(frames[t.name], seeds[t.name])}
        if len(several) > 1:
            ids = [
                str(one)
                for table, rows in seeds.items()
                for one in _ids_of(frames[table], _OWN_ID[table])[rows]
            ]
            raise NotEnoughData(
                _("Several people have this telephone: {ids}").format(ids=", ".join(ids)),
                _("Give the ID or the e-mail of one of them"),
            )
    if not any(rows.any() for rows in seeds.values()):
        raise NotEnoughData(
            _("Nobody in the tables has this e-mail, telephone or ID: {wanted}").format(
                wanted=wanted
            ),
            _("See how it is written on the sheets Leads, Deals and Customers"),
        )
    return _all_rows(frames, seeds)


def past_keeping(frames: Frames, day: dt.date, customers: bool = False) -> Person:
    """What is of people whose every lead ended before a day.

    frames: as `find_person` takes them, leads typed. A lead ends when it is closed, else decided,
    else created. customers: those who bought go too; else they stay, as their contract needs them.
    """
    leads = frames["Leads"]
    over = leads["status"].isin(["won", "lost", "rejected"]).to_numpy(dtype=np.bool_)
    ended = pd.to_datetime(leads["closed"].fillna(leads["decided"]).fillna(leads["created"]))
    past = over & (ended < pd.Timestamp(day)).to_numpy(dtype=np.bool_)
    past &= ~leads["lead_id"].fillna("").astype(str).str.startswith(MARK).to_numpy(dtype=np.bool_)
    if not customers:
        bought = frames["Customers"]
        past &= ~(leads["status"] == "won").to_numpy(dtype=np.bool_)
        past &= ~np.isin(_ids_of(leads, "lead_id").astype(str), _told(_ids_of(bought, "lead_id")))
        past &= ~np.isin(written(leads, "email").astype(str), _told(written(bought, "email")))
    person, mails = read_persons(leads).first, written(leads, "email")
    stays = np.isin(person, person[~past]) | np.isin(mails.astype(str), _told(mails[~past]))
    past &= ~np.isin(person, person[stays])
    nobody = {table.name: np.zeros(len(frames[table.name]), dtype=np.bool_) for table in RECORDS}
    return _all_rows(frames, nobody | {"Leads": past})


def _told(cells: np.ndarray[Any, np.dtype[np.object_]]) -> list[str]:
    return [cell for cell in cells if cell]


def _all_rows(frames: Frames, seeds: dict[str, Flags]) -> Person:
    """From some rows of people to all of theirs."""
    leads = frames["Leads"]
    group = read_persons(leads).first if "lead_id" in leads else np.arange(len(leads))
    rows = dict(seeds)
    while True:
        before = sum(int(each.sum()) for each in rows.values())
        rows["Leads"] = rows["Leads"] | np.isin(group, group[rows["Leads"]])
        mails = {
            mail
            for table in RECORDS
            for mail in written(frames[table.name], "email")[rows[table.name]]
            if mail
        }
        ids = _all_ids(frames, rows)
        for table in RECORDS:
            frame = frames[table.name]
            rows[table.name] = (
                rows[table.name]
                | np.isin(written(frame, "email").astype(str), [*mails])
                | np.isin(_ids_of(frame, "lead_id").astype(str), [*ids])
            )
        if sum(int(each.sum()) for each in rows.values()) == before:
            break
    ids = _all_ids(frames, rows)
    interactions = _ids_of(frames[INTERACTIONS.name], "lead_id").astype(str)
    rows[INTERACTIONS.name] = np.isin(interactions, [*ids])
    return Person(rows, frozenset(ids))


def _all_ids(frames: Frames, rows: Mapping[str, Flags]) -> set[str]:
    """IDs of leads that the rows go by, merged ones too."""
    found = {
        one
        for table in RECORDS
        for one in _ids_of(frames[table.name], "lead_id")[rows[table.name]]
        if one
    }
    leads = frames["Leads"]
    merged = leads["merged"][rows["Leads"]].dropna() if "merged" in leads else ()
    return found | {one.strip() for cell in merged for one in as_text(cell).split(";") if one}


def _named(frame: pd.DataFrame, table: str, wanted: str) -> Flags:
    """Rows with such an e-mail or ID."""
    asked = plain_ids(np.array([wanted], dtype=object))[0]
    found = np.isin(_ids_of(frame, _OWN_ID[table]).astype(str), [asked])
    found |= np.isin(_ids_of(frame, "lead_id").astype(str), [asked])
    if table == "Leads" and "merged" in frame:
        found |= np.array(
            [asked in map(str.strip, as_text(cell).split(";")) for cell in frame["merged"]],
            dtype=np.bool_,
        )
    mail = written(pd.DataFrame({"email": [wanted]}), "email")[0]
    return found | np.isin(written(frame, "email").astype(str), [mail] if mail else [])


def _phoned(frame: pd.DataFrame, wanted: str) -> Flags:
    digits = re.sub(r"\D", "", wanted).lstrip("0")
    if len(digits) < _DIGITS - 1:
        return np.zeros(len(frame), dtype=np.bool_)
    ends = [str(cell or "")[-_DIGITS:] for cell in written(frame, "phone")]
    return np.array([end == digits[-_DIGITS:] for end in ends], dtype=np.bool_)


def _names(frame: pd.DataFrame, rows: Flags) -> set[str]:
    if "name" not in frame:
        return set()
    return {as_text(cell).casefold() for cell in frame["name"][rows].dropna()}


def _ids_of(frame: pd.DataFrame, key: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    if key not in frame:
        return np.full(len(frame), None, dtype=object)
    texts = [None if cell is None or cell != cell else as_text(cell) for cell in frame[key]]
    return plain_ids(np.array(texts, dtype=object))
