"""The one account of outcomes, read from the workbook for whatever a button fills."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlwings as xw

from smarketing_xl.book.read import has_table, read_table
from smarketing_xl.book.write import Change, Rows
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table

if TYPE_CHECKING:
    from smarketing_xl.outcomes.account import Account


@dataclass(frozen=True)
class Settled:
    """The account, and the tables as it has them (see outcomes.settled).

    raw_leads: the table as it stands, duplicates too.
    """

    account: Account
    raw_leads: pd.DataFrame
    raw_customers: pd.DataFrame

    @cached_property
    def leads(self) -> pd.DataFrame:
        """One row a lead, with what became of it."""
        from smarketing_xl.outcomes.settled import settled_leads

        return settled_leads(self.raw_leads, self.account)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row a new customer, also of those that only deals or leads know."""
        from smarketing_xl.outcomes.settled import settled_customers

        return settled_customers(self.raw_customers, self.account)

    def interactions(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Interactions with the leads that they are of."""
        from smarketing_xl.outcomes.settled import settled_interactions

        return settled_interactions(rows, self.account)

    def interactions_elsewhere(self, rows: Any) -> Any:
        """Interactions from a file or a database, with the leads that they are of.

        rows: a frame of any backend; they stay where they lie, to be asked there.
        """
        from smarketing_xl.attribution.sources import with_leads
        from smarketing_xl.outcomes.settled import lead_names

        return with_leads(rows, lead_names(self.account))


def settle(
    book: xw.Book,
    leads: pd.DataFrame,
    now: dt.datetime | None = None,
    customers: pd.DataFrame | None = None,
) -> Settled:
    """The account of a workbook.

    leads: its table of leads; now: what came later is left out. customers: instead of its own.
    """
    from smarketing_xl.outcomes.account import account

    if customers is None:
        customers = there(book, tables.CUSTOMERS, ("customer_id", "lead_id", "won_on", "revenue"))
    deals = there(book, tables.DEALS, ("deal_id", "lead_id", "status", "closed", "amount"))
    return Settled(account(leads, deals, customers, at=now), leads, customers)


def there(book: xw.Book, table: Table, checked: tuple[str, ...]) -> pd.DataFrame:
    """A table that an older workbook may lack: without rows then."""
    if has_table(book, table):
        return read_table(book, table, checked)
    return pd.DataFrame({column.key: pd.Series(dtype=object) for column in table})


def outcome_changes(book: xw.Book, account: Account, now: dt.datetime) -> list[Change]:
    """What came, the pipeline and what belongs to no lead; nothing in a workbook without them."""
    from smarketing_xl.outcomes import funnel, summary

    made = (
        (tables.OUTCOMES, summary.by_month(account)),
        (tables.MEASURED_FUNNEL, funnel.measured(account, now)),
        (tables.MEASURED_RATES, funnel.measured_rates(account, now)),
        (tables.PIPELINE, summary.pipeline(account, now)),
        (tables.UNMATCHED, summary.unmatched(account)),
    )
    return [Rows(table, rows, ordered=True) for table, rows in made if has_table(book, table)]
