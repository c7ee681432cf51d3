"""Step 5: what channels and campaigns bring, how sure that is, and how good it is."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import MODELS
from smarketing_xl.schema.tables.intervals import interval

_CREDIT = (
    Column(
        "first",
        N_("First touch"),
        Kind.NUMBER,
        ours=True,
        width=12,
        help=N_("All credit to the touch that began the journey: who makes people aware."),
    ),
    Column(
        "last",
        N_("Last touch"),
        Kind.NUMBER,
        ours=True,
        width=12,
        help=N_("All credit to the touch before the sale: who closes."),
    ),
    Column(
        "linear",
        N_("Linear"),
        Kind.NUMBER,
        ours=True,
        width=10,
        help=N_("The same credit to every touch of a journey: who is around."),
    ),
    Column(
        "time_decay",
        N_("Time decay"),
        Kind.NUMBER,
        ours=True,
        width=12,
        help=N_("Later touches get more, half per half-life: who is around when it counts."),
    ),
    Column(
        "position",
        N_("Position based"),
        Kind.NUMBER,
        ours=True,
        width=14,
        help=N_("First and last touch by their weights, the rest to those between."),
    ),
    Column(
        "markov",
        N_("Markov"),
        Kind.NUMBER,
        ours=True,
        width=10,
        help=N_(
            "What would be lost without the channel, if the next step depends on the last "
            "touches only. Knows journeys that were lost."
        ),
    ),
    *interval(
        Kind.NUMBER,
        width=8,
        helps=(
            N_("Lower end of the 95 % interval of Markov: of chance, not of the model."),
            N_("Upper end of the 95 % interval of Markov: of chance, not of the model."),
        ),
    ),
    Column(
        "shapley",
        N_("Shapley"),
        Kind.NUMBER,
        ours=True,
        width=10,
        help=N_(
            "The fair share of what channels earn together. Below 0: journeys with it "
            "become customers less often than without. Knows journeys that were lost."
        ),
    ),
    Column(
        "customers",
        N_("Customers"),
        Kind.NUMBER,
        ours=True,
        width=10,
        help=N_("Customers credited by Markov."),
    ),
    Column(
        "revenue",
        N_("Revenue"),
        Kind.MONEY,
        ours=True,
        width=12,
        help=N_("Revenue credited by Markov."),
    ),
    Column("cost", N_("Cost"), Kind.MONEY, ours=True, width=11),
    Column("cac", N_("CAC"), Kind.MONEY, ours=True, width=9, help=N_("Cost per new customer.")),
    Column(
        "roi",
        N_("ROI"),
        Kind.SHARE,
        ours=True,
        width=10,
        help=N_("(Revenue - cost) / cost."),
        decimals=0,
    ),
    Column(
        "payback",
        N_("Payback in months"),
        Kind.NUMBER,
        ours=True,
        width=10,
        help=N_("Until a year's margin (revenue, where no margin is known) has paid the cost."),
    ),
    Column("share", N_("Share of budget"), Kind.SHARE, ours=True, width=10),
    Column("proposed", N_("Proposed share"), Kind.SHARE, ours=True, width=10),
    Column(
        "budget",
        N_("Proposed budget"),
        Kind.MONEY,
        ours=True,
        width=12,
        help=N_("For the same total; moves only what the table Evidence agrees on."),
    ),
)
ATTRIBUTION = Table(
    "Attribution",
    "attribution",
    (Column("channel", N_("Channel"), ours=True, width=20), *_CREDIT),
    key=("channel",),
)
EVIDENCE = Table(
    "Evidence",
    "attribution",
    (
        Column("channel", N_("Channel"), ours=True, width=20),
        Column(
            "journeys",
            N_("Journeys with it"),
            Kind.NUMBER,
            ours=True,
            width=11,
            help=N_("Journeys that met the channel; a young one counts in part."),
        ),
        Column("conversion", N_("Conversion with it"), Kind.SHARE, ours=True, width=12),
        *interval(),
        Column(
            "without",
            N_("Conversion without it"),
            Kind.SHARE,
            ours=True,
            width=12,
            help=N_("Of all journeys that did not meet the channel. A comparison, no proof."),
        ),
        Column(
            "budget_low",
            N_("Lowest budget"),
            Kind.MONEY,
            ours=True,
            width=12,
            help=N_("The least that Markov, Shapley or the rates propose, chance included."),
        ),
        Column(
            "budget_high",
            N_("Highest budget"),
            Kind.MONEY,
            ours=True,
            width=12,
            help=N_("The most that Markov, Shapley or the rates propose, chance included."),
        ),
        Column("verdict", N_("Do they agree?"), ours=True, width=44),
    ),
    key=("channel",),
    help=N_("Before you move budget: journeys with and without each channel"),
)
SOURCED = Table(
    "Sourced",
    "attribution",
    (
        Column("channel", N_("Channel"), ours=True, width=20),
        Column(
            "sourced",
            N_("Sourced"),
            Kind.NUMBER,
            ours=True,
            width=10,
            help=N_("Customers whose lead was created at a touch of the channel: each has one."),
        ),
        Column(
            "influenced",
            N_("Influenced"),
            Kind.NUMBER,
            ours=True,
            width=11,
            help=N_("Customers who met the channel at all: one counts for every channel it met."),
        ),
        Column(
            "w_shaped",
            N_("W-shaped"),
            Kind.NUMBER,
            ours=True,
            width=11,
            help=N_(
                "30 % each to the first touch, lead creation and deal creation, 10 % to the rest: "
                "as HubSpot has it. Knows no losses."
            ),
        ),
        Column(
            "full_path",
            N_("Full path"),
            Kind.NUMBER,
            ours=True,
            width=11,
            help=N_(
                "22.5 % each to the first touch, lead creation, deal creation and the last touch, "
                "10 % to the rest: as HubSpot has it. Knows no losses."
            ),
        ),
    ),
    key=("channel",),
    help=N_("Sourced against influenced, and credit by the stages of a sale"),
)
LIMITS = Table(
    "Limits",
    "attribution",
    (
        Column("channel", N_("Channel"), width=22),
        Column("lowest", N_("At least"), Kind.MONEY, width=12),
        Column("highest", N_("At most"), Kind.MONEY, width=12),
    ),
    key=("channel",),
    help=N_("Limits of the proposed budget: type them"),
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
SOURCE_QUALITY = Table(
    "SourceQuality",
    "attribution",
    (
        Column("source", N_("Source"), ours=True, width=20),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("qualified", N_("Qualified (MQL)"), Kind.WHOLE, ours=True, width=11),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column("conversion", N_("Conversion"), Kind.SHARE, ours=True, width=12),
        Column("revenue", N_("Revenue per customer"), Kind.MONEY, ours=True),
        Column(
            "score",
            N_("Fit score"),
            Kind.NUMBER,
            ours=True,
            width=9,
            help=N_("Mean fit score of the customers."),
        ),
        Column(
            "grade",
            N_("Grade"),
            ours=True,
            width=9,
            help=N_("The grade that most of the customers have."),
        ),
        Column(
            "cycle_days",
            N_("Sales cycle in days"),
            Kind.NUMBER,
            ours=True,
            width=12,
            help=N_("From lead to customer; half of them took less."),
        ),
        Column("cost", N_("Cost"), Kind.MONEY, ours=True),
        Column("cost_per_lead", N_("Cost per lead"), Kind.MONEY, ours=True),
        Column("cost_per_qualified", N_("Cost per qualified lead"), Kind.MONEY, ours=True),
    ),
    key=("source",),
    help=N_("How good the leads and customers of each source are"),
)
LINE_SOURCES = Table(
    "LineSources",
    "attribution",
    (
        Column("line", N_("Line"), ours=True, width=16),
        Column("source", N_("Source"), ours=True, width=20),
        Column("leads", N_("Leads"), Kind.WHOLE, ours=True, width=9),
        Column("qualified", N_("Qualified (MQL)"), Kind.WHOLE, ours=True, width=11),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column("conversion", N_("Conversion"), Kind.SHARE, ours=True, width=12),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
        Column("cost", N_("Cost"), Kind.MONEY, ours=True),
        Column("cac", N_("CAC"), Kind.MONEY, ours=True, help=N_("Cost per new customer.")),
        Column("roi", N_("ROI"), Kind.SHARE, ours=True, width=10, decimals=0),
    ),
    key=("line", "source"),
    help=N_("By line: what each source brings and costs"),
)
TOP_PATHS = Table(
    "TopPaths",
    "attribution",
    (
        Column("rank", N_("Place"), Kind.WHOLE, ours=True, width=8),
        Column("path", N_("From the first touch to the sale"), ours=True, width=44),
        Column(
            "touches",
            N_("Touches"),
            Kind.NUMBER,
            ours=True,
            width=10,
            help=N_("Of a journey, on average; those of a channel in a row are written once."),
        ),
        Column("customers", N_("Customers"), Kind.WHOLE, ours=True, width=11),
        Column("revenue", N_("Revenue"), Kind.MONEY, ours=True),
        Column("conversion", N_("Conversion"), Kind.SHARE, ours=True, width=12),
    ),
    key=("rank",),
    help=N_("The journeys that brought most customers"),
)
_SPREAD = (
    Column("model", N_("Model"), Kind.CHOICE, ours=True, choices=MODELS, width=16),
    Column("credit", N_("Credit"), Kind.NUMBER, ours=True, width=10),
    *interval(Kind.NUMBER, width=10),
    Column("rank", N_("Rank"), Kind.WHOLE, ours=True, width=8),
    Column("rank_low", N_("Best rank"), Kind.WHOLE, ours=True, width=10),
    Column("rank_high", N_("Worst rank"), Kind.WHOLE, ours=True, width=10),
)
CERTAINTY = Table(
    "Certainty",
    "attribution",
    (Column("channel", N_("Channel"), ours=True, width=20), *_SPREAD),
    key=("channel", "model"),
    help=N_("How sure each credit and rank is: 95 % lie from low to high"),
)
CAMPAIGN_CERTAINTY = Table(
    "CampaignCertainty",
    "attribution",
    (Column("campaign", N_("Campaign"), ours=True, width=24), *_SPREAD),
    key=("campaign", "model"),
    help=N_("How sure each credit and rank of a campaign is: 95 % lie from low to high"),
)
CAVEATS = Table(
    "Caveats",
    "attribution",
    (Column("said", N_("What to know"), ours=True, width=130),),
    key=("said",),
    help=N_("What was left out, what cannot be told apart, what is assumed"),
)
