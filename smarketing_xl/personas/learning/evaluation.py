"""Does it work: scores against what became of the leads, on history that was not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.personas.grades import Grade, best_first, ranks
from smarketing_xl.schema.tables import PERSONA_CALIBRATION, PERSONA_GRADES
from smarketing_xl.stats.intervals import wilson

BANDS = 10
_FEWEST_IN_BAND = 20
_SHARES = (0.1, 0.3, 0.6)  # of the leads, the best first, above each proposed threshold


@dataclass(frozen=True)
class Auc:
    """Chance that a customer scores above a lead that did not buy, with its 95 % interval."""

    value: float
    low: float
    high: float


def auc(scores: Floats, bought: Flags) -> Auc:
    """The area under the ROC curve with its interval (DeLong, DeLong and Clarke-Pearson 1988).

    scores: higher is likelier; ties count half. bought: whether each became a customer.
    Raises NotEnoughData where all or none bought.

    >>> round(auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1], bool)).value, 2)
    0.75
    """
    value, with_bought, with_rest = _components(scores, bought)
    reach = 1.959964 * np.sqrt(_variance(with_bought) + _variance(with_rest))
    return Auc(value, max(value - reach, 0.0), min(value + reach, 1.0))


def auc_difference(one: Floats, other: Floats, bought: Flags) -> Auc:
    """How far the first AUC lies above the second, on the same leads, with its interval."""
    first, second = _components(one, bought), _components(other, bought)
    value = first[0] - second[0]
    reach = 1.959964 * np.sqrt(
        sum(_variance(left - right) for left, right in zip(first[1:], second[1:], strict=True))
    )
    return Auc(value, value - reach, value + reach)


def _components(scores: Floats, bought: Flags) -> tuple[float, Floats, Floats]:
    """AUC and its structural components, by midranks (Sun and Xu 2014)."""
    from scipy.stats import rankdata

    m, n = int(bought.sum()), int((~bought).sum())
    if not m or not n:
        raise NotEnoughData(
            _("All or none of these leads became customers"),
            _("Close leads as won and as lost"),
        )
    everyone = rankdata(scores)
    among_bought = (everyone[bought] - rankdata(scores[bought])) / n
    among_rest = 1 - (everyone[~bought] - rankdata(scores[~bought])) / m
    return float(among_bought.mean()), among_bought, among_rest


def _variance(components: Floats) -> float:
    return float(components.var(ddof=1) / len(components)) if len(components) > 1 else 0.0


def lift_of_top(scores: Floats, bought: Flags, share: float = 0.1) -> float:
    """Share of customers among the top scores over their share in all.

    Where many leads tie at the edge of the top, they count in part.
    """
    wanted = len(scores) * share
    table = pd.DataFrame({"score": scores, "bought": bought})
    by_score = table.groupby("score")["bought"].agg(["sum", "size"]).iloc[::-1]
    before = by_score["size"].cumsum() - by_score["size"]
    part = ((wanted - before) / by_score["size"]).clip(0, 1)
    return float((by_score["sum"] * part).sum() / wanted / bought.mean())


def proposed_grades(scores: Floats, grades: Sequence[Grade]) -> list[Grade]:
    """The grades with lowest scores that fit these scores: a tenth A, two more B, three more C.

    With other than four grades, the leads are shared out evenly after the first tenth. The last
    grade begins at 0. No grade is empty where there are as many different scores as grades.
    """
    known = best_first(grades)
    shares = _SHARES if len(known) == 4 else tuple(np.linspace(0.1, 1, len(known))[:-1])
    lowest = [float(np.floor(np.quantile(scores, 1 - share))) for share in shares]
    seen = np.unique(np.floor(scores))[::-1]  # the highest first
    if len(seen) >= len(known):
        place = -1
        for grade, low in enumerate(lowest):  # a score is left for each of the grades below
            place = max(int((seen >= low).sum()) - 1, place + 1)
            place = min(place, len(seen) - len(known) + grade)
            lowest[grade] = float(seen[place])
    else:
        for grade in range(len(lowest) - 1, -1, -1):
            lowest[grade] = max(lowest[grade], [*lowest, 0.0][grade + 1] + 1)
        lowest = [min(low, 100.0 - grade) for grade, low in enumerate(lowest)]
    lowest.append(0.0)
    return [
        Grade(grade.name, float(low), grade.qualified, grade.first_contact_hours)
        for grade, low in zip(known, lowest, strict=True)
    ]


def places(scores: Floats, grades: Sequence[Grade]) -> NDArray[np.intp]:
    """The place of each score's grade, 0 for the best; below every grade, their number."""
    return len(grades) - ranks(scores, grades)


