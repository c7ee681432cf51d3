"""Every sheet's frame: title, what it is for, what to do next, frozen rows, printing."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.tables import HIDDEN, RECORDS, SHEETS, TABLES
from workbook.layout.canvas import Canvas, codename
from workbook.layout.formulas import counted
from workbook.layout.look import NAVY, QUIET, SERIES, TEAL
from workbook.layout.places import BLOCK_COLUMN, block_end, page, table_places
from workbook.layout.tables import holds_money

PURPOSES: dict[str, str] = {
    "home": N_("Marketing and sales on one set of numbers, in five steps."),
    "personas": N_("Step 1. Whom do we want? The ideal customer, agreed by marketing and sales."),
    "goals": N_("Step 2. One goal for both teams: from the quota to customers to leads."),
    "forecast": N_("Step 2. Are we on quota? What came, what is to come, and how sure that is."),
    "leads": N_("Every lead, as the CRM knows it. Teal columns are updated by the buttons."),
    "deals": N_("Step 4. What sales works on: won deals are customers, open ones are pipeline."),
    "customers": N_("Step 4. Sales so far: what personas and channels are judged by."),
    "interactions": N_(
        "Step 4. Every interaction with a lead: marketing touches, sales follow-ups."
    ),
    "spend": N_("Step 4. What marketing cost, by month, channel and campaign."),
    "rates": N_("What one of another currency is worth in ours: imports turn amounts into it."),
    "outcomes": N_("Step 4. What came: leads, customers and revenue; every sheet reads these."),
    "sla": N_("Step 3. What each team promises, and what it delivers."),
    "attribution": N_("Step 5. Which channels and campaigns bring customers, and at what cost."),
    "experiments": N_(
        "Step 5. What no history can tell: change a channel here and not there, and compare."
    ),
    "review": N_("Step 5. Look at the results together, every month."),
    "learned": N_("What the sales history teaches: suggested criteria, and whether they work."),
    "set_aside": N_("What the last import could not read, row by row, with the reason."),
    "conflicts": N_("Where the last import says otherwise than people typed; nothing was changed."),
    "log": N_("What was done, when, by whom and with which inputs."),
    "lists": N_(
        "The entries of the drop-downs. They are fixed: formulas and buttons rely on them."
    ),
    "journal": N_("What Undo last update needs. Leave it as it is."),
}
# sheet: (the column that is blank while there is nothing to see, what to do, what is there)
STATES: dict[str, tuple[str, str, str]] = {
    "personas": (
        "Personas[persona]",
        N_("Type a first criterion below: persona, attribute, operator, value, weight."),
        N_("{count} criteria. Change them, then: Smarketing → Score leads."),
    ),
    "forecast": (
        "Outlook[part]",
        N_("Nothing forecast yet. Import leads, then: Smarketing → Update plan."),
        N_(
            "{count} rows: the year, quarters, months, owners and lines. "
            "Update plan forecasts again."
        ),
    ),
    "leads": (
        "Leads[lead_id]",
        N_("No leads yet. Smarketing → Import… → Leads…, or paste rows under the headers."),
        N_("{count} leads. Smarketing → Score leads updates the teal columns."),
    ),
    "deals": (
        "Deals[deal_id]",
        N_("No deals yet. Smarketing → Import… → Deals…, or paste rows under the headers."),
        N_("{count} deals. Won ones are customers on every sheet; open ones are pipeline."),
    ),
    "customers": (
        "Customers[customer_id]",
        N_("No customers yet. Smarketing → Import… → Customers…, or paste rows under the headers."),
        N_("{count} customers. Smarketing → Learn persona suggests whom to look for."),
    ),
    "interactions": (
        "Interactions[lead_id]",
        N_("No interactions yet. Smarketing → Import… → Interactions…, or paste rows."),
        N_(
            "{count} interactions. Smarketing → Update attribution credits "
            "the channels behind them."
        ),
    ),
    "spend": (
        "Spend[month]",
        N_("No costs yet. Smarketing → Import… → Spend…, or type them below."),
        N_("{count} costs. Smarketing → Update attribution sets them against new customers."),
    ),
    "rates": (
        "Rates[currency]",
        N_("Type your currency, and the rates of the others: by month, or one for always."),
        N_("{count} rates. The next import of amounts in those currencies uses them."),
    ),
    "outcomes": (
        "Outcomes[leads]",
        N_("Nothing counted yet. Import leads, deals and customers: every button counts them."),
        N_(
            "{count} rows by month, line and owner. The funnel and the pipeline stand at the right."
        ),
    ),
    "goals": (
        "Scenarios[scenario]",
        N_("Change a yellow cell: everything follows at once."),
        N_("{count} scenarios below. Change a yellow cell: everything follows at once."),
    ),
    "sla": (
        "SlaMarketing[month]",
        N_("Agree on the promises below, then: Smarketing → Update SLA."),
        N_("{count} months. Smarketing → Update SLA measures them again."),
    ),
    "attribution": (
        "Attribution[channel]",
        N_("Import leads, interactions and spend, then: Smarketing → Update attribution."),
        N_("{count} channels. Smarketing → Update attribution credits them again."),
    ),
    "experiments": (
        "Experiments[channel]",
        N_("Type a channel, an action and what chance deals; then: Update experiments."),
        N_("{count} experiments. Smarketing → Update experiments reads those that are over."),
    ),
    "review": (
        "SlaMarketing[month]",
        N_("Nothing to draw yet. Import your data, then: Smarketing → Update all."),
        N_(
            "{count} months measured. The charts show the last twelve; "
            "their numbers stand at the right."
        ),
    ),
    "learned": (
        "Proposal[persona]",
        N_("Nothing learned yet. Import customers, then: Smarketing → Learn persona."),
        N_("{count} criteria suggested. Change the ticks, then: Smarketing → Adopt suggestions."),
    ),
    "conflicts": (
        "Conflicts[row_id]",
        N_("No conflicts: the last import agrees with what is here."),
        N_("{count} cells differ. Type the file's value into its row where it is right."),
    ),
    "set_aside": (
        "SetAside[row]",
        N_("Nothing was set aside: every cell of the last import could be read."),
        N_("{count} cells could not be read. Correct them in the file, and import it again."),
    ),
    "log": (
        "Log[when]",
        N_("Nothing was done yet. Every button adds a line here."),
        N_("{count} updates, the latest at the bottom."),
    ),
}
_TABS = {
    "home": NAVY,
    "personas": TEAL,
    "goals": TEAL,
    "sla": TEAL,
    "attribution": TEAL,
    "review": TEAL,
}
_PAPER_A4 = 9
_PAGE_WIDTH = 138  # characters on a landscape page at full size
_PADDING = 5 / 7  # of a column, in characters
_USUAL = 8.43  # width of a column that nobody set
_READABLE = 0.65  # the smallest scale that can be read
_PAGE_ROWS = 38  # of a list on a page at that scale
_END = {"goals": table_places()["Scenarios"].row + 20, "sla": block_end("sla") + 8}


def add(canvas: Canvas) -> None:
    """Add every sheet, with its title."""
    for key in SHEETS:
        sheet = canvas.book.add_worksheet(canvas.title(key))
        canvas.sheets[key] = sheet
        sheet.set_vba_name(codename(key))
        sheet.hide_gridlines(2)
        sheet.set_tab_color(_TABS.get(key, SERIES[3]))
        if key in HIDDEN:
            sheet.very_hidden()
        title = _("Smarketing XL") if key == "home" else canvas.title(key)
        at = 1 if key == "home" or page(key).block else 0
        sheet.set_default_row(18)
        sheet.set_row(0, 30)
        mark = _("EXAMPLE with invented numbers").replace('"', '""')
        shown = f'=IF(AND(N(example)>0,example=last_year_sales),"{title} — {mark}","{title}")'
        form = canvas.look(bold=True, font_size=20, font_color=NAVY)
        canvas.formula(key, 0, at, shown, form)
        sheet.write_string(1, at, _(PURPOSES[key]), canvas.look(font_color=QUIET, font_size=12))


def finish(canvas: Canvas) -> None:
    """What to do next, frozen rows and printing, once the tables are drawn."""
    for key, (column, empty, filled) in STATES.items():
        at = 1 if page(key).block else 0
        state = counted(column, _(empty), _(filled))
        if any(table.sheet == key and holds_money(table) for table in RECORDS):
            state += f'&IF(own_currency="",""," {_("Amounts in")} "&own_currency&".")'
        canvas.formula(key, 2, at, state, canvas.look(font_color=TEAL, italic=True))
    for key in canvas.sheets:
        _freeze(canvas, key)
        _print(canvas, key)


def _freeze(canvas: Canvas, key: str) -> None:
    header, frozen = page(key).header_row, page(key).frozen
    if key in {table.sheet for table in TABLES} and not page(key).charted:
        canvas.sheets[key].freeze_panes(header + 1, frozen)


def _print(canvas: Canvas, key: str) -> None:
    """In landscape, titles repeated: what matters first, or of a list what one page holds.

    More of a list prints where people ask for it, by a selection or a print area of their own:
    thousands of rows are no page.
    """
    sheet = canvas.sheets[key]
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&8Smarketing XL&C&8&A&R&8&P / &N")
    if key == "review":  # prints as its charts are set
        return
    if key == "home":
        sheet.fit_to_pages(1, 1)
        return
    if page(key).block:
        last = BLOCK_COLUMN + len(page(key).block) - 1
        sheet.print_area(0, 0, _END.get(key, block_end(key)), last)
        sheet.repeat_rows(0, 1)
        sheet.fit_to_pages(1, 1 if key == "attribution" else 2)
        return
    header = page(key).header_row
    sheet.print_area(0, 0, header + _PAGE_ROWS, _last_readable(canvas.widths.get(key, {})))
    sheet.repeat_rows(header)
    sheet.fit_to_pages(1, 1)


def _last_readable(widths: Mapping[int, float]) -> int:
    """The last column that stays readable on one page with all before it."""
    room, last = _PAGE_WIDTH / _READABLE, 0
    for column in range(max(widths, default=0) + 1):
        room -= widths.get(column, _USUAL) + _PADDING
        if room < 0:
            break
        last = column
    return last
