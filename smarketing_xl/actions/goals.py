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
from smarketing_xl.actions.outcomes import outcome_changes, settle, there
from smarketing_xl.arrays import Floats
from smarketing_xl.book.check import makes_a_year
from smarketing_xl.book.named import Named, declared_content
from smarketing_xl.book.read import has_name, has_table, read_cells, read_table
from smarketing_xl.book.write import BY_FORMULA, Change, Columns, Rows
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import _, format_number, format_percent
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Cell, Table
from smarketing_xl.schema.tables.choices import RateFrom

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
    due = due_by_month(book, goals, months)
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
    shares = months["share"].sum()
    notes = () if makes_a_year(shares) else (_in_proportion(shares),)
    return changes, Summary(_("Plan updated"), len(due), notes, needed, goals)


def goals_if_filled(book: xw.Book) -> dict[str, Any] | None:
    """The inputs of the goals; None where one of them is blank."""
    goals = read_cells(book, [cell for cell in named_cells.GOALS if not cell.optional])
    return None if None in goals.values() else goals


def due_by_month(book: xw.Book, goals: dict[str, Any], months: pd.DataFrame) -> Floats:
    """Leads due in each month of the plan (see funnel.leads_due)."""
    from smarketing_xl import funnel

    shares = months["share"].to_numpy(dtype=float)
    return np.asarray(
        funnel.leads_due(
            months["month"],
            months["month"],
            marketing_quota(book, goals["quota"]) * shares / shares.sum(),
            goals["avg_revenue"],
            goals["conv_rate"],
            goals["cycle_days"],
        )
    )


@action
def take_rates(
    book: xw.Book, now: dt.datetime | None = None, conversion: RateFrom = "measured"
) -> Filled:
    """The goals' conversion rate from what was measured, from the funnel, or as typed.

    measured: average revenue, its spread, sales cycle and how sure the rate is are taken over too,
    each told with its count; the other two only choose the rate, and need no leads.
    """
    from smarketing_xl.outcomes import funnel

    cells = {cell.name: cell for cell in named_cells.GOALS}
    changes = _rate_from(book, cells, conversion)
    if conversion != "measured":
        label = _(tables.RATE_FROM.labels[conversion])
        return changes, Summary(_("Lead-to-customer rate follows: {what}").format(what=label), 1)
    leads = filled_table(book, tables.LEADS, checked=())
    account = settle(book, leads, moment(book, now)).account
    rates = funnel.measured_rates(account, moment(book, now)).iloc[0]
    taken, notes = _taken(rates)
    if "conv_rate" not in taken:
        raise NotEnoughData(
            _("No lead has become a customer yet, or none says when it came"),
            _("Import customers or deals, and try again"),
        )
    if changes:
        del taken["conv_rate"]  # which follows by itself
    names = [name for name in taken if has_name(book, name)]
    changes += [Named(cells[name], taken[name]) for name in names]
    changes += outcome_changes(book, account, moment(book, now))
    return changes, Summary(_("Measured rates taken"), len(names), notes, inputs=taken)


def _rate_from(book: xw.Book, cells: dict[str, Cell], conversion: RateFrom) -> list[Change]:
    """The choice, and the formula that follows it; nothing in a workbook of before."""
    if not has_name(book, "rate_from"):
        if conversion == "measured":
            return []
        raise NotEnoughData(
            _("This workbook was made before its conversion rate could follow the funnel"),
            _("Type the rate, or copy your data into a new workbook: smarketing new"),
        )
    rate = cells["conv_rate"]
    return [Named(cells["rate_from"], conversion), Named(rate, declared_content(book, rate))]


