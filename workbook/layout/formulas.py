"""Formulas that several sheets share."""

from __future__ import annotations

from smarketing_xl.i18n import _
from smarketing_xl.schema.tables import DUTIES, SLA_STATUSES
from workbook.layout.canvas import Canvas


def counted(column: str, empty: str, filled: str) -> str:
    """A sentence on how many cells of a column are filled, the number as the reader writes it."""
    count = f"COUNTA({column})"
    return f'=IF({count}=0,"{empty}",FIXED({count},0)&" {filled}")'


def late_for_what(canvas: Canvas) -> str:
    """How many leads wait late for a first contact, and for more attempts or a decision."""
    late, contact = canvas.label(SLA_STATUSES, "late"), canvas.label(DUTIES, "first_contact")
    every = f'COUNTIFS(SlaLate[sla_status],"{late}")'
    waiting = f'COUNTIFS(SlaLate[sla_status],"{late}",SlaLate[duty],"{contact}")'
    text = _("{waiting} not contacted, {undecided} undecided").format(
        waiting=f'"&{waiting}&"', undecided=f'"&{every}-{waiting}&"'
    )
    return f'=IF({every}=0,"{_("beyond the promise")}","{text}")'
