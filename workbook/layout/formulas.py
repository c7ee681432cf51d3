"""Formulas that several sheets share."""

from __future__ import annotations

import re


def counted(column: str, empty: str, filled: str) -> str:
    """A sentence on how many cells of a column are filled, the number as the reader writes it."""
    count = f"COUNTA({column})"
    return f'=IF({count}=0,"{empty}",FIXED({count},0)&" {filled}")'


def phrase(text: str, **numbers: str) -> str:
    """A sentence with numbers in it, as a formula.

    text: with a {name} for each number, translated already. numbers: formulas.

    >>> phrase("of {all}, {left} to go", all="A1", left="A1-A2")
    '="of "&FIXED(A1,0)&", "&FIXED(A1-A2,0)&" to go"'
    """
    parts = re.split(r"\{(\w+)\}", text)
    shown = [
        f"FIXED({numbers[part]},0)" if place % 2 else f'"{part}"'
        for place, part in enumerate(parts)
        if part
    ]
    return "=" + "&".join(shown)


def in_plan_year(column: str) -> str:
    """The sum of a column of Outcomes over the twelve months of the plan."""
    return (
        f'SUMIFS(Outcomes[{column}],Outcomes[month],">="&first_month,'
        'Outcomes[month],"<"&EDATE(first_month,12))'
    )
