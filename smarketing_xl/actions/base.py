"""What every button shares: inputs that must be there, the log, undo, the summary."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import pandas as pd
import xlwings as xw
from threadpoolctl import threadpool_limits

from smarketing_xl.book.once import known_now, reading_once
from smarketing_xl.book.pasted import faults_below
from smarketing_xl.book.read import language, read_cells, read_table, unread_cells
from smarketing_xl.book.undo import record_fill
from smarketing_xl.book.write import (
    Append,
    Change,
    commit,
    plan_writes,
    take_in,
)
from smarketing_xl.errors import Cancelled, Fault, NotEnoughData, SmarketingError
from smarketing_xl.i18n import (
    Language,
    _,
    current_language,
    format_number,
    format_percent,
    speaking,
)
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Cell, Kind, Table


@dataclass(frozen=True)
class Summary:
    """What an action filled, for the log and for the person who clicked.

    faults: why it filled nothing, where it is a step among others that went on without it. spoken:
    the language that it is told in.
    """

    what: str
    rows: int
    notes: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    inputs: dict[str, object] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    spoken: Language = field(default_factory=current_language)


_SHOWN = 3  # cells named in a summary
Filled = tuple[list[Change], Summary]
Step = Callable[[xw.Book], Summary]


def action(fill: Callable[..., Filled]) -> Callable[..., Summary]:
    """A button: computes its changes in the workbook's language, writes them with a log line."""

    @wraps(fill)
    def button(book: xw.Book, *args: Any, **kwargs: Any) -> Summary:
        # One thread: those that wait for a busy core take longer than one alone.
        with reading_once(), speaking(language(book)), threadpool_limits(1):
            try:
                changes, summary = fill(book, *args, **kwargs)
            except SmarketingError as error:
                raise _in_words_of_sheets(error) from error
            summary = replace(summary, notes=(*summary.notes, *_left_out()))
            writes = plan_writes(book, changes)
            kept = record_fill(book, summary.what, writes)
            known = plan_writes(book, [kept, log_line(summary)])
            commit([*take_in(writes), *writes, *known])
        return summary

    return button


def _in_words_of_sheets(error: SmarketingError) -> SmarketingError:
    """An error of a formula's rule: its arguments are called as their cells."""
    if not any(fault.arguments for fault in error.faults):
        return error
    labels = {cell.name: _(cell.label) for cell in named_cells.CELLS}
    return type(error)([fault.called(labels) for fault in error.faults])


def _left_out() -> list[str]:
    """What a fill went on without: cells that it could not read, rows that a table cannot take."""
    unread = unread_cells()
    notes = [
        _("{count} cells could not be read and count as blank, such as:").format(
            count=format_number(len(unread))
        )
    ]
    kept_out = [place for place in known_now().places.values() if place.outside]
    below = [str(fault) for place in kept_out for fault in faults_below(place)[-1:]]
    return [*notes[: len(unread)], *map(str, unread[:_SHOWN]), *below]


def try_step(what: str, step: Step) -> Step:
    """A step that, where it cannot be done, says what it lacks and lets the others go on.

    what: what it fills, as the catalogue has it.
    """

    def attempt(book: xw.Book) -> Summary:
        try:
            return step(book)
        except Cancelled:
            raise
        except SmarketingError as error:
            with speaking(language(book)):
                message = _("Not updated: {what}").format(what=_(what))
            return Summary(message, 0, faults=error.faults)

    return attempt


def log_line(summary: Summary) -> Append:
    """A line of the log. Inputs that are named cells are told by the labels of their cells."""
    cells = {cell.name: cell for cell in named_cells.CELLS}
    inputs = "; ".join(
        f"{_(cells[name].label) if name in cells else name} = {_shown(value, cells.get(name))}"
        for name, value in summary.inputs.items()
    )
    line = {
        "when": dt.datetime.now().replace(microsecond=0),
        "who": getpass.getuser(),
        "what": summary.what,
        "rows": float(summary.rows),
        "inputs": inputs,
    }
    return Append(tables.LOG, pd.DataFrame([line]))


def _shown(value: object, cell: Cell | None) -> str:
    """An input as its cell shows it."""
    kind = cell and cell.kind
    match value:
        case str() if cell and cell.choices and value in cell.choices.labels:
            return _(cell.choices.labels[value])
        case bool():
            return _(tables.YES_NO.labels["yes" if value else "no"])
        case dt.datetime() if kind in (Kind.DATE, Kind.MONTH):
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(" ", "minutes")
        case int() | float() if kind is Kind.SHARE:
            return format_percent(value, 2)
        case int() | float():
            unit = _(cell.unit) if cell else ""
            return f"{format_number(value, 2)} {unit}".rstrip()
    return str(value)


def filled_table(book: xw.Book, table: Table, checked: Sequence[str] | None = None) -> pd.DataFrame:
    """A table, read as `read_table` does, that must have rows.

    Raises NotEnoughData, naming the sheet to fill, where it has none.
    """
    frame = read_table(book, table, checked)
    if frame.empty:
        raise NotEnoughData(
            _("The table {name} is empty").format(name=table.name),
            _("Fill it on the sheet {sheet}, or import it").format(
                sheet=_(tables.SHEETS[table.sheet])
            ),
        )
    return frame


def given_cells(book: xw.Book, wanted: Sequence[Any]) -> dict[str, Any]:
    """The values of named cells, by name. Raises NotEnoughData naming those that are blank."""
    values = read_cells(book, wanted)
    blank = [_(cell.label) for cell in wanted if values[cell.name] is None]
    if blank:
        raise NotEnoughData(
            _("These inputs are blank: {names}").format(names=", ".join(blank)),
            _("Type them on their sheets"),
        )
    return values


def moment(book: xw.Book, now: dt.datetime | None) -> dt.datetime:
    """The day asked for, else the workbook's own report date, else now."""
    if now is not None:
        return now
    return named_value(book, "report_date") or dt.datetime.now()


def named_value(book: xw.Book, name: str) -> Any:
    """What a named cell says; None where it is blank."""
    return read_cells(book, [cell for cell in named_cells.CELLS if cell.name == name])[name]
