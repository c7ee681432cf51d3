"""Writing results in place: planned whole, written last, restored on failure.

A button lists its `Change`s; `planned` works out every cell they touch, `commit` writes only the
cells that differ and puts everything back if any write fails.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import xlwings as xw
from numpy.typing import NDArray

from smarketing_xl.a1.formulas import moved
from smarketing_xl.book import read
from smarketing_xl.book.contents import (
    Formula,
    block_contents,
    cell_values,
    current,
    is_typed,
    rows_under,
    stretches,
)
from smarketing_xl.book.excel import is_excel, ready_to_write
from smarketing_xl.book.named import Named, find_place
from smarketing_xl.book.once import forget, known_now
from smarketing_xl.book.read import TablePlace
from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.i18n import Language, _, format_number
from smarketing_xl.schema.convert import (
    Cells,
    cells,
    known_by,
    same,
)
from smarketing_xl.schema.formulas import labelled
from smarketing_xl.schema.model import Table

FEW_BLOCKS = 2  # so many calls are made without a thought
MOST_RUNS = 64  # a column that differs in more stretches than this is written as one
LONGEST_IN_ARRAY = 911  # characters of a text that every Excel takes in a block


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


Change = Columns | Append | Rows | Named
_Row = tuple[Cells, int | None]  # cells, and the row they stood in before


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
    dropped: int = 0  # so many of the last columns leave the table


def plan_writes(book: xw.Book, changes: Sequence[Change]) -> list[Write]:
    """Every cell the changes touch, worked out and checked; nothing is written yet.

    Changes of one table are planned one after another, each on the table as those before leave it.
    """
    spoken = read.language(book)
    writes: list[Write] = []
    for change in changes:
        writes.append(_plan(book, change, spoken, of_table(writes, change.table)))
    return writes


def take_in(writes: Sequence[Write]) -> list[Write]:
    """Writes that make rows pasted under a table part of it, for tables not written otherwise."""
    written = {write.place.table.name for write in writes}
    places = [place for place in known_now().places.values() if place.pasted]
    nothing = np.empty((0, 0), dtype=object)
    return [
        Write(place, place.height - 1, [], nothing, nothing)
        for place in places
        if place.table.name not in written
    ]


def of_table(writes: Sequence[Write], table: Table) -> list[Write]:
    """The writes of one table, in their order."""
    return [write for write in writes if write.place.table.name == table.name]


def check_sequence(writes: Sequence[Write]) -> None:
    """Each write starts from what those of its table before it leave. Raises ValueError if not."""
    for at, write in enumerate(writes):
        earlier = of_table(writes[:at], write.place.table)
        if not earlier:
            continue
        place = left_by(earlier)
        assert place is not None
        where = f"{write.place.table.name}, write {at}"
        if place.height != write.place.height or write.place.pasted:
            raise ValueError(f"{where}: another height than the writes before leave")
        if write.place.headers[: len(place.headers)] != place.headers:
            raise ValueError(f"{where}: other columns than the writes before leave")
        left = as_left(write.place, write.offsets, len(write.before), earlier)
        if not same(left, write.before).all():
            raise ValueError(f"{where}: other cells than the writes before leave")


def commit(writes: Sequence[Write]) -> None:
    """Write all or nothing. Raises what the host raises, after putting everything back."""
    check_sequence(writes)
    done: list[Write] = []
    with ready_to_write([write.place for write in writes]):
        try:
            for write in writes:
                done.append(write)
                _write(write)
                _check_landed(write)
        except BaseException as error:
            forget()
            restored = [_is_restored(write) for write in reversed(done)]
            if not all(restored):
                raise WorkbookError(
                    _("The update failed, and what it had written could not be taken back"),
                    _("Close the workbook without saving it, and open it again"),
                ) from error
            raise
        finally:
            forget()


def _is_restored(write: Write) -> bool:
    """Puts back what a write replaced; whether it is there again."""
    try:
        _restore(write)
    except Exception:  # a sheet that takes nothing: then nothing was written there either
        place, rows = write.place, len(write.before)
        with suppress(Exception):
            blocks = [block_contents(place, 0, offset, rows, 1) for offset in write.offsets]
            return not blocks or bool(same(np.hstack(blocks), write.before).all())
        return False
    return True


def _check_landed(write: Write) -> None:
    """Excel is asked for the column that changed most: rows that it hides may take no values."""
    if not is_excel(write.place.sheet.book):
        return
    differ = ~same(write.before[: write.height], write.after[: write.height])
    if not differ.any():
        return
    at = int(differ.sum(axis=0).argmax())
    contents = block_contents(write.place, 0, write.offsets[at], write.height, 1)[:, 0]
    if not np.frompyfunc(_landed, 2, 1)(contents, write.after[: write.height, at]).all():
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


def _landed(cell: Any, wanted: Any) -> bool:
    """Whether a cell holds what was written, as far as Excel keeps it: currencies to 4 digits."""
    if isinstance(wanted, Formula) or isinstance(cell, Formula):
        return True
    if isinstance(cell, int | float) and isinstance(wanted, int | float):
        return abs(cell - wanted) <= 5e-5 + 1e-9 * abs(wanted)
    if (cell in (None, "")) != (wanted in (None, "")):
        return False
    if type(cell) is not type(wanted):
        return True  # a text that Excel keeps as a number or a date
    return bool(same(np.array([cell], object), np.array([wanted], object)).all())


# --- planning -----------------------------------------------------------------------------------


def _plan(book: xw.Book, change: Change, spoken: Language, earlier: Sequence[Write]) -> Write:
    """earlier: what is planned for the same table already."""
    place = left_by(earlier) or find_place(book, change.table.name)
    lacked = [c.key for c in change.table if c.optional and c.key not in place.offsets]
    if lacked and not isinstance(change, Named):
        change = replace(change, values=change.values.drop(columns=lacked, errors="ignore"))
    place = _with_room(place, change.values)
    _columns_stand(place, change.values, spoken)
    match change:
        case Named(values=values):
            return _next(place, values, np.zeros(1, dtype=int), 1, spoken, earlier)
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


def left_by(earlier: Sequence[Write]) -> TablePlace | None:
    """Where the table will stand once what is planned already is written."""
    if not earlier:
        return None
    last = earlier[-1]
    kept = len(last.place.headers) - last.dropped
    return replace(
        last.place,
        height=last.height + 1,
        headers=last.place.headers[:kept],
        new=0,
        pasted=0,
    )


def _filled_rows(write: Write) -> int:
    """How many rows reach down to the last that a write fills."""
    given = [at for at, row in enumerate(write.after) if any(map(is_typed, row))]
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
    contents = pd.DataFrame(cell_values(beside))
    if contents.notna().any(axis=None):
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
    below = rows_under(place, height - now)
    blank = [None] * len(place.headers)
    taken = [at for at, row in enumerate(below) if row != blank and any(map(_filled, row))]
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
                place.top + place.height + place.totals + taken[0],
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


def _filled(cell: object) -> bool:
    return cell not in (None, "")


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
    before = as_left(place, offsets, height, earlier)
    after = before.copy()
    for at, offset in enumerate(offsets):
        key = keys[offset]
        column = cells(values[key], read.column_of(place.table, key), spoken)
        after[rows, at] = column
        for row in [row for row, cell in zip(rows, column, strict=True) if cell is BY_FORMULA]:
            kept = isinstance(before[row, at], Formula)
            after[row, at] = before[row, at] if kept else _declared_formula(place, key)
    return Write(place, height, offsets, before, after)


def _declared_formula(place: TablePlace, key: str) -> Formula:
    """The formula of a column under the headers that the table has."""

    def title(_table: str, key: str) -> str:
        return place.headers[place.offsets[key]]

    return Formula(labelled(place.table[key].formula, title, place.table.name))


def as_left(
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
    before = as_left(place, everything, place.height - 1, earlier)
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
        elif any(is_typed(row[offset]) for offset in theirs):
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


def _carry_formulas(
    place: TablePlace,
    theirs: Sequence[int],
    before: Cells,
    after: Cells,
    origins: Sequence[int | None],
) -> None:
    """Formulas beside ours read in their new row as they did in the old; new rows get them too."""
    held = [at for at, row in enumerate(before) if any(map(_filled, row))]
    for offset in theirs:
        formulas = [at for at in held if isinstance(before[at, offset], Formula)]
        everywhere = len(formulas) == len(held)
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
    now, width = place.height - 1, len(place.headers)
    if place.pasted:
        _resize(place, now, width - place.new)
    if place.new:
        _name_columns(place, place.new)
    if write.height > now or place.new:
        _resize(place, max(write.height, now), width)
    _put(place, write.offsets, write.before, write.after)
    if write.height < now or write.dropped:  # what is dropped is blank before the table shrinks
        _resize(place, write.height, width - write.dropped)
    if write.dropped:
        place.block(-1, width - write.dropped, 1, write.dropped).clear_contents()


def _restore(write: Write) -> None:
    place = write.place
    now, width = place.height - 1, len(place.headers)
    if write.dropped:
        _name_columns(place, write.dropped)
    if write.height < now or write.dropped:
        _resize(place, max(write.height, now), width)
    _put(place, write.offsets, write.after, write.before)
    _resize(place, now, width - place.new)
    if place.new:
        place.block(-1, width - place.new, 1, place.new).clear_contents()
    if place.pasted:
        _leave_out(place)


def _name_columns(place: TablePlace, count: int) -> None:
    """Write the last headers."""
    first = place.block(-1, len(place.headers) - count, 1, count)
    _put_values(first, np.array([place.headers[-count:]], dtype=object))


def _resize(place: TablePlace, height: int, width: int) -> None:
    """Give the table so many rows of data and columns; its totals stay below them."""

    def area(rows: int) -> xw.Range:
        corner = (place.top + rows, place.left + width - 1)
        return place.sheet.range((place.top, place.left), corner)

    if place.totals and is_excel(place.sheet.book):
        place.live.show_totals = False  # Excel keeps them in mind, and moves them by itself
        place.live.resize(area(height))
        place.live.show_totals = True
    else:
        place.live.resize(area(height + place.totals))


def _leave_out(place: TablePlace) -> None:
    """Put rows that were taken in below the table again; a file's table clears what it leaves."""
    first, width = place.height - 1 - place.pasted, len(place.headers) - place.new
    held = block_contents(place, first, 0, place.pasted, width)
    _resize(place, first, width)
    _put_block(place, first, 0, held)


