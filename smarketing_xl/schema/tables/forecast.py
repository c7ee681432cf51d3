"""Step 2, are we on quota: what came, what is to come, and whether forecasts kept their promise."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema import formulas
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import FORECAST_PARTS, YES_NO

OUTLOOK = Table(
    "Outlook",
    "forecast",
    (
        Column("part", N_("By"), Kind.CHOICE, ours=True, choices=FORECAST_PARTS, width=12),
        Column("name", N_("Which"), ours=True, width=20),
        Column("quota", N_("Quota"), Kind.MONEY, ours=True, help=N_("Blank: nobody set one.")),
        Column("came", N_("Revenue so far"), Kind.MONEY, ours=True),
        Column(
            "customers",
            N_("Customers to come"),
            Kind.NUMBER,
            ours=True,
            width=12,
            help=N_("From leads and deals open now and from leads still to come."),
        ),
        Column("deviation", N_("give or take"), Kind.NUMBER, ours=True, width=9),
        Column("deal", N_("Revenue of each"), Kind.MONEY, ours=True),
        Column("spread", N_("Its spread"), Kind.SHARE, ours=True, width=9),
        Column(
            "expected",
            N_("Revenue expected"),
            Kind.MONEY,
            formula="=IF([@part]=\"\",\"\",[@came]+[@customers]*[@deal])",
        ),
        Column(
            "low",
            N_("at least"),
            Kind.MONEY,
            ours=True,
            help=N_("In eight of ten cases the revenue ends within: of chance, not of the model."),
        ),
        Column("high", N_("at most"), Kind.MONEY, ours=True),
        Column(
            "chance",
            N_("Probability to meet the quota"),
            Kind.SHARE,
            width=13,
            formula=formulas.forecast_probability(
                "[@part]", "[@quota]", "[@came]", "[@customers]", "[@deviation]", "[@deal]",
                "[@spread]",
            ),
        ),
        Column("as_of", N_("As of"), Kind.DATE, ours=True, width=12),
    ),
    key=("part", "name"),
    help=N_("Are we on quota? What came, and what is to come"),
)  # fmt: skip
FORECAST_RECORD = Table(
    "ForecastRecord",
    "forecast",
    (
        Column("month", N_("Said at the end of"), Kind.MONTH, ours=True),
        Column("until", N_("of revenue until"), Kind.MONTH, ours=True),
        Column("low", N_("at least"), Kind.MONEY, ours=True),
        Column("expected", N_("Revenue expected"), Kind.MONEY, ours=True),
        Column("high", N_("at most"), Kind.MONEY, ours=True),
        Column("came", N_("What came"), Kind.MONEY, ours=True),
        Column(
            "inside",
            N_("Within"),
            Kind.YES_NO,
            ours=True,
            choices=YES_NO,
            width=9,
            help=N_("Promised: eight of ten."),
        ),
    ),
    key=("month",),
    help=N_("Does the forecast keep its promise? Said with what was known then"),
)
