"""Steps 4 and 5, history and feedback: which channels bring customers, and at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl import rates
from smarketing_xl.errors import NotEnoughData, WrongType
from smarketing_xl.i18n import (
    LANGUAGES,
    N_,
    _,
    translate,
)
from udfs import helpers
from udfs.lambdas import attribution as lambdas
from udfs.registry import formula
from udfs.values import Grid

if TYPE_CHECKING:
    from smarketing_xl.attribution.types import Value

_COST = N_("What was spent, in money.")


cac = formula(
    "Attribution",
    N_("Cost of a new customer: what was spent for each."),
    example="=CAC(12000, 30)",
    native=True,
    arguments={
        "cost": _COST,
        "customers": N_("New customers."),
    },
)(rates.cac)


cost_per_lead = formula(
    "Attribution",
    N_("Cost of a lead: what was spent for each."),
    example="=COST_PER_LEAD(12000, 400)",
    native=True,
    arguments={
        "cost": _COST,
        "leads": N_("Leads."),
    },
)(rates.cost_per_lead)


marketing_roi = formula(
    "Attribution",
    N_("Marketing ROI: (revenue - cost) / cost. 1 is an ROI of 100 %."),
    example="=MARKETING_ROI(30000, 12000)",
    native=True,
    arguments={
        "revenue": N_("Revenue that the spend brought, in money."),
        "cost": _COST,
    },
)(rates.marketing_roi)


@formula(
    "Attribution",
    N_("How many customers each channel brought, under a model of attribution."),
    example="=ATTRIBUTE_TOUCHES(Interactions[Lead ID], Interactions[Time], Interactions[Channel], "
    'Customers[Lead ID], Customers[Customer since], "markov")',
    spills=True,
    arguments={
        "leads": N_("The lead of each interaction."),
        "times": N_("The time of each interaction."),
        "channels": N_("The channel of each interaction."),
        "won": N_("The leads that became customers."),
        "won_on": N_("Since when each is a customer."),
        "model": N_(
            "first, last, linear, time_decay, position, markov or shapley. markov if left out."
        ),
        "revenue": N_("What each customer brought; credits then are money, not customers."),
        "by": N_(
            "The salesperson of each interaction; those rows are follow-ups and get no credit."
        ),
        "half_life_days": N_("Half-life of time decay, in days. 7 if left out."),
        "lookback_days": N_("Days before the sale that count. 180 if left out."),
        "lost": N_("Leads that were lost; a blank row is none."),
        "lost_on": N_("When each was lost."),
        "as_of": N_("As of when; the latest time given if left out."),
    },
)
def attribute_touches(
    leads: Any,
    times: Any,
    channels: Any,
    won: Any,
    won_on: Any,
    model: Any = "markov",
    revenue: Any = None,
    by: Any = None,
    half_life_days: Any = 7,
    lookback_days: Any = 180,
    lost: Any = None,
    lost_on: Any = None,
    as_of: Any = None,
) -> Any:
    import pandas as pd

    from smarketing_xl.attribution import models
    from smarketing_xl.attribution.journeys import build_journeys
    from smarketing_xl.attribution.report import NO_TOUCH

    touches = _columns({"leads": leads, "times": times, "channels": channels}, by=by)
    ends = _columns({"won": won, "won_on": won_on}, revenue=revenue).assign(won=True)
    if (losses := _losses(lost, lost_on)) is not None:
        ends = pd.concat([ends, losses.assign(won=False)], ignore_index=True)
    latest = max(touches["time"].max(), ends["time"].max())
    journeys = build_journeys(
        touches,
        ends,
        as_of=latest if as_of is None else helpers.time(as_of, "as_of"),
        half_life_days=helpers.number(half_life_days, "half_life_days"),
        lookback_days=helpers.number(lookback_days, "lookback_days"),
    )
    value: Value = "customers" if revenue is None else "revenue"
    credit = models.attribute(journeys, _model(helpers.text(model, "model")), value=value)
    rows = credit[["channel", "credit"]].astype(object).to_numpy()
    if not journeys.untouched.get("customers"):
        return rows
    return np.vstack([rows, np.array([_(NO_TOUCH), journeys.untouched[value]], dtype=object)])


@formula(
    "Attribution",
    N_("How many customers each channel brought, from journeys that are already counted."),
    example='=ATTRIBUTE_PATHS(A2:A20, B2:B20, C2:C20, "markov")',
    spills=True,
    within=lambdas.attribute_paths,
    arguments={
        "paths": N_("Channels in order, such as Search > E-mail > Search."),
        "customers": N_("How many journeys along each path became customers."),
        "lost": N_("How many did not; blank: not known."),
        "model": N_("first, last, linear, position, markov or shapley. markov if left out."),
        "revenue": N_("What all customers of the path brought; credits then are money."),
    },
)
def attribute_paths(
    paths: Any, customers: Any, lost: Any = None, model: Any = "markov", revenue: Any = None
) -> Any:
    from smarketing_xl.attribution.paths import attribute_paths as credit_paths

    given = _lines({"paths": paths, "customers": customers}, lost=lost, revenue=revenue)
    filled = _filled(given, "paths")
    texts = [helpers.text(cell, "paths") for cell in given.pop("paths")[filled]]
    numbers = {name: helpers.numbers(cell[filled], name) for name, cell in given.items()}
    credit = credit_paths(
        texts,
        numbers["customers"],
        numbers.get("lost"),
        _model(helpers.text(model, "model")),
        numbers.get("revenue"),
    )
    return credit[["channel", "credit"]].astype(object).to_numpy()


def _losses(lost: Any, lost_on: Any) -> Any:
    """Leads that were lost and when, as a frame; rows that lack either are left out."""
    if lost is None or lost_on is None:
        return None
    given = _lines({"lost": lost, "lost_on": lost_on})
    if len(given["lost"]) != len(given["lost_on"]):
        _filled(given, "lost")  # says which differ
    there = np.array(
        [None not in pair and "" not in pair for pair in zip(*given.values(), strict=True)]
    )
    if not there.any():
        return None
    return _columns({"lost": given["lost"][there], "lost_on": given["lost_on"][there]})


def _model(name: str) -> str:
    """A model by its name or by its label in any language, now or before."""
    from smarketing_xl.attribution.models import MODELS
    from smarketing_xl.schema import tables

    known = tables.MODELS.known() | {
        label.lower(): key
        for key, known in MODELS.items()
        for label in (key, *(translate(known.label, language) for language in LANGUAGES))
    }
    return known.get(name.strip().lower(), name)


_KEYS = {
    "leads": "lead_id", "won": "lead_id", "lost": "lead_id",
    "times": "time", "won_on": "time", "lost_on": "time", "channels": "channel",
}  # fmt: skip
"""Argument → the column that it is in a frame."""


def _columns(needed: dict[str, Any], **optional: Any) -> Any:
    """Arguments as the columns of a frame; rows without the first of them, a lead, are left out."""
    import pandas as pd

    given = _lines(needed, **optional)
    filled = _filled(given, next(iter(needed)))
    columns: dict[str, Any] = {}
    for name, column in given.items():
        kept, key = column[filled], _KEYS.get(name, name)
        if key == "time":
            columns[key] = helpers.times(kept, name)
        elif key == "revenue":
            columns[key] = helpers.numbers(kept, name)
        else:
            texts = [None if cell is None else helpers.text(cell, name) for cell in kept]
            columns[key] = pd.Series(texts, dtype="str")
    return pd.DataFrame(columns)


def _lines(needed: dict[str, Any], **optional: Any) -> dict[str, Grid]:
    given = needed | {name: cell for name, cell in optional.items() if cell is not None}
    return {name: _flat(name, cell) for name, cell in given.items()}


def _filled(columns: dict[str, Grid], key: str) -> NDArray[np.bool_]:
    """Where the key is given; the columns must be of one length, and hold at least one row."""
    if len({len(column) for column in columns.values()}) > 1:
        raise WrongType(
            _("These ranges differ in length: {names}").format(names=", ".join(columns)),
            _("Give columns of the same table"),
        )
    filled = np.array([cell is not None for cell in columns[key]], dtype=bool)
    if not filled.any():
        raise NotEnoughData(_("There are no rows"), _("Give at least one interaction and one sale"))
    return filled


def _flat(name: str, cell: Any) -> Grid:
    grid: Grid = np.asarray(helpers.unbroken(cell, name), dtype=object)
    if grid.ndim and min(grid.shape) > 1:
        raise WrongType(
            _("{name} has several columns").format(name=name), _("Give a single column")
        )
    return grid.reshape(-1)
