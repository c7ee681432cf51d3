"""Check workbook: what is broken or cannot be, where, and how to mend it (see `repairing`)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import xlwings as xw

from smarketing_xl.book import read
from smarketing_xl.book.pasted import faults_below
from smarketing_xl.book.read import TablePlace
from smarketing_xl.book.recover_names import faults_of_names, lost_names
from smarketing_xl.errors import Fault, SmarketingError, WorkbookError
from smarketing_xl.i18n import (
    Language,
    _,
    format_percent,
)
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import DATES
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.named_cells import AGREE, ANSWERS, APART, CELLS

EARLIEST, LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")


def find_faults(book: xw.Book) -> list[Fault]:
    """Every fault of the workbook: tables, headers, types, dates, keys, goals. Changes nothing."""
    faults: list[Fault] = []
    for table in tables.TABLES:
        faults += _caught(lambda table=table: _table(book, table))  # type: ignore[misc]
    lost = lost_names(book)
    faults += faults_of_names(book, lost)
    for cell in CELLS:
        if cell not in lost:
            faults += _caught(lambda cell=cell: read.read_cells(book, [cell]) and [])  # type: ignore[misc]
    return faults + _caught(lambda: _goals(book)) + _disagreements(book)


def _disagreements(book: xw.Book) -> list[Fault]:
    """What the block "Do our numbers agree?" on the goals shows as apart."""
    faults = []
    for cell in AGREE:
        try:
            place = read.named_range(book, cell.name)
        except WorkbookError:  # an older workbook's, or a name that stands for nothing: said above
            continue
        if str(place.value or "").startswith(APART):
            problem = _("{what} do not agree").format(what=_(cell.label))
            faults.append(
                Fault(problem, _(cell.help), place.sheet.name, place.row, value=place.value)
            )
    return faults


def makes_a_year(shares: float) -> bool:
    """Whether shares of months add up, as far as typed percentages do."""
    return 0.999 <= shares <= 1.001


def goes_in_circles(book: xw.Book, name: str) -> bool:
    """Whether an input is a formula over an answer that is computed from it.

    Raises WorkbookError where one of their names is gone.
    """
    place = read.named_range(book, name)
    formula = str(place.formula or "").lower().replace("$", "")
    if not formula.startswith("="):
        return False
    named = [cell.name for cell in ANSWERS if read.has_name(book, cell.name)]
    cells = [read.named_range(book, answer) for answer in named]
    home = place.sheet.name
    by_address = [
        cell.get_address(False, False).lower() for cell in cells if cell.sheet.name == home
    ]
    words = set(re.findall(r"[a-z_][a-z0-9_.]*", formula))
    return not words.isdisjoint([*named, *by_address])


def _caught(look: Callable[[], object]) -> list[Fault]:
    try:
        faults = look()
    except SmarketingError as error:
        return list(error.faults)
    return faults if isinstance(faults, list) else []


def _table(book: xw.Book, table: Table) -> list[Fault]:
    place = read.find_table(book, table)
    spoken = read.language(book)
    frame, unfit = read.read_with_faults(book, table)
    return [
        *_lost_columns(place, spoken),
        *faults_below(place),
        *unfit,
        *(fault for column in table for fault in _impossible(frame, column, spoken)),
        *_repeated(frame, table, spoken),
    ]


def _lost_columns(place: TablePlace, spoken: Language) -> list[Fault]:
    return [
        Fault(
            _("The column is missing from the table {name}").format(name=place.table.name),
            _("Put the header back; it may have been renamed"),
            place.sheet.name,
            place.top,
            column.title(spoken),
        )
        for column in place.table
        if column.key not in place.offsets and not column.optional
    ]


def _impossible(frame: pd.DataFrame, column: Column, spoken: Language) -> list[Fault]:
    """Dates of no year that people work in, shares below nothing or above all."""
    if column.key not in frame:
        return []
    cells, header = frame[column.key], column.title(spoken)
    if column.kind in DATES:
        wrong = frame[(cells < EARLIEST) | (cells > LATEST)]
        wording = _("is an impossible date"), _("Type the right year")
        return _at(wrong, header, column.key, *wording)
    if column.kind is Kind.SHARE and not column.ours:
        wrong = frame[(cells < 0) | (cells > 1)]
        wording = _("is not a share between 0 % and 100 %"), _("Type a percentage")
        return _at(wrong, header, column.key, *wording)
    return []


def _repeated(frame: pd.DataFrame, table: Table, spoken: Language) -> list[Fault]:
    """Rows of a table that people fill, under a key that another row has."""
    identity = [key for key in table.key if key in frame]
    if not table.open or not identity:
        return []
    return _at(
        frame[frame.duplicated(identity) & frame[identity].notna().all(axis=1)],
        table[identity[0]].title(spoken),
        identity[0],
        _("stands twice in the table {name}").format(name=table.name),
        _("Delete one of the rows, or give it another key"),
    )


def _at(rows: pd.DataFrame, header: str, key: str, problem: str, remedy: str) -> list[Fault]:
    sheet = str(rows.attrs.get("sheet", ""))
    return [
        Fault(problem, remedy, sheet, int(row), header, rows.at[row, key])
        for row in rows.index.to_list()
    ]


def _goals(book: xw.Book) -> list[Fault]:
    """A quota that depends on what is computed from it can never settle."""
    faults = []
    settled = ("quota", "avg_revenue", "conv_rate", "last_year_sales", "growth_target")
    for cell in CELLS:
        if cell.name in settled and goes_in_circles(book, cell.name):
            place = read.named_range(book, cell.name)
            faults.append(
                Fault(
                    _("depends on an answer that is computed from it"),
                    _("Type a number, or a formula over other inputs"),
                    place.sheet.name,
                    place.row,
                    _(cell.label),
                    place.formula,
                )
            )
    shares = read.read_table(book, tables.PLAN)["share"].sum()
    if not makes_a_year(shares):
        place_ = read.find_table(book, tables.PLAN)
        faults.append(
            Fault(
                _("The shares of the year add up to {sum}").format(sum=format_percent(shares, 1)),
                _("Change them until they add up to 100 %"),
                place_.sheet.name,
                place_.top,
            )
        )
    return faults
