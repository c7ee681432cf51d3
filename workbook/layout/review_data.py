"""Review: the numbers behind the charts, beside them, as formulas over the tables.

They stand in fixed ranges, so that a chart draws the same cells in every host however far a table
has grown.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.model import Kind
from smarketing_xl.schema.tables import MODELS, STATUS
from workbook.layout.canvas import Canvas
from workbook.layout.formulas import in_currency

SHEET = "review"
LEFT = 22  # first column of the numbers, right of the charts
MONTHS, SOURCES, CHANNELS, GRADES, OWNERS, PATHS = 12, 7, 8, 5, 8, 10
_TOP = 5
_NAMES, _NUMBERS = 32, 20  # widths of what names a row, and of its numbers

# columns of each part: key, header, kind, formula; {c} is the cell of the row's first column
_LOOKED_UP = (
    ("promised", N_("Leads promised"), "SlaMarketing[promised]"),
    ("delivered", N_("Leads delivered"), "SlaMarketing[delivered]"),
    ("qualified", N_("Qualified delivered"), "SlaMarketing[delivered_qualified]"),
)
_OF_CHANNEL = (
    ("customers", N_("Customers"), Kind.NUMBER),
    ("cac", N_("CAC"), Kind.MONEY),
    ("share", N_("Share of budget"), Kind.SHARE),
    ("proposed", N_("Proposed share"), Kind.SHARE),
)


@dataclass(frozen=True)
class Part:
    """Rows of numbers under headers: where each column stands, by key."""

    top: int
    rows: int
    columns: dict[str, int]

    def area(self, sheet: str, key: str) -> str:
        """The cells of a column, for a chart."""
        column = self.columns[key]
        return f"='{sheet}'!{xl_range_abs(self.top + 1, column, self.top + self.rows, column)}"

    def header(self, sheet: str, key: str) -> str:
        """The header of a column, for a chart's legend."""
        cell = xl_rowcol_to_cell(self.top, self.columns[key], row_abs=True, col_abs=True)
        return f"='{sheet}'!{cell}"

    def cell(self, row: int, key: str) -> str:
        """A cell of a column, for a formula on the same sheet."""
        return str(xl_rowcol_to_cell(self.top + 1 + row, self.columns[key]))


class Block:
    """Writes a part of the numbers, column by column, and remembers what its cells hold."""

    def __init__(self, canvas: Canvas, top: int, rows: int, title: str) -> None:
        self.canvas = canvas
        self.part = Part(top, rows, {})
        canvas.sheets[SHEET].write_string(top - 1, LEFT, title, canvas.look.section())

    def column(self, key: str, header: str, kind: Kind, formulas: list[str]) -> None:
        """One column: a header (a formula where it starts with =) and a formula a row."""
        at = LEFT + len(self.part.columns)
        self.canvas.width(SHEET, at, _NAMES if at == LEFT else _NUMBERS)
        self.part.columns[key] = at
        title = in_currency(header) if kind is Kind.MONEY else header
        self._cell(self.part.top, at, title, self.canvas.look.title())
        for row, formula in enumerate(formulas, start=self.part.top + 1):
            self._cell(row, at, formula, self.canvas.look(kind))

    def _cell(self, row: int, column: int, content: str, form: Format) -> None:
        self.canvas.text(SHEET, row, column, content, form)


def draw(canvas: Canvas) -> dict[str, Part]:
    """Write the numbers; answers where they stand."""
    canvas.sheets[SHEET].write_string(2, LEFT, _("What the charts draw"), canvas.look.section())
    parts: dict[str, Part] = {}
    top = _TOP
    for name, drawn in (
        ("months", _months),
        ("channels", _channels),
        ("credits", _credits),
        ("paths", _paths),
        ("grades", _grades),
        ("owners", _owners),
    ):
        parts[name] = drawn(canvas, top)
        top += parts[name].rows + 4
    return parts


