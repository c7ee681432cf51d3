"""Every named cell of the workbook, declared once: goals and the terms of the agreement."""

from __future__ import annotations

import datetime as dt

from smarketing_xl.texts import N_
from smarketing_xl.workbook.schema import Cell, Kind

GOALS: tuple[Cell, ...] = (
    Cell("last_year_sales", N_("Last year's sales"), Kind.MONEY, "goals", 1_500_000, low=0),
    Cell("growth_target", N_("Growth target"), Kind.SHARE, "goals", 0.2, low=-1, high=10),
    Cell(
        "quota",
        N_("Quota"),
        Kind.MONEY,
        "goals",
        formula="=QUOTA_FROM_GROWTH(last_year_sales,growth_target)",
        low=0,
        help=N_("Sales of the year to come. Type over the formula to set it by hand."),
    ),
    Cell(
        "avg_revenue",
        N_("Average revenue per customer"),
        Kind.MONEY,
        "goals",
        6_000,
        low=0,
        help=N_("What one new customer brings in a year."),
    ),
    Cell(
        "conv_rate",
        N_("Conversion rate"),
        Kind.SHARE,
        "goals",
        0.15,
        low=0,
        high=1,
        help=N_("Share of leads that become customers."),
    ),
    Cell(
        "cycle_days",
        N_("Sales cycle"),
        Kind.WHOLE,
        "goals",
        45,
        low=0,
        high=1825,
        unit=N_("days"),
        help=N_("From the first contact to the signature, on average."),
    ),
    Cell("first_month", N_("First month"), Kind.MONTH, "goals", dt.date(2026, 1, 1)),
    Cell(
        "past_leads",
        N_("Leads counted last year"),
        Kind.WHOLE,
        "goals",
        2_000,
        low=0,
        help=N_("With the customers they became: how sure the conversion rate is."),
    ),
    Cell("past_won", N_("of which became customers"), Kind.WHOLE, "goals", 300, low=0),
)
ANSWERS: tuple[Cell, ...] = (
    Cell(
        "customers_needed",
        N_("Customers needed"),
        Kind.WHOLE,
        "goals",
        formula="=REQUIRED_CUSTOMERS(quota,avg_revenue)",
    ),
    Cell(
        "leads_needed",
        N_("Leads needed"),
        Kind.WHOLE,
        "goals",
        formula="=REQUIRED_LEADS(quota,avg_revenue,conv_rate)",
    ),
    Cell(
        "lead_worth",
        N_("Value of a lead"),
        Kind.MONEY,
        "goals",
        formula="=LEAD_VALUE(avg_revenue,conv_rate)",
    ),
    Cell(
        "quota_chance",
        N_("Probability to meet the quota"),
        Kind.SHARE,
        "goals",
        formula="=QUOTA_PROBABILITY(leads_needed,quota,avg_revenue,past_won,past_leads)",
        help=N_("With that many leads, given how sure the conversion rate is."),
    ),
)
TERMS: tuple[Cell, ...] = (
    Cell("sla_leads", N_("Leads per month"), Kind.WHOLE, "sla", 160, low=0),
    Cell("sla_qualified", N_("Qualified leads per month"), Kind.WHOLE, "sla", 60, low=0),
    Cell("sla_attempts", N_("Attempts per lead"), Kind.WHOLE, "sla", 4, low=0, high=100),
    Cell(
        "sla_attempt_days",
        N_("Attempts within"),
        Kind.WHOLE,
        "sla",
        10,
        low=1,
        high=365,
        unit=N_("working days"),
    ),
    Cell(
        "sla_decide_days",
        N_("Accept or reject within"),
        Kind.WHOLE,
        "sla",
        5,
        low=0,
        high=365,
        unit=N_("working days"),
    ),
    Cell(
        "office_open",
        N_("Office opens"),
        Kind.NUMBER,
        "sla",
        9,
        low=0,
        high=24,
        help=N_("Hour of the day, 9.5 is 9:30."),
    ),
    Cell("office_close", N_("Office closes"), Kind.NUMBER, "sla", 18, low=0, high=24),
    Cell(
        "office_days",
        N_("Working days"),
        Kind.TEXT,
        "sla",
        "1-5",
        help=N_("1 is Monday: 1-5, or 1,2,3,4,6."),
    ),
    Cell(
        "holiday_country",
        N_("Holidays of"),
        Kind.TEXT,
        "sla",
        "ES",
        help=N_("Two-letter country, with a region if needed: ES, ES-MD, US-CA. Blank: none."),
    ),
    Cell(
        "office_zone",
        N_("Time zone of the office"),
        Kind.TEXT,
        "sla",
        help=N_("Such as Europe/Madrid. Blank: as in the tables."),
    ),
    Cell(
        "data_zone",
        N_("Time zone of the tables"),
        Kind.TEXT,
        "sla",
        help=N_("If the CRM exports another, such as UTC. Blank: that of the office."),
    ),
    Cell(
        "report_date",
        N_("As of"),
        Kind.TIME,
        "sla",
        help=N_("Blank: now."),
    ),
)
AGREEMENT: tuple[Cell, ...] = (
    Cell("company", N_("Company"), Kind.TEXT, "sla", help=N_("As it signs the agreement.")),
    Cell("marketing_head", N_("For marketing"), Kind.TEXT, "sla", help=N_("Who signs.")),
    Cell("sales_head", N_("For sales"), Kind.TEXT, "sla", help=N_("Who signs.")),
    Cell("agreed_from", N_("Valid from"), Kind.DATE, "sla"),
    Cell("agreed_to", N_("Valid to"), Kind.DATE, "sla"),
)
ATTRIBUTION_SETTINGS: tuple[Cell, ...] = (
    Cell(
        "lookback_days",
        N_("Look-back"),
        Kind.WHOLE,
        "attribution",
        180,
        low=1,
        high=3650,
        unit=N_("days"),
    ),
    Cell(
        "half_life_days",
        N_("Half-life of time decay"),
        Kind.NUMBER,
        "attribution",
        7,
        low=0.01,
        high=3650,
        unit=N_("days"),
    ),
    Cell(
        "first_weight",
        N_("Weight of the first touch"),
        Kind.SHARE,
        "attribution",
        0.4,
        low=0,
        high=1,
    ),
    Cell(
        "last_weight", N_("Weight of the last touch"), Kind.SHARE, "attribution", 0.4, low=0, high=1
    ),
)

CELLS: tuple[Cell, ...] = (*GOALS, *ANSWERS, *TERMS, *AGREEMENT, *ATTRIBUTION_SETTINGS)
