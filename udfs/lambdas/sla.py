"""Step 3: office hours, by the rules of `smarketing_xl.sla.calendar`.

All rests on one function of time, the office seconds since the first Monday of 1900. The week is a
text of seven marks from Monday on, 1111100; holidays are the rows of the table Holidays of a
country, as far as their day of the week is worked.
"""

from __future__ import annotations

from smarketing_xl import rates
from smarketing_xl.elementwise import Number
from smarketing_xl.i18n import current_language
from udfs.lambdas import calendar
from udfs.lambdas.cells import (
    element_by_element,
    first_error,
    let,
    moment,
    moment_or_blank,
    number,
    number_or_blank,
    or_default,
    quoted,
    single_number,
    single_text,
)

MOST_HOURS = 1e6
"""Of an office open all day, more than a century."""

_HOURS = number_or_blank(Number("hours", low=0, high=MOST_HOURS))
_MONDAY = 2  # the first of 1900
_NEVER = "1E9"  # a holiday that never comes


def business_hours() -> str:
    """Office hours from one moment to another."""
    worked = "(spent(v_ended)-spent(v_started))/3600"
    return _in_office(element_by_element({"started": moment, "ended": moment}, worked))


def follow_up_due() -> str:
    """When so many office hours have passed."""
    judges = {"created": moment, "hours": _HOURS}
    due = f"LET(due,{_due('v_created', 'v_hours')}/86400,IF(due>2958465.99999999,#NUM!,due))"
    answer = f'IF(v_hours="","",{due})'
    return _in_office(element_by_element(judges, answer))


def sla_status() -> str:
    """The state of a follow-up, in the language spoken; a contact to come has not happened."""
    from smarketing_xl.schema.tables import SLA_STATUSES
    from smarketing_xl.sla.follow_up import SOON

    judges = {
        "created": moment,
        "contact": moment_or_blank,
        "hours": _HOURS,
        "instant": moment,
    }
    label = {key: quoted(text) for key, text in SLA_STATUSES.shown(current_language()).items()}
    soon = f"spent(due)-spent(v_instant)<={int(SOON * 3600)}"
    met = f"IF(v_contact<=due,{label['in_time']},{label['contacted_late']})"
    unmet = f"IF(due<v_instant,{label['late']},IF({soon},{label['due_soon']},{label['due']}))"
    state = f"IF(AND(v_contact>=0,v_contact<=v_instant),{met},{unmet})"
    answer = f'IF(v_hours="","",LET(due,{_due("v_created", "v_hours")},{state}))'
    body = element_by_element(judges, answer)
    contact = 'IF(ISOMITTED(contacted),"",contacted)'
    instant = or_default("as_of", "NOW()")
    return _in_office(let({"contact": contact, "instant": instant}, body))


def sla_pace() -> str:
    """Leads delivered for each promised so far in the month."""
    domains = rates.pace.domains
    judges = {
        "instant": moment,
        "delivered": number(domains["delivered"]),
        "promised": number(domains["promised"]),
    }
    month = calendar.month_of("INT(v_instant/86400)")
    answer = let(
        {
            "month_now": month,
            "opens_on": f"{calendar.first_day('month_now')}*86400",
            "ends_on": f"{calendar.first_day('month_now+1')}*86400",
            "before": "spent(opens_on)",
            "whole": "spent(ends_on)-before",
            "elapsed": "IF(whole>0,(spent(v_instant)-before)/whole,"
            "(v_instant-opens_on)/(ends_on-opens_on))",
        },
        "IF(elapsed<=0,#DIV/0!,IFERROR(v_delivered/(v_promised*MIN(1,elapsed)),#NUM!))",
    )
    body = element_by_element(judges, answer)
    return _in_office(f"LET(instant,{or_default('as_of', 'NOW()')},{body})")