def _taken(rates: pd.Series[Any]) -> tuple[dict[str, object], tuple[str, ...]]:
    """What the goals take over of a row of MeasuredRates, by named cell; and it in words."""
    from smarketing_xl.reports.document import day
    from smarketing_xl.stats.intervals import count_behind

    taken: dict[str, object] = {}
    notes = []
    if rates["conversion"] > 0:
        share, low, high = (float(rates[key]) for key in ("conversion", "low", "high"))
        sure = round(count_behind(share, low, high))
        taken |= {"conv_rate": round(share, 4), "past_leads": sure, "past_won": round(share * sure)}
        text = _(
            "Lead-to-customer rate: {rate} ({low} to {high}), of {leads} leads from {first} to "
            "{last}, {won} of them won; as sure as {sure} leads that are all over"
        )
        notes.append(
            text.format(
                rate=format_percent(share, 1),
                low=format_percent(low, 1),
                high=format_percent(high, 1),
                leads=format_number(rates["leads"]),
                first=day(rates["first"]),
                last=day(rates["last"]),
                won=format_number(rates["won"]),
                sure=format_number(sure),
            )
        )
    if rates["priced"] > 0:
        taken["avg_revenue"] = round(float(rates["avg_revenue"]), 2)
        text = _("Average revenue per customer: {revenue}, of {count} customers")
        notes.append(
            text.format(
                revenue=format_number(rates["avg_revenue"]), count=format_number(rates["priced"])
            )
        )
    if rates["spread"] >= 0:
        taken["revenue_spread"] = round(float(rates["spread"]), 4)
    if rates["dated"] > 0:
        taken["cycle_days"] = float(round(rates["cycle_days"]))
        text = _("Sales cycle: {days} days, of {count} sales")
        notes.append(
            text.format(
                days=format_number(rates["cycle_days"]), count=format_number(rates["dated"])
            )
        )
    return taken, tuple(notes)


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
    year = plan_of(goals, months, quotas_of_parts(book))
    fills = (
        (tables.OUTLOOK, outlook.outlook(history, year, now)),
        (tables.FORECAST_RECORD, outlook.record(history, year, now)),
    )
    made = [Rows(table, rows, ordered=True) for table, rows in fills if table in wanted]
    return [*changes, *made]


def year_to_date(
    book: xw.Book, account: Account, now: dt.datetime, passed: float
) -> tuple[pd.DataFrame, pd.DataFrame] | tuple[None, None]:
    """The outlook of the plan's year, and what came of it; None where the goals are not filled.

    passed: see `against_plan`.
    """
    from smarketing_xl.funnel import outlook
    from smarketing_xl.funnel.to_date import against_plan
    from smarketing_xl.outcomes.summary import by_month

    goals = goals_if_filled(book)
    months = read_table(book, tables.PLAN, checked=())
    if goals is None or not len(months) or not months["share"].sum() > 0:
        return None, None
    year = plan_of(goals, months, quotas_of_parts(book))
    return (
        outlook.outlook(outlook.history(account), year, now),
        against_plan(months, by_month(account), now, passed),
    )


def plan_of(
    goals: dict[str, Any],
    months: pd.DataFrame,
    parts: dict[str, dict[str, float]] | None = None,
) -> YearPlan:
    """The plan that the forecast is set against, from the goals and the months of the plan.

    parts: as `quotas_of_parts` has them.
    """
    from smarketing_xl.funnel.outlook import Plan as YearPlan

    order = np.argsort(months["month"].to_numpy())
    share = months["share"].to_numpy(dtype=float)[order]
    return YearPlan(
        months["month"].to_numpy()[order].astype("datetime64[M]"),
        goals["quota"] * share / share.sum(),
        goals["avg_revenue"],
        goals["conv_rate"],
        goals["cycle_days"],
        {} if parts is None else parts,
    )


def quotas_of_parts(book: xw.Book) -> dict[str, dict[str, float]]:
    """The quotas that lines and salespeople have: `owner` and `line` → name → money."""
    found = {}
    for part, table, name in (("owner", tables.CAPACITY, "seller"), ("line", tables.LINES, "line")):
        rows = there(book, table, (name, "quota"))
        rows = rows[rows[name].notna() & (pd.to_numeric(rows["quota"]) > 0)]
        quotas = pd.to_numeric(rows["quota"]).groupby(rows[name].astype(str)).sum()
        found[part] = {str(each): float(quota) for each, quota in quotas.items()}
    return found


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
