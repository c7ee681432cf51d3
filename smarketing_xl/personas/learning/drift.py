"""Have the leads changed since the persona was agreed: the population stability index.

PSI = sum over classes of (share now - share then) x ln(share now / share then), half a lead added
to each class. By the usual reading, below 0.1 nothing moved and above 0.25 much did (Siddiqi 2006).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarketing_xl.i18n import _
from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.grades import Grade, best_first, ranks
from smarketing_xl.personas.scoring import scores_and_criteria
from smarketing_xl.schema.tables import PERSONA_DRIFT
from smarketing_xl.stats.association import population_stability

MOVED, MUCH = 0.1, 0.25


def measure_drift(
    before: pd.DataFrame,
    now: pd.DataFrame,
    personas: Sequence[Persona],
    grades: Sequence[Grade],
    today: dt.date,
) -> pd.DataFrame:
    """How leads moved: rows of `tables.PERSONA_DRIFT`, the grades first, then what moved most.

    before, now: leads created before and since the persona was agreed; columns by the keys of
    `tables.LEADS`. No rows where either is empty.
    """
    if before.empty or now.empty:
        return pd.DataFrame(columns=PERSONA_DRIFT.keys)
    known = best_first(grades)
    graded = []
    judged = [scores_and_criteria(leads, personas, known, today) for leads in (before, now)]
    for scores, _criteria in judged:
        graded.append(np.bincount(ranks(scores, known), minlength=len(known) + 1))
    best = [counts[-1] / counts.sum() for counts in graded]
    label = _("Grade {grade}").format(grade=known[0].name)
    first = _row(label, best[0], best[1], float(population_stability(graded[0], graded[1])))
    then, since = (criteria for _scores, criteria in judged)
    rows = []
    for words in then:
        counts = [np.array([met.sum(), (~met).sum()]) for met in (then[words], since[words])]
        shares = [count[0] / count.sum() for count in counts]
        rows.append(
            _row(words, shares[0], shares[1], float(population_stability(counts[0], counts[1])))
        )
    rows.sort(key=lambda row: -float(str(row["psi"])))
    return pd.DataFrame([first, *rows], columns=PERSONA_DRIFT.keys)


def _row(what: str, before: float, now: float, index: float) -> dict[str, object]:
    if index < MOVED:
        verdict = _("As before")
    elif index < MUCH:
        verdict = _("Has moved; watch it")
    else:
        verdict = _("Has moved much: look at the persona again")
    return {"what": what, "before": before, "now": now, "psi": index, "said": verdict}
