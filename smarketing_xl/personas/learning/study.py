"""Everything the button Learn persona shows: the proposal, its findings, and whether it works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.dataset import History, build_history
from smarketing_xl.personas.learning.evaluation import (
    by_grade,
    calibrated,
    calibration,
    places,
    proposed_grades,
)
from smarketing_xl.personas.learning.learn import Learned, learn_persona
from smarketing_xl.personas.learning.models import answers, compared, later
from smarketing_xl.personas.scoring import score
from smarketing_xl.schema.tables import PERSONA_CALIBRATION, PERSONA_GRADES, PERSONA_MODELS

HELD_OUT = 0.3
SEED = 0
SHORT = 500  # best customers below which nothing can be spared: every part is held out once
PARTS = 5


@dataclass(frozen=True)
class Study:
    """What was learned, and how it does on the history held out; frames by their tables' keys.

    grades: with the lowest scores proposed. learned_from, held_out: rows of history. in_parts:
    all of a short history was learned from, and each part was asked of what the rest teaches.
    """

    learned: Learned
    grades: list[Grade]
    by_grade: pd.DataFrame
    models: pd.DataFrame
    calibration: pd.DataFrame
    learned_from: int
    held_out: int
    in_parts: bool


def study_history(
    customers: pd.DataFrame | None,
    leads: pd.DataFrame | None,
    grades: Sequence[Grade],
    today: dt.date,
    allowed: Collection[str] = (),
    seed: int = SEED,
) -> Study:
    """Learn a persona from the history and ask what was held out whether it works.

    Of a long history three tenths are held out. A short one is learned from as a whole; whether
    that works is asked of each of five parts, with a persona learned from the four others.
    Where leads say when they came, a persona of the older ones is asked of the latest, too.
    customers, leads: frames with columns by the keys of their tables. allowed: flagged attributes
    that were ticked. seed: of the split; the same seed gives the same answer.
    Raises NotEnoughData where there is too little history, or no grade.
    """
    if not grades:
        raise NotEnoughData(_("There is no grade"), _("Write one on the sheet Personas"))
    past = build_history(customers, leads)
    in_parts = bool(past.top.sum() < SHORT)
    splits = past.parts(PARTS, seed) if in_parts else [past.split(HELD_OUT, seed)]
    source = past if in_parts else splits[0][0]
    learned = learn_persona(source, allowed)
    held_out = sum(len(test) for _train, test in splits)
    if learned.persona is None:
        return Study(
            learned,
            list(grades),
            pd.DataFrame(columns=PERSONA_GRADES.keys),
            pd.DataFrame(columns=PERSONA_MODELS.keys),
            pd.DataFrame(columns=PERSONA_CALIBRATION.keys),
            len(source),
            held_out,
            in_parts,
        )
    asked = [
        _ask(learn_persona(train, allowed) if in_parts else learned, train, test, grades, today)
        for train, test in splits
    ]
    scores, place, expected, outcome, top, value = (
        np.concatenate([getattr(each, name) for each in asked])
        for name in ("scores", "place", "expected", "outcome", "top", "value")
    )
    models = {
        name: np.concatenate([each.models[name] for each in asked]) for name in _common(asked)
    }
    proposed = proposed_grades(_scores(learned, source, grades, today), grades)
    return Study(
        learned,
        proposed,
        by_grade(place, outcome, value, proposed),
        compared(scores, models, top, outcome, _latest(past, allowed, grades, today)),
        calibration(scores, outcome, expected),
        len(source),
        held_out,
        in_parts,
    )


def _latest(
    past: History, allowed: Collection[str], grades: Sequence[Grade], today: dt.date
) -> dict[str, object] | None:
    """What a persona learned from the older leads is worth on the latest; None without dates."""
    split = past.by_time(HELD_OUT)
    if split is None:
        return None
    old, late = split
    learned = learn_persona(old, allowed)
    if learned.persona is None:
        return None
    return later(_scores(learned, late, grades, today), late.top, late.created.min())


@dataclass(frozen=True)
class _Asked:
    """History held out: what a persona and the models say of it, and what became of it."""

    scores: Floats
    place: NDArray[np.intp]
    expected: Floats
    models: dict[str, Floats]
    outcome: NDArray[np.bool_]
    top: NDArray[np.bool_]
    value: Floats


def _ask(
    learned: Learned, train: History, test: History, grades: Sequence[Grade], today: dt.date
) -> _Asked:
    seen, unseen = (_scores(learned, part, grades, today) for part in (train, test))
    return _Asked(
        unseen,
        places(unseen, proposed_grades(seen, grades)),
        calibrated(seen, train.outcome).chance(unseen),
        answers(train, test, learned.attributes),
        test.outcome,
        test.top,
        test.value,
    )


def _scores(learned: Learned, part: History, grades: Sequence[Grade], today: dt.date) -> Floats:
    """The scores of a part of the history; nobody has any where nothing was learned."""
    if learned.persona is None:
        return np.zeros(len(part))
    return score(part.traits, [learned.persona], grades, today)["score"].to_numpy(dtype=float)


def _common(asked: Sequence[_Asked]) -> list[str]:
    return [name for name in asked[0].models if all(name in each.models for each in asked)]
