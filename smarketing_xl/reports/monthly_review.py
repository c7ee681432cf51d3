"""The review of a month: five sentences and the charts behind them, all computed from the data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Texts
from smarketing_xl.frames import Columns
from smarketing_xl.funnel.revenue import chance_of
from smarketing_xl.i18n import N_, _, current_language, half_up
from smarketing_xl.reports.document import (
    Chart,
    Document,
    Row,
    Section,
    day,
    money,
    month,
    month_to_date,
    number,
    probability,
    share,
)
from smarketing_xl.schema.tables import (
    OUTLOOK,
    REASONS,
    SLA_CONTACT,
    SLA_LATE,
    SLA_MARKETING,
)
from smarketing_xl.sla.calendar import MONTH
from smarketing_xl.sla.cases import build_cases, month_of
from smarketing_xl.sla.follow_up import in_time, late
from smarketing_xl.sla.marketing import day_by_day, delivered
from smarketing_xl.sla.sales import by_grade, summed
from smarketing_xl.sla.terms import Terms

LATE_SHOWN = 15
MONTHS_SHOWN = 12
PERIODS = ("month", "year")


def build_review(
    leads: pd.DataFrame,
    interactions: pd.DataFrame,
    terms: Terms,
    now: Any,
    of_month: dt.date | None = None,
    customers: pd.DataFrame | None = None,
    outlook: pd.DataFrame | None = None,
    to_date: pd.DataFrame | None = None,
) -> Document:
    """The review pack in the language spoken, ready to be set as pages.

    leads, interactions, customers: as the account of outcomes has them (see outcomes.settled);
    without customers, the leads that were won. outlook, to_date: the forecast of the plan's year
    (see funnel.outlook) and what came of it (funnel.to_date), which the review then leads with.
    of_month: any day of the month reviewed; that of `now` if left out. A month that is over is
    reviewed as it stood at its end, so that printing it later says the same of marketing.
    """
    now = np.datetime64(end_of(of_month, now), "us")
    first: dt.datetime = now.astype("datetime64[M]").astype("datetime64[us]").item()
    months = delivered(leads, terms, now)
    case = build_cases(leads, interactions, terms, now)
    owners = summed(case)
    owners = owners[owners["month"] == pd.Timestamp(first)]
    waiting = late(leads, interactions, terms, now)
    this = np.datetime64(first, "us")
    if customers is None:
        customers = leads[leads["status"] == "won"].rename(columns={"closed": "won_on"})
    bought = Columns(customers, "won_on", "revenue")
    since, revenue = bought.times("won_on"), bought.numbers("revenue")
    won = (month_of(since) == this) & (since <= now)
    sentences = (
        _delivered(months.iloc[-1], first),
        _outlook(months),
        _contacted(owners, in_time(case)[month_of(case.start) == this]),
        _waiting(waiting),
        _decided(owners, case.reason[month_of(case.decided) == this])
        + " "
        + _("{won} became customers this month, worth {revenue}.").format(
            won=number(won.sum()), revenue=money(np.nansum(revenue[won]))
        ),
    )
    return Document(
        _("Review of {month}").format(month=month(first)),
        _("As of {day}").format(day=day(now.item())),
        (
            *(
                []
                if outlook is None or to_date is None
                else _on_quota(outlook, to_date, now.item())
            ),
            Section(_("In five sentences"), sentences),
            _line(day_by_day(leads, terms, now)),
            _months(months.tail(MONTHS_SHOWN)),
            *_contact(by_grade(case)),
            _by_owner(owners),
            _late(waiting),
        ),
    )


def end_of(of_month: dt.date | None, now: Any) -> Any:
    """The moment reviewed: now, or the end of a month that is over."""
    now = np.datetime64(now, "us")
    if of_month is not None:
        end = (np.datetime64(of_month, "M") + MONTH).astype("datetime64[us]")
        now = min(now, end - np.timedelta64(1, "s"))
    return now.item()


WHAT = {"revenue": N_("Revenue won"), "customers": N_("New customers"), "leads": N_("Leads")}


def _on_quota(outlook: pd.DataFrame, to_date: pd.DataFrame, now: dt.datetime) -> list[Section]:
    """What came of the month and the year beside the plan, what is expected, and how sure."""
    rows = {(row["period"], row["what"]): row for row in to_date.to_dict("records")}
    of_month, of_year = (_came(rows[period, "revenue"], money) for period in PERIODS)
    paragraphs = [
        _(
            "{until}. Revenue won: {came}, where the quota is {by_then} by then and {whole} in the "
            "whole month: {gap}."
        ).format(until=month_to_date(now), **of_month),
        _(
            "Year to date: {came}, where the quota is {by_then} by then and {whole} in the whole "
            "year: {gap}."
        ).format(**of_year),
        _expected(outlook),
    ]
    header = (
        "",
        *(_("Month to date"), _("Plan by then"), _("Gap")),
        *(_("Year to date"), _("Plan by then"), _("Gap")),
    )
    cells = ("came", "by_then", "gap")
    table = [
        (_(label), *(_came(rows[period, what])[cell] for period in PERIODS for cell in cells))
        for what, label in WHAT.items()
    ]
    return [
        Section(_("Are we on quota?"), tuple(paragraphs), header, tuple(table)),
        _of_parts(outlook),
    ]


def _came(row: Mapping[Hashable, Any], shown: Callable[[float], str] = number) -> dict[str, str]:
    """A row of to_date in words: came, by_then, whole and gap."""
    apart = row["came"] - row["by_then"]
    away = half_up(abs(apart)) if apart == apart else 0
    side = _("ahead") if apart > 0 else _("behind")
    gap = "–" if apart != apart else f"{shown(float(away))} {side}" if away else _("as planned")
    return {**{key: shown(row[key]) for key in ("came", "by_then", "whole")}, "gap": gap}


def _expected(outlook: pd.DataFrame) -> str:
    """The forecast of the year in a sentence."""
    year = outlook.iloc[0]
    expected = year["came"] + year["customers"] * year["deal"]
    apart = expected - year["quota"]
    ends = _("above the quota") if apart >= 0 else _("below the quota")
    return _(
        "{expected} are expected by the end of the year, {gap} {above_or_below}, in eight of ten "
        "cases between {low} and {high}. The probability to end on quota is {chance}."
    ).format(
        above_or_below=ends,
        expected=money(expected),
        gap=money(abs(apart)),
        chance=_chance(year),
        **{key: money(year[key]) for key in ("low", "high")},
    )


def _of_parts(outlook: pd.DataFrame) -> Section:
    """The year's forecast by quarter, salesperson and line."""
    table = outlook.assign(expected=outlook["came"] + outlook["customers"] * outlook["deal"])
    shown = table[table["part"].isin(("quarter", "owner", "line"))]
    header = tuple(
        OUTLOOK[key].title(current_language())
        for key in ("name", "quota", "came", "expected", "low", "high", "chance")
    )
    rows = tuple(
        (
            str(row["name"]),
            *(money(row[key]) for key in ("quota", "came", "expected", "low", "high")),
            _chance(row),
        )
        for row in shown.to_dict("records")
    )
    return Section(_("By quarter, salesperson and line"), (), header, rows)


