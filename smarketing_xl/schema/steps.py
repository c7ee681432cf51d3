"""What a newcomer does, one thing at a time: the sheet Home and `smarketing status` say the same.

Each step is still to do while its test holds. The test is a formula, for Home; the same test on the
tables as they are read stands in smarketing_xl/actions/status.py under the step's key.
"""

from __future__ import annotations

from dataclasses import dataclass

from smarketing_xl.i18n import N_


@dataclass(frozen=True)
class Step:
    """key: its name. sheet: where it is done. test: a formula, true while it is to do; {written}
    and {late} are what the workbook's language calls an agreement written, and a late lead.

    text: what to do, in the workbook. command: the same in a terminal, FILE being the workbook;
    blank where it is done on the sheet.
    """

    key: str
    sheet: str
    test: str
    text: str
    command: str = ""


def _any_blank(*names: str) -> str:
    blank = ",".join(name + '=""' for name in names)
    return f"OR({blank})"


GOALS = (
    "quota",
    "avg_revenue",
    "conv_rate",
    "cycle_days",
    "first_month",
    "past_leads",
    "past_won",
)
PROMISES = ("sla_qualified", "sla_attempts", "sla_attempt_days", "sla_decide_days")
WRITTEN = N_("Agreement written")
"""How the log calls an agreement that was written."""
STEPS: tuple[Step, ...] = (
    Step(
        "leads",
        "leads",
        "COUNTA(Leads[lead_id])=0",
        N_("Import your leads: Smarketing → Import… → Leads…"),
        "smarketing import FILE leads.csv --yes",
    ),
    Step(
        "sales",
        "customers",
        "COUNTA(Customers[customer_id])+COUNTA(Deals[deal_id])+COUNT(Leads[closed])=0",
        N_("Import past customers or deals: Smarketing → Import… → Customers… or Deals…"),
        "smarketing import FILE customers.csv --as customers --yes",
    ),
    Step(
        "goals",
        "goals",
        _any_blank(*GOALS),
        N_("Say the quota, and what it takes: type the yellow cells of the sheet Goals."),
    ),
    Step(
        "plan",
        "forecast",
        "COUNTA(Outlook[part])=0",
        N_("Forecast the year: Smarketing → Update plan."),
        "smarketing plan FILE",
    ),
    Step(
        "personas",
        "personas",
        "COUNTA(Personas[persona])=0",
        N_("Describe your ideal customer: sheet Personas, or Smarketing → Learn persona."),
        "smarketing learn FILE",
    ),
    Step(
        "score",
        "leads",
        "COUNTA(Leads[rule_grade])=0",
        N_("Score the leads: Smarketing → Score leads."),
        "smarketing score FILE",
    ),
    Step(
        "score_again",
        "leads",
        "COUNTA(Leads[lead_id])>COUNTA(Leads[rule_grade])",
        N_("Leads came since they were scored: Smarketing → Score leads."),
        "smarketing score FILE",
    ),
    Step(
        "promises",
        "sla",
        _any_blank(*PROMISES),
        N_("Agree on the promises: type the yellow cells of the sheet SLA."),
    ),
    Step(
        "hours",
        "personas",
        "COUNT(Grades[first_contact_hours])=0",
        N_("Say how soon sales calls leads of each grade: table Grades of the sheet Personas."),
    ),
    Step(
        "sla",
        "sla",
        "COUNTA(SlaMarketing[month])=0",
        N_("Measure the agreement: Smarketing → Update SLA."),
        "smarketing sla FILE",
    ),
    Step(
        "agreement",
        "sla",
        'COUNTIFS(Log[what],"{written}")=0',
        N_("Write the agreement, and sign it: Smarketing → Agreement PDF."),
        "smarketing agreement FILE Agreement.pdf",
    ),
    Step(
        "spend",
        "spend",
        "COUNTA(Spend[month])=0",
        N_("Import what marketing cost: Smarketing → Import… → Spend…"),
        "smarketing import FILE costs.csv --as spend --yes",
    ),
    Step(
        "attribution",
        "attribution",
        "COUNTA(Attribution[channel])=0",
        N_("Credit the channels: Smarketing → Update attribution."),
        "smarketing attribution FILE",
    ),
    Step(
        "late",
        "sla",
        'COUNTIFS(SlaLate[sla_status],"{late}")>0',
        N_("Call the late leads first: sheet SLA, Late or about to be."),
        "smarketing today FILE",
    ),
)
LAST = Step(
    "review",
    "review",
    "TRUE",
    N_("Look at the charts together on the sheet Review."),
    "smarketing review FILE Review.pdf",
)
