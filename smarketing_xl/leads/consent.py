"""Whom one may write to or call, where the table of leads says so.

Two columns that people may add, in English or Spanish: Consent (a lead without a yes is left out)
and Do not contact (a lead with a yes is left out). A table without them says nothing: all stay.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.frames import Flags
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.tables import YES_NO

CONSENT = ("consent", "consentimiento", "opt in", "opted in", "gdpr consent", "autorizacion")
DO_NOT_CONTACT = (
    "do not contact", "do not call", "no contactar", "no llamar", "opt out", "opted out",
    "unsubscribed from all email", "email opt out",
)  # fmt: skip
_YES = {*(label for label, entry in YES_NO.known().items() if entry == "yes"), "si", "x", "1"}
_YES |= {"1.0", "true", "verdadero", "granted", "y", "s"}


def may_contact(leads: pd.DataFrame) -> Flags:
    """For each lead, whether it may be contacted.

    >>> may_contact(pd.DataFrame({"Consent": ["Sí", None], "No contactar": [None, None]})).tolist()
    [True, False]
    """
    allowed = np.ones(len(leads), dtype=np.bool_)
    for name in leads.columns:
        folded = fold_words(str(name))
        if folded in CONSENT:
            allowed &= _yes(leads[name])
        elif folded in DO_NOT_CONTACT:
            allowed &= ~_yes(leads[name])
    return allowed


def _yes(column: pd.Series[Any]) -> Flags:
    said = column.astype(object).where(column.notna(), "").astype(str).str.strip().str.lower()
    found: Flags = said.isin(_YES).to_numpy(dtype=np.bool_)
    return found
