"""What each button does: read, compute, write in place. One function a button.

Every action takes the open workbook, on whatever host, and answers a `Summary` of what it filled.
Nothing is written before everything is computed; a failure leaves the workbook as it was.
"""

import smarketing_xl.xlwings_light  # noqa: F401  before a module imports xlwings by itself
from smarketing_xl.actions.attribution import attribution
from smarketing_xl.actions.base import Step, Summary
from smarketing_xl.actions.beginning import begin
from smarketing_xl.actions.day_list import day_list, day_list_file, write_day_list
from smarketing_xl.actions.experiments import experiments
from smarketing_xl.actions.exports import export_leads
from smarketing_xl.actions.goals import plan, take_rates
from smarketing_xl.actions.imports import (
    IMPORTS,
    Prepared,
    bring_in,
    import_file,
    prepare_asking,
    prepare_chats,
    prepare_file,
    prepare_live,
    preview,
)
from smarketing_xl.actions.leads import (
    find_duplicates,
    merge_duplicates,
    proposed_merges,
    selected_duplicates,
)
from smarketing_xl.actions.maintenance import (
    check,
    demonstration,
    everything,
    help,
    log,
    offered_repairs,
    refresh,
    repair,
    undo,
    undoable,
)
from smarketing_xl.actions.mappings import (
    forget_mapping,
    list_mappings,
    show_mapping,
    write_mapping,
)
from smarketing_xl.actions.outside import duplicates_outside, score_outside, sla_outside
from smarketing_xl.actions.people import (
    anonymise_past,
    past_count,
    past_in_words,
)
from smarketing_xl.actions.personas import adopt, learn, score, what_if
from smarketing_xl.actions.reports import agreement_pdf, review_pdf
from smarketing_xl.actions.sla import sla
from smarketing_xl.actions.status import status
from smarketing_xl.ingest import Importable, System

__all__ = [
    "IMPORTS",
    "Importable",
    "Prepared",
    "Step",
    "Summary",
    "System",
    "adopt",
    "agreement_pdf",
    "anonymise_past",
    "attribution",
    "begin",
    "bring_in",
    "check",
    "day_list",
    "day_list_file",
    "demonstration",
    "duplicates_outside",
    "everything",
    "experiments",
    "export_leads",
    "find_duplicates",
    "forget_mapping",
    "help",
    "import_file",
    "learn",
    "list_mappings",
    "log",
    "merge_duplicates",
    "offered_repairs",
    "past_count",
    "past_in_words",
    "plan",
    "prepare_asking",
    "prepare_chats",
    "prepare_file",
    "prepare_live",
    "preview",
    "proposed_merges",
    "refresh",
    "repair",
    "review_pdf",
    "score",
    "score_outside",
    "selected_duplicates",
    "show_mapping",
    "sla",
    "sla_outside",
    "status",
    "take_rates",
    "undo",
    "undoable",
    "what_if",
    "write_day_list",
    "write_mapping",
]
