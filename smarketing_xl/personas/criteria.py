"""Criteria and personas as managers type them: one row a criterion."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

import pandas as pd

from smarketing_xl.blanks import is_blank
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _, current_language, decimal_sign
from smarketing_xl.parsing.dates import as_date
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.schema.tables import (
    LEADS,
    OPERATORS,
    PERSONAS,
    YES_NO,
)

Operator = Literal[
    "is", "is_not", "one_of", "contains", "between", "at_least", "at_most", "before", "after",
    "within", "is_blank", "is_not_blank",
]  # fmt: skip
Value = str | float | bool | dt.datetime

UNARY: frozenset[Operator] = frozenset({"is_blank", "is_not_blank"})
MEASURED: frozenset[Operator] = frozenset({"between", "at_least", "at_most"})
DATED: frozenset[Operator] = frozenset({"before", "after"})
MOST_CRITERIA = 50


@dataclass(frozen=True)
class Criterion:
    """One trait of the ideal customer and its points.

    attribute: header of a column of leads, in any language. values: none for "is blank", low and
    high for "between", any number of them for the others that compare. weight: points when met,
    negative ones count against the lead. required: a lead that misses it does not fit.
    row, sheet: where it was typed.
    """

    attribute: str
    operator: Operator
    values: tuple[Value, ...] = ()
    weight: float = 0.0
    required: bool = False
    row: int | None = None
    sheet: str | None = None

    def words(self) -> str:
        """The criterion as a person would say it, in the language spoken.

        >>> Criterion("Employees", "between", (50.0, 500.0)).words()
        'Employees between 50 and 500'
        >>> Criterion("country", "one_of", ("Spain", "Portugal")).words()
        'Country one of Spain, Portugal'
        """
        shown = [show(value) for value in self.values]
        key = LEADS.headers().get(self.attribute.strip().lower())
        attribute = LEADS[key].title(current_language()) if key else self.attribute
        if self.operator == "between":
            sentence = _("{attribute} between {low} and {high}")
            return sentence.format(attribute=attribute, low=shown[0], high=shown[1])
        if self.operator == "within":
            sentence = _("{attribute} within {days} days")
            return sentence.format(attribute=attribute, days=shown[0])
        label = _(OPERATORS.labels[self.operator])
        return f"{attribute} {label} {', '.join(shown)}".rstrip()

    def fault(self, problem: str, remedy: str) -> Fault:
        """What is wrong with it, where it was typed."""
        value = "; ".join(map(show, self.values)) or None
        return Fault(problem, remedy, self.sheet, self.row, self.attribute, value)


@dataclass(frozen=True)
class Persona:
    """An ideal customer: what marketing and sales agreed to look for."""

    name: str
    criteria: tuple[Criterion, ...]


def show(value: Value) -> str:
    """A value as people read it: 50000, 0,5 where a comma begins decimals, 2026-03-01."""
    if isinstance(value, bool):
        return _(YES_NO.labels["yes" if value else "no"])
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        return value
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text.replace(".", decimal_sign())


# --- reading ------------------------------------------------------------------------------------


def read_personas(frame: pd.DataFrame) -> list[Persona]:
    """The personas of a Personas frame (columns by the keys of `tables.PERSONAS`), in its order.

    Raises BadData with every fault of every row.

    >>> frame = pd.DataFrame({"persona": "Buyer", "attribute": "Country", "operator": "is",
    ...     "value": "Spain; Portugal", "weight": 20.0, "required": False}, index=[4])
    >>> read_personas(frame)[0].criteria[0].values
    ('Spain', 'Portugal')
    """
    sheet = frame.attrs.get("sheet")
    faults: list[Fault] = []
    by_persona: dict[str, list[Criterion]] = {}
    optional = {"value": None, "required": None}
    for row, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        place = _Place(optional | cast("dict[str, Any]", cells), sheet, _row(row), faults)
        name = place.text("persona")
        criterion = _criterion(place)
        if criterion and name:
            by_persona.setdefault(name, []).append(criterion)
    personas = [Persona(name, tuple(criteria)) for name, criteria in by_persona.items()]
    faults += [fault for persona in personas for fault in _whole(persona)]
    if faults:
        raise BadData(faults)
    return personas


@dataclass(frozen=True)
class _Place:
    """One row of the Personas table and the faults found so far."""

    cells: dict[str, Any]
    sheet: str | None
    row: int | None
    faults: list[Fault]

    def fault(self, column: str, problem: str, remedy: str) -> None:
        value = self.cells[column]
        shown = None if is_blank(value) else value
        header = PERSONAS[column].title(current_language())
        self.faults.append(Fault(problem, remedy, self.sheet, self.row, header, shown))

    def text(self, column: str) -> str:
        """A text that must be there; a fault and nothing where it is not."""
        if is_blank(self.cells[column]):
            self.fault(column, _("is blank"), _("Fill it, or delete the row"))
            return ""
        return str(self.cells[column]).strip()


def _criterion(place: _Place) -> Criterion | None:
    before = len(place.faults)
    attribute = place.text("attribute")
    operator = _operator(place)
    weight = _weight(place)
    values = _values(place, operator) if operator else ()
    if len(place.faults) > before or operator is None:
        return None
    required = yes(place.cells["required"])
    return Criterion(attribute, operator, values, weight, required, place.row, place.sheet)


def _operator(place: _Place) -> Operator | None:
    typed = place.text("operator").lower()
    known = OPERATORS.known().get(typed)
    if known in get_args(Operator):
        return cast(Operator, known)
    if typed:
        labels = ", ".join(OPERATORS.shown(current_language()).values())
        place.fault(
            "operator", _("is not in the list"), _("Choose one of: {labels}").format(labels=labels)
        )
    return None


def _weight(place: _Place) -> float:
    number = as_number(place.cells["weight"])
    if number is None or not math.isfinite(number):
        place.fault("weight", _("is not a number"), _("Type the points, such as 20 or -10"))
        return 0.0
    return number


def _values(place: _Place, operator: Operator) -> tuple[Value, ...]:
    if operator in UNARY:
        return ()
    values = tuple(_parts(place.cells["value"]))
    if not values:
        place.fault("value", _("is blank"), _("Type what the attribute is compared with"))
        return ()
    if operator == "between":
        return _between(place, values)
    if operator in ("at_least", "at_most", "within", *DATED) and len(values) > 1:
        place.fault("value", _("holds several values"), _("Type one value for this operator"))
        return ()
    if operator in MEASURED and as_number(values[0]) is None and as_date(values[0]) is None:
        place.fault(
            "value", _("is neither a number nor a date"), _("Type a number, or a date: 2026-03-31")
        )
    if operator in DATED and as_date(values[0]) is None:
        place.fault("value", _("is not a date"), _("Type a date: 2026-03-31 or 31/3/2026"))
    if operator == "within" and not (as_number(values[0]) or -1) >= 0 and values[0] != 0:
        place.fault("value", _("is not a number of days"), _("Type the days, such as 30"))
    return values


def _between(place: _Place, values: tuple[Value, ...]) -> tuple[Value, ...]:
    ends = [as_number(value) for value in values]
    if None in ends:
        days = [as_date(value) for value in values]
        ends = [None if day is None else day.timestamp() for day in days]
    if len(values) != 2 or None in ends:
        place.fault(
            "value", _("is not a lowest and a highest value"), _("Type them so: lowest; highest")
        )
    elif cast(float, ends[0]) > cast(float, ends[1]):
        place.fault(
            "value", _("has its lowest above its highest"), _("Type them so: lowest; highest")
        )
    return values


def _whole(persona: Persona) -> Iterator[Fault]:
    first = persona.criteria[0]
    if not any(criterion.weight > 0 for criterion in persona.criteria):
        yield Fault(
            _("The persona {name} has no points to reach").format(name=persona.name),
            _("Give at least one of its criteria a positive weight"),
            first.sheet,
            first.row,
        )
    if len(persona.criteria) > MOST_CRITERIA:
        yield Fault(
            _("The persona {name} has more than {most} criteria").format(
                name=persona.name, most=MOST_CRITERIA
            ),
            _("Keep those that matter; `one of` takes many values in one row"),
            first.sheet,
            first.row,
        )


# --- values -------------------------------------------------------------------------------------


def yes(cell: object) -> bool:
    """A yes or no as typed in either language, or as read; blank is no."""
    if is_blank(cell):
        return False
    typed = str(cell).strip().lower()
    return typed in ("true", "1", "1.0") or YES_NO.known().get(typed) == "yes"


def _parts(cell: object) -> Iterator[Value]:
    """The values in one cell: a text is split at `;`, other cells are one value."""
    if is_blank(cell):
        return
    if isinstance(cell, str):
        yield from (part.strip() for part in cell.split(";") if part.strip())
    elif isinstance(cell, bool):
        yield cell
    elif isinstance(cell, dt.date):
        yield cast(dt.datetime, as_date(cell))
    else:
        yield float(cast(float, cell))


def _row(label: object) -> int | None:
    return int(label) if isinstance(label, int) else None
