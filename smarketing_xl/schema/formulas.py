"""The sheets' own numbers as plain Excel formulas, made from the references they read.

They follow an edit in every spreadsheet program, with no macro and no Python; the functions of the
same rules (smarketing_xl/funnel) are for what people type. A reference is written as declared: a
named cell, `[@key]`, `Table[key]` or an address. As in the functions a blank counts as zero, a text
is #VALUE!, a number out of range #NUM! and a divisor of zero #DIV/0!.

>>> required_customers("quota", "B2")
'=IF(OR(ISTEXT(quota),ISTEXT(B2)),#VALUE!,IF(OR(quota<0,B2<0),#NUM!,ROUNDUP(quota/B2*(1-1E-12),0)))'
"""

from __future__ import annotations

import re
from collections.abc import Callable

_DECLARED = re.compile(r"\[@(?P<here>\w+)\]|\b(?P<table>[A-Z]\w*)\[(?P<column>\w+)\]")
_BRIEF = re.compile(r"(?:\b[A-Za-z]\w*)?\[@(?:\[((?:'.|[^\]'])*)\]|((?:'.|[^\]\['])+))\]")
_MARKED = re.compile(r"([\[\]#'@])")

COUNTING = "counting"
"""A defined name: a column of a hidden sheet, whose row numbers stand for 1, 2, 3, ..."""

_SOON_ADDED = 4000  # terms that nobody waits for


def quota_from_growth(last_year_sales: str, growth_target: str) -> str:
    """Last year's sales, grown by the target."""
    return "=" + _guarded(
        f"{last_year_sales}*(1+{growth_target})",
        [last_year_sales, growth_target],
        [f"{last_year_sales}<0", f"{growth_target}<-1"],
    )


def required_customers(quota: str, avg_revenue: str) -> str:
    """Customers that reach the quota, in whole people."""
    return "=" + _guarded(
        _whole_up(f"{quota}/{avg_revenue}"),
        [quota, avg_revenue],
        [f"{quota}<0", f"{avg_revenue}<0"],
    )


def required_leads(quota: str, avg_revenue: str, conv_rate: str) -> str:
    """Leads that reach the quota, rounded up once."""
    return "=" + _guarded(
        _whole_up(f"{quota}/{avg_revenue}/{conv_rate}"),
        [quota, avg_revenue, conv_rate],
        [f"{quota}<0", f"{avg_revenue}<0", *_no_share(conv_rate)],
    )


def lead_value(avg_revenue: str, conv_rate: str) -> str:
    """What a lead is worth."""
    return "=" + _guarded(
        f"{avg_revenue}*{conv_rate}",
        [avg_revenue, conv_rate],
        [f"{avg_revenue}<0", *_no_share(conv_rate)],
    )


def quota_probability(leads: str, customers: str, won: str, total: str) -> str:
    """The probability that so many leads bring so many customers.

    Exact: with Jeffreys' prior customers are beta-binomial (smarketing_xl/funnel/chance.py). Added
    up one by one are the probabilities of so many leads that fail, where that is soon done, and
    else those of too few customers; up to 1,048,576 of them, as many as a sheet has rows, beyond
    that the cell shows #REF!.
    """
    spare = f"INT({leads})-{customers}"
    few = f"{spare}<MAX({_SOON_ADDED},{customers})"
    count = f"ROW(INDEX({COUNTING},1):INDEX({COUNTING},IF({few},{spare}+1,{customers})))"
    lost = f"{total}-{won}"
    terms = (
        f"GAMMALN({count}-0.5+IF({few},{lost},{won}))-GAMMALN({count})"
        f"+GAMMALN(INT({leads})+1.5-{count}+IF({few},{won},{lost}))"
        f"-GAMMALN(INT({leads})+2-{count})"
        f"+GAMMALN(INT({leads})+1)-GAMMALN(INT({leads})+{total}+1)+GAMMALN({total}+1)"
        f"-GAMMALN({won}+0.5)-GAMMALN({lost}+0.5)"
    )
    summed = f"MIN(1,ABS(IF({few},0,1)-SUMPRODUCT(EXP({terms}))))"
    reached = f"IF({spare}<0,0,IF({customers}=0,1,{summed}))"
    possible = f"IF({won}-{total}>0,#NUM!,{reached})"
    divided = f"IF({total}=0,#DIV/0!,{possible})"
    return "=" + _guarded(divided, [won, total], [f"{won}<0", f"{total}<0"])


