"""The Lists sheet: every closed list under its title, for the drop-downs."""

from __future__ import annotations

from xlsxwriter.utility import xl_range_abs

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.formulas import COUNTING
from smarketing_xl.schema.tables import CHOICES
from workbook.layout.canvas import Canvas
from workbook.layout.places import page

TITLES: dict[str, str] = {
    "Operators": N_("Operators"),
    "YesNo": N_("Yes or no"),
    "Statuses": N_("Statuses of leads"),
    "Reasons": N_("Reasons"),
    "InteractionKinds": N_("Types of interaction"),
    "SlaStatuses": N_("SLA statuses"),
    "Paces": N_("States of promises"),
    "CreditBy": N_("Credit by"),
    "Models": N_("Models"),
    "Duties": N_("What is due"),
    "DealStatuses": N_("Statuses of deals"),
    "ForecastParts": N_("Parts of the forecast"),
    "RateFrom": N_("Lead-to-customer rate follows"),
    "ExperimentActions": N_("Actions of experiments"),
    "ExperimentSplits": N_("Dealt by"),
    "ExperimentMeasures": N_("What is counted"),
    "ExperimentStates": N_("States of experiments"),
}
"""How each list is headed, by the name that formulas know it by."""


def draw(canvas: Canvas) -> None:
    """Write the lists side by side, each a named range of its entries below its title."""
    sheet, header = canvas.sheets["lists"], page("lists").header_row
    canvas.name(COUNTING, "lists", "$A:$A")
    for column, choices in enumerate(CHOICES):
        labels = list(choices.shown(canvas.language).values())
        title = _(TITLES[choices.name])
        sheet.write_string(header, column, title, canvas.look.title())
        sheet.write_column(header + 1, column, labels, canvas.look())
        canvas.width("lists", column, max(map(len, [title, *labels])) + 4)
        canvas.name(
            choices.name,
            "lists",
            xl_range_abs(header + 1, column, header + len(labels), column),
        )
