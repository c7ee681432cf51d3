"""What the functions have in common: a cell judged, ranges lined up element by element.

All of these answer pieces of a formula as people read it. `x` is a parameter or a name that holds
one cell, or a whole range where that is said. What a cell may be, and which error answers for it,
is that of `smarketing_xl.elementwise` and `udfs.helpers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from smarketing_xl.elementwise import Number
from smarketing_xl.funnel.goals import NOISE

SHORT = 1_000
"""Characters up to which an answer is written twice: single cells then need no array."""

Judge = Callable[[str], str]
"""From a cell to its good value, or to the error that it answers."""


def written(value: float) -> str:
    """A number as a formula has it.

    >>> written(0.95), written(3.0), written(1e-12), written(math.nan)
    ('0.95', '3', '1E-12', '#NUM!')
    """
    if math.isnan(value):
        return "#NUM!"
    return f"{value:.15g}".upper().replace("E+", "E")


def let(bindings: Mapping[str, str], answer: str) -> str:
    """Names for pieces that are used more than once."""
    pairs = "".join(f"{name},{text}," for name, text in bindings.items())
    return f"LET({pairs}{answer})" if pairs else answer


def first_error(cells: Sequence[str], answer: str) -> str:
    """The first of these that is an error, else the answer."""
    for cell in reversed(cells):
        answer = f"IF(ISERROR({cell}),{cell},{answer})"
    return answer


def first_of(cells: str) -> str:
    """The first error in an array, else zero."""
    return f"REDUCE(0,{cells},LAMBDA(first,cell,IF(ISERROR(first),first,IF(ISERROR(cell),cell,0))))"


def passed(x: str) -> str:
    """An error as our formulas pass it on: what they never answer themselves is #VALUE!."""
    return f'IF(ISERROR(FIND(ERROR.TYPE({x}),"267")),#VALUE!,{x})'


def number(domain: Number) -> Judge:
    """A cell as a number. A blank counts as zero."""
    return _judged(domain, "0")


def number_or_blank(domain: Number) -> Judge:
    """A cell as a number, where a blank is told from zero: it answers an empty text."""
    return _judged(domain, '""')


def _judged(domain: Number, blank: str) -> Judge:
    limits = [f"num<{written(domain.low)}"] * math.isfinite(domain.low)
    limits += [f"num>{written(domain.high)}"] * math.isfinite(domain.high)
    answer = "IF(num=0,#DIV/0!,num)" if domain.divisor else "num"
    if limits:
        beyond = limits[0] if len(limits) == 1 else f"OR({','.join(limits)})"
        answer = f"IF({beyond},#NUM!,{answer})"
        if blank == '""':
            answer = f'IF(num="",num,{answer})'

    def judge(x: str) -> str:
        plain = _number(x, blank)
        return plain if answer == "num" else let({"num": plain}, first_error(["num"], answer))

    return judge


def _number(x: str, blank: str) -> str:
    typed = f'IF({x}="",{blank},IF(ISTEXT({x}),#VALUE!,{x}+0))'
    return f"IF(ISNUMBER({x}),{x},IF(ISERROR({x}),{passed(x)},{typed}))"


def moment(x: str) -> str:
    """A date as whole seconds since the day 0 of the spreadsheet. A blank is #N/A."""
    return _moment(x, "#N/A")


def moment_or_blank(x: str) -> str:
    """A date as `moment` has it, where a blank is no error but -1. x: a cell of the formula."""
    return _moment(x, "-1")


def _moment(x: str, blank: str) -> str:
    seconds = f"IF(OR({x}<0,{x}>2958465.99999999),#NUM!,ROUND({x}*86400,0))"
    other = f'IF(ISERROR({x}),{passed(x)},IF({x}="",{blank},#VALUE!))'
    return f"IF(ISNUMBER({x}),{seconds},{other})"


def is_blank(x: str) -> str:
    """A formula that tells whether one cell is blank, or an empty text; never an error."""
    return f'IF(OR(ISNUMBER({x}),ISERROR({x})),FALSE,{x}="")'


def size(x: str) -> str:
    """How many cells an argument has."""
    return f"IFERROR(ROWS({x})*COLUMNS({x}),1)"


def flag(x: str) -> str:
    """TRUE or FALSE in one cell; TRUE where it is blank or left out."""
    typed = f'IF({x}="",TRUE,IF(ISTEXT({x}),#VALUE!,{x}))'
    single = f"IF(ISNUMBER({x}),{x}<>0,IF(ISERROR({x}),{passed(x)},{typed}))"
    return f"IF(ISOMITTED({x}),TRUE,{one(x, single)})"