def end(parts: dict[str, Part]) -> int:
    """The row below all parts where further ones may begin."""
    return max(part.top + part.rows for part in parts.values()) + 6


def _months(canvas: Canvas, top: int) -> Part:
    """The twelve months up to the latest with a new customer."""
    block = Block(canvas, top, MONTHS, _("By month"))
    part = block.part
    latest = "EDATE(MAX(NewCustomers[month]),-11)"
    start = f"=IF(COUNT(NewCustomers[month])=0,first_month,{latest})"
    first = xl_rowcol_to_cell(top + 1, LEFT)
    later = [f"=EDATE({first},{number})" for number in range(1, MONTHS)]
    block.column("month", _("Month"), Kind.MONTH, [start, *later])
    months = [part.cell(row, "month") for row in range(MONTHS)]
    for key, header, column in _LOOKED_UP:
        sums = [f"=SUMIFS({column},SlaMarketing[month],{month})" for month in months]
        block.column(key, _(header), Kind.WHOLE, sums)
    for key, header, summed in (
        ("promised_sum", _("Promised, added up"), "promised"),
        ("delivered_sum", _("Delivered, added up"), "delivered"),
    ):
        start = part.cell(0, summed)
        added = [f"=SUM({start}:{part.cell(row, summed)})" for row in range(MONTHS)]
        block.column(key, header, Kind.WHOLE, added)
    customers = "NewCustomers[customers],NewCustomers[month]"
    totals = [f"=SUMIFS({customers},{month})" for month in months]
    block.column("customers", _("New customers"), Kind.WHOLE, totals)
    _by_source(block, months, customers)
    return part


def _by_source(block: Block, months: list[str], customers: str) -> None:
    """Customers of the channels that the Attribution table lists first, and of all others."""
    part = block.part
    for number in range(SOURCES):
        at = LEFT + len(part.columns)
        named = xl_rowcol_to_cell(part.top, at, row_abs=True)
        sums = [
            f'=IF({named}=" ",0,SUMIFS({customers},{month},NewCustomers[source],{named}))'
            for month in months
        ]
        block.column(f"source{number}", _channel(number + 1), Kind.WHOLE, sums)
    others = [
        f"={part.cell(row, 'customers')}-SUM({part.cell(row, 'source0')}"
        f":{part.cell(row, f'source{SOURCES - 1}')})"
        for row in range(len(months))
    ]
    block.column("other", _("Others"), Kind.WHOLE, others)


def _channel(row: int) -> str:
    """A channel's name; a space where there is none, since a legend makes up a name for a blank."""
    name = f"INDEX(Attribution[channel],{row})"
    return f'=IFERROR(IF({name}&""=""," ",{name})," ")'


def _channels(canvas: Canvas, top: int) -> Part:
    """The channels as the Attribution table lists them, the first ones."""
    block = Block(canvas, top, CHANNELS, _("By channel"))
    rows = range(1, CHANNELS + 1)
    block.column("channel", _("Channel"), Kind.TEXT, [_channel(row) for row in rows])
    for key, header, kind in _OF_CHANNEL:
        block.column(
            key,
            _(header),
            kind,
            [
                f'=IF({block.part.cell(row - 1, "channel")}="",0,'
                f"IFERROR(0+INDEX(Attribution[{key}],{row}),0))"
                for row in rows
            ],
        )
    return block.part


