"""Step 2: the plan."""

from __future__ import annotations

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    given_cells,
)
from smarketing_xl.book.read import read_table
from smarketing_xl.book.write import BY_FORMULA, Change, Columns
from smarketing_xl.i18n import _
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Table


@action
def plan(book: xw.Book) -> Filled:
    """Leads needed: for the year, stage by stage and month by month, ahead by the sales cycle.

    The sheet computes them by itself; this says what keeps it from that, with the remedy, and puts
    formulas back where there are none.
    """
    from smarketing_xl import funnel

    goals = given_cells(book, named_cells.GOALS)
    months = filled_table(book, tables.PLAN)
    stages = read_table(book, tables.FUNNEL)
    due = funnel.leads_due(
        months["month"],
        months["month"],
        goals["quota"] * months["share"],
        goals["avg_revenue"],
        goals["conv_rate"],
        goals["cycle_days"],
    )
    customers = funnel.required_customers(goals["quota"], goals["avg_revenue"])
    leads = funnel.required_leads(goals["quota"], goals["avg_revenue"], goals["conv_rate"])
    changes: list[Change] = [_by_formula(tables.PLAN, "leads_due", months)]
    if len(stages):
        exact = funnel.required_customers(goals["quota"], goals["avg_revenue"], whole=False)
        funnel.funnel_volumes(exact, stages["to_next"].to_numpy()[:-1])
        changes.append(_by_formula(tables.FUNNEL, "volume", stages))
    needed = pd.DataFrame(
        {
            _("Goal"): [_("Quota"), _("Customers needed"), _("Leads needed")],
            "": [goals["quota"], customers, leads],
        }
    )
    return changes, Summary(_("Plan filled"), len(due), table=needed, inputs=goals)


def _by_formula(table: Table, key: str, rows: pd.DataFrame) -> Change:
    return Columns(table, pd.DataFrame({key: [BY_FORMULA] * len(rows)}, rows.index, dtype=object))
