"""Attributes: which column of the leads a criterion means, and what that column holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import pandas as pd
from narwhals.dtypes import DType

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.personas.criteria import DATED, MEASURED, Criterion, as_number
from smarketing_xl.texts import _
from smarketing_xl.workbook.schema import Choices
from smarketing_xl.workbook.tables import LEADS
from smarketing_xl.workbook.values import as_text

Holds = Literal["text", "number", "date", "yes_no"]


@dataclass(frozen=True)
class Attribute:
    """A column of the leads: its name in the frame, type, and list of entries if it has one."""

    column: str
    dtype: DType
    choices: Choices | None = None

    @property
    def holds(self) -> Holds:
        """What its cells are, which decides how they compare."""
        if self.dtype.is_numeric():
            return "number"
        if self.dtype in (nw.Date, nw.Datetime):
            return "date"
        return "yes_no" if self.dtype == nw.Boolean else "text"


def column_names(columns: Iterable[str]) -> dict[str, str]:
    """What people may call each column, lower case → the column.

    Any column by its own name; those of the Leads table by their header in either language too.
    """
    present = list(columns)
    headers = {said: key for said, key in LEADS.headers().items() if key in present}
    return headers | {column.strip().lower(): column for column in present}


def resolve(criteria: Sequence[Criterion], columns: Iterable[str]) -> dict[str, str]:
    """The column of each attribute named in the criteria.

    Raises BadData naming every attribute that is no column of the leads, or that scoring fills.
    """
    known = column_names(columns)
    faults: list[Fault] = []
    found: dict[str, str] = {}
    for criterion in criteria:
        column = known.get(criterion.attribute.strip().lower())
        if column is None:
            problem = _("is not a column of the Leads table")
            remedy = _("Type the header of one of its columns, or add that column to Leads")
        elif column in LEADS.ours:
            problem = _("is filled by us, so it cannot decide the score")
            remedy = _("Choose a column that you or your imports fill")
        else:
            found[criterion.attribute] = column
            continue
        faults.append(criterion.fault(problem, remedy))
    if faults:
        raise BadData(faults)
    return found


def choices_of(column: str) -> Choices | None:
    """The closed list of a column of the Leads table, if it has one."""
    return next((each.choices for each in LEADS if each.key == column), None)


def typed_for(criteria: Sequence[Criterion], leads: Any, columns: dict[str, str]) -> Any:
    """The leads with each attribute as its criteria need it.

    Cells of pandas columns may be of any type (columns people added): they become numbers or dates
    where every criterion on them compares numbers or dates, else text. Categories become text.
    Other backends have typed columns already.
    """
    if not isinstance(leads, pd.DataFrame):
        return leads
    changed: dict[str, pd.Series[Any]] = {}
    for column in dict.fromkeys(columns.values()):
        about = [each for each in criteria if columns[each.attribute] == column]
        changed[column] = _typed(leads[column], about)
    return leads[list(changed)].assign(**changed)


def _typed(cells: pd.Series[Any], criteria: Sequence[Criterion]) -> pd.Series[Any]:
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.astype("str")
    if cells.dtype != object and kind != "string":
        return cells
    if kind == "boolean":
        return cells.astype("boolean")
    if kind in ("datetime", "datetime64", "date"):
        return pd.to_datetime(cells, errors="coerce").astype("datetime64[us]")
    if kind in ("floating", "integer", "mixed-integer-float", "decimal"):
        return cells.astype("float64")
    wanted = {need for each in criteria if (need := _needs(each))}
    if wanted == {"number"}:
        numbers = cells.map(as_number, na_action="ignore").astype("float64")
        return numbers if numbers.notna().any() else cells.astype("str")
    if wanted == {"date"}:
        days = pd.to_datetime(cells, errors="coerce", format="ISO8601").astype("datetime64[us]")
        return days if days.notna().any() else cells.astype("str")
    if kind != "string":
        cells = cells.map(as_text, na_action="ignore")
    return cells.astype("str")


def _needs(criterion: Criterion) -> Holds | None:
    """What a column must hold for this operator; None: anything will do."""
    if criterion.operator in DATED or criterion.operator == "within":
        return "date"
    if criterion.operator in MEASURED:
        return "date" if as_number(criterion.values[0]) is None else "number"
    return None
