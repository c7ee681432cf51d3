"""Every button: declared once with its place on the ribbon.

A button takes the workbook it was clicked in and calls the action of the same name; the few that
ask or show something first say so in `click`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.i18n import N_, _, format_number
from udfs.buttons import BUTTONS as BUTTONS
from udfs.buttons import Menu, agreed, answered, button

if TYPE_CHECKING:
    from smarketing_xl.actions import Summary
    from smarketing_xl.ingest import ImportableAs, Platform

IMPORT = Menu(
    "import_menu",
    N_("Import…"),
    N_("Import a CRM export"),
    N_("Reads a CSV or Excel file, updates the rows it knows and adds the new ones below."),
    "GetExternalDataFromText",
)


_PAIRS_SHOWN = 12  # of leads to be merged, in a question

# --- step 1: personas -----------------------------------------------------------------------------

learn = button(
    "learn",
    group="personas",
    label=N_("Learn persona"),
    screentip=N_("Learn a persona from your customers"),
    supertip=N_(
        "Finds what your customers have in common and suggests criteria for the Personas table."
    ),
    image="PivotTableInsert",
)

adopt = button(
    "adopt",
    group="personas",
    label=N_("Adopt suggestions"),
    screentip=N_("Add the ticked criteria to your personas"),
    supertip=N_(
        "Adds the rows of the sheet Suggestions that say Yes to the Personas table, each once."
    ),
    image="DataValidation",
)

score = button(
    "score",
    group="personas",
    label=N_("Score leads"),
    screentip=N_("Score, grade and explain every lead"),
    supertip=N_(
        "Compares each lead with the Personas table and updates Fit score, Grade, Why and Priority."
    ),
    image="SortFilterMenu",
    large=True,
)


def _what_if(book: xw.Book) -> str:
    from smarketing_xl import actions

    found = actions.what_if(book)
    lines = ["  ".join(map(str, found.table.columns))] if found.table is not None else []
    if found.table is not None:
        for grade, *counts in found.table.values:
            lines.append("  ".join([str(grade), *(format_number(count) for count in counts)]))
    return "\n".join([*found.notes, "", *lines])


what_if = button(
    "what_if",
    group="personas",
    label=N_("What if"),
    screentip=N_("How many leads would change grade"),
    supertip=N_(
        "Change a weight in the Personas table and click: says how many leads, and past customers, "
        "would get another grade. Writes nothing."
    ),
    image="WhatIfAnalysisMenu",
    click=_what_if,
)

find_duplicates = button(
    "find_duplicates",
    group="personas",
    label=N_("Find duplicates"),
    screentip=N_("Find leads that are there twice"),
    supertip=N_(
        "Compares names, e-mails and phones and updates the column Duplicate of. Deletes nothing."
    ),
    image="RemoveDuplicates",
)


def _merge_selected(book: xw.Book) -> Summary | None:
    from smarketing_xl import actions

    chosen = actions.selected_duplicates(book)
    more = len(chosen.into) - _PAIRS_SHOWN
    lines = [
        _("{count} leads go into those that they duplicate:").format(count=len(chosen.into)),
        *chosen.into[:_PAIRS_SHOWN],
        *([_("and {count} more").format(count=format_number(more))] if more > 0 else []),
    ]
    if chosen.hidden:
        kept = _("{count} selected duplicates are hidden by a filter, and stay as they are.")
        lines.append(kept.format(count=format_number(chosen.hidden)))
    question = _("Merge them? Undo last update takes it back.")
    if not agreed(book, "\n".join([*lines, "", question])):
        return None
    return actions.merge_duplicates(book, chosen.ids)


merge_selected = button(
    "merge_selected",
    group="personas",
    label=N_("Merge duplicates"),
    screentip=N_("Merge the selected leads into those they duplicate"),
    supertip=N_(
        "Fills blanks of the lead that stays, hands it the interactions; Undo last update reverts."
    ),
    image="MergeCells",
    click=_merge_selected,
)


# --- step 2: goals --------------------------------------------------------------------------------

plan = button(
    "plan",
    group="goals",
    label=N_("Update plan"),
    screentip=N_("Leads needed, stage by stage and month by month"),
    supertip=N_(
        "Updates the Funnel and the Plan from the goals, with leads due ahead by the sales cycle."
    ),
    image="GoalSeek",
    large=True,
)

take_rates = button(
    "take_rates",
    group="goals",
    label=N_("Take measured rates"),
    screentip=N_("Conversion, revenue and sales cycle as they were"),
    supertip=N_(
        "Writes what was measured into the goals, each with its count; Undo last update reverts."
    ),
    image="DataRefreshAll",
)


# --- step 3: the agreement ------------------------------------------------------------------------

sla = button(
    "sla",
    group="sla",
    label=N_("Update SLA"),
    screentip=N_("Promised against delivered, followed up in time or late"),
    supertip=N_(
        "Updates the SLA sheet by month and owner, and follow-up due and SLA status of every lead."
    ),
    image="FunctionsDateTimeInsertGallery",
    large=True,
)

agreement_pdf = button(
    "agreement_pdf",
    group="sla",
    label=N_("Agreement PDF"),
    screentip=N_("The agreement on paper, ready to sign"),
    supertip=N_("Writes what marketing and sales promise each other into a PDF."),
    image="FileSaveAsPdfOrXps",
    asks="save",
    suggested=N_("Agreement.pdf"),
)


def _today(book: xw.Book, path: Path) -> str:
    from smarketing_xl import actions

    return actions.day_list_file(book, path)


today = button(
    "today",
    group="sla",
    label=N_("Today's calls"),
    screentip=N_("Whom to call today, by salesperson"),
    supertip=N_(
        "Who is late and who is due, in calling order, as a text to paste into a message; named "
        ".ics, as calendar entries."
    ),
    image="AccessListContacts",
    asks="save",
    click=_today,
    suggested=N_("Today.txt"),
)


# --- step 4: history ------------------------------------------------------------------------------


def _import(book: xw.Book, path: Path, *, kind: ImportableAs) -> Summary | None:
    """Read the file, show what its columns were taken for, and write it if that is right."""
    from smarketing_xl import actions

    if kind == "whatsapp":
        prepared = actions.prepare_chats(book, path)
    else:
        read = actions.prepare_asking(book, path, kind, agree=partial(answered, book))
        if read is None:
            return None
        prepared = read
    columns, outcome = actions.preview(book, prepared)
    shown = [columns.what, *outcome.notes, *columns.notes]
    if columns.table is not None:
        shown += [f"{theirs} → {ours}: {read}" for theirs, ours, read, _one in columns.table.values]
    if not agreed(book, "\n".join(shown)):
        return None
    return actions.bring_in(book, prepared)


import_leads = button(
    "import_leads",
    group="history",
    label=N_("Leads…"),
    screentip=N_("Import leads"),
    supertip=N_("Reads a CRM export into the Leads table."),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="leads"),
)

import_deals = button(
    "import_deals",
    group="history",
    label=N_("Deals…"),
    screentip=N_("Import deals"),
    supertip=N_("Reads a CRM export of deals: won ones are customers, open ones are pipeline."),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="deals"),
)

import_customers = button(
    "import_customers",
    group="history",
    label=N_("Customers…"),
    screentip=N_("Import customers"),
    supertip=N_("Reads past sales into the Customers table: what personas are learned from."),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="customers"),
)

import_interactions = button(
    "import_interactions",
    group="history",
    label=N_("Interactions…"),
    screentip=N_("Import interactions"),
    supertip=N_("Reads visits, forms, e-mails and calls into the Interactions table."),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="interactions"),
)

import_whatsapp = button(
    "import_whatsapp",
    group="history",
    label=N_("WhatsApp chats…"),
    screentip=N_("Import chats exported from WhatsApp"),
    supertip=N_(
        "Reads when the salesperson and the lead wrote, never what: a chat or a zip of chats."
    ),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="whatsapp"),
)

import_spend = button(
    "import_spend",
    group="history",
    label=N_("Spend…"),
    screentip=N_("Import spend"),
    supertip=N_("Reads the cost of each channel and campaign by month into the Spend table."),
    image="GetExternalDataFromText",
    asks="open",
    menu=IMPORT,
    click=partial(_import, kind="spend"),
)


# --- step 5: feedback -----------------------------------------------------------------------------

attribution = button(
    "attribution",
    group="feedback",
    label=N_("Update attribution"),
    screentip=N_("Which channels bring customers, and at what cost"),
    supertip=N_("Updates the Attribution sheet: credit by model, cost per customer, ROI, budget."),
    image="ChartInsert",
    large=True,
)

experiments = button(
    "experiments",
    group="feedback",
    label=N_("Update experiments"),
    screentip=N_("Change a channel here and not there, and compare"),
    supertip=N_(
        "Deals the experiments that are typed on the sheet Experiments, says what each could show, "
        "and reads those that are over."
    ),
    image="PivotTableInsert",
)

review_pdf = button(
    "review_pdf",
    group="feedback",
    label=N_("Review PDF"),
    screentip=N_("The review of the month on paper"),
    supertip=N_(
        "Five sentences, the charts and whom to call first, computed from the data, as a PDF."
    ),
    image="FileSaveAsPdfOrXps",
    asks="save",
    suggested=N_("Review.pdf"),
)

refresh = button(
    "refresh",
    group="feedback",
    label=N_("Update all"),
    screentip=N_("Update everything again"),
    supertip=N_(
        "Plan, duplicates, scores, SLA and attribution; says what a step lacks to be updated."
    ),
    image="RefreshAll",
    large=True,
)


# --- back to the CRM ------------------------------------------------------------------------------

EXPORT = Menu(
    "export_menu",
    N_("Export…"),
    N_("Scores back into the CRM"),
    N_(
        "A CSV as the CRM imports it: record, fit score, grade, engagement, owner, priority and "
        "why."
    ),
    "ExportTextFile",
)


def _export(book: xw.Book, path: Path, *, platform: Platform) -> Summary:
    from smarketing_xl import actions

    return actions.export_leads(book, path, platform)


export_hubspot = button(
    "export_hubspot",
    group="feedback",
    label=N_("For HubSpot…"),
    screentip=N_("Export scores for HubSpot"),
    supertip=N_("Writes a CSV that HubSpot imports; sends nothing."),
    image="ExportTextFile",
    asks="save",
    menu=EXPORT,
    click=partial(_export, platform="hubspot"),
    suggested=N_("HubSpot.csv"),
)


export_salesforce = button(
    "export_salesforce",
    group="feedback",
    label=N_("For Salesforce…"),
    screentip=N_("Export scores for Salesforce"),
    supertip=N_("Writes a CSV that Salesforce imports; sends nothing."),
    image="ExportTextFile",
    asks="save",
    menu=EXPORT,
    click=partial(_export, platform="salesforce"),
    suggested=N_("Salesforce.csv"),
)


export_pipedrive = button(
    "export_pipedrive",
    group="feedback",
    label=N_("For Pipedrive…"),
    screentip=N_("Export scores for Pipedrive"),
    supertip=N_("Writes a CSV that Pipedrive imports; sends nothing."),
    image="ExportTextFile",
    asks="save",
    menu=EXPORT,
    click=partial(_export, platform="pipedrive"),
    suggested=N_("Pipedrive.csv"),
)


export_zoho = button(
    "export_zoho",
    group="feedback",
    label=N_("For Zoho CRM…"),
    screentip=N_("Export scores for Zoho CRM"),
    supertip=N_("Writes a CSV that Zoho CRM imports; sends nothing."),
    image="ExportTextFile",
    asks="save",
    menu=EXPORT,
    click=partial(_export, platform="zoho"),
    suggested=N_("Zoho CRM.csv"),
)


# --- the workbook ---------------------------------------------------------------------------------

undo = button(
    "undo",
    group="workbook",
    label=N_("Undo last update"),
    screentip=N_("Take back what the last button wrote"),
    supertip=N_("Puts the cells back as they were before the last update, also after saving."),
    image="Undo",
)


def _why_error(book: xw.Book, place: str, shown: str = "") -> str:
    from udfs.error_reasons import why

    return why(place, shown) or _("No formula of Smarketing has failed in this cell.")


why_error = button(
    "why_error",
    group="workbook",
    label=N_("Why this error"),
    screentip=N_("Why the selected cell shows an error"),
    supertip=N_(
        "Select a cell with #VALUE!, #NUM!, #DIV/0! or #N/A and click: says what to correct."
    ),
    image="ErrorChecking",
    asks="cell",
    click=_why_error,
)


def _retention(book: xw.Book) -> Any:
    from smarketing_xl import actions

    count = actions.past_count(book)
    past = actions.past_in_words(count)
    question = _("Make them anonymous? It cannot be undone, nor can the updates before it.")
    if not count:
        return past
    if not agreed(book, f"{past}. {question}"):
        return None
    done = actions.anonymise_past(book).summary
    rest = _(
        "Save the workbook. Notes and caches of pivot tables may still name them: close it, then "
        "smarketing retention cleans the file."
    )
    return "\n".join([done.what, *done.notes, rest])


retention = button(
    "retention",
    group="workbook",
    label=N_("Old leads…"),
    screentip=N_("Make leads anonymous that ended long ago"),
    supertip=N_(
        "Says how many were lost or rejected more than 24 months ago, and takes the people out of "
        "their rows. Customers stay. Cannot be undone."
    ),
    image="RecordsDeleteRecord",
    click=_retention,
    final=True,
)


def _check(book: xw.Book) -> Any:
    from smarketing_xl import actions

    offered = actions.offered_repairs(book)
    notes = "\n".join(actions.check(book, offered).notes)
    if not offered:
        return notes
    question = _(
        "Mend what can be mended? Undo last update takes the cells back, not names and headers."
    )
    return actions.repair(book) if agreed(book, f"{question}\n\n{notes}") else None


check = button(
    "check",
    group="workbook",
    label=N_("Check workbook"),
    screentip=N_("Find what is missing or broken"),
    supertip=N_(
        "Looks for lost tables, renamed columns, cells that are no numbers; offers to mend them."
    ),
    image="FileCompatibilityChecker",
    click=_check,
)

help = button(
    "help",
    group="workbook",
    label=N_("Help"),
    screentip=N_("What each step and button does"),
    supertip=N_("The five steps in short, and where to read more."),
    image="Help",
)
