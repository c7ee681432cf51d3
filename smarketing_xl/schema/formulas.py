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
from collections.abc import Callable, Sequence

_DECLARED = re.compile(r"\[@(?P<here>\w+)\]|\b(?P<table>[A-Z]\w*)\[(?P<column>\w+)\]")
_BRIEF = re.compile(r"(?:\b[A-Za-z]\w*)?\[@(?:\[((?:'.|[^\]'])*)\]|((?:'.|[^\]\['])+))\]")
_MARKED = re.compile(r"([\[\]#'@])")

COUNTING = "counting"
"""A defined name: a column of a hidden sheet, whose row numbers stand for 1, 2, 3, ..."""

_SOON_ADDED = 4000  # terms that nobody waits for


def unless_blank(formula: str, *references: str) -> str:
    """A formula that stays blank while a cell that it needs is.

    >>> unless_blank("=quota/12", "quota")
    '=IF(quota="","",quota/12)'
    """
    blank = [f'{reference}=""' for reference in references]
    test = blank[0] if len(blank) == 1 else f"OR({','.join(blank)})"
    return f'=IF({test},"",{formula.removeprefix("=")})'


def quota_of_year(lines: str, last_year_sales: str, growth_target: str) -> str:
    """The sum of the lines' quotas where there are any, else last year's sales, grown."""
    grown = _guarded(
        f"{last_year_sales}*(1+{growth_target})",
        [last_year_sales, growth_target],
        [f"{last_year_sales}<0", f"{growth_target}<-1"],
    )
    unknown = f'OR({last_year_sales}="",{growth_target}="")'
    return f'=IF(COUNT({lines})>0,SUM({lines}),IF({unknown},"",{grown}))'


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


def marketing_quota(quota: str, existing: str, own: str) -> str:
    """What is left of the quota for marketing's leads."""
    return "=" + _guarded(
        f"MAX(0,{quota}-{existing}-{own})",
        [quota, existing, own],
        [f"{quota}<0", f"{existing}<0", f"{own}<0"],
    )


def month_quota(quota: str, share: str, shares: str) -> str:
    """A month's part of the quota; shares that do not add up to one are taken in proportion."""
    return f"={quota}*{share}/SUM({shares})"


def month_customers(month: str, months: str, quotas: str, part: str, avg_revenue: str) -> str:
    """What the month adds to the whole customers that the months up to it need.

    part: of the quotas that counts, as a factor.
    """
    before, until = _running(month, months, quotas)
    added = _guarded(
        f"{_whole_up(f'{until}*{part}/{avg_revenue}')}-{_whole_up(f'{before}*{part}/{avg_revenue}')}",
        [avg_revenue],
        [f"MIN({quotas})<0", f"{avg_revenue}<0"],
    )
    return f'=IF({month}="","",{added})'


def month_leads(
    month: str, months: str, quotas: str, part: str, avg_revenue: str, conv_rate: str
) -> str:
    """What the month adds to the whole leads that the months up to it need; see above."""
    before, until = (
        _whole_up(f"{money}*{part}/{avg_revenue}/{conv_rate}")
        for money in _running(month, months, quotas)
    )
    added = _guarded(
        f"{until}-{before}",
        [avg_revenue, conv_rate],
        [f"MIN({quotas})<0", f"{avg_revenue}<0", *_no_share(conv_rate)],
    )
    return f'=IF({month}="","",{added})'


def _running(month: str, months: str, money: str) -> tuple[str, str]:
    """The money of the months before a month, and of those up to it."""
    before, until = (f'SUMIFS({money},{months},"{sign}"&{month})' for sign in ("<", "<="))
    return before, until


def quota_probability(
    leads: str, customers: str, won: str, total: str, quota: str, avg_revenue: str, spread: str
) -> str:
    """The probability that so many leads bring the quota.

    Exact: with Jeffreys' prior customers are beta-binomial (smarketing_xl/funnel/chance.py). Where
    revenue does not spread, so many customers bring it; where it does, each number of customers
    brings it with the chance of a gamma distribution (smarketing_xl/funnel/revenue.py).
    """
    plain = _customers_probability(leads, customers, won, total)
    spreads = _revenue_probability(leads, quota, avg_revenue, won, total, spread)
    possible = f"IF({won}-{total}>0,#NUM!,IF({spread}>0,{spreads},{plain}))"
    divided = f"IF({total}=0,#DIV/0!,{possible})"
    return "=" + _guarded(
        divided,
        [won, total, spread],
        [f"{won}<0", f"{total}<0", f"{spread}<0", f"{spread}-10>0"],
    )


