"""Every button: declared once with its place on the ribbon, one thin function each.

A button opens the workbook it was clicked in and calls the action of the same name. What was
filled is said in the status bar, what went wrong in a message; nothing else is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import xlwings as xw

from smarketing_xl.errors import SmarketingError
from smarketing_xl.texts import N_, _, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smarketing_xl.actions import Importable, Summary

logger = logging.getLogger(__name__)

TAB = N_("Smarketing")
Group = Literal["personas", "goals", "sla", "history", "feedback", "workbook"]
GROUPS: dict[Group, str] = {
    "personas": N_("1 Personas"),
    "goals": N_("2 Goals"),
    "sla": N_("3 SLA"),
    "history": N_("4 History"),
    "feedback": N_("5 Feedback"),
    "workbook": N_("Workbook"),
}
Action = Callable[..., "str | Summary | Sequence[Summary] | None"]
Asks = Literal["", "open", "save", "cell"]


@dataclass(frozen=True)
class Menu:
    """A drop-down that holds buttons."""

    name: str
    label: str
    screentip: str
    supertip: str
    image: str


IMPORT = Menu(
    "import_menu",
    N_("Import…"),
    N_("Import a CRM export"),
    N_("Reads a CSV or Excel file, updates the rows it knows and adds the new ones below."),
    "GetExternalDataFromText",
)


@dataclass(frozen=True)
class Button:
    """One button. `asks`: what it needs first: a file to open or to save, or the active cell."""

    name: str
    group: Group
    label: str
    screentip: str
    supertip: str
    image: str
    click: Action
    asks: Asks = ""
    menu: Menu | None = None
    large: bool = False
    suggested: str = ""  # name of the file to save


BUTTONS: dict[str, Button] = {}


def button(
    group: Group,
    label: str,
    screentip: str,
    supertip: str,
    image: str,
    *,
    asks: Asks = "",
    menu: Menu | None = None,
    large: bool = False,
    suggested: str = "",
) -> Callable[[Action], Callable[..., None]]:
    """Declare a button; its function takes the workbook, and the answer to what it asks."""

    def declare(function: Action) -> Callable[..., None]:
        @wraps(function)
        def click(*answer: str) -> None:
            run(function.__name__, xw.Book.caller(), *answer)

        BUTTONS[function.__name__] = Button(
            function.__name__,
            group,
            label,
            screentip,
            supertip,
            image,
            function,
            asks,
            menu,
            large,
            suggested,
        )
        return click

    return declare


def run(name: str, book: xw.Book, *answer: str) -> None:
    """Do what a button does, on an open workbook of any host, and say how it went.

    answer: the file or cell asked for, as Ribbon.bas sends it: UTF-16 in hexadecimal, which no
    command line can misread.
    """
    from smarketing_xl.workbook.reading import language

    asked = [bytes.fromhex(text).decode("utf-16-be") for text in answer]
    with speaking(language(book)):
        try:
            outcome = BUTTONS[name].click(book, *asked)
        except SmarketingError as error:
            _tell(book, str(error), "critical")
            return
        except Exception as error:
            logger.exception("%s failed", name)
            _tell(book, _("Unexpected error: {error}").format(error=error), "critical")
            return
        if isinstance(outcome, str):
            _tell(book, outcome, "info")
        elif outcome is not None:
            _report(book, outcome)


def _tell(book: xw.Book, text: str, mode: Literal["info", "critical"]) -> None:
    book.app.alert(_fitting(text), title=_(TAB), mode=mode)


def _agreed(book: xw.Book, text: str) -> bool:
    shown = _fitting(text)
    return bool(book.app.alert(shown, title=_(TAB), buttons="ok_cancel", mode="info") == "ok")


def _fitting(text: str) -> str:
    """As much of a text as a message box holds."""
    return text if len(text) <= 1000 else text[:1000].rsplit("\n", 1)[0] + "\n…"


def _report(book: xw.Book, outcome: Summary | Sequence[Summary]) -> None:
    from smarketing_xl.actions import Summary

    said = []
    for summary in [outcome] if isinstance(outcome, Summary) else outcome:
        counted = _("{what}: {rows} rows").format(what=summary.what, rows=f"{summary.rows:,}")
        said.append(". ".join([counted, *summary.notes]))
    book.app.status_bar = "  |  ".join(said)[:250]


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
    if not _agreed(book, "\n".join(shown)):
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
    N_("Plan, scores, SLA and attribution, in this order."),
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
    from udfs.reasons import why

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

    found = "\n".join(actions.check(book).notes)
    if not actions.offered_repairs(book):
        return found
    question = _("Mend what can be mended? Undo last fill takes it back.")
    return actions.repair(book) if _agreed(book, f"{question}\n\n{found}") else None


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
