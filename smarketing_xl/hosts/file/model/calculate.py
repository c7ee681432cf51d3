"""Fresh values for formulas after cells were written, so that a viewer sees the right numbers.

What is out of date is found here: formulas that read written cells, those that read their answers,
and all that call a function of ours. The arithmetic is that of the formualizer engine, our
functions being registered with it. What it cannot know is left without a value, and the office
suite is asked to calculate on opening.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import formualizer as fz
import numpy as np

from smarketing_xl.a1.areas import Area, Place
from smarketing_xl.errors import CellError
from smarketing_xl.hosts.file.model.excel_functions import corrections, row_numbers
from smarketing_xl.hosts.file.model.hidden_rows import subtotals_of_shown
from smarketing_xl.hosts.file.model.references import Spelt, Where, spell
from smarketing_xl.hosts.file.parts.cell_xml import NEWER_ERRORS, serial, shown_as_dates
from smarketing_xl.hosts.functions import WorksheetFunction, registered
from smarketing_xl.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.document import Document
    from smarketing_xl.hosts.file.model.sheet import Sheet

Cell = tuple[str, int, int]
"""A sheet's name, a row, a column."""

UNKNOWN = object()
_ERRORS = {
    "Na": CellError.NA, "Div": CellError.DIV0, "Value": CellError.VALUE, "Num": CellError.NUM,
    "Ref": "#REF!", "Null": "#NULL!",
}  # fmt: skip
_KINDS = {CellError.NA: "Na", CellError.DIV0: "Div", CellError.VALUE: "Value", CellError.NUM: "Num"}
_KINDS_BY_TEXT = {str(error): kind for error, kind in _KINDS.items()} | {
    "#REF!": "Ref", "#NULL!": "Null", "#NAME?": "Name",
} | dict.fromkeys(NEWER_ERRORS, "Spill")  # fmt: skip
# An answer that is one of those stays unknown: which it is, the office suite will tell.
_TAKEN_PLAINLY = {type(None), bool, int, float, str}
_MARKS = set(_KINDS_BY_TEXT)
_PATIENCE_MS = 120_000
_MOST_RUNS = 64
_ROUNDS = 200  # of "who reads what has just been found"; longer chains: everything


def calculate(document: Document, written: list[Where]) -> bool:
    """Bring formulas up to date after cells were written; False where some values stay unknown."""
    every = _formulas(document)
    if not every:
        return True
    calls = _own_calls(every)
    readers = _Readers(every)
    fresh = {cell for cell, spelt in every.items() if not calls.isdisjoint(spelt.functions)}
    fresh |= {cell for cell in every if not _formula(document, cell).known}
    stale = readers.reached(fresh, written)
    answers = _Engine(document, {cell: every[cell] for cell in stale}, calls).answers()
    lost = {cell for cell, answer in answers.items() if answer is UNKNOWN}
    lost = readers.reached(lost, []) if lost else lost
    for cell in stale:
        known = cell not in lost
        _take(document, cell, answers[cell] if known else None)
        _formula(document, cell).known = known
    return not lost


def settle(document: Document, sheet: Sheet) -> None:
    """Calculate the formulas of a sheet, and those that they read, whatever the file says.

    A value that the engine cannot tell stays as the file has it. Where another is found, those who
    read it are out of date.
    """
    every = _formulas(document)
    wanted = _Readers(every).read_by({cell for cell in every if cell[0] == sheet.name})
    answers = _Engine(document, {cell: every[cell] for cell in wanted}, _own_calls(every)).answers()
    unknown = {cell for cell, answer in answers.items() if answer is UNKNOWN}
    unknown = _Readers({cell: every[cell] for cell in wanted}).reached(unknown, [])
    for cell in wanted - unknown:
        home, place = document.sheet(cell[0]), cell[1:]
        before = home.value(*place)
        _take(document, cell, answers[cell])
        _formula(document, cell).known = True
        if not _same(before, home.value(*place)):
            document.note_written(home, home.formulas[place].area or Area(*place, *place))


