"""What is known of each channel's response: experiments first, then the spend's own history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Floats
from smarketing_xl.attribution.experiments.spend_response import Response
from smarketing_xl.i18n import N_, _

LEAST, MOST = 0.01, 0.99
"""A proposal takes no response below or above: spend that brings nothing, or never less a coin."""

_SIDE = 1.959964


@dataclass(frozen=True)
class Measured:
    """A response that was measured. basis: by what, as it is shown."""

    estimate: float
    low: float
    high: float
    basis: str

    @property
    def error(self) -> float:
        """Its standard error, taken from the interval."""
        return (self.high - self.low) / (2 * _SIDE)


EXPERIMENT, HISTORY, ASSUMED = N_("experiment"), N_("months of spend"), N_("assumed")


def measured(
    experiments: pd.DataFrame | None, history: Mapping[str, Response]
) -> dict[str, Measured]:
    """The measured response of each channel, by its name in lower case.

    experiments: channel, response, response_low, response_high of those that were read; several of
    one channel count by how sure they are. history: what months of spend say; where a channel has
    an experiment it counts alone.
    """
    found = {
        name: Measured(measured.estimate, measured.low, measured.high, _(HISTORY))
        for name, measured in history.items()
        if not np.isnan(measured.estimate)
    }
    if experiments is None:
        return found
    read = experiments.dropna(subset=["channel", "response", "response_low", "response_high"])
    for name, rows in read.groupby(read["channel"].str.strip().str.lower()):
        error = (rows["response_high"] - rows["response_low"]).to_numpy(float) / (2 * _SIDE)
        weight = 1 / np.maximum(error, 1e-6) ** 2
        mean = float((rows["response"].to_numpy(float) * weight).sum() / weight.sum())
        reach = _SIDE / float(np.sqrt(weight.sum()))
        found[str(name)] = Measured(mean, mean - reach, mean + reach, _(EXPERIMENT))
    return found


def draws(
    names: Sequence[str], known: Mapping[str, Measured], assumed: float, resamples: int
) -> Floats | None:
    """Responses as they may be, (resamples, channels); None where none was measured.

    A response that was measured is drawn from a normal distribution as wide as its interval, kept
    between LEAST and MOST; every other is the one assumed.
    """
    found = [known.get(name.strip().lower()) for name in names]
    if not any(found):
        return None
    draw = np.random.default_rng(1)
    columns = [
        np.full(resamples, assumed)
        if one is None
        else np.clip(draw.normal(one.estimate, one.error, resamples), LEAST, MOST)
        for one in found
    ]
    return np.column_stack(columns)


def rows(
    names: Sequence[str],
    known: Mapping[str, Measured],
    history: Mapping[str, Response],
    assumed: float,
) -> pd.DataFrame:
    """The table Responses: what the proposed budget takes for each channel, and why."""
    lines = []
    for name in names:
        key = name.strip().lower()
        one, measured = known.get(key), history.get(key)
        basis = one.basis if one else _(ASSUMED)
        reason = measured.reason if measured and basis != _(EXPERIMENT) else ""
        estimate, low, high = (
            (one.estimate, one.low, one.high) if one else (assumed, np.nan, np.nan)
        )
        lines.append(
            {"channel": name, "basis": basis, "response": estimate, "low": low, "high": high,
             "said": reason}
        )  # fmt: skip
    columns = ["channel", "basis", "response", "low", "high", "said"]
    return pd.DataFrame(lines, columns=columns)


def sentences(names: Sequence[str], known: Mapping[str, Measured]) -> tuple[str, ...]:
    """A sentence that names the channels whose response was measured."""
    texts = [
        _("{channel} {response} ({low} to {high}, {basis})").format(
            channel=name,
            response=f"{one.estimate:.2f}",
            low=f"{one.low:.2f}",
            high=f"{one.high:.2f}",
            basis=one.basis,
        )
        for name in names
        if (one := known.get(name.strip().lower()))
    ]
    if not texts:
        return ()
    return (
        _("Response to spend, measured instead of assumed: {told}.").format(told="; ".join(texts)),
    )
