"""Step 5: credit of counted paths by the rules that share it out by place: first, last, linear.

Markov, Shapley and the others need Python: within a workbook they answer #N/A, also where the model
is left out. Names of channels that differ in case alone are one here, as everywhere in Excel.
"""

from __future__ import annotations

from smarketing_xl.elementwise import Number
from smarketing_xl.i18n import LANGUAGES, translate
from udfs.lambdas.cells import (
    along,
    first_error,
    first_of,
    let,
    nothing,
    number,
    or_default,
    passed,
    quoted,
    several_lines,
    single_text,
    size,
)

_SHARES = {
    "first": "(SEQUENCE(1,long)=1)*1",
    "last": "(SEQUENCE(1,long)=long)*1",
    "linear": "SEQUENCE(1,long,1,0)/long",
}
_COUNT = number(Number(""))


def attribute_paths() -> str:
    """Customers (or revenue) by channel, most first. Paths that are blank are left out."""
    columns = {"count": size("paths"), "sold": "customers", "failed": or_default("lost", "0")}
    columns["earned"] = or_default("revenue", "0")
    lines = ["paths", "sold", "failed", "earned"]
    cell = along("paths", "k")
    typed = f'LET(cell,{cell},IF(ISERROR(cell),{passed("cell")},cell&""))'
    read = {
        "money": f"IF(ISOMITTED(revenue),FALSE,NOT({nothing('revenue')}))",
        "texts": f"MAKEARRAY(count,1,LAMBDA(k,one,{typed}))",
        "wins": _numbers("sold"),
        "losses": _numbers("failed"),
        "gains": _numbers("earned"),
        "bad_text": first_of("texts"),
        "bad_win": first_of("wins"),
        "bad_loss": first_of("losses"),
        "bad_gain": first_of("gains"),
        "asked": single_text("model"),
    }
    uneven = [f"{size('sold')}<>count"]
    uneven += [f"AND({size(x)}>1,{size(x)}<>count)" for x in ("failed", "earned")]
    judged = first_error(
        ["bad_text", "bad_win", "bad_loss", "bad_gain", "asked"],
        f"IF(MIN(MIN(wins),MIN(losses))<0,#VALUE!,LET(kind,{_kind('asked')},"
        f"{first_error(['kind'], _credits())}))",
    )
    inside = f'IF(SUM((texts<>"")*1)=0,#N/A,{judged})'
    checked = f"IF(OR({','.join(map(several_lines, lines))},{','.join(uneven)}),#VALUE!,"
    alone = [f"IF({size(x)}=1,IF(ISERROR({x}),{passed(x)},0),0)" for x in lines]
    names = [f"whole_{name}" for name in lines]
    errors = dict(zip(names, alone, strict=True))
    return let({**columns, **errors}, first_error(names, checked + let(read, inside) + ")"))


def _numbers(column: str) -> str:
    """The numbers of a column beside the paths; none beside a blank path."""
    count = f"LET(cell,{along(column, 'k')},{_COUNT('cell')})"
    return (
        f"MAKEARRAY(count,1,LAMBDA(k,one,IF({size(column)}<count,0,"
        f'IF(IFERROR(INDEX(texts,k,1)="",FALSE),0,{count}))))'
    )


def _kind(asked: str) -> str:
    """Which of the shares a model is, by its name or its label; #N/A for one that needs Python."""
    from smarketing_xl.attribution.models import MODELS

    answer = "#NUM!"
    for key, model in MODELS.items():
        labels = {key, *(translate(model.label, language) for language in LANGUAGES)}
        is_it = ",".join(f"TRIM({asked})={quoted(label)}" for label in sorted(labels))
        place = str([*_SHARES].index(key) + 1) if key in _SHARES else "#N/A"
        answer = f"IF(OR({is_it}),{place},{answer})"
    return f'IF({asked}="",#N/A,{answer})'


def _credits() -> str:
    steps = 'TRIM(TEXTSPLIT(INDEX(texts,k,1),">"))'
    share = (
        f"LET(steps,{steps},long,COLUMNS(steps),"
        f"SUM((steps=channel)*CHOOSE(kind,{','.join(_SHARES.values())})))"
    )
    credit = f'IF(INDEX(texts,k,1)="",credit,credit+INDEX(amounts,k,1)*{share})'
    more = f'IF(INDEX(texts,k,1)="",above,VSTACK(above,TOCOL({steps})))'
    return let(
        {
            "amounts": "IF(money,gains,wins)",
            "channels": f'SORT(UNIQUE(DROP(REDUCE("",SEQUENCE(count),LAMBDA(above,k,{more})),1)))',
        },
        'IF(SUM((channels="")*1)>0,#VALUE!,LET(credits,MAP(channels,LAMBDA(channel,'
        f"REDUCE(0,SEQUENCE(count),LAMBDA(credit,k,{credit})))),"
        "SORTBY(HSTACK(channels,credits),credits,-1)))",
    )
