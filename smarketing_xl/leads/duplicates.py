"""Leads that are the same person: exactly, once written in one way, or probably.

Two leads are compared only if they share something that seldom agrees by chance (a block), so the
cost grows with the leads, not with their square. A pair's evidence adds up as in Fellegi and Sunter
(A Theory for Record Linkage, 1969): each field gives or takes points, the logarithm of how much
more often it agrees for the same person than for two. `EVIDENCE` points make a duplicate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from smarketing_xl.leads import keys

EVIDENCE = 6.0  # points
LARGEST_BLOCK = 40  # leads that share a key; more of them (a switchboard, "info") say nothing
_FIELDS = ("name", "email", "phone", "company", "city", "country")
_SLIP = 84.0  # how alike, in percent, two ways to type the same number or address are
_COMMON, _RAREST = 3.0, 1.5  # a name of one in a thousand adds nothing, a rare one so many points
_PART = 75.0  # how alike a name and a part of it are taken to be
Floats = NDArray[np.float64]
Scorer = Callable[..., float]


def find(leads: pd.DataFrame, evidence: float = EVIDENCE) -> pd.Series[Any]:
    """For each lead the id of the earliest lead that is the same person; null if it is the first.

    leads: columns lead_id, created, name, email, phone, company, city, country by key (those that
    are missing are passed over). evidence: points from which a pair is the same person.

    >>> leads = pd.DataFrame({"lead_id": ["1", "2"], "email": ["a@example.com", "A@EXAMPLE.COM"]})
    >>> find(leads).tolist()
    [nan, '1']
    """
    ids = leads["lead_id"].to_numpy(dtype=object)
    found = pairs(leads, evidence)
    label = _components(len(leads), found["one"].to_numpy(), found["other"].to_numpy())
    first = _earliest(leads, label)
    same = pd.Series(ids[first], index=leads.index, dtype="str")
    return same.where(first != np.arange(len(leads))).rename("duplicate_of")


def pairs(leads: pd.DataFrame, evidence: float = EVIDENCE) -> pl.DataFrame:
    """Pairs of leads that are the same person: one, other (positions, one < other), points."""
    fields = written(leads)
    candidates = _candidates(fields)
    points = _points(fields, candidates["one"].to_numpy(), candidates["other"].to_numpy())
    return candidates.with_columns(pl.Series("points", points)).filter(pl.col("points") >= evidence)


def written(leads: pd.DataFrame) -> pl.DataFrame:
    """The fields in one way of writing."""
    texts = {name: _text(leads, name) for name in _FIELDS}
    return pl.DataFrame(
        {
            "name": keys.people(texts["name"]),
            "email": keys.emails(texts["email"]),
            "phone": keys.phones(texts["phone"], texts["country"]),
            "company": keys.companies(texts["company"]),
            "city": keys.plain(texts["city"]),
        }
    )


def _text(leads: pd.DataFrame, name: str) -> pl.Series:
    if name not in leads:
        return pl.Series([None] * len(leads), dtype=pl.String)
    column = leads[name].astype(object)
    return pl.Series(column.where(column.notna(), None).tolist(), dtype=pl.String, strict=False)


# --- which pairs are worth comparing ------------------------------------------------------------


def _candidates(written: pl.DataFrame) -> pl.DataFrame:
    """Pairs that share at least one key."""
    name, company = pl.col("name"), pl.col("company")
    local = pl.col("email").str.extract(r"^([^@]{6,})@")
    blocks = (
        pl.col("email"),
        pl.col("phone"),
        name + "|" + company.str.slice(0, 4),
        name + "|" + pl.col("city"),
        name.str.slice(0, 3) + "|" + company,
        name.str.slice(-4) + "|" + company,
        name.str.slice(0, 5) + "|" + name.str.slice(-3) + "|" + pl.col("city"),
        name.str.slice(0, 4) + "|" + pl.col("phone").str.slice(-4),
        name.str.slice(-4) + "|" + pl.col("phone").str.slice(-7, 4),
        name,
        local,
    )
    table = written.with_row_index("at")
    found = [_within(table.select("at", key=block)) for block in blocks]
    return pl.concat(found).unique(maintain_order=True)


def _within(keyed: pl.DataFrame) -> pl.DataFrame:
    """The pairs inside each block."""
    keyed = keyed.drop_nulls("key")
    size = pl.len().over("key")
    keyed = keyed.filter((size > 1) & (size <= LARGEST_BLOCK))
    both = keyed.join(keyed, on="key", suffix="_other").filter(pl.col("at") < pl.col("at_other"))
    return both.select(one="at", other="at_other")


# --- how much a pair agrees ---------------------------------------------------------------------


def _points(written: pl.DataFrame, one: NDArray[Any], other: NDArray[Any]) -> Floats:
    left, right = written[one], written[other]
    name = _alike(left["name"], right["name"])
    part = _alike(left["name"], right["name"], fuzz.token_set_ratio)
    name = np.where((part == 100) & (name < _PART), _PART, name)  # only the first name was given
    company = _alike(left["company"], right["company"])
    rare = np.where(name == 100, _rarity(written["name"])[one], 0)
    points = np.select(
        [np.isnan(name), name >= 95, name >= 85, name >= 70, name >= 50], [0, 5, 3, 0, -5], -7
    ).astype(np.float64)
    points += np.select([np.isnan(company), company >= 92, company >= 75], [0, 3, 1], -2)
    points += rare
    phone, email, city = (_alike(left[key], right[key]) for key in ("phone", "email", "city"))
    points += _graded(phone, {100: 7, _SLIP: 0}, -1)
    points += _graded(email, {100: 13, _SLIP: 0}, -0.5)
    points += _graded(city, {_SLIP: 0.5}, -1)  # a namesake in town is no proof
    return points


def _rarity(names: pl.Series) -> Floats:
    """Points for a name that few others share: to meet it twice by chance is unlikely."""
    times = pl.DataFrame({"name": names}).select(pl.len().over("name"))["len"].to_numpy()
    share = np.log10(len(names) / np.maximum(times, 1)) - _COMMON
    return np.asarray(np.clip(share, 0, _RAREST), dtype=np.float64)


def _graded(alike: Floats, grades: dict[float, float], other: float) -> Floats:
    """Points by how alike a field is; none where either is blank."""
    levels = [np.isnan(alike), *(alike >= level for level in grades)]
    return np.select(levels, [0.0, *grades.values()], other).astype(np.float64)


def _alike(left: pl.Series, right: pl.Series, scorer: Scorer = fuzz.ratio) -> Floats:
    """0 to 100 for each pair; NaN where either is blank."""
    blank = (left.is_null() | right.is_null()).to_numpy()
    ratio = cpdist(
        left.fill_null("").to_list(), right.fill_null("").to_list(), scorer=scorer, workers=-1
    )
    return np.where(blank, np.nan, np.asarray(ratio, dtype=np.float64))


# --- who is the first of them -------------------------------------------------------------------


def _components(count: int, one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.intp]:
    """Label of each lead's group: pairs of pairs belong together."""
    label = np.arange(count)
    while len(one):
        low = np.minimum(label[one], label[other])
        after = label.copy()
        np.minimum.at(after, one, low)
        np.minimum.at(after, other, low)
        after = after[after]
        if (after == label).all():
            break
        label = after
    return label


def _earliest(leads: pd.DataFrame, label: NDArray[np.intp]) -> NDArray[np.intp]:
    """Position of the earliest lead of each lead's group; the upper row where times are equal."""
    count = len(leads)
    if "created" in leads:
        order = np.argsort(leads["created"].to_numpy(), kind="stable")  # NaT comes last
    else:
        order = np.arange(count)
    first = np.full(count, -1, dtype=np.intp)
    first[label[order[::-1]]] = order[::-1]
    return first[label]
