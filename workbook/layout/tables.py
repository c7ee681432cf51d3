"""Every table of the schema as a real Excel table: headers, first rows, formats, drop-downs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables import TABLES, YES_NO
from workbook.layout import examples
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import in_currency
from workbook.layout.places import GAP, LAST_ROW, Place, shares_sheet, table_places

CAPTIONS: dict[str, str] = {
    "Personas": N_("Criteria: one row each"),
    "Grades": N_("Grades: what a fit score means"),
    "Funnel": N_("Funnel: stage by stage"),
    "Plan": N_("Plan: month by month"),
    "Scenarios": N_("Scenarios: what if"),
    "SlaMarketing": N_("Marketing: promised and delivered"),
    "SlaSales": N_("Sales: follow-up by owner"),
    "Attribution": N_("Channels"),
    "Campaigns": N_("Campaigns"),
    "NewCustomers": N_("New customers"),
}
_ROOMY = {
    "reasons": 60,
    "why": 80,
    "improve": 44,
}  # wider than declared: sentences that nobody should have to guess
_FOLDED = {  # columns that fold away, each group beside one that stays
    "Leads": (
        ("job_title", "goal"),
        ("campaign", "revenue"),
        ("consent_on", "consent_by"),
        ("score", "merged"),
    ),
}
_BUTTON = 3  # characters that a filter button hides


def draw(canvas: Canvas) -> None:
    """Write every table at its place."""
    places = table_places()
    for table in TABLES:
        _draw_table(canvas, table, places[table.name])
    canvas.book.define_name("LeadHeaders", "=Leads[#Headers]")


def caption(table: Table) -> str:
    """The text above a table: its own caption, else its help, else its name."""
    return _(CAPTIONS.get(table.name, table.help)) or table.name


def holds_money(table: Table) -> bool:
    """Whether a column of it holds amounts."""
    return any(column.kind is Kind.MONEY for column in table)


def _draw_table(canvas: Canvas, table: Table, place: Place) -> None:
    sheet = canvas.sheets[table.sheet]
    rows = examples.rows(table.name) or [{}]
    sheet.add_table(
        place.row,
        place.column,
        place.row + len(rows),
        place.column + len(table.columns) - 1,
        {
            "name": table.name,
            "style": "Table Style Light 1",
            "autofilter": not shares_sheet(table),
            "columns": [_declared(canvas, table, column) for column in table],
        },
    )
    sheet.set_row(place.row, 45 if table.name == "Scenarios" else 33)
    if table.name in _FOLDED:
        sheet.outline_settings(symbols_right=False)
    if shares_sheet(table):
        title = in_currency(caption(table)) if holds_money(table) else caption(table)
        canvas.section(table.sheet, place.row - 1, place.column, len(table.columns), title)
    for at, column in enumerate(table, start=place.column):
        _draw_column(canvas, table, column, Place(place.row, at))
    if place.column and shares_sheet(table) and table.name != "Scenarios":
        canvas.width(table.sheet, place.column - 1, GAP)
    for number, row in enumerate(rows, start=place.row + 1):
        _draw_row(canvas, table, Place(number, place.column), row)


def _declared(canvas: Canvas, table: Table, column: Column) -> dict[str, Any]:
    declared: dict[str, Any] = {
        "header": column.title(canvas.language),
        "header_format": canvas.look.header(column),
        "format": canvas.look.body(column),
    }
    if column.formula:
        declared["formula"] = canvas.labelled(column.formula, table)
    return declared


def _draw_column(canvas: Canvas, table: Table, column: Column, header: Place) -> None:
    sheet = canvas.sheets[table.sheet]
    first, at = header.row + 1, header.column
    if table.name != "Scenarios":  # which stands under the goals, in their columns
        wide, form = fitting(canvas, table, column), canvas.look.body(column)
        canvas.width(table.sheet, at, wide, form, folds=column.key in _folded(table))
    if column.help:
        sheet.write_comment(header.row, at, _(column.help), {"width": 220, "height": 70})
    source = f"={column.choices.name}" if column.choices else _sources(table).get(column.key)
    if source:
        strict: dict[str, Any] = {"error_type": "stop" if column.choices else "warning"}
        entries = {"validate": "list", "source": source, **strict}
        sheet.data_validation(first, at, LAST_ROW, at, entries)
    elif column.kind is Kind.SHARE and not column.ours and not column.formula:
        rule: dict[str, Any] = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 1,
        }
        message = _("A number from {low} to {high}.").format(low="0 %", high="100 %")
        sheet.data_validation(first, at, LAST_ROW, at, rule | {"error_message": message})


def _folded(table: Table) -> set[str]:
    keys = table.keys
    return {
        key
        for first, last in _FOLDED.get(table.name, ())
        for key in keys[keys.index(first) : keys.index(last) + 1]
    }


def _sources(table: Table) -> dict[str, str]:
    """Columns that offer what another table holds, without insisting on it."""
    if table.name == "Leads":
        return dict.fromkeys(("consent", "do_not_contact"), f"={YES_NO.name}")
    return {"attribute": "=LeadHeaders"} if table.name == "Personas" else {}


def fitting(canvas: Canvas, table: Table, column: Column) -> float:
    """A width at which the header fits on two lines and every entry of a list on one."""
    title = column.title(canvas.language)
    button = 0 if shares_sheet(table) else _BUTTON
    words = title.split()
    two_lines = min(
        max(len(" ".join(words[:at])), len(" ".join(words[at:]))) for at in range(len(words))
    )
    entries = column.choices.shown(canvas.language).values() if column.choices else ()
    width = _ROOMY.get(column.key, column.width)
    return max(width, two_lines + 3 + button, *map(_room, entries))


def _room(entry: str) -> int:
    return len(entry) + 3


def _draw_row(canvas: Canvas, table: Table, first: Place, row: Mapping[str, object]) -> None:
    for at, column in enumerate(table, start=first.column):
        form, value = canvas.look.body(column), row.get(column.key)
        formula = value if str(value).startswith("=") else column.formula
        if formula and row:
            canvas.formula(table.sheet, first.row, at, str(formula), form, table=table)
        elif column.choices and value is not None:
            label = canvas.label(column.choices, str(value))
            canvas.write(table.sheet, first.row, at, label, form)
        else:
            canvas.write(table.sheet, first.row, at, value, form)
