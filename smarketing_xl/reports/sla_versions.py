"""What was agreed, version by version: each as one line to keep, and what changed between two."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _
from smarketing_xl.reports.document import day, plain, share
from smarketing_xl.schema.named_cells import CELLS

if TYPE_CHECKING:
    from smarketing_xl.reports.sla_agreement import Agreement

Fact = str | float | bool | None

_LABELS = {cell.name: cell.label for cell in CELLS}


@dataclass(frozen=True)
class Change:
    """One thing that differs between two agreements; None where it was not, or is no more."""

    what: str
    before: Fact
    after: Fact
    share: bool = False

    def shown(self) -> tuple[str, str]:
        """Both values as the language spoken writes them."""
        return _shown(self.before, self.share), _shown(self.after, self.share)


def signed(agreement: Agreement) -> str:
    """The agreement as one line of text, to keep in the log when it is signed."""
    return json.dumps(facts(agreement), ensure_ascii=False, separators=(",", ":"))


def was_signed(line: str) -> dict[str, Fact]:
    """The facts of a line kept by `signed`. Raises BadData for any other text."""
    try:
        kept = json.loads(line)
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise BadData(_("This is not a signed agreement"), _("Choose a line of the log that is"))
    return kept


def facts(agreement: Agreement) -> dict[str, Fact]:
    """Everything agreed, by names that do not depend on the language."""
    terms = agreement.terms
    by_name: dict[str, Fact] = {
        name: getattr(agreement, name)
        for name in ("company", "marketing_head", "sales_head", *_GOAL)
    }
    for name in (*_TERMS, "agreed_from", "agreed_to"):
        value = getattr(terms, name)
        by_name[name] = value.isoformat() if isinstance(value, dt.date) else value
    for name in ("office_shifts", "office_other", "closing_days"):
        if getattr(terms, name):
            by_name[name] = str(getattr(terms, name))
    by_name["office_days"] = ",".join(map(str, terms.office_days))
    for grade in agreement.grades:
        by_name[f"grade/{grade.name}/lowest"] = grade.lowest
        by_name[f"grade/{grade.name}/qualified"] = grade.qualified
        by_name[f"grade/{grade.name}/hours"] = grade.first_contact_hours
    for stage, rate in agreement.stages.items():
        by_name[f"stage/{stage}"] = rate
    by_name |= {f"promise/{group}": leads for group, leads in agreement.promises.items()}
    for persona in agreement.personas:
        for rule in persona.criteria:
            values = "; ".join(map(str, rule.values))
            key = f"persona/{persona.name}/{rule.attribute} {rule.operator} {values}".rstrip()
            by_name[key] = f"{rule.weight:g}{' !' if rule.required else ''}"
    return by_name


def differences(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> list[Change]:
    """What changed between two agreements (see `facts`), in the order of the newer one.

    >>> differences({"sla_leads": 160, "grade/A/hours": 4}, {"sla_leads": 180, "grade/A/hours": 4})
    [Change(what='Leads per month', before=160, after=180, share=False)]
    """
    names = [*after, *(name for name in before if name not in after)]
    return [
        Change(_named(name), before.get(name), after.get(name), _is_share(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


_GOAL = ("quota", "avg_revenue", "conv_rate")
_TERMS = (
    "sla_leads", "sla_qualified", "sla_attempts", "sla_attempt_days", "sla_decide_days",
    "office_open", "office_close", "holiday_country", "office_zone", "data_zone",
)  # fmt: skip


def _named(name: str) -> str:
    kind, _slash, rest = name.partition("/")
    if not rest:
        return _(_LABELS.get(name, name))
    if kind == "stage":
        return _("Stage {name}: conversion to the next").format(name=rest)
    if kind == "promise":
        return _("Leads per month: {group}").format(group=rest)
    if kind == "persona":
        persona, _slash, rule = rest.partition("/")
        return _("Persona {name}: weight of {rule}").format(name=persona, rule=rule)
    grade, _slash, what = rest.rpartition("/")
    label = {
        "lowest": _("Grade {name}: lowest fit score"),
        "qualified": _("Grade {name}: qualified"),
        "hours": _("Grade {name}: hours to first contact"),
    }[what]
    return label.format(name=grade)


def _is_share(name: str) -> bool:
    return name == "conv_rate" or name.startswith("stage/")


def _shown(fact: Fact, is_share: bool) -> str:
    if fact is None or fact == "":
        return "–"
    if isinstance(fact, bool):
        return _("Yes") if fact else _("No")
    if isinstance(fact, int | float):
        return share(fact) if is_share else plain(fact)
    try:
        return day(dt.date.fromisoformat(fact))
    except ValueError:
        return fact