def _in_office(body: str) -> str:
    """A body with the office at hand that its last four arguments describe: when it opens and how
    long it is open (in seconds), its week, how many days of it are worked, its holidays and, for
    each of them, how many working days come before it; or the error that they answer."""
    office = {
        "week": single_text("work_days"),
        "place": single_text("holidays"),
        "from_typed": single_number("opens_at", 9),
        "to_typed": single_number("closes_at", 18),
        "from_hour": _clock("from_typed"),
        "to_hour": f"IF(to_typed=1,IF(from_typed<1,24,1),{_clock('to_typed')})",
        "marks": _marks("week"),
    }
    times = "OR(from_hour<0,from_hour>24,to_hour<0,to_hour>24,from_hour=to_hour)"
    known = {
        "opens": "ROUND(from_hour*3600,0)",
        "span": "ROUND(to_hour*3600,0)-opens+IF(to_hour<from_hour,86400,0)",
        "per": 'LEN(SUBSTITUTE(marks,"0",""))',
        "free": _holidays(),
    }
    ranks = {
        "ranks": f"IF(SUM(free)={_NEVER},{_NEVER},"
        f"MAP(free,LAMBDA(day,{_week_days('day')}))-SEQUENCE(ROWS(free),1,0))"
    }
    inside = let(known, first_error(["free"], let(ranks | {"spent": _spent()}, body)))
    judged = f'IF(OR(marks="",{times}),#VALUE!,{inside})'
    return let(office, first_error(["week", "place", "from_hour", "to_hour"], judged))


def _clock(typed: str) -> str:
    """An hour of the day: a part of a day is a clock time, as a cell that shows 09:00 holds it."""
    return f"IF(AND({typed}>0,{typed}<1),{typed}*24,{typed})"


def _marks(week: str) -> str:
    """Days such as 1-5 or 1,2,3,4,6 as seven marks from Monday on; blank where they are none.

    Every way to write one part stands in a square: first day down, last day across.
    """
    last = "IF(last<first,first,last)"
    parts = 'IF(last<first,first&"",first&"-"&last)'
    typed = f'SUBSTITUTE(SUBSTITUTE({week}," ",""),";",",")'
    left = 'REDUCE(typed,parts,LAMBDA(text,part,SUBSTITUTE(text,","&part&",",",,")))'
    marked = "IF(SUM(there*(first<=day)*(until>=day))>0,1,0)"
    marks = f'REDUCE("",SEQUENCE(7),LAMBDA(text,day,text&{marked}))'
    named = f'LET(seven,{marks},IF(seven="0000000","1111100",seven))'
    read = let(
        {
            "first": "SEQUENCE(7)",
            "last": "SEQUENCE(1,8,0)",
            "until": last,
            "parts": parts,
            "typed": f'","&SUBSTITUTE({typed},",",",,")&","',
            "there": '(LEN(SUBSTITUTE(typed,","&parts&",",""))<LEN(typed))*1',
        },
        f'IF(SUBSTITUTE({left},",","")="",{named},"")',
    )
    return f"IF(ISERROR({week}),{week},{read})"


def _holidays() -> str:
    """Days without work that would be worked, in order; #N/A for a place that is not in the table
    Holidays."""
    of_place = "(Holidays[country]=TRIM(place))"
    worked = f'MAP(Holidays[day],LAMBDA(day,(MID(marks,MOD(day-{_MONDAY},7)+1,1)="1")*1))'
    days = f"SORT(FILTER(Holidays[day],IFERROR({of_place}*{worked},0),{_NEVER}))"
    listed = f"IF(SUM({of_place}*1)=0,#N/A,{days})"
    return f'IF(place="",{_NEVER},IF(place="?",#VALUE!,{listed}))'


def _week_days(day: str) -> str:
    """Days worked before a whole day by the week alone, from the first Monday of 1900."""
    past = f"MOD({day}-{_MONDAY},7)"
    return f'INT(({day}-{_MONDAY})/7)*per+LEN(SUBSTITUTE(LEFT(marks,{past}),"0",""))'


def _spent() -> str:
    """A function: office seconds from the first Monday of 1900 to a moment."""
    works = f'AND(MID(marks,MOD(date-{_MONDAY},7)+1,1)="1",SUM((free=date)*1)=0)'
    today = f"IF({works},MIN(span,seconds-date*86400-opens),0)"
    days = f"{_week_days('date')}-SUM((free<date)*1)"
    return f"LAMBDA(seconds,LET(date,INT((seconds-opens)/86400),({days})*span+{today}))"


def _due(seconds: str, hours: str) -> str:
    """When so many office hours have passed: a whole day's work ends when the office closes, no
    hours at night end when it next opens."""
    marked = 'FIND("#",SUBSTITUTE(marks,"1","#",nth-weeks*per+1))'
    return let(
        {
            "wait": f"ROUND({hours}*3600,0)",
            "target": f"spent({seconds})+MAX(wait,1)",
            "full": "INT((target-1)/span)",
            "nth": "full+SUM((ranks<=full)*1)",
            "weeks": "INT(nth/per)",
        },
        f"({_MONDAY}+weeks*7+{marked}-1)*86400+opens+target-full*span-IF(wait=0,1,0)",
    )
