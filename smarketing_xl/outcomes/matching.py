"""Which lead a deal or a customer belongs to: by ID, else e-mail, else telephone, else company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from smarketing_xl.arrays import Places, Texts
from smarketing_xl.frames import Columns
from smarketing_xl.parsing import match_keys

MOST_SHARING = 40
"""Leads that share an address, number or firm beyond which it says nothing about who it is."""

KEYS = ("email", "phone", "company")
DIGITS = 8  # of a telephone number, that of the shortest plans in use


@dataclass(frozen=True)
class Match:
    """place: the row of what was asked for, -1 for none. several: candidates that cannot be told
    apart stand in its way."""

    place: Places
    several: NDArray[np.bool_]


class People:
    """Rows of a table of people or firms, each with whom it stands for.

    whose: for each row a number; rows of the same number are one. since: when each row began,
    datetime64[us]; a match by anything but its ID must not be later than what is asked for.
    """

    def __init__(self, rows: IntoFrame, whose: Places, since: NDArray[np.datetime64]) -> None:
        self._rows, self._whose = rows, whose
        self._day = since.astype("datetime64[D]")
        self._keys: dict[str, pd.DataFrame] = {}

    def find(self, asked: IntoFrame, rows: Places, when: NDArray[np.datetime64]) -> Match:
        """Whom some rows of another table stand for; by e-mail first, then telephone, then firm.

        rows: the places in `asked` to look for. when: the moment of every row of `asked`; of
        several people with the key, the latest to have come before it is taken. A firm counts only
        where a single one of its people can be meant.
        """
        place = np.full(len(rows), -1, dtype=np.intp)
        several = np.zeros(len(rows), dtype=np.bool_)
        day = when.astype("datetime64[D]")
        for key in KEYS:
            left = np.flatnonzero(place < 0)
            if not len(left):
                break
            given = written(asked, key)[rows[left]]
            known = pd.notna(given)
            if not known.any():
                continue
            left = left[known]
            sought = pd.DataFrame(
                {
                    "key": _short(given[known], key),
                    "given": given[known],
                    "asked": left,
                    "day": day[rows[left]],
                }
            ).merge(self._known(key), on="key")
            early = ~(sought["since"] > sought["day"])
            if key == "phone":
                early &= _same_number(sought["given"], sought["known"])
            sought = sought[early].sort_values(["asked", "since"], na_position="first")
            each = sought.groupby("asked")["whose"]
            best, many = each.last(), each.nunique() > 1
            at = best.index.to_numpy(dtype=np.intp)
            if key == "company":
                several[at] = many.to_numpy()
                best = best[~many]
                at = at[~many.to_numpy()]
            place[at] = best.to_numpy(dtype=np.intp)
        return Match(place, several & (place < 0))

    def _known(self, key: str) -> pd.DataFrame:
        """key, known (the cell), whose, since: of the rows whose key few others share."""
        if key not in self._keys:
            cells = written(self._rows, key)
            there = pd.notna(cells) & (self._whose >= 0)
            known = pd.DataFrame(
                {
                    "key": _short(cells[there], key),
                    "known": cells[there],
                    "whose": self._whose[there],
                    "since": self._day[there],
                }
            )
            times = known.groupby("key")["whose"].transform("size")
            self._keys[key] = known[times <= MOST_SHARING]
        return self._keys[key]


def plain_ids(ids: Texts) -> Texts:
    """IDs as they are compared: without spaces around; Salesforce's 18 characters are its 15.

    >>> plain_ids(np.array([" L-1", "00Q5g00000AbCdEAAV", None], dtype=object)).tolist()
    ['L-1', '00Q5g00000AbCdE', None]
    """
    text = pl.Series(ids.tolist(), dtype=pl.String, strict=False).str.strip_chars()
    if (text.str.len_chars() == 18).any():
        long = (text.str.len_chars() == 18) & text.str.contains(r"^[A-Za-z0-9]{15}[A-Z0-5]{3}$")
        long &= text.str.contains(r"\d")
        text = text.str.slice(0, 15).zip_with(long.fill_null(False), text)
    out: Texts = text.to_numpy().astype(object)
    return out


def lookup(known: Texts, asked: Texts) -> Places:
    """Where each ID stands among the known ones (the first of equal ones); -1 where nowhere."""
    index = pd.Index(known, dtype=object)
    first = np.flatnonzero(~index.duplicated() & index.notna())
    hits = index[first].get_indexer(pd.Index(asked, dtype=object))
    place = np.where(hits >= 0, first[hits] if len(first) else -1, -1)
    place[pd.isna(asked)] = -1
    return place.astype(np.intp)


def written(rows: IntoFrame, key: str) -> Texts:
    """A column of people in one way of writing, blanks as None; of telephones the digits."""
    cells = pl.Series(Columns(rows, key).texts(key).tolist(), dtype=pl.String, strict=False)
    if key == "email":
        texts = match_keys.emails(cells)
    elif key == "phone":
        texts = cells.str.replace_all(r"\D", "").str.strip_chars_start("0")
        texts = texts.set((texts.str.len_chars() < DIGITS - 1).fill_null(False), None)
    else:
        texts = match_keys.companies(cells)
    out: Texts = np.array(texts.to_list(), dtype=object)
    return out


def _short(cells: Texts, key: str) -> Texts:
    """What two cells must share: of a telephone its last digits, with or without its country."""
    if key != "phone":
        return cells
    return np.array([digits[-DIGITS:] for digits in cells], dtype=object)


def _same_number(one: pd.Series[Any], other: pd.Series[Any]) -> NDArray[np.bool_]:
    """Whether one number is the other with its country before it."""
    both = zip(one.tolist(), other.tolist(), strict=True)
    return np.array([a.endswith(b) or b.endswith(a) for a, b in both], dtype=np.bool_)
