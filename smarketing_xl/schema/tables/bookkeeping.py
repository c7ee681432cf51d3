"""What the workbook keeps about its fills: the log, and what undo needs."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table

CONFLICTS = Table(
    "Conflicts",
    "conflicts",
    (
        Column("row_id", N_("ID"), ours=True, width=18, help=N_("The ID of the lead or customer.")),
        Column("column", N_("Column"), ours=True, width=20),
        Column("here", N_("In the workbook"), Kind.ANY, ours=True, width=30),
        Column("there", N_("In the file"), Kind.ANY, ours=True, width=30),
        Column("source", N_("File or lead"), ours=True, width=30),
    ),
    key=("row_id", "column", "source"),
)
SET_ASIDE = Table(
    "SetAside",
    "set_aside",
    (
        Column("row", N_("Row in the file"), Kind.WHOLE, ours=True, width=14),
        Column("column", N_("Column"), ours=True, width=20),
        Column("value", N_("In the file"), ours=True, width=30),
        Column("reason", N_("Why"), ours=True, width=36),
        Column("outcome", N_("What was done"), ours=True, width=28),
        Column("source", N_("File or lead"), ours=True, width=30),
    ),
    help=N_("What the last import could not read, and left out."),
)
LOG = Table(
    "Log",
    "log",
    (
        Column("when", N_("When"), Kind.TIME, ours=True, width=18),
        Column("who", N_("Who"), ours=True, width=16),
        Column("what", N_("What was done"), ours=True, width=28),
        Column("rows", N_("Rows"), Kind.WHOLE, ours=True, width=9),
        Column("inputs", N_("With which inputs"), ours=True, width=80),
    ),
)
JOURNAL = Table(
    "Journal",
    "journal",
    (
        Column("fill", N_("Update"), Kind.WHOLE, ours=True),
        Column("part", N_("Part"), Kind.WHOLE, ours=True),
        Column("what", N_("What was done"), ours=True, width=28),
        Column("data", N_("Data"), ours=True, width=20),
    ),
    key=("fill", "part"),
    help=N_("What the last updates replaced, for Undo last update."),
)