def _formulas(document: Document) -> dict[Cell, Spelt]:
    """Every formula spelt out; once, as long as names and tables stand for the same."""
    find_name = cache(document.workbook.name)
    known = document.spellings()
    spellings: dict[Cell, Spelt] = {}
    for sheet in document.sheets:
        for place, formula in sheet.formulas.items():
            key = sheet.name, place, formula.text, bool(formula.area)
            if key not in known:
                known[key] = spell(document, *key, find_name)
            spellings[sheet.name, *place] = known[key]
    return spellings


def _formula(document: Document, cell: Cell) -> Any:
    return document.sheet(cell[0]).formulas[cell[1:]]


def _own_calls(every: Mapping[Cell, Spelt]) -> set[str]:
    """The functions of ours that the workbook calls."""
    called = {name for spelt in every.values() for name in spelt.functions}
    if not called:
        return set()
    return called & set(registered())


class _Readers:
    """Who reads which cells."""

    def __init__(self, every: Mapping[Cell, Spelt]) -> None:
        self.every = every
        self._cells: dict[str, list[Cell]] = defaultdict(list)
        sides: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
        self._opaque = {cell for cell, spelt in every.items() if spelt.opaque}
        for cell, spelt in every.items():
            for sheet, area in spelt.reads:
                self._cells[sheet].append(cell)
                sides[sheet].append((area.top, area.left, area.bottom, area.right))
        self._sides = {sheet: np.array(some) for sheet, some in sides.items()}

    def reached(self, fresh: set[Cell], written: Iterable[Where]) -> set[Cell]:
        """The given formulas, those that read the written areas, and all who read any of them."""
        reached = set(fresh) | self._opaque
        news: list[Where] = [*written, *_runs(reached)]
        for _round in range(_ROUNDS):
            more = {cell for where in news for cell in self._reading(where)} - reached
            if not more:
                return reached
            reached |= more
            news = _runs(more)
        return set(self.every)

    def read_by(self, cells: set[Cell]) -> set[Cell]:
        """The given formulas, and all whose answers they read, directly or through others."""
        places: dict[str, set[Place]] = defaultdict(set)
        for sheet, *place in self.every:
            places[sheet].add((place[0], place[1]))
        precedents: set[Cell] = set()
        news, seen = set(cells), set[Where]()
        while news:
            precedents |= news
            areas = {where for cell in news for where in self.every[cell].reads} - seen
            seen |= areas
            news = {
                (sheet, *place)
                for sheet, area in areas
                for place in (area if area.size < len(places[sheet]) else places[sheet])
                if place in area and place in places[sheet]
            } - precedents
        return precedents

    def _reading(self, where: Where) -> Iterable[Cell]:
        sheet, area = where
        sides = self._sides.get(sheet)
        if sides is None:
            return ()
        meets = (
            (sides[:, 0] <= area.bottom) & (sides[:, 2] >= area.top)
            & (sides[:, 1] <= area.right) & (sides[:, 3] >= area.left)
        )  # fmt: skip
        cells = self._cells[sheet]
        return (cells[at] for at in np.flatnonzero(meets))


def _runs(cells: Iterable[Cell]) -> list[Where]:
    """Cells as few areas: runs down their columns."""
    runs: list[Where] = []
    last: Cell | None = None
    for sheet, column, row in sorted((cell[0], cell[2], cell[1]) for cell in cells):
        if last == (sheet, row - 1, column):
            old = runs[-1][1]
            runs[-1] = sheet, Area(old.top, column, row, column)
        else:
            runs.append((sheet, Area(row, column, row, column)))
        last = sheet, row, column
    return runs


