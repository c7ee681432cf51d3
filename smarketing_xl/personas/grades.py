"""Grades: a score from 0 to 100 as a letter, and whether sales must take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.blanks import is_blank
from smarketing_xl.elementwise import ERRORS, to_numbers, unfilled
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _, current_language
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.personas.criteria import yes
from smarketing_xl.schema.tables import GRADES


@dataclass(frozen=True)
class Grade:
    """A grade: the lowest score that earns it (0 to 100) and whether sales must take the lead.

    first_contact_hours: office hours within which sales promises the first contact; None: none.
    """

    name: str
    lowest: float
    qualified: bool = False
    first_contact_hours: float | None = None


def read_grades(frame: pd.DataFrame) -> list[Grade]:
    """The grades of a Grades frame (columns by the keys of `tables.GRADES`), best first.

    Raises BadData with every fault: a blank or repeated name, a lowest score that is no number
    from 0 to 100 or repeated, negative hours.
    """
    faults: list[Fault] = []
    grades: list[Grade] = []
    sheet = frame.attrs.get("sheet")
    for row, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        wrong = dict(_wrong(cells, grades))
        faults += [
            Fault(
                *wording, sheet, row, GRADES[key].title(current_language()), _shown(cells.get(key))
            )
            for key, wording in wrong.items()
        ]
        if not wrong:
            hours = as_number(cells.get("first_contact_hours"))
            hours = None if hours is None or np.isnan(hours) else hours
            name, must = str(cells["grade"]).strip(), yes(cells.get("qualified"))
            grades.append(Grade(name, cast(float, as_number(cells["lowest"])), must, hours))
    if faults:
        raise BadData(faults)
    return best_first(grades)


def _shown(cell: object) -> object:
    return None if is_blank(cell) else cell


def _wrong(cells: dict[Any, Any], before: Sequence[Grade]) -> list[tuple[str, tuple[str, str]]]:
    name, lowest = cells.get("grade"), as_number(cells.get("lowest"))
    hours = as_number(cells.get("first_contact_hours"))
    problems = []
    if is_blank(name):
        problems.append(("grade", (_("is blank"), _("Name the grade, such as A"))))
    elif str(name).strip() in {grade.name for grade in before}:
        problems.append(("grade", (_("is there twice"), _("Name each grade once"))))
    if lowest is None or not 0 <= lowest <= 100:
        problems.append(("lowest", (_("is not a score"), _("Type a number from 0 to 100"))))
    elif lowest in {grade.lowest for grade in before}:
        problems.append(
            ("lowest", (_("is there twice"), _("Give each grade its own lowest score")))
        )
    if hours is not None and hours < 0:
        problems.append(("first_contact_hours", (_("is negative"), _("Type the hours, such as 4"))))
    return problems


def best_first(grades: Sequence[Grade]) -> list[Grade]:
    """Grades by their lowest score, the highest first."""
    return sorted(grades, key=lambda grade: -grade.lowest)


def scale(lowest: Any, names: Any) -> list[Grade]:
    """Grades from a range of lowest scores beside a range of names; rows without a name skipped.

    Raises BadData with every fault.
    """
    thresholds, labels = np.ravel(np.asarray(lowest, object)), np.ravel(np.asarray(names, object))
    if len(thresholds) != len(labels):
        raise BadData(
            _("There are not as many grades as lowest scores"), _("Give ranges of the same size")
        )
    frame = pd.DataFrame({"grade": labels, "lowest": thresholds}, dtype=object)
    return read_grades(frame[~frame["grade"].map(is_blank)])


def grade(score: Any, grades: Sequence[Grade]) -> Any:
    """The grade of a score, or of each of an array; None below every grade, and of a blank.

    An element that is no number answers with its own Excel error.

    >>> scale_ = [Grade("A", 80, True), Grade("B", 50), Grade("C", 0)]
    >>> grade(80, scale_), grade([79.9, 0, "x"], scale_).tolist()
    ('A', ['B', 'C', <CellError.VALUE: '#VALUE!'>])
    """
    scores, codes = to_numbers(score)
    known = [*best_first(grades)[::-1]]
    names = np.array([None, *(each.name for each in known)], dtype=object)
    answers = names[ranks(scores, grades)]
    answers = np.asarray(answers, dtype=object)
    answers[unfilled(score)] = None
    answers = np.where(codes > 0, np.array([None, *ERRORS], dtype=object)[codes], answers)
    return answers.item() if np.ndim(score) == 0 else answers


def ranks(scores: NDArray[np.float64], grades: Sequence[Grade]) -> NDArray[np.intp]:
    """How many grades each score has reached: 0 is below every grade, the most is the best."""
    lowest = np.array([each.lowest for each in best_first(grades)[::-1]])
    return np.asarray(np.searchsorted(lowest, scores, side="right"))