def _revenue_probability(
    leads: str, quota: str, avg_revenue: str, won: str, total: str, spread: str
) -> str:
    """1 less, for every number of customers, its probability x that of bringing less.

    Beyond the number that brings the quota as good as surely nothing is added.
    """
    needed = f"{quota}/{avg_revenue}"
    count = _up_to(f"MIN(INT({leads}),{_enough(needed, spread)})")
    a, b, every = f"{won}+0.5", f"{total}-{won}+0.5", f"INT({leads})"
    terms = (
        f"GAMMALN({every}+1)-GAMMALN({count}+1)-GAMMALN({every}+1-{count})"
        f"+GAMMALN({count}+{a})+GAMMALN({every}-{count}+{b})-GAMMALN({every}+{total}+1)"
        f"-GAMMALN({a})-GAMMALN({b})+GAMMALN({total}+1)"
    )
    less = f"GAMMADIST({quota},{count}/{spread}^2,{avg_revenue}*{spread}^2,TRUE)"
    none = f"EXP(GAMMALN({every}+{b})-GAMMALN({b})+GAMMALN({total}+1)-GAMMALN({every}+{total}+1))"
    return f"IF({quota}=0,1,IF({every}<1,0,{_reached(none, terms, less)}))"


def _enough(needed: str, spread: str) -> str:
    """So many customers bring a quota that takes about so many as good as surely."""
    return f"ROUNDUP({needed}+12*{spread}*SQRT({needed})+(12*{spread})^2,0)"


def _up_to(most: str) -> str:
    """The numbers from 1 to one, as an array."""
    return f"ROW(INDEX({COUNTING},1):INDEX({COUNTING},{most}))"


def _reached(none: str, terms: str, less: str) -> str:
    """The probability that a quota is reached.

    none: that no customer comes. terms: logarithms of the probabilities of so many. less: that so
    many bring less than it.
    """
    return f"MAX(0,MIN(1,1-{none}-SUMPRODUCT(EXP({terms})*{less})))"


