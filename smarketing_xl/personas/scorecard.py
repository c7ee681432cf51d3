"""Points: how a persona's criteria add up, and the most that one lead could reach.

score = 100 x points of the criteria met / most points one lead can reach, from 0 to 100; negative
points subtract. Criteria on the same attribute may exclude each other ("Country is Spain",
"Country is Portugal"): only what one lead can meet at once counts as reachable, so that 100 can
be reached. A lead that misses a required criterion does not fit the persona.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add, and_
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from smarketing_xl.parsing.dates import as_date
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.parsing.ranges import bounds
from smarketing_xl.parsing.text import fold
from smarketing_xl.personas.attributes import Attribute
from smarketing_xl.personas.criteria import Criterion, Value, show
from smarketing_xl.personas.matching import DAY, met
from smarketing_xl.schema.tables import LEADS

FITS = 1000.0  # above every score, so that a persona that fits comes before all that do not


@dataclass(frozen=True)
class Asked:
    """A criterion of a persona and the yes/no column that says where it is met.

    blank: the yes/no column that says where its attribute is not known.
    """

    criterion: Criterion
    column: str
    blank: str

    @property
    def met(self) -> nw.Expr:
        """Whether each lead meets the criterion: the yes/no column of its answers."""
        return nw.col(self.column)

    @property
    def unknown(self) -> nw.Expr:
        """Whether the attribute of each lead is blank."""
        return nw.col(self.blank)

    @property
    def points(self) -> nw.Expr:
        """The criterion's points for each lead that meets it, else 0."""
        return self.met.cast(nw.Float64()) * self.criterion.weight


@dataclass(frozen=True)
class Ideal:
    """The criteria of a persona on one attribute, and which of them the ideal lead meets.

    can_change: whether a lead may come to meet them: what it does, not what it is. Of what it is
    only blanks can be asked for.
    """

    asked: tuple[Asked, ...]
    meets: tuple[bool, ...]
    can_change: bool = True

    @property
    def points(self) -> float:
        """Points of the ideal lead on this attribute."""
        return sum(
            each.criterion.weight
            for each, is_met in zip(self.asked, self.meets, strict=True)
            if is_met
        )

    @property
    def fits(self) -> bool:
        """Whether the ideal lead meets all that is required of this attribute."""
        return all(
            is_met or not each.criterion.required
            for each, is_met in zip(self.asked, self.meets, strict=True)
        )


@dataclass(frozen=True)
class Sheet:
    """A persona ready to be scored: every criterion with its column, and its ideal lead.

    place: its place among the personas, which names its columns.
    """

    place: int
    name: str
    asked: tuple[Asked, ...]
    ideals: tuple[Ideal, ...]

    @property
    def reach(self) -> float:
        """The most points one lead can have."""
        return sum(ideal.points for ideal in self.ideals)

    def share(self, points: nw.Expr) -> nw.Expr:
        """Points as a score from 0 to 100."""
        if self.reach <= 0:
            return points * 0.0
        return (points * 100.0 / self.reach).clip(0.0, 100.0).round(6)

    def judged(self, frame: Any) -> Any:
        """A frame of yes/no columns with this persona's verdict on each row beside them.

        `column("points")`, `column("fits")` (1 where all that is required is met, else 0),
        `column("nearness")` (what the best persona has most of: first it fits, then the score),
        `column("score")`, and for each ideal the score if that one attribute were ideal.
        """
        named = self.column
        return (
            frame.with_columns(
                total(self.asked).alias(named("points")), self._fits().alias(named("fits"))
            )
            .with_columns(self.share(nw.col(named("points"))).alias(named("share")))
            .with_columns(
                (nw.col(named("share")) * nw.col(named("fits"))).alias(named("score")),
                (nw.col(named("share")) + nw.col(named("fits")) * FITS).alias(named("nearness")),
                *(self._if_ideal(place).alias(named(f"if_{place}")) for place in self.places),
            )
            .with_columns(
                highest([named(f"if_{place}") for place in self.places]).alias(named("raised"))
            )
        )

    @property
    def places(self) -> range:
        """The positions of the ideals, one for each attribute that the persona asks about."""
        return range(len(self.ideals))

    def column(self, what: str) -> str:
        """The name of a column of `judged`."""
        return f"_{self.place}_{what}"

    def _fits(self, but: Sequence[Asked] = ()) -> nw.Expr:
        """1 where all required criteria are met, except some; else 0."""
        required = [each.met for each in self.asked if each.criterion.required and each not in but]
        if not required:
            return nw.lit(1.0)
        return reduce(and_, required).cast(nw.Float64())

    def _if_ideal(self, place: int) -> nw.Expr:
        ideal = self.ideals[place]
        points = nw.col(self.column("points")) - total(ideal.asked) + ideal.points
        if_ideal = self.share(points) * self._fits(but=ideal.asked) * float(ideal.fits)
        if ideal.can_change:
            return if_ideal
        return if_ideal * ideal.asked[0].unknown.cast(nw.Float64())


