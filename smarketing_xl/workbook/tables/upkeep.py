"""What the workbook keeps about its fills: the log, and what undo needs."""

from __future__ import annotations

from smarketing_xl.texts import N_
from smarketing_xl.workbook.schema import Column, Kind, Table

LOG = Table(
    "Log",
    "log",
    (
        Column("when", N_("When"), Kind.TIME, ours=True, width=18),
        Column("who", N_("Who"), ours=True, width=16),
        Column("what", N_("What was filled"), ours=True, width=28),
        Column("rows", N_("Rows"), Kind.WHOLE, ours=True, width=9),
        Column("inputs", N_("With which inputs"), ours=True, width=80),
    ),
)
JOURNAL = Table(
    "Journal",
    "journal",
    (
        Column("fill", N_("Fill"), Kind.WHOLE, ours=True),
        Column("part", N_("Part"), Kind.WHOLE, ours=True),
        Column("what", N_("What was filled"), ours=True, width=28),
        Column("data", N_("Data"), ours=True, width=20),
    ),
    key=("fill", "part"),
    help=N_("What the last fills replaced, for Undo last fill."),
)
