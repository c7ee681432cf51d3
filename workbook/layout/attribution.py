"""Attribution: what to move and why, before the tables it comes from and the settings."""

from __future__ import annotations

from xlsxwriter.utility import xl_range_abs

from smarketing_xl.i18n import _
from smarketing_xl.schema.model import Column, Kind
from smarketing_xl.schema.tables import ATTRIBUTION, EVIDENCE
from workbook.layout import answers
from workbook.layout.answers import Tile
from workbook.layout.canvas import Canvas
from workbook.layout.look import GOOD, WARN
from workbook.layout.places import BLOCK_COLUMN, cell_places, first_answer, page

_SHEET = "attribution"
_CHANNELS = 12  # rows shown of the channels


def draw(canvas: Canvas) -> None:
    """Draw what matters first above the settings."""
    row, wide = first_answer(_SHEET), len(page(_SHEET).block)
    answers.links(canvas, _SHEET, cell_places()["credit_by"].row - 1)
    canvas.section(_SHEET, row, BLOCK_COLUMN, wide, _("What to move, and why"))
    top = row + 6  # of the channels
    change, channel = (
        xl_range_abs(top + 1, at, top + _CHANNELS, at) for at in (BLOCK_COLUMN + 3, BLOCK_COLUMN)
    )
    canvas.formula(
        _SHEET, row + 1, BLOCK_COLUMN, _sentence(change, channel), canvas.look(bold=True)
    )
    answers.tiles(canvas, _SHEET, row + 2, _totals(change))
    _channels(canvas, top)


def _sentence(change: str, channel: str) -> str:
    """What moves most; that nothing should, where the models agree on no move."""

    def most(of: str) -> str:
        return f"INDEX({channel},MATCH({of}({change}),{change},0))"

    return (
        f'=IF(COUNT(Attribution[cost])=0,"{_("Nothing credited yet.")}",'
        f'IF(ROUND(MAX({change}),0)<=0,"{_("Move nothing: no move is certain enough.")}",'
        f'"{_("More to")} "&{most("MAX")}&" (+"&FIXED(MAX({change}),0)&"), '
        f'{_("less to")} "&{most("MIN")}&" ("&FIXED(MIN({change}),0)&"). '
        f'{_("In all, so much moves:")} "&FIXED(SUMIFS({change},{change},">0"),0)&"."))'
    )


def _totals(change: str) -> list[Tile]:
    cost, customers, revenue = (
        f"SUM(Attribution[{key}])" for key in ("cost", "customers", "revenue")
    )
    return [
        Tile(_("Cost"), f"={cost}", Kind.MONEY, _("of all channels, all history")),
        Tile(_("Customers"), f"={customers}", Kind.WHOLE, _("credited, all history")),
        Tile(_("Revenue"), f"={revenue}", Kind.MONEY, _("credited, all history")),
        Tile(
            _("CAC"),
            f'=IF({customers}=0,"–",{cost}/{customers})',
            Kind.MONEY,
            _("per customer"),
        ),
        Tile(
            _("ROI"),
            f'=IF({cost}=0,"–",({revenue}-{cost})/{cost})',
            Kind.SHARE,
            _("of what was spent"),
        ),
        Tile(_("To move"), f'=SUMIFS({change},{change},">0")', Kind.MONEY, _("for the same total")),
    ]


def _channels(canvas: Canvas, top: int) -> None:
    """The channels as the table has them: what each costs, what is proposed, and why."""
    budget, cost = "INDEX(Attribution[budget],{n})", "INDEX(Attribution[cost],{n})"
    verdict = "INDEX(Evidence[verdict],MATCH(INDEX(Attribution[channel],{n}),Evidence[channel],0))"

    def shown(key: str) -> tuple[Column, str, str]:
        column = ATTRIBUTION[key]
        return column, column.title(canvas.language), f"INDEX(Attribution[{key}],{{n}})"

    change = Column("change", "", Kind.MONEY, ours=True)
    columns = (
        shown("channel"),
        shown("cost"),
        shown("budget"),
        (change, _("Change"), f'IF({budget}="","",{budget}-N({cost}))'),
        shown("customers"),
        shown("cac"),
        (EVIDENCE["verdict"], _("Why"), verdict),
    )
    area = (top + 1, BLOCK_COLUMN + 3, top + _CHANNELS, BLOCK_COLUMN + 3)
    for criteria, tone in ((">", GOOD), ("<", WARN)):
        rule = {"type": "cell", "criteria": criteria, "value": 0, "format": canvas.look.tint(tone)}
        canvas.sheets[_SHEET].conditional_format(*area, rule)
    answers.listed(canvas, _SHEET, top, _CHANNELS, columns)
