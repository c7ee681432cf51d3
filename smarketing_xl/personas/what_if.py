"""What would change if the criteria were others: told before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags
from smarketing_xl.errors import OutOfRange
from smarketing_xl.i18n import _
from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.grades import Grade, best_first
from smarketing_xl.personas.scoring import score


def with_weights(personas: Sequence[Persona], weights: Mapping[str, float]) -> list[Persona]:
    """Personas with other weights. weights: by attribute, as it is written in the criteria.

    Raises OutOfRange for an attribute that no criterion asks for.
    """
    new = {attribute.strip().casefold(): weight for attribute, weight in weights.items()}
    asked = {each.attribute.strip().casefold() for who in personas for each in who.criteria}
    for attribute in weights:
        if attribute.strip().casefold() not in asked:
            raise OutOfRange(
                _("No criterion asks for {attribute}").format(attribute=attribute),
                _("Name an attribute as it stands in the table Personas"),
            )

    def weighed(persona: Persona) -> Persona:
        return replace(
            persona,
            criteria=tuple(
                replace(each, weight=new.get(each.attribute.strip().casefold(), each.weight))
                for each in persona.criteria
            ),
        )

    return [weighed(persona) for persona in personas]


def graded(
    leads: pd.DataFrame, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> pd.Series:
    """The grade of each lead by the rules alone."""
    return score(leads, personas, grades, today)["grade"].astype(object)


def moved(before: pd.Series, after: pd.Series, won: Flags, grades: Sequence[Grade]) -> pd.DataFrame:
    """How many leads and customers each grade has before and after, and how many move into it.

    before, after: grades, of the same leads; one without a grade before is left out. won: whether
    each lead is a past customer. Returns grade, leads, leads_then, customers, customers_then, up
    (leads that reach this grade from a lower one), down (that fall to it).
    """
    known = before.notna().to_numpy() & after.notna().to_numpy()
    names = [grade.name for grade in best_first(grades)]
    rank = {name: -place for place, name in enumerate(names)}
    old, new = before[known], after[known]
    step = np.sign(new.map(rank).to_numpy(float) - old.map(rank).to_numpy(float))
    customers = won[known]

    def count(grade: pd.Series, which: Flags) -> list[float]:
        return grade[which].value_counts().reindex(names, fill_value=0).astype(float).tolist()

    every = np.ones(len(old), dtype=np.bool_)
    return pd.DataFrame(
        {
            "grade": names,
            "leads": count(old, every),
            "leads_then": count(new, every),
            "customers": count(old, customers),
            "customers_then": count(new, customers),
            "up": count(new, step > 0),
            "down": count(new, step < 0),
            "customers_up": count(new, (step > 0) & customers),
            "customers_down": count(new, (step < 0) & customers),
        }
    )