def _credits(canvas: Canvas, top: int) -> Part:
    """What each model credits the same channels with, and how far it may be off."""
    block = Block(canvas, top, CHANNELS, _("Credits by model"))
    rows = range(1, CHANNELS + 1)
    names = [f'=IFERROR(INDEX(Attribution[channel],{row})&"","")' for row in rows]
    block.column("channel", _("Channel"), Kind.TEXT, names)
    cell = block.part.cell
    for model in MODELS.labels:
        label = canvas.label(MODELS, model)
        for key, header, formula in (
            (model, label, "{credit}"),
            (f"{model} plus", _("Above"), "MAX(0,{high}-{credit})"),
            (f"{model} minus", _("Below"), "MAX(0,{credit}-{low})"),
        ):
            sums = {
                column: f"SUMIFS(Certainty[{column}],Certainty[channel],{{at}},"
                f'Certainty[model],"{label}")'
                for column in ("credit", "low", "high")
            }
            filled = formula.format(**sums)
            at = [cell(row, "channel") for row in range(CHANNELS)]
            formulas = [f'=IF({name}="",0,{filled.format(at=name)})' for name in at]
            block.column(key, header, Kind.NUMBER, formulas)
    return block.part


def _paths(canvas: Canvas, top: int) -> Part:
    """The journeys from first touch to sale that brought most customers."""
    block = Block(canvas, top, PATHS, _("Journeys of customers"))
    rows = range(1, PATHS + 1)
    names = [f'=IFERROR(INDEX(TopPaths[path],{row})&"","")' for row in rows]
    block.column("path", _("From the first touch to the sale"), Kind.TEXT, names)
    counts = [f"=IFERROR(0+INDEX(TopPaths[customers],{row}),0)" for row in rows]
    block.column("customers", _("Customers"), Kind.WHOLE, counts)
    return block.part


def _grades(canvas: Canvas, top: int) -> Part:
    """Leads and customers of each grade; a lead that is there twice counts once."""
    block = Block(canvas, top, GRADES, _("By grade"))
    won = canvas.label(STATUS, "won")
    names = [f'=IFERROR(INDEX(Grades[grade],{row})&"","")' for row in range(1, GRADES + 1)]
    block.column("grade", _("Grade"), Kind.TEXT, names)
    cells = [block.part.cell(row, "grade") for row in range(GRADES)]
    once = 'Leads[grade],{cell},Leads[duplicate_of],""'
    leads = [f'=IF({cell}="",0,COUNTIFS({once.format(cell=cell)}))' for cell in cells]
    block.column("leads", _("Leads"), Kind.WHOLE, leads)
    block.column(
        "won",
        _("Won"),
        Kind.WHOLE,
        [
            f'=IF({cell}="",0,COUNTIFS({once.format(cell=cell)},Leads[status],"{won}"))'
            for cell in cells
        ],
    )
    part = block.part
    rates = [
        f"=IF({part.cell(row, 'leads')}=0,0,{part.cell(row, 'won')}/{part.cell(row, 'leads')})"
        for row in range(GRADES)
    ]
    block.column("rate", _("Conversion"), Kind.SHARE, rates)
    return part


def _owners(canvas: Canvas, top: int) -> Part:
    """How much each owner of the latest month did in time, over all months, of what was due."""
    block = Block(canvas, top, OWNERS, _("By owner"))
    part = block.part
    latest = "MAX(SlaSales[month])"
    first = f"MATCH({latest},SlaSales[month],0)"
    names = [
        f"=IFERROR(IF(INDEX(SlaSales[month],{first}+{row})={latest},"
        f'INDEX(SlaSales[owner],{first}+{row})&"",""),"")'
        for row in range(OWNERS)
    ]
    block.column("owner", _("Owner"), Kind.TEXT, names)
    for key, header in (("judged", _("Were due")), ("in_time", _("Contacted in time"))):
        sums = [
            f'=IF({part.cell(row, "owner")}="",0,'
            f"SUMIFS(SlaSales[{key}],SlaSales[owner],{part.cell(row, 'owner')}))"
            for row in range(OWNERS)
        ]
        block.column(key, header, Kind.WHOLE, sums)
    shares = [
        f"=IF({part.cell(row, 'judged')}=0,0,"
        f"{part.cell(row, 'in_time')}/{part.cell(row, 'judged')})"
        for row in range(OWNERS)
    ]
    block.column("share", _("Share in time"), Kind.SHARE, shares)
    return part
