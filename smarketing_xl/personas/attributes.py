"""Attributes: which column of the leads a criterion means, and what that column holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import pandas as pd
from narwhals.dtypes import DType

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _
from smarketing_xl.parsing.dates import as_date
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.parsing.ranges import bounds
from smarketing_xl.personas.criteria import DATED, MEASURED, Criterion
from smarketing_xl.schema.convert import as_text
from smarketing_xl.schema.model import Choices
from smarketing_xl.schema.tables import LEADS

Holds = Literal["text", "number", "date", "yes_no"]
HIGHEST = "\x00highest"  # after the name of a column of ranges: the upper end of each


@dataclass(frozen=True)
class Attribute:
    """A column of the leads: its name in the frame, type, and list of entries if it has one.

    highest: where cells may be ranges (11-50), the column of their upper ends.
    """

    column: str
    dtype: DType
    choices: Choices | None = None
    highest: str = ""

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
    headers = {header: key for header, key in LEADS.headers().items() if key in present}
    return headers | {column.strip().lower(): column for column in present}


def resolve(criteria: Sequence[Criterion], columns: Iterable[str]) -> dict[str, str]:
    """The column of each attribute named in the criteria.

    Raises BadData naming every attribute that is no column of the leads, or that scoring fills.
    """
    known = column_names(columns)
    faults: list[Fault] = []
    column_of: dict[str, str] = {}
    for criterion in criteria:
        column = known.get(criterion.attribute.strip().lower())
        if column is None:
            problem = _("is not a column of the Leads table")
            remedy = _("Type the header of one of its columns, or add that column to Leads")
        elif column in LEADS.ours:
            problem = _("is calculated by us, so it cannot decide the fit score")
            remedy = _("Choose a column that you or your imports fill")
        else:
            column_of[criterion.attribute] = column
            continue
        faults.append(criterion.fault(problem, remedy))
    if faults:
        raise BadData(faults)
    return column_of


def choices_of(column: str) -> Choices | None:
    """The closed list of a column of the Leads table, if it has one."""
    return next((each.choices for each in LEADS if each.key == column), None)


def typed_for(criteria: Sequence[Criterion], leads: Any, columns: dict[str, str]) -> Any:
    """The asked columns of a Narwhals frame, each typed as its criteria need it.

    Cells of pandas columns may be of any type (columns people added): they become numbers or dates
    where every criterion that needs a type needs that one, else text. Categories become text. An
    empty column becomes what is needed of it. Of ranges such as 11-50 the column holds the lower
    ends, and one named `HIGHEST` beside it the upper ones.
    """
    about: dict[str, set[Holds]] = {column: set() for column in columns.values()}
    for criterion in criteria:
        if need := _needs(criterion):
            about[columns[criterion.attribute]].add(need)
    native = leads.to_native()
    if isinstance(native, pd.DataFrame):
        asked: dict[str, pd.Series[Any]] = {}
        for column, wanted in about.items():
            asked[column] = cells = typed(native[column], wanted)
            if cells.dtype.kind == "f" and native[column].dtype.kind not in "biuf":
                highest = _numbers(native[column], upper=True)
                if not highest.equals(cells):
                    asked[column + HIGHEST] = highest
        return nw.from_native(pd.DataFrame(asked, index=native.index))
    schema = leads.collect_schema()
    empty = [column for column in about if schema[column] == nw.Unknown]
    casts = [nw.col(column).cast(_EMPTY[_one(about[column])]) for column in empty]
    return leads.with_columns(*casts) if casts else leads


_EMPTY: dict[Holds, DType] = {
    "number": nw.Float64(),
    "date": nw.Datetime(),
    "yes_no": nw.Boolean(),
    "text": nw.String(),
}


def _one(wanted: Collection[Holds]) -> Holds:
    return next(iter(wanted)) if len(wanted) == 1 else "text"


def typed(cells: pd.Series[Any], wanted: Collection[Holds] = ()) -> pd.Series[Any]:
    """A pandas column of cells of any type as what they hold, or as the one type wanted of it."""
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return cells.astype("str")
    if cells.dtype != object and kind not in ("string", "empty"):
        return cells
    if kind == "boolean":
        return cells.astype("boolean")
    if kind in ("datetime", "datetime64", "date"):
        return _dates(cells)
    if kind in ("floating", "integer", "mixed-integer-float", "decimal"):
        return cells.astype("float64")
    need = _one(wanted)
    if need in ("number", "date"):
        values = _numbers(cells) if need == "number" else _dates(cells)
        if values.notna().any() or kind == "empty":
            return values
    if kind != "string":
        cells = cells.map(as_text, na_action="ignore")
    return cells.astype("str")


def _numbers(cells: pd.Series[Any], upper: bool = False) -> pd.Series[Any]:
    """Numbers, and of ranges the lower ends, or the upper ones."""

    def end(cell: object) -> float | None:
        ends = bounds(cell)
        return None if ends is None else ends[upper]

    return cells.map(end, na_action="ignore").astype("float64")


def _dates(cells: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_datetime(cells.map(as_date, na_action="ignore")).astype("datetime64[us]")


def _needs(criterion: Criterion) -> Holds | None:
    """What a column must hold for this operator; None: anything will do."""
    if criterion.operator in DATED or criterion.operator == "within":
        return "date"
    if criterion.operator in MEASURED:
        return "date" if as_number(criterion.values[0]) is None else "number"
    return None
