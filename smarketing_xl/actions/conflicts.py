"""What disagrees with what people typed: kept out of their cells, listed on a sheet of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.book.contents import Formula, current
from smarketing_xl.book.read import TablePlace, column_of
from smarketing_xl.book.write import Rows
from smarketing_xl.i18n import _, current_language
from smarketing_xl.ingest.mapping import UNTIL, known_by
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import as_text, cells
from smarketing_xl.schema.model import Table

MOST_LISTED = 10_000  # the rest are counted
Values = dict[str, "pd.Series[Any]"]  # by column, the new values of some rows


def conflicting(found: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Conflicts as people would see them in the table: labels for columns and entries.

    found: id, column (key or header), here, there, source.
    """
    found = found.head(MOST_LISTED)

    def shown(side: str) -> pd.Series[Any]:
        pairs = zip(found[side], found["column"], strict=True)
        return pd.Series([cell(value, key, table) for value, key in pairs], dtype=object)

    return pd.DataFrame(
        {
            "row_id": found["id"].map(as_text, na_action="ignore").tolist(),
            "column": [title(key, table) for key in found["column"]],
            "here": shown("here"),
            "there": shown("there"),
            "source": found["source"].tolist(),
        }
    )


def listed(conflicts: pd.DataFrame) -> Rows:
    """The sheet of conflicts, with those of the last import or merging only."""
    return Rows(tables.CONFLICTS, conflicts)


def spelled(conflicts: pd.DataFrame) -> pd.DataFrame:
    """Conflicts (columns by key, as `conflicting` gives them) under the headers that people see."""
    return conflicts.rename(columns={column.key: _(column.label) for column in tables.CONFLICTS})


def formulas_stay(
    place: TablePlace, changes: Values, ids: pd.Series[Any]
) -> tuple[Values, pd.DataFrame]:
    """Changes without the cells that hold a formula, and those cells as conflicts.

    ids: what each row of the sheet is known by.
    """
    kept: Values = {}
    held = [pd.DataFrame(columns=["id", "column", "here", "there"])]
    for key, values in changes.items():
        if key not in place.offsets:  # a column that the workbook has not yet
            kept[key] = values
            continue
        now = current(place, [place.offsets[key]], place.height - 1)[:, 0]
        here = now[values.index.to_numpy(dtype=int) - place.top - 1]
        is_formula = np.array([isinstance(content, Formula) for content in here], dtype=bool)
        if not is_formula.all():
            kept[key] = values[~is_formula]
        rows = values.index[is_formula]
        held.append(
            pd.DataFrame(
                {
                    "id": ids.loc[rows].to_numpy(),
                    "column": key,
                    "here": _("a formula"),
                    "there": values[is_formula].to_numpy(dtype=object),
                }
            )
        )
    return kept, pd.concat([part for part in held if len(part)] or held, ignore_index=True)


def title(key: str, table: Table) -> str:
    """The header of a column, known by key or by header."""
    column = column_of(table, key)
    if column is None and key in known_by(table):
        return _("End of the period") if key == UNTIL else _(tables.LEADS[key].label)
    return key if column is None else _(column.label)


def cell(value: Any, key: str, table: Table) -> Any:
    """A value as the workbook's cell has it: a label for an entry of a list."""
    column = column_of(table, key)
    if column is None or not column.choices or not isinstance(value, str):
        return value
    return cells(pd.Series([value]), column, current_language())[0]
