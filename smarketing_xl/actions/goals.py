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
from smarketing_xl.book.write import Change, Columns
from smarketing_xl.i18n import _
from smarketing_xl.schema import named_cells, tables


@action
def plan(book: xw.Book) -> Filled:
    """Leads needed: for the year, stage by stage and month by month, ahead by the sales cycle."""
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
    changes: list[Change] = [Columns(tables.PLAN, pd.DataFrame({"leads_due": due}, months.index))]
    if len(stages):
        exact = funnel.required_customers(goals["quota"], goals["avg_revenue"], whole=False)
        volumes = funnel.funnel_volumes(exact, stages["to_next"].to_numpy()[:-1])
        changes.append(Columns(tables.FUNNEL, pd.DataFrame({"volume": volumes}, stages.index)))
    needed = pd.DataFrame(
        {
            _("Goal"): [_("Quota"), _("Customers needed"), _("Leads needed")],
            "": [goals["quota"], customers, leads],
        }
    )
    return changes, Summary(_("Plan filled"), len(due), table=needed, inputs=goals)
