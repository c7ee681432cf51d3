"""Everything the button Learn persona shows: the proposal, its findings, and whether it works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.evaluation import (
    by_grade,
    calibrated,
    calibration,
    proposed_grades,
)
from smarketing_xl.personas.learning.history import history
from smarketing_xl.personas.learning.learn import Learned, learn
from smarketing_xl.personas.learning.models import compared
from smarketing_xl.personas.scoring import score
from smarketing_xl.texts import _
from smarketing_xl.workbook.tables import PERSONA_CALIBRATION, PERSONA_GRADES, PERSONA_MODELS

HELD_OUT = 0.3
SEED = 0


@dataclass(frozen=True)
class Study:
    """What was learned, and how it does on the history held out; frames by their tables' keys.

    grades: with the lowest scores proposed. learned_from, held_out: rows of history.
    """

    learned: Learned
    grades: list[Grade]
    by_grade: pd.DataFrame
    models: pd.DataFrame
    calibration: pd.DataFrame
    learned_from: int
    held_out: int


def study(
    customers: pd.DataFrame | None,
    leads: pd.DataFrame | None,
    grades: Sequence[Grade],
    today: dt.date,
    allowed: Collection[str] = (),
    seed: int = SEED,
) -> Study:
    """Learn a persona from seven tenths of the history and ask the rest whether it works.

    customers, leads: frames with columns by the keys of their tables. allowed: flagged attributes
    that were ticked. seed: of the split; the same seed gives the same answer.
    Raises NotEnoughData where there is too little history, or no grade.
    """
    if not grades:
        raise NotEnoughData(_("There is no grade"), _("Write one on the sheet Personas"))
    train, test = history(customers, leads).split(HELD_OUT, seed)
    learned = learn(train, allowed)
    if learned.persona is None:
        return Study(
            learned,
            list(grades),
            pd.DataFrame(columns=PERSONA_GRADES.keys),
            pd.DataFrame(columns=PERSONA_MODELS.keys),
            pd.DataFrame(columns=PERSONA_CALIBRATION.keys),
            len(train),
            len(test),
        )
    seen, unseen = (
        score(part.traits, [learned.persona], grades, today)["score"].to_numpy(dtype=float)
        for part in (train, test)
    )
    proposed = proposed_grades(seen, grades)
    return Study(
        learned,
        proposed,
        by_grade(unseen, test.outcome, test.value, proposed),
        compared(unseen, train, test, learned.attributes),
        calibration(unseen, test.outcome, calibrated(seen, train.outcome)),
        len(train),
        len(test),
    )
