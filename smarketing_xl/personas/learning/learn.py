"""Learning a persona: which traits the best customers share, as criteria rows with their evidence.

What is learned holds for the part of the history it is learned from; `evaluation` asks the part
held out. The managers decide: everything is proposed, flagged attributes are not ticked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.learning import telling
from smarketing_xl.personas.learning.evidence import FALSE_DISCOVERIES
from smarketing_xl.personas.learning.history import History
from smarketing_xl.personas.learning.judging import held, judge
from smarketing_xl.personas.learning.rules import rules
from smarketing_xl.personas.learning.scorecard import scorecard


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


def learn(
    past: History,
    allowed: Collection[str] = (),
    false_discoveries: float = FALSE_DISCOVERIES,
) -> Learned:
    """The traits of the best customers against all others, as a proposed persona.

    past: what to learn from. allowed: flagged attributes that the managers ticked all the same
    (keys, or headers in either language). false_discoveries: share of the attributes proposed that
    may be chance (Benjamini-Hochberg).
    """
    studied = judge(past, allowed, false_discoveries)
    found = [trait for each in studied for trait in held(each)]
    rows, repeated = scorecard(found, past.top)
    combined = rules(found, past.top)
    criteria = tuple(map(telling.criterion, rows))
    return Learned(
        telling.proposal(rows, combined, studied, past),
        telling.findings(rows, repeated, combined, studied, past),
        Persona(telling.persona_name(), criteria) if criteria else None,
        tuple(each.name for each in studied if each.free),
    )
