"""The closed lists that columns take their entries from."""

from __future__ import annotations

from typing import Literal

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Choices

OPERATORS = Choices(
    "Operators",
    {
        "is": N_("is"),
        "is_not": N_("is not"),
        "one_of": N_("one of"),
        "contains": N_("contains"),
        "between": N_("between"),
        "at_least": N_("at least"),
        "at_most": N_("at most"),
        "before": N_("before"),
        "after": N_("after"),
        "within": N_("within (days)"),
        "is_blank": N_("is blank"),
        "is_not_blank": N_("is not blank"),
    },
)
YES_NO = Choices("YesNo", {"yes": N_("Yes"), "no": N_("No")})
STATUS = Choices(
    "Statuses",
    {
        "new": N_("New"),
        "accepted": N_("Accepted"),
        "rejected": N_("Rejected"),
        "opportunity": N_("Opportunity"),
        "won": N_("Won"),
        "lost": N_("Lost"),
    },
)
REASONS = Choices(
    "Reasons",
    {
        "no_budget": N_("No budget"),
        "not_decider": N_("Not the decision maker"),
        "no_need": N_("No need now"),
        "unreachable": N_("Cannot be reached"),
        "wrong_data": N_("Wrong contact data"),
        "competitor": N_("Chose a competitor"),
        "outside_persona": N_("Does not fit the persona"),
    },
)
DEAL_STATUS = Choices("DealStatuses", {"open": N_("Open"), "won": N_("Won"), "lost": N_("Lost")})
INTERACTION_KINDS = Choices(
    "InteractionKinds",
    {
        "visit": N_("Visit"),
        "form": N_("Form"),
        "ad": N_("Ad"),
        "email": N_("E-mail"),
        "call": N_("Call"),
        "meeting": N_("Meeting"),
        "event": N_("Event"),
        "message": N_("Message"),
        "reply": N_("E-mail answered"),
        "note": N_("Note"),
        "task": N_("Task"),
    },
)
SLA_STATUSES = Choices(
    "SlaStatuses",
    {
        "in_time": N_("In time"),
        "due": N_("Due"),
        "due_soon": N_("Due soon"),
        "late": N_("Late"),
        "contacted_late": N_("Contacted late"),
        "not_qualified": N_("Not qualified"),
        "closed": N_("Closed"),
    },
)
PACES = Choices(
    "Paces",
    {
        "ahead": N_("Ahead"),
        "on_track": N_("On track"),
        "behind": N_("Behind"),
        "met": N_("Met"),
        "missed": N_("Missed"),
        "not_started": N_("Not started"),
    },
)
CREDIT_BY = Choices(
    "CreditBy",
    {"customers": N_("customers"), "revenue": N_("revenue"), "margin": N_("margin")},
)
MODELS = Choices(
    "Models",
    {
        "first": N_("First touch"),
        "last": N_("Last touch"),
        "linear": N_("Linear"),
        "time_decay": N_("Time decay"),
        "position": N_("Position based"),
        "markov": N_("Markov"),
        "shapley": N_("Shapley"),
    },
)
DUTIES = Choices(
    "Duties",
    {
        "first_contact": N_("First contact"),
        "attempts": N_("More attempts"),
        "decision": N_("Accept or reject"),
    },
)
FORECAST_PARTS = Choices(
    "ForecastParts",
    {
        "year": N_("Year"),
        "quarter": N_("Quarter"),
        "month": N_("Month"),
        "owner": N_("Owner"),
        "line": N_("Line"),
    },
)
RateFrom = Literal["typed", "funnel", "measured"]
RATE_FROM = Choices(
    "RateFrom",
    {
        "typed": N_("what is typed"),
        "funnel": N_("the funnel"),
        "measured": N_("what was measured"),
    },
)
Action = Literal["stop", "halve", "double"]
Split = Literal["region", "week", "both"]
Measure = Literal["leads", "qualified", "customers"]
EXPERIMENT_ACTIONS = Choices(
    "ExperimentActions", {"stop": N_("stop"), "halve": N_("halve"), "double": N_("double")}
)
EXPERIMENT_SPLITS = Choices(
    "ExperimentSplits",
    {"region": N_("region"), "week": N_("week"), "both": N_("region and week")},
)
EXPERIMENT_MEASURES = Choices(
    "ExperimentMeasures",
    {
        "leads": N_("all leads"),
        "qualified": N_("qualified leads"),
        "customers": N_("new customers"),
    },
)
EXPERIMENT_STATES = Choices(
    "ExperimentStates",
    {"planned": N_("Planned"), "running": N_("Running"), "over": N_("Over")},
)
CHOICES: tuple[Choices, ...] = (
    OPERATORS, YES_NO, STATUS, REASONS, INTERACTION_KINDS, SLA_STATUSES, PACES, CREDIT_BY, MODELS,
    DUTIES, DEAL_STATUS, FORECAST_PARTS, RATE_FROM, EXPERIMENT_ACTIONS, EXPERIMENT_SPLITS,
    EXPERIMENT_MEASURES, EXPERIMENT_STATES,
)  # fmt: skip
