"""Step 2: the plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    given_cells,
    moment,
)
from smarketing_xl.actions.outcomes import outcome_changes, settle
from smarketing_xl.book.check import makes_a_year
from smarketing_xl.book.read import has_name, has_table, read_cells, read_table
from smarketing_xl.book.write import BY_FORMULA, Change, Columns, Rows
from smarketing_xl.frames import Floats
from smarketing_xl.i18n import _, format_percent
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Table

if TYPE_CHECKING:
    from smarketing_xl.funnel.outlook import Plan as YearPlan
    from smarketing_xl.outcomes.account import Account


@action
def plan(book: xw.Book, now: dt.datetime | None = None) -> Filled:
    """Leads needed, for the year, by stage and month, ahead by the sales cycle; and the forecast.

    The sheet computes what is needed by itself; this says what keeps it from that, with the remedy,
    puts formulas back where there are none, and forecasts what the year will bring.
    """
    from smarketing_xl import funnel

    goals = given_cells(book, [cell for cell in named_cells.GOALS if not cell.optional])
    months = filled_table(book, tables.PLAN)
    stages = read_table(book, tables.FUNNEL)
    marketing = marketing_quota(book, goals["quota"])
    shares = months["share"].to_numpy(dtype=float)
    due = funnel.leads_due(
        months["month"],
        months["month"],
        marketing * shares / shares.sum(),
        goals["avg_revenue"],
        goals["conv_rate"],
        goals["cycle_days"],
    )
    customers = funnel.required_customers(marketing, goals["avg_revenue"])
    leads = funnel.required_leads(marketing, goals["avg_revenue"], goals["conv_rate"])
    live = has_name(book, "marketing_quota")  # else a workbook of before: its formulas lack it
    changes: list[Change] = [_filled(tables.PLAN, "leads_due", months, due, live)]
    if stages["to_next"].iloc[:-1].notna().any():  # else nobody has said how the funnel goes
        exact = funnel.required_customers(marketing, goals["avg_revenue"], whole=False)
        volumes = funnel.funnel_volumes(exact, stages["to_next"].to_numpy()[:-1])
        changes.append(_filled(tables.FUNNEL, "volume", stages, volumes, live))
    needed = pd.DataFrame(
        {
            _("Goal"): [_("Quota"), _("Customers needed"), _("Leads needed")],
            "": [goals["quota"], customers, leads],
        }
    )
    changes += forecast_changes(book, goals, months, moment(book, now))
    notes = () if makes_a_year(shares.sum()) else (_in_proportion(shares.sum()),)
    return changes, Summary(_("Plan updated"), len(due), notes, needed, goals)


def forecast_changes(
    book: xw.Book, goals: dict[str, Any], months: pd.DataFrame, now: dt.datetime
) -> list[Change]:
    """What came and what is to come; nothing in a workbook without the tables or without leads."""
    from smarketing_xl.funnel import outlook

    wanted = [table for table in (tables.OUTLOOK, tables.FORECAST_RECORD) if has_table(book, table)]
    leads = read_table(book, tables.LEADS, checked=())
    if leads["created"].isna().all():
        return []
    settled = settle(book, leads, now)
    changes = outcome_changes(book, settled.account, now)
    if not wanted:
        return changes
    history = outlook.history(settled.account)
    year = plan_of(goals, months)
    fills = (
        (tables.OUTLOOK, outlook.outlook(history, year, now)),
        (tables.FORECAST_RECORD, outlook.record(history, year, now)),
    )
    made = [Rows(table, rows, ordered=True) for table, rows in fills if table in wanted]
    return [*changes, *made]


def year_outlook(book: xw.Book, account: Account, now: dt.datetime) -> pd.DataFrame | None:
    """The outlook of the plan's year from an account; None where the goals are not filled."""
    from smarketing_xl.funnel import outlook

    goals = read_cells(book, [cell for cell in named_cells.GOALS if not cell.optional])
    months = read_table(book, tables.PLAN, checked=())
    if None in goals.values() or not len(months) or not months["share"].sum() > 0:
        return None
    return outlook.outlook(outlook.history(account), plan_of(goals, months), now)


def plan_of(goals: dict[str, Any], months: pd.DataFrame) -> YearPlan:
    """The plan that the forecast is set against, from the goals and the months of the plan."""
    from smarketing_xl.funnel.outlook import Plan as YearPlan

    order = np.argsort(months["month"].to_numpy())
    share = months["share"].to_numpy(dtype=float)[order]
    return YearPlan(
        months["month"].to_numpy()[order].astype("datetime64[M]"),
        goals["quota"] * share / share.sum(),
        goals["avg_revenue"],
        goals["conv_rate"],
        goals["cycle_days"],
    )


def marketing_quota(book: xw.Book, quota: float) -> float:
    """The quota less what existing customers and sales bring by themselves."""
    names = ("existing_revenue", "sales_revenue")
    other = read_cells(book, [cell for cell in named_cells.GOALS if cell.name in names])
    return max(0.0, quota - sum(value or 0.0 for value in other.values()))


def _in_proportion(total: float) -> str:
    return _("The shares of the year add up to {sum}: months get their part of the quota.").format(
        sum=format_percent(total, 1)
    )


def _filled(table: Table, key: str, rows: pd.DataFrame, values: Floats, live: bool) -> Change:
    """A column by its own formula, or by what it comes to."""
    cells = [BY_FORMULA] * len(rows) if live else np.asarray(values).tolist()
    return Columns(table, pd.DataFrame({key: cells}, rows.index, dtype=object if live else None))
