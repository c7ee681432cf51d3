"""Home: what to do next, the numbers that both teams share, and the five steps."""

from __future__ import annotations

from typing import Any

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.steps import GOALS, LAST, WRITTEN
from smarketing_xl.schema.steps import STEPS as TO_DO
from smarketing_xl.schema.tables import DUTIES, SLA_STATUSES
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import counted, in_number, late_for_what, with_currency
from workbook.layout.look import (
    ANSWER,
    CHANCE,
    CHANCES,
    INPUT,
    LINE,
    NAVY,
    QUIET,
    SMALL,
    TEAL,
    WARN,
)
from workbook.layout.review_data import Part
from workbook.layout.review_quota import year_to_date

_SHEET = "home"
_LEFT = 1
_TILES = 6
_WIDTH = 22
_NEXT, _PLAN, _NOW, _STEPS, _LEGEND = 3, 5, 10, 16, 24  # first row of each part

Tile = tuple[str, str, Kind, str]  # label, formula, kind, the line below it

STEPS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "personas",
        N_("Personas"),
        N_("Describe the ideal customer in criteria that both teams accept, and score the leads."),
        "Personas[persona]",
        N_("{count} criteria"),
    ),
    (
        "goals",
        N_("Goals"),
        N_("Turn the quota into customers and leads, for the year and month by month."),
        "Plan[month]",
        N_("{count} months planned"),
    ),
    (
        "sla",
        N_("SLA"),
        N_("Agree in writing: leads that marketing promises, follow-up that sales promises."),
        "SlaMarketing[month]",
        N_("{count} months measured"),
    ),
    (
        "interactions",
        N_("History"),
        N_("Bring every lead, interaction, sale and cost from the CRM into one place."),
        "Interactions[lead_id]",
        N_("{count} interactions"),
    ),
    (
        "attribution",
        N_("Feedback"),
        N_("Know which channels bring customers, and at what cost; look at Review together."),
        "Attribution[channel]",
        N_("{count} channels credited"),
    ),
)


def draw(canvas: Canvas) -> None:
    """Draw the sheet, once all the others are."""
    canvas.width(_SHEET, 0, 2)
    for column in range(_LEFT, _LEFT + _TILES):
        canvas.width(_SHEET, column, _WIDTH)
    _next(canvas)
    _section(canvas, _PLAN, _("The plan of the year"))
    _tiles(canvas, _PLAN + 1, _plan(canvas))
    _section(canvas, _NOW, f'="{_("Year to date")}: "&{year_to_date()[1:]}')
    _tiles(canvas, _NOW + 1, _now(canvas))
    _section(canvas, _STEPS, _("The five steps"))
    for number, step in enumerate(STEPS, start=1):
        _step(canvas, _STEPS + number, number, step)
    _legend(canvas)
    _consent(canvas)


def _section(canvas: Canvas, row: int, title: str) -> None:
    canvas.section(_SHEET, row, _LEFT, _TILES, title)


def _next(canvas: Canvas) -> None:
    """The one thing to do now."""
    late = canvas.label(SLA_STATUSES, "late")
    todo = [(step.test.format(written=_(WRITTEN), late=late), _(step.text)) for step in TO_DO]
    formula = f'"{_(LAST.text)}"'
    for test, text in reversed(todo):
        formula = f'IF({test},"{text}",{formula})'
    form = canvas.look(
        bold=True, font_size=13, bg_color=WARN.fill, font_color=WARN.ink, indent=1, border=0
    )
    sheet = canvas.sheets[_SHEET]
    label = canvas.look(bold=True, font_size=13, font_color="#FFFFFF", bg_color=NAVY, indent=1)
    sheet.set_row(_NEXT, 30)
    sheet.write_string(_NEXT, _LEFT, _("Do this next"), label)
    for column in range(_LEFT + 2, _LEFT + _TILES):
        sheet.write_blank(_NEXT, column, None, form)
    canvas.formula(_SHEET, _NEXT, _LEFT + 1, f"={formula}", form)


def _plan(canvas: Canvas) -> list[Tile]:
    return [
        (_("Quota"), "=quota", Kind.MONEY, _("sales of the year")),
        (_("Customers needed"), "=customers_needed", Kind.WHOLE, _("new customers")),
        (_("Leads needed"), "=leads_needed", Kind.WHOLE, _("in the year")),
        (_("Lead-to-customer rate"), "=conv_rate", Kind.SHARE, _("of leads become customers")),
        (_("Value of a lead"), "=lead_worth", Kind.MONEY, _("revenue to expect")),
        (_("Probability"), "=quota_chance", Kind.SHARE, _("that so many leads bring it")),
    ]


def _now(canvas: Canvas) -> list[Tile]:
    """What came in the plan's year, with the gap to the plan in words."""
    late = canvas.label(SLA_STATUSES, "late")

    def against(came: str, planned: str) -> str:
        words = _("more than planned by now"), _("fewer than planned by now"), _("as planned")
        return formulas.in_words(came, planned, *words)

    ahead, behind = _("ahead of the quota"), _("behind the quota")
    return [
        (
            _("Revenue"),
            "=came_revenue",
            Kind.MONEY,
            formulas.in_words("came_revenue", "quota_by_now", ahead, behind, _("on quota")),
        ),
        (
            _("New customers"),
            "=came_customers",
            Kind.WHOLE,
            against("came_customers", "customers_by_now"),
        ),
        (_("Leads"), "=came_leads", Kind.WHOLE, against("came_leads", "leads_by_now")),
        (
            _("Late leads now"),
            f'=COUNTIFS(SlaLate[sla_status],"{late}")',
            Kind.WHOLE,
            late_for_what(late, canvas.label(DUTIES, "first_contact")),
        ),
        (
            _("Expected in the year"),
            "=expected_revenue",
            Kind.MONEY,
            f'=IF(expected_revenue="","{_("Update plan forecasts it")}",'
            + formulas.in_words(
                "expected_revenue",
                "quota",
                _("above the quota"),
                _("below the quota"),
                _("on quota"),
            )[1:]
            + ")",
        ),
        (
            _("Probability"),
            "=year_chance",
            Kind.SHARE,
            _("to end the year on quota"),
        ),
    ]