def total(asked: Sequence[Asked]) -> nw.Expr:
    """The points of some criteria together."""
    return reduce(add, [each.points for each in asked])


def highest(names: Sequence[str]) -> nw.Expr:
    """The greatest of some columns, row by row (Spark's own wants two at least)."""
    return nw.col(names[0]) if len(names) == 1 else nw.max_horizontal(*names)


def ideals(
    asked: Sequence[Asked], attributes: dict[str, Attribute], today: dt.date
) -> tuple[Ideal, ...]:
    """The ideal lead, attribute by attribute: what is required is met, then the most points."""
    by_column: dict[str, list[Asked]] = {}
    for each in asked:
        by_column.setdefault(attributes[each.criterion.attribute].column, []).append(each)
    return tuple(
        Ideal(
            tuple(group),
            _alone(group[0]) if len(group) == 1 else _together(group, attributes, today),
            not is_trait(column),
        )
        for column, group in by_column.items()
    )


_TRAITS = re.compile(
    r"\b(industr\w*|sector\w*|rubro|giro|vertical|segment\w*|employees?|empleados|headcount|size|"
    r"tamano|company|empresa|country|pais|city|ciudad|region|state|estado|provinc\w*|zip|postal|"
    r"age|edad|gender|genero|sexo?|income|ingresos|revenue|facturacion|education|educacion|"
    r"setor|ramo|funcionarios|tamanho|cidade|regiao|idade|renda|receita|faturamento|"
    r"escolaridade|job|title|cargo|puesto|seniority|department|departamento|language|idioma)\b"
)


def is_trait(column: str) -> bool:
    """Whether a column says what a lead is, which nobody can change: all that leads are imported
    with, and columns of people's own that are named like it (industry, size, country).

    >>> [is_trait(name) for name in ("industry", "Sector económico", "Visited the price page")]
    [True, True, False]
    """
    return column in LEADS.keys or bool(_TRAITS.search(fold(column)))


def _alone(each: Asked) -> tuple[bool, ...]:
    return (each.criterion.required or each.criterion.weight > 0,)


def _together(
    group: list[Asked], attributes: dict[str, Attribute], today: dt.date
) -> tuple[bool, ...]:
    """Of all values that the criteria can tell apart, the best one (found by asking them)."""
    attribute = attributes[group[0].criterion.attribute]
    cells = _tellable([each.criterion for each in group], attribute, today)
    frame = nw.from_native(pd.DataFrame({attribute.column: cells}), eager_only=True)
    tellable = Attribute(attribute.column, frame.schema[attribute.column], attribute.choices)
    answers = frame.select(
        met(each.criterion, tellable, today).alias(each.column) for each in _once(group)
    )
    meets = np.column_stack([answers[each.column].to_numpy() for each in group]).astype(bool)
    required = np.array([each.criterion.required for each in group])
    weights = np.array([each.criterion.weight for each in group])
    best = np.lexsort((meets @ weights, (meets & required).sum(axis=1)))[-1]
    return tuple(map(bool, meets[best]))


def _once(group: Sequence[Asked]) -> list[Asked]:
    return list({each.column: each for each in group}.values())


def _tellable(
    criteria: Sequence[Criterion], attribute: Attribute, today: dt.date
) -> pd.Series[Any]:
    values = [value for each in criteria for value in each.values]
    match attribute.holds:
        case "number":
            ends = {end for value in values for end in bounds(value) or (0.0,)}
            numbers = sorted(filter(math.isfinite, ends))
            between = [(low + high) / 2 for low, high in pairwise(numbers)]
            beyond = [numbers[0] - 1, numbers[-1] + 1] if numbers else [0.0]
            return pd.Series([np.nan, *numbers, *between, *beyond], dtype="float64")
        case "date":
            return pd.Series([None, *_days(criteria, today)], dtype="datetime64[us]")
        case "yes_no":
            return pd.Series([None, True, False], dtype="boolean")
        case "text":
            return pd.Series([None, *_texts(values, attribute)], dtype="str")


def _days(criteria: Sequence[Criterion], today: dt.date) -> list[dt.datetime]:
    now = dt.datetime(today.year, today.month, today.day)
    days = {now}
    for criterion in criteria:
        if criterion.operator == "within":
            days.add(now - (as_number(criterion.values[0]) or 0.0) * DAY)
        else:
            days |= {day for value in criterion.values if (day := as_date(value))}
    return sorted(day + step * DAY for day in days for step in (-1, 0, 1))


def _texts(values: Sequence[Value], attribute: Attribute) -> list[str]:
    if attribute.choices:
        return list(attribute.choices.labels)
    texts = [show(value) for value in values]
    return [*texts, " ".join(texts), "\N{MIDDLE DOT}"]
