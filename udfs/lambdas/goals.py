"""Step 2: the funnel, the plan of the year, leads due ahead, how sure it all is."""

from __future__ import annotations

from smarketing_xl import funnel
from smarketing_xl.elementwise import Number
from smarketing_xl.funnel.chance import MOST_LEADS, SPREAD, TOTAL, WON
from smarketing_xl.funnel.goals import AVG_REVENUE, CONVERSION, QUOTA
from smarketing_xl.funnel.plan import TOLERANCE, leads_ahead
from smarketing_xl.i18n import current_language
from udfs.lambdas import calendar
from udfs.lambdas.cells import (
    along,
    at,
    at_most,
    element_by_element,
    filled,
    first_error,
    first_of,
    flag,
    let,
    moment,
    nothing,
    number,
    one,
    one_number,
    or_default,
    quoted,
    rounded_up,
    several_lines,
    size,
    sizes,
    written,
)

_PROBABILITY = funnel.leads_for_probability.domains["probability"]
_LEADS = funnel.quota_probability.domains["leads"]
_CONFIDENCE = funnel.conversion_range.domains["confidence"]
_CYCLE_DAYS = leads_ahead.domains["cycle_days"]
_ANY = number(Number(""))


def funnel_volumes() -> str:
    """A funnel beside the other for each target; see the formula's Python for how they stand."""
    rate = number(CONVERSION)(along("conversions", "k"))
    result = "IF(ISERROR(so_far),so_far,IF(ISERROR(rate),rate,so_far*rate))"
    later = (
        f"REDUCE(1,SEQUENCE(stages-stage+1,1,stages,-1),LAMBDA(so_far,k,LET(rate,{rate},{result})))"
    )
    volume = f"IF(yes,{rounded_up('goal/share')},goal/share)"
    answer = let(
        {
            "stage": "IF(upright,i,j)",
            "cell": along("target", "IF(upright,j,i)"),
            "goal": number(funnel.stage_volume.domains["target"])("cell"),
            "share": f"IF(stage>stages,1,{later})",
        },
        first_error(["goal", "share"], f"IFERROR({volume},#NUM!)"),
    )
    across = (
        f"IF({size('conversions')}=1,AND(many>1,IFERROR(ROWS(target),1)=1),ROWS(conversions)>1)"
    )
    body = let(
        {"stages": filled("conversions"), "many": filled("target")},
        let(
            {"upright": across},
            f"IF(many=0,#N/A,MAKEARRAY(IF(upright,stages+1,many),IF(upright,many,stages+1),"
            f"LAMBDA(i,j,{answer})))",
        ),
    )
    lines = f"OR({several_lines('conversions')},{several_lines('target')})"
    return let({"yes": flag("whole")}, f"IF({lines},#VALUE!,IF(ISERROR(yes),yes,{body}))")


def conversion_range() -> str:
    """Wilson's interval: lowest beside highest; under each other where the ranges are one row."""
    judges = {"won": number(WON), "total": number(TOTAL), "sure": number(_CONFIDENCE)}
    cells = {f"x_{name}": at(name) for name in judges}
    values = {f"v_{name}": judge(f"x_{name}") for name, judge in judges.items()}
    ends = let(
        {
            "rate": "v_won/v_total",
            "spread": "NORM.S.INV((1+v_sure)/2)^2/v_total",
            "half": "SQRT(spread*(rate*(1-rate)+spread/4))",
        },
        "IF(is_high,IF(v_won=v_total,1,(rate+spread/2+half)/(1+spread)),"
        "IF(v_won=0,0,(rate+spread/2-half)/(1+spread)))",
    )
    errors = ["v_won", "c_won", "v_total", "v_sure"]
    cell = let({**cells, **values, "c_won": at_most("v_won", "v_total")}, first_error(errors, ends))
    placed = let(
        {
            "is_high": "IF(high=1,IF(wide=1,jj=2,ii=2),jj>wide)",
            "i": "IF(high=1,1,ii)",
            "j": "IF(high=1,IF(wide=1,1,jj),IF(jj>wide,jj-wide,jj))",
        },
        cell,
    )
    return let(
        {"sure": or_default("confidence", "0.95"), **sizes(["won", "total", "sure"])},
        "MAKEARRAY(IF(AND(high=1,wide>1),2,high),IF(AND(high=1,wide>1),wide,2*wide),"
        f"LAMBDA(ii,jj,{placed}))",
    )


_EXPERIENCE = {
    "quota": number(QUOTA),
    "avg_revenue": number(AVG_REVENUE),
    "won": number(WON),
    "total": number(TOTAL),
    "sized": number(SPREAD),
}
_CHECKS = {"c_won": at_most("v_won", "v_total")}


