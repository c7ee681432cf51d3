"""Steps 4 and 5: which channels and campaigns bring customers."""

from __future__ import annotations

import datetime as dt

import xlwings as xw

from smarketing_xl.actions.base import Filled, Summary, action, filled, given_cells, moment
from smarketing_xl.texts import _
from smarketing_xl.workbook import cells, tables
from smarketing_xl.workbook.filling import Change, Rows
from smarketing_xl.workbook.reading import language, read


@action
def attribution(book: xw.Book, now: dt.datetime | None = None, source: str | None = None) -> Filled:
    """Which channels and campaigns bring customers, at what cost, and what to spend next.

    source: interactions from outside the workbook, see attribution.sources.
    """
    from smarketing_xl.attribution import feedback
    from smarketing_xl.attribution.sources import open_source

    checked = ("lead_id", "time", "channel")
    settings = given_cells(book, cells.ATTRIBUTION_SETTINGS)
    found = feedback.fill(
        interactions=open_source(source)
        if source
        else filled(book, tables.INTERACTIONS, checked=checked),
        leads=read(book, tables.LEADS, checked=("lead_id", "status", "closed", "revenue")),
        customers=read(book, tables.CUSTOMERS, checked=("lead_id", "won_on", "revenue")),
        spend=read(book, tables.SPEND),
        as_of=moment(book, now),
        **settings,
    )
    channels = found.channels
    changes: list[Change] = [
        Rows(tables.ATTRIBUTION, channels),
        Rows(tables.CAMPAIGNS, found.campaigns),
        Rows(tables.NEW_CUSTOMERS, found.new_customers),
    ]
    brief = channels[["channel", "last", "markov", "cost", "cac", "roi"]]
    brief = brief.rename(columns=lambda key: tables.ATTRIBUTION[key].title(language(book)))
    return changes, Summary(
        _("Attribution filled"), len(channels), tuple(found.notes), brief, settings
    )