def _chance(row: Any) -> str:
    if pd.isna(row["quota"]):
        return "–"
    missing = row["quota"] - row["came"]
    parts = (row[key] for key in ("customers", "deviation", "deal", "spread"))
    return probability(chance_of(missing, *parts))


def _delivered(this: pd.Series[Any], first: dt.datetime) -> str:
    sentence = _(
        "In {month} marketing delivered {leads} leads and {qualified} qualified ones; promised by "
        "now were {promised}, and {whole} and {whole_qualified} for the whole month."
    )
    return sentence.format(
        month=month(first),
        leads=number(this["delivered"]),
        qualified=number(this["delivered_qualified"]),
        promised=number(this["to_date"]),
        whole=number(this["promised"]),
        whole_qualified=number(this["promised_qualified"]),
    )


def _outlook(months: pd.DataFrame) -> str:
    this = months.iloc[-1]
    if this["low"] < this["high"]:
        return _(
            "By the end of the month {forecast} leads are expected, in nine of ten cases between "
            "{low} and {high}."
        ).format(**{key: number(this[key]) for key in ("forecast", "low", "high")})
    if len(months) < 2:
        return _("There is no month before to compare with.")
    before = months.iloc[-2]["delivered"]
    return _("The month before brought {before} leads; the change is {change}.").format(
        before=number(before), change=number(this["delivered"] - before)
    )


def _contacted(owners: pd.DataFrame, verdicts: Texts) -> str:
    judged = owners[owners["in_time_share"].notna()]
    if judged.empty:
        return _("No lead of this month had to be contacted yet.")
    kept = [verdict for verdict in verdicts if verdict is not None]
    whole = _rounded(sum(kept) / len(kept))
    if len(judged) == 1:
        return _("Sales contacted {share} of the leads in time.").format(share=whole)
    shares = judged["in_time_share"].to_numpy()
    best, last = judged.iloc[int(shares.argmax())], judged.iloc[int(shares.argmin())]
    return _(
        "Sales contacted {share} of the leads in time: from {low} ({last}) to {high} ({best})."
    ).format(
        share=whole,
        low=_rounded(last["in_time_share"]),
        last=last["owner"],
        high=_rounded(best["in_time_share"]),
        best=best["owner"],
    )