def one(x: str, judged: str) -> str:
    """What one cell answers; a range is #VALUE!."""
    return f"IF({size(x)}>1,#VALUE!,{judged})"


def one_number(x: str) -> str:
    """One number that must be there: a blank is #N/A."""
    return one(x, _number(x, "#N/A"))


def single_number(x: str, default: float) -> str:
    """One number; the default where it is blank or left out."""
    shown = written(default)
    return f"IF(ISOMITTED({x}),{shown},{one(x, _number(x, shown))})"


def single_text(x: str) -> str:
    """One text, "" where it is blank or left out; a whole number as its digits, else "?"."""
    other = f'IF(ISERROR({x}),{passed(x)},IF(ISLOGICAL({x}),"?",{x}&""))'
    single = f'IF(ISNUMBER({x}),IF({x}=INT({x}),{x}&"","?"),{other})'
    return f'IF(ISOMITTED({x}),"",{one(x, single)})'


def nothing(x: str) -> str:
    """Whether a range is one blank cell."""
    return f"IF({size(x)}>1,FALSE,{is_blank(x)})"


def or_default(x: str, default: str) -> str:
    """A range as it is; the default where one cell is blank, or nothing was given."""
    return f"IF(ISOMITTED({x}),{default},IF({nothing(x)},{default},{x}))"


def along(x: str, place: str) -> str:
    """A cell of a single row or column."""
    return f"IF({size(x)}=1,{x},INDEX({x},IF(ROWS({x})>1,{place},1),IF(ROWS({x})>1,1,{place})))"


def several_lines(x: str) -> str:
    """Whether a range is neither a single row nor a single column."""
    return f"IFERROR(AND(ROWS({x})>1,COLUMNS({x})>1),FALSE)"


def filled(x: str) -> str:
    """How many cells a row or column has up to its last filled one."""
    test = f"LET(cell,{along(x, 'k')},IF({is_blank('cell')},far,k))"
    return f"REDUCE(0,SEQUENCE({size(x)}),LAMBDA(far,k,{test}))"


def at(x: str) -> str:
    """The cell of a range in row i and column j: a single row, column or cell repeats, and where a
    range ends too soon there is #N/A."""
    beyond = f"OR(AND(i>ROWS({x}),ROWS({x})>1),AND(j>COLUMNS({x}),COLUMNS({x})>1))"
    cell = f"INDEX({x},MIN(i,ROWS({x})),MIN(j,COLUMNS({x})))"
    return f"IF({size(x)}=1,{x},IF({beyond},#N/A,{cell}))"


def sizes(ranges: Sequence[str]) -> dict[str, str]:
    """Rows and columns of ranges lined up."""
    high = ",".join(f"IFERROR(ROWS({x}),1)" for x in ranges)
    wide = ",".join(f"IFERROR(COLUMNS({x}),1)" for x in ranges)
    return {"high": f"MAX({high})", "wide": f"MAX({wide})"}


def element_by_element(
    judges: Mapping[str, Judge], answer: str, checks: Mapping[str, str] | None = None
) -> str:
    """An answer of single cells over ranges lined up as Excel does.

    judges: by the name of each range. answer: in terms of the good values, `v_` and the name.
    checks: further names whose errors answer as well, in terms of all values.
    """

    def of_cells(cells: Mapping[str, str], first: Mapping[str, str]) -> str:
        values = {f"v_{name}": judge(cells[name]) for name, judge in judges.items()}
        bindings = {**first, **values, **(checks or {})}
        return let(bindings, first_error([*values, *(checks or {})], answer))

    single = of_cells({name: name for name in judges}, {})
    elements = {f"x_{name}": at(name) for name in judges}
    many = of_cells({name: f"x_{name}" for name in judges}, elements)
    grid = f"MAKEARRAY(high,wide,LAMBDA(i,j,{many}))"
    if len(single) <= SHORT:
        return let(sizes(list(judges)), f"IF(high*wide=1,{single},{grid})")
    alone = "IF(high*wide=1,INDEX(grid,1,1),grid)"
    return let(sizes(list(judges)), let({"grid": grid}, alone))


def rounded_up(x: str) -> str:
    """`funnel.whole_up` of a number, 0 or more, without comparing numbers that may be tiny."""
    up = f"ROUNDUP(part*(1-{written(NOISE)}),0)"
    return f"LET(part,{x},up,{up},up+SIGN(part)-SIGN(up))"


def at_most(part: str, total: str) -> str:
    """#NUM! where one good value is more than another."""
    return f"IF(OR(ISERROR({part}),ISERROR({total})),0,IF({part}>{total},#NUM!,0))"


def quoted(text: str) -> str:
    """A text as a formula has it."""
    return '"' + text.replace('"', '""') + '"'
