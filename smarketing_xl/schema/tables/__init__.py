"""Every table of the workbook, declared once: sheets, columns, types, who writes them, lists."""

from __future__ import annotations

from smarketing_xl.i18n import LANGUAGES, N_, translate
from smarketing_xl.schema import former
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables.attribution import (
    ATTRIBUTION,
    CAMPAIGN_CERTAINTY,
    CAMPAIGNS,
    CAVEATS,
    CERTAINTY,
    EVIDENCE,
    LIMITS,
    LINE_SOURCES,
    NEW_CUSTOMERS,
    SOURCE_QUALITY,
    TOP_PATHS,
)
from smarketing_xl.schema.tables.bookkeeping import CONFLICTS, JOURNAL, LOG, SET_ASIDE
from smarketing_xl.schema.tables.choices import (
    CHOICES,
    CREDIT_BY,
    DEAL_STATUS,
    DUTIES,
    EXPERIMENT_ACTIONS,
    EXPERIMENT_MEASURES,
    EXPERIMENT_SPLITS,
    EXPERIMENT_STATES,
    FORECAST_PARTS,
    INTERACTION_KINDS,
    MODELS,
    OPERATORS,
    PACES,
    RATE_FROM,
    REASONS,
    SLA_STATUSES,
    STATUS,
    YES_NO,
)
from smarketing_xl.schema.tables.crm import (
    CONSENTS,
    CUSTOMERS,
    DEALS,
    INTERACTIONS,
    LEADS,
    RATES,
    SPEND,
)
from smarketing_xl.schema.tables.experiments import (
    EXPERIMENT_OPTIONS,
    EXPERIMENTS,
    RESPONSES,
)
from smarketing_xl.schema.tables.forecast import FORECAST_RECORD, OUTLOOK
from smarketing_xl.schema.tables.goals import (
    CAPACITY,
    FUNNEL,
    LEADS_FOR_PROBABILITY,
    LINES,
    MEASURED_RATES,
    PLAN,
    SCENARIOS,
)
from smarketing_xl.schema.tables.learned import (
    FINDINGS,
    LEARNED,
    PERSONA_CALIBRATION,
    PERSONA_DRIFT,
    PERSONA_GRADES,
    PERSONA_MODELS,
    PERSONA_REJECTIONS,
    PROPOSAL,
)
from smarketing_xl.schema.tables.outcomes import (
    FUNNEL_GROUPS,
    MEASURED_FUNNEL,
    OUTCOMES,
    PIPELINE,
    UNMATCHED,
)
from smarketing_xl.schema.tables.personas import GRADES, INTEREST, PERSONAS
from smarketing_xl.schema.tables.sla import (
    HOLIDAYS,
    SLA_ATTEMPTS,
    SLA_CONTACT,
    SLA_EFFECT,
    SLA_LATE,
    SLA_LINE,
    SLA_LINES,
    SLA_MARKETING,
    SLA_PROMISES,
    SLA_SALES,
    SLA_SPEED,
    SLA_SPEED_EFFECT,
)

SHEETS: dict[str, str] = {
    "home": N_("Home"),
    "personas": N_("Personas"),
    "goals": N_("Goals"),
    "forecast": N_("Forecast"),
    "leads": N_("Leads"),
    "deals": N_("Deals"),
    "customers": N_("Customers"),
    "interactions": N_("Interactions"),
    "spend": N_("Spend"),
    "rates": N_("Rates"),
    "outcomes": N_("Outcomes"),
    "sla": N_("SLA"),
    "attribution": N_("Attribution"),
    "experiments": N_("Experiments"),
    "review": N_("Review"),
    "learned": N_("Suggestions"),
    "conflicts": N_("Conflicts"),
    "set_aside": N_("Set aside"),
    "log": N_("Log"),
    "lists": N_("Lists"),
    "journal": N_("Journal"),
}
HIDDEN = {"journal"}


def sheet_names(sheet: str) -> set[str]:
    """How one of our sheets may be called: in any language, and as it was called before."""
    now = {translate(SHEETS[sheet], language) for language in LANGUAGES}
    return now.union(former.SHEETS.get(sheet, ()))