class _Engine:
    """The stale formulas and the values they read, in a workbook of the calculation engine."""

    def __init__(self, document: Document, stale: Mapping[Cell, Spelt], calls: set[str]) -> None:
        self.document = document
        self.stale = stale
        self.calls = calls
        self.epoch = document.epoch
        limits = fz.EvaluationConfig()
        limits.max_eval_time_ms = _PATIENCE_MS
        self.book = fz.Workbook(config=fz.WorkbookConfig(eval_config=limits))
        self.book.set_changelog_enabled(False)
        self.book.set_temporal_egress("serial")
        if document.now is not None:
            self.book.set_deterministic_clock(document.now.replace(tzinfo=dt.UTC))

    def answers(self) -> dict[Cell, Any]:
        """Cell → value; rows of values where it spills; UNKNOWN where nobody can tell."""
        declared = registered()
        for sheet in self.document.sheets:
            self.book.add_sheet(sheet.name)
        for name in self.calls:
            self.book.register_function(name, self._caller(declared[name]))
        for name, function in corrections(self._language or "en").items():
            self.book.register_function(name, function, allow_override_builtin=True)
        self._feed()
        for cell, spelt in self.stale.items():
            self._set(cell, spelt)
        try:
            self.book.evaluate_all()
        except (RuntimeError, fz.ExcelEvaluationError):  # out of patience
            return dict.fromkeys(self.stale, UNKNOWN)
        return {cell: self._answer(cell) for cell in self.stale}

    @property
    def _language(self) -> Language | None:
        return next((known for known in LANGUAGES if known == self.document.language), None)

    def _caller(self, declared: WorksheetFunction) -> Callable[..., Any]:
        language = self._language

        def call(*cells: Any) -> Any:
            return self._given(declared.call(*map(_taken, cells), language=language))

        return call

    def _feed(self) -> None:
        """Put the values that are read in place; answers that will be calculated are left out."""
        reads = {where for spelt in self.stale.values() for where in spelt.reads}
        cells = {(sheet, area.top, area.left) for sheet, area in reads if area.size == 1}
        wanted = {where for where in reads if where[1].size > 1}.union(_runs(cells))
        spills = [
            (cell[0], formula.area)
            for cell in self.stale
            if (formula := _formula(self.document, cell)).area
        ]
        bounds = {name: self.document.sheet(name).used for name in {where[0] for where in wanted}}
        for sheet_name, area in sorted(wanted, key=lambda where: -where[1].size):
            sheet, used = self.document.sheet(sheet_name), bounds[sheet_name]
            if used is None or not used.meets(area):
                continue
            area = Area(
                area.top, area.left, min(area.bottom, used.bottom), min(area.right, used.right)
            )
            rows = sheet.values(area)
            plain = _TAKEN_PLAINLY.issuperset(map(type, chain.from_iterable(rows)))
            if not plain or not _MARKS.isdisjoint(chain.from_iterable(rows)):
                rows = [[self._given(value) for value in row] for row in rows]
            for name, spill in spills:
                if name == sheet_name and spill.meets(area):
                    _blank(rows, area, spill)
            for first, past in _filled(rows):
                self.book.set_values_batch(
                    sheet.name, area.top + first, area.left, rows[first:past]
                )

    def _set(self, cell: Cell, spelt: Spelt) -> None:
        text = "=" + row_numbers(spelt.text[1:])
        if "SUBTOTAL" in spelt.functions:
            text = "=" + subtotals_of_shown(self.document, text[1:])
        if not _formula(self.document, cell).area and self.calls.intersection(spelt.functions[:1]):
            text = f"=INDEX({text[1:]},1,1)"  # a plain cell shows the first of what it is given
        try:
            self.book.set_formula(*cell, text)
        except Exception:  # what the engine cannot even read stays unknown
            self.book.set_formula(*cell, "=UNREADABLE()")

    def _answer(self, cell: Cell) -> Any:
        formula = _formula(self.document, cell)
        value = self._value(self.book.get_value(*cell))
        wide = formula.area or any(area.size > 1 for _sheet, area in self.stale[cell].reads)
        spill = self.book.inspect_cell(_a1(cell), include_values=False).cell.spill if wide else None
        if spill is None:
            return [[value]] if formula.area and value is not UNKNOWN else value
        if not formula.area:
            return UNKNOWN
        area = Area.parse(str(spill.extent).rpartition("!")[2])
        page = self.book[cell[0]].get_values(
            fz.RangeAddress(cell[0], area.top, area.left, area.bottom, area.right)
        )
        rows = [[self._value(value) for value in row] for row in page]
        return UNKNOWN if any(UNKNOWN in row for row in rows) else rows

    def _value(self, value: Any) -> Any:
        """What the engine answers → what a cell holds."""
        if isinstance(value, dict):
            return _ERRORS.get(value.get("kind", ""), UNKNOWN)
        if isinstance(value, dt.datetime):
            return serial(value, self.epoch)
        if isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        return value

    def _given(self, value: Any) -> Any:
        """What a cell holds, or our function answers → what the engine takes."""
        if isinstance(value, np.ndarray):
            return [[self._given(cell) for cell in row] for row in value]
        if isinstance(value, str) and value in _KINDS_BY_TEXT:
            return fz.LiteralValue.error(_KINDS_BY_TEXT[value], None)
        if isinstance(value, dt.datetime):
            return serial(value, self.epoch)
        return value