def _customers_probability(leads: str, customers: str, won: str, total: str) -> str:
    """The probability that so many leads bring so many customers.

    Added up one by one are the probabilities of so many leads that fail, where that is soon done,
    and else those of too few customers; up to 1,048,576 of them, as many as a sheet has rows,
    beyond that the cell shows #REF!.
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
    return f"IF({spare}<0,0,IF({customers}=0,1,{summed}))"


def how_unsure(wanted: str, quota: str, avg_revenue: str, won: str, total: str, spread: str) -> str:
    """How far the leads that bring the quota may lie apart: deviation of their logarithm.

    From the doubt about the conversion rate, and from chance over so many customers.
    """
    lost = f"({total}-{won}+0.5)"
    rate = f"{lost}/({won}+0.5)/({total}+2)"
    chance = f"({lost}/({total}+1)+{spread}^2)*{avg_revenue}/{quota}"
    unsure = f"SQRT({rate}+{chance})"
    wrong = f"IF({avg_revenue}<0,#NUM!,{quota}/{avg_revenue})"
    return f'=IF({wanted}="","",IF({quota}=0,0,IF({avg_revenue}>0,{unsure},{wrong})))'


def first_try(wanted: str, unsure: str, quota: str, avg_revenue: str, won: str, total: str) -> str:
    """Leads that bring the quota with about a probability: where the search begins."""
    needed = f"{quota}/{avg_revenue}*({total}+1)/({won}+0.5)"
    first = f"MAX(1,ROUND({needed}*EXP(NORMSINV({wanted})*{unsure}),0))"
    return f'=IF({wanted}="","",IF(ISNUMBER({unsure}),{first},{unsure}))'


def how_likely(wanted: str, leads: str, *given: str) -> str:
    """The probability of so many leads, as deviations of a normal distribution.

    given: customers, won, total, quota, avg_revenue and spread of `quota_probability`.
    """
    probability = quota_probability(leads, *given)[1:]
    deviate = f"NORMSINV(MAX(1E-12,MIN(1-1E-12,{probability})))"
    return f'=IF({wanted}="","",IF(ISNUMBER({leads}),{deviate},{leads}))'


def next_try(
    wanted: str, unsure: str, tried: str, likely: str, before: str = "", likely_before: str = ""
) -> str:
    """Leads nearer to a probability than those tried, by the secant through the try before."""
    nearer = _nearer(wanted, unsure, tried, likely, before, likely_before)
    return f'=IF({wanted}="","",IF(ISNUMBER({tried}),MAX(1,ROUND({nearer},0)),{tried}))'


def leads_for_probability(
    wanted: str,
    quota: str,
    unsure: str,
    tried: str,
    likely: str,
    before: str,
    likely_before: str,
) -> str:
    """The fewest leads that bring the quota with a probability, from the last two tries.

    The same as LEADS_FOR_PROBABILITY (smarketing_xl/funnel/chance.py), which looks for it by
    halving; close to the last try the probability is a line.
    """
    nearer = _nearer(wanted, unsure, tried, likely, before, likely_before)
    found = f"IF(ISNUMBER({tried}),MAX(1,ROUNDUP({nearer}-0.000001,0)),{tried})"
    return f'=IF({wanted}="","",IF({quota}=0,0,{found}))'


def _nearer(
    wanted: str, unsure: str, tried: str, likely: str, before: str, likely_before: str
) -> str:
    """Leads that a line through two tries has at a probability, both as logarithms."""
    missing = f"(NORMSINV({wanted})-{likely})"
    step = f"{missing}*{unsure}"
    if before:
        apart = f"({likely}-{likely_before})"
        rises = f"{apart}*({tried}-{before})>0"
        step = f"IF({rises},{missing}*LN({tried}/{before})/IF({apart}=0,1,{apart}),{step})"
    return f"{tried}*EXP(MAX(-2,MIN(2,{step})))"


def forecast_probability(
    part: str, quota: str, came: str, customers: str, deviation: str, deal: str, spread: str
) -> str:
    """The chance that what came and what is to come reach the quota; blank where there is none.

    Customers to come are negative binomial, their revenue gamma distributed
    (smarketing_xl/funnel/revenue.py).
    """
    missing, needed = f"({quota}-{came})", f"({quota}-{came})/{deal}"
    count = _up_to(_enough(needed, spread))
    shape = f"({customers}^2/MAX({deviation}^2-{customers},0.000001*{customers}))"
    none = f"EXP({shape}*LN({shape}/({shape}+{customers})))"
    terms = (
        f"GAMMALN({shape}+{count})-GAMMALN({shape})-GAMMALN({count}+1)"
        f"+{shape}*LN({shape}/({shape}+{customers}))+{count}*LN({customers}/({shape}+{customers}))"
    )
    less = f"GAMMADIST({missing},{count}/{spread}^2,{deal}*{spread}^2,TRUE)"
    reached = f"IF({missing}<=0,1,IF(N({customers})<=0,0,{_reached(none, terms, less)}))"
    return f'=IF(OR({part}="",{quota}=""),"",{reached})'


def line_customers(quota: str, part: str, revenue: str, usual: str) -> str:
    """Customers that a line's quota needs; the goals' revenue per customer where it has none."""
    given = f"IF(N({revenue})=0,{usual},{revenue})"
    return f'=IF({quota}="","",{_whole_up(f"{quota}*{part}/{given}")})'


def line_leads(quota: str, part: str, revenue: str, usual: str, rate: str, usual_rate: str) -> str:
    """Leads that a line's quota needs; the goals' revenue and rate where it has none."""
    given = f"IF(N({revenue})=0,{usual},{revenue})"
    share = f"IF(N({rate})=0,{usual_rate},{rate})"
    return f'=IF({quota}="","",{_whole_up(f"{quota}*{part}/{given}/{share}")})'


def of_line(line: str, counted: str, months: str, lines: str = "") -> str:
    """What a line has in the months of the plan, of a column of a table with month and line.

    lines: a column in which the line must stand at all; blank where it does not.
    """
    table = counted.split("[")[0]
    unknown = f"COUNTIFS({lines},{line})=0" if lines else f'{line}=""'
    return (
        f'=IF({unknown},"",SUMIFS({counted},{table}[line],{line},'
        f'{table}[month],">"&EOMONTH(MIN({months}),-1),'
        f'{table}[month],"<="&EOMONTH(MAX({months}),0)))'
    )


def conversion_rate(chosen: str, typed: str, measured: str, stages: str, rates: str) -> str:
    """The rate as chosen: what is typed, the funnel's product from its leads on, or the measured.

    chosen: an entry of the list RateFrom. The funnel's leads are the stage so called, else its
    first.
    """
    last = f"INDEX({rates},ROWS({rates})-1)"
    product = f"PRODUCT(INDEX({rates},{lead_stage(stages)}):{last})"
    given = f'IF({typed}="","",{typed})'
    return f"=CHOOSE(IFERROR(MATCH({chosen},RateFrom,0),1),{given},{product},{measured})"


def lead_stage(stages: str) -> str:
    """Which stage of the funnel leads are: that which is called so, else the first."""
    return f'IFERROR(MATCH("lead*",{stages},0),1)'


def came(month: str, counted: str) -> str:
    """What came in a month, of a column of the table Outcomes."""
    return (
        f'=IF({month}="","",SUMIFS({counted},Outcomes[month],">"&EOMONTH({month},-1),'
        f'Outcomes[month],"<="&EOMONTH({month},0)))'
    )


def came_in_year(counted: str, as_of: str, planned: str, months: str) -> str:
    """What came in the months of the plan; where it has none, in the calendar year of a day.

    counted: a column of the table Outcomes. planned: the same by the months of the plan.
    """
    first, last = (f"DATE(YEAR({as_of}),{month_and_day})" for month_and_day in ("1,1", "12,31"))
    return (
        f'=IF(COUNT({months})=0,SUMIFS({counted},Outcomes[month],">="&{first},'
        f'Outcomes[month],"<="&{last}),SUM({planned}))'
    )


def so_far(month: str, months: str, money: str, as_of: str) -> str:
    """What came up to the end of a month; blank for months that have not begun."""
    return f'=IF({_begun(month, as_of)},SUMIFS({money},{months},"<="&{month}),"")'


def gap(month: str, months: str, money: str, quotas: str, as_of: str, passed: str) -> str:
    """What came less the quota, both up to the end of a month; blank for months not begun.

    passed: how much of the month of `as_of` has passed; its quota counts as far.
    """
    came, before = (
        f'SUMIFS({each},{months},"<="&{until})'
        for each, until in ((money, month), (quotas, f"EOMONTH({month},-1)"))
    )
    part = f"IF({as_of}<=EOMONTH({month},0),{passed},1)"
    wanted = f"({before}+{_in_month(month, months, quotas)}*{part})"
    return f'=IF({_begun(month, as_of)},{came}-{wanted},"")'


def expected_in(month: str, expected: str, names: str) -> str:
    """What the forecast expects of a month: its row is named by year and month."""
    name = f'YEAR({month})&"-"&RIGHT("0"&MONTH({month}),2)'
    return f'=IFERROR(INDEX({expected},MATCH({name},{names},0)),"")'


def month_passed(as_of: str, months: str, promised: str, to_date: str) -> str:
    """How much of a month has passed by a day: of its working time as the SLA counts, else days.

    months, promised, to_date: columns of the table SlaMarketing, which has a row for the month once
    it is filled.
    """
    due, whole = (_in_month(as_of, months, each) for each in (to_date, promised))
    return f"=IFERROR({due}/{whole},DAY({as_of})/DAY(EOMONTH({as_of},0)))"


def planned_by(as_of: str, passed: str, months: str, planned: str) -> str:
    """What the plan wants by a day: months over, and this one as far as it has passed."""
    over = f'SUMIFS({planned},{months},"<="&EOMONTH({as_of},-1))'
    return f"={over}+{_in_month(as_of, months, planned)}*{passed}"


def planned_in_month(as_of: str, months: str, planned: str, passed: str = "1") -> str:
    """What the plan wants of the month of a day, as far as it has passed.

    Blank for a month that is not in the plan.
    """
    known = f'COUNTIFS({months},">"&EOMONTH({as_of},-1),{months},"<="&EOMONTH({as_of},0))'
    return f'=IF({known}=0,"",{_in_month(as_of, months, planned)}*{passed})'


def _in_month(as_of: str, months: str, planned: str) -> str:
    return f'SUMIFS({planned},{months},">"&EOMONTH({as_of},-1),{months},"<="&EOMONTH({as_of},0))'


def month_to_date(
    as_of: str,
    text: str,
    months: Sequence[str],
    parts: Sequence[str],
    half: tuple[float, float],
) -> str:
    """The days of a month until a day of it and what part they are, in words.

    text: with {days}, {month} and {part}. parts: less than half, half, more, the whole month.
    """
    part = f"DAY({as_of})/DAY(EOMONTH({as_of},0))"
    low, high = half
    less, middle, more, whole = (f'"{each}"' for each in parts)
    words = f"IF({part}=1,{whole},IF({part}<{low},{less},IF({part}<={high},{middle},{more})))"
    listed = ",".join(f'"{each}"' for each in months)
    cells = {
        "days": f'IF(DAY({as_of})=1,"1","1–"&DAY({as_of}))',
        "month": f"CHOOSE(MONTH({as_of}),{listed})",
        "part": words,
    }
    return '="' + text.format(**{key: f'"&{cell}&"' for key, cell in cells.items()}) + '"'


def in_words(came: str, planned: str, more: str, less: str, even: str) -> str:
    """How far something is ahead of or behind the plan, in words with its number."""
    apart = f"ROUND({came}-{planned},0)"
    return (
        f'=IF(OR({came}="",{planned}=""),"",IF({apart}=0,"{even}",'
        f'IF({apart}>0,FIXED({apart},0)&" {more}",FIXED(-{apart},0)&" {less}")))'
    )


def _begun(month: str, as_of: str) -> str:
    """A month that is over or going on."""
    return f'IF({month}="",FALSE,EOMONTH({month},-1)<{as_of})'


def within_count(rate: str, won: str, total: str, lowest: str, highest: str) -> str:
    """Whether a rate lies in the interval measured; else that interval.

    lowest, highest: the interval; where there is none, Wilson's of a count, 95 %.
    """
    z = "1.959963984540054"
    centre = f"({won}/{total}+{z}^2/2/{total})"
    half = f"{z}*SQRT({won}/{total}*(1-{won}/{total})/{total}+({z}/2/{total})^2)"
    low, high = (f"(({centre}{sign}{half})/(1+{z}^2/{total}))" for sign in "-+")
    counted = f'IF(N({total})=0,"✓",{_within(rate, low, high)})'
    return f"=IF(N({highest})=0,{counted},{_within(rate, lowest, highest)})"


def _within(rate: str, low: str, high: str) -> str:
    return (
        f'IF(AND({rate}>={low}-0.000000001,{rate}<={high}+0.000000001),"✓",'
        f'"✗ "&FIXED({low}*100,1)&"–"&FIXED({high}*100,1)&" %")'
    )


def agree_lines(quotas: str, leads: str, quota: str, needed: str) -> str:
    """Whether lines sum to the goals, leads within 2 % and a lead a line; else their sums."""
    apart = f"ABS(SUM({leads})-{needed})>MAX(COUNT({leads}),0.02*{needed})"
    return (
        f'=IF(COUNT({quotas})=0,"✓",IF(OR(ABS(SUM({quotas})-{quota})>0.005*{quota},{apart}),'
        f'"✗ "&FIXED(SUM({quotas}),0)&", "&FIXED(SUM({leads}),0),"✓"))'
    )


def sales_capacity(start: str, end: str, ramp: str, leads: str, first: str) -> str:
    """Leads that a seller can work in the twelve months of the plan.

    In each month of the ramp a part more: with a ramp of two months none, half, and then all.
    """
    months = [f"EDATE({first},{number})" for number in range(12)]
    parts = [
        f"(MAX(0,MIN(1,IF(N({ramp})=0,IF({month}>=N({start}),1,0),"
        f"((YEAR({month})-YEAR(N({start})+1))*12+MONTH({month})-MONTH(N({start})+1))/{ramp})))"
        f'*IF(OR({end}="",{month}<={end}),1,0)*IF(EOMONTH({month},0)>=N({start}),1,0))'
        for month in months
    ]
    return f'=IF({leads}="","",{leads}*({"+".join(parts)}))'


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
    month: str,
    months: str,
    quotas: str,
    part: str,
    avg_revenue: str,
    conv_rate: str,
    cycle_days: str,
) -> str:
    """Leads to bring in a month so that the sales a cycle later can close.

    Of all that closes by the end of those days, what is new: each month sells its quota evenly over
    its days, and the plan comes again after its last month (smarketing_xl/funnel/plan.py). Blank
    where the row names no month.
    """
    first = f"MIN({months})"
    before, until = (
        _closed_by(f"(EOMONTH({month},{number})+1+{cycle_days})", months, quotas)
        for number in (-1, 0)
    )
    due = "-".join(
        _whole_up(f"ROUND({closed}*{part}/({avg_revenue}*{conv_rate}),9)")
        for closed in (until, before)
    )
    span = f"(YEAR(MAX({months}))-YEAR({first}))*12+MONTH(MAX({months}))-MONTH({first})+1"
    whole = f"IF(OR(MIN({quotas})<0,{span}<>COUNT({months})),#NUM!,{due})"
    guarded = _guarded(
        whole,
        [avg_revenue, conv_rate, cycle_days],
        [f"{avg_revenue}<0", *_no_share(conv_rate), f"{cycle_days}<0", f"{cycle_days}-1825>0"],
    )
    return f'=IF({month}="","",{guarded})'


def _closed_by(day: str, months: str, quotas: str) -> str:
    """The sales of the plan, come again as often as need be, that are closed by a day."""
    first = f"MIN({months})"
    ahead = f"((YEAR({day})-YEAR({first}))*12+MONTH({day})-MONTH({first}))"
    turns, place = f"INT({ahead}/COUNT({months}))", f"MOD({ahead},COUNT({months}))"
    opens, closes = f"(EOMONTH({day},-1)+1)", f"(EOMONTH({day},0)+1)"
    earlier = f'SUMIFS({quotas},{months},"<"&EOMONTH({first},{place}-1)+1)'
    this = (
        f'SUMIFS({quotas},{months},">"&EOMONTH({first},{place}-1),'
        f'{months},"<"&EOMONTH({first},{place})+1)'
    )
    return f"({turns}*SUM({quotas})+{earlier}+({day}-{opens})/({closes}-{opens})*{this})"


def labelled(formula: str, title: Callable[[str, str], str], own: str = "") -> str:
    """A formula as a workbook holds it: the headers of columns in the place of their keys.

    title: the header of a table's column, by the table's name and the column's key. own: the table
    that `[@key]` belongs to.

    >>> labelled("=[@share]*SUM(Plan[quota])", lambda table, key: key.title(), "Plan")
    '=Plan[[#This Row],[Share]]*SUM(Plan[Quota])'
    """

    def label(match: re.Match[str]) -> str:
        if match["here"]:
            return f"{own}[[#This Row],[{_escaped(title(own, match['here']))}]]"
        return f"{match['table']}[{_escaped(title(match['table'], match['column']))}]"

    return _DECLARED.sub(label, formula)


def in_full(formula: str, own: str) -> str:
    """A formula of a table as every program reads it; Excel shortens `[#This Row]` to `@`.

    >>> in_full("=[@Share]*[@[Close rate]]", "Plan")
    '=Plan[[#This Row],[Share]]*Plan[[#This Row],[Close rate]]'
    """
    return _BRIEF.sub(lambda match: f"{own}[[#This Row],[{match[1] or match[2]}]]", formula)


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