TABLES: tuple[Table, ...] = (
    PERSONAS, GRADES, INTEREST, FUNNEL, PLAN, SCENARIOS, CAPACITY, LINES, MEASURED_RATES,
    LEADS_FOR_PROBABILITY,
    OUTLOOK, FORECAST_RECORD, LEADS,
    DEALS, CUSTOMERS, INTERACTIONS, SPEND, RATES, OUTCOMES, MEASURED_FUNNEL, PIPELINE, UNMATCHED,
    SLA_LATE, SLA_MARKETING, SLA_PROMISES, SLA_SALES, SLA_CONTACT, SLA_SPEED, SLA_ATTEMPTS,
    SLA_SPEED_EFFECT, SLA_EFFECT, SLA_LINE, SLA_LINES, ATTRIBUTION, EVIDENCE, LIMITS, CAVEATS,
    CAMPAIGNS, NEW_CUSTOMERS, SOURCE_QUALITY, TOP_PATHS, CERTAINTY, CAMPAIGN_CERTAINTY,
    LINE_SOURCES, EXPERIMENTS, EXPERIMENT_OPTIONS, RESPONSES, *LEARNED, CONFLICTS, SET_ASIDE, LOG,
    HOLIDAYS, JOURNAL,
)  # fmt: skip
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
RECORDS: tuple[Table, ...] = (LEADS, DEALS, CUSTOMERS, INTERACTIONS, SPEND)
"""What imports bring, a row a thing that happened: one that cannot be read stops no others."""

__all__ = [
    "ATTRIBUTION",
    "BY_NAME",
    "CAMPAIGNS",
    "CAMPAIGN_CERTAINTY",
    "CAPACITY",
    "CAVEATS",
    "CERTAINTY",
    "CHOICES",
    "CONFLICTS",
    "CONSENTS",
    "CREDIT_BY",
    "CUSTOMERS",
    "DEALS",
    "DEAL_STATUS",
    "DUTIES",
    "EVIDENCE",
    "EXPERIMENTS",
    "EXPERIMENT_ACTIONS",
    "EXPERIMENT_MEASURES",
    "EXPERIMENT_OPTIONS",
    "EXPERIMENT_SPLITS",
    "EXPERIMENT_STATES",
    "FINDINGS",
    "FORECAST_PARTS",
    "FORECAST_RECORD",
    "FUNNEL",
    "FUNNEL_GROUPS",
    "GRADES",
    "HIDDEN",
    "HOLIDAYS",
    "INTERACTIONS",
    "INTERACTION_KINDS",
    "INTEREST",
    "JOURNAL",
    "LEADS",
    "LEADS_FOR_PROBABILITY",
    "LEARNED",
    "LIMITS",
    "LINES",
    "LINE_SOURCES",
    "LOG",
    "MEASURED_FUNNEL",
    "MEASURED_RATES",
    "MODELS",
    "NEW_CUSTOMERS",
    "OPERATORS",
    "OUTCOMES",
    "OUTLOOK",
    "PACES",
    "PERSONAS",
    "PERSONA_CALIBRATION",
    "PERSONA_DRIFT",
    "PERSONA_GRADES",
    "PERSONA_MODELS",
    "PERSONA_REJECTIONS",
    "PIPELINE",
    "PLAN",
    "PROPOSAL",
    "RATES",
    "RATE_FROM",
    "REASONS",
    "RECORDS",
    "RESPONSES",
    "SCENARIOS",
    "SET_ASIDE",
    "SHEETS",
    "SLA_ATTEMPTS",
    "SLA_CONTACT",
    "SLA_EFFECT",
    "SLA_LATE",
    "SLA_LINE",
    "SLA_LINES",
    "SLA_MARKETING",
    "SLA_PROMISES",
    "SLA_SALES",
    "SLA_SPEED",
    "SLA_SPEED_EFFECT",
    "SLA_STATUSES",
    "SOURCE_QUALITY",
    "SPEND",
    "STATUS",
    "TABLES",
    "TOP_PATHS",
    "UNMATCHED",
    "YES_NO",
    "sheet_names",
]
