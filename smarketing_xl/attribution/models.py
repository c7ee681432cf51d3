"""Every model by name, with one signature: journeys in, a credit table out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from smarketing_xl.attribution import heuristics as rules
from smarketing_xl.attribution.markov import markov_credit, prepare_markov
from smarketing_xl.attribution.shapley import prepare_shapley, shapley_credit
from smarketing_xl.attribution.types import Journeys, Prepared, Value
from smarketing_xl.errors import OutOfRange
from smarketing_xl.i18n import N_, _


@dataclass(frozen=True)
class Model:
    """A model: what people call it, the function, and the same in two steps (core.Prepared)."""

    label: str
    credit: Callable[..., pd.DataFrame]
    prepare: Callable[..., Prepared]


def _shaped(first_weight: float, last_weight: float) -> Callable[..., Prepared]:
    return lambda journeys, value: rules.prepare_position(
        journeys, value, first_weight, last_weight
    )


MODELS: dict[str, Model] = {
    "first": Model(N_("First touch"), rules.first, rules.prepare_first),
    "last": Model(N_("Last touch"), rules.last, rules.prepare_last),
    "linear": Model(N_("Linear"), rules.linear, rules.prepare_linear),
    "time_decay": Model(N_("Time decay"), rules.time_decay, rules.prepare_time_decay),
    "position": Model(N_("Position based"), rules.position_based, rules.prepare_position),
    "j_shaped": Model(N_("J-shaped"), rules.j_shaped, _shaped(0.2, 0.6)),
    "inverse_j": Model(N_("Inverse J"), rules.inverse_j, _shaped(0.6, 0.2)),
    "markov": Model(N_("Markov"), markov_credit, prepare_markov),
    "shapley": Model(N_("Shapley"), shapley_credit, prepare_shapley),
}


def model(name: str) -> Model:
    """The model of that name. Raises OutOfRange naming all models."""
    if name not in MODELS:
        raise OutOfRange(
            _("{name} is no attribution model").format(name=repr(name)),
            _("Choose one of: {names}").format(names=", ".join(MODELS)),
        )
    return MODELS[name]


def attribute(
    journeys: Journeys, name: str = "markov", *, value: Value = "customers", **settings: Any
) -> pd.DataFrame:
    """The credit table of the model of that name: channel, credit, share, error."""
    return model(name).credit(journeys, value=value, **settings)
