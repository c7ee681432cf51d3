"""Grades typed by hand are kept when leads are scored again, marked, and counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _, current_language
from smarketing_xl.personas.grades import Grade
from smarketing_xl.schema.manual_grades import MARK, by_hand
from smarketing_xl.schema.tables import LEADS


def kept(scored: pd.DataFrame, leads: pd.DataFrame, grades: Sequence[Grade]) -> pd.DataFrame:
    """What was scored, with the grades that people typed, and whether sales must take those.

    scored: columns grade and qualified; leads: the same rows as they stand, with grade and
    rule_grade. Returns scored with rule_grade beside it; grades are compared without case.
    Raises BadData naming every grade typed that is none.
    """
    hand = by_hand(leads)
    known = {grade.name.casefold(): grade for grade in grades}
    typed = leads.loc[hand, "grade"].astype(str).str.strip().str.casefold()
    wrong = typed[~typed.isin(known)]
    if len(wrong):
        names = ", ".join(grade.name for grade in grades)
        wording = _("is no grade"), _("Type one of {names}, or clear the cell").format(names=names)
        sheet, title = leads.attrs.get("sheet"), LEADS["grade"].title(current_language())
        raise BadData(
            [Fault(*wording, sheet, row, title, leads.at[row, "grade"]) for row in wrong.index]
        )
    rule = scored["grade"].astype(object).where(scored["grade"].notna(), "")
    out = scored.astype({"grade": object, "qualified": object})
    out["rule_grade"] = np.where(hand, rule + MARK, scored["grade"])
    out.loc[hand, "grade"] = typed.map(lambda name: known[name].name)
    out.loc[hand, "qualified"] = typed.map(lambda name: known[name].qualified)
    return out