def _put(place: TablePlace, offsets: Sequence[int], before: Cells, after: Cells) -> None:
    """Write the cells that differ, in the fewest blocks that touch no others.

    Where they lie scattered in columns that fills own, cells between them are written again: in
    Excel a thousand cells cost less than another call.
    """
    differ = ~same(before, after)
    blocks = list(_blocks(differ, offsets))
    if len(blocks) > FEW_BLOCKS:
        ours = [place.offsets.get(key) for key in place.table.ours]
        for first, past in stretches(offsets):
            for left, right in _owned(offsets[first:past], ours):
                columns = slice(first + left, first + right)
                rows = np.flatnonzero(differ[:, columns].any(axis=1))
                if len(rows):
                    differ[rows[0] : rows[-1] + 1, columns] = True
        blocks = list(_blocks(differ, offsets))
    for first, last, at, past in blocks:
        _put_block(place, first, offsets[at], after[first:last, at:past])


def _owned(offsets: Sequence[int], ours: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Where columns of ours stand side by side: first, and past the last."""
    for owned, places in groupby(range(len(offsets)), key=lambda at: offsets[at] in ours):
        if owned:
            first, *others = places
            yield first, first + len(others) + 1


def _blocks(
    differ: NDArray[np.bool_], offsets: Sequence[int]
) -> Iterator[tuple[int, int, int, int]]:
    """The cells that differ as blocks: first row, past the last, first column, past the last."""
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
            yield first, last, at, past
        at = past


def _runs(differ: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], differ.view(np.int8), [0]))))
    if len(edges) > 2 * MOST_RUNS:
        edges = edges[[0, -1]]
    first, last = edges.reshape(-1, 2).T.tolist()
    return list(zip(first, last, strict=True))


def _put_block(place: TablePlace, row: int, offset: int, block: Cells) -> None:
    height, width = block.shape
    is_formula = np.asarray(np.frompyfunc(type, 1, 1)(block) == Formula, dtype=np.bool_)
    if not is_formula.all():
        _put_values(
            place.block(row, offset, height, width),
            np.where(is_formula, np.array(None, dtype=object), block),
        )
    for across in np.flatnonzero(is_formula.any(axis=0)).tolist():
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


def _put_values(area: xw.Range, block: Cells) -> None:
    """Write a block in one call; xlwings' own way compares sheets and books before each."""
    engine = area.sheet.book.app.engine
    rows = _guarded(block, area).tolist()
    if engine.name == "excel" and sys.platform == "darwin":  # takes only so many cells at once
        area.value = rows
        return
    ready = engine.impl.prepare_xl_data_element
    rows = [[ready(cell, {}) for cell in row] for row in rows]
    try:
        area.raw_value = rows
    except Exception:
        if engine.name != "excel" or not _put_without_long(area, rows):
            raise


def _put_without_long(area: xw.Range, rows: list[list[Any]]) -> bool:
    """Write a block that Excel refused, its long texts cell by cell; False where it has none.

    Excel 2003 takes no array with a text above 911 characters, Excel 2007 none above 8,203, and
    both take such a text alone: https://support.microsoft.com/kb/818808, KB 832136.
    """
    long = {
        (down, across): cell
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
        if isinstance(cell, str) and len(cell) > LONGEST_IN_ARRAY
    }
    if not long:
        return False
    area.raw_value = [
        [None if (down, across) in long else cell for across, cell in enumerate(row)]
        for down, row in enumerate(rows)
    ]
    for place, text in long.items():
        area[place].raw_value = text
    return True


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
