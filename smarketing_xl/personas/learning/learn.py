"""Learning a persona: which traits the best customers share, as criteria rows with their evidence.

What is learned holds for the part of the history it is learned from; `evaluate` asks the part held
out. The managers decide: everything is proposed, flagged attributes are not ticked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from smarketing_xl.personas.attributes import typed
from smarketing_xl.personas.criteria import Criterion, Persona, show
from smarketing_xl.personas.learning import flags as flagged
from smarketing_xl.personas.learning.evidence import (
    FALSE_DISCOVERIES,
    TRAIT_BY_CHANCE,
    Floats,
    adjusted,
    auc_of_classes,
    information_value,
    lift_range,
    p_values,
)
from smarketing_xl.personas.learning.flags import Flag
from smarketing_xl.personas.learning.history import History
from smarketing_xl.personas.learning.rules import Rule, rules
from smarketing_xl.personas.learning.scorecard import HEAVIEST, Found, different, scorecard
from smarketing_xl.personas.learning.traits import Attribute, Mask, attribute, blanks
from smarketing_xl.texts import _, spoken
from smarketing_xl.workbook.tables import FINDINGS, LEADS, PROPOSAL
from smarketing_xl.workbook.values import as_text

_HOPELESS = frozenset({"identifier", "constant", "empty", "date"})
_SHOWN_FLAGGED = 2  # rows of evidence shown of an attribute that is left out


@dataclass(frozen=True)
class Studied:
    """An attribute with what was found about it.

    warning: what the managers must know, also where they ticked it, which takes the flag off.
    p: of each of its traits, times all that were tried of it. chance: of the surest one. passed:
    which of them may become criteria. level: of the intervals of what passed.
    """

    name: str
    flag: Flag | None
    attribute: Attribute | None = None
    value: tuple[float, float, float] = (0.0, 0.0, 0.0)
    p: Floats = field(default_factory=lambda: np.empty(0))
    chance: float = 1.0
    passed: Mask = field(default_factory=lambda: np.empty(0, dtype=bool))
    level: float = 0.95
    warning: Flag | None = None

    @property
    def title(self) -> str:
        """Its header as people see it."""
        return _title(self.name)


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
    headers = LEADS.headers()
    ticked = {headers.get(name.strip().lower(), name) for name in allowed}
    studied = [_studied(name, past, name in ticked) for name in map(str, past.traits)]
    free = [place for place, each in enumerate(studied) if _is_free(each)]
    judged = _judged([studied[place] for place in free], false_discoveries)
    for place, each in zip(free, judged, strict=True):
        studied[place] = each
    found = [trait for each in judged for trait in _found(each)]
    rows, repeated = scorecard(found, past.top)
    combined = rules(found, past.top)
    told = {id(each.attribute): each for each in studied}
    proposal = [_row(row, told[id(row.attribute)], past, take=True) for row in rows]
    for number, rule in enumerate(combined, start=1):
        proposal += [
            _row(replace(each, weight=HEAVIEST), told[id(each.attribute)], past)
            | {"persona": _("Rule {number}").format(number=number), "required": True}
            | {"flag": _said_of_rule(told[id(each.attribute)])}
            for each in rule.conditions
        ]
    proposal += [row for each in studied if each.flag for row in _flagged_rows(each, past)]
    findings = [_finding(each, past, rows, repeated) for each in studied]
    findings += [_missing(name) for name in past.missing]
    order = sorted(
        findings, key=lambda each: (each["chance"], -float(str(each["information_value"])))
    )
    persona = Persona(_persona_name(), tuple(_criterion(row) for row in rows)) if rows else None
    return Learned(
        pd.DataFrame(proposal, columns=PROPOSAL.keys),
        pd.DataFrame([*_rule_findings(combined), *order], columns=FINDINGS.keys),
        persona,
        tuple(each.name for each in judged),
    )


def _persona_name() -> str:
    return _("Best customers")


def _title(name: str) -> str:
    return LEADS[name].title(spoken()) if name in LEADS.keys else name


def _is_free(each: Studied) -> bool:
    return each.attribute is not None and each.flag is None and bool(each.attribute.traits)


# --- judging ------------------------------------------------------------------------------------


def _studied(name: str, past: History, ticked: bool) -> Studied:
    cells = typed(past.traits[name])
    blank = blanks(cells)
    flag = flagged.by_name(name) or flagged.by_cells(cells, blank)
    if flag and flag.kind in _HOPELESS and not (ticked and flag.kind == "identifier"):
        return Studied(name, flag)
    found = attribute(name, cells, past.top)
    groups = found.grouped()
    flag = flag or flagged.too_good(
        auc_of_classes(*groups), float((~blank)[past.top].mean()), float((~blank)[~past.top].mean())
    )
    value = information_value(*groups)
    p = p_values(found.counted()) * found.tried if found.traits else np.empty(0)
    chance = float(p.min(initial=1.0))
    left = None if ticked else flag
    return Studied(name, left, found, value, p, chance, p < 0, warning=flag)


def _judged(studied: Sequence[Studied], false_discoveries: float) -> list[Studied]:
    """Which attributes pass, for all that were tried, and which of their traits."""
    if not studied:
        return []
    chances = adjusted(np.array([each.chance for each in studied]))
    passing = chances <= false_discoveries
    passed = [
        (each.p <= TRAIT_BY_CHANCE * each.attribute.tried) & ok
        for each, ok in zip(studied, passing, strict=True)
        if each.attribute
    ]
    traits = sum(len(each.p) for each in studied)
    held = sum(int(each.sum()) for each in passed)
    level = 1 - 0.05 * max(held, 1) / max(traits, 1)
    return [
        replace(each, chance=float(chance), passed=some, level=level)
        for each, chance, some in zip(studied, chances, passed, strict=True)
    ]


def _found(each: Studied) -> Iterator[Found]:
    assert each.attribute
    lift = each.attribute.counted().lift
    for place in np.flatnonzero(each.passed):
        trait = each.attribute.traits[place]
        mask = each.attribute.mask(trait)
        yield Found(each.attribute, trait, float(each.p[place]), mask, bool(lift[place] > 1))


# --- telling ------------------------------------------------------------------------------------


def _criterion(row: Found) -> Criterion:
    return row.trait.criterion(_title(row.name), row.weight)


def _row(row: Found, about: Studied, past: History, take: bool = False) -> dict[str, object]:
    assert about.attribute
    single = replace(about.attribute, traits=(row.trait,)).counted()
    low, high = lift_range(single, about.level)
    values = row.trait.values
    shares = _shares(row, past)
    return {
        "take": take,
        "persona": _persona_name(),
        "attribute": about.title,
        "operator": row.trait.operator,
        "value": _cell(values),
        "weight": row.weight,
        "required": False,
        "lift": float(single.lift[0]),
        "low": float(low[0]),
        "high": float(high[0]),
        "support": float(single.support[0]),
        **{f"of_{name}": shares.get(name) for name in ("best", "rest", "lost")},
        "information_value": about.value[0],
        "chance": about.chance,
        "flag": about.warning.words if about.warning else None,
    }


def _shares(row: Found, past: History) -> dict[str, float]:
    """The share of each group of the history that has a trait."""
    return {name: float(row.mask[rows].mean()) for name, rows in past.groups.items()}


def _cell(values: Sequence[object]) -> object:
    """The values as one cell of the Personas table."""
    if not values:
        return None
    if len(values) == 1 and not isinstance(values[0], bool):
        return values[0]
    return "; ".join(show(value) for value in values)  # type: ignore[arg-type]


def _flagged_rows(each: Studied, past: History) -> Iterator[dict[str, object]]:
    """What a flagged attribute would bring, for those who may tick it."""
    if each.attribute is None or not each.attribute.traits:
        return
    lift = each.attribute.counted().lift
    found = [
        Found(each.attribute, trait, p, each.attribute.mask(trait), weight=HEAVIEST / 2)
        for trait, p, lifts in zip(each.attribute.traits, each.p, lift > 1, strict=True)
        if lifts
    ]
    shown, _repeated = different(sorted(found, key=lambda each: each.chance))
    yield from (_row(row, each, past) for row in shown[:_SHOWN_FLAGGED])


def _finding(
    each: Studied, past: History, rows: Sequence[Found], repeated: Sequence[tuple[Found, Found]]
) -> dict[str, object]:
    value, low, high = each.value
    verdict, said = _verdict(each, past, rows, repeated)
    return {
        "attribute": each.title,
        "verdict": verdict,
        "information_value": value,
        "low": low,
        "high": high,
        "chance": each.chance,
        "said": said,
    }


def _verdict(
    each: Studied, past: History, rows: Sequence[Found], repeated: Sequence[tuple[Found, Found]]
) -> tuple[str, str]:
    if each.flag:
        return _kinds()[each.flag.kind], each.flag.words
    if each.attribute is None or not each.attribute.traits:
        return _("Nothing to see"), _("No value of it is frequent enough to learn from")
    if not each.passed.any():
        return _("No evidence"), _("What it shows could well be chance")
    own = [row for row in rows if row.name == each.name]
    if own:
        return _("Proposed"), _said(max(own, key=lambda row: abs(row.weight)), each, past)
    same = next((other for left, other in repeated if left.name == each.name), None)
    if same is not None and same.name != each.name:
        criterion = same.trait.criterion(_title(same.name)).words()
        return _("Says the same"), _("Says the same as: {criterion}").format(criterion=criterion)
    return _("Adds nothing"), _("It differs, but adds nothing to the criteria proposed")


def _kinds() -> dict[flagged.Kind, str]:
    return {
        "protected": _("Protected?"),
        "leakage": _("Known only later?"),
        "identifier": _("Identifier"),
        "constant": _("Nearly constant"),
        "empty": _("Blank"),
        "date": _("Date"),
    }


def _said(row: Found, about: Studied, past: History) -> str:
    assert about.attribute
    single = replace(about.attribute, traits=(row.trait,)).counted()
    low, high = lift_range(single, about.level)
    groups = {
        "best": _("{share:.0%} of the best customers"),
        "rest": _("{share:.0%} of other customers"),
        "lost": _("{share:.0%} of lost leads"),
    }
    shares = [groups[name].format(share=share) for name, share in _shares(row, past).items()]
    return _("{criterion}: {shares}; lift {lift:.1f} ({low:.1f} to {high:.1f})").format(
        criterion=row.trait.criterion(about.title).words(),
        shares=", ".join(shares),
        lift=single.lift[0],
        low=low[0],
        high=high[0],
    )


def _missing(name: str) -> dict[str, object]:
    return {
        "attribute": name,
        "verdict": _("Not in Leads"),
        "information_value": 0.0,
        "low": 0.0,
        "high": 0.0,
        "chance": 1.0,
        "said": _("Only Customers has this column: add it to Leads to score leads on it"),
    }


def _said_rule(rule: Rule) -> str:
    return " + ".join(each.trait.criterion(_title(each.name)).words() for each in rule.conditions)


def _said_of_rule(about: Studied) -> str:
    said = _("Another way to say it: a lead must meet all rows of this rule")
    return f"{about.warning.words}. {said}" if about.warning else said


def _rule_findings(combined: Sequence[Rule]) -> Iterator[dict[str, object]]:
    for rule in combined:
        low, high = lift_range(rule.counted, 0.95)
        yield {
            "attribute": " + ".join(_title(each.name) for each in rule.conditions),
            "verdict": _("Rule"),
            "information_value": 0.0,
            "low": 0.0,
            "high": 0.0,
            "chance": rule.chance,
            "said": _(
                "{rule}: {share:.0%} are among the best, of all {all:.0%}; "
                "lift {lift:.1f} ({low:.1f} to {high:.1f}), {seen} in the history"
            ).format(
                rule=_said_rule(rule),
                share=rule.counted.best[0] / rule.counted.seen[0],
                all=rule.counted.all_best / rule.counted.rows,
                lift=rule.counted.lift[0],
                low=low[0],
                high=high[0],
                seen=int(rule.counted.seen[0]),
            ),
        }


_SAME_ROW = ["persona", "attribute", "operator", "value"]


def taken(proposal: pd.DataFrame, agreed: pd.DataFrame | None = None) -> pd.DataFrame:
    """The rows of the Personas table that the ticked rows of a proposal become.

    agreed: criteria that stand there; those that say the same, of whatever weight, are not added.
    """
    ticked = proposal[proposal["take"].fillna(False).astype(bool)]
    if agreed is not None:
        known = set(_identities(agreed))
        new = [row not in known for row in _identities(ticked)]
        ticked = ticked[np.array(new, dtype=bool)]
    return ticked[[*_SAME_ROW, "weight", "required"]].reset_index(drop=True)


def _identities(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    texts = [rows[key].map(as_text, na_action="ignore").astype(str) for key in _SAME_ROW]
    return list(zip(*(text.str.strip().str.lower() for text in texts), strict=True))