def stage_volume(quota: str, avg_revenue: str, rate: str, rates: str) -> str:
    """What a stage of the funnel needs so that its last reaches the quota's customers.

    rate: this stage's share that reaches the next. rates: that of all stages, in order; what the
    last holds plays no part.
    """
    later = f"{rate}:INDEX({rates},ROWS({rates})-1)"
    customers = f"{quota}/{avg_revenue}"
    is_last = f"ROW({rate})-ROW(INDEX({rates},1))+1=ROWS({rates})"
    volume = _whole_up(f"{customers}/PRODUCT({later})")
    share = f"IF(OR(MIN({later})<0,MAX({later})>1),#NUM!,{volume})"
    filled = f"IF(COUNT({later})<ROWS({later}),#DIV/0!,{share})"
    judged = f"IF(COUNTA({later})>COUNT({later}),#VALUE!,{filled})"
    return "=" + _guarded(
        f"IF({is_last},{_whole_up(customers)},{judged})",
        [quota, avg_revenue],
        [f"{quota}<0", f"{avg_revenue}<0"],
    )


def leads_due(
    month: str, months: str, quotas: str, avg_revenue: str, conv_rate: str, cycle_days: str
) -> str:
    """Leads to bring in a month so that the sales a cycle later can close.

    The days on which they close touch three calendar months at most; each sells its quota evenly
    over its days, and the plan comes again after its last month (smarketing_xl/funnel/plan.py).
    Blank where the row names no month.
    """
    start = f"(EOMONTH({month},-1)+1+{cycle_days})"
    end = f"(EOMONTH({month},0)+1+{cycle_days})"
    first = f"MIN({months})"
    ahead = f"(YEAR({start})-YEAR({first}))*12+MONTH({start})-MONTH({first})"
    parts = []
    for number in range(3):
        opens = f"(EOMONTH({start},{number - 1})+1)"
        closes = f"(EOMONTH({start},{number})+1)"
        share = f"MAX(0,MIN({end},{closes})-MAX({start},{opens}))/({closes}-{opens})"
        place = f"MOD({ahead}+{number},COUNT({months}))"
        sold = (
            f'SUMIFS({quotas},{months},">"&EOMONTH({first},{place}-1),'
            f'{months},"<"&EOMONTH({first},{place})+1)'
        )
        parts.append(f"{share}*{sold}")
    leads = _whole_up(f"ROUND(({'+'.join(parts)})/{avg_revenue}/{conv_rate},9)")
    span = f"(YEAR(MAX({months}))-YEAR({first}))*12+MONTH(MAX({months}))-MONTH({first})+1"
    whole = f"IF(OR(MIN({quotas})<0,{span}<>COUNT({months})),#NUM!,{leads})"
    guarded = _guarded(
        whole,
        [avg_revenue, conv_rate, cycle_days],
        [f"{avg_revenue}<0", *_no_share(conv_rate), f"{cycle_days}<0", f"{cycle_days}-1825>0"],
    )
    return f'=IF({month}="","",{guarded})'


def labelled(formula: str, title: Callable[[str, str], str], own: str = "") -> str:
    """A formula as a workbook holds it: the headers of columns in the place of their keys.

    title: the header of a table's column, by the table's name and the column's key. own: the table
    that `[@key]` belongs to.

    >>> labelled("=[@share]*SUM(Plan[quota])", lambda table, key: key.title(), "Plan")
    '=Plan[[#This Row],[Share]]*SUM(Plan[Quota])'
    """

    def label(found: re.Match[str]) -> str:
        if found["here"]:
            return f"{own}[[#This Row],[{_escaped(title(own, found['here']))}]]"
        return f"{found['table']}[{_escaped(title(found['table'], found['column']))}]"

    return _DECLARED.sub(label, formula)


def in_full(formula: str, own: str) -> str:
    """A formula of a table as every program reads it; Excel shortens `[#This Row]` to `@`.

    >>> in_full("=[@Share]*[@[Close rate]]", "Plan")
    '=Plan[[#This Row],[Share]]*Plan[[#This Row],[Close rate]]'
    """
    return _BRIEF.sub(lambda found: f"{own}[[#This Row],[{found[1] or found[2]}]]", formula)


def _escaped(header: str) -> str:
    """A header inside a structured reference."""
    return _MARKED.sub(r"'\1", header)


def _whole_up(number: str) -> str:
    """Rounded up, unless a whole number was missed only by floating-point noise (funnel.NOISE)."""
    return f"ROUNDUP({number}*(1-1E-12),0)"


def _no_share(reference: str) -> list[str]:
    """Below 0, or above 1 (by a difference: TRUE is more than any number, and yet counts as 1)."""
    return [f"{reference}<0", f"{reference}-1>0"]


def _guarded(answer: str, references: list[str], wrong: list[str]) -> str:
    """An answer unless a reference holds a text, or one of the tests says out of range."""
    texts = ",".join(f"ISTEXT({reference})" for reference in references)
    return f"IF(OR({texts}),#VALUE!,IF(OR({','.join(wrong)}),#NUM!,{answer}))"
