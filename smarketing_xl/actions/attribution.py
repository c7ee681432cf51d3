"""Steps 4 and 5: which channels and campaigns bring customers."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    moment,
    named_value,
)
from smarketing_xl.actions.outcomes import Settled, outcome_changes, settle, there
from smarketing_xl.actions.outside import as_ours, read_outside
from smarketing_xl.book.read import has_table, language, read_cells, read_table
from smarketing_xl.book.write import Change, Rows
from smarketing_xl.i18n import _
from smarketing_xl.schema import named_cells, tables


@action
def attribution(
    book: xw.Book,
    now: dt.datetime | None = None,
    source: str | None = None,
    leads_from: str | None = None,
    customers_from: str | None = None,
) -> Filled:
    """Which channels and campaigns bring customers, at what cost, and what to spend next.

    source, leads_from, customers_from: interactions, leads and customers from outside the workbook
    instead of its own, see attribution.sources.
    """
    from smarketing_xl.attribution import report
    from smarketing_xl.attribution.economics import by_line
    from smarketing_xl.attribution.exclusions import sentences
    from smarketing_xl.attribution.settings import Settings, reported
    from smarketing_xl.attribution.sources import limited, open_source

    given = read_cells(book, named_cells.ATTRIBUTION_SETTINGS)
    known = {name: value for name, value in given.items() if value is not None}
    office = named_value(book, "office_zone")
    zone = named_value(book, "data_zone") or office
    now = moment(book, now)
    if leads_from:
        leads = read_outside(leads_from, tables.LEADS, zone or "UTC")
    else:
        leads = read_table(book, tables.LEADS, checked=("lead_id", "status", "closed", "revenue"))
    customers = None
    if customers_from:
        customers = read_outside(customers_from, tables.CUSTOMERS, zone or "UTC")
    settled = settle(book, leads, reported(now, office, zone), customers)
    spend = read_table(book, tables.SPEND)
    with limited(source) if source else nullcontext():
        if source:
            touches = settled.interactions_elsewhere(
                as_ours(open_source(source, zone or "UTC"), tables.INTERACTIONS)
            )
        else:
            touches = settled.interactions(_touches(book))
        analysis = report.build_report(
            interactions=touches,
            leads=_with_deals(settled, book),
            customers=settled.customers,
            spend=spend,
            as_of=now,
            settings=Settings(**known),
            timezone=zone,
            office=office,
            limits=read_table(book, tables.LIMITS),
            experiments=there(book, tables.EXPERIMENTS, ("response",)),
        )
    later = pd.to_datetime(settled.raw_customers["won_on"]) > reported(now, office, zone)
    notes = (*sentences({"sale_in_future": int(later.sum())}, {}), *analysis.notes)
    channels = analysis.channels
    changes: list[Change] = [
        Rows(tables.ATTRIBUTION, channels),
        Rows(tables.CAMPAIGNS, analysis.campaigns),
        Rows(tables.NEW_CUSTOMERS, analysis.new_customers),
        Rows(tables.SOURCE_QUALITY, analysis.quality),
        Rows(tables.TOP_PATHS, analysis.paths),
        Rows(tables.CERTAINTY, analysis.certainty),
        Rows(tables.CAMPAIGN_CERTAINTY, analysis.campaign_certainty),
        Rows(tables.CAVEATS, pd.DataFrame({"said": notes})),
        *(
            Rows(table, rows, ordered=True)
            for table, rows in (
                (tables.EVIDENCE, analysis.evidence),
                (tables.SOURCED, analysis.sourced),
                (tables.RESPONSES, analysis.responses),
            )
            if has_table(book, table)
        ),
        *(
            [
                Rows(
                    tables.LINE_SOURCES,
                    by_line(settled.leads, settled.customers, spend),
                    ordered=True,
                )
            ]
            if has_table(book, tables.LINE_SOURCES)
            else []
        ),
        *outcome_changes(book, settled.account, now),
    ]
    brief = channels[["channel", "last", "markov", "cost", "cac", "roi"]]
    brief = brief.rename(columns=lambda key: tables.ATTRIBUTION[key].title(language(book)))
    return changes, Summary(_("Attribution updated"), len(channels), notes, brief, known)


def _with_deals(settled: Settled, book: xw.Book) -> pd.DataFrame:
    """The leads with when their first deal was created."""
    deals = settled.interactions(there(book, tables.DEALS, ("lead_id", "created")))
    created = pd.to_datetime(deals["created"]).groupby(deals["lead_id"]).min()
    leads = settled.leads
    first = leads["lead_id"].astype(object).map(created.to_dict())
    return leads.assign(deal_created=pd.to_datetime(first))


def _touches(book: xw.Book) -> pd.DataFrame:
    """The interactions, their kinds as people read them: channels without a name go by them."""
    touches = read_table(book, tables.INTERACTIONS, checked=("lead_id", "time", "channel"))
    shown = tables.INTERACTION_KINDS.shown(language(book))
    return touches.assign(kind=touches["kind"].map(shown))
