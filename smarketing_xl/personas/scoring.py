"""Scoring: every lead against every persona, at once.

The same expressions run on pandas, Polars, DuckDB and Spark through Narwhals. In memory two things
are done once for each distinct value instead of for each lead: a text is compared, and a pattern
of criteria met is judged and put into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.errors import BadData, NotEnoughData
from smarketing_xl.i18n import _
from smarketing_xl.personas.attributes import (
    HIGHEST,
    Attribute,
    choices_of,
    resolve,
    typed_for,
)
from smarketing_xl.personas.criteria import Criterion, Persona
from smarketing_xl.personas.explaining import improve, named, why
from smarketing_xl.personas.grades import Grade, best_first
from smarketing_xl.personas.matching import met, misfit
from smarketing_xl.personas.patterns import compile_patterns
from smarketing_xl.personas.scorecard import (
    Asked,
    Sheet,
    highest,
    ideals,
)

ANSWERS = ("persona", "score", "grade", "qualified", "why", "improve")


def score(
    leads: IntoFrameT, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> IntoFrameT:
    """Best persona, score, grade and why, for each lead.

    leads: a pandas, Polars, DuckDB or Spark frame; columns by the keys of `tables.LEADS`, people's
    own by their headers. today: what "within (days)" counts from.
    Returns the same kind of frame, rows in the same order: lead_id (where there is one), persona
    (null where none fits), score (0 to 100; 0 where none fits), grade, qualified (fits, and the
    grade is a qualified one), why and improve (of the best persona, else of the nearest to fit).
    Raises BadData naming each criterion that cannot be asked of the leads, with its row.
    """
    _check(personas, grades)
    frame: Any = nw.from_native(leads)
    survey, typed = _survey(frame, personas, grades, today)
    identity = [name for name in ("lead_id",) if name in frame.columns]
    if isinstance(frame, nw.LazyFrame):
        return survey.of_a_query(typed, identity).to_native()  # type: ignore[no-any-return]
    answers = survey.in_memory(typed, survey.flags(typed))
    answers = answers.with_columns(frame[name] for name in identity)
    native = answers.select(*identity, *ANSWERS).to_native()
    if isinstance(leads, pd.DataFrame):
        native.index = leads.index
        native.attrs = leads.attrs
    return native  # type: ignore[no-any-return]


def criteria_met(
    leads: pd.DataFrame, personas: Sequence[Persona], today: dt.date
) -> dict[str, Flags]:
    """Which leads meet each criterion of the personas: the criterion in words → one flag a lead."""
    survey, typed = _survey(nw.from_native(leads), personas, [], today)
    return survey.in_words(survey.flags(typed))


def scores_and_criteria(
    leads: pd.DataFrame, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> tuple[Floats, dict[str, Flags]]:
    """The scores of leads, as `score` has them, and `criteria_met`: each asked once for both."""
    _check(personas, grades)
    survey, typed = _survey(nw.from_native(leads), personas, grades, today)
    flags = survey.flags(typed)
    return survey.in_memory(typed, flags)["score"].to_numpy(), survey.in_words(flags)


def _check(personas: Sequence[Persona], grades: Sequence[Grade]) -> None:
    if not personas or not grades:
        raise NotEnoughData(_("There is no persona, or no grade"), _("Write them on Personas"))


# --- one set of questions -----------------------------------------------------------------------


def _survey(
    frame: Any, personas: Sequence[Persona], grades: Sequence[Grade], today: dt.date
) -> tuple[_Survey, Any]:
    """The questions to ask of these leads, and the leads typed so that they can be asked."""
    criteria = [each for persona in personas for each in persona.criteria]
    columns = resolve(criteria, frame.columns)
    typed = typed_for(criteria, frame, columns)
    schema = typed.collect_schema()
    attributes = {
        name: Attribute(
            column,
            schema[column],
            choices_of(column),
            column + HIGHEST if column + HIGHEST in schema else "",
        )
        for name, column in columns.items()
    }
    faults = [fault for each in criteria if (fault := misfit(each, attributes[each.attribute]))]
    if faults:
        raise BadData(faults)
    names: dict[object, str] = {}
    tests: dict[str, Criterion] = {}
    sheets = []
    for place, persona in enumerate(personas):
        asked = []
        for each in persona.criteria:
            columns_of = []
            for test in (each, Criterion(each.attribute, "is_blank")):
                question = (attributes[test.attribute].column, test.operator, test.values)
                name = names.setdefault(question, f"_met_{len(names)}")
                tests.setdefault(name, test)
                columns_of.append(name)
            asked.append(Asked(each, *columns_of))
        sheets.append(Sheet(place, persona.name, tuple(asked), ideals(asked, attributes, today)))
    return _Survey(tests, attributes, tuple(sheets), tuple(best_first(grades)), today), typed


@dataclass(frozen=True)
class _Survey:
    """Each different question once (`tests`: its yes/no column), and the personas that ask them."""

    tests: dict[str, Criterion]
    attributes: dict[str, Attribute]
    sheets: tuple[Sheet, ...]
    grades: tuple[Grade, ...]
    today: dt.date

    def attribute(self, name: str) -> Attribute:
        """What the question of a yes/no column is about."""
        return self.attributes[self.tests[name].attribute]

    def met(self, name: str) -> nw.Expr:
        """The yes/no column of a question."""
        return met(self.tests[name], self.attribute(name), self.today).alias(name)

    def answers(self, sheet: Sheet) -> dict[str, nw.Expr]:
        """What is told of a lead whose best persona is this one, from its judged columns."""
        fits, value = nw.col(sheet.column("fits")) > 0, nw.col(sheet.column("score"))
        above = [np.inf, *(grade.lowest for grade in self.grades)]
        qualified = [
            (value >= grade.lowest) & (value < top)
            for grade, top in zip(self.grades, above, strict=False)
            if grade.qualified
        ]
        return {
            "persona": nw.when(fits).then(nw.lit(sheet.name)),
            "score": value,
            "grade": named(value, self.grades),
            "qualified": reduce(or_, qualified, nw.lit(False)) & fits,
            "why": why(sheet),
            "improve": improve(sheet, self.grades),
        }

    # --- in a database or on a cluster

    def of_a_query(self, frame: Any, identity: list[str]) -> Any:
        """The answers as a query over a lazy frame."""
        judged = frame.select(*identity, *map(self.met, self.tests))
        for sheet in self.sheets:
            judged = sheet.judged(judged)
        nearness = [sheet.column("nearness") for sheet in self.sheets]
        judged = judged.with_columns(_best=highest(nearness))
        by_sheet = [self.answers(sheet) for sheet in self.sheets]
        chosen = by_sheet[-1]
        for name, answers in zip(nearness[-2::-1], by_sheet[-2::-1], strict=True):
            best = nw.col(name) == nw.col("_best")
            chosen = {
                key: nw.when(best).then(answers[key]).otherwise(chosen[key]) for key in ANSWERS
            }
        return judged.select(*identity, **chosen)

    # --- in memory

    def in_memory(self, typed: Any, flags: Mapping[str, Flags]) -> Any:
        """The answers, lead by lead: each pattern of criteria met is judged once."""
        frames: list[Any] = []
        before = 0
        for sheet in self.sheets:
            both = [(each.column, each.blank) for each in sheet.asked]
            columns = list(dict.fromkeys(chain.from_iterable(both)))
            codes, distinct = compile_patterns([flags[name] for name in columns])
            met_by = dict(zip(columns, distinct, strict=True))
            judged = sheet.judged(nw.from_dict(met_by, backend="polars"))
            nearness = judged[sheet.column("nearness")].to_numpy()[codes]
            if not frames:
                best, rows = nearness, codes
            else:
                better = nearness > best
                best, rows = (
                    np.where(better, nearness, best),
                    np.where(better, codes + before, rows),
                )
            frames.append(judged.select(**self.answers(sheet)))
            before += len(frames[-1])
        return _as(typed.implementation, nw.concat(frames))[rows]

    def in_words(self, flags: Mapping[str, Flags]) -> dict[str, Flags]:
        """The criteria in words, and the leads that meet each."""
        asked = dict.fromkeys(each.column for sheet in self.sheets for each in sheet.asked)
        return {self.tests[name].words(): flags[name] for name in asked}

    def flags(self, typed: Any) -> dict[str, Flags]:
        """Whether each lead meets each criterion; texts are compared once for each distinct one."""
        of_texts: dict[str, list[str]] = {}
        others = []
        for name in self.tests:
            attribute = self.attribute(name)
            if attribute.holds == "text":
                of_texts.setdefault(attribute.column, []).append(name)
            else:
                others.append(name)
        asked = typed.select(*map(self.met, others))
        flags = {name: asked[name].to_numpy().astype(bool) for name in others}
        for column, names in of_texts.items():
            cells = typed[column].to_native()
            codes, distinct = pd.factorize(
                cells if isinstance(cells, pd.Series) else cells.to_numpy()
            )
            texts = {column: [*distinct, None]}  # a blank has code -1: the last
            small = nw.from_dict(texts, {column: nw.String()}, backend=typed.implementation)
            asked = small.select(*map(self.met, names))
            flags |= {name: asked[name].to_numpy().astype(bool)[codes] for name in names}
        return flags


def _as(backend: Any, frame: Any) -> Any:
    """A small frame in another library."""
    cells = {name: frame[name].to_list() for name in frame.columns}
    return nw.from_dict(cells, frame.schema, backend=backend)
