"""Review, the persona's part: does it work, has it moved, what does sales make of it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from smarketing_xl.i18n import _
from workbook.layout import review_personas_data
from workbook.layout.canvas import Canvas
from workbook.layout.look import NAVY, SERIES, TEAL
from workbook.layout.review_charts import bars, chart_of, interval, labels, series, value_axis
from workbook.layout.review_data import LEFT, SHEET, Part
from workbook.layout.review_personas_data import MODELS, SHOWN_LEVELS

SENTENCES = 3
_STEPS = ("#0B7A75", "#6BB3AE", "#C3CFDD", "#E9ECEF")  # from much to little interest


def draw(canvas: Canvas, top: int) -> list[Chart]:
    """Write the numbers behind the charts from a row on; answers the charts."""
    parts = review_personas_data.draw(canvas, top)
    return [
        _conversion(canvas, parts["persona_grades"]),
        _revenue(canvas, parts["persona_grades"]),
        _auc(canvas, parts["models"]),
        _lift(canvas, parts["models"]),
        _calibration(canvas, parts["calibration"]),
        _drift(canvas, parts["drift"]),
        _rejections(canvas, parts["rejections"]),
        _matrix(canvas, parts["matrix"]),
    ]


def sentences(canvas: Canvas, row: int) -> int:
    """What the persona's tables say in words, from a row on; answers the row below."""
    sheet, look = canvas.sheets[SHEET], canvas.look
    for column in range(LEFT - 2):
        sheet.write_blank(row, column, None, look.section())
    sheet.write_string(row, 0, _("The persona: does it work, and what to change"), look.section())
    formulas = [_sentence("PersonaModels", number) for number in range(1, MODELS + 1)]
    nothing = _("Sales turns down no kind of qualified lead more often than others.")
    decided = "COUNTA(PersonaRejections[criterion])>0"
    unopposed = "COUNTA(PersonaRejections[said])=0"
    formulas.append(
        f'=IF(AND({decided},{unopposed}),"{nothing}",{_sentence("PersonaRejections", 1)[1:]})'
    )
    formulas += [_sentence("PersonaRejections", number) for number in range(2, SENTENCES + 1)]
    for at, formula in enumerate(formulas, start=row + 1):
        canvas.formula(SHEET, at, 0, formula, look())
    return row + len(formulas) + 2


def _sentence(table: str, row: int) -> str:
    return f'=IFERROR(INDEX({table}[said],{row})&"","")'


def _alone(chart: Chart, **axis: Any) -> Chart:
    """A chart of one series needs no legend."""
    chart.set_legend({"none": True})
    value_axis(chart, **axis)
    return chart


def _conversion(canvas: Canvas, grades: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Conversion by grade, on history held out"))
    spread = interval(canvas, grades)
    chart.add_series(
        series(canvas, grades, "conversion", "grade", TEAL, gap=80, y_error_bars=spread)
    )
    return _alone(chart, num_format="0%")


def _revenue(canvas: Canvas, grades: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Revenue per lead by grade, on history held out"))
    shown = labels("#,##0;;")
    chart.add_series(series(canvas, grades, "per_lead", "grade", NAVY, gap=80, data_labels=shown))
    return _alone(chart, num_format="#,##0")


def _auc(canvas: Canvas, models: Part) -> Chart:
    chart = chart_of(canvas, "column", _("How well good customers are told from others (AUC)"))
    spread = interval(canvas, models)
    chart.add_series(series(canvas, models, "auc", "model", TEAL, gap=120, y_error_bars=spread))
    return _alone(chart, num_format="0.0", min=0.5, max=1)


def _lift(canvas: Canvas, models: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Best customers in the top tenth, against all (lift)"))
    shown = labels('0.0"×";;')
    chart.add_series(series(canvas, models, "lift_top", "model", NAVY, gap=120, data_labels=shown))
    return _alone(chart, num_format="0")


def _calibration(canvas: Canvas, bands: Part) -> Chart:
    chart = chart_of(canvas, "column", _("Probability to become a customer, by fit score"))
    chart.add_series(series(canvas, bands, "predicted", "band", SERIES[3], gap=60, overlap=0))
    spread = interval(canvas, bands)
    chart.add_series(series(canvas, bands, "observed", "band", TEAL, y_error_bars=spread))
    value_axis(chart, num_format="0%")
    return chart


def _drift(canvas: Canvas, traits: Part) -> Chart:
    chart = bars(canvas, _("Leads then and now: what moved most"))
    for key, colour in (("before", SERIES[3]), ("now", TEAL)):
        chart.add_series(series(canvas, traits, key, "what", colour, gap=60, overlap=0))
    return chart


def _rejections(canvas: Canvas, traits: Part) -> Chart:
    chart = bars(canvas, _("Rejected by sales although they pass, by criterion"))
    shown = labels("0%;;")
    chart.add_series(
        series(canvas, traits, "share", "criterion", SERIES[4], gap=60, data_labels=shown)
    )
    chart.set_legend({"none": True})
    return chart


def _matrix(canvas: Canvas, grades: Part) -> Chart:
    chart = chart_of(
        canvas, "column", _("Fit and engagement: A1 fits and wants, D4 neither"), "stacked"
    )
    for level, colour in zip(SHOWN_LEVELS, _STEPS, strict=True):
        chart.add_series(series(canvas, grades, f"level{level}", "grade", colour, gap=60))
    value_axis(chart, num_format="#,##0")
    return chart
