"""The table of leads for a CRM or an ad platform: read from the workbook, never sent anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from smarketing_xl.actions.base import Summary, filled_table, moment
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.book.read import language, own_currency, read_cells
from smarketing_xl.files import CSV, check_target, path_of, write_file
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.parsing import money
from smarketing_xl.schema import named_cells, tables

if TYPE_CHECKING:
    from smarketing_xl.ingest import Platform


def export_leads(
    book: xw.Book,
    path: Path,
    platform: Platform,
    currency: str = "",
    zone: str = "",
    replace: bool = True,
) -> Summary:
    """Write the leads as a platform imports them; what was left out, in the notes.

    currency, zone: of conversions (see `reports.exports.export_for`); the workbook's own where none
    is given. replace: whether a CSV that stands there may go.
    """
    from smarketing_xl.reports.exports import export_for

    with speaking(language(book)):
        check_target(path, CSV, source=path_of(book), replace=replace)
        leads = filled_table(book, tables.LEADS, checked=("lead_id", "created"))
        account = settle(book, leads, moment(book, None)).account
        zone = zone or _zone(book)
        code = money.currency((currency or own_currency(book)).strip())
        made = export_for(platform, leads, account, code, zone)
        write_file(path, made.csv(), CSV, source=path_of(book), replace=replace)
        left = [
            _("{count} left out: {why}").format(count=format_number(count), why=why)
            for why, count in made.left_out.items()
        ]
        what = _("Exported for {platform}").format(platform=platform)
        return Summary(what, len(made.rows), (str(path), *left))


def _zone(book: xw.Book) -> str:
    """The time zone of the tables: that of the office where none is given."""
    wanted = [c for c in named_cells.TERMS if c.name in ("data_zone", "office_zone")]
    given = read_cells(book, wanted)
    return str(given["data_zone"] or given["office_zone"] or "")
