"""The agreement that marketing and sales sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smarketing_xl.funnel import lead_value, required_customers, required_leads
from smarketing_xl.i18n import N_, _
from smarketing_xl.personas.criteria import Persona
from smarketing_xl.personas.grades import Grade
from smarketing_xl.reports.document import (
    MONTHS,
    Document,
    Row,
    Section,
    clock,
    day,
    money,
    month,
    number,
    plain,
    share,
)
from smarketing_xl.reports.sla_versions import Change
from smarketing_xl.sla.calendar import country_name
from smarketing_xl.sla.office_hours import Shift
from smarketing_xl.sla.terms import Terms

_WEEK = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """All that is agreed. stages: name → share that reaches the next, None for the last.

    promises: grade or persona → leads a month that marketing promises of it. marketing_quota: what
    of the quota marketing's leads must bring; None: all of it.
    """

    terms: Terms
    personas: tuple[Persona, ...]
    grades: tuple[Grade, ...]
    stages: Mapping[str, float | None]
    quota: float
    avg_revenue: float
    conv_rate: float
    company: str = ""
    marketing_head: str = ""
    sales_head: str = ""
    promises: Mapping[str, float] = field(default_factory=dict)
    marketing_quota: float | None = None

    @property
    def to_bring(self) -> float:
        """What of the quota marketing's leads must bring."""
        return self.quota if self.marketing_quota is None else self.marketing_quota

    @property
    def leads_needed(self) -> float:
        """Leads that bring it."""
        return float(required_leads(self.to_bring, self.avg_revenue, self.conv_rate))


def agreement_document(agreement: Agreement, changes: Sequence[Change] = ()) -> Document:
    """The agreement in the language spoken, ready to be set as a page.

    changes: since the version signed before, if any (see `versions.differences`).
    """
    parts = [
        _parties(agreement),
        _goal(agreement),
        *_definitions(agreement),
        _marketing(agreement),
        _sales(agreement),
        Section(
            _("Review and changes"),
            (_("Both teams review these numbers every month. A change counts once both sign."),),
        ),
        *_changes(changes),
    ]
    sections = [
        Section(f"{at}. {part.title}", part.paragraphs, part.header, part.rows)
        for at, part in enumerate(parts, start=1)
    ]
    return Document(
        _("Service level agreement between marketing and sales"),
        agreement.company,
        tuple(sections),
        ((_("For marketing"), agreement.marketing_head), (_("For sales"), agreement.sales_head)),
    )


def _parties(agreement: Agreement) -> Section:
    terms = agreement.terms
    lines = [
        _("Marketing and sales work for one goal, and each promises the other what it needs."),
    ]
    if terms.agreed_from and terms.agreed_to:
        sentence = _("Valid from {first} to {last}.")
        lines.append(sentence.format(first=day(terms.agreed_from), last=day(terms.agreed_to)))
    elif terms.agreed_from:
        lines.append(_("Valid from {first}.").format(first=day(terms.agreed_from)))
    return Section(_("Purpose and period"), tuple(lines))


def _goal(agreement: Agreement) -> Section:
    given = agreement.to_bring, agreement.avg_revenue
    part = ((_("Marketing must bring"), money(agreement.to_bring)),)
    rows = (
        (_("Quota of the year"), money(agreement.quota)),
        *(part if agreement.to_bring != agreement.quota else ()),
        (_("Average revenue per customer (deal size)"), money(agreement.avg_revenue)),
        (_("Lead-to-customer rate"), share(agreement.conv_rate)),
        (_("Customers needed"), number(required_customers(*given))),
        (_("Leads needed"), number(agreement.leads_needed)),
        (
            _("Value of a lead"),
            money(lead_value(agreement.avg_revenue, agreement.conv_rate)),
        ),
    )
    return Section(_("The goal both share"), rows=rows)


