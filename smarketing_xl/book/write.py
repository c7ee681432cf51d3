"""Writing results in place: planned whole, written last, restored on failure.

A button lists its `Change`s; `planned` works out every cell they touch, `commit` writes only the
cells that differ and puts everything back if any write fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw
from numpy.typing import NDArray

from smarketing_xl.a1.formulas import moved
from smarketing_xl.book import read
from smarketing_xl.book.excel import is_excel, ready_to_write
from smarketing_xl.book.read import TablePlace, cell_values
from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.i18n import Language, _, format_number
from smarketing_xl.schema.convert import (
    Cells,
    cells,
    known_by,
    same,
)
from smarketing_xl.schema.formulas import in_full, labelled
from smarketing_xl.schema.model import Table

MOST_RUNS = 64  # a column that differs in more stretches than this is written as one


@dataclass(frozen=True)
class Columns:
    """New values for columns of a table, row by row.

    values: indexed by row on the sheet, columns by key or header; BY_FORMULA where the column's own
    formula is to stand.
    """

    table: Table
    values: pd.DataFrame


@dataclass(frozen=True)
class Append:
    """New rows below a table's last."""

    table: Table
    values: pd.DataFrame


@dataclass(frozen=True)
class Rows:
    """All the rows of a table that a fill owns.

    Rows are known by the table's key: they keep their place and what people wrote beside them; new
    rows go below; a row no longer there is taken out unless people wrote something in it.
    ordered: rows come in the order given instead, and what people wrote moves with its row.
    """

    table: Table
    values: pd.DataFrame
    ordered: bool = False


Change = Columns | Append | Rows
_Row = tuple[Cells, int | None]  # cells, and the row they stood in before


class Formula(str):
    """A cell's content that is a formula, not text that looks like one."""


BY_FORMULA = object()
"""In a change: the formula that the column is declared with; one that people wrote stays."""


@dataclass(frozen=True)
class Write:
    """One table's next state, worked out before anything is written."""

    place: TablePlace
    height: int  # rows below the header afterwards
    offsets: list[int]
    before: Cells  # shape (most rows of before and after, offsets); formulas as `Formula`
    after: Cells


def plan_writes(book: xw.Book, changes: Sequence[Change]) -> list[Write]:
    """Every cell the changes touch, worked out and checked; nothing is written yet.

    Changes of one table are planned one after another, each on the table as those before leave it.
    """
    spoken = read.language(book)
    writes: list[Write] = []
    for change in changes:
        before = [write for write in writes if write.place.table.name == change.table.name]
        writes.append(_plan(book, change, spoken, before))
    return writes


def commit(writes: Sequence[Write]) -> None:
    """Write all or nothing. Raises what the host raises, after putting everything back."""
    done: list[Write] = []
    with ready_to_write([write.place for write in writes]):
        try:
            for write in writes:
                done.append(write)
                _write(write)
                _check_landed(write)
        except BaseException:
            for write in reversed(done):
                with suppress(Exception):
                    _restore(write)
            raise


def _check_landed(write: Write) -> None:
    """Excel is asked for the column that changed most: rows that it hides may take no values."""
    if not is_excel(write.place.sheet.book):
        return
    differ = ~same(write.before[: write.height], write.after[: write.height])
    if not differ.any():
        return
    at = int(differ.sum(axis=0).argmax())
    grown = replace(write.place, height=write.height + 1, new=0)
    found = current(grown, [write.offsets[at]], write.height)[: write.height, 0]
    if not np.frompyfunc(_landed, 2, 1)(found, write.after[: write.height, at]).all():
        raise WorkbookError(
            Fault(
                _("Excel put values of the table {name} into other rows").format(
                    name=write.place.table.name
                ),
                _("Show all its rows: Data, Clear; then repeat the step. Nothing was changed"),
                write.place.sheet.name,
                write.place.top,
            )
        )


def _landed(found: Any, wanted: Any) -> bool:
    """Whether a cell holds what was written, as far as Excel keeps it: currencies to 4 digits."""
    if isinstance(wanted, Formula) or isinstance(found, Formula):
        return True
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) <= 5e-5 + 1e-9 * abs(wanted)
    if type(found) is not type(wanted):
        return True  # a text that Excel keeps as a number, a date or nothing
    return bool(same(np.array([found], object), np.array([wanted], object)).all())


