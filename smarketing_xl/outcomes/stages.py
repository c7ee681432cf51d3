"""Stages of a deal in words, for deals that do not say whether they are open, won or lost."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Texts

_LOST = re.compile(
    r"(lost\b|\bnot won|\bno ganad|perdid|\babandon|\bcancel|\bdescartad|\bdisqualif)"
)
_WON = re.compile(r"(won|ganad[oa]|ganho|\bsigned|\bfirmad[oa])\b")


def status_of_stages(stages: Texts) -> Texts:
    """open, won or lost, by the words of each stage; a stage that says neither is open.

    >>> status_of_stages(np.array(["Closed Won", "Cerrado perdido", "Demo", None])).tolist()
    ['won', 'lost', 'open', 'open']
    """
    known = {stage: _status(str(stage)) for stage in set(stages[pd.notna(stages)].tolist())}
    out: Texts = pd.Series(stages, dtype=object).map(known).to_numpy(dtype=object)
    return np.where(pd.isna(out), "open", out).astype(object)


def _status(stage: str) -> str:
    words = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stage)).lower()
    if _LOST.search(words):
        return "lost"
    return "won" if _WON.search(words) else "open"
