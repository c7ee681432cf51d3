"""Every button: declared once with its place on the ribbon, one thin function each.

A button opens the workbook it was clicked in and calls the action of the same name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.i18n import N_, _
from udfs.buttons import BUTTONS as BUTTONS
from udfs.buttons import Menu, agreed, button

if TYPE_CHECKING:
    from smarketing_xl.actions import Importable, Summary

IMPORT = Menu(
    "import_menu",
    N_("Import…"),
    N_("Import a CRM export"),
    N_("Reads a CSV or Excel file, updates the rows it knows and adds the new ones below."),
    "GetExternalDataFromText",
)


# --- step 1: personas -----------------------------------------------------------------------------


@button(
    "personas",
    N_("Learn persona"),
    N_("Learn a persona from your customers"),
    N_("Finds what your customers have in common and proposes criteria for the Personas table."),
    "PivotTableInsert",
)
def learn(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.learn(book)


@button(
    "personas",
    N_("Adopt proposal"),
    N_("Add the ticked criteria to your personas"),
    N_("Adds the rows of the sheet Learned that say Yes to the Personas table, each once."),
    "DataValidation",
)
def adopt(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.adopt(book)


@button(
    "personas",
    N_("Score leads"),
    N_("Score, grade and explain every lead"),
    N_("Compares each lead with the Personas table and fills Score, Grade, Why and Priority."),
    "SortFilterMenu",
    large=True,
)
def score(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.score(book)


@button(
    "personas",
    N_("Find duplicates"),
    N_("Find leads that are there twice"),
    N_("Compares names, e-mails and phones and fills the column Duplicate of. Deletes nothing."),
    "RemoveDuplicates",
)
def find_duplicates(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.find_duplicates(book)


@button(
    "personas",
    N_("Merge duplicates"),
    N_("Merge the selected leads into those they duplicate"),
    N_("Fills blanks of the lead that stays, hands it the interactions; Undo last fill reverts."),
    "MergeCells",
)
def merge_selected(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.merge_selected(book)


# --- step 2: goals --------------------------------------------------------------------------------


@button(
    "goals",
    N_("Update plan"),
    N_("Leads needed, stage by stage and month by month"),
    N_("Fills the Funnel and the Plan from the goals, with leads due ahead by the sales cycle."),
    "GoalSeek",
    large=True,
)
def plan(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.plan(book)


# --- step 3: the agreement ------------------------------------------------------------------------


@button(
    "sla",
    N_("Fill SLA"),
    N_("Promised against delivered, followed up in time or late"),
    N_("Fills the SLA sheet by month and owner, and follow-up due and SLA status of every lead."),
    "FunctionsDateTimeInsertGallery",
    large=True,
)
def sla(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.sla(book)


@button(
    "sla",
    N_("Agreement PDF"),
    N_("The agreement on paper, ready to sign"),
    N_("Writes what marketing and sales promise each other into a PDF."),
    "FileSaveAsPdfOrXps",
    asks="save",
    suggested=N_("Agreement.pdf"),
)
def agreement_pdf(book: xw.Book, path: str) -> Any:
    from smarketing_xl import actions

    return actions.agreement_pdf(book, Path(path))


# --- step 4: history ------------------------------------------------------------------------------


@button(
    "history",
    N_("Leads…"),
    N_("Import leads"),
    N_("Reads a CRM export into the Leads table."),
    "GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
)
def import_leads(book: xw.Book, path: str) -> Any:
    return _import(book, path, "leads")


@button(
    "history",
    N_("Customers…"),
    N_("Import customers"),
    N_("Reads past sales into the Customers table: what personas are learned from."),
    "GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
)
def import_customers(book: xw.Book, path: str) -> Any:
    return _import(book, path, "customers")


@button(
    "history",
    N_("Interactions…"),
    N_("Import interactions"),
    N_("Reads visits, forms, e-mails and calls into the Interactions table."),
    "GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
)
def import_interactions(book: xw.Book, path: str) -> Any:
    return _import(book, path, "interactions")


@button(
    "history",
    N_("Spend…"),
    N_("Import spend"),
    N_("Reads the cost of each channel and campaign by month into the Spend table."),
    "GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
)
def import_spend(book: xw.Book, path: str) -> Any:
    return _import(book, path, "spend")


def _import(book: xw.Book, path: str, kind: Importable) -> Summary | None:
    """Read the file, show what its columns were taken for, and write it if that is right."""
    from smarketing_xl import actions

    prepared = actions.prepare_file(book, Path(path), kind)
    columns, outcome = actions.preview(book, prepared)
    shown = [columns.what, *outcome.notes, *columns.notes]
    if columns.table is not None:
        shown += [f"{theirs} → {ours}: {read}" for theirs, ours, read, _one in columns.table.values]
    if not agreed(book, "\n".join(shown)):
        return None
    return actions.bring_in(book, prepared)


# --- step 5: feedback -----------------------------------------------------------------------------


@button(
    "feedback",
    N_("Fill attribution"),
    N_("Which channels bring customers, and at what cost"),
    N_("Fills the Attribution sheet: credit by model, cost per customer, return, budget."),
    "ChartInsert",
    large=True,
)
def attribution(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.attribution(book)


@button(
    "feedback",
    N_("Review PDF"),
    N_("The review of the month on paper"),
    N_("Five sentences, the charts and whom to call first, computed from the data, as a PDF."),
    "FileSaveAsPdfOrXps",
    asks="save",
    suggested=N_("Review.pdf"),
)
def review_pdf(book: xw.Book, path: str) -> Any:
    from smarketing_xl import actions

    return actions.review_pdf(book, Path(path))


@button(
    "feedback",
    N_("Refresh all"),
    N_("Fill everything again"),
    N_("Plan, duplicates, scores, SLA and attribution; says what a step lacks to be filled."),
    "RefreshAll",
    large=True,
)
def refresh(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.refresh(book)


# --- the workbook ---------------------------------------------------------------------------------


@button(
    "workbook",
    N_("Undo last fill"),
    N_("Take back what the last button wrote"),
    N_("Puts the cells back as they were before the last fill, also after saving."),
    "Undo",
)
def undo(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.undo(book)


@button(
    "workbook",
    N_("Why this error"),
    N_("Why the selected cell shows an error"),
    N_("Select a cell with #VALUE!, #NUM!, #DIV/0! or #N/A and click: says what to correct."),
    "ErrorChecking",
    asks="cell",
)
def why_error(book: xw.Book, place: str, shown: str = "") -> str:
    from udfs.error_reasons import why

    return why(place, shown) or _("No formula of Smarketing has failed in this cell.")


@button(
    "workbook",
    N_("Check workbook"),
    N_("Find what is missing or broken"),
    N_("Looks for lost tables, renamed columns, cells that are no numbers; offers to mend them."),
    "FileCompatibilityChecker",
)
def check(book: xw.Book) -> Any:
    from smarketing_xl import actions

    offered = actions.offered_repairs(book)
    found = "\n".join(actions.check(book, offered).notes)
    if not offered:
        return found
    question = _(
        "Mend what can be mended? Undo last fill takes the cells back, not names and headers."
    )
    return actions.repair(book) if agreed(book, f"{question}\n\n{found}") else None


@button(
    "workbook",
    N_("Help"),
    N_("What each step and button does"),
    N_("The five steps in short, and where to read more."),
    "Help",
)
def help(book: xw.Book) -> Any:
    from smarketing_xl import actions

    return actions.help(book)
