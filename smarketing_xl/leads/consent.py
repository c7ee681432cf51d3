"""Whom one may write to or call: what the table of leads says of consent.

Consent, Do not contact and columns of people's own that CRMs call otherwise (Email Opt Out, GDPR
consent). A table in which nobody ever entered a consent keeps none: then all may be contacted who
did not refuse. What cannot be understood counts against contact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.outcomes.persons import read_persons
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


def may_contact(leads: pd.DataFrame) -> Flags:
    """For each lead, whether it may be contacted; one person's refusal holds for its duplicates.

    leads: columns by key or header; those of consent may be missing.

    >>> may_contact(pd.DataFrame({"Consent": ["Sí", None], "No contactar": [None, None]})).tolist()
    [True, False]
    """
    allowed = np.ones(len(leads), dtype=np.bool_)
    refused = np.zeros(len(leads), dtype=np.bool_)
    for name in leads.columns:
        column = _kind(name)
        if column == "consent" and leads[name].notna().any():
            allowed &= _holds_any(leads[name], _YES)
        elif column == "do_not_contact":
            refused |= ~_holds_any(leads[name], _NO)
    return allowed & ~_spread(refused, leads)


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


def _spread(refused: Flags, leads: pd.DataFrame) -> Flags:
    """Refusals of one record as those of the person, whose other records are its duplicates."""
    if not refused.any() or "lead_id" not in leads:
        return refused
    person = read_persons(leads).first
    spread: Flags = np.isin(person, person[refused])
    return spread
