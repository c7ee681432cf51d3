"""Leads that are the same person: exactly, once written in one way, or probably.

Two leads are compared only if they share something that seldom agrees by chance (a block), so the
cost grows with the leads, not with their square. A pair's evidence adds up as in Fellegi and Sunter
(A Theory for Record Linkage, 1969): each field gives or takes points, decimal logarithms of how
much more often it agrees so for the same person than for two; a rare value gives more than a common
one, and the more leads there are, the likelier two of them agree by chance. `EVIDENCE` points make
a duplicate. The weights are fitted to one half of the people of labelled sets (docs/import.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from smarketing_xl.arrays import Floats
from smarketing_xl.parsing import match_keys
from smarketing_xl.parsing.text_columns import folded_words

EVIDENCE = 0.0  # points
LARGEST_BLOCK = 40  # leads that share a key; more of them (a switchboard, "info") say nothing
PAIRS_A_LEAD = 4  # compared by each of the keys that are made of a word of the name
_AT_ONCE = 500_000  # pairs compared in one go, which bounds the memory
_SHIFT = 1 << 32
_CANDIDATE = {"one": pl.UInt32, "other": pl.UInt32}
_PAIR = {**_CANDIDATE, "points": pl.Float64}
_FIELDS = ("name", "email", "phone", "company", "city", "country")
_RARE = ("name", "phone", "company", "city")  # whose rare values say more
_OTHERS = 1_000  # people beyond the table: in a table of two, nothing would be rare
_START = 3.7  # points before anything is compared, and before the number of leads is held against
Scorer = Callable[..., float]


@dataclass(frozen=True)
class Weight:
    """What a field says: agree points, rare more for each factor of ten that its value is rare.

    alike: percent from which two values agree. doubt: percent from which they may, which says
    nothing, as a blank does. differ: points below that.
    """

    alike: float
    doubt: float
    agree: float
    rare: float
    differ: float


_PHONE = Weight(alike=100, doubt=100, agree=-1.15, rare=0.5, differ=-1.25)
_COMPANY = Weight(alike=88, doubt=84, agree=-2.25, rare=0.8, differ=-0.9)
_CITY = Weight(alike=80, doubt=65, agree=-1.3, rare=0.8, differ=-1.0)
_NAME = Weight(alike=80, doubt=80, agree=-0.8, rare=0.5, differ=-2.0)
_PART = -0.2  # only one of two names was given: points less than for the whole
_NEARLY = {68: 0.65, 40: -1.25}  # points of names that are less alike: Pepe and José García
_DIGIT, _ONE_WRONG = 87.0, 0.4  # a number with one wrong digit: percent, points
_SLIP, _COLLEAGUES = 84.0, -2.0  # two addresses in a domain, no slip of each other: two people
_MAILBOX = 8.0


def find(leads: pd.DataFrame, evidence: float = EVIDENCE) -> pd.Series[Any]:
    """For each lead the id of the earliest lead that is the same person; null if it is the first.

    leads: columns lead_id, created, name, email, phone, company, city, country by key (those that
    are missing are passed over). evidence: points from which a pair is the same person.

    >>> leads = pd.DataFrame({"lead_id": ["1", "2"], "email": ["a@example.com", "A@EXAMPLE.COM"]})
    >>> find(leads).tolist()
    [nan, '1']
    """
    ids = leads["lead_id"].to_numpy(dtype=object)
    links = pairs(leads, evidence)
    label = _components(len(leads), links["one"].to_numpy(), links["other"].to_numpy())
    first = _earliest(leads, label)
    same = pd.Series(ids[first], index=leads.index, dtype="str")
    return same.where(first != np.arange(len(leads))).rename("duplicate_of")


def pairs(leads: pd.DataFrame, evidence: float = EVIDENCE) -> pl.DataFrame:
    """Pairs of leads that are the same person: one, other (positions, one < other), points."""
    fields = written(leads)
    known = _known(fields)
    blocks = [pl.DataFrame(schema=_PAIR)]
    for some in _candidates(fields).iter_slices(_AT_ONCE):
        points = _points(known[some["one"]], known[some["other"]], len(leads))
        blocks.append(some.with_columns(points=points).filter(pl.col("points") >= evidence))
    return pl.concat(blocks)


def written(leads: pd.DataFrame) -> pl.DataFrame:
    """The fields in one way of writing."""
    texts = {name: _text(leads, name) for name in _FIELDS}
    return pl.DataFrame(
        {
            "name": match_keys.people(texts["name"]),
            "email": match_keys.emails(texts["email"]),
            "phone": match_keys.phones(texts["phone"], texts["country"]),
            "company": match_keys.companies(texts["company"]),
            "city": folded_words(texts["city"]),
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
    name, phone, company, city = (pl.col(key) for key in ("name", "phone", "company", "city"))
    whole = (
        pl.col("email"),
        pl.col("email").str.extract(r"^([^@]{6,})@"),
        phone,
        name,
        name.str.slice(0, 5) + "|" + name.str.slice(-3) + "|" + city,
        name.str.slice(-4) + "|" + company,
        name.str.slice(0, 4) + "|" + phone.str.slice(-4),
        name.str.slice(-4) + "|" + phone.str.slice(-7, 4),
    )
    word = (  # with each word of the name: the first name alone, a maiden name
        name + "|" + city,
        name + "|" + company.str.slice(0, 4),
        name.str.slice(0, 3) + "|" + company,
        name.str.slice(0, 3) + "|" + phone.str.slice(-7, 4),
    )
    leads = written.with_row_index("at")
    words = leads.with_columns(name.str.split(" ").list.unique()).explode("name")
    words = words.filter(name.str.len_chars() > 1)
    blocks = [_within(_blocks(leads, key)) for key in whole]
    blocks += [_within(_affordable(_blocks(words, key), len(leads))) for key in word]
    both = pl.concat(blocks).unique().sort("both")["both"]
    return pl.DataFrame({"one": both // _SHIFT, "other": both % _SHIFT}, schema=_CANDIDATE)


def _blocks(leads: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """at, key, size: the leads that share a key with some others."""
    keyed = leads.select("at", key=key).drop_nulls("key")
    keyed = keyed.with_columns(pl.col("key").hash())  # numbers are joined faster than texts
    keyed = keyed.with_columns(size=pl.len().over("key"))
    return keyed.filter(pl.col("size").is_between(2, LARGEST_BLOCK))


def _affordable(blocks: pl.DataFrame, leads: int) -> pl.DataFrame:
    """The smallest blocks, which say the most, up to a number of pairs in line with the leads."""
    sizes = blocks.group_by("size").agg(pairs=pl.len() * (pl.col("size").first() - 1) / 2)
    some = sizes.sort("size").filter(pl.col("pairs").cum_sum() <= PAIRS_A_LEAD * leads)
    return blocks.filter(pl.col("size") <= (some["size"].max() or 0))


def _within(blocks: pl.DataFrame) -> pl.DataFrame:
    """The pairs inside each block, each as one number: one x _SHIFT + other."""
    both = blocks.join(blocks, on="key", suffix="_other").filter(pl.col("at") < pl.col("at_other"))
    return both.select(both=pl.col("at").cast(pl.UInt64) * _SHIFT + pl.col("at_other"))


# --- how much a pair agrees ---------------------------------------------------------------------


def _known(written: pl.DataFrame) -> pl.DataFrame:
    """The fields with how often each value is met, a name's words and an address's domain."""
    times = [pl.len().over(key).alias(f"{key}_times") for key in _RARE]
    domain = pl.col("email").str.extract("@(.+)$")
    return written.with_columns(*times, words=pl.col("name").str.split(" "), domain=domain)


def _points(left: pl.DataFrame, right: pl.DataFrame, leads: int) -> Floats:
    """Points of each pair of rows, of so many leads."""
    people = np.log10(leads + _OTHERS)
    rare = {key: people - np.log10(_commoner(left, right, f"{key}_times")) for key in _RARE}
    points: Floats = (
        _START
        - people
        + _name(left, right, rare["name"])
        + _email(left, right)
        + _phone(left["phone"], right["phone"], rare["phone"])
        + _weighed(_alike(left["company"], right["company"]), rare["company"], _COMPANY)
        + _weighed(_alike(left["city"], right["city"]), rare["city"], _CITY)
    )
    return points


def _commoner(left: pl.DataFrame, right: pl.DataFrame, times: str) -> Floats:
    often = np.maximum(left[times].to_numpy(), right[times].to_numpy())
    return np.asarray(often, dtype=np.float64)


def _name(left: pl.DataFrame, right: pl.DataFrame, rare: Floats) -> Floats:
    """By the words that only one of two names has: two first names of a family are two people."""
    both = pl.DataFrame({"one": left["words"], "other": right["words"]})
    one, other = both.select(
        one=pl.col("one").list.set_difference("other").list.join(" "),
        other=pl.col("other").list.set_difference("one").list.join(" "),
    )
    alike = _alike(one, other)
    agree = _NAME.agree + _NAME.rare * rare
    part = ((one == "") ^ (other == "")).fill_null(False).to_numpy()
    levels = [np.isnan(alike), part, alike >= _NAME.alike, *(alike >= least for least in _NEARLY)]
    return np.select(levels, [0, agree + _PART, agree, *_NEARLY.values()], _NAME.differ)


def _email(left: pl.DataFrame, right: pl.DataFrame) -> Floats:
    """The same mailbox is one person; two of a domain are two; a private one says nothing."""
    alike = _alike(left["email"], right["email"])
    together = (left["domain"] == right["domain"]).fill_null(False).to_numpy()
    return np.select([alike == 100, together & (alike < _SLIP)], [_MAILBOX, _COLLEAGUES], 0.0)


def _phone(left: pl.Series, right: pl.Series, rare: Floats) -> Floats:
    alike = 100 * _alike(left, right, Levenshtein.normalized_similarity)
    slip = (alike >= _DIGIT) & (alike < _PHONE.alike)
    return np.where(slip, _ONE_WRONG, _weighed(alike, rare, _PHONE))


def _weighed(alike: Floats, rare: Floats, weight: Weight) -> Floats:
    agree = weight.agree + weight.rare * rare
    levels = [np.isnan(alike), alike >= weight.alike, alike >= weight.doubt]
    return np.select(levels, [0, agree, 0], weight.differ)


def _alike(left: pl.Series, right: pl.Series, scorer: Scorer = fuzz.ratio) -> Floats:
    """What the scorer says of each pair, 0 to 100 by default; NaN where either is blank."""
    alike = np.where(left.is_null() | right.is_null(), np.nan, scorer("same", "same"))
    asked = (left != right).fill_null(False)
    texts = left.filter(asked).to_list(), right.filter(asked).to_list()
    alike[asked.to_numpy()] = cpdist(*texts, scorer=scorer, workers=-1)
    return alike


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
