"""What was learned as rows of the tables Proposal and Findings, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from smarketing_xl.i18n import _, format_number, format_percent
from smarketing_xl.personas.criteria import Criterion, show
from smarketing_xl.personas.learning.dataset import History
from smarketing_xl.personas.learning.points import HEAVIEST, Found, different
from smarketing_xl.personas.learning.rules import Rule
from smarketing_xl.personas.learning.screening import Studied, title
from smarketing_xl.personas.learning.warnings import Kind
from smarketing_xl.schema.convert import as_text
from smarketing_xl.schema.tables import FINDINGS, PROPOSAL
from smarketing_xl.stats.association import lift_range

TableRow = dict[str, object]
_SHOWN_FLAGGED = 2  # rows of evidence shown of an attribute that is left out


def persona_name() -> str:
    """What a learned persona is called."""
    return _("Best customers")


def proposal(
    rows: Sequence[Found], combined: Sequence[Rule], studied: Sequence[Studied], past: History
) -> pd.DataFrame:
    """Rows of `tables.PROPOSAL`: the criteria, the rules, and what is flagged."""
    about = {id(each.attribute): each for each in studied}
    lines = [_row(row, about[id(row.attribute)], past, take=True) for row in rows]
    for number, rule in enumerate(combined, start=1):
        lines += [
            _row(replace(each, weight=HEAVIEST), about[id(each.attribute)], past)
            | {"persona": _("Rule {number}").format(number=number), "required": True}
            | {"flag": _flag_of_rule(about[id(each.attribute)])}
            for each in rule.conditions
        ]
    lines += [row for each in studied if each.flag for row in _flagged_rows(each, past)]
    return pd.DataFrame(lines, columns=PROPOSAL.keys)


def findings(
    rows: Sequence[Found],
    repeated: Sequence[tuple[Found, Found]],
    combined: Sequence[Rule],
    studied: Sequence[Studied],
    past: History,
) -> pd.DataFrame:
    """Rows of `tables.FINDINGS`: the rules, then every attribute, the surest first."""
    lines = [_finding(each, past, rows, repeated) for each in studied]
    lines += [_missing(name) for name in past.missing]
    lines.sort(key=lambda each: (each["chance"], -float(str(each["information_value"]))))
    return pd.DataFrame([*_rule_findings(combined), *lines], columns=FINDINGS.keys)


def criterion(row: Found) -> Criterion:
    """A row as the criterion it would become."""
    return row.trait.criterion(title(row.name), row.weight)


def _row(row: Found, about: Studied, past: History, take: bool = False) -> TableRow:
    assert about.attribute
    single = replace(about.attribute, traits=(row.trait,)).counted()
    low, high = lift_range(single, about.level)
    values = row.trait.values
    shares = _shares(row, past)
    return {
        "take": take,
        "persona": persona_name(),
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


def _flagged_rows(each: Studied, past: History) -> Iterator[TableRow]:
    """What a flagged attribute would bring, for those who may tick it."""
    if each.attribute is None or not each.attribute.traits:
        return
    lift = each.attribute.counted().lift
    candidates = [
        Found(each.attribute, trait, p, each.attribute.mask(trait), weight=HEAVIEST / 2)
        for trait, p, lifts in zip(each.attribute.traits, each.p, lift > 1, strict=True)
        if lifts
    ]
    shown, _repeated = different(sorted(candidates, key=lambda each: each.chance))
    yield from (_row(row, each, past) for row in shown[:_SHOWN_FLAGGED])


def _finding(
    each: Studied, past: History, rows: Sequence[Found], repeated: Sequence[tuple[Found, Found]]
) -> TableRow:
    value, low, high = each.value
    verdict, sentence = _verdict(each, past, rows, repeated)
    return {
        "attribute": each.title,
        "verdict": verdict,
        "information_value": value,
        "low": low,
        "high": high,
        "chance": each.chance,
        "said": sentence,
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
        return _("Suggested"), _sentence(max(own, key=lambda row: abs(row.weight)), each, past)
    same = next((other for left, other in repeated if left.name == each.name), None)
    if same is not None and same.name != each.name:
        criterion = same.trait.criterion(title(same.name)).words()
        return _("Says the same"), _("Says the same as: {criterion}").format(criterion=criterion)
    return _("Adds nothing"), _("It differs, but adds nothing to the criteria suggested")


def _kinds() -> dict[Kind, str]:
    return {
        "protected": _("Protected?"),
        "leakage": _("Known only later?"),
        "identifier": _("Identifier"),
        "constant": _("Nearly constant"),
        "empty": _("Blank"),
        "date": _("Date"),
    }


def _sentence(row: Found, about: Studied, past: History) -> str:
    assert about.attribute
    single = replace(about.attribute, traits=(row.trait,)).counted()
    low, high = lift_range(single, about.level)
    groups = {
        "best": _("{share} of the best customers"),
        "rest": _("{share} of other customers"),
        "lost": _("{share} of lost leads"),
    }
    shares = [
        groups[name].format(share=format_percent(share))
        for name, share in _shares(row, past).items()
    ]
    return _("{criterion}: {shares}; lift {lift} ({low} to {high})").format(
        criterion=row.trait.criterion(about.title).words(),
        shares=", ".join(shares),
        lift=format_number(single.lift[0], 1),
        low=format_number(low[0], 1),
        high=format_number(high[0], 1),
    )


def _missing(name: str) -> TableRow:
    return {
        "attribute": name,
        "verdict": _("Not in Leads"),
        "information_value": 0.0,
        "low": 0.0,
        "high": 0.0,
        "chance": 1.0,
        "said": _("Only Customers has this column: add it to Leads to score leads on it"),
    }


def _conditions(rule: Rule) -> str:
    return " + ".join(each.trait.criterion(title(each.name)).words() for each in rule.conditions)


def _flag_of_rule(about: Studied) -> str:
    sentence = _("Another way to say it: a lead must meet all rows of this rule")
    return f"{about.warning.words}. {sentence}" if about.warning else sentence


def _rule_findings(combined: Sequence[Rule]) -> Iterator[TableRow]:
    for rule in combined:
        low, high = lift_range(rule.counted, 0.95)
        yield {
            "attribute": " + ".join(title(each.name) for each in rule.conditions),
            "verdict": _("Rule"),
            "information_value": 0.0,
            "low": 0.0,
            "high": 0.0,
            "chance": rule.chance,
            "said": _(
                "{rule}: {share} are among the best, of all {all}; "
                "lift {lift} ({low} to {high}), {seen} in the history"
            ).format(
                rule=_conditions(rule),
                share=format_percent(rule.counted.best[0] / rule.counted.seen[0]),
                all=format_percent(rule.counted.all_best / rule.counted.rows),
                lift=format_number(rule.counted.lift[0], 1),
                low=format_number(low[0], 1),
                high=format_number(high[0], 1),
                seen=format_number(rule.counted.seen[0]),
            ),
        }


# --- taking over --------------------------------------------------------------------------------

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
