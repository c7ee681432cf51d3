"""SLA: the month's promise and who is late; below the terms, the hours promised for each grade."""

from __future__ import annotations

from smarketing_xl.i18n import _
from smarketing_xl.schema.formulas import in_words
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.tables import BY_NAME, DUTIES, PACES, SLA_STATUSES
from workbook.layout import answers
from workbook.layout.answers import Tile
from workbook.layout.canvas import Canvas
from workbook.layout.conditions import by_state
from workbook.layout.formulas import late_for_what
from workbook.layout.places import (
    BLOCK_COLUMN,
    block_end,
    cell_places,
    first_answer,
    page,
)

_SHEET = "sla"
_GRADES = 5
_LATE = 10  # rows shown of those who are late
_WORST = ("name", "company", "phone", "owner", "duty", "due", "hours_late")
_MONTH = "MAX(SlaMarketing[month])"


def draw(canvas: Canvas) -> None:
    """Draw what matters first above the named cells, and the hours of each grade below them."""
    row, wide = first_answer(_SHEET), len(page(_SHEET).block)
    settings = cell_places()["sla_leads"].row - 1
    answers.links(canvas, _SHEET, settings)
    canvas.section(_SHEET, row, BLOCK_COLUMN, wide, _("The latest month"))
    month = f'=IF(COUNT(SlaMarketing[month])=0,"",{_MONTH})'
    canvas.formula(_SHEET, row, BLOCK_COLUMN + 1, month, canvas.look.section(Kind.MONTH))
    answers.tiles(canvas, _SHEET, row + 1, _month())
    state = (row + 3, BLOCK_COLUMN + 3, row + 3, BLOCK_COLUMN + 3)
    by_state(canvas, _SHEET, state, PACES)
    _late(canvas, row + 5)
    row = block_end(_SHEET) + 1
    canvas.section(_SHEET, row, BLOCK_COLUMN, wide, _("First contact, by grade"))
    for number in range(1, _GRADES + 1):
        _grade(canvas, row + number, number)


def _month() -> list[Tile]:
    """Promised, delivered, pace and forecast of the month, sales' part, and who is late."""
    promised, delivered, to_date, mql, mql_promised = (
        f"SUMIFS(SlaMarketing[{key}],SlaMarketing[month],{_MONTH})"
        for key in ("promised", "delivered", "to_date", "delivered_qualified", "promised_qualified")
    )
    pace, state, expected, low, high = (
        f"INDEX(SlaMarketing[{key}],MATCH({_MONTH},SlaMarketing[month],0))"
        for key in ("pace", "state", "forecast", "low", "high")
    )
    due, in_time = (
        f"SUMIFS(SlaSales[{key}],SlaSales[month],{_MONTH})" for key in ("judged", "in_time")
    )
    compared = in_words(
        delivered,
        to_date,
        _("more than due by now"),
        _("fewer than due by now"),
        _("as many as due by now"),
    )
    late = _(SLA_STATUSES.labels["late"])
    for_what = late_for_what(late, _(DUTIES.labels["first_contact"]))
    return [
        Tile(
            _("Leads promised"),
            _measured(promised),
            Kind.WHOLE,
            _measured(f'FIXED({to_date},0)&" {_("due by now")}"'),
        ),
        Tile(_("Leads delivered"), _measured(delivered), Kind.WHOLE, _measured(compared[1:])),
        Tile(
            _("Qualified delivered"),
            _measured(mql),
            Kind.WHOLE,
            _measured(f'FIXED({mql_promised},0)&" {_("promised")}"'),
        ),
        Tile(_("Pace"), _measured(pace), Kind.SHARE, _measured(f'{state}&""')),
        Tile(
            _("Leads expected"),
            _measured(f'IF(N({expected})=0,"–",{expected})'),
            Kind.WHOLE,
            _measured(
                f'IF(N({high})=0,"",FIXED({low},0)&" {_("to")} "&FIXED({high},0)'
                f'&" {_("in nine of ten")}")'
            ),
        ),
        Tile(
            _("Contacted in time"),
            f'=IF({due}=0,"–",{in_time}/{due})',
            Kind.SHARE,
            f'=IF({due}=0,"",FIXED({due},0)&" {_("were due")}")',
        ),
        Tile(
            _("Late leads now"),
            f'=COUNTIFS(SlaLate[sla_status],"{late}")',
            Kind.WHOLE,
            for_what,
        ),
    ]


def _measured(formula: str) -> str:
    """A formula where a month was measured."""
    return f'=IF(COUNT(SlaMarketing[month])=0,"–",{formula})'


def _late(canvas: Canvas, row: int) -> None:
    """The first rows of the table of late leads, with whom to call."""
    table, wide = BY_NAME["SlaLate"], len(page(_SHEET).block)
    canvas.section(_SHEET, row, BLOCK_COLUMN, wide, _("Call these first: late, worst first"))
    columns = [
        (table[key], table[key].title(canvas.language), f"INDEX(SlaLate[{key}],{{n}})")
        for key in _WORST
    ]
    answers.listed(canvas, _SHEET, row + 1, _LATE, columns)


def _grade(canvas: Canvas, row: int, number: int) -> None:
    """As the Grades table has it; blank when there are fewer grades."""
    grade = f'=IFERROR(INDEX(Grades[grade],{number})&"","")'
    hours = f"INDEX(Grades[first_contact_hours],{number})"
    promised = f'=IFERROR(IF({hours}=0,"–",{hours}),"")'
    canvas.formula(_SHEET, row, BLOCK_COLUMN, grade, canvas.look(indent=1))
    form = canvas.look(bold=True, align="right")
    canvas.formula(_SHEET, row, BLOCK_COLUMN + 1, promised, form)
    if number == 1:
        canvas.link(_SHEET, row, BLOCK_COLUMN + 2, "personas!A1", _("change"))
