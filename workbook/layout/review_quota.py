"""Review, on top: are we on quota, of the month and of the year, with the forecast."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import N_, _
from smarketing_xl.reports.document import HALF_A_MONTH, MONTHS, PARTS_OF_MONTH
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Kind
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import in_currency
from workbook.layout.look import ANSWER, QUIET, SMALL, TEAL
from workbook.layout.review_data import SHEET

ROWS = 8  # with the blank one below
_WIDE = 2  # columns of each cell
_HALF = 10  # columns from the month to the year
_COUNTED = (
    ("revenue", N_("Revenue won"), "quota", Kind.MONEY),
    ("customers", N_("New customers"), "customers", Kind.WHOLE),
    ("leads", N_("Leads"), "leads_due", Kind.WHOLE),
)
_YEAR = {
    "revenue": ("came_revenue", "quota_by_now"),
    "customers": ("came_customers", "customers_by_now"),
    "leads": ("came_leads", "leads_by_now"),
}


def month_to_date() -> str:
    """A formula for the days of this month until the report, with their part of it in words."""
    months, parts = ([_(each) for each in texts] for texts in (MONTHS, PARTS_OF_MONTH))
    text = _("{days} {month}: {part}")
    return formulas.month_to_date("as_of", text, months, parts, HALF_A_MONTH)


def year_to_date() -> str:
    """A formula for the days of the plan's year until the report: 1 January – 15 October 2026.

    Where no month is planned, of the calendar year.
    """
    listed = ",".join(f'"{_(each)}"' for each in MONTHS)
    first, last = "IF(COUNT(Plan[month])=0,DATE(YEAR(as_of),1,1),MIN(Plan[month]))", "as_of"

    def day(cell: str) -> str:
        text = _("{day} {month} {year}")
        parts = {
            "day": f"DAY({cell})",
            "month": f"CHOOSE(MONTH({cell}),{listed})",
            "year": f"YEAR({cell})",
        }
        return '"' + text.format(**{key: f'"&{part}&"' for key, part in parts.items()}) + '"'

    return f'={day(first)}&" – "&{day(last)}'


@dataclass(frozen=True)
class _Period:
    """A half of the panel: its heading, and formulas of what came, planned by then and in all."""

    title: str
    whole: str
    came: dict[str, str]
    by_then: dict[str, str]
    planned: dict[str, str]
    expected: str
    low: str
    high: str
    chance: str


def draw(canvas: Canvas, top: int) -> None:
    """Write the panel from a row on: the month at the left, the year at the right."""
    for left, period in ((0, _month()), (_HALF, _year())):
        _half(canvas, top, left, period)


def _month() -> _Period:
    def of_month(column: str, passed: str = "1") -> str:
        plan = formulas.planned_in_month("as_of", "Plan[month]", f"Plan[{column}]", passed)
        return formulas.unless_blank(plan, "quota")

    def text(key: str) -> str:
        return formulas.expected_in("as_of", f"Outlook[{key}]", "Outlook[name]")

    return _Period(
        f'="{_("Are we on quota?")} "&{month_to_date()[1:]}',
        _("Plan, whole month"),
        {key: formulas.came("as_of", f"Outcomes[{key}]") for key, *_rest in _COUNTED},
        {key: of_month(column, "month_passed") for key, _label, column, _kind in _COUNTED},
        {key: of_month(column) for key, _label, column, _kind in _COUNTED},
        text("expected"),
        text("low"),
        text("high"),
        text("chance"),
    )


def _year() -> _Period:
    low, high = (
        f'=IF(COUNT(Outlook[came])=0,"",INDEX(Outlook[{key}],1))' for key in ("low", "high")
    )
    return _Period(
        f'="{_("Year to date")}: "&{year_to_date()[1:]}',
        _("Plan, whole year"),
        {key: f"={came}" for key, (came, _by_then) in _YEAR.items()},
        {key: f"={by_then}" for key, (_came, by_then) in _YEAR.items()},
        {"revenue": "=quota", "customers": "=customers_needed", "leads": "=leads_needed"},
        "=expected_revenue",
        low,
        high,
        "=year_chance",
    )


def _half(canvas: Canvas, top: int, left: int, period: _Period) -> None:
    look = canvas.look
    canvas.section(SHEET, top, left, _HALF - 1, period.title)
    headers = ("", _("Came"), _("Plan by then"), period.whole, _("Gap"))
    for number, text in enumerate(headers):
        side = (
            {"align": "right"} if 0 < number < len(headers) - 1 else {"align": "left", "indent": 1}
        )
        small = look(font_color=QUIET, font_size=SMALL, **side)
        _cell(canvas, top + 1, left, number, text, small)
    for row, (key, label, _column, kind) in enumerate(_COUNTED, start=top + 2):
        title = in_currency(_(label)) if kind is Kind.MONEY else _(label)
        _cell(canvas, row, left, 0, title, look(bold=True, shrink=True))
        for number, cells in enumerate((period.came, period.by_then, period.planned), start=1):
            shown = {"bold": True, "bg_color": ANSWER} if number == 1 else {}
            _cell(canvas, row, left, number, cells[key], look(kind, align="right", **shown))
        came, by_then = (xl_rowcol_to_cell(row, left + at * _WIDE) for at in (1, 2))
        words = formulas.in_words(came, by_then, _("ahead"), _("behind"), _("as planned"))
        _cell(canvas, row, left, 4, words, look(bold=True, font_color=TEAL, indent=1, shrink=True))
    _forecast(canvas, top + 2 + len(_COUNTED), left, period)


def _forecast(canvas: Canvas, row: int, left: int, period: _Period) -> None:
    """What is expected by the end of the period, the interval and the probability, in words."""
    look = canvas.look
    expected, low, high, chance = map(
        _inner, (period.expected, period.low, period.high, period.chance)
    )
    whole = xl_rowcol_to_cell(row - len(_COUNTED), left + 3 * _WIDE)
    apart = formulas.in_words(
        expected, whole, _("above the quota"), _("below the quota"), _("on quota")
    )
    forecast = f'=IF({expected}="","",FIXED({expected},0)&", "&{apart[1:]})'
    interval = _("{low} to {high}; probability to meet the quota: {chance}").format(
        low=f'"&FIXED({low},0)&"',
        high=f'"&FIXED({high},0)&"',
        chance=f'"&{_chance(chance)}&"',
    )
    text = f'=IF({low}="","",IFERROR("{interval}",""))'
    texts = ((_("Revenue expected"), forecast), (_("Eight of ten cases"), text))
    for at, (label, text) in enumerate(texts, start=row):
        _cell(canvas, at, left, 0, label, look(bold=True))
        first, last = left + _WIDE, left + _HALF - 1
        canvas.sheets[SHEET].merge_range(at, first, at, last, "", look(indent=1))
        canvas.formula(SHEET, at, first, text, look(indent=1))


def _chance(value: str) -> str:
    """A probability in words; what is not certain is never 100 % or 0 %."""
    return f'IF({value}>=0.9995,"> 99.9 %",IF({value}<0.0005,"< 0.1 %",FIXED(100*{value},1)&" %"))'


def _inner(formula: str) -> str:
    """A formula inside another."""
    return f"({formula.removeprefix('=')})"


def _cell(canvas: Canvas, row: int, left: int, number: int, content: str, form: Format) -> None:
    """A cell two columns wide."""
    first = left + number * _WIDE
    canvas.sheets[SHEET].merge_range(row, first, row, first + _WIDE - 1, content, form)
    if content.startswith("="):
        canvas.formula(SHEET, row, first, content, form)
