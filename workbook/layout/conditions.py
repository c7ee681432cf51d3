"""Colours that follow the content: states, grades, bars, and a line under every filled row."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from smarketing_xl.schema.manual_grades import MARK
from smarketing_xl.schema.model import Choices, Column, Table
from smarketing_xl.schema.tables import (
    LEADS,
    PACES,
    SLA_STATUSES,
    STATUS,
    TABLES,
    YES_NO,
)
from workbook.layout.canvas import Canvas
from workbook.layout.look import BAD, CALM, FAIR, GOOD, LINE, WARN, Tone
from workbook.layout.places import LAST_ROW, Place, table_places

_TONES: dict[str, dict[str, Tone]] = {
    SLA_STATUSES.name: {
        "in_time": GOOD,
        "due": FAIR,
        "due_soon": WARN,
        "late": BAD,
        "contacted_late": WARN,
        "not_qualified": CALM,
        "closed": CALM,
    },
    PACES.name: {
        "ahead": GOOD,
        "met": GOOD,
        "on_track": FAIR,
        "behind": WARN,
        "missed": BAD,
        "not_started": CALM,
    },
    STATUS.name: {"won": GOOD, "rejected": CALM, "lost": CALM},
}
_GRADES = (GOOD, FAIR, WARN, CALM)  # best first, in the order of the Grades table
_BARS = {"score", "interest", "pace", "in_time_share", "share", "chance"}
_CREDITS = {"markov"}


def draw(canvas: Canvas) -> None:
    """Give every table the colours that its columns call for."""
    canvas.book.define_name("GradeNames", "=Grades[[#Data]," + _grade_header(canvas) + "]")
    places = table_places()
    _by_hand(canvas, places[LEADS.name])
    for table in TABLES:
        place = places[table.name]
        for at, column in enumerate(table, start=place.column):
            _tint(canvas, table, column, Place(place.row + 1, at))
        last = place.column + len(table.columns) - 1
        underline(canvas, table.sheet, (place.row + 1, place.column, LAST_ROW, last))


def _grade_header(canvas: Canvas) -> str:
    grades = next(table for table in TABLES if table.name == "Grades")
    return f"[{grades['grade'].title(canvas.language)}]"


def _tint(canvas: Canvas, table: Table, column: Column, first: Place) -> None:
    sheet = canvas.sheets[table.sheet]
    area = (first.row, first.column, LAST_ROW, first.column)
    cell = xl_rowcol_to_cell(first.row, first.column, col_abs=True)
    if column.choices and column.choices.name in _TONES:
        by_state(canvas, table.sheet, area, column.choices)
    elif column.key == "grade":
        for rank, tone in enumerate(_GRADES, start=1):
            same = "=" if rank < len(_GRADES) else ">="
            rule = {"type": "formula", "criteria": f"=MATCH({cell},GradeNames,0){same}{rank}"}
            sheet.conditional_format(*area, rule | {"format": canvas.look.tint(tone)})
    elif column.key in _BARS | _CREDITS:
        sheet.conditional_format(*area, _bar(column))


def by_state(canvas: Canvas, sheet: str, area: tuple[int, int, int, int], choices: Choices) -> None:
    """Tint cells that hold an entry of a list of states, by what it means."""
    for entry, tone in _TONES[choices.name].items():
        wanted = canvas.label(choices, entry)
        rule = {"type": "cell", "criteria": "==", "value": f'"{wanted}"'}
        form = {"format": canvas.look.tint(tone)}
        canvas.sheets[sheet].conditional_format(*area, rule | form)


def _by_hand(canvas: Canvas, leads: Place) -> None:
    """What people decided against the rules: a grade typed over, a lead taken unqualified."""
    at = {key: leads.column + number for number, key in enumerate(LEADS.keys)}
    first = {key: xl_rowcol_to_cell(leads.row + 1, at[key], col_abs=True) for key in at}
    taken = ",".join(
        f'{first["status"]}="{canvas.label(STATUS, entry)}"'
        for entry in ("accepted", "opportunity", "won")
    )
    unqualified = f'{first["qualified"]}="{canvas.label(YES_NO, "no")}"'
    edge = {"border": 1, "border_color": WARN.ink, "italic": True, "bold": True}
    for key, test in (
        ("grade", f'RIGHT({first["rule_grade"]},1)="{MARK[-1]}"'),
        ("rule_grade", f'RIGHT({first["rule_grade"]},1)="{MARK[-1]}"'),
        ("status", f"AND({unqualified},OR({taken}))"),
    ):
        area = (leads.row + 1, at[key], LAST_ROW, at[key])
        rule = {"type": "formula", "criteria": f"={test}", "format": canvas.book.add_format(edge)}
        canvas.sheets[LEADS.sheet].conditional_format(*area, rule)


def _bar(column: Column) -> dict[str, Any]:
    bar: dict[str, Any] = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": "#A9D5D1" if column.ours else "#C3CFDD",
        "bar_negative_color": "#EBB5B0",
        "bar_axis_color": LINE,
    }
    full = {"score": 100, "interest": 100, "pace": 1.5, "in_time_share": 1, "chance": 1}
    if column.key in full:
        bar |= {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": full[column.key]}
    return bar


def underline(canvas: Canvas, sheet: str, area: tuple[int, int, int, int]) -> None:
    """A hairline under each row of an area that shows something."""
    top, left, _bottom, right = area
    row = f"${xl_col_to_name(left)}{top + 1}:${xl_col_to_name(right)}{top + 1}"
    rule = {"type": "formula", "criteria": f'=COUNTIF({row},"?*")+COUNT({row})>0'}
    line = canvas.book.add_format({"bottom": 1, "bottom_color": LINE})
    canvas.sheets[sheet].conditional_format(*area, rule | {"format": line})
