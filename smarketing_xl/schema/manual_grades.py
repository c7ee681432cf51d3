"""Grades typed by hand, as the table Leads shows them.

Beside each grade stands what the rules say ("Grade by rule"). A grade that differs from it was
typed; from then on the mark says so, whatever the rules come to say, until the cell is cleared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MARK = " ✎"


def by_hand(leads: pd.DataFrame) -> pd.Series[bool]:
    """Which leads have a grade that someone typed. leads: columns grade and rule_grade.

    >>> leads = pd.DataFrame({"grade": ["A", "A", "B", None], "rule_grade": ["A", "B", "B ✎", "C"]})
    >>> by_hand(leads).tolist()
    [False, True, True, False]
    """
    typed = leads["grade"].astype(object)
    typed = typed.where(typed.notna(), "").astype(str).str.strip()
    rule = leads["rule_grade"].astype(object)
    return typed.ne("") & typed.ne(rule.where(rule.notna(), "").astype(str))


def marked(rules: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which cells of "Grade by rule" say that the grade beside them is kept as it was typed."""
    return pd.Series(rules, dtype=object).astype(str).str.endswith(MARK).to_numpy(dtype=np.bool_)
