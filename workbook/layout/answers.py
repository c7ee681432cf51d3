"""What matters first on a sheet: its answers in a row of tiles, and the way to everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.model import Column, Kind
from smarketing_xl.schema.tables import TABLES
from workbook.layout.canvas import Canvas
from workbook.layout.conditions import underline
from workbook.layout.formulas import with_currency
from workbook.layout.look import ANSWER, QUIET, SMALL, TEAL
from workbook.layout.places import BLOCK_COLUMN, page, table_places
from workbook.layout.tables import caption

SHORT: dict[str, str] = {  # what a link to a table says, where its caption is a sentence
    "SlaLate": N_("Late leads"),
    "SlaMarketing": N_("Marketing by month"),
    "SlaPromises": N_("Promises by grade"),
    "SlaSales": N_("Sales by owner"),
    "SlaContact": N_("Hours to contact"),
    "SlaSpeed": N_("Worth of speed"),
    "SlaAttempts": N_("After each attempt"),
    "SlaLine": N_("Day by day"),
    "SlaEffect": N_("One more attempt"),
    "SlaSpeedEffect": N_("Calling sooner"),
    "SlaLines": N_("By line"),
    "LineSources": N_("By line"),
    "Evidence": N_("Evidence"),
    "Sourced": N_("Sourced"),
    "Limits": N_("Limits"),
    "Caveats": N_("What to know"),
    "SourceQuality": N_("Source quality"),
    "TopPaths": N_("Journeys"),
    "Certainty": N_("Certainty"),
    "CampaignCertainty": N_("Campaign certainty"),
}


@dataclass(frozen=True)
class Tile:
    """An answer: its label, a formula, and a line below it, a text or a formula too."""

    label: str
    formula: str
    kind: Kind
    below: str = ""


def tiles(canvas: Canvas, sheet: str, row: int, answers: list[Tile]) -> None:
    """Three rows: labels, numbers, the lines below; one tile a column of the block."""
    look, frame = canvas.look, {"bg_color": ANSWER, "left": 5, "left_color": "#FFFFFF"}
    for column, tile in enumerate(answers, start=BLOCK_COLUMN):
        label = look(bold=True, font_size=SMALL, font_color=TEAL, **frame)
        canvas.sheets[sheet].write_string(row, column, tile.label, label)
        number = look(tile.kind, bold=True, font_size=14, align="left", shrink=True, **frame)
        canvas.formula(sheet, row + 1, column, tile.formula, number)
        small = look(font_color=QUIET, font_size=SMALL, shrink=True, **frame)
        below = with_currency(tile.below) if tile.kind is Kind.MONEY else tile.below
        canvas.text(sheet, row + 2, column, below, small)


def listed(
    canvas: Canvas, sheet: str, top: int, count: int, columns: Sequence[tuple[Column, str, str]]
) -> None:
    """Headers and so many rows of formulas below them, blank where they find nothing.

    columns: as which column of a table it looks, its header, its formula; {n} is the row's number.
    """
    canvas.sheets[sheet].set_row(top, 30)  # headers on two lines
    for at, (column, header, formula) in enumerate(columns, start=BLOCK_COLUMN):
        canvas.sheets[sheet].write_string(top, at, header, canvas.look.header(column))
        for number in range(1, count + 1):
            cell = formula.format(n=number)
            shown = f'=IFERROR(IF({cell}="","",{cell}),"")'
            canvas.formula(sheet, top + number, at, shown, canvas.look.body(column))
    last = BLOCK_COLUMN + len(columns) - 1
    underline(canvas, sheet, (top + 1, BLOCK_COLUMN, top + count, last))


def links(canvas: Canvas, sheet: str, settings: int) -> None:
    """In what is frozen: the way to each table and to the settings; beside each table, back.

    settings: the row of the settings' heading.
    """
    places, wide = table_places(), len(page(sheet).block)
    targets = [(_("Settings"), settings, BLOCK_COLUMN)]
    for table in TABLES:
        if table.sheet == sheet:
            place, name = places[table.name], SHORT.get(table.name)
            targets.append((_(name) if name else caption(table), place.row, place.column))
            canvas.link(sheet, place.row - 2, place.column, f"{sheet}!A1", _("← back"))
    for number, (text, row, column) in enumerate([*targets[1:], targets[0]]):
        at = page(sheet).header_row - 1 + number // wide, BLOCK_COLUMN + number % wide
        canvas.link(sheet, *at, f"{sheet}!{xl_rowcol_to_cell(row, column)}", f"→ {text}")
