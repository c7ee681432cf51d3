"""What of a file cannot be taken: named with row and reason; and what comes without it.

A cell that cannot be read leaves that cell blank; a row without what it must have, or that says of
one ID something else than a row above, is left out whole. Nothing is dropped silently: either
everything is refused together, or each is listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from smarketing_xl.errors import Fault
from smarketing_xl.i18n import _
from smarketing_xl.ingest.columns import listed
from smarketing_xl.ingest.normalise import NOTHING_ASIDE, Incoming
from smarketing_xl.ingest.upsert import one_id
from smarketing_xl.schema.model import Table


@dataclass(frozen=True)
class Checked:
    """What can be taken, and what cannot.

    frame, rows: without the rows that must stay out. faults: everything wrong, with remedies.
    whole: of a column or of the file; it cannot be set aside. aside: row, value, reason, column of
    each cell, where the row stays out (`out`) or comes with that cell blank.
    """

    frame: pl.DataFrame
    rows: pl.Series
    faults: tuple[Fault, ...]
    whole: tuple[Fault, ...]
    aside: pl.DataFrame


def check_rows(brought: Incoming, frame: pl.DataFrame, rows: pl.Series, table: Table) -> Checked:
    """Checks rows that are read, identified and still all there."""
    key = one_id(table)
    labels = {column.key: _(column.label) for column in table}
    required = [column.key for column in table if column.required]
    whole, faults = list(brought.undecided), list(brought.faults)
    out = brought.aside["column"].is_in(required)
    parts = [brought.aside.with_columns(out=out)]
    gone = set(brought.aside.filter(out)["row"].to_list())
    for name in required:
        if name not in frame:
            whole.append(_no_column(name, labels[name]))
            continue
        missing = frame[name].is_null() & ~rows.is_in(list(gone))
        faults += listed(
            missing,
            rows,
            _("is blank"),
            _("Fill it in the file, or leave the row out"),
            labels[name],
        )
        parts.append(_aside(rows.filter(missing), None, _("is blank"), name))
        gone |= set(rows.filter(missing).to_list())
    if key and key in frame:
        again = frame[key].is_duplicated() & frame[key].is_not_null()
        differ = _("stands in several rows that differ")
        remedy = _("Keep one of them in the file")
        faults += listed(again, rows, differ, remedy, labels[key], frame[key])
        later = again & ~frame[key].is_first_distinct()
        parts.append(_aside(rows.filter(later), frame[key].filter(later), differ, key))
        gone |= set(rows.filter(later).to_list())
    kept = ~rows.is_in(list(gone)) if gone else pl.repeat(True, len(rows), eager=True)
    aside = pl.concat(parts).sort("row")
    return Checked(frame.filter(kept), rows.filter(kept), tuple(faults), tuple(whole), aside)


def _no_column(key: str, label: str) -> Fault:
    return Fault(
        _("The file has no column for this"),
        _("Say which in the mapping, under [columns]: {key} = {example}").format(
            key=key, example='"..."'
        ),
        column=label,
    )


def _aside(rows: pl.Series, values: pl.Series | None, reason: str, column: str) -> pl.DataFrame:
    given = pl.repeat(None, len(rows), dtype=pl.String, eager=True) if values is None else values
    frame = pl.DataFrame({"row": rows.cast(pl.Int64), "value": given.cast(pl.String)})
    cells = frame.with_columns(reason=pl.lit(reason), column=pl.lit(column), out=pl.lit(True))
    return cells.select([*NOTHING_ASIDE.columns, "out"])