def _definitions(agreement: Agreement) -> list[Section]:
    qualified = ", ".join(grade.name for grade in agreement.grades if grade.qualified)
    grades = tuple(
        (
            grade.name,
            plain(grade.lowest),
            _("Yes") if grade.qualified else _("No"),
        )
        for grade in agreement.grades
    )
    criteria = tuple(
        (
            persona.name if at == 0 else "",
            rule.words(),
            plain(rule.weight),
            _("Yes") if rule.required else "",
        )
        for persona in agreement.personas
        for at, rule in enumerate(persona.criteria)
    )
    stages = tuple(
        (stage, "" if rate is None else share(rate)) for stage, rate in agreement.stages.items()
    )
    return [
        Section(
            _("Who we look for"),
            (_("The ideal customers, and the points a lead gets for each trait."),),
            (_("Persona"), _("Trait"), _("Points"), _("Required")),
            criteria,
        ),
        Section(
            _("What a qualified lead is"),
            (
                _("A lead is qualified when its grade is one of: {grades}.").format(
                    grades=qualified
                ),
            ),
            (_("Grade"), _("Lowest fit score"), _("Qualified (MQL)")),
            grades,
        ),
        Section(_("Stages"), (), (_("Stage"), _("Conversion to next")), stages),
    ]


def _marketing(agreement: Agreement) -> Section:
    terms = agreement.terms
    worth = lead_value(agreement.avg_revenue, agreement.conv_rate)
    rows: tuple[Row, ...] = (
        *(
            (_("Leads in {month}").format(month=month(first)), number(leads))
            for first, leads in sorted(terms.by_month.items())
        ),
        (_("Leads per month"), number(terms.sla_leads))
        if not terms.by_month
        else (_("Leads per month, on average"), number(terms.sla_leads)),
        (_("Qualified leads per month"), number(terms.sla_qualified)),
        (_("Value per month"), money(terms.sla_leads * worth)),
        *(
            (_("of which {group}").format(group=group), number(leads))
            for group, leads in agreement.promises.items()
        ),
    )
    return Section(_("What marketing promises"), rows=rows)


def _sales(agreement: Agreement) -> Section:
    terms = agreement.terms
    hours: list[Row] = [
        (
            _("First contact of a lead of grade {grade}").format(grade=grade),
            _("within {hours} office hours").format(hours=plain(promised)),
        )
        for grade, promised in terms.first_contact_hours.items()
    ]
    if terms.sla_attempts:
        sentence = _("{attempts} within {days} working days")
        shown = sentence.format(
            attempts=plain(terms.sla_attempts), days=plain(terms.sla_attempt_days)
        )
        hours.append((_("Attempts per lead"), shown))
    if terms.sla_decide_days:
        shown = _("within {days} working days").format(days=plain(terms.sla_decide_days))
        hours.append((_("Accept, or reject with a reason"), shown))
    return Section(_("What sales promises"), (_office(terms),), rows=tuple(hours))


def _office(terms: Terms) -> str:
    shifts = terms.office_shifts or ((terms.office_open, terms.office_close),)
    sentence = _("Office hours are {hours}, {days}.").format(
        hours=_shifts(shifts), days=_days(terms.office_days)
    )
    for rule in terms.office_other:
        when = [_(MONTHS[rule.month - 1])] if rule.month else []
        when += [_days(rule.days)] if rule.days else []
        shown = _shifts(rule.shifts) if rule.shifts else _("closed")
        sentence += " " + _("{when}: {hours}.").format(when=", ".join(when), hours=shown)
    if terms.closing_days:
        free = ", ".join(day(date) for date in terms.closing_days)
        sentence += " " + _("Closed on {days}.").format(days=free)
    if terms.holiday_country:
        where = _("Public holidays of {place} do not count.")
        sentence += " " + where.format(place=country_name(terms.holiday_country))
    return sentence


def _shifts(shifts: Sequence[Shift]) -> str:
    return ", ".join(
        _("from {opens} to {closes}").format(opens=clock(opens), closes=clock(closes))
        for opens, closes in shifts
    )


def _days(days: tuple[int, ...]) -> str:
    names = [_(_WEEK[at - 1]) for at in days]
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return _("{first} to {last}").format(first=names[0], last=names[-1])
    return ", ".join(names)


def _changes(changes: Sequence[Change]) -> list[Section]:
    if not changes:
        return []
    rows = tuple((change.what, *change.shown()) for change in changes)
    header = (_("What"), _("Before"), _("Now"))
    return [Section(_("Changed since the agreement before"), header=header, rows=rows)]