# --- planning -----------------------------------------------------------------------------------


def _plan(book: xw.Book, change: Change, spoken: Language, earlier: Sequence[Write]) -> Write:
    """earlier: what is planned for the same table already."""
    place = _with_room(_left_by(earlier) or read.find_table(book, change.table), change.values)
    _columns_stand(place, change.values, spoken)
    match change:
        case Columns(values=values):
            rows = values.index.to_numpy(dtype=int) - place.top - 1
            return _next(place, values, rows, place.height - 1, spoken, earlier)
        case Append(values=values):
            first = max([_first_free(book, change.table), *map(_filled_rows, earlier)])
            rows = np.arange(first, first + len(values))
            height = max(place.height - 1, first + len(values))
            return _next(place, values, rows, height, spoken, earlier)
        case Rows(values=values, ordered=ordered):
            return _rows(place, values, spoken, ordered, earlier)


def _left_by(earlier: Sequence[Write]) -> TablePlace | None:
    """Where the table will stand once what is planned already is written."""
    if not earlier:
        return None
    return replace(earlier[-1].place, height=earlier[-1].height + 1, new=0)


def _filled_rows(write: Write) -> int:
    """How many rows reach down to the last that a write fills."""
    given = [at for at, row in enumerate(write.after) if any(map(_typed, row))]
    return given[-1] + 1 if given else 0


def _with_room(place: TablePlace, values: pd.DataFrame) -> TablePlace:
    """The table with columns beside it for what an import brings that the workbook has not."""
    known = {*place.offsets, *place.table.keys}
    new = tuple(str(key) for key in values.columns if key not in known)
    if not new or not place.table.open:
        return place
    right = place.left + len(place.headers)
    beside = place.sheet.range(
        (place.top, right), (place.top + place.height - 1, right + len(new) - 1)
    )
    found = pd.DataFrame(cell_values(beside))
    if found.notna().any(axis=None):
        raise WorkbookError(
            Fault(
                _("The table {name} cannot grow: something stands beside it").format(
                    name=place.table.name
                ),
                _("Move it away, or leave out the columns {columns}").format(
                    columns=", ".join(new)
                ),
                place.sheet.name,
                place.top,
            )
        )
    return replace(place, headers=place.headers + new, new=len(new))


def _room_below(place: TablePlace, height: int) -> None:
    """Nothing may stand where the table is to grow: not every host would say so."""
    now = place.height - 1
    if height <= now:
        return
    below = cell_values(place.block(now, 0, height - now, len(place.headers)))
    taken = [at for at, row in enumerate(below) if any(cell not in (None, "") for cell in row)]
    if taken:
        raise WorkbookError(
            Fault(
                _("Table {table} cannot grow: something stands below it").format(
                    table=place.table.name
                ),
                _("Move it away, or insert {count} rows above it").format(
                    count=format_number(height - now - taken[0])
                ),
                place.sheet.name,
                place.top + place.height + taken[0],
            )
        )


def _columns_stand(place: TablePlace, values: pd.DataFrame, spoken: Language) -> None:
    lost = [key for key in values.columns if key not in place.offsets]
    if lost:
        known = {column.key: column.title(spoken) for column in place.table}
        raise WorkbookError(
            [
                Fault(
                    _("The column is missing from the table {name}").format(name=place.table.name),
                    _("Put the header back, or run Check workbook"),
                    place.sheet.name,
                    place.top,
                    known.get(key, key),
                )
                for key in lost
            ]
        )


def _first_free(book: xw.Book, table: Table) -> int:
    """The row after the last that holds anything people or imports gave."""
    place = read.find_table(book, table)
    frame = read.raw_frame(place)
    return 0 if frame.empty else int(frame.index[-1]) - place.top


def _next(
    place: TablePlace,
    values: pd.DataFrame,
    rows: NDArray[Any],
    height: int,
    spoken: Language,
    earlier: Sequence[Write],
) -> Write:
    _room_below(place, height)
    offsets = sorted(place.offsets[key] for key in values.columns)
    keys = {offset: key for key, offset in place.offsets.items()}
    before = _as_left(place, offsets, height, earlier)
    after = before.copy()
    for at, offset in enumerate(offsets):
        key = keys[offset]
        after[rows, at] = cells(values[key], read.column_of(place.table, key), spoken)
        for row in rows:
            if after[row, at] is BY_FORMULA:
                kept = isinstance(before[row, at], Formula)
                after[row, at] = before[row, at] if kept else _declared_formula(place, key)
    return Write(place, height, offsets, before, after)


