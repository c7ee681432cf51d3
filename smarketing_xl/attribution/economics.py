"""What channels cost and bring: per lead, per customer, by month; how good the customers are."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.conversions import people, sales
from smarketing_xl.attribution.expressions import collect, number, text
from smarketing_xl.attribution.settings import NO_CAMPAIGN, By
from smarketing_xl.frames import Columns
from smarketing_xl.i18n import N_, _
from smarketing_xl.schema.tables import LINE_SOURCES

UNKNOWN_SOURCE = N_("(unknown)")
NO_LINE = N_("(no line)")
MONTHS = 12  # revenue and margin of a customer are those of a year


def costs(spend: Any, by: By = "channel") -> pd.DataFrame:
    """key (lower case), name, cost: what each channel or campaign cost in all, by name."""
    frame = nw.from_native(spend).lazy()
    name = nw.coalesce(text(nw.col(by)), nw.lit(_(NO_CAMPAIGN)))
    priced = frame.select(name=name, cost=number(nw.col("cost")))
    summed = collect(
        priced.with_columns(key=nw.col("name").str.to_lowercase())
        .group_by("key")
        .agg(nw.col("name").min(), nw.col("cost").sum())
    )
    return summed.sort_values("key", ignore_index=True)


def cost_per(cost: Floats, count: Floats) -> Floats:
    """Cost for each; NaN where there is none to pay for, or nothing was paid.

    >>> cost_per(np.array([100.0, 50.0, 0.0]), np.array([4.0, 0.0, 2.0])).tolist()
    [25.0, nan, nan]
    """
    each: Floats = np.divide(
        cost, count, out=np.full(len(cost), np.nan), where=(count > 0) & (cost > 0)
    )
    return each


def return_on(cost: Floats, earned: Floats) -> Floats:
    """(Earned - cost) / cost; NaN where nothing was paid."""
    share: Floats = np.divide(earned - cost, cost, out=np.full(len(cost), np.nan), where=cost > 0)
    return share


def payback_months(cost: Floats, yearly: Floats) -> Floats:
    """Months until what the customers bring in a year has paid for them; NaN where it never does.

    >>> payback_months(np.array([300.0]), np.array([1200.0])).tolist()
    [3.0]
    """
    return cost_per(cost * MONTHS, yearly)


def new_customers(leads: Any, customers: Any) -> pd.DataFrame:
    """month, source, customers, revenue: sales by the month of the sale and where they came from.

    A sale without a date is left out. Sources that differ only in case are one.
    """
    dated = sales(leads, customers).filter(~nw.col("time").is_null())
    source = nw.coalesce("source", nw.lit(_(UNKNOWN_SOURCE)))
    summed = collect(
        dated.with_columns(
            year=nw.col("time").dt.year(), month=nw.col("time").dt.month(), source=source
        )
        .with_columns(key=nw.col("source").str.to_lowercase())
        .group_by("year", "month", "key")
        .agg(nw.col("source").min(), nw.len().alias("customers"), nw.col("revenue").sum())
    )
    names = summed.groupby("key")["source"].min()
    month = pd.to_datetime(summed[["year", "month"]].astype(int).assign(day=1))
    table = pd.DataFrame(
        {
            "month": month,
            "source": summed["key"].map(names),
            "customers": summed["customers"].astype(float),
            "revenue": summed["revenue"].fillna(0.0),
        }
    )
    return table.sort_values(["month", "source"], ignore_index=True)


def quality(leads: Any, customers: Any, spend: Any) -> pd.DataFrame:
    """How good the leads and customers of each source are, and what they cost.

    source, leads, qualified, customers, conversion (customers / leads), revenue (mean of a
    customer), score (mean of the customers), grade (of most of them), cycle_days (median from lead
    to sale), cost, cost_per_lead, cost_per_qualified. Sources in the spend alone are there too.
    """
    source = nw.coalesce("source", nw.lit(_(UNKNOWN_SOURCE)))
    came = collect(
        people(leads)
        .with_columns(source=source)
        .with_columns(key=nw.col("source").str.to_lowercase())
        .group_by("key")
        .agg(nw.col("source").min(), nw.len().alias("leads"), nw.col("qualified").sum())
    ).set_index("key")
    paid = costs(spend).set_index("key").rename(columns={"name": "name_paid"})
    bought = _bought(collect(sales(leads, customers).with_columns(source=source)))
    table = came.join(bought, how="outer").join(paid, how="outer")
    table["source"] = table["source"].fillna(table["name"]).fillna(table["name_paid"])
    counts = ["leads", "qualified", "customers", "cost"]
    table[counts] = table[counts].fillna(0.0).astype(float)
    cost, leads_in = table["cost"].to_numpy(), table["leads"].to_numpy()
    table["conversion"] = (table["customers"] / table["leads"]).where(table["leads"] > 0)
    table["cost_per_lead"] = cost_per(cost, leads_in)
    table["cost_per_qualified"] = cost_per(cost, table["qualified"].to_numpy())
    columns = [
        "source", "leads", "qualified", "customers", "conversion", "revenue", "score", "grade",
        "cycle_days", "cost", "cost_per_lead", "cost_per_qualified",
    ]  # fmt: skip
    return table.sort_values("leads", ascending=False, kind="stable")[columns].reset_index(
        drop=True
    )


def by_line(leads: pd.DataFrame, customers: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """What each source brings and costs in each line: the LineSources table; none without lines.

    leads, customers: as the account of outcomes has them (see outcomes.settled), so that over all
    lines a source has what `quality` says of it.
    """
    came = pd.DataFrame({"leads": 1.0, "qualified": _flags(leads)}, leads.index)
    bought = pd.DataFrame(
        {"customers": 1.0, "revenue": pd.to_numeric(customers["revenue"])}, customers.index
    )
    paid = pd.DataFrame({"cost": pd.to_numeric(spend["cost"])}, spend.index)
    parts = [
        rows.assign(line=_named(table, "line"), source=_named(table, name))
        for rows, table, name in (
            (came, leads, "source"),
            (bought, customers, "source"),
            (paid, spend, "channel"),
        )
    ]
    rows = pd.concat(parts, ignore_index=True)
    if rows["line"].isna().all():
        return pd.DataFrame(columns=LINE_SOURCES.keys)
    rows["line"] = rows["line"].fillna(_(NO_LINE))
    rows["source"] = rows["source"].fillna(_(UNKNOWN_SOURCE))
    keys = [rows[name].str.lower().rename(f"{name}_key") for name in ("line", "source")]
    summed = ["leads", "qualified", "customers", "revenue", "cost"]
    groups = rows.groupby(keys)
    table = groups[summed].sum().assign(**{name: groups[name].min() for name in ("line", "source")})
    leads_in, cost = table["leads"].to_numpy(), table["cost"].to_numpy()
    table["conversion"] = (table["customers"] / table["leads"]).where(leads_in > 0)
    table["cac"] = cost_per(cost, table["customers"].to_numpy())
    table["roi"] = return_on(cost, table["revenue"].to_numpy())
    table = table.sort_values(["line_key", "leads"], ascending=[True, False], kind="stable")
    return table.reset_index(drop=True)[LINE_SOURCES.keys]


def _flags(leads: pd.DataFrame) -> Floats:
    return Columns(leads, "qualified").flags("qualified").astype(np.float64)


def _named(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column of texts without spaces around, None where blank or where there is no column."""
    cells = pd.Series(Columns(table, name).texts(name), table.index, dtype=object)
    return cells.str.strip()


def _bought(sold: pd.DataFrame) -> pd.DataFrame:
    """The customers of each source: how many, how good, how long they took."""
    days = (pd.to_datetime(sold["time"]) - pd.to_datetime(sold["created"])).dt.days
    sold = sold.assign(key=sold["source"].str.lower(), cycle_days=days.where(days >= 0))
    graded = sold.groupby(["key", "grade"], as_index=False).agg(often=("lead_id", "size"))
    most = graded.sort_values(["often", "grade"], ascending=[False, True]).drop_duplicates("key")
    bought = sold.groupby("key").agg(
        name=("source", "min"),
        customers=("lead_id", "size"),
        revenue=("revenue", "mean"),
        score=("score", "mean"),
        cycle_days=("cycle_days", "median"),
    )
    return bought.join(most.set_index("key")["grade"])
