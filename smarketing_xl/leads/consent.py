"""Whom one may write to or call: what the table of leads says of consent.

Consent, Do not contact and columns of people's own that CRMs call otherwise (Email Opt Out, GDPR
consent). A table in which nobody ever entered a consent keeps none: then all may be contacted who
did not refuse. What cannot be understood counts against contact. Who says no on one row says it on
all of theirs: duplicates, and rows of the same address, or of the same telephone and name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from smarketing_xl.arrays import Flags, Places, Texts
from smarketing_xl.outcomes.matching import DIGITS, MOST_SHARING, written
from smarketing_xl.outcomes.persons import read_persons
from smarketing_xl.parsing.match_keys import people
from smarketing_xl.parsing.text import as_text, fold_words
from smarketing_xl.schema.tables import YES_NO

CONSENT = (
    "consent", "consentimiento", "opt in", "opted in", "gdpr consent", "autorizacion",
    "marketing consent",
)  # fmt: skip
DO_NOT_CONTACT = (
    "do not contact", "no contactar", "do not call", "no llamar", "opt out", "opted out",
    "unsubscribed from all email", "email opt out", "do not allow bulk emails",
    "do not allow emails", "do not allow phone calls",
)  # fmt: skip
_LABELS = {fold_words(label): entry for label, entry in YES_NO.known().items()}
_YES = {label for label, entry in _LABELS.items() if entry == "yes"} | {
    "x", "1", "true", "verdadero", "y", "s", "granted", "given", "subscribed", "opted in",
    "suscrito", "otorgado", "✓",
}  # fmt: skip
_NO = {label for label, entry in _LABELS.items() if entry == "no"} | {
    "", "0", "false", "falso", "n", "allow", "permitir", "subscribed",
}  # fmt: skip


@dataclass(frozen=True)
class HeldBack:
    """Which leads may not be contacted: by what their own row says, or by another of the person."""

    own: Flags
    by_another: Flags


def may_contact(leads: pd.DataFrame) -> Flags:
    """For each lead, whether it may be contacted; one person's refusal holds for all their rows.

    leads: columns by key or header; those of consent may be missing.

    >>> may_contact(pd.DataFrame({"Consent": ["Sí", None], "No contactar": [None, None]})).tolist()
    [True, False]
    """
    held = held_back(leads)
    return ~(held.own | held.by_another)


def held_back(leads: pd.DataFrame) -> HeldBack:
    """The leads that may not be contacted; see `may_contact`."""
    own = np.zeros(len(leads), dtype=np.bool_)
    refused = np.zeros(len(leads), dtype=np.bool_)
    for name in leads.columns:
        refused |= refusals(name, leads[name])
        if _kind(name) == "consent" and leads[name].notna().any():
            own |= ~_holds_any(leads[name], _YES)
    own |= refused
    return HeldBack(own, _of_the_same_person(refused, leads) & ~own)


def refusals(header: object, cells: pd.Series[Any]) -> Flags:
    """Which cells of a column of leads refuse: of consent whatever is neither blank nor a yes."""
    column = _kind(header)
    if column == "consent":
        return ~_holds_any(cells, _YES | {""})
    if column == "do_not_contact":
        return ~_holds_any(cells, _NO)
    return np.zeros(len(cells), dtype=np.bool_)


def _kind(header: object) -> str:
    folded = fold_words(str(header))
    if folded in CONSENT:
        return "consent"
    return "do_not_contact" if folded in DO_NOT_CONTACT else ""


def _holds_any(column: pd.Series[Any], words: set[str]) -> Flags:
    blank = column.isna()
    texts = column.astype(object).where(~blank, "").map(as_text)
    flags: Flags = texts.map(lambda cell: fold_words(cell) or cell.strip()).isin(words).to_numpy()
    return flags


def _of_the_same_person(refused: Flags, leads: pd.DataFrame) -> Flags:
    """Refusals of one row as those of the person, in every row of theirs."""
    if not refused.any():
        return refused
    spread = refused
    before = np.zeros(len(leads), dtype=np.bool_)
    keys = _keys(leads)
    while (spread & ~before).any():
        before = spread
        for key in keys:
            spread = spread | np.isin(key, key[spread & (key >= 0)])
    return spread


def _keys(leads: pd.DataFrame) -> list[Places]:
    """By which rows are of one person: numbers that are alike where they are, -1 where nothing is
    said."""
    keys = [read_persons(leads).first] if "lead_id" in leads else []
    if "email" in leads:
        keys.append(_numbered(written(leads, "email")))
    if {"phone", "name"} <= set(leads):
        names = pl.Series([as_text(cell) if pd.notna(cell) else None for cell in leads["name"]])
        pairs = zip(written(leads, "phone"), people(names.cast(pl.String)), strict=True)
        both = [phone[-DIGITS:] + " " + name if phone and name else None for phone, name in pairs]
        keys.append(_numbered(np.array(both, dtype=object)))
    return keys


def _numbered(texts: Texts) -> Places:
    """A number for each text; -1 for none, and for one that so many rows share that it tells of
    nobody."""
    codes, known = pd.factorize(texts)
    times = np.bincount(codes[codes >= 0], minlength=len(known))
    several = np.append(times <= MOST_SHARING, False)
    return np.where(several[codes], codes, -1).astype(np.intp)
