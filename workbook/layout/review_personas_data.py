"""Review, the persona's part: the numbers behind its charts, as formulas over the tables.

The tables of the sheet Learned have their weightiest rows first, so that the first ones are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from smarketing_xl.i18n import _
from smarketing_xl.personas.interest import LEVELS
from smarketing_xl.schema.model import Kind, Table
from smarketing_xl.schema.tables import (
    PERSONA_CALIBRATION,
    PERSONA_DRIFT,
    PERSONA_GRADES,
    PERSONA_MODELS,
    PERSONA_REJECTIONS,
)
from workbook.layout.canvas import Canvas
from workbook.layout.review_data import GRADES, LEFT, SHEET, Block, Part

MODELS, BANDS, TRAITS = 3, 10, 8
SHOWN_LEVELS = tuple(range(1, len(LEVELS) + 2))


def draw(canvas: Canvas, top: int) -> dict[str, Part]:
    """Write the numbers below those of the other charts; answers where they stand."""
    canvas.sheets[SHEET].write_string(
        top - 3, LEFT, _("What the persona's charts draw"), canvas.look.section()
    )
    parts: dict[str, Part] = {}
    for name, drawn in (
        ("persona_grades", _by_grade),
        ("models", _models),
        ("calibration", _calibration),
        ("drift", _drift),
        ("rejections", _rejections),
        ("matrix", _matrix),
    ):
        parts[name] = drawn(canvas, top)
        top += parts[name].rows + 4
    return parts


def _by_grade(canvas: Canvas, top: int) -> Part:
    """Held-out history by grade."""
    block = Block(canvas, top, GRADES, _("On history that was not learned from, by grade"))
    _names(block, PERSONA_GRADES, "grade")
    _numbers(block, PERSONA_GRADES, "grade", ("conversion", "low", "high", "per_lead"))
    _spans(block, "conversion", Kind.SHARE)
    return block.part


def _models(canvas: Canvas, top: int) -> Part:
    """The persona, then the models it is compared with."""
    block = Block(canvas, top, MODELS, _("The persona and two models"))
    _names(block, PERSONA_MODELS, "model")
    _numbers(block, PERSONA_MODELS, "model", ("auc", "low", "high", "lift_top"))
    _spans(block, "auc", Kind.NUMBER)
    return block.part


def _calibration(canvas: Canvas, top: int) -> Part:
    """Probability to become a customer, by band of scores."""
    block = Block(canvas, top, BANDS, _("Probability by fit score"))
    source = PERSONA_CALIBRATION.name
    bands = [
        f'=IFERROR(INDEX({source}[score_from],{row})&"–"&INDEX({source}[score_to],{row}),"")'
        for row in range(1, BANDS + 1)
    ]
    block.column("band", _("Fit score"), Kind.TEXT, bands)
    _numbers(block, PERSONA_CALIBRATION, "band", ("predicted", "observed", "low", "high"))
    _spans(block, "observed", Kind.SHARE)
    return block.part


def _drift(canvas: Canvas, top: int) -> Part:
    """The best grade, then the traits that moved most."""
    block = Block(canvas, top, TRAITS, _("What moved since the persona was agreed"))
    _names(block, PERSONA_DRIFT, "what")
    _numbers(block, PERSONA_DRIFT, "what", ("before", "now"))
    return block.part


def _rejections(canvas: Canvas, top: int) -> Part:
    """The criteria whose leads sales turns down most, those with a proposed change first."""
    block = Block(canvas, top, TRAITS, _("Rejected by sales, by criterion"))
    _names(block, PERSONA_REJECTIONS, "criterion")
    _numbers(block, PERSONA_REJECTIONS, "criterion", ("share", "low", "high"))
    _spans(block, "share", Kind.SHARE)
    return block.part


def _matrix(canvas: Canvas, top: int) -> Part:
    """Leads by grade and interest: A1 fits and wants, A4 fits and sleeps."""
    block = Block(canvas, top, GRADES, _("Leads by fit and engagement"))
    names = [f'=IFERROR(INDEX(Grades[grade],{row})&"","")' for row in range(1, GRADES + 1)]
    block.column("grade", _("Grade"), Kind.TEXT, names)
    cells = [block.part.cell(row, "grade") for row in range(GRADES)]
    for level in SHOWN_LEVELS:
        counts = [f'=IF({cell}="",0,COUNTIFS(Leads[rating],{cell}&"{level}"))' for cell in cells]
        block.column(
            f"level{level}", _("Engagement {level}").format(level=level), Kind.WHOLE, counts
        )
    first, last = (
        xl_rowcol_to_cell(row, block.part.columns[f"level{level}"])
        for row, level in ((top + 1, SHOWN_LEVELS[0]), (top + GRADES, SHOWN_LEVELS[-1]))
    )
    scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#6BB3AE"}
    canvas.sheets[SHEET].conditional_format(f"{first}:{last}", scale)
    return block.part


# --- columns of a block -------------------------------------------------------------------------


def _names(block: Block, table: Table, key: str) -> None:
    """What the first rows of a table are about; blank below its end."""
    rows = range(1, block.part.rows + 1)
    texts = [f'=IFERROR(INDEX({table.name}[{key}],{row})&"","")' for row in rows]
    block.column(key, _(table[key].label), Kind.TEXT, texts)


def _numbers(block: Block, table: Table, named: str, keys: Sequence[str]) -> None:
    """Numbers of the same rows; 0 below the end of the table."""
    for key in keys:
        block.column(
            key,
            _(table[key].label),
            table[key].kind,
            [
                f'=IF({block.part.cell(row, named)}="",0,'
                f"IFERROR(0+INDEX({table.name}[{key}],{row + 1}),0))"
                for row in range(block.part.rows)
            ],
        )


def _spans(block: Block, middle: str, kind: Kind) -> None:
    """How far an interval reaches above and below its middle, for error bars."""
    cell = block.part.cell
    for key, header, (upper, lower) in (
        ("plus", _("Above"), ("high", middle)),
        ("minus", _("Below"), (middle, "low")),
    ):
        spans = [f"={cell(row, upper)}-{cell(row, lower)}" for row in range(block.part.rows)]
        block.column(key, header, kind, spans)