def quota_probability() -> str:
    """Beta-binomial, summed on its shorter side: `funnel.quota_probability`."""
    plain = f"IF(need=0,1,IF(need>tries,0,{_reached('tries')}))"
    answer = let(
        {**_needed(), "tries": "INT(v_leads)"},
        f"IFERROR(IF(v_sized>0,{_reached_with('tries')},{plain}),#NUM!)",
    )
    body = element_by_element({"leads": number(_LEADS), **_EXPERIENCE}, answer, _CHECKS)
    return let({"sized": or_default("spread", "0")}, body)


def leads_for_probability() -> str:
    """The fewest leads that are enough, found by halving: `funnel.leads_for_probability`."""
    some = "fewer+stride-1"
    enough = f"IF(v_sized>0,{_reached_with('tries')},{_reached('tries')})"
    step = f"LET(tries,begin+{some},IF({enough}<v_probability,fewer+stride,fewer))"
    search = f"REDUCE(0,2^SEQUENCE(24,1,23,-1),LAMBDA(fewer,stride,{step}))"
    fewest = f"LET(leads,begin+{search},IF(leads>{written(MOST_LEADS)},#NUM!,leads))"
    answer = let(
        {**_needed(), "begin": "IF(v_sized>0,1,need)"},
        f"IF(OR(v_probability=0,need=0),0,IF(begin>{written(MOST_LEADS)},#NUM!,"
        f"IFERROR({fewest},#NUM!)))",
    )
    judges = {"probability": number(_PROBABILITY), **_EXPERIENCE}
    body = element_by_element(judges, answer, _CHECKS)
    return let({"sized": or_default("spread", "0")}, body)


def _needed() -> dict[str, str]:
    """Customers needed (beyond all limits where that overflows), and Jeffreys' experience."""
    return {
        "ratio": "IFERROR(v_quota/v_avg_revenue,1E300)",
        "need": rounded_up("ratio"),
        "hits": "v_won+0.5",
        "misses": "v_total-v_won+0.5",
    }


def _chance(tries: str) -> str:
    """The probability that so many tries bring x customers."""
    return (
        f"EXP(GAMMALN({tries}+1)-GAMMALN(x+1)-GAMMALN({tries}-x+1)"
        f"+GAMMALN(x+hits)+GAMMALN({tries}-x+misses)-GAMMALN({tries}+hits+misses)"
        "+GAMMALN(hits+misses)-GAMMALN(hits)-GAMMALN(misses))"
    )


def _reached(tries: str) -> str:
    """The probability that so many tries bring at least `need` customers."""
    above = f"{tries}-need+1<=MAX(need,1000)"
    series = f"SEQUENCE(IF({above},{tries}-need+1,need),1,IF({above},need,0))"
    summed = f"REDUCE(0,{series},LAMBDA(so_far,x,so_far+{_chance(tries)}))"
    return f"MAX(0,MIN(1,LET(mass,{summed},IF({above},mass,1-mass))))"


def _reached_with(tries: str) -> str:
    """The probability that so many tries bring the quota where the revenue of customers spreads:
    1 less, for every number of customers, its chance times that they bring less."""
    far = "12*v_sized*SQRT(ratio)+(12*v_sized)^2"
    most = f"MIN({tries}+1,ROUNDUP(ratio+{far},0)+1)"
    less = "IF(x=0,1,GAMMADIST(v_quota,x/v_sized^2,v_avg_revenue*v_sized^2,TRUE))"
    summed = f"REDUCE(0,SEQUENCE({most},1,0),LAMBDA(so_far,x,so_far+{_chance(tries)}*{less}))"
    return f"IF(v_quota<=0,1,MAX(0,MIN(1,1-{summed})))"


def leads_due() -> str:
    """Leads a sales cycle ahead of the sales, which close evenly over each month's days."""
    judges = {
        "month": moment,
        "avg_revenue": number(AVG_REVENUE),
        "conv_rate": number(CONVERSION),
        "cycle_days": number(_CYCLE_DAYS),
    }
    answer = ahead(
        calendar.month_of("INT(v_month/86400)"), "v_avg_revenue", "v_conv_rate", "v_cycle_days"
    )
    return plan_of("months", "quotas", element_by_element(judges, answer))


def ahead(month: str, avg_revenue: str, conv_rate: str, cycle_days: str) -> str:
    """Leads due in a month (as `calendar.month_of` counts), by the plan that `plan_of` reads."""
    closed = let(
        {
            "day": f"{calendar.first_day('asked+edge')}+{cycle_days}",
            "its": calendar.month_of("INT(day)"),
            "opens": calendar.first_day("its"),
            "turns": "INT((its-start)/count)",
            "place": "its-start-turns*count",
        },
        f"IF(its<start,0,turns*SUM(sold)+SUM((ranks<place)*sold)"
        f"+(day-opens)/({calendar.first_day('its+1')}-opens)*SUM((ranks=place)*sold))",
    )
    by_then = rounded_up(f"ROUND({closed}/({avg_revenue}*{conv_rate}),9)")
    leads = f"REDUCE(0,{{1,0}},LAMBDA(so_far,edge,so_far+(2*edge-1)*{by_then}))"
    return f"IFERROR(LET(asked,{month},{leads}),#NUM!)"