def _tiles(canvas: Canvas, row: int, tiles: list[Tile]) -> None:
    sheet, look = canvas.sheets[_SHEET], canvas.look
    sheet.set_row(row, 30)
    sheet.set_row(row + 1, 38)
    sheet.set_row(row + 2, 20)
    frame = {"bg_color": ANSWER, "left": 5, "left_color": "#FFFFFF", "indent": 1}
    for column, (label, formula, kind, below) in enumerate(tiles, start=_LEFT):
        above = look(bold=True, font_color=TEAL, text_wrap=True, **frame)
        sheet.write_string(row, column, label, above)
        big = {"bold": True, "font_size": 24, "align": "left", **frame}
        if formula.removeprefix("=") in CHANCES:
            big["num_format"] = CHANCE
        number = look(kind, **big)
        canvas.formula(_SHEET, row + 1, column, formula, number)
        small = look(font_color=QUIET, font_size=SMALL, shrink=True, **frame)
        shown = with_currency(below) if kind is Kind.MONEY else below
        canvas.text(_SHEET, row + 2, column, shown, small)


def trends(canvas: Canvas, months: Part) -> None:
    """Under the tiles: the last twelve months of new customers and leads."""
    sheet, row = canvas.sheets[_SHEET], _NOW + 4
    sheet.set_row(row, 26)
    for column, key in ((1, "customers"), (2, "delivered")):
        place = months.area(canvas.title("review"), key).removeprefix("=")
        look = {"type": "column", "series_color": TEAL, "min": 0}
        sheet.add_sparkline(row, _LEFT + column, {"range": place, **look})


def _step(canvas: Canvas, row: int, number: int, step: tuple[str, str, str, str, str]) -> None:
    sheet, look = canvas.sheets[_SHEET], canvas.look
    key, name, text, column, filled = step
    line = {"bottom": 1, "bottom_color": LINE}
    sheet.set_row(row, 26)
    for at in range(_LEFT, _LEFT + _TILES):
        sheet.write_blank(row, at, None, look(**line))
    link = look(bold=True, font_size=13, font_color=TEAL, underline=1, shrink=True, **line)
    sheet.write_url(row, _LEFT, f"internal:'{canvas.title(key)}'!A1", link, f"{number}  {_(name)}")
    sheet.write_string(row, _LEFT + 1, _(text), look(**line))
    state = _state(key, column, _(filled))
    canvas.formula(
        _SHEET, row, _LEFT + _TILES - 1, state, look(align="right", font_color=QUIET, **line)
    )


def _state(key: str, column: str, filled: str) -> str:
    """How far a step is: to do, or what is there; stale where leads came since they were scored."""
    state = counted(column, _("to do"), filled)
    if key == "goals":
        blank = ",".join(f'{name}=""' for name in GOALS)
        return f'=IF(OR({blank}),"{_("to do")}",{state.removeprefix("=")})'
    if key == "personas":
        unscored = "COUNTA(Leads[lead_id])-COUNTA(Leads[rule_grade])"
        stale = in_number(unscored, _("{count} leads to score"))
        return f"=IF(AND(COUNTA({column})>0,{unscored}>0),{stale},{state.removeprefix('=')})"
    return state


def _legend(canvas: Canvas) -> None:
    """What the colours mean."""
    sheet, look = canvas.sheets[_SHEET], canvas.look
    _section(canvas, _LEGEND - 1, _("How to read the colours"))
    meanings: tuple[tuple[str, dict[str, Any]], ...] = (
        (_("Type here"), {"bg_color": INPUT, "border": 1, "border_color": LINE}),
        (_("Answers by itself"), {"bg_color": ANSWER, "border": 1, "border_color": LINE}),
        (_("You or an import fill it"), {"bg_color": NAVY, "font_color": "#FFFFFF"}),
        (_("A button updates it"), {"bg_color": TEAL, "font_color": "#FFFFFF"}),
    )
    sheet.set_row(_LEGEND, 22)
    for column, (text, colours) in enumerate(meanings, start=_LEFT):
        sheet.write_string(_LEGEND, column, text, look(align="center", shrink=True, **colours))


def _consent(canvas: Canvas) -> None:
    """Of how many leads no consent is on record; nothing where it is of none missing."""
    filled, given = '(Leads[lead_id]<>"")', "COUNTA(Leads[consent])"
    missing = f'SUMPRODUCT({filled}*(Leads[consent]=""))'
    none = _("No consent is on record: fill Consent on the sheet Leads, or import it.")
    some = _("{count} leads have no consent on record: they are in no export and on no list.")
    formula = (
        f'=IF(OR(COUNTA(Leads[lead_id])=0,{missing}=0),"",'
        f'IF({given}=0,"{none}",{in_number(missing, some)}))'
    )
    form = canvas.look(font_color=WARN.ink, font_size=SMALL, indent=1)
    canvas.formula(_SHEET, _LEGEND + 2, _LEFT, formula, form)
