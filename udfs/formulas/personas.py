"""Step 1, personas: how well leads fit the ideal customer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from smarketing_xl.errors import CellError, Fault, NotEnoughData, OutOfRange, WrongType
from smarketing_xl.i18n import N_, _
from udfs import helpers
from udfs.error_reasons import explain
from udfs.lambdas import personas as lambdas
from udfs.registry import formula
from udfs.values import Grid

if TYPE_CHECKING:
    from smarketing_xl.personas.criteria import Persona

_HEADERS = N_("The headers of the leads: Leads[#Headers].")
_LEADS = N_("One lead or all of them: a row of the table, or Leads.")
_PERSONAS = N_("The criteria with their headers: Personas[#All].")
_TODAY = N_("The day that within (days) counts from; today if left out.")


@formula(
    "Personas",
    N_("How well a lead fits, 0 to 100: its best persona, or the one named."),
    example="=PERSONA_SCORE(Leads[#Headers], Leads, Personas[#All])",
    arguments={
        "headers": _HEADERS,
        "leads": _LEADS,
        "personas": _PERSONAS,
        "persona": N_("Name of the persona to compare with; the best one if left out."),
        "today": _TODAY,
    },
)
def persona_score(
    headers: Any, leads: Any, personas: Any, persona: Any = None, today: Any = None
) -> Any:
    return _scored(headers, leads, personas, "score", helpers.text(persona, "persona"), today)


@formula(
    "Personas",
    N_("The persona that a lead fits best; blank if it fits none."),
    example="=PERSONA_BEST(Leads[#Headers], Leads, Personas[#All])",
    arguments={
        "headers": _HEADERS,
        "leads": _LEADS,
        "personas": _PERSONAS,
        "today": _TODAY,
    },
)
def persona_best(headers: Any, leads: Any, personas: Any, today: Any = None) -> Any:
    return _scored(headers, leads, personas, "persona", "", today)


@formula(
    "Personas",
    N_("Why a lead has its score: the criteria it meets and misses, in words."),
    example="=PERSONA_WHY(Leads[#Headers], Leads, Personas[#All])",
    arguments={
        "headers": _HEADERS,
        "leads": _LEADS,
        "personas": _PERSONAS,
        "today": _TODAY,
    },
)
def persona_why(headers: Any, leads: Any, personas: Any, today: Any = None) -> Any:
    return _scored(headers, leads, personas, "why", "", today)


@formula(
    "Personas",
    N_("The grade of a score."),
    example="=LEAD_GRADE(75, Grades)",
    native=True,
    within=lambdas.lead_grade,
    arguments={
        "score": N_("A score from 0 to 100; several as a range."),
        "grades": N_(
            "Grades beside their lowest scores: the table Grades, or its first two columns."
        ),
    },
)
def lead_grade(score: Any, grades: Any) -> Any:
    from smarketing_xl.personas import grades as scale

    if not isinstance(grades, np.ndarray) or grades.shape[1] < 2:
        raise WrongType(
            _("grades is not a range of two columns"),
            _("Give the grades beside their lowest scores: Grades"),
        )
    return scale.grade(score, scale.scale(grades[:, 1], grades[:, 0]))


def _scored(headers: Any, leads: Any, personas: Any, answer: str, persona: str, today: Any) -> Any:
    from smarketing_xl.personas import criteria, scoring
    from smarketing_xl.personas.grades import Grade
    from smarketing_xl.schema.tables import LEADS, PERSONAS

    ideals = criteria.read_personas(helpers.table_in(personas, PERSONAS, "personas"))
    if persona:
        ideals = [ideal for ideal in ideals if ideal.name.casefold() == persona.casefold()]
        if not ideals:
            raise OutOfRange(
                _("There is no persona {name}").format(name=persona),
                _("Write the name as it stands in the table Personas"),
            )
    day = dt.date.today() if today is None else helpers.time(today, "today").date()
    titles, rows = _table(headers, leads)
    frame, faults = helpers.frame_in(titles, rows, LEADS, "leads")
    scored = scoring.score(frame, ideals, [Grade("", 0)], day)
    shown = scored[[answer]].astype(object).where(scored[[answer]].notna(), None)
    return helpers.bad(shown.to_numpy(), _errors(titles, rows, faults, ideals))


def _table(headers: Any, leads: Any) -> tuple[Grid, Grid]:
    titles = np.atleast_2d(np.asarray(helpers.unbroken(headers, "headers"), dtype=object))
    rows = np.atleast_2d(np.asarray(helpers.unbroken(leads, "leads"), dtype=object))
    if titles.shape[0] != 1 or titles.shape[1] != rows.shape[1]:
        raise WrongType(
            _("headers and leads differ in width"),
            _("Give Leads[#Headers] and rows of the same table"),
        )
    if not len(rows):
        raise NotEnoughData(_("There are no leads"), _("Give at least one row"))
    return titles[0], rows


def _errors(titles: Grid, rows: Grid, faults: list[Fault], ideals: list[Persona]) -> Grid:
    """The error of each lead that holds one, or no number or date, where a criterion looks."""
    asked = {_column(criterion.attribute) for ideal in ideals for criterion in ideal.criteria}
    errors = np.full((len(rows), 1), None, dtype=object)
    looked_at = [place for place, title in enumerate(titles) if _column(title) in asked]
    for cells in reversed(rows.T[looked_at]):
        spoiled = np.array([isinstance(cell, CellError) for cell in cells])
        errors[spoiled, 0] = cells[spoiled]
    unfit = [fault for fault in faults if fault.row and _column(fault.column) in asked]
    for fault in unfit:
        errors[int(fault.row or 0) - 1, 0] = CellError.VALUE
    if unfit:
        explain(WrongType(unfit[:20]))
    return errors


def _column(title: object) -> str:
    """A column of leads by its header in any language: its key, or the header of a further one."""
    from smarketing_xl.schema.tables import LEADS

    header = str(title).strip()
    return LEADS.headers().get(header.lower(), header)
