"""Formulas that several sheets share."""

from __future__ import annotations

from smarketing_xl.i18n import _


def with_currency(text: str) -> str:
    """A text, or the formula of one, that says the workbook's currency first, once it has one."""
    shown = text.removeprefix("=") if text.startswith("=") else f'"{text}"'
    return f'=IF(own_currency="","",own_currency&" · ")&{shown}'


def in_currency(text: str) -> str:
    """A heading over amounts, with the workbook's currency behind it, once it has one."""
    return f'="{text}"&IF(own_currency="",""," ("&own_currency&")")'


def counted(column: str, empty: str, filled: str) -> str:
    """A sentence on how many cells of a column are filled; filled: a text that counts."""
    count = f"COUNTA({column})"
    return f'=IF({count}=0,"{empty}",{in_number(count, filled)})'


def in_number(count: str, text: str) -> str:
    """The formula, without its "=", of a text that counts: of one, or of many with the number as
    the reader writes it."""
    one = text.format(count="1")
    many = f'"{text}"'.replace("{count}", f'"&FIXED({count},0)&"').removeprefix('""&')
    return f'IF({count}=1,"{one}",{many})'


def late_for_what(late: str, contact: str) -> str:
    """How many wait for their first contact, and how many for more attempts or a decision."""
    every = f'COUNTIFS(SlaLate[sla_status],"{late}")'
    waiting = f'COUNTIFS(SlaLate[sla_status],"{late}",SlaLate[duty],"{contact}")'
    text = _("{waiting} not contacted, {undecided} undecided").format(
        waiting=f'"&{waiting}&"', undecided=f'"&{every}-{waiting}&"'
    )
    return f'=IF({every}=0,"{_("beyond the promise")}","{text}")'