def _waiting(waiting: pd.DataFrame) -> str:
    over = waiting[waiting["sla_status"] == "late"]
    if over.empty:
        return _("No lead is late.")
    by_owner = over["owner"].fillna(_("(nobody)")).value_counts()
    return _("{count} leads are late, {most} of them with {owner}; the oldest since {day}.").format(
        count=number(len(over)),
        most=number(by_owner.iloc[0]),
        owner=by_owner.index[0],
        day=day(over["due"].min()),
    )


def _decided(owners: pd.DataFrame, reasons: Texts) -> str:
    sentence = _(
        "Of this month's leads sales accepted {accepted}, {outside} outside the persona,"
    ).format(accepted=number(owners["accepted"].sum()), outside=number(owners["outside"].sum()))
    rejected = number(owners["rejected"].sum())
    given = pd.Series(reasons[~pd.isna(reasons)], dtype=object).value_counts()
    if given.empty:
        return sentence + " " + _("and rejected {rejected}.").format(rejected=rejected)
    shown = REASONS.shown(current_language())
    return (
        sentence
        + " "
        + _("and rejected {rejected}; the reason given most this month: {reason}.").format(
            rejected=rejected, reason=shown.get(given.index[0], given.index[0])
        )
    )


def _rounded(value: float) -> str:
    return share(round(value, 2))


# --- what stands behind the sentences ----------------------------------------------------------


def _line(line: pd.DataFrame) -> Section:
    days = tuple(str(each.day) for each in line["day"])
    series = {
        _(label): _values(line[key])
        for key, label in (
            ("delivered", SLA_MARKETING["delivered"].label),
            ("promised", SLA_MARKETING["promised"].label),
            ("delivered_qualified", SLA_MARKETING["delivered_qualified"].label),
            ("promised_qualified", SLA_MARKETING["promised_qualified"].label),
        )
    }
    promised = tuple(_(SLA_MARKETING[key].label) for key in ("promised", "promised_qualified"))
    return Section(
        _("Delivered against promised, day by day"), chart=Chart("lines", days, series, promised)
    )


def _months(months: pd.DataFrame) -> Section:
    axis = tuple(each.strftime("%m/%y") for each in months["month"])
    series = {
        _(SLA_MARKETING[key].label): _values(months[key]) for key in ("delivered", "promised")
    }
    return Section(_("Month by month"), chart=Chart("bars", axis, series))


def _contact(grades: pd.DataFrame) -> list[Section]:
    if grades.empty:
        return []
    series = {
        SLA_CONTACT[key].title(current_language()): _values(grades[key])
        for key in ("promised", "median", "most")
    }
    chart = Chart("bars", tuple(grades["grade"]), series)
    return [Section(_("Office hours to the first contact, by grade"), chart=chart)]


def _by_owner(owners: pd.DataFrame) -> Section:
    header = (
        _("Owner"), _("Assigned"), _("Share in time"), _("Median hours"), _("Attempts per lead"),
        _("Accepted"), _("Rejected"), _("Won"),
    )  # fmt: skip
    rows = tuple(
        (
            row["owner"], number(row["assigned"]), _rounded(row["in_time_share"]),
            number(row["median_hours"], 1), number(row["attempts"], 1), number(row["accepted"]),
            number(row["rejected"]), number(row["won"]),
        )
        for row in owners.to_dict("records")
    )  # fmt: skip
    empty = () if rows else (_("No lead was assigned this month."),)
    return Section(_("Leads of the month, by owner"), empty, header, rows)


def _late(waiting: pd.DataFrame) -> Section:
    columns = [SLA_LATE[key] for key in ("owner", "lead_id", "name", "grade", "duty", "hours_late")]
    rows: tuple[Row, ...] = tuple(
        (
            _text(row["owner"]), _text(row["lead_id"]), _text(row["name"]), _text(row["grade"]),
            SLA_LATE["duty"].choices.shown(current_language())[row["duty"]],  # type: ignore[union-attr]
            number(row["hours_late"], 1),
        )
        for row in waiting.head(LATE_SHOWN).to_dict("records")
    )  # fmt: skip
    more = len(waiting) - len(rows)
    remainder = (_("{count} more are in the workbook.").format(count=number(more)),) if more else ()
    empty = () if rows else (_("Nobody waits."),)
    header = tuple(column.title(current_language()) for column in columns)
    return Section(_("To call first"), (*remainder, *empty), header, rows)


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def _values(column: pd.Series[Any]) -> tuple[float | None, ...]:
    return tuple(None if pd.isna(value) else float(value) for value in column)
