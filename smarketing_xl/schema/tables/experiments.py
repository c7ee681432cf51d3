"""Step 5: what is tried, what it could show, and what is known of each channel's response."""

from __future__ import annotations

from smarketing_xl.i18n import N_
from smarketing_xl.schema.model import Column, Kind, Table
from smarketing_xl.schema.tables.choices import (
    EXPERIMENT_ACTIONS,
    EXPERIMENT_MEASURES,
    EXPERIMENT_SPLITS,
    EXPERIMENT_STATES,
)
from smarketing_xl.schema.tables.intervals import interval

EXPERIMENTS = Table(
    "Experiments",
    "experiments",
    (
        Column(
            "channel",
            N_("Channel"),
            width=18,
            help=N_("As the leads' column Source has it. Type it, then: Update experiments."),
        ),
        Column("action", N_("Action"), Kind.CHOICE, choices=EXPERIMENT_ACTIONS, width=10),
        Column(
            "split",
            N_("Dealt by"),
            Kind.CHOICE,
            choices=EXPERIMENT_SPLITS,
            width=16,
            help=N_(
                "What chance deals. Region: half of them change all the time. Week: one of every "
                "two weeks changes, everywhere. Both: every region changes in one of two weeks."
            ),
        ),
        Column(
            "measure",
            N_("What is counted"),
            Kind.CHOICE,
            choices=EXPERIMENT_MEASURES,
            width=16,
            help=N_("Of all channels together: what others pick up is no effect. Blank: leads."),
        ),
        Column(
            "column",
            N_("Regions from"),
            width=14,
            help=N_("The column of the leads that says the region. Blank: Region, else Country."),
        ),
        Column("first_day", N_("First day"), Kind.DATE, width=12, help=N_("Blank: next Monday.")),
        Column(
            "weeks",
            N_("Weeks"),
            Kind.WHOLE,
            width=8,
            help=N_("Blank: as many as it takes to see what is expected."),
        ),
        Column("state", N_("State"), Kind.CHOICE, ours=True, choices=EXPERIMENT_STATES, width=11),
        Column(
            "changed",
            N_("Where and when to change"),
            ours=True,
            width=40,
            help=N_("Drawn once, and kept. Weeks begin on the day named. Clear it to draw again."),
        ),
        Column("kept", N_("Where nothing changes"), ours=True, width=24),
        Column(
            "expected",
            N_("Effect expected"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("On all that is counted, if the channel brings what its leads say."),
        ),
        Column(
            "chance",
            N_("Chance to see it"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("Tried on your own history: how often such an effect is told from chance."),
        ),
        Column(
            "smallest",
            N_("Smallest effect seen"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("The smallest effect that is seen in four of five experiments."),
        ),
        Column(
            "effect",
            N_("Effect"),
            Kind.SHARE,
            ours=True,
            width=9,
            help=N_("On all that is counted, where the spend was changed. Read when it is over."),
        ),
        *interval(
            helps=(
                N_("Lower end of its 95 % interval: effects that what came does not rule out."),
                N_("Upper end of its 95 % interval: effects that what came does not rule out."),
            )
        ),
        Column(
            "p",
            N_("p value"),
            Kind.NUMBER,
            ours=True,
            width=9,
            decimals=3,
            help=N_("How often chance alone deals a difference as large, of all it could deal."),
        ),
        Column(
            "response",
            N_("Response"),
            Kind.NUMBER,
            ours=True,
            width=10,
            decimals=2,
            help=N_("1 % more spend brings so many % more of the channel. The budget takes it."),
        ),
        Column("response_low", N_("Response, low"), Kind.NUMBER, ours=True, width=10, decimals=2),
        Column("response_high", N_("Response, high"), Kind.NUMBER, ours=True, width=10, decimals=2),
        Column("said", N_("In words"), ours=True, width=60),
    ),
    help=N_("Experiments: type a channel, what to do and what chance deals"),
)
EXPERIMENT_OPTIONS = Table(
    "ExperimentOptions",
    "experiments",
    (
        Column("channel", N_("Channel"), ours=True, width=18),
        Column(
            "action", N_("Action"), Kind.CHOICE, ours=True, choices=EXPERIMENT_ACTIONS, width=10
        ),
        Column(
            "split", N_("Dealt by"), Kind.CHOICE, ours=True, choices=EXPERIMENT_SPLITS, width=16
        ),
        Column("weeks", N_("Weeks"), Kind.WHOLE, ours=True, width=8),
        Column("cells", N_("Regions"), Kind.WHOLE, ours=True, width=9),
        Column("expected", N_("Effect expected"), Kind.SHARE, ours=True, width=11),
        Column("chance", N_("Chance to see it"), Kind.SHARE, ours=True, width=11),
        Column(
            "smallest",
            N_("Smallest effect seen"),
            Kind.SHARE,
            ours=True,
            width=11,
            help=N_("In four of five experiments. Blank: not even nine tenths less or more."),
        ),
    ),
    key=("channel", "action", "split", "weeks"),
    help=N_("How long, and dealt how, for which chance: experiments that have not begun"),
)
RESPONSES = Table(
    "Responses",
    "experiments",
    (
        Column("channel", N_("Channel"), ours=True, width=18),
        Column("basis", N_("Known from"), ours=True, width=16),
        Column(
            "response",
            N_("Response"),
            Kind.NUMBER,
            ours=True,
            width=10,
            decimals=2,
            help=N_("1 % more spend brings so many % more: what the proposed budget takes."),
        ),
        *interval(Kind.NUMBER, decimals=2),
        Column("said", N_("Months of spend say"), ours=True, width=52),
    ),
    key=("channel",),
    help=N_("How each channel responds to spend: Update attribution"),
)