def _declared_formula(place: TablePlace, key: str) -> Formula:
    """The formula of a column under the headers that the table has."""

    def title(_table: str, key: str) -> str:
        return place.headers[place.offsets[key]]

    return Formula(labelled(place.table[key].formula, title, place.table.name))


def current(place: TablePlace, offsets: Sequence[int], height: int) -> Cells:
    """The cells of some columns: formulas where there are any, else values; padded to a height."""
    now = place.height - 1
    out = np.full((max(now, height), len(offsets)), None, dtype=object)
    if not now or not offsets:
        return out
    for first, last in _stretches(offsets):
        block = place.block(0, offsets[first], now, last - first)
        values = np.empty((now, last - first), dtype=object)
        values[:] = cell_values(block)
        formulas = np.empty_like(values)
        formulas[:] = block.formula if block.count > 1 else ((block.formula,),)
        content = np.frompyfunc(partial(_content, place.table.name), 2, 1)
        out[:now, first:last] = content(formulas, values)
    return out


def _as_left(
    place: TablePlace, offsets: Sequence[int], height: int, earlier: Sequence[Write]
) -> Cells:
    """The cells of some columns as what is planned already will leave them."""
    out = current(place, offsets, height)
    for write in earlier:
        for at, offset in enumerate(offsets):
            if offset in write.offsets:
                column = write.after[: len(out), write.offsets.index(offset)]
                out[: len(column), at] = column
    return out


def _content(table: str, formula: object, value: object) -> object:
    """Text that merely begins with = is its own value; a formula is not."""
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return Formula(in_full(formula, table))
    return value


