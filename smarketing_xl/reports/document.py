"""What a document says, apart from how it looks: sections of text, rows and charts."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from smarketing_xl.i18n import (
    N_,
    _,
    day_format,
    format_money,
    format_percent,
    half_up,
    separated,
)

Row = tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A line or bar chart. series: label → a value for each label of the axis, None for no value.

    promised: the label of the series that is a promise, drawn dashed (lines) or as a line (bars).
    """

    kind: str  # "lines" or "bars"
    axis: tuple[str, ...]
    series: dict[str, tuple[float | None, ...]]
    promised: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    paragraphs: tuple[str, ...] = ()
    header: Row = ()
    rows: tuple[Row, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class Document:
    """Title, sections, and lines to sign (role, name; a blank name is written by hand)."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    signatures: tuple[tuple[str, str], ...] = ()


MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


HALF_A_MONTH = (0.4, 0.6)
"""Shares of a month's days between which it is called half."""

PARTS_OF_MONTH = (
    N_("less than half a month"), N_("half a month"), N_("more than half a month"),
    N_("the whole month"),
)  # fmt: skip


def number(value: float, decimals: int = 0) -> str:
    """A number as the language spoken writes it: 1,234.5 or 1.234,5; a dash for no value.

    >>> number(1234.5, 1), number(float("nan"))
    ('1,234.5', '–')
    """
    if value != value:
        return "–"
    return separated(f"{half_up(value, decimals):,.{decimals}f}")


def money(value: float) -> str:
    """An amount in the workbook's currency; a dash for no value."""
    return "–" if value != value else format_money(value)


def plain(value: float) -> str:
    """A number with no more decimals than it has."""
    decimals = 0 if value == round(value) else 1 if value == round(value, 1) else 2
    return number(value, decimals)


def share(value: float) -> str:
    """A share as a percentage, with no more decimals than it has; measured ones rounded before.

    >>> share(0.025), share(0.4), share(float("nan"))
    ('2.5 %', '40 %', '–')
    """
    return "–" if value != value else format_percent(value, 2)


def probability(value: float) -> str:
    """A probability as a percentage with one decimal, never 100 % or 0 %; a dash for no value.

    >>> probability(0.9961), probability(0.99999), probability(0.0)
    ('99.6 %', '> 99.9 %', '< 0.1 %')
    """
    if value >= 0.9995:
        return f"> {format_percent(0.999, 1)}"
    return f"< {format_percent(0.001, 1)}" if value < 0.0005 else share(round(value, 3))


def day(date: dt.date | None) -> str:
    """A day as the language spoken writes it; blank where there is none."""
    if date is None:
        return ""
    return date.strftime(day_format())


def clock(hours: float) -> str:
    """An hour of the day: 9.5 is 9:30, 30 is 6:00 on the next."""
    minutes = round(hours * 60) % (24 * 60) or (24 * 60 if hours == 24 else 0)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def month(date: dt.date) -> str:
    """A month and its year in words."""
    return _("{month} {year}").format(month=_(MONTHS[date.month - 1]), year=date.year)


def month_to_date(date: dt.date) -> str:
    """The days of a month until a day of it, and what part of it they are, in words.

    >>> month_to_date(dt.date(2026, 8, 15)), month_to_date(dt.date(2026, 8, 31))
    ('1–15 August: half a month', '1–31 August: the whole month')
    """
    days = calendar.monthrange(date.year, date.month)[1]
    low, high = HALF_A_MONTH
    share = date.day / days
    part = _(PARTS_OF_MONTH[3 if share == 1 else 0 if share < low else 1 if share <= high else 2])
    until = "1" if date.day == 1 else f"1–{date.day}"
    return _("{days} {month}: {part}").format(
        days=until, month=_(MONTHS[date.month - 1]), part=part
    )


def is_number(cell: str) -> bool:
    """Whether a text is a number, a percentage or an amount, so that it stands at the right.

    >>> is_number("12.5 %"), is_number(f"USD{chr(160)}1,800,000"), is_number("3 leads")
    (True, True, False)
    """
    amount = cell.rpartition("\N{NO-BREAK SPACE}")[2].lstrip("$€£")
    return amount.replace("%", "").replace(".", "").replace(",", "").strip("-– ").isdigit()


def all_numbers(cells: Row) -> bool:
    """Whether all that is filled are numbers."""
    return all(is_number(cell) for cell in cells if cell.strip("– "))