def by_grade(
    place: NDArray[np.intp], bought: Flags, value: Floats, grades: Sequence[Grade]
) -> pd.DataFrame:
    """What the leads of each grade brought: rows of `tables.PERSONA_GRADES`, best grade first.

    place: of the grade of each lead, see `places`. value: revenue or margin of each lead, 0 for
    the lost; blanks count as unknown.
    """
    known = best_first(grades)
    leads = np.bincount(place, minlength=len(known))[: len(known)].astype(float)
    customers = np.bincount(place, bought, len(known))[: len(known)].astype(float)
    revenue = np.bincount(place, np.nan_to_num(value), len(known))[: len(known)]
    low, high = wilson(customers, leads)
    with np.errstate(invalid="ignore", divide="ignore"):
        conversion, per_lead = customers / leads, revenue / leads
    cells = {
        "grade": [grade.name for grade in known],
        "lowest": [grade.lowest for grade in known],
        "leads": leads,
        "customers": customers,
        "conversion": conversion,
        "low": np.where(leads > 0, low, np.nan),
        "high": np.where(leads > 0, high, np.nan),
        "lift": conversion / bought.mean() if bought.any() else np.nan,
        "revenue": revenue,
        "per_lead": per_lead,
    }
    return pd.DataFrame(cells, columns=PERSONA_GRADES.keys)


@dataclass(frozen=True)
class Calibration:
    """Probability that a lead of a score becomes a customer: a rising step function of the score.

    scores, chances: at each step; between them the chance runs straight.
    """

    scores: Floats
    chances: Floats

    def chance(self, scores: Floats) -> Floats:
        """The probability for each score."""
        return np.asarray(np.interp(scores, self.scores, self.chances))


def calibrated(scores: Floats, bought: Flags) -> Calibration:
    """The probability by score that history shows: isotonic regression."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, bought)
    return Calibration(np.asarray(fitted.X_thresholds_), np.asarray(fitted.y_thresholds_))


def calibration(scores: Floats, bought: Flags, expected: Floats) -> pd.DataFrame:
    """Expected against observed, by band of scores: rows of `tables.PERSONA_CALIBRATION`.

    expected: the probability of each lead, learned from other history than these leads. Bands of
    ten points; sparse ones join the next.
    """
    band = np.minimum((scores / (100 / BANDS)).astype(int), BANDS - 1)
    rows = []
    members, start = np.zeros(len(scores), dtype=bool), 0
    for step in range(BANDS):
        members |= band == step
        last = step == BANDS - 1
        if members.sum() < _FEWEST_IN_BAND and not last:
            continue
        if members.any():
            count = float(members.sum())
            low, high = wilson(np.array([bought[members].sum()]), np.array([count]))
            rows.append(
                {
                    "score_from": start * 100 / BANDS,
                    "score_to": (step + 1) * 100 / BANDS,
                    "leads": count,
                    "predicted": expected[members].mean(),
                    "observed": bought[members].mean(),
                    "low": low[0],
                    "high": high[0],
                }
            )
        members, start = np.zeros(len(scores), dtype=bool), step + 1
    return pd.DataFrame(rows, columns=PERSONA_CALIBRATION.keys)