def _stretches(offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring offsets as (first, past the last) positions in the list."""
    breaks = [i for i in range(1, len(offsets)) if offsets[i] != offsets[i - 1] + 1]
    return list(zip([0, *breaks], [*breaks, len(offsets)], strict=True))


def _rows(
    place: TablePlace,
    values: pd.DataFrame,
    spoken: Language,
    ordered: bool,
    earlier: Sequence[Write],
) -> Write:
    """The rows of a table of ours: known rows stay where they are, new ones below."""
    everything = list(range(len(place.headers)))
    keys = {offset: key for key, offset in place.offsets.items()}
    before = _as_left(place, everything, place.height - 1, earlier)
    shown = np.full((len(values), len(everything)), None, dtype=object)
    for key in values.columns:
        column = read.column_of(place.table, str(key))
        shown[:, place.offsets[str(key)]] = cells(values[key], column, spoken)
    identity = [place.offsets[key] for key in place.table.key]
    wanted = {known_by(row[identity]): at for at, row in enumerate(shown)}
    theirs = [offset for offset in everything if keys.get(offset) not in values.columns]
    kept: list[_Row] = []
    leftover: list[_Row] = []
    used: dict[int, _Row] = {}
    for origin, row in enumerate(before):
        at = wanted.get(known_by(row[identity])) if identity else None
        if at is not None and at not in used:
            merged = shown[at].copy()
            merged[theirs] = row[theirs]
            used[at] = merged, origin
            kept.append(used[at])
        elif any(_typed(row[offset]) for offset in theirs):
            left = np.full(len(everything), None, dtype=object)
            left[theirs], left[identity] = row[theirs], row[identity]
            leftover.append((left, origin))
            kept.append(leftover[-1])
    if ordered:
        kept = [*(used.get(at, (row, None)) for at, row in enumerate(shown)), *leftover]
    else:
        kept += [(row, None) for at, row in enumerate(shown) if at not in used]
    height = max(len(kept), 1)
    _room_below(place, height)
    after = np.full((max(height, len(before)), len(everything)), None, dtype=object)
    for at, (row, _origin) in enumerate(kept):
        after[at] = row
    _carry_formulas(place, theirs, before, after, [origin for _row, origin in kept])
    padded = np.full_like(after, None)
    padded[: len(before)] = before
    return Write(place, height, everything, padded, after)


def _typed(content: object) -> bool:
    """Whether people wrote it; what a column calculates by itself is no reason to keep a row."""
    return content not in (None, "") and not isinstance(content, Formula)


def _carry_formulas(
    place: TablePlace,
    theirs: Sequence[int],
    before: Cells,
    after: Cells,
    origins: Sequence[int | None],
) -> None:
    """Formulas beside ours read in their new row as they did in the old; new rows get them too."""
    for offset in theirs:
        formulas = [at for at, row in enumerate(before) if isinstance(row[offset], Formula)]
        everywhere = len(formulas) == len(before)
        for at, origin in enumerate(origins):
            source = formulas[0] if origin is None and everywhere and formulas else origin
            if source is None or not isinstance(before[source, offset], Formula):
                continue
            column = place.left + offset
            places = ((place.top + 1 + row, column) for row in (source, at))
            after[at, offset] = Formula("=" + moved(before[source, offset][1:], *places))


# --- writing ------------------------------------------------------------------------------------


def _write(write: Write) -> None:
    place = write.place
    now = place.height - 1
    if write.height < now:  # what is dropped is blanked before the table shrinks
        _put(place, write.offsets, write.before, write.after)
        _resize(place, write.height)
        return
    if place.new:
        first = place.block(-1, len(place.headers) - place.new, 1, place.new)
        first.value = [list(place.headers[-place.new :])]
    if write.height > now or place.new:
        _resize(place, write.height)
    _put(place, write.offsets, write.before, write.after)


def _restore(write: Write) -> None:
    place = write.place
    _put(place, write.offsets, write.after, write.before)
    width = len(place.headers) - place.new
    _resize(replace(place, headers=place.headers[:width]), place.height - 1)
    if place.new:
        place.block(-1, width, 1, place.new).value = [[None] * place.new]


def _resize(place: TablePlace, height: int) -> None:
    width = len(place.headers)
    area = place.sheet.range((place.top, place.left), (place.top + height, place.left + width - 1))
    place.live.resize(area)


def _put(place: TablePlace, offsets: Sequence[int], before: Cells, after: Cells) -> None:
    """Write the cells that differ, in the fewest blocks that touch no others."""
    differ = ~same(before, after)
    runs = [_runs(differ[:, at]) for at in range(len(offsets))]
    at = 0
    while at < len(offsets):
        past = at + 1
        while (
            past < len(offsets)
            and runs[past] == runs[at]
            and offsets[past] == offsets[past - 1] + 1
        ):
            past += 1
        for first, last in runs[at]:
            _put_block(place, first, offsets[at], after[first:last, at:past])
        at = past


def _runs(differ: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], differ.view(np.int8), [0]))))
    runs = [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
    return runs if len(runs) <= MOST_RUNS else [(runs[0][0], runs[-1][1])]


def _put_block(place: TablePlace, row: int, offset: int, block: Cells) -> None:
    height, width = block.shape
    is_formula = np.asarray(
        np.frompyfunc(lambda cell: isinstance(cell, Formula), 1, 1)(block), dtype=np.bool_
    )
    area = place.block(row, offset, height, width)
    area.value = _guarded(np.where(is_formula, np.array(None, dtype=object), block), area).tolist()
    for across in range(width):
        for first, last in _alike(block[:, across]):
            there = place.block(row + first, offset + across, last - first, 1)
            there.formula = str(block[first, across])


def _alike(column: Cells) -> list[tuple[int, int]]:
    """Runs of formulas that read as the first of them does when it is copied down."""
    runs: list[tuple[int, int]] = []
    for at, cell in enumerate(column):
        if not isinstance(cell, Formula):
            continue
        first, last = runs[-1] if runs else (0, 0)
        if last == at > 0 and moved(column[first][1:], (1, 1), (1 + at - first, 1)) == cell[1:]:
            runs[-1] = first, at + 1
        else:
            runs.append((at, at + 1))
    return runs


def _guarded(block: Cells, area: xw.Range) -> Cells:
    """Excel reads a text it is given as if typed; an apostrophe keeps text text."""
    if not is_excel(area.sheet.book):
        return block
    return np.asarray(
        np.frompyfunc(lambda cell: f"'{cell}" if isinstance(cell, str) and cell else cell, 1, 1)(
            block
        ),
        dtype=object,
    )
