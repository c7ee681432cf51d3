"""Learning a persona: which traits the best customers share, as criteria rows with their evidence.

What is learned holds for the part of the history it is learned from; `evaluation` asks the part
held out. The managers decide: everything is proposed, flagged attributes are not ticked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.learning import wording
from smarketing_xl.personas.learning.dataset import History
from smarketing_xl.personas.learning.points import fit_points
from smarketing_xl.personas.learning.rules import find_rules
from smarketing_xl.personas.learning.screening import held, screen
from smarketing_xl.stats.association import FALSE_DISCOVERIES


@dataclass(frozen=True)
class Learned:
    """A proposed persona with its evidence.

    proposal: rows of `tables.PROPOSAL`. findings: rows of `tables.FINDINGS`. persona: what is
    ticked; None where nothing held. attributes: those it was free to use.
    """

    proposal: pd.DataFrame
    findings: pd.DataFrame
    persona: Persona | None
    attributes: tuple[str, ...]


def learn_persona(
    past: History,
    allowed: Collection[str] = (),
    false_discoveries: float = FALSE_DISCOVERIES,
) -> Learned:
    """The traits of the best customers against all others, as a proposed persona.

    past: what to learn from. allowed: flagged attributes that the managers ticked all the same
    (keys, or headers in either language). false_discoveries: share of the attributes proposed that
    may be chance (Benjamini-Hochberg).
    """
    studied = screen(past, allowed, false_discoveries)
    traits = [trait for each in studied for trait in held(each)]
    rows, repeated = fit_points(traits, past.top)
    combined = find_rules(traits, past.top)
    criteria = tuple(map(wording.criterion, rows))
    return Learned(
        wording.proposal(rows, combined, studied, past),
        wording.findings(rows, repeated, combined, studied, past),
        Persona(wording.persona_name(), criteria) if criteria else None,
        tuple(each.name for each in studied if each.free),
    )
