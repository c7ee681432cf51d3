"""Formulas that several sheets share."""

from __future__ import annotations


def counted(column: str, empty: str, filled: str) -> str:
    """A sentence on how many cells of a column are filled, the number as the reader writes it."""
    count = f"COUNTA({column})"
    return f'=IF({count}=0,"{empty}",FIXED({count},0)&" {filled}")'
