"""Step 5: what channels and campaigns bring."""

from __future__ import annotations

from smarketing_xl.texts import N_
from smarketing_xl.workbook.schema import Column, Kind, Table

_CREDIT = (
    Column("first", N_("First touch"), Kind.NUMBER, ours=True, width=12),
    Column("last", N_("Last touch"), Kind.NUMBER, ours=True, width=12),
    Column("linear", N_("Linear"), Kind.NUMBER, ours=True, width=10),
    Column("time_decay", N_("Time decay"), Kind.NUMBER, ours=True, width=12),
    Column("position", N_("Position based"), Kind.NUMBER, ours=True, width=14),
    Column("markov", N_("Markov"), Kind.NUMBER, ours=True, width=10),
    Column(
        "low",
        N_("Low"),
        Kind.NUMBER,
        ours=True,
        width=8,
        help=N_("Lower end of the 95 % interval of Markov."),
    ),
    Column(
        "high",
        N_("High"),
        Kind.NUMBER,
        ours=True,
        width=8,
        help=N_("Upper end of the 95 % interval of Markov."),
    ),
    Column("shapley", N_("Shapley"), Kind.NUMBER, ours=True, width=10),
    Column("revenue", N_("Revenue"), Kind.MONEY, ours=True, help=N_("Revenue credited by Markov.")),
    Column("cost", N_("Cost"), Kind.MONEY, ours=True),
    Column("cac", N_("CAC"), Kind.MONEY, ours=True, help=N_("Cost per new customer.")),
    Column("roi", N_("Return"), Kind.SHARE, ours=True, help=N_("(Revenue - cost) / cost.")),
    Column("share", N_("Share of budget"), Kind.SHARE, ours=True, width=15),
    Column("proposed", N_("Proposed share"), Kind.SHARE, ours=True, width=15),
)
ATTRIBUTION = Table(
    "Attribution",
    "attribution",
    (Column("channel", N_("Channel"), ours=True, width=20), *_CREDIT),
    key=("channel",),
)
CAMPAIGNS = Table(
    "Campaigns",
    "attribution",
    (Column("campaign", N_("Campaign"), ours=True, width=24), *_CREDIT),
    key=("campaign",),
)
NEW_CUSTOMERS = Table(
    "NewCustomers",
    "attribution",
    (
        Column("month", N_("Month"), Kind.MONTH, ours=True),
        Column("source", N_("Source"), ours=True, width=20),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
    ),
    key=("month", "source"),
)