def plan_of(months: str, quotas: str, body: str) -> str:
    """A body with the plan at hand: its first month, how many there are, the rank of each among
    them and what it sells; or the error of a plan that is none."""
    month = calendar.month_of("INT(ROUND(cell*86400,0)/86400)")
    dated = "IF(ISNUMBER(cell),AND(cell>=0,cell<=2958465.99999999),FALSE)"
    marked = f"LET(cell,{along(months, 'k')},IF({dated},{month},-1))"
    marks = f"MAKEARRAY(count,1,LAMBDA(k,one,{marked}))"
    sold = f"MAKEARRAY(many,1,LAMBDA(k,one,LET(cell,{along(quotas, 'k')},{_ANY('cell')})))"
    gaps = "OR(MAX(marks)-MIN(marks)<>count-1,SUM((marks=TRANSPOSE(marks))*1)<>count)"
    ranked = f"LET(start,MIN(marks),ranks,marks-start,{body})"
    judged = (
        f"IF(MIN(marks)<0,#VALUE!,IF(ISERROR(wrong),wrong,IF(MIN(sold)<0,#NUM!,"
        f"IF(OR(count=0,count<>many),#VALUE!,IF({gaps},#NUM!,{ranked})))))"
    )
    read = let(
        {
            "count": filled(months),
            "many": filled(quotas),
            "marks": f"IF(count=0,0,{marks})",
            "sold": f"IF(many=0,0,{sold})",
            "wrong": first_of("sold"),
        },
        judged,
    )
    return f"IF(OR({several_lines(months)},{several_lines(quotas)}),#VALUE!,{read})"


def lead_plan() -> str:
    """The plan of a year by month, under the titles of the table Plan."""
    from smarketing_xl.schema.tables import PLAN

    given = {
        "goal": one_number("quota"),
        "each": one_number("avg_revenue"),
        "rate": one_number("conv_rate"),
        "cycle": one_number("cycle_days"),
        "begin": one("first_month", moment("first_month")),
    }
    equal = f"IF(ISOMITTED(shares),TRUE,{nothing('shares')})"
    share = f"IF(equal,1/12,LET(cell,{along('shares', 'k')},{_ANY('cell')}))"
    read = {
        "yes": flag("titles"),
        "equal": equal,
        "count": f"IF(equal,12,{filled('shares')})",
        "parts": f"IF(count=0,0,MAKEARRAY(count,1,LAMBDA(k,one,{share})))",
        "wrong": first_of("parts"),
        **given,
    }
    possible = (
        f"IF(count=0,#N/A,IF(OR(MIN(parts)<0,MAX(parts)>1,ABS(SUM(parts)-1)>{written(TOLERANCE)},"
        "goal<0,each<0),#NUM!,IF(each=0,#DIV/0!,IF(OR(rate<0,rate>1),#NUM!,IF(rate=0,#DIV/0!,"
        f"IF(OR(cycle<0,cycle>{written(_CYCLE_DAYS.high)}),#NUM!,yes))))))"
    )
    titles = ",".join(quoted(column.title(current_language())) for column in PLAN)
    due = ahead("start+k", "each", "rate", "cycle")
    to_date = "SUM((ranks<=k-before)*sold)/each"

    def added(total: str) -> str:
        """What a month adds to a running total that is rounded up."""
        step = f"so_far+(1-2*before)*{rounded_up(total)}"
        return f"REDUCE(0,{{0,1}},LAMBDA(so_far,before,{step}))"

    cell = (
        f"CHOOSE(j,{calendar.first_day('start+k')},SUM((ranks=k)*parts),SUM((ranks=k)*sold),"
        f"{added(to_date)},{added(f'{to_date}/rate')},{due})"
    )
    rows = f"LET(k,i-1-IF(yes,1,0),IF(k<0,CHOOSE(j,{titles}),{cell}))"
    plan = let(
        {
            "start": calendar.month_of("INT(begin/86400)"),
            "ranks": "SEQUENCE(count,1,0)",
            "sold": "parts/SUM(parts)*goal",
        },
        f"MAKEARRAY(count+IF(yes,1,0),6,LAMBDA(i,j,{rows}))",
    )
    judged = first_error(["wrong", *given], f"LET(fit,{possible},{first_error(['fit'], plan)})")
    return f"IF({several_lines('shares')},#VALUE!,{let(read, judged)})"