def _filled(rows: list[list[Any]]) -> list[tuple[int, int]]:
    """Runs of rows in which anything stands: first, and past the last; one where they are many."""
    blank = [None] * len(rows[0])
    filled = np.array([0, *(row != blank for row in rows), 0], dtype=np.int8)
    edges = np.flatnonzero(np.diff(filled)).tolist()
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    return runs if len(runs) <= _MOST_RUNS else [(runs[0][0], runs[-1][1])]


def _taken(value: Any) -> Any:
    """What the engine passes to a function → what our functions take."""
    if isinstance(value, list):
        return [[_taken(cell) for cell in row] for row in value]
    if isinstance(value, dict):
        return _ERRORS.get(value.get("kind", ""), CellError.VALUE)
    return value


def _a1(cell: Cell) -> str:
    sheet = cell[0].replace("'", "''")
    return f"'{sheet}'!{Area(*cell[1:], *cell[1:])}"


def _blank(rows: list[list[Any]], area: Area, spill: Area) -> None:
    for row, column in spill:
        if (row, column) in area:
            rows[row - area.top][column - area.left] = None


def _take(document: Document, cell: Cell, answer: Any) -> None:
    """Give a formula its value, and its spill the cells it needs."""
    sheet = document.sheet(cell[0])
    place: Place = cell[1:]
    formula = sheet.formulas[place]
    if formula.area is None or answer is None:
        _show(document, sheet, place, answer)
        return
    rows = answer if isinstance(answer, list) else [[answer]]
    if formula.marks:
        rows = sheet.respill(place, (len(rows), len(rows[0])), rows)
    for row, column in formula.area:
        down, across = row - place[0], column - place[1]
        inside = down < len(rows) and across < len(rows[0])
        value = rows[down][across] if inside else CellError.NA
        _show(document, sheet, (row, column), "" if value is None else value)


def _show(document: Document, sheet: Sheet, place: Place, value: Any) -> None:
    old = sheet.value(*place)
    formula = sheet.formulas.get(place)
    if isinstance(value, float) and document.styles.is_date(sheet.style(*place)):
        (value,) = shown_as_dates([value], document.epoch)
    if not _same(old, value) or (formula and not formula.known):
        sheet.refresh(*place, value)


def _same(old: Any, new: Any) -> bool:
    if old is None and new == "":
        return True
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, int | float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=1e-13, abs_tol=1e-300)
    return bool(old == new) and type(old) is type(new)
